//! Flips, turns and affine maps of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, even, span};

const SMOOTH: &str = "shifts are not rounded to whole pixels, and an upright map that shrinks is antialiased";

pub const TABLE: &[Entry] = &[
    Entry::new("HorizontalFlip", 0.5, &["flip"], "", |_| vec![json!({"flip": {"axis": "horizontal"}})]),
    Entry::new("VerticalFlip", 0.5, &["flip"], "", |_| vec![json!({"flip": {"axis": "vertical"}})]),
    Entry::new("Transpose", 0.5, &["transpose"], "", |g| turned(g, json!({"transpose": {"axis": "main"}}))),
    Entry::new("D4", 1.0, &["square_symmetry"], "", |g| turned(g, json!({"square_symmetry": {"symmetry": [0, 7]}}))),
    Entry::new("SquareSymmetry", 1.0, &["square_symmetry"], "", |g| {
        turned(g, json!({"square_symmetry": {"symmetry": [0, 7]}}))
    }),
    Entry::new("RandomRotate90", 1.0, &["quarter_turn"], "", |g| turned(g, json!({"quarter_turn": {"turns": [0, 3]}}))),
    Entry::new("Rotate", 0.5, &["rotate"], "", rotate),
    Entry::new("SafeRotate", 0.5, &["rotate", "resize"], "", safe_rotate),
    Entry::new("Affine", 0.5, &["affine", "zoom", "shear", "translate"], SMOOTH, affine),
    Entry::new("ShiftScaleRotate", 0.5, &["affine"], SMOOTH, shift_scale_rotate),
    Entry::new(
        "Perspective",
        0.5,
        &["perspective", "zoom"],
        "corners move evenly with the mean of the other's half-normal distances; what is seen is magnified as there, by one \
         factor",
        perspective,
    ),
    Entry::new("NoOp", 0.5, &[], "", |_| Vec::new()),
    Entry::missing("Lambda", &[], "it holds code, and a pipeline holds data alone; call the code before or after"),
];

/// What exchanges height and width by chance.
fn turned(given: &mut Given, stage: Json) -> Vec<Json> {
    if given.notes.size.is_none_or(|(height, width)| height != width) {
        given.unknown_size();
    }
    vec![stage]
}

fn boxes_by(given: &mut Given) {
    if given.word("rotate_method", "largest_box") != "largest_box" {
        given.remark("boxes become those around their turned corners, not those around an ellipse");
    }
}

fn rotate(given: &mut Given) -> Vec<Json> {
    let mut body = json!({"degrees": span(given.around("limit", (-90.0, 90.0)))});
    boxes_by(given);
    if given.flag("crop_border", false) {
        body["canvas"] = json!("crop");
        given.unknown_size();
    }
    vec![json!({"rotate": given.read_by(body)})]
}

fn safe_rotate(given: &mut Given) -> Vec<Json> {
    let degrees = span(given.around("limit", (-90.0, 90.0)));
    boxes_by(given);
    // What an affine map has besides, at rest in this one.
    given.skip(&["rotate", "scale", "shear", "translate_percent", "translate_px"]);
    given.skip(&["balanced_scale", "keep_ratio", "fit_output"]);
    let turn = json!({"rotate": given.read_by(json!({"degrees": degrees, "canvas": "expand"}))});
    let back = match given.notes.size {
        Some((height, width)) => json!({"resize": {"size": given.becomes(height, width), "antialias": false}}),
        None if given.notes.untouched => json!({"resize_back": {"antialias": false}}),
        None => {
            given.refuse("it keeps a size that is not known here; name the size of the pictures", &["Rotate"]);
            return Vec::new();
        }
    };
    vec![turn, back]
}

/// A mapping of x and y to ranges, or one range for both.
fn pairs(given: &mut Given, key: &'static str, default: f64, one: fn(f64) -> (f64, f64)) -> Option<[(f64, f64); 2]> {
    let value = given.raw(key)?;
    let range = |value: &Json| match value {
        Json::Array(list) => Some((list.first()?.as_f64()?, list.get(1)?.as_f64()?)),
        number => number.as_f64().map(one),
    };
    let two = match value {
        Json::Object(axes) => {
            let axis = |name: &str| axes.get(name).map_or(Some((default, default)), range);
            axis("x").zip(axis("y"))
        }
        both => range(both).map(|r| (r, r)),
    };
    if two.is_none() {
        given.refuse(format!("{key} is {value}; expected a range, or one each for x and y"), &[]);
    }
    two.map(|(x, y)| [x, y])
}

