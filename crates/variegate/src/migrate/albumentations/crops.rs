//! Crops and padding of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, span, whole};

pub const TABLE: &[Entry] = &[
    Entry::new("RandomCrop", 1.0, &["crop"], "", random_crop),
    Entry::new("CenterCrop", 1.0, &["center_crop"], "", center_crop),
    Entry::new("Crop", 1.0, &["crop"], "", fixed_crop),
    Entry::new("RandomResizedCrop", 1.0, &["resized_crop"], "", resized_crop),
    Entry::new("RandomSizedCrop", 1.0, &["sized_crop"], "", sized_crop),
    Entry::new("RandomCropFromBorders", 1.0, &["crop_borders"], "", crop_from_borders),
    Entry::new("CropAndPad", 1.0, &["crop_and_pad"], "", crop_and_pad),
    Entry::new("Pad", 1.0, &["pad"], "", pad),
    Entry::new("PadIfNeeded", 1.0, &["pad_to"], "", pad_if_needed),
    Entry::new(
        "BBoxSafeRandomCrop",
        1.0,
        &["box_safe_crop"],
        "a share of each side of the rectangle around the boxes may be lost, half of it at each end",
        |g| {
            let erosion = g.number("erosion_rate", 0.0);
            g.unknown_size();
            vec![json!({"box_safe_crop": {"erosion": erosion.min(0.9), "antialias": false}})]
        },
    ),
    Entry::new(
        "RandomSizedBBoxSafeCrop",
        1.0,
        &["box_safe_crop"],
        "a share of each side of the rectangle around the boxes may be lost, half of it at each end",
        |g| {
            let erosion = g.number("erosion_rate", 0.0);
            let size = g.sides("height", "width");
            vec![json!({"box_safe_crop": g.resampled(json!({"size": size, "erosion": erosion.min(0.9)}))})]
        },
    ),
    Entry::new("AtLeastOneBBoxRandomCrop", 1.0, &["crop_on_box"], "", |g| {
        let visible = 1.0 - g.number("erosion_factor", 0.0);
        let size = g.sides("height", "width");
        vec![json!({"crop_on_box": {"size": size, "visible": visible}})]
    }),
    Entry::new(
        "RandomCropNearBBox",
        1.0,
        &["crop_near_box"],
        "the box is one of `boxes`, drawn anew each time, not one handed over by itself",
        |g| {
            let (down, across) = g.range("max_part_shift", (0.0, 0.3));
            g.skip(&["cropping_bbox_key"]);
            if down != across {
                g.remark("edges move as far down as across");
            }
            g.unknown_size();
            vec![json!({"crop_near_box": {"fraction": down.max(across), "antialias": false}})]
        },
    ),
    Entry::missing(
        "CropNonEmptyMaskIfExists",
        &["crop_to_mask"],
        "a window of fixed size at a place the mask marks is not there; \
         CropToMask cuts out all that is marked and scales it",
    ),
];

/// A window whose border shows where the picture is smaller, which the other library allows or refuses.
fn window(given: &mut Given, size: Json) -> Json {
    given.skip(&["pad_if_needed"]);
    if given.word("pad_position", "center") != "center" {
        given.remark("a smaller picture lies in the middle of the window");
    }
    given.bordered(json!({ "size": size }))
}

fn random_crop(given: &mut Given) -> Vec<Json> {
    let size = given.sides("height", "width");
    vec![json!({"crop": window(given, size)})]
}

fn center_crop(given: &mut Given) -> Vec<Json> {
    let size = given.sides("height", "width");
    vec![json!({"center_crop": window(given, size)})]
}

fn fixed_crop(given: &mut Given) -> Vec<Json> {
    let (x0, y0) = (given.number("x_min", 0.0), given.number("y_min", 0.0));
    let (x1, y1) = (given.number("x_max", 1024.0), given.number("y_max", 1024.0));
    let Some((height, width)) = given.known_size() else { return Vec::new() };
    if x0 < 0.0 || y0 < 0.0 || x1 > width || y1 > height {
        given.refuse(format!("the window leaves the {height} x {width} picture"), &["CropAndPad"]);
        return Vec::new();
    }
    let place = |start: f64, free: f64| if free > 0.0 { start / free } else { 0.5 };
    let (x, y) = (place(x0, width - (x1 - x0)), place(y0, height - (y1 - y0)));
    let size = given.becomes(y1 - y0, x1 - x0);
    let mut body = window(given, size);
    (body["x"], body["y"]) = (json!(x), json!(y));
    vec![json!({ "crop": body })]
}

fn pair_size(given: &mut Given) -> Json {
    match given.numbers("size").as_deref() {
        Some(&[height, width]) => given.becomes(height, width),
        _ => {
            given.refuse("it says no size, height and width", &[]);
            json!(1)
        }
    }
}

fn resized_crop(given: &mut Given) -> Vec<Json> {
    let size = pair_size(given);
    let area = given.range("scale", (0.08, 1.0));
    let aspect = given.range("ratio", (0.75, 4.0 / 3.0));
    let body = json!({"size": size, "area": span(area), "aspect": span(aspect)});
    vec![json!({"resized_crop": given.resampled(body)})]
}

