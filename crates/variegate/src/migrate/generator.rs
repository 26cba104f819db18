//! The arguments of Keras's legacy `ImageDataGenerator`, as one mapping.
//!
//! [`super::migrate`] calls it. Every argument is read by itself, and the pipeline has them in the order in which the
//! generator applies them. `width_shift_range` shifts across and `height_shift_range` down, as their names say.

use serde_json::{Map, Value as Json, json};
use variegate_picture::{Error, Result};

use super::entry::Entry;
use super::given::{Given, even, span};
use super::walk::Walk;

/// The arguments, in the order in which they are applied.
pub const TABLE: &[(&str, &[Entry])] = &[("arguments", ARGUMENTS)];

/// What warps the picture, and so is read with the arguments that say how.
const WARPS: &[&str] = &["rotation_range", "width_shift_range", "height_shift_range", "shear_range", "zoom_range"];
const BESIDE: &[&str] = &["fill_mode", "cval", "interpolation_order"];

const ARGUMENTS: &[Entry] = &[
    Entry::new("rotation_range", 1.0, &["rotate"], "", |g| {
        g.skip(BESIDE);
        let far = g.number("value", 0.0);
        if far == 0.0 {
            Vec::new()
        } else {
            vec![json!({"rotate": bordered(g, json!({"degrees": span((-far, far))}))})]
        }
    }),
    Entry::new("width_shift_range", 1.0, &["translate"], "", |g| shift(g, "x", "y")),
    Entry::new("height_shift_range", 1.0, &["translate"], "", |g| shift(g, "y", "x")),
    Entry::new("shear_range", 1.0, &["shear"], "the height of what is slanted stays", |g| {
        g.skip(BESIDE);
        let far = g.number("value", 0.0);
        if far == 0.0 {
            return Vec::new();
        }
        // There a position moves by the sine of the angle, here by its tangent.
        let degrees = far.to_radians().sin().atan().to_degrees();
        vec![json!({"shear": bordered(g, json!({"x": span((-degrees, degrees)), "y": 0.0}))})]
    }),
    Entry::new("zoom_range", 1.0, &["zoom"], "magnifications are drawn evenly, not their inverses", |g| {
        g.skip(BESIDE);
        let (lo, hi) = g.spread("value", (1.0, 1.0), |z| (1.0 - z, 1.0 + z));
        if (lo, hi) == (1.0, 1.0) {
            return Vec::new();
        }
        // There a number below 1 magnifies.
        let factor = even((1.0 / hi.max(0.01), 1.0 / lo.max(0.01)));
        vec![json!({"zoom": bordered(g, json!({"factor": factor, "factor_y": factor}))})]
    }),
    Entry::new("channel_shift_range", 1.0, &["solarize_add"], "values are cut at black and white", |g| {
        let far = g.number("value", 0.0) / 255.0;
        if far == 0.0 {
            return Vec::new();
        }
        vec![json!({"solarize_add": {"amount": span((-far, far)), "threshold": 2.0}})]
    }),
    Entry::new("horizontal_flip", 1.0, &["flip"], "", |g| flip(g, "horizontal")),
    Entry::new("vertical_flip", 1.0, &["flip"], "", |g| flip(g, "vertical")),
    Entry::new(
        "brightness_range",
        1.0,
        &["brightness"],
        "the picture is not stretched from black to white before",
        |g| {
            let (lo, hi) = g.range("value", (1.0, 1.0));
            if (lo, hi) == (1.0, 1.0) {
                return Vec::new();
            }
            let factor = if lo == hi { json!({"one_of": [lo]}) } else { json!([lo, hi]) };
            vec![json!({"brightness": {"factor": factor}})]
        },
    ),
    Entry::new("rescale", 1.0, &["normalize"], "", |g| {
        let scale = g.number("value", 0.0);
        if scale == 0.0 {
            return Vec::new();
        }
        let std = 1.0 / (255.0 * scale);
        if (std - 1.0).abs() < 1e-9 {
            return vec![json!({"normalize": {"mode": "unit"}})];
        }
        vec![json!({"normalize": {"mode": "custom", "mean": [0.0], "std": [std]}})]
    }),
    Entry::new("fill_mode", 1.0, &[], "", quiet),
    Entry::new("cval", 1.0, &[], "", quiet),
    Entry::new("interpolation_order", 1.0, &[], "", quiet),
    Entry::new("data_format", 1.0, &[], "", quiet),
    Entry::new("dtype", 1.0, &[], "", quiet),
    Entry::new("validation_split", 1.0, &[], "", |g| {
        if g.number("value", 0.0) != 0.0 {
            g.remark("split the source: vg.folder(…).split(share)");
        }
        Vec::new()
    }),
    Entry::new("zca_epsilon", 1.0, &[], "", quiet),
    Entry::new("preprocessing_function", 1.0, &[], "", |g| {
        if g.raw("value").is_some() {
            g.refuse("it holds code, and a pipeline holds data alone; call the code before or after", &["Normalize"]);
        }
        Vec::new()
    }),
    Entry::new("featurewise_center", 1.0, &["normalize"], "", fitted),
    Entry::new("featurewise_std_normalization", 1.0, &["normalize"], "", fitted),
    Entry::new("samplewise_center", 1.0, &["normalize"], "", fitted),
    Entry::new("samplewise_std_normalization", 1.0, &["normalize"], "", fitted),
    Entry::new("zca_whitening", 1.0, &["normalize"], "", fitted),
];

