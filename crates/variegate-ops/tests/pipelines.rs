//! What pipelines promise about their files, their messages and their draws.

use variegate_ops::{Pipeline, Recipe, Value};
use variegate_picture::{Frame, Kind, Rect};
use variegate_plan::Node;

const FRAME: Frame = Frame::new(375, 500, 3);

fn parse(text: &str) -> Pipeline {
    Pipeline::from_yaml(text, Some("a.yaml")).expect("a proper pipeline")
}

/// A pipeline of the given list of operations.
fn of(seed: u64, list: &str) -> Pipeline {
    parse(&format!("variegate: 1\nseed: {seed}\npipeline: [{list}]"))
}

/// The names of the operations drawn for a sample.
fn names(pipeline: &Pipeline, sample: u64) -> Vec<&'static str> {
    pipeline.draw(FRAME, 0, sample).steps.iter().map(|step| step.spec.name).collect()
}

/// The share of 4000 samples for which something holds.
fn share(f: impl Fn(u64) -> bool) -> f64 {
    (0..4000).filter(|sample| f(*sample)).count() as f64 / 4000.0
}

fn values(recipe: &Recipe) -> Vec<(&'static str, Vec<Value>)> {
    recipe.steps.iter().map(|step| (step.spec.name, step.values.clone())).collect()
}

const EXAMPLE: &str = "
variegate: 1
seed: 7
pipeline:
  - resized_crop: {size: 224, area: [0.08, 1.0]}
  - flip: {axis: horizontal, p: 0.5}
  - one_of: {p: 0.3, of: [gaussian_blur: {sigma: [0.1, 2.0]}, gaussian_noise: {}]}
";

/// Every form a parameter can be written in.
const EVERYTHING: &str = r#"
variegate: 1
seed: "18446744073709551615"
exact: true
value_range: [0, 255]
min_area: 4
min_visibility: 0.2
clip_boxes: false
swap: [[0, 1], [2, 3]]
mask_fill: 255
pipeline:
  - resized_crop: {size: {schedule: {0: 96, 10: [128, 160]}}, aspect: [0.5, 2], filter: bicubic, antialias: false}
  - one_of: {weights: [1, 3], of: [flip, transpose: {axis: {one_of: [main, anti], weights: [1, 2]}}]}
  - some_of: {n: [0, 2], of: [rotate: {degrees: {normal: [0, 10]}}, quarter_turn: {}, shear: {x: {beta: [2, 2]}}]}
  - some_of: {n: 3, replace: true, of: [invert, posterize: {bits: [2, 6]}]}
  - maybe: [brightness: {factor: 0.4}, brightness: {factor: {uniform: [1.2, 1.2]}}]
  - maybe: {p: 1, of: [invert]}
  - shuffle: {p: {schedule: {0: 0.5, 5: 1}, linear: true}, of: [gamma: {gamma: {log_uniform: [0.5, 2]}}, hue: {turns: 0.1}]}
  - sequential: [pad: {left_px: 3, fill: [1, 0, 0.5]}, erase: {fill: 0.5, name: hole}, solarize: {p: 0.5}]
  - contrast: {factor: {schedule: {0: 0, 10: {one_of: [0.5, 2]}}}}
  - normalize: {mean: 0.5, std: [0.2, 0.3, 0.4]}
"#;

mod files {
    use super::*;

    #[test]
    fn the_example_of_the_manual_is_understood() {
        let pipeline = parse(EXAMPLE);
        assert_eq!(pipeline.stages.len(), 3);
        assert_eq!(pipeline.plan(FRAME, 0, 0).output.size.height, 224);
    }

