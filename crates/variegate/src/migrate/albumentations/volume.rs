//! Volumes of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, whole};

pub const TABLE: &[Entry] = &[
    Entry::new("CenterCrop3D", 1.0, &["crop3d"], "", |g| crop(g, Some(0.5))),
    Entry::new("RandomCrop3D", 1.0, &["crop3d"], "", |g| crop(g, None)),
    Entry::new("Pad3D", 1.0, &["pad3d"], "", pad),
    Entry::missing(
        "PadIfNeeded3D",
        &["crop3d"],
        "padding to a least size is not there; Crop3D pads what is smaller than its window",
    ),
    Entry::new("CubicSymmetry", 1.0, &["cube_symmetry"], "", |g| {
        g.unknown_size();
        vec![json!({"cube_symmetry": {"number": [0, 47]}})]
    }),
    Entry::new("CoarseDropout3D", 0.5, &["dropout3d"], "one share is drawn for the three sides of a cuboid", |g| {
        let n = g.range("num_holes_range", (1.0, 1.0));
        let mut sides = Vec::new();
        for key in ["hole_depth_range", "hole_height_range", "hole_width_range"] {
            let (lo, hi) = g.range(key, (0.1, 0.2));
            sides.extend([lo, hi]);
        }
        if g.raw("fill_mask").is_some() {
            g.remark("masks stay as they are");
        }
        let lo = sides.iter().copied().fold(f64::INFINITY, f64::min);
        let hi = sides.iter().copied().fold(0.0, f64::max);
        vec![json!({"dropout3d": {"count": count(n), "fraction": [lo, hi], "fill": g.colour("fill", 0.0)}})]
    }),
];

fn crop(given: &mut Given, place: Option<f64>) -> Vec<Json> {
    let size = given.numbers("size").unwrap_or_default();
    let &[depth, height, width] = size.as_slice() else {
        given.refuse("it says no size: slices, height and width", &[]);
        return Vec::new();
    };
    given.skip(&["pad_if_needed", "pad_position"]);
    let fill = given.colour("fill", 0.0);
    given.mask_fill();
    let mut body = json!({"size": given.becomes(height, width), "depth_px": whole(depth), "fill": fill});
    if let Some(place) = place {
        (body["x"], body["y"], body["z"]) = (json!(place), json!(place), json!(place));
    }
    vec![json!({ "crop3d": body })]
}

fn pad(given: &mut Given) -> Vec<Json> {
    let padding = given.numbers("padding").unwrap_or_default();
    let [depth, height, width] = match *padding.as_slice() {
        [all] => [all; 3],
        [depth, height, width] => [depth, height, width],
        [front, back, top, bottom, left, right] if front == back && top == bottom && left == right => {
            [front, top, left]
        }
        _ => {
            given.refuse("padding is the same on both sides of an axis: one number, or three", &["Pad3D"]);
            return Vec::new();
        }
    };
    let fill = given.colour("fill", 0.0);
    given.mask_fill();
    given.unknown_size();
    vec![json!({"pad3d": {
        "depth_px": whole(depth), "height_px": whole(height), "width_px": whole(width), "fill": fill
    }})]
}
