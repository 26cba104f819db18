//! `variegate migrate`: a foreign pipeline becomes a file, or nothing is written.

use crate::shop::Shop;

const GIVEN: &str = r#"{"__version__": "2.0.8", "transform": {"__class_fullname__": "Compose", "transforms": [
  {"__class_fullname__": "Rotate", "limit": [-20, 20], "p": 0.5},
  {"__class_fullname__": "Defocus", "radius": [3, 3], "p": 1.0}
]}}"#;

#[test]
fn a_pipeline_is_written_that_explain_reads() {
    let shop = Shop::new("migrate");
    shop.write("given.json", GIVEN.as_bytes());
    let ran = shop.run(&["migrate", "given.json", "--out", "p.yaml", "--size", "300x400"]).fine();
    let text = String::from_utf8(shop.read("p.yaml")).unwrap();
    assert!(text.contains("- rotate: {\"degrees\":") && text.contains("0.01"), "{text}");
    assert!(ran.err.contains("differs: pipeline.transforms[1] (Defocus): "), "{}", ran.err);
    shop.run(&["explain", "--pipeline", "p.yaml"]).fine();
    let keras = br#"[{"class_name": "RandomFlip", "config": {"mode": "vertical"}}]"#;
    shop.write("keras.json", keras);
    let said = shop.run(&["migrate", "keras.json", "--from", "keras"]).fine().out;
    assert!(said.contains("vertical"), "{said}");
}

#[test]
fn what_has_no_counterpart_is_named_and_left_out_only_when_asked() {
    let shop = Shop::new("migrate-refused");
    shop.write("given.json", GIVEN.replace("Defocus", "MaskDropout").replace("\"radius\": [3, 3], ", "").as_bytes());
    let ran = shop.run(&["migrate", "given.json", "-o", "p.yaml"]);
    assert!(ran.code == 2 && ran.err.contains("pipeline.transforms[1] (MaskDropout)"), "{}", ran.err);
    assert!(ran.err.contains("--leave-out") && !shop.path("p.yaml").exists(), "{}", ran.err);
    shop.run(&["migrate", "given.json", "-o", "p.yaml", "--leave-out"]).fine();
    assert!(shop.path("p.yaml").exists());
    for (arguments, said) in [
        (&["migrate", "given.json", "--from", "torchvison"][..], "did you mean \"torchvision\"?"),
        (&["migrate", "p.yaml"], "not JSON"),
    ] {
        let wrong = shop.run(arguments);
        assert!(wrong.code == 2 && wrong.err.contains(said), "{}", wrong.err);
    }
}
