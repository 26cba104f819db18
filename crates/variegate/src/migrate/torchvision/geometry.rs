//! Places: flips, crops, sizes, warps and erasing of torchvision.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use std::f64::consts::PI;

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, even, span, times, whole};

pub const TABLE: &[Entry] = &[
    Entry::new("RandomHorizontalFlip", 0.5, &["flip"], "", |_| vec![json!({"flip": {"axis": "horizontal"}})]),
    Entry::new("RandomVerticalFlip", 0.5, &["flip"], "", |_| vec![json!({"flip": {"axis": "vertical"}})]),
    Entry::new("Resize", 1.0, &["resize", "resize_shortest", "resize_longest"], "", resize),
    Entry::new("CenterCrop", 1.0, &["center_crop"], "", |g| vec![json!({"center_crop": {"size": g.torch_size()}})]),
    Entry::new("RandomCrop", 1.0, &["pad", "crop"], "", random_crop),
    Entry::new("RandomResizedCrop", 1.0, &["resized_crop"], "", |g| {
        let area = g.range("scale", (0.08, 1.0));
        let aspect = g.range("ratio", (0.75, 4.0 / 3.0));
        let body = json!({"size": g.torch_size(), "area": span(area), "aspect": span(aspect)});
        vec![json!({"resized_crop": g.shrunk(body)})]
    }),
    Entry::missing("FiveCrop", &["corner_crop"], "five pictures come of one there; vg.five_crop gives them"),
    Entry::missing("TenCrop", &["corner_crop"], "ten pictures come of one there; vg.ten_crop gives them"),
    Entry::new("Pad", 1.0, &["pad"], "", |g| padded(g, "padding").into_iter().collect()),
    Entry::new("RandomZoomOut", 0.5, &["zoom_out"], "", |g| {
        let factor = g.range("side_range", (1.0, 4.0));
        let fill = g.torch_fill("fill");
        g.unknown_size();
        vec![json!({"zoom_out": {"factor": span(factor), "fill": fill}})]
    }),
    Entry::new("RandomRotation", 1.0, &["rotate"], "", |g| {
        let mut body = json!({"degrees": span(g.around("degrees", (0.0, 0.0)))});
        centred(g);
        if g.flag("expand", false) {
            body["canvas"] = json!("expand");
            g.unknown_size();
        }
        vec![json!({"rotate": g.warped(body, "nearest")})]
    }),
    Entry::new(
        "RandomAffine",
        1.0,
        &["affine"],
        "shifts are not rounded to whole pixels, and an upright map that shrinks is antialiased",
        affine,
    ),
    Entry::new("RandomPerspective", 0.5, &["perspective"], "corners are not rounded to whole pixels", |g| {
        let strength = g.number("distortion_scale", 0.5);
        vec![json!({"perspective": g.warped(json!({"strength": strength}), "bilinear")})]
    }),
    Entry::new(
        "ElasticTransform",
        1.0,
        &["elastic"],
        "shifts have the same deviation and reach, of other noise",
        elastic,
    ),
    Entry::new("RandomErasing", 0.5, &["erase"], "", erasing),
    Entry::new("RandomIoUCrop", 1.0, &["iou_crop"], "the overlap is drawn evenly, not from a list of options", |g| {
        let least = g.number("min_scale", 0.3);
        let aspect = (1.0 / g.number("min_aspect_ratio", 0.5)).max(g.number("max_aspect_ratio", 2.0));
        let options = g.numbers("options").or(g.numbers("sampler_options"));
        g.skip(&["max_scale", "trials"]);
        let most = options.map_or(1.0, |list| list.into_iter().fold(0.0, f64::max).min(1.0));
        g.unknown_size();
        vec![json!({"iou_crop": {"overlap": span((0.0, most)), "least": least, "aspect": aspect}})]
    }),
    Entry::new("ScaleJitter", 1.0, &["scale_jitter"], "", |g| {
        let factor = g.range("scale_range", (0.1, 2.0));
        let size = match g.numbers("target_size").as_deref() {
            Some(&[height, width]) => json!([whole(height), whole(width)]),
            _ => {
                g.refuse("target_size: expected height and width", &[]);
                json!(1)
            }
        };
        g.unknown_size();
        vec![json!({"scale_jitter": g.shrunk(json!({"size": size, "factor": span(factor)}))})]
    }),
    Entry::new("RandomShortestSize", 1.0, &["resize_shortest"], "", |g| {
        let sizes: Vec<Json> = g.numbers("min_size").unwrap_or_default().into_iter().map(whole).collect();
        let longest = g.optional("max_size");
        if sizes.is_empty() {
            g.refuse("min_size: expected lengths of the shorter side", &[]);
            return Vec::new();
        }
        g.unknown_size();
        let mut body = json!({"length_px": {"one_of": sizes}});
        if let Some(longest) = longest {
            body["longest_px"] = whole(longest);
        }
        vec![json!({"resize_shortest": g.shrunk(body)})]
    }),
    Entry::new("RandomResize", 1.0, &["resize_shortest"], "", |g| {
        let (least, most) = (g.number("min_size", 1.0), g.number("max_size", 2.0));
        g.unknown_size();
        // The upper end is left out there.
        vec![json!({"resize_shortest": g.shrunk(json!({"length_px": count((least, (most - 1.0).max(least)))}))})]
    }),
];

