//! Places: Keras's layers that flip, turn, warp, crop and resize.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, even, span, times};

pub const TABLE: &[Entry] = &[
    Entry::new("RandomFlip", 1.0, &["flip"], "", flip),
    Entry::new("RandomRotation", 1.0, &["rotate"], "", |g| {
        g.layer();
        let degrees = times(g.layer_factor("factor", -1e9, (0.0, 0.0)), 360.0);
        vec![json!({"rotate": g.warped_layer(json!({"degrees": span(degrees)}), "reflect")})]
    }),
    Entry::new("RandomTranslation", 1.0, &["translate"], "", |g| {
        g.layer();
        let y = g.layer_factor("height_factor", -1.0, (0.0, 0.0));
        let x = g.layer_factor("width_factor", -1.0, (0.0, 0.0));
        vec![json!({"translate": g.warped_layer(json!({"x": span(x), "y": span(y)}), "reflect")})]
    }),
    Entry::new("RandomZoom", 1.0, &["zoom"], "magnifications are drawn evenly, not their inverses", |g| {
        g.layer();
        let down = g.layer_factor("height_factor", -0.99, (0.0, 0.0));
        // There a positive number zooms out: 1 + u of the picture is seen.
        let seen = |(lo, hi): (f64, f64)| even((1.0 / (1.0 + hi), 1.0 / (1.0 + lo)));
        let mut body = json!({"factor": seen(down)});
        if g.raw("width_factor").is_some() {
            body["factor"] = seen(g.layer_factor("width_factor", -0.99, (0.0, 0.0)));
            body["factor_y"] = seen(down);
        }
        vec![json!({"zoom": g.warped_layer(body, "reflect")})]
    }),
    Entry::new(
        "RandomShear",
        1.0,
        &["shear"],
        "the picture is slanted about its centre, and the signs of both axes are drawn apart",
        |g| {
            g.layer();
            let degrees = |(lo, hi): (f64, f64)| {
                let most = lo.abs().max(hi.abs()).atan().to_degrees();
                span((-most, most))
            };
            let x = g.layer_factor("x_factor", -1.0, (0.0, 0.0));
            let y = g.layer_factor("y_factor", -1.0, (0.0, 0.0));
            vec![json!({"shear": g.warped_layer(json!({"x": degrees(x), "y": degrees(y)}), "reflect")})]
        },
    ),
    Entry::new("RandomPerspective", 1.0, &["perspective"], "all four corners move, inwards", |g| {
        g.layer();
        let (lo, hi) = g.range("scale", (1.0, 1.0));
        let strength = span((lo.clamp(0.0, 1.0), hi.clamp(0.0, 1.0)));
        let stage = json!({"perspective": g.warped_layer(json!({"strength": strength}), "constant")});
        g.layer_chance(vec![stage])
    }),
    Entry::new("RandomElasticTransform", 1.0, &["elastic"], "the strength is drawn for each picture", |g| {
        g.layer();
        // There shifts of even noise are of α = 0.1 · u sides, smoothed by 0.05 · u of them, u up to the scale.
        let scale = g.spread("scale", (0.0, 1.0), |v| (0.0, v)).1.clamp(0.0, 1.0);
        let body = json!({"strength": span((0.0, 0.02 * scale)), "sigma": (0.05 * scale).max(0.01)});
        let stage = json!({"elastic": g.warped_layer(body, "reflect")});
        g.layer_chance(vec![stage])
    }),
    Entry::new(
        "RandomCrop",
        1.0,
        &["crop"],
        "every picture has a place of its own; a smaller one is padded, not stretched",
        |g| {
            g.layer();
            vec![json!({"crop": {"size": g.sides("height", "width")}})]
        },
    ),
    Entry::new("CenterCrop", 1.0, &["center_crop"], "a smaller picture is padded, not stretched", |g| {
        g.layer();
        vec![json!({"center_crop": {"size": g.sides("height", "width")}})]
    }),
    Entry::new("Resizing", 1.0, &["resize", "letterbox", "crop_to_fit"], "", resizing),
    Entry::new("RandomCropAndResize", 1.0, &["resized_crop"], "aspects are drawn by ratio", |g| {
        g.layer();
        let area = g.range("crop_area_factor", (0.08, 1.0));
        let aspect = g.range("aspect_ratio_factor", (0.75, 4.0 / 3.0));
        let size = target(g, "target_size");
        let filter = g.layer_filter();
        let body = json!({"size": size, "area": span(area), "aspect": span(aspect), "filter": filter});
        vec![json!({ "resized_crop": body })]
    }),
    Entry::new("JitteredResize", 1.0, &["large_scale_jitter"], "", |g| {
        g.layer();
        let factor = g.range("scale_factor", (0.1, 2.0));
        let size = target(g, "target_size");
        if g.raw("crop_size").is_some() {
            g.remark("the result has the target size; no further crop follows");
        }
        let filter = g.layer_filter();
        vec![json!({"large_scale_jitter": {"size": size, "factor": span(factor), "filter": filter}})]
    }),
    Entry::new("RandomAspectRatio", 1.0, &["aspect_jitter"], "the picture keeps its size, and its border shows", |g| {
        g.layer();
        let aspect = g.range("factor", (0.75, 4.0 / 3.0));
        vec![json!({"aspect_jitter": g.warped_layer(json!({"aspect": span(aspect)}), "constant")})]
    }),
];

fn target(given: &mut Given, key: &'static str) -> Json {
    match given.numbers(key).as_deref() {
        Some(&[height, width]) => given.becomes(height, width),
        _ => {
            given.refuse(format!("{key}: expected height and width"), &[]);
            json!(1)
        }
    }
}

fn flip(given: &mut Given) -> Vec<Json> {
    given.layer();
    let rate = given.number("rate", 0.5);
    let one = |axis: &str| json!({"flip": {"axis": axis, "p": rate}});
    match given.word("mode", "horizontal_and_vertical") {
        "horizontal" => vec![one("horizontal")],
        "vertical" => vec![one("vertical")],
        _ => {
            given.remark("both axes are flipped by draws of their own, where Keras 3 draws once for both");
            vec![one("horizontal"), one("vertical")]
        }
    }
}

fn resizing(given: &mut Given) -> Vec<Json> {
    given.layer();
    let filter = given.layer_filter();
    let (crop, pad) = (given.flag("crop_to_aspect_ratio", false), given.flag("pad_to_aspect_ratio", false));
    let antialias = given.flag("antialias", false);
    let border = match given.word("fill_mode", "constant") {
        "constant" => "constant",
        other => {
            given.refuse(format!("fill_mode {other:?} of a padding is not read"), &["Letterbox"]);
            "constant"
        }
    };
    let fill = given.colour("fill_value", 0.0);
    let (height, width) = (given.optional("height"), given.optional("width"));
    let size = given.sides("height", "width");
    let stretch = json!({"resize": {"size": size, "filter": filter, "antialias": antialias}});
    if pad {
        if !antialias {
            given.remark("shrinking averages all pixels under the footprint of the filter");
        }
        return vec![json!({"letterbox": {"size": size, "filter": filter, "border": border, "fill": fill}})];
    }
    match (crop, height, width) {
        (true, Some(height), Some(width)) => {
            vec![json!({"crop_to_fit": {"rule": "aspect", "aspect": width / height}}), stretch]
        }
        _ => vec![stretch],
    }
}
