//! `variegate augment`: what it writes and what it refuses.

use crate::shop::{NOTHING, Shop, bytes, colourful};
use variegate::io::{EncodeFormat, encode};
use variegate::picture::Pixels;
use variegate::{Picture, Pipeline, Sample, Scratch, Size, augment};

#[test]
fn the_output_mirrors_the_source_and_lists_itself() {
    let shop = Shop::stocked("mirror");
    let run = shop.run(&["augment", "src", "out", "--pipeline", "p.yaml", "--copies", "2"]).fine();
    assert!(run.out.starts_with("18 pictures of 9 sources (3 classes) written to out in "), "{}", run.out);
    assert_eq!(run.err, "");
    let names: Vec<String> = shop.files("out").into_iter().map(|(name, _)| name).collect();
    let mut expected: Vec<String> = Vec::new();
    for copy in 0..2 {
        expected.extend((0..4).map(|k| format!("cat/{k}__{copy}.png")));
        expected.extend((0..4).map(|k| format!("dog/{k}__{copy}.jpg")));
        expected.push(format!("owl/wise__{copy}.webp"));
    }
    expected.extend(["manifest.csv".to_string(), "variegate-report.json".to_string()]);
    expected.sort();
    assert_eq!(names, expected);
    for name in names.iter().filter(|name| name.contains("__")) {
        assert_eq!(shop.decoded(&format!("out/{name}")).size(), Size::new(24, 32), "{name}");
    }
    let manifest = shop.text("out/manifest.csv");
    let lines: Vec<&str> = manifest.lines().collect();
    assert_eq!(lines.len(), 19);
    assert_eq!(lines[0], "output,source,class,copy,sample");
    assert_eq!(lines[1], "cat/0__0.png,cat/0.png,cat,0,0");
    assert_eq!(lines[10], "dog/0__1.jpg,dog/0.jpg,dog,1,4");
    assert_eq!(lines[18], "owl/wise__1.webp,owl/wise.webp,owl,1,8");
    let report = shop.report("out");
    assert_eq!((&report["written"], &report["failed"], &report["finished"]), (&18.into(), &0.into(), &true.into()));
}

#[test]
fn an_output_is_what_the_library_gives_for_its_epoch_and_sample() {
    let shop = Shop::stocked("pure");
    shop.run(&["augment", "src", "out", "-p", "p.yaml", "--copies", "3", "--seed", "11", "--quiet"]).fine();
    let mut pipeline = Pipeline::from_yaml(crate::shop::PIPELINE, None).unwrap();
    pipeline.options.seed = 11;
    for (sample, copy) in [(0, 0), (3, 2)] {
        let source = shop.decoded(&format!("src/cat/{sample}.png"));
        let recipe = pipeline.draw(source.frame(), copy, sample);
        let input = Sample { images: vec![source.view()], ..Sample::default() };
        let made = augment::apply(&pipeline, &recipe, &input, &mut Scratch::default()).unwrap();
        assert_eq!(shop.decoded(&format!("out/cat/{sample}__{copy}.png")), made.images[0]);
    }
}

#[test]
fn a_pipeline_of_nothing_copies_the_upright_pixels() {
    let shop = Shop::new("upright");
    shop.write("p.yaml", NOTHING.as_bytes());
    let picture = colourful(16, 24, 3);
    shop.picture("src/a.png", &picture);
    // Orientation 6: to be turned a quarter clockwise.
    let plain = encode(&picture, &EncodeFormat::Jpeg { quality: 95 }).unwrap();
    let exif = b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    shop.write("src/turned.jpg", &[&plain[..2], exif, &plain[2..]].concat());
    shop.write("plain.jpg", &plain);
    shop.run(&["augment", "src", "out", "-p", "p.yaml", "--format", "png"]).fine();
    assert_eq!(shop.decoded("out/a__0.png"), picture);
    let (stored, upright) = (shop.decoded("plain.jpg"), shop.decoded("out/turned__0.png"));
    assert_eq!(upright.size(), Size::new(24, 16));
    for (y, x) in [(0, 0), (5, 3), (23, 15)] {
        // The top row was the left column, from the bottom up.
        let from = ((15 - x) * 24 + y) * 3;
        assert_eq!(bytes(&upright)[(y * 16 + x) * 3..][..3], bytes(&stored)[from..][..3], "{y} {x}");
    }
    assert_eq!(shop.text("out/manifest.csv").lines().nth(1), Some("a__0.png,a.png,,0,0"));
}

#[test]
fn grey_stays_grey_and_what_is_dropped_is_said() {
    let shop = Shop::new("grey");
    shop.write("p.yaml", NOTHING.as_bytes());
    let size = Size::new(4, 5);
    let grey = Picture::new(size, 1, Pixels::U8((0..20).collect())).unwrap();
    shop.picture("src/grey.png", &grey);
    shop.picture("src/alpha.png", &Picture::new(size, 4, Pixels::U8(vec![9; 80])).unwrap());
    shop.picture("src/deep.png", &Picture::new(size, 1, Pixels::U16(vec![257 * 5; 20])).unwrap());
    let run = shop.run(&["augment", "src", "out", "-p", "p.yaml"]).fine();
    assert_eq!(
        run.err,
        "warning: 1 picture with alpha, which is dropped\nwarning: 1 picture of more than 8 bits, rounded to 8\n"
    );
    assert_eq!(shop.decoded("out/grey__0.png"), grey);
    assert_eq!(shop.decoded("out/alpha__0.png").channels(), 3);
    assert_eq!(bytes(&shop.decoded("out/deep__0.png")), [5; 20]);
}

