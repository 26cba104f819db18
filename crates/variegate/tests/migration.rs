//! Foreign pipelines, read: every line of every table, lists and choices, what is refused, and what is remarked.

use serde_json::{Value as Json, json};
use variegate::Pipeline;
use variegate::migrate::{Library, Migrated, migrate};

const SIZE: Option<(f64, f64)> = Some((240.0, 320.0));

fn read(library: Library, given: Json) -> Migrated {
    migrate(library, &given, SIZE).expect("a pipeline")
}

/// One operation as its library writes it.
fn one(library: Library, name: &str, parameters: Json) -> Json {
    match library {
        Library::Albumentations => {
            let mut body = parameters;
            body["__class_fullname__"] = json!(name);
            body
        }
        Library::Torchvision => json!({"class": name, "attributes": parameters}),
        Library::Generator => json!({ name: parameters.get("value").cloned().unwrap_or(json!(0)) }),
        _ => json!({"class_name": name, "config": parameters}),
    }
}

/// The parameters without which an operation says nothing.
fn needed(library: Library, name: &str) -> Json {
    let sides = json!({"height": 60, "width": 80});
    match (library, name) {
        (Library::Albumentations, "RandomCrop" | "CenterCrop" | "Resize" | "RandomSizedBBoxSafeCrop") => sides,
        (Library::Albumentations, "AtLeastOneBBoxRandomCrop") => sides,
        (Library::Albumentations, "Crop") => json!({"x_min": 10, "y_min": 20, "x_max": 110, "y_max": 120}),
        (Library::Albumentations, "RandomResizedCrop") => json!({"size": [60, 80]}),
        (Library::Albumentations, "RandomSizedCrop") => json!({"size": [60, 60], "min_max_height": [100, 200]}),
        (Library::Albumentations, "LongestMaxSize" | "SmallestMaxSize") => json!({"max_size": 128}),
        (Library::Albumentations, "GridElasticDeform") => json!({"num_grid_xy": [4, 4], "magnitude": 5}),
        (Library::Albumentations, "CenterCrop3D" | "RandomCrop3D") => json!({"size": [4, 60, 80]}),
        (Library::Albumentations, "Pad3D") => json!({"padding": 2}),
        (Library::Torchvision, "Resize" | "CenterCrop" | "RandomCrop" | "RandomResizedCrop") => {
            json!({"size": [60, 80]})
        }
        (Library::Torchvision, "ScaleJitter") => json!({"target_size": [60, 80]}),
        (Library::Torchvision, "RandomShortestSize") => json!({"min_size": [60, 80]}),
        (Library::Torchvision, "RandomResize") => json!({"min_size": 60, "max_size": 80}),
        (Library::Torchvision, "Normalize") => json!({"mean": [0.5], "std": [0.25]}),
        (Library::Torchvision, "ToDtype") => json!({"dtype": "torch.float32", "scale": true}),
        (Library::Keras, "RandomCrop" | "CenterCrop" | "Resizing") => sides,
        (Library::Keras, "RandomCropAndResize" | "JitteredResize") => json!({"target_size": [60, 80]}),
        (Library::Keras, "Rescaling") => json!({"scale": 0.5}),
        (Library::Keras, "Normalization") => json!({"mean": [127.5], "variance": [4096.0]}),
        (Library::Generator, "horizontal_flip" | "vertical_flip") => json!({"value": true}),
        (Library::Generator, name) if name.ends_with("wise_center") || name.ends_with("normalization") => {
            json!({"value": false})
        }
        (Library::Generator, "zca_whitening") => json!({"value": false}),
        (Library::Generator, "brightness_range") => json!({"value": [0.5, 1.5]}),
        (Library::Generator, "zoom_range") => json!({"value": 0.3}),
        (Library::Generator, "fill_mode" | "data_format" | "dtype") => json!({"value": "nearest"}),
        (Library::Generator, "preprocessing_function") => json!({}),
        (Library::Generator, _) => json!({"value": 0.1}),
        _ => json!({}),
    }
}

