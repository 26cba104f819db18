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
        (Library::Torchvision, "Resize" | "CenterCrop" | "RandomCrop" | "RandomResizedCrop") => json!({"size": [60, 80]}),
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