fn affine(given: &mut Given) -> Vec<Json> {
    const STILL: (f64, f64) = (0.0, 0.0);
    let same = |v: f64| (v, v);
    let around = |v: f64| (-v, v);
    let [scale_x, scale_y] = pairs(given, "scale", 1.0, same).unwrap_or([(1.0, 1.0); 2]);
    let [shear_x, shear_y] = pairs(given, "shear", 0.0, around).unwrap_or([STILL; 2]);
    let degrees = given.around("rotate", STILL);
    let percent = pairs(given, "translate_percent", 0.0, same);
    let pixels = pairs(given, "translate_px", 0.0, same).filter(|axes| *axes != [STILL; 2]);
    let joined = given.flag("keep_ratio", false) || (scale_x == scale_y && scale_x.0 == scale_x.1);
    if given.flag("balanced_scale", false) {
        given.remark("magnifications are drawn evenly, so enlarging and shrinking are not equally likely");
    }
    if given.flag("fit_output", false) {
        given.refuse("a canvas that grows with the picture is there for turns alone", &["Rotate"]);
    }
    boxes_by(given);
    let how = given.read_by(json!({}));
    let [x, y] = match (percent, pixels) {
        (Some(shares), _) => shares,
        (None, None) => [STILL; 2],
        (None, Some([x, y])) => match given.known_size() {
            Some((height, width)) => [(x.0 / width, x.1 / width), (y.0 / height, y.1 / height)],
            None => return Vec::new(),
        },
    };
    let with = |name: &str, mut body: Json| {
        for (key, value) in how.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        json!({ name: body })
    };
    let mut stages = Vec::new();
    if !joined {
        stages.push(with("zoom", json!({"factor": even(scale_x), "factor_y": even(scale_y)})));
    }
    let zoom = if joined { even(scale_x) } else { json!(1.0) };
    let plain = (shear_x, shear_y) == (STILL, STILL);
    let (own_x, own_y) = if plain { (x, y) } else { (STILL, STILL) };
    let (own_x, own_y) = (span(own_x), span(own_y));
    let turn = json!({"degrees": span(degrees), "zoom": zoom, "x": own_x, "y": own_y, "shear_x": 0.0, "shear_y": 0.0});
    if plain || degrees != STILL || zoom != json!(1.0) {
        stages.push(with("affine", turn));
    }
    if !plain {
        stages.push(with("shear", json!({"x": span(shear_x), "y": span(shear_y)})));
        if shear_x != STILL && shear_y != STILL {
            given.remark("the shears along x and y follow each other");
        }
        if (x, y) != (STILL, STILL) {
            stages.push(with("translate", json!({"x": span(x), "y": span(y)})));
        }
    }
    stages
}

fn shift_scale_rotate(given: &mut Given) -> Vec<Json> {
    let shift = given.around("shift_limit", (-0.0625, 0.0625));
    let (x, y) = (given.around("shift_limit_x", shift), given.around("shift_limit_y", shift));
    let scale = given.around("scale_limit", (-0.1, 0.1));
    let degrees = given.around("rotate_limit", (-45.0, 45.0));
    boxes_by(given);
    let zoom = even((1.0 + scale.0, 1.0 + scale.1));
    let body =
        json!({"degrees": span(degrees), "zoom": zoom, "x": span(x), "y": span(y), "shear_x": 0.0, "shear_y": 0.0});
    vec![json!({"affine": given.read_by(body)})]
}

fn perspective(given: &mut Given) -> Vec<Json> {
    let scale = given.range("scale", (0.05, 0.1));
    if !given.flag("keep_size", true) || given.flag("fit_output", false) {
        given.refuse("the canvas keeps its size here (keep_size=True, fit_output=False)", &["Perspective"]);
    }
    // A half-normal distance has the mean σ √(2/π), of the whole side; an even one up to strength / 2 has strength / 4.
    let factor = 4.0 * (2.0 / std::f64::consts::PI).sqrt();
    let strength = (scale.0 * factor, scale.1 * factor);
    // Ours moves the picture's corners inwards, which leaves 1 − strength / 2 of a side on average; there as much of the
    // picture fills the canvas.
    let left = 1.0 - (strength.0 + strength.1) / 4.0;
    let how = given.read_by(json!({}));
    let with = |name: &str, mut body: Json| {
        for (key, value) in how.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        json!({ name: body })
    };
    vec![
        with("perspective", json!({"strength": span(strength)})),
        with("zoom", json!({"factor": 1.0 / (left * left).max(0.01)})),
    ]
}