#[test]
fn every_line_of_every_table_builds_or_is_refused_by_name() {
    for (_, library) in Library::NAMES {
        for entry in library.table().into_iter().flat_map(|(_, list)| list) {
            if *library == Library::Generator && entry.name == "preprocessing_function" {
                continue;
            }
            let migrated = read(*library, one(*library, entry.name, needed(*library, entry.name)));
            let what = format!("{} {}", library.title(), entry.name);
            if !entry.is_read() {
                let [refusal] = migrated.refusals.as_slice() else { panic!("{what}: {:?}", migrated.refusals) };
                assert_eq!((refusal.name.as_str(), refusal.why.as_str()), (entry.name, entry.differs));
                continue;
            }
            assert!(migrated.refusals.is_empty(), "{what}: {:?}", migrated.refusals);
            let pipeline = migrated.pipeline().unwrap_or_else(|e| panic!("{what}: {e}"));
            let again = Pipeline::from_yaml(&pipeline.to_yaml(), None).expect("its own text");
            assert_eq!(again.to_yaml(), pipeline.to_yaml(), "{what}");
            // What is written comes from the operations that the table names.
            for name in names(&migrated.document["pipeline"]) {
                assert!(entry.ours.contains(&name.as_str()), "{what} became {name}, which its line does not name");
            }
            assert_eq!(entry.differs.is_empty(), !migrated.remarks.iter().any(|r| r.text == entry.differs), "{what}");
        }
    }
}

/// The names of the operations of a list, without groups.
fn names(stages: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for stage in stages.as_array().into_iter().flatten() {
        for (name, body) in stage.as_object().into_iter().flatten() {
            match body.get("of") {
                Some(of) => found.extend(names(of)),
                None => found.push(name.clone()),
            }
        }
    }
    found
}

#[test]
fn every_name_stands_once_and_names_what_there_is() {
    for (_, library) in Library::NAMES {
        let mut seen = std::collections::HashSet::new();
        for entry in library.table().into_iter().flat_map(|(_, list)| list) {
            assert!(seen.insert(entry.name), "{} is there twice", entry.name);
            for name in entry.ours {
                assert!(variegate::ops::registry::find(name).is_ok(), "{}: there is no {name}", entry.name);
            }
        }
    }
}

fn albumentations(name: &str, parameters: Json) -> Json {
    one(Library::Albumentations, name, parameters)
}

/// The stages of a foreign pipeline that is read whole.
fn stages(library: Library, given: Json) -> Json {
    let migrated = read(library, given);
    assert!(migrated.refusals.is_empty(), "{:?}", migrated.refusals);
    migrated.pipeline().expect("a pipeline");
    migrated.document["pipeline"].clone()
}

#[test]
fn given_parameters_are_read_in_our_units() {
    let cases = [
        (
            "Rotate",
            json!({"limit": [-30, 10], "border_mode": 4, "p": 1.0}),
            json!({"rotate": {"degrees": [-30.0, 10.0], "border": "mirror"}}),
        ),
        (
            "Rotate",
            json!({"limit": 30, "fill": 51, "p": 1}),
            json!({"rotate": {"degrees": [-30.0, 30.0], "fill": 0.2}}),
        ),
        ("Blur", json!({"blur_limit": [3, 7], "p": 1}), json!({"box_blur": {"side_px": {"one_of": [3, 5, 7]}}})),
        ("Solarize", json!({"threshold_range": [0.25, 0.25], "p": 1}), json!({"solarize": {"threshold": 0.25}})),
        (
            "RGBShift",
            json!({"r_shift_limit": [51, 51], "g_shift_limit": [0, 0], "b_shift_limit": [0, 51], "p": 1}),
            json!({"channel_shift": {"red": 0.2, "green": 0.0, "blue": [0.0, 0.2]}}),
        ),
        (
            "Resize",
            json!({"height": 30, "width": 40, "interpolation": 0}),
            json!({"resize": {"size": [30, 40], "filter": "nearest", "antialias": false}}),
        ),
        // 240 × 320, so its free sides are 200 high and 240 wide.
        (
            "Crop",
            json!({"x_min": 60, "y_min": 50, "x_max": 140, "y_max": 90}),
            json!({"crop": {"size": [40, 80], "x": 0.25, "y": 0.25}}),
        ),
        (
            "Affine",
            json!({
                "rotate": [10, 10], "scale": {"x": [2, 2], "y": [2, 2]}, "translate_px": {"x": [32, 32], "y": [0, 0]}, "p": 1,
            }),
            json!({"affine": {"degrees": 10.0, "zoom": 2.0, "x": 0.1, "y": 0.0, "shear_x": 0.0, "shear_y": 0.0}}),
        ),
        ("NoOp", json!({}), Json::Null),
    ];
    for (name, parameters, ours) in cases {
        let made = stages(Library::Albumentations, albumentations(name, parameters));
        assert_eq!(made, if ours.is_null() { json!([]) } else { json!([ours]) }, "{name}");
    }
}