    #[test]
    fn what_is_written_draws_what_was_read() {
        for text in [EXAMPLE, EVERYTHING] {
            let pipeline = parse(text);
            let again = parse(&pipeline.to_yaml());
            let json = parse(&variegate_ops::emit::to_json(&pipeline));
            assert_eq!(again.to_yaml(), pipeline.to_yaml());
            assert_eq!(again.options, pipeline.options);
            for (epoch, sample) in (0..20).flat_map(|epoch| (0..20).map(move |sample| (epoch, sample))) {
                let recipe = pipeline.draw(FRAME, epoch, sample);
                assert_eq!(values(&again.draw(FRAME, epoch, sample)), values(&recipe));
                assert_eq!(values(&json.draw(FRAME, epoch, sample)), values(&recipe));
            }
        }
    }

    #[test]
    fn a_constant_of_the_jitter_family_stays_one() {
        let config = variegate_ops::colour::Brightness::config().factor(1.2);
        let pipeline = Pipeline::builder().then(config).build().expect("a proper pipeline");
        let again = parse(&pipeline.to_yaml());
        assert_eq!(again.draw(FRAME, 0, 3).steps[0].values, vec![Value::Real(1.2)]);
    }

    #[test]
    fn a_change_changes_the_fingerprint() {
        let pipeline = of(7, "rotate: {degrees: 10}");
        assert_eq!(pipeline.fingerprint(), of(7, "rotate: {degrees: 10}").fingerprint());
        assert_ne!(pipeline.fingerprint(), of(7, "rotate: {degrees: 11}").fingerprint());
        assert_ne!(pipeline.fingerprint(), of(8, "rotate: {degrees: 10}").fingerprint());
    }
}

mod messages {
    use super::*;

    /// The message for a file, with its name, line and column.
    fn message(text: &str) -> String {
        let error = Pipeline::from_yaml(text, Some("a.yaml")).expect_err("a wrong pipeline");
        assert_eq!(error.kind(), Kind::Parameter);
        error.to_string()
    }

    /// The message for one operation, which stands at line 3, column 5.
    fn of_operation(text: &str) -> String {
        message(&format!("variegate: 1\npipeline:\n  - {text}\n"))
    }