#[test]
fn a_bad_file_is_reported_and_spoils_nothing() {
    let shop = Shop::stocked("bad");
    let broken = shop.read("src/dog/1.jpg");
    let arguments = ["augment", "src", "good", "-p", "p.yaml", "--copies", "2", "-q"];
    shop.run(&arguments).fine();
    shop.write("src/dog/1.jpg", &broken[..broken.len() / 2]);
    let run = shop.run(&["augment", "src", "out", "-p", "p.yaml", "--copies", "2"]).fine();
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines[0], "warning: 1 of 9 files failed; outputs are missing for");
    assert!(lines[1].starts_with("  src/dog/1.jpg: the file ends in the middle of the picture"), "{}", run.err);
    assert_eq!(lines.len(), 2);
    let report = shop.report("out");
    assert_eq!((&report["failed"], &report["written"]), (&1.into(), &16.into()));
    assert_eq!((&report["bad"][0]["path"], &report["bad"][0]["kind"]), (&"dog/1.jpg".into(), &"input".into()));
    let mut good = shop.outputs("good");
    good.retain(|(name, _)| !name.starts_with("dog/1__") && name != "manifest.csv");
    let mut out = shop.outputs("out");
    out.retain(|(name, _)| name != "manifest.csv");
    assert_eq!(out, good);
    assert_eq!(shop.text("out/manifest.csv").lines().count(), 17);

    let strict = shop.run(&["augment", "src", "out", "-p", "p.yaml", "--copies", "2", "--strict", "-q"]);
    assert_eq!((strict.code, strict.out.as_str()), (1, ""));
}

#[test]
fn a_folder_of_nothing_but_bad_files_fails() {
    let shop = Shop::new("allbad");
    shop.write("p.yaml", NOTHING.as_bytes());
    shop.write("src/a.png", b"no picture");
    assert_eq!(shop.run(&["augment", "src", "out", "-p", "p.yaml"]).code, 1);
}

#[test]
fn a_pipeline_that_normalises_is_refused() {
    let shop = Shop::stocked("normalise");
    shop.write("n.yaml", b"variegate: 1\npipeline:\n  - flip\n  - normalize: {mode: imagenet}\n");
    let run = shop.run(&["augment", "src", "out", "-p", "n.yaml"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.err,
        "error: n.yaml: the pipeline ends in normalize, but image files hold 8-bit values; remove it here and normalise in training\n"
    );
    assert!(!shop.path("out").exists());
}

#[test]
fn wrong_pipelines_are_told_with_their_place() {
    let shop = Shop::stocked("yaml");
    let cases: [(&str, &str); 5] = [
        (
            "variegate: 1\npipeline:\n  - rotate: {degres: 10}\n",
            "w.yaml:3:14: rotate has no parameter \"degres\"; did you mean \"degrees\"?",
        ),
        (
            "variegate: 1\npipeline:\n  - rotat: {}\n",
            "w.yaml:3:5: there is no operation \"rotat\"; did you mean \"rotate\"?",
        ),
        (
            "variegate: 1\npipeline:\n  - RandomHorizontalFlip\n",
            "w.yaml:3:5: there is no operation \"RandomHorizontalFlip\"; here it is called \"flip\"",
        ),
        ("variegate: 1\npipeline:\n  - flip: {p: 2}\n", "w.yaml:3:15: flip.p: expected a number from 0 to 1, found 2"),
        (
            "pipeline: []\n",
            "w.yaml:1:1: the file does not say `variegate: 1`, the version of this format; add it as the first line",
        ),
    ];
    for (text, expected) in cases {
        shop.write("w.yaml", text.as_bytes());
        let run = shop.run(&["augment", "src", "out", "-p", "w.yaml"]);
        assert_eq!((run.code, run.err), (2, format!("error: {expected}\n")), "{text}");
    }
    shop.write("w.yaml", b"variegate: 1\npipeline: [\n");
    let run = shop.run(&["explain", "-p", "w.yaml"]);
    assert!(run.code == 2 && run.err.starts_with("error: w.yaml") && run.err.lines().count() == 1, "{}", run.err);
}

#[test]
fn usage_and_missing_files_have_their_exit_codes() {
    let shop = Shop::stocked("codes");
    for arguments in
        [&["augment", "src"][..], &["augment", "src", "out", "-p", "p.yaml", "--copies", "0"], &["dance"], &[]]
    {
        let run = shop.run(arguments);
        assert!(run.code == 2 && !run.err.is_empty() && run.out.is_empty(), "{arguments:?}: {}", run.err);
    }
    let missing = shop.run(&["augment", "src", "out", "-p", "none.yaml"]);
    assert_eq!((missing.code, missing.err.lines().count()), (1, 1), "{}", missing.err);
    assert!(missing.err.starts_with("error: none.yaml: the file cannot be found"), "{}", missing.err);
    let missing = shop.run(&["augment", "nowhere", "out", "-p", "p.yaml"]);
    assert!(missing.code == 1 && missing.err.starts_with("error: nowhere: "), "{}", missing.err);
    assert_eq!(shop.run(&["--version"]).fine().out, format!("variegate {}\n", env!("CARGO_PKG_VERSION")));
    assert!(shop.run(&["augment", "--help"]).fine().out.contains("Examples:"));
}

#[test]
fn an_output_folder_inside_the_source_is_refused() {
    let shop = Shop::stocked("inside");
    for out in ["src/out", "src", "./src/cat/../new", "src/deep/er"] {
        let run = shop.run(&["augment", "src", out, "-p", "p.yaml"]);
        assert!(run.code == 2 && run.err.contains("lies in the source folder"), "{out}: {}", run.err);
    }
    assert_eq!(shop.files("src").len(), 9);
    shop.run(&["augment", "src", "src-out", "-p", "p.yaml"]).fine();
}