#[test]
fn lists_and_choices_nest() {
    let flip = || albumentations("HorizontalFlip", json!({"p": 0.2}));
    let turn = || albumentations("RandomRotate90", json!({"p": 0.6}));
    let ours = |p: Option<f64>| match p {
        Some(p) => json!([{"flip": {"axis": "horizontal", "p": p}}, {"quarter_turn": {"turns": [0, 3], "p": 0.6}}]),
        None => json!([{"flip": {"axis": "horizontal"}}, {"quarter_turn": {"turns": [0, 3]}}]),
    };
    let list = || json!([flip(), turn()]);
    let cases = [
        ("Compose", json!({"p": 1.0}), ours(Some(0.2))),
        ("Compose", json!({"p": 0.5}), json!([{"sequential": {"of": ours(Some(0.2)), "p": 0.5}}])),
        ("Sequential", json!({}), json!([{"sequential": {"of": ours(Some(0.2)), "p": 0.5}}])),
        ("OneOf", json!({"p": 0.3}), json!([{"one_of": {"weights": [0.2, 0.6], "of": ours(None), "p": 0.3}}])),
        ("SomeOf", json!({"n": 1}), json!([{"some_of": {"n": 1, "of": ours(Some(0.2))}}])),
        ("RandomOrder", json!({"n": 2}), json!([{"shuffle": {"of": ours(Some(0.2))}}])),
        ("OneOrOther", json!({"p": 0.25}), json!([{"one_of": {"weights": [0.25, 0.75], "of": ours(None)}}])),
    ];
    for (name, mut body, expected) in cases {
        body["transforms"] = list();
        assert_eq!(stages(Library::Albumentations, albumentations(name, body)), expected, "{name}");
    }
    let invert = albumentations("InvertImg", json!({"p": 1.0}));
    let selected = json!({"channels": [2, 0], "transforms": [invert], "p": 0.5});
    assert_eq!(
        stages(Library::Albumentations, albumentations("SelectiveChannelTransform", selected)),
        json!([{"select_channels": {"channels": [2, 0], "of": [{"invert": {}}], "p": 0.5}}])
    );
    let inner = albumentations(
        "OneOf",
        json!({"p": 1.0, "transforms": [albumentations("Sequential", json!({"transforms": list()})), flip()]}),
    );
    let outer = albumentations("Compose", json!({"transforms": [inner]}));
    // Chosen by force, the sequence has no chance of its own and a weight of a half.
    let of = json!([{"sequential": {"of": ours(Some(0.2))}}, {"flip": {"axis": "horizontal"}}]);
    assert_eq!(
        stages(Library::Albumentations, json!({"__version__": "2.0.8", "transform": outer})),
        json!([{"one_of": {"weights": [0.5, 0.2], "of": of}}])
    );
}