    #[test]
    fn unknown_names_are_answered_with_the_nearest() {
        assert_eq!(of_operation("rotat: {}"), r#"a.yaml:3:5: there is no operation "rotat"; did you mean "rotate"?"#);
        assert_eq!(
            of_operation("HorizontalFlip: {}"),
            r#"a.yaml:3:5: there is no operation "HorizontalFlip"; here it is called "flip""#
        );
        assert_eq!(
            of_operation("frobnicate: {}"),
            r#"a.yaml:3:5: there is no operation "frobnicate"; `variegate ops` and `vg.operations()` list them"#
        );
        assert_eq!(
            of_operation("rotate: {degree: 10}"),
            r#"a.yaml:3:14: rotate has no parameter "degree"; did you mean "degrees"?"#
        );
        assert_eq!(
            of_operation("gaussian_noise: {noise: 1}"),
            r#"a.yaml:3:22: gaussian_noise has no parameter "noise"; it has sigma, per_channel, p"#
        );
        assert_eq!(
            of_operation("rotate: {border: reflekt}"),
            r#"a.yaml:3:22: rotate.border: expected one of constant, edge, reflect, mirror, wrap, found "reflekt"; did you mean "reflect"?"#
        );
        assert_eq!(
            of_operation("one_of: {off: []}"),
            r#"a.yaml:3:14: one_of has no "off"; expected `of`, a list of operations, and `p`"#
        );
        assert_eq!(
            message("variegate: 1\nsede: 3\npipeline: []\n"),
            r#"a.yaml:2:1: unknown key "sede"; did you mean "seed"?"#
        );
    }

    #[test]
    fn wrong_values_are_answered_with_what_was_expected() {
        assert_eq!(
            of_operation("rotate: {degrees: much}"),
            r#"a.yaml:3:23: rotate.degrees: expected a number from -3600 to 3600 degrees, found "much""#
        );
        assert_eq!(
            of_operation("erase: {area: 1.5}"),
            "a.yaml:3:19: erase.area: expected a number from 0 to 1 fraction, found 1.5"
        );
        assert_eq!(
            of_operation("erase: {area: [0.1, 1.5]}"),
            "a.yaml:3:19: erase.area: expected a number from 0 to 1 fraction, found the range (0.1, 1.5)"
        );
        assert_eq!(
            of_operation("rotate: {degrees: [30, -30]}"),
            "a.yaml:3:23: rotate.degrees: the range (30, -30) runs backwards; write (-30, 30)"
        );
        assert_eq!(
            of_operation("rotate: {fill: 128}"),
            "a.yaml:3:20: rotate.fill: expected a colour from 0 (black) to 1 (white), or one for each channel, found 128; for 128 of 255 write 128 / 255"
        );
        assert_eq!(
            of_operation("posterize: {bits: 2.5}"),
            "a.yaml:3:23: posterize.bits: expected a whole number from 1 to 8 bits, found 2.5"
        );
        assert_eq!(
            of_operation("crop: {size: [10.5, 20]}"),
            "a.yaml:3:18: crop.size: expected a size in pixels: one whole number, or height and width, found [10.5, 20.0]"
        );
        assert_eq!(
            of_operation("crop: {}"),
            "a.yaml:3:5: crop: size must be given (height and width of the window, or one number for both)"
        );
        assert_eq!(
            of_operation("resize: {size: 8, antialias: 1}"),
            "a.yaml:3:34: resize.antialias: expected true or false, found 1"
        );
        assert_eq!(of_operation("flip: {p: 2}"), "a.yaml:3:15: flip.p: expected a number from 0 to 1, found 2");
        assert_eq!(
            of_operation("normalize: {std: [0.2, 0]}"),
            "a.yaml:3:22: normalize.std: expected a list of numbers from 0.000001, found [0.2, 0.0]"
        );
        assert_eq!(
            of_operation("zoom: {factor: [0, 2]}"),
            "a.yaml:3:20: zoom.factor: a range by ratio starts above 0, found (0, 2)"
        );
        assert_eq!(
            of_operation("rotate: {degrees: {schedule: {5: 10}}}"),
            "a.yaml:3:23: rotate.degrees: a schedule starts at epoch 0"
        );
        assert_eq!(
            of_operation("one_of: {weights: [1], of: [flip, invert]}"),
            "a.yaml:3:5: one_of: 1 weights for 2 operations; expected as many, none negative, not all 0"
        );
        assert_eq!(of_operation("maybe: []"), "a.yaml:3:5: maybe: needs at least one operation");
    }

    #[test]
    fn the_document_itself_is_checked() {
        assert_eq!(
            message("pipeline: []\n"),
            "a.yaml:1:1: the file does not say `variegate: 1`, the version of this format; add it as the first line"
        );
        assert_eq!(
            message("variegate: 2\npipeline: []\n"),
            "a.yaml:1:12: variegate: expected 1, the version of this format, found 2"
        );
        assert_eq!(message("variegate: 1\n"), "a.yaml:1:1: the file has no `pipeline:`, a list of operations");
        assert_eq!(
            message("variegate: 1\npipeline: rotate\n"),
            r#"a.yaml:2:11: expected a list of operations, found "rotate""#
        );
        assert_eq!(
            message("variegate: 1\npipeline:\n  - normalize\n  - flip\n"),
            "a.yaml:3:5: normalize writes the final numbers, so it must be the last operation and have p = 1; move it to the end"
        );
        assert_eq!(
            message("variegate: 1\npipeline:\n  - normalize: {p: 0.5}\n"),
            "a.yaml:3:5: normalize writes the final numbers, so it must be the last operation and have p = 1; move it to the end"
        );
        assert_eq!(
            message("variegate: 1\nseed: -1\npipeline: []\n"),
            "a.yaml:2:7: seed: expected a whole number from 0, in quotes from 2^63 on, found -1"
        );
        assert_eq!(message(""), "a.yaml: the document is empty; expected `variegate: 1` and `pipeline:`");
        assert_eq!(
            message("variegate: 1\npipeline: [\n"),
            "a.yaml: not YAML: while parsing a node, did not find expected node content at byte 25 line 3 column 1"
        );
    }
}

mod draws {
    use super::*;

