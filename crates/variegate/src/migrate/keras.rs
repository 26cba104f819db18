//! Keras's image layers, of Keras 3 and of KerasCV: class names and configurations.
//!
//! [`super::migrate`] calls it; the tables lie beside it. Where a layer does other than its documentation says, the
//! documentation is read and the remark says so.

mod colour;
mod geometry;
mod mixing;

use serde_json::{Map, Value as Json, json};

use super::entry::Entry;
use super::given::Given;
use super::walk::{Walk, with_chance};

/// The families of names.
pub const TABLE: &[(&str, &[Entry])] = &[
    ("geometry", geometry::TABLE),
    ("colour and values", colour::TABLE),
    ("cover, mixing and policies", mixing::TABLE),
];

/// The lists and choices, with our word for each.
pub const GROUPS: &[(&str, &str)] = &[
    ("Sequential", "Pipeline"),
    ("Pipeline", "Pipeline"),
    ("RandomApply", "the layer with `p`"),
    ("RandomChoice", "OneOf"),
    ("RandomAugmentationPipeline", "SomeOf with replacement"),
];

/// What every layer's configuration says besides.
const ALL: &[&str] =
    &["name", "trainable", "dtype", "data_format", "seed", "bounding_box_format", "auto_vectorize", "batchwise"];

/// A list or choice of layers.
pub fn group(walk: &mut Walk, name: &str, map: &Map<String, Json>, place: &str) -> Vec<Json> {
    let list = match (map.get("layers"), map.get("layer")) {
        (Some(Json::Array(list)), _) => list.clone(),
        (None, Some(one)) => vec![one.clone()],
        _ => {
            walk.refuse(place, name, "it has no layers, a list", &[]);
            return Vec::new();
        }
    };
    // What a model reads its pictures from is no layer that does anything.
    let list: Vec<Json> =
        list.into_iter().filter(|node| node.get("class_name").and_then(Json::as_str) != Some("InputLayer")).collect();
    let refused = walk.notes.refusals.len();
    let mut given = Given::new(name, place, map, &mut walk.notes);
    given.skip(ALL);
    given.skip(&["layers", "layer", "build_input_shape"]);
    let rate = given.number("rate", if name == "RandomApply" { 0.5 } else { 1.0 });
    let n = given.number("augmentations_per_image", 1.0);
    given.rest();
    if walk.notes.refusals.len() > refused {
        return Vec::new();
    }
    let path = format!("{place}.layers");
    match name {
        "RandomChoice" | "RandomAugmentationPipeline" => {
            let of: Vec<Json> = walk.members(&list, &path, false).into_iter().flatten().collect();
            if of.is_empty() {
                return Vec::new();
            }
            let stage = if name == "RandomChoice" {
                json!({"one_of": {"of": of}})
            } else {
                walk.remark(place, name, "layers follow each other in the order of the list");
                json!({"some_of": {"n": n as i64, "replace": true, "of": of}})
            };
            with_chance(vec![stage], rate)
        }
        _ => walk.maybe(rate, |walk| walk.row(&list, &path)),
    }
}

impl Given<'_> {
    /// Marks what every layer has, and notes a range of values that is not that of 8-bit pictures.
    fn layer(&mut self) {
        self.skip(ALL);
        if let Some(range) = self.numbers("value_range")
            && !matches!(range.as_slice(), [0.0, 255.0 | 1.0])
        {
            self.remark("values go from black to white of the pictures' own dtype, whatever the range says");
        }
    }

    /// Puts how a warped picture is read to a body.
    fn warped_layer(&mut self, mut body: Json, usual: &'static str) -> Json {
        let filter = self.layer_filter();
        if filter != "bilinear" {
            body["filter"] = json!(filter);
        }
        let border = match self.word("fill_mode", usual) {
            "nearest" => "edge",
            "reflect" => "reflect",
            "mirror" => "mirror",
            "wrap" => "wrap",
            _ => "constant",
        };
        let fill = self.colour("fill_value", 0.0);
        if border != "constant" {
            body["border"] = json!(border);
        } else if fill != json!(0.0) {
            body["fill"] = fill;
        }
        body
    }

    /// The filter of a layer.
    fn layer_filter(&mut self) -> &'static str {
        match self.word("interpolation", "bilinear") {
            "nearest" => "nearest",
            "bilinear" => "bilinear",
            "bicubic" => "bicubic",
            "area" => "box",
            "lanczos3" => "lanczos3",
            "lanczos5" => "lanczos5",
            "gaussian" => "gaussian",
            "mitchellcubic" => "mitchell",
            other => {
                self.refuse(format!("interpolation {other:?} is no filter that is known here"), &[]);
                "bilinear"
            }
        }
    }

    /// The range of a factor: one number f is (−f, f), but from `least` on.
    fn layer_factor(&mut self, key: &'static str, least: f64, default: (f64, f64)) -> (f64, f64) {
        let range = self.spread(key, default, |v| (-v.abs(), v.abs()));
        (range.0.max(least), range.1)
    }

    /// The chance of a layer whose factor is a range of chances: its middle.
    fn layer_chance(&mut self, stages: Vec<Json>) -> Vec<Json> {
        let (lo, hi) = self.spread("factor", (0.0, 1.0), |v| (0.0, v));
        with_chance(stages, (lo + hi) / 2.0)
    }
}