#[test]
fn everything_refused_is_named_at_once_with_its_place() {
    let slip = albumentations("HorisontalFlip", json!({}));
    let list = json!([
        albumentations("HorizontalFlip", json!({"p": 0.5, "always_apply": true})),
        albumentations("MaskDropout", json!({})),
        albumentations("OneOf", json!({"transforms": [slip, albumentations("VerticalFlip", json!({}))]})),
        albumentations("Rotate", json!({"limit": "far"})),
        albumentations("InvertImg", json!({"p": 1})),
    ]);
    let migrated = read(Library::Albumentations, albumentations("Compose", json!({"transforms": list})));
    let found: Vec<(&str, &str)> = migrated.refusals.iter().map(|r| (r.place.as_str(), r.name.as_str())).collect();
    assert_eq!(
        found,
        [
            ("pipeline.transforms[0]", "HorizontalFlip"),
            ("pipeline.transforms[1]", "MaskDropout"),
            ("pipeline.transforms[2].transforms[0]", "HorisontalFlip"),
            ("pipeline.transforms[3]", "Rotate"),
        ]
    );
    let text = migrated.pipeline().expect_err("four refusals").to_string();
    for part in
        ["4 parts", "\"always_apply\"", "BoxDropout", "did you mean \"HorizontalFlip\"?", "limit is \"far\"; expected"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The rest stands without them.
    let left = &migrated.document["pipeline"];
    assert_eq!(names(left), ["flip", "invert"]);
    migrated.rest().expect("the rest");
}

#[test]
fn final_numbers_go_to_the_end_and_colours_after_them_are_theirs() {
    let normalize = || albumentations("Normalize", json!({"mean": [0.5], "std": [0.25]}));
    let compose = |list: Json| albumentations("Compose", json!({"transforms": list}));
    let erase = albumentations("Erasing", json!({"fill": 0.0, "p": 1}));
    let made = stages(
        Library::Albumentations,
        compose(json!([normalize(), erase, albumentations("HorizontalFlip", json!({"p": 1}))])),
    );
    assert_eq!(names(&made), ["erase", "flip", "normalize"]);
    assert_eq!(made[0]["erase"]["fill"], json!(0.5));
    let blurred = read(Library::Albumentations, compose(json!([normalize(), albumentations("Blur", json!({}))])));
    assert_eq!((blurred.refusals.len(), blurred.refusals[0].place.as_str()), (1, "pipeline.transforms[0]"));
    let chance = read(Library::Albumentations, compose(json!([albumentations("Normalize", json!({"p": 0.5}))])));
    assert_eq!(chance.refusals.len(), 1);
    // Numbers from 0 to 1 are free to stand anywhere.
    let torch = |name: &str, attributes: Json| one(Library::Torchvision, name, attributes);
    let list = json!([
        torch("ToTensor", json!({})),
        torch("GaussianBlur", json!({"sigma": [1.0, 1.0]})),
        torch("Normalize", json!({"mean": [0.5], "std": [0.5]})),
    ]);
    assert_eq!(names(&stages(Library::Torchvision, list)), ["gaussian_blur", "normalize"]);
}

#[test]
fn pixels_become_shares_of_the_size_that_is_known() {
    let blur = || albumentations("Defocus", json!({"radius": [6, 6], "p": 1}));
    let radius = |given: Json, size| {
        let migrated = migrate(Library::Albumentations, &given, size).expect("a pipeline");
        let stage = migrated.document["pipeline"].as_array().and_then(|list| list.last()).cloned().expect("a stage");
        (stage["defocus_blur"]["radius"].as_f64().expect("a radius"), migrated.remarks.len())
    };
    let ((told, few), (guessed, more)) = (radius(blur(), Some((300.0, 500.0))), radius(blur(), None));
    assert_eq!((told, guessed, more), (0.02, 6.0 / 224.0, few + 1));
    let resized = json!([albumentations("Resize", json!({"height": 60, "width": 90})), blur()]);
    assert_eq!(radius(resized, None).0, 0.1);
    // After a resizing by chance no size is known.
    let by_chance = json!([albumentations("Resize", json!({"height": 60, "width": 90, "p": 0.5})), blur()]);
    assert_eq!(radius(by_chance, Some((300.0, 500.0))).0, 6.0 / 224.0);
    assert!(migrate(Library::Albumentations, &blur(), Some((0.0, 5.0))).is_err());
}

#[test]
fn boxes_and_masks_become_options() {
    let compose = albumentations(
        "Compose",
        json!({
            "transforms": [albumentations("Rotate", json!({"fill_mask": 255}))],
            "bbox_params": {"format": "coco", "min_area": 9.0, "min_visibility": 0.25, "label_fields": ["l"]},
            "additional_targets": {"second": "mask"},
        }),
    );
    let migrated = read(Library::Albumentations, compose);
    let pipeline = migrated.pipeline().expect("a pipeline");
    let rules = pipeline.options.boxes;
    assert_eq!((rules.min_area, rules.min_visibility, pipeline.options.mask_fill), (9.0, 0.25, 255.0));
    let said = migrated.remarked().expect("remarks");
    for part in ["box_format=\"coco\"", "\"second\"", "mask_fill"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let wide = json!({"transforms": [], "bbox_params": {"format": "coco", "min_width": 3.0}});
    assert_eq!(read(Library::Albumentations, albumentations("Compose", wide)).refusals.len(), 1);
}

#[test]
fn torchvision_speaks_clockwise_and_of_height_over_width() {
    let attributes =
        json!({"degrees": [10, 20], "translate": [0.1, 0.2], "scale": [0.5, 2.0], "shear": [5, 6, 7, 8], "fill": 0});
    let made = stages(Library::Torchvision, one(Library::Torchvision, "RandomAffine", attributes));
    let expected = json!({
        "degrees": [-20.0, -10.0], "zoom": {"uniform": [0.5, 2.0]}, "x": [-0.1, 0.1], "y": [-0.2, 0.2],
        "shear_x": [5.0, 6.0], "shear_y": [7.0, 8.0], "filter": "nearest",
    });
    assert_eq!(made[0]["affine"], expected);
    let erasing = json!({"ratio": [0.5, 4.0], "value": [0.0], "p": 1.0});
    let made = stages(Library::Torchvision, one(Library::Torchvision, "RandomErasing", erasing));
    assert_eq!(made[0]["erase"]["aspect"], json!([0.25, 2.0]));
    let invert = one(Library::Torchvision, "RandomInvert", json!({"p": 0.5}));
    let choice = json!({"transforms": [invert, one(Library::Torchvision, "Identity", json!({}))], "p": [0.25, 0.75]});
    let made = stages(Library::Torchvision, one(Library::Torchvision, "RandomChoice", choice));
    assert_eq!(made[0]["one_of"]["weights"], json!([0.25, 0.75]));
    // What does nothing is a choice too.
    assert_eq!(made[0]["one_of"]["of"], json!([{"invert": {"p": 0.5}}, {"gamma": {"gamma": 1.0}}]));
    let still =
        stages(Library::Torchvision, one(Library::Torchvision, "RandomPhotometricDistort", json!({"hue": [0.0, 0.0]})));
    assert_eq!(still[0]["photometric"]["hue"], json!({"one_of": [0.0]}));
}

#[test]
fn keras_counts_turns_and_chances_in_the_middle() {
    let layer = |name: &str, config: Json| stages(Library::Keras, one(Library::Keras, name, config));
    let turn = layer("RandomRotation", json!({"factor": [-0.25, 0.5], "name": "r", "seed": 3}));
    assert_eq!(turn, json!([{"rotate": {"degrees": [-90.0, 180.0], "border": "reflect"}}]));
    assert_eq!(layer("RandomInvert", json!({"factor": [0.5, 1.0]})), json!([{"invert": {"p": 0.75}}]));
    assert_eq!(layer("Rescaling", json!({"scale": 1.0 / 255.0})), json!([{"normalize": {"mode": "unit"}}]));
    // v / 127.5 − 1 is (v / 255 − 0.5) / 0.5.
    let tf = layer("Rescaling", json!({"scale": 1.0 / 127.5, "offset": -1.0}));
    let near = |key: &str| (tf[0]["normalize"][key][0].as_f64().expect("a number") - 0.5).abs() < 1e-12;
    assert!(near("mean") && near("std"), "{tf}");
    let chain = json!({"layers": [one(Library::Keras, "RandomFlip", json!({"mode": "vertical"}))], "name": "chain"});
    assert_eq!(layer("Sequential", chain), json!([{"flip": {"axis": "vertical", "p": 0.5}}]));
}

#[test]
fn the_generator_follows_its_own_order() {
    let arguments = json!({
        "horizontal_flip": true, "rotation_range": 20, "width_shift_range": 0.1, "rescale": 1.0 / 255.0,
        "fill_mode": "constant",
        "cval": 51, "brightness_range": [0.5, 1.5],
    });
    let made = stages(Library::Generator, arguments);
    assert_eq!(names(&made), ["rotate", "translate", "flip", "brightness", "normalize"]);
    assert_eq!(made[0]["rotate"], json!({"degrees": [-20.0, 20.0], "fill": 0.2}));
    let refused = read(Library::Generator, json!({"samplewise_center": true, "rotation_rang": 3}));
    let found: Vec<&str> = refused.refusals.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(found, ["rotation_rang", "samplewise_center"]);
}

#[test]
fn what_is_no_pipeline_is_an_error() {
    for (library, given) in [
        (Library::Albumentations, json!({"pipeline": []})),
        (Library::Albumentations, json!(3)),
        (Library::Torchvision, json!("Compose")),
        (Library::Generator, json!([1])),
    ] {
        assert!(migrate(library, &given, None).is_err(), "{given}");
    }
    assert!(Library::parse("torchvison").expect_err("a slip").to_string().contains("did you mean \"torchvision\"?"));
}