    #[test]
    fn seeds_epochs_and_samples_differ() {
        let (a, b) = (of(1, "rotate"), of(2, "rotate"));
        let first = values(&a.draw(FRAME, 0, 0));
        assert_eq!(first, values(&a.draw(Frame::new(9, 9, 1), 0, 0)));
        assert_ne!(first, values(&b.draw(FRAME, 0, 0)));
        assert_ne!(first, values(&a.draw(FRAME, 1, 0)));
        assert_ne!(first, values(&a.draw(FRAME, 0, 1)));
    }

    #[test]
    fn the_same_operation_twice_draws_twice() {
        let recipe = of(1, "rotate, rotate").draw(FRAME, 0, 0);
        assert_ne!(recipe.steps[0].values, recipe.steps[1].values);
    }

    #[test]
    fn an_inserted_operation_leaves_the_others_alone() {
        let before = of(3, "rotate, one_of: [gamma, hue], erase: {p: 0.5}");
        let after = of(3, "flip: {p: 0.5}, rotate, invert: {p: 0.5}, one_of: [gamma, hue], zoom, erase: {p: 0.5}");
        for sample in 0..200 {
            let kept: Vec<_> = values(&after.draw(FRAME, 0, sample))
                .into_iter()
                .filter(|(name, _)| !["flip", "invert", "zoom"].contains(name))
                .collect();
            assert_eq!(kept, values(&before.draw(FRAME, 0, sample)));
        }
    }

    #[test]
    fn a_name_keeps_the_draws_of_an_operation_that_moves() {
        let before = of(3, "rotate: {name: first}, rotate: {name: second}");
        let after = of(3, "rotate: {name: second}, rotate: {name: first}");
        let (a, b) = (values(&before.draw(FRAME, 0, 0)), values(&after.draw(FRAME, 0, 0)));
        assert_eq!((&a[0], &a[1]), (&b[1], &b[0]));
    }

    #[test]
    fn chances_are_kept() {
        let pipeline = of(5, "flip: {p: 0.25}");
        assert!((share(|s| names(&pipeline, s).len() == 1) - 0.25).abs() < 0.03);
        assert_eq!(share(|s| names(&of(5, "flip: {p: 0}"), s).is_empty()), 1.0);
    }

    #[test]
    fn one_of_respects_its_weights() {
        let pipeline = of(5, "one_of: {weights: [1, 3, 0], of: [flip, invert, gamma]}");
        assert!((share(|s| names(&pipeline, s) == ["flip"]) - 0.25).abs() < 0.03);
        assert_eq!(share(|s| names(&pipeline, s) == ["gamma"]), 0.0);
        let equal = of(5, "one_of: [flip, invert, gamma, hue]");
        assert!((share(|s| names(&equal, s) == ["hue"]) - 0.25).abs() < 0.03);
    }

    #[test]
    fn some_of_takes_as_many_as_said_in_their_order() {
        let pipeline = of(5, "some_of: {n: [1, 3], of: [flip, invert, gamma]}");
        for n in 1..=3 {
            assert!((share(|s| names(&pipeline, s).len() == n) - 1.0 / 3.0).abs() < 0.03, "{n}");
        }
        let place = |name: &str| ["flip", "invert", "gamma"].iter().position(|n| *n == name);
        assert_eq!(share(|s| names(&pipeline, s).windows(2).all(|w| place(w[0]) < place(w[1]))), 1.0);
        let twice = of(5, "some_of: {n: 2, replace: true, of: [flip, invert]}");
        assert!((share(|s| names(&twice, s) == ["flip", "flip"]) - 0.25).abs() < 0.03);
    }

    #[test]
    fn maybe_takes_all_or_none() {
        let pipeline = of(5, "maybe: [flip, invert]");
        assert!((share(|s| names(&pipeline, s) == ["flip", "invert"]) - 0.5).abs() < 0.03);
        assert!((share(|s| names(&pipeline, s).is_empty()) - 0.5).abs() < 0.03);
    }

