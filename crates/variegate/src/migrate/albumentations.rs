//! Albumentations 2.0.8: what `A.to_dict` writes, with its lists and choices.
//!
//! [`super::migrate`] calls it; the tables lie beside it, one family a file. Other versions are read as this one.

mod blur;
mod colour;
mod cover;
mod crops;
mod distortion;
mod geometry;
mod mixing;
mod noise;
mod resizing;
mod volume;
mod weather;

use serde_json::{Map, Value as Json, json};
use variegate_picture::{Error, Result};

use super::entry::Entry;
use super::given::Given;
use super::walk::{Walk, with_chance};

/// The families of names.
pub const TABLE: &[(&str, &[Entry])] = &[
    ("geometry", geometry::TABLE),
    ("distortion", distortion::TABLE),
    ("crops and canvas", crops::TABLE),
    ("resizing", resizing::TABLE),
    ("colour", colour::TABLE),
    ("blur and sharpness", blur::TABLE),
    ("noise", noise::TABLE),
    ("cover", cover::TABLE),
    ("weather and light", weather::TABLE),
    ("other pictures", mixing::TABLE),
    ("volumes", volume::TABLE),
];

/// The lists and choices, with our word for each.
pub const GROUPS: &[(&str, &str)] = &[
    ("Compose", "Pipeline"),
    ("ReplayCompose", "Pipeline; `draw` and `apply` replay"),
    ("Sequential", "Sequential"),
    ("OneOf", "OneOf; the chances of its members are weights"),
    ("SomeOf", "SomeOf"),
    ("RandomOrder", "Shuffle; SomeOf where it takes fewer than all, in the order of the list"),
    ("OneOrOther", "OneOf with two weights"),
    ("SelectiveChannelTransform", "SelectChannels; Sequential for the channels 0, 1, 2"),
];

/// The stages of a serialised pipeline, whose options are noted.
pub fn document(walk: &mut Walk, given: &Json) -> Result<Vec<Json>> {
    if given.is_array() {
        return walk.list(given);
    }
    let wrong = || {
        Error::parameter(
            "Albumentations: expected what A.to_dict gives, a mapping with \"transform\", or one with \
             \"__class_fullname__\"",
        )
    };
    let body = given.as_object().ok_or_else(wrong)?;
    if let Some(version) = body.get("__version__").and_then(Json::as_str)
        && !version.starts_with("2.")
    {
        walk.remark(
            "the pipeline",
            "Albumentations",
            format!("version {version} wrote it, and it is read as one of 2.0.8"),
        );
    }
    let transform = body.get("transform").unwrap_or(given);
    transform.as_object().filter(|t| t.contains_key("__class_fullname__")).ok_or_else(wrong)?;
    walk.list(transform)
}

/// A list or choice of operations.
pub fn group(walk: &mut Walk, name: &str, map: &Map<String, Json>, place: &str, forced: bool) -> Vec<Json> {
    let list = match map.get("transforms") {
        Some(Json::Array(list)) => list.clone(),
        None => ["first", "second"].iter().filter_map(|key| map.get(*key).cloned()).collect(),
        Some(other) => {
            walk.refuse(place, name, format!("transforms is {other}; expected a list"), &[]);
            return Vec::new();
        }
    };
    let refused = walk.notes.refusals.len();
    let mut given = Given::new(name, place, map, &mut walk.notes);
    given.skip(&["transforms", "first", "second"]);
    let usual = if matches!(name, "OneOf" | "OneOrOther" | "Sequential") { 0.5 } else { 1.0 };
    let chance = given.number("p", usual);
    let (n, replace) = (given.number("n", 1.0), given.flag("replace", false));
    let channels = given.numbers("channels").unwrap_or_else(|| vec![0.0, 1.0, 2.0]);
    if matches!(name, "Compose" | "ReplayCompose") {
        options(&mut given);
    }
    given.rest();
    if walk.notes.refusals.len() > refused {
        return Vec::new();
    }
    // What is chosen by force has no chance of its own, but SomeOf and its like ask it all the same.
    let chance = if forced && !matches!(name, "SomeOf" | "RandomOrder" | "OneOrOther") { 1.0 } else { chance };
    let path = format!("{place}.transforms");
    match name {
        "OneOf" => {
            let weights: Vec<f64> = list.iter().map(|node| own_chance(walk, node)).collect();
            let of = walk.members(&list, &path, true);
            choice(walk, name, place, of, &weights, chance)
        }
        "OneOrOther" => {
            let two: Vec<Json> = list.first().into_iter().chain(list.last()).cloned().collect();
            let of = walk.members(&two, &path, true);
            choice(walk, name, place, of, &[chance, 1.0 - chance], 1.0)
        }
        "SomeOf" | "RandomOrder" => {
            let all = n >= list.len() as f64 && !replace;
            let of: Vec<Json> = walk.members(&list, &path, false).into_iter().flatten().collect();
            if of.is_empty() {
                return Vec::new();
            }
            let n = if replace { n } else { n.min(of.len() as f64) };
            let stage = if all && name == "RandomOrder" {
                json!({"shuffle": {"of": of}})
            } else {
                if name == "RandomOrder" && n > 1.0 {
                    walk.remark(place, name, "those it takes follow each other in the order of the list");
                }
                let mut body = json!({"n": n as i64, "of": of});
                if replace {
                    body["replace"] = json!(true);
                }
                json!({ "some_of": body })
            };
            with_chance(vec![stage], chance)
        }
        "SelectiveChannelTransform" if channels != [0.0, 1.0, 2.0] => {
            let of = walk.row(&list, &path);
            if of.is_empty() {
                return Vec::new();
            }
            let channels: Vec<i64> = channels.iter().map(|c| *c as i64).collect();
            with_chance(vec![json!({"select_channels": {"channels": channels, "of": of}})], chance)
        }
        _ => walk.maybe(chance, |walk| walk.row(&list, &path)),
    }
}