fn sized_crop(given: &mut Given) -> Vec<Json> {
    let heights = given.range("min_max_height", (1.0, 1.0));
    let ratio = given.number("w2h_ratio", 1.0);
    let Some((height, width)) = given.known_size() else { return Vec::new() };
    let size = pair_size(given);
    let aspect = given.notes.size.map_or(1.0, |(h, w)| w / h);
    if (aspect - ratio).abs() > 0.01 * ratio {
        given.refuse(
            format!(
                "its window has another aspect ({ratio}) than its size ({aspect}); windows are never stretched here"
            ),
            &["ResizedCrop"],
        );
    }
    // The tallest window of that aspect that fits.
    let tallest = height.min(width / ratio);
    let fraction = span(((heights.0 / tallest).min(1.0), (heights.1 / tallest).min(1.0)));
    vec![json!({"sized_crop": given.resampled(json!({"size": size, "fraction": fraction}))})]
}

fn crop_from_borders(given: &mut Given) -> Vec<Json> {
    let mut body = json!({});
    for (theirs, ours) in
        [("crop_left", "left"), ("crop_right", "right"), ("crop_top", "top"), ("crop_bottom", "bottom")]
    {
        body[ours] = span((0.0, given.number(theirs, 0.1).min(0.49)));
    }
    given.unknown_size();
    vec![json!({ "crop_borders": body })]
}

/// What a side may be: one of a list, or a range.
fn side(value: &Json, share: f64) -> Option<Json> {
    match value {
        Json::Array(list) => {
            let numbers: Vec<f64> = list.iter().map(Json::as_f64).collect::<Option<_>>()?;
            match numbers.as_slice() {
                &[lo, hi] => Some(span((lo / share, hi / share))),
                list => Some(json!({"one_of": list.iter().map(|v| v / share).collect::<Vec<_>>()})),
            }
        }
        number => number.as_f64().map(|v| json!(v / share)),
    }
}

fn crop_and_pad(given: &mut Given) -> Vec<Json> {
    let independent = given.flag("sample_independently", true);
    let keep = given.flag("keep_size", true);
    let (pixels, percent) = (given.raw("px"), given.raw("percent"));
    let (height, width) = match (pixels, percent) {
        (Some(_), _) => match given.known_size() {
            Some(size) => size,
            None => return Vec::new(),
        },
        _ => (1.0, 1.0),
    };
    let shares = [height, width, height, width];
    let each: Vec<Option<Json>> = match pixels.or(percent) {
        Some(Json::Array(list)) if list.len() == 4 => {
            list.iter().zip(shares).map(|(v, share)| side(v, share)).collect()
        }
        Some(one) => shares.iter().map(|share| side(one, *share)).collect(),
        None => vec![Some(json!(0.0)); 4],
    };
    let mut body = json!({"keep_size": keep});
    for (name, value) in ["top", "right", "bottom", "left"].into_iter().zip(each) {
        match value {
            Some(value) => body[name] = value,
            None => given.refuse("px or percent: expected a number, a range, or four of them", &[]),
        }
    }
    if !independent && pixels.or(percent).is_some_and(|v| v.as_array().is_some_and(|list| list.len() == 2)) {
        given.remark("each side moves by a draw of its own");
    }
    if !keep {
        given.unknown_size();
    }
    given.skip(&["interpolation", "mask_interpolation"]);
    if keep && given.filter("interpolation", 1.0).0 != "bilinear" {
        given.remark("the old size is brought back with the bilinear filter");
    }
    vec![json!({"crop_and_pad": given.bordered(body)})]
}

fn pad(given: &mut Given) -> Vec<Json> {
    let [left, top, right, bottom] = match given.numbers("padding").as_deref() {
        None => [0.0; 4],
        Some(&[all]) => [all; 4],
        Some(&[x, y]) => [x, y, x, y],
        Some(&[left, top, right, bottom]) => [left, top, right, bottom],
        Some(_) => {
            given.refuse("padding: expected one number, two or four", &[]);
            return Vec::new();
        }
    };
    if let Some((height, width)) = given.notes.size {
        given.becomes(height + top + bottom, width + left + right);
    } else {
        given.unknown_size();
    }
    let body = json!({
        "left_px": whole(left), "top_px": whole(top), "right_px": whole(right), "bottom_px": whole(bottom)
    });
    vec![json!({"pad": given.bordered(body)})]
}

fn pad_if_needed(given: &mut Given) -> Vec<Json> {
    let (height, width) = (given.optional("min_height"), given.optional("min_width"));
    let (down, across) = (given.optional("pad_height_divisor"), given.optional("pad_width_divisor"));
    given.skip(&["padding"]);
    let (x, y) = match given.word("position", "center") {
        "top_left" => (json!(0.0), json!(0.0)),
        "top_right" => (json!(1.0), json!(0.0)),
        "bottom_left" => (json!(0.0), json!(1.0)),
        "bottom_right" => (json!(1.0), json!(1.0)),
        "random" => (json!([0.0, 1.0]), json!([0.0, 1.0])),
        _ => (json!(0.5), json!(0.5)),
    };
    let multiple = match (down, across) {
        (None, None) => 1.0,
        (Some(a), Some(b)) if a == b && height.is_none() && width.is_none() => a,
        _ => {
            given.refuse(
                "both sides become multiples of one number here, and no least size is given with it",
                &["PadTo"],
            );
            return Vec::new();
        }
    };
    let defaults = if down.is_some() { (1.0, 1.0) } else { (1024.0, 1024.0) };
    let size = [height.unwrap_or(defaults.0), width.unwrap_or(defaults.1)];
    match given.notes.size {
        Some((h, w)) if multiple == 1.0 => {
            given.becomes(h.max(size[0]), w.max(size[1]));
        }
        _ => given.unknown_size(),
    }
    let mut body = json!({"size": [whole(size[0]), whole(size[1])], "x": x, "y": y});
    if multiple != 1.0 {
        body["multiple_px"] = whole(multiple);
    }
    vec![json!({"pad_to": given.bordered(body)})]
}
