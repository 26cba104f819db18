//! `variegate ops`: everything in the registry, and one of it.

use crate::shop::Shop;
use variegate::ops::registry;

#[test]
fn the_table_and_the_json_hold_every_operation() {
    let shop = Shop::new("ops");
    let table = shop.run(&["ops"]).fine().out;
    let json: serde_json::Value = serde_json::from_str(&shop.run(&["ops", "--json"]).fine().out).unwrap();
    let names: Vec<&str> = json.as_array().unwrap().iter().map(|op| op["name"].as_str().unwrap()).collect();
    assert_eq!(names, registry::all().iter().map(|spec| spec.name).collect::<Vec<_>>());
    for spec in registry::all() {
        let lines = table.lines().filter(|line| line.starts_with(&format!("  {} ", spec.name))).count();
        assert_eq!(lines, 1, "{}", spec.name);
        let page = shop.run(&["ops", spec.name]).fine().out;
        for p in spec.params.iter().filter(|p| !p.is_hidden()) {
            assert!(page.contains(&format!("\n  {} ", p.name)) && page.contains(p.doc.trim()), "{page}");
        }
        let one: serde_json::Value = serde_json::from_str(&shop.run(&["ops", spec.name, "--json"]).fine().out).unwrap();
        assert_eq!(one["name"], spec.name);
    }
}

#[test]
fn examples_of_pages_are_pipelines() {
    let shop = Shop::new("examples");
    for spec in registry::all() {
        let page = shop.run(&["ops", spec.name]).fine().out;
        let line = page.lines().find(|line| line.starts_with("  - ")).unwrap();
        shop.write("p.yaml", format!("variegate: 1\npipeline:\n{line}\n").as_bytes());
        shop.run(&["explain", "-p", "p.yaml"]).fine();
    }
}

#[test]
fn a_page_tells_units_bounds_and_defaults() {
    let page = Shop::new("page").run(&["ops", "rotate"]).fine().out;
    assert!(page.starts_with("rotate (geometry), in Python and Rust Rotate\n\n"), "{page}");
    let degrees = "a number from -3600 to 3600 (degrees); default any from -30 to 30; 0 changes nothing\n";
    assert!(page.contains(degrees), "{page}");
    assert!(page.contains("one of constant, edge, reflect, mirror, wrap; default constant\n"), "{page}");
    assert!(page.contains("Elsewhere called\n  RandomRotation,"), "{page}");
}

#[test]
fn an_unknown_name_is_mended() {
    let shop = Shop::new("unknown");
    let near = shop.run(&["ops", "gausian_blur"]);
    assert_eq!(
        (near.code, near.err.as_str()),
        (2, "error: there is no operation \"gausian_blur\"; did you mean \"gaussian_blur\"?\n")
    );
    let alias = shop.run(&["ops", "RandomResizedCrop"]);
    assert_eq!(alias.err, "error: there is no operation \"RandomResizedCrop\"; here it is called \"resized_crop\"\n");
}