fn centred(given: &mut Given) {
    if given.raw("center").is_some() {
        given.refuse("pictures are turned about their middle; another centre is not there", &["Affine"]);
    }
}

fn resize(given: &mut Given) -> Vec<Json> {
    let (size, longest) = (given.numbers("size"), given.optional("max_size"));
    let (name, mut body) = match (size.as_deref(), longest) {
        (Some(&[height, width]), _) => ("resize", json!({"size": given.becomes(height, width)})),
        (Some(&[side]), _) => {
            given.unknown_size();
            ("resize_shortest", json!({"length_px": whole(side)}))
        }
        (None, Some(longest)) => {
            given.unknown_size();
            ("resize_longest", json!({"length_px": whole(longest)}))
        }
        _ => {
            given.refuse("size: expected height and width, or the shorter side", &[]);
            return Vec::new();
        }
    };
    if let (Some(longest), "resize_shortest") = (longest, name) {
        body["longest_px"] = whole(longest);
    }
    vec![json!({ name: given.shrunk(body) })]
}

/// Padding around the picture; none where there is none.
fn padded(given: &mut Given, key: &'static str) -> Option<Json> {
    let padding = given.numbers(key);
    let mode = given.word("padding_mode", "constant");
    let fill = given.torch_fill("fill");
    let [left, top, right, bottom] = match padding.as_deref() {
        None => return None,
        Some(&[all]) => [all; 4],
        Some(&[x, y]) => [x, y, x, y],
        Some(&[left, top, right, bottom]) => [left, top, right, bottom],
        Some(_) => {
            given.refuse(format!("{key}: expected one number, two or four"), &[]);
            return None;
        }
    };
    let border = match mode {
        "edge" => "edge",
        "reflect" => "mirror",
        "symmetric" => "reflect",
        _ => "constant",
    };
    match given.notes.size {
        Some((height, width)) => {
            given.becomes(height + top + bottom, width + left + right);
        }
        None => given.unknown_size(),
    }
    Some(json!({"pad": {
        "left_px": whole(left), "top_px": whole(top), "right_px": whole(right), "bottom_px": whole(bottom),
        "border": border, "fill": fill,
    }}))
}

fn random_crop(given: &mut Given) -> Vec<Json> {
    given.skip(&["pad_if_needed"]);
    let mut stages: Vec<Json> = padded(given, "padding").into_iter().collect();
    stages.push(json!({"crop": {"size": given.torch_size()}}));
    stages
}

fn affine(given: &mut Given) -> Vec<Json> {
    let degrees = given.around("degrees", (0.0, 0.0));
    let (x, y) = given.range("translate", (0.0, 0.0));
    let zoom = given.range("scale", (1.0, 1.0));
    let (shear_x, shear_y) = match given.numbers("shear").as_deref() {
        None => ((0.0, 0.0), (0.0, 0.0)),
        Some(&[s]) => ((-s, s), (0.0, 0.0)),
        Some(&[a, b]) => ((a, b), (0.0, 0.0)),
        Some(&[a, b, c, d]) => ((a, b), (c, d)),
        Some(_) => {
            given.refuse("shear: expected one number, two or four", &[]);
            return Vec::new();
        }
    };
    centred(given);
    let body = json!({
        // There angles are clockwise.
        "degrees": span(times(degrees, -1.0)),
        "zoom": even(zoom),
        "x": span((-x, x)),
        "y": span((-y, y)),
        "shear_x": span(shear_x),
        "shear_y": span(shear_y),
    });
    vec![json!({"affine": given.warped(body, "nearest")})]
}

fn elastic(given: &mut Given) -> Vec<Json> {
    let alpha = given.range("alpha", (50.0, 50.0));
    let sigma = given.range("sigma", (5.0, 5.0));
    if alpha.0 != alpha.1 || sigma.0 != sigma.1 {
        given.remark("shifts across and down have one strength and reach, those of the greater");
    }
    let (alpha, sigma) = (alpha.0.max(alpha.1), sigma.0.max(sigma.1));
    // Even noise is smoothed, and α counts half pixels there.
    let strength = 0.5 * alpha / (2.0 * (3.0 * PI).sqrt() * sigma.max(1e-6));
    let body = json!({"strength": given.of_side(strength).min(1.0), "sigma": given.of_side(sigma).clamp(0.01, 1.0)});
    vec![json!({"elastic": given.warped(body, "bilinear")})]
}

fn erasing(given: &mut Given) -> Vec<Json> {
    let (area, aspect) = (given.range("scale", (0.02, 0.33)), given.range("ratio", (0.3, 3.3)));
    given.skip(&["inplace"]);
    let fill = match given.raw("value") {
        None if given.holds("value") => Json::Null,
        Some(Json::String(_)) => Json::Null,
        _ => given.colour("value", 0.0),
    };
    if fill.is_null() {
        given.remark("the rectangle is filled with noise from black to white, not with normal numbers");
    }
    // There an aspect is height over width.
    let aspect = (1.0 / aspect.1.max(1e-6), 1.0 / aspect.0.max(1e-6));
    vec![json!({"erase": {"area": span(area), "aspect": span(aspect), "fill": fill}})]
}