    #[test]
    fn shuffle_takes_all_in_every_order() {
        let pipeline = of(5, "shuffle: [flip, invert, gamma]");
        for order in [["flip", "invert", "gamma"], ["gamma", "invert", "flip"], ["invert", "flip", "gamma"]] {
            assert!((share(|s| names(&pipeline, s) == order) - 1.0 / 6.0).abs() < 0.03, "{order:?}");
        }
        let all = |s| {
            let mut drawn = names(&pipeline, s);
            drawn.sort_unstable();
            drawn == ["flip", "gamma", "invert"]
        };
        assert_eq!(share(all), 1.0);
    }

    #[test]
    fn a_schedule_follows_the_epoch() {
        let pipeline = of(5, "resize: {size: {schedule: {0: 96, 10: 128, 20: 224}}}");
        assert!(pipeline.is_scheduled());
        let side = |epoch| pipeline.plan(FRAME, epoch, 0).output.size.height;
        assert_eq!([0, 9, 10, 19, 20, 99].map(side), [96, 96, 128, 128, 224, 224]);
        let gliding = of(5, "resize: {size: {schedule: {0: 96, 10: 128}, linear: true}}");
        assert_eq!(gliding.plan(FRAME, 5, 0).output.size.height, 112);
    }
}

mod recipes {
    use super::*;

    #[test]
    fn json_gives_the_same_values_back() {
        let pipeline = parse(EVERYTHING);
        for sample in 0..100 {
            let recipe = pipeline.draw(FRAME, 3, sample);
            let again = Recipe::from_json(&recipe.to_json()).expect("what was written can be read");
            assert_eq!(values(&again), values(&recipe));
            assert_eq!((again.seed, again.epoch, again.sample, again.frame), (u64::MAX, 3, sample, FRAME));
        }
    }

    #[test]
    fn what_is_attached_is_kept_where_it_is_known() {
        let pipeline = of(1, "box_safe_crop");
        let mut recipe = pipeline.draw(FRAME, 0, 0);
        assert!(recipe.sees_attached() && !recipe.to_json().contains("attached"));
        recipe.attached.boxes.push(Rect::new(10.0, 20.5, 200.0, 300.0));
        let text = recipe.to_json();
        let again = Recipe::from_json(&text).expect("what was written can be read");
        assert_eq!(again.attached, recipe.attached);
        let broken = Recipe::from_json(&text.replace("20.5,", "")).expect_err("three edges").to_string();
        assert_eq!(broken, "recipe attached: expected [left, top, right, bottom], found a list of 3");
    }

    #[test]
    fn a_value_can_be_edited() {
        let text = of(1, "rotate: {degrees: 10}").draw(FRAME, 0, 0).to_json();
        let edited = Recipe::from_json(&text.replace("\"degrees\":10.0", "\"degrees\":20.0")).expect("a good edit");
        assert_eq!(edited.steps[0].values[0], Value::Real(20.0));
    }

    #[test]
    fn a_wrong_edit_is_refused() {
        let text = of(1, "rotate: {degrees: 10}").draw(FRAME, 0, 0).to_json();
        let refused = |from: &str, to: &str| {
            assert!(text.contains(from), "{text}");
            Recipe::from_json(&text.replace(from, to)).expect_err("a bad edit").to_string()
        };
        assert_eq!(
            refused("\"degrees\":10.0", "\"degrees\":1e9"),
            "rotate.degrees: expected a number from -3600 to 3600 degrees, found 1000000000"
        );
        assert_eq!(
            refused("\"degrees\":10.0", "\"degree\":10"),
            r#"rotate has no parameter "degree"; did you mean "degrees"?"#
        );
        assert_eq!(
            refused("\"op\":\"rotate\"", "\"op\":\"rotat\""),
            r#"there is no operation "rotat"; did you mean "rotate"?"#
        );
        assert_eq!(refused("\"canvas\":\"keep\",", ""), "recipe step rotate: canvas is missing");
        assert_eq!(
            refused("\"values\":1", "\"values\":99"),
            "the recipe was drawn with value version 99, this is version 1: draw it again"
        );
    }
}

mod repeated {
    use super::*;

