//! torchvision's `transforms` and `transforms.v2`: classes and their public attributes.
//!
//! [`super::migrate`] calls it; the tables lie beside it. Attributes are what an object holds after its construction,
//! so that one number is mostly a pair already.

mod colour;
mod geometry;
mod kinds;
mod policies;

use serde_json::{Map, Value as Json, json};

use super::entry::Entry;
use super::given::{Given, whole_range};
use super::walk::{Walk, with_chance};

/// The families of names.
pub const TABLE: &[(&str, &[Entry])] = &[
    ("geometry", geometry::TABLE),
    ("colour", colour::TABLE),
    ("policies and mixing", policies::TABLE),
    ("kinds of data", kinds::TABLE),
];

/// The lists and choices, with our word for each.
pub const GROUPS: &[(&str, &str)] = &[
    ("Compose", "Pipeline"),
    ("Sequential", "Pipeline"),
    ("RandomApply", "Sequential with `p`"),
    ("RandomChoice", "OneOf"),
    ("RandomOrder", "Shuffle"),
];

/// A list or choice of transforms.
pub fn group(walk: &mut Walk, name: &str, map: &Map<String, Json>, place: &str) -> Vec<Json> {
    let Some(Json::Array(list)) = map.get("transforms") else {
        walk.refuse(place, name, "it has no transforms, a list", &[]);
        return Vec::new();
    };
    let refused = walk.notes.refusals.len();
    let mut given = Given::new(name, place, map, &mut walk.notes);
    given.skip(&["transforms"]);
    let chances = given.numbers("p");
    given.rest();
    if walk.notes.refusals.len() > refused {
        return Vec::new();
    }
    let path = format!("{place}.transforms");
    match name {
        "RandomApply" => {
            let chance = chances.and_then(|list| list.first().copied()).unwrap_or(0.5);
            walk.maybe(chance, |walk| walk.row(list, &path))
        }
        "RandomChoice" => {
            let weights = chances.unwrap_or_else(|| vec![1.0; list.len()]);
            let members = walk.members(list, &path, false);
            let (of, weights): (Vec<Json>, Vec<f64>) =
                members.into_iter().zip(weights).filter_map(|(stage, w)| stage.map(|stage| (stage, w))).unzip();
            if of.is_empty() {
                return Vec::new();
            }
            let mut body = json!({});
            if weights.iter().any(|w| *w != weights[0]) {
                body["weights"] = json!(weights);
            }
            body["of"] = json!(of);
            vec![json!({ "one_of": body })]
        }
        "RandomOrder" => {
            let of: Vec<Json> = walk.members(list, &path, false).into_iter().flatten().collect();
            if of.is_empty() { Vec::new() } else { with_chance(vec![json!({"shuffle": {"of": of}})], 1.0) }
        }
        _ => walk.row(list, &path),
    }
}

impl Given<'_> {
    /// Puts torchvision's filter and fill to a body.
    fn warped(&mut self, mut body: Json, usual: &'static str) -> Json {
        let filter = self.interpolation(usual);
        if filter != "bilinear" {
            body["filter"] = json!(filter);
        }
        let fill = self.torch_fill("fill");
        if fill != json!(0.0) {
            body["fill"] = fill;
        }
        body
    }

    /// Puts torchvision's filter to a body of what may shrink a picture.
    fn shrunk(&mut self, mut body: Json) -> Json {
        let filter = self.interpolation("bilinear");
        if filter != "bilinear" {
            body["filter"] = json!(filter);
        }
        if !self.flag("antialias", true) {
            body["antialias"] = json!(false);
        }
        body
    }

    fn interpolation(&mut self, usual: &'static str) -> &'static str {
        match self.word("interpolation", usual) {
            "nearest" | "nearest-exact" => "nearest",
            "bilinear" => "bilinear",
            "bicubic" => "bicubic",
            "box" => "box",
            "hamming" => "hamming",
            "lanczos" => "lanczos3",
            other => {
                self.refuse(format!("interpolation {other:?} is no filter that is known here"), &[]);
                "bilinear"
            }
        }
    }

    /// A fill of 8-bit levels, or from 0 to 1 once pictures are floats.
    fn torch_fill(&mut self, key: &'static str) -> Json {
        if self.raw(key).is_some_and(Json::is_object) {
            self.refuse(
                "fill differs between kinds of data; name one for pictures, and mask_fill of the pipeline",
                &[],
            );
            return json!(0.0);
        }
        self.colour(key, 0.0)
    }

    /// Height and width of the attribute `size`.
    fn torch_size(&mut self) -> Json {
        match self.numbers("size").as_deref() {
            Some(&[side]) => self.becomes(side, side),
            Some(&[height, width]) => self.becomes(height, width),
            _ => {
                self.refuse("size: expected height and width", &[]);
                json!(1)
            }
        }
    }

    /// The factor of a jitter, which may be left out.
    fn factor(&mut self, key: &'static str, still: f64) -> Json {
        whole_range(self.range(key, (still, still)))
    }
}