/// What is read with another argument, or says nothing here.
fn quiet(given: &mut Given) -> Vec<Json> {
    given.skip(&["value"]);
    Vec::new()
}

/// What needs figures of the data, or of each picture.
fn fitted(given: &mut Given) -> Vec<Json> {
    if given.flag("value", false) {
        let why = "figures are given here, not measured: name mean and std, or use variegate.keras.ImageDataGenerator";
        given.refuse(why, &["Normalize"]);
    }
    Vec::new()
}

fn flip(given: &mut Given, axis: &str) -> Vec<Json> {
    if given.flag("value", false) { vec![json!({"flip": {"axis": axis, "p": 0.5}})] } else { Vec::new() }
}

fn shift(given: &mut Given, along: &str, across: &str) -> Vec<Json> {
    given.skip(BESIDE);
    let list = given.numbers("value").unwrap_or_default();
    if list.iter().all(|v| *v == 0.0) {
        return Vec::new();
    }
    let most = list.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    let share = if most < 1.0 {
        1.0
    } else {
        match given.known_size() {
            Some((height, width)) => {
                if along == "x" {
                    width
                } else {
                    height
                }
            }
            None => return Vec::new(),
        }
    };
    let drawn = match list.as_slice() {
        &[far] => span((-far / share, far / share)),
        list => json!({"one_of": list.iter().flat_map(|v| [v / share, -v / share]).collect::<Vec<_>>()}),
    };
    vec![json!({"translate": bordered(given, json!({along: drawn, across: 0.0}))})]
}

/// Puts how a warped picture is read to a body: the arguments of the same names, which stand beside the one read.
fn bordered(given: &mut Given, mut body: Json) -> Json {
    match given.number("interpolation_order", 1.0) as i64 {
        0 => body["filter"] = json!("nearest"),
        1 => {}
        order => {
            given.remark(format!("a spline of the order {order} is read as the bicubic filter"));
            body["filter"] = json!("bicubic");
        }
    }
    let fill = given.colour("cval", 0.0);
    match given.word("fill_mode", "nearest") {
        "constant" => body["fill"] = fill,
        "reflect" => body["border"] = json!("reflect"),
        "wrap" => body["border"] = json!("wrap"),
        _ => body["border"] = json!("edge"),
    }
    body
}

/// The stages of a mapping of arguments.
pub fn document(walk: &mut Walk, given: &Json) -> Result<Vec<Json>> {
    let arguments = given.as_object().ok_or_else(|| {
        Error::parameter(format!("ImageDataGenerator: expected a mapping of its arguments, found {given}"))
    })?;
    for name in arguments.keys().filter(|name| ARGUMENTS.iter().all(|entry| entry.name != name.as_str())) {
        walk.operation(name, &Map::new(), name, false);
    }
    let mut stages = Vec::new();
    for entry in ARGUMENTS {
        let Some(value) = arguments.get(entry.name).filter(|value| !value.is_null()) else { continue };
        let mut map = Map::new();
        map.insert("value".into(), value.clone());
        if WARPS.contains(&entry.name) {
            let beside = BESIDE.iter().filter_map(|key| Some((key.to_string(), arguments.get(*key)?.clone())));
            map.extend(beside);
        }
        stages.extend(walk.operation(entry.name, &map, entry.name, false));
    }
    Ok(stages)
}