    #[test]
    fn each_repetition_has_draws_of_its_own() {
        let recipe = of(5, "repeat: {times: 3, of: [rotate: {}]}").draw(FRAME, 0, 0);
        let degrees: Vec<f64> = recipe.steps.iter().filter_map(|step| step.values[0].number()).collect();
        assert_eq!(degrees.len(), 3);
        assert!(degrees[0] != degrees[1] && degrees[1] != degrees[2] && degrees[0] != degrees[2], "{degrees:?}");
    }

    #[test]
    fn as_often_as_drawn_and_read_back() {
        let pipeline = of(5, "repeat: {times: [0, 2], of: [invert]}");
        let times = |n: usize| share(|sample| names(&pipeline, sample).len() == n);
        // A third each; six standard deviations of 4000 draws are 0.045.
        assert!([0, 1, 2].iter().all(|n| (times(*n) - 1.0 / 3.0).abs() < 0.045));
        assert_eq!(parse(&pipeline.to_yaml()).fingerprint(), pipeline.fingerprint());
    }

    #[test]
    fn more_than_64_times_is_refused() {
        let text = "variegate: 1\npipeline: [repeat: {times: 65, of: [invert]}]";
        assert!(Pipeline::from_yaml(text, None).is_err());
    }
}

mod select_channels {
    use super::*;

    #[test]
    fn its_members_are_told_the_channels() {
        let pipeline =
            of(5, "select_channels: {channels: [2, 0], of: [invert, one_of: [gamma: {}]]}, posterize: {bits: 3}");
        let recipe = pipeline.draw(FRAME, 0, 0);
        let channels: Vec<Option<&[usize]>> = recipe.steps.iter().map(|step| step.channels.as_deref()).collect();
        assert_eq!(channels, [Some(&[2usize, 0][..]), Some(&[2, 0]), None]);
        assert_eq!(Recipe::from_json(&recipe.to_json()).unwrap().to_json(), recipe.to_json());
        assert_eq!(parse(&pipeline.to_yaml()).fingerprint(), pipeline.fingerprint());
        // Two members on the same channels share one copy of them.
        let kinds: Vec<&str> = pipeline.plan(FRAME, 0, 0).nodes.iter().map(Node::kind).collect();
        assert_eq!(kinds, ["Selected", "Lut"]);
    }

    #[test]
    fn channels_that_a_picture_lacks_are_passed_over() {
        let pipeline = of(5, "select_channels: {channels: [1, 7], of: [invert]}");
        let plan = pipeline.plan(FRAME, 0, 0);
        let [Node::Selected(selected)] = plan.nodes.as_slice() else { panic!("{:?}", plan.nodes) };
        assert_eq!(selected.channels, [1]);
        assert!(of(5, "select_channels: {channels: [7], of: [invert]}").plan(FRAME, 0, 0).nodes.is_empty());
    }

    #[test]
    fn what_moves_pixels_is_refused() {
        for (members, expected) in [
            ("channels: [0], of: [rotate: {degrees: 5}]", "rotate moves pixels"),
            ("channels: [0], of: [maybe: [mix_up: {}]]", "mix_up moves pixels or takes another sample"),
            ("channels: [0], of: [select_channels: {channels: [1], of: [invert]}]", "inside another"),
            ("channels: [0, 0], of: [invert]", "0 is given twice"),
            ("channels: [-1], of: [invert]", "expected a list of whole numbers from 0"),
            ("channels: [], of: [invert]", "expected a list of whole numbers from 0"),
            ("of: [invert]", "channels must be given"),
        ] {
            let text = format!("variegate: 1\npipeline: [select_channels: {{{members}}}]");
            let error = Pipeline::from_yaml(&text, None).unwrap_err();
            assert!(error.message().contains(expected), "{members}: {error}");
        }
    }
}