/// One of several, by weight.
fn choice(walk: &mut Walk, name: &str, place: &str, of: Vec<Option<Json>>, weights: &[f64], chance: f64) -> Vec<Json> {
    let (of, weights): (Vec<Json>, Vec<f64>) =
        of.into_iter().zip(weights).filter_map(|(stage, weight)| stage.map(|stage| (stage, *weight))).unzip();
    if of.is_empty() {
        return Vec::new();
    }
    if weights.iter().sum::<f64>() <= 0.0 {
        walk.refuse(place, name, "the chances of its members, which are their weights, are all 0", &[]);
        return Vec::new();
    }
    let mut body = json!({});
    if weights.iter().any(|w| *w != weights[0]) {
        body["weights"] = json!(weights);
    }
    body["of"] = json!(of);
    with_chance(vec![json!({ "one_of": body })], chance)
}

/// The chance a part has by itself: what is written, or its default.
fn own_chance(walk: &Walk, node: &Json) -> f64 {
    let name = node.get("__class_fullname__").and_then(Json::as_str).and_then(|name| name.rsplit('.').next());
    let usual = match name {
        Some("OneOf" | "OneOrOther" | "Sequential") => 0.5,
        Some(name) => walk.library.find(name).map_or(1.0, |entry| entry.chance),
        None => 1.0,
    };
    node.get("p").and_then(Json::as_f64).unwrap_or(usual)
}

/// What a Compose says of boxes, points and further targets.
fn options(given: &mut Given) {
    given.skip(&["is_check_shapes", "save_key", "save_applied_params", "strict", "applied", "params"]);
    if let Some(seed) = given.optional("seed") {
        given.notes.options.insert("seed".into(), super::given::whole(seed));
    }
    if !matches!(given.raw("mask_interpolation").and_then(Json::as_f64), None | Some(0.0 | 6.0)) {
        given.remark("masks are always read by the nearest pixel");
    }
    if let Some(Json::Object(names)) = given.raw("additional_targets")
        && !names.is_empty()
    {
        let names: Vec<String> = names.keys().map(|name| format!("{name:?}")).collect();
        let names = names.join(", ");
        given.remark(format!("{names}: hand further pictures and masks over as `images=` and `masks=`, in lists"));
    }
    if let Some(Json::Object(rules)) = given.raw("bbox_params") {
        boxes(given, rules);
    }
    if let Some(Json::Object(rules)) = given.raw("keypoint_params") {
        let format = rules.get("format").and_then(Json::as_str).unwrap_or("xy");
        if format != "xy" {
            given.remark(format!("points of the format {format:?}: hand them over as x, y and what else they have"));
        }
        if rules.get("remove_invisible") != Some(&json!(false)) {
            given.remark("points that leave keep their place in the list; `points_visible` says which are seen");
        }
    }
}

fn boxes(given: &mut Given, rules: &Map<String, Json>) {
    let number = |key: &str| rules.get(key).and_then(Json::as_f64).filter(|v| *v > 0.0);
    for key in ["min_area", "min_visibility"] {
        if let Some(value) = number(key) {
            given.notes.options.insert(key.into(), json!(value));
        }
    }
    for key in ["min_width", "min_height", "max_accept_ratio"] {
        if number(key).is_some() {
            given.refuse(format!("bbox_params.{key}: boxes are dropped by min_area and min_visibility alone"), &[]);
        }
    }
    if number("min_visibility").is_some() {
        given
            .remark("the visibility of a box is measured once, against the box that came in, not after each operation");
    }
    let format = rules.get("format").and_then(Json::as_str).unwrap_or("coco");
    given.remark(format!("hand boxes over with box_format={format:?}, and their labels as `box_labels=`"));
}
