//! Colour and values: Keras's layers that change what a pixel holds.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, span, times, whole, whole_range};

const ONE_SIDED: &str = "read as its documentation says: a single number goes both ways";

pub const TABLE: &[Entry] = &[
    Entry::new("RandomBrightness", 1.0, &["solarize_add"], "", |g| {
        g.layer();
        let amount = g.layer_factor("factor", -1.0, (0.0, 0.0));
        vec![json!({"solarize_add": {"amount": span(amount), "threshold": 2.0}})]
    }),
    Entry::new("RandomContrast", 1.0, &["contrast"], "", contrast),
    Entry::new("RandomHue", 1.0, &["hue"], "", |g| {
        g.layer();
        let (lo, hi) = g.spread("factor", (0.0, 0.0), |v| (0.0, v));
        if lo > 0.0 {
            g.remark("turns smaller than the least factor are drawn too");
        }
        // A factor of 1 is half a turn either way.
        vec![json!({"hue": {"turns": whole_range((-0.5 * hi, 0.5 * hi))}})]
    }),
    Entry::new(
        "RandomSaturation",
        1.0,
        &["saturation"],
        "colours are moved away from their grey, not in hue and value",
        saturation,
    ),
    Entry::new("RandomColorDegeneration", 1.0, &["saturation"], "", |g| {
        g.layer();
        let (lo, hi) = g.spread("factor", (0.0, 0.0), |v| (0.0, v));
        vec![json!({"saturation": {"factor": whole_range(((1.0 - hi).max(0.0), 1.0 - lo.max(0.0)))}})]
    }),
    Entry::new("RandomColorJitter", 1.0, &["color_jitter"], ONE_SIDED, color_jitter),
    Entry::new("RandomGrayscale", 1.0, &["grayscale"], "", |g| {
        g.layer();
        let chance = g.number("factor", 0.5);
        vec![json!({"grayscale": {"p": chance}})]
    }),
    Entry::new("Grayscale", 1.0, &["grayscale"], "", |g| {
        g.layer();
        if g.number("output_channels", 1.0) != 3.0 {
            g.remark("the channels stay three; open pictures as colour=\"grey\" for one");
        }
        vec![json!({"grayscale": {}})]
    }),
    Entry::new("RandomInvert", 1.0, &["invert"], "", |g| {
        g.layer();
        g.layer_chance(vec![json!({"invert": {}})])
    }),
    Entry::new("RandomPosterization", 1.0, &["posterize"], "", |g| {
        g.layer();
        let (lo, hi) = g.spread("factor", (1.0, 8.0), |v| (1.0, v));
        // The upper end is left out there.
        let bits = (lo.clamp(1.0, 8.0), (hi - 1.0).clamp(lo.clamp(1.0, 8.0), 8.0));
        vec![json!({"posterize": {"bits": count(bits)}})]
    }),
    Entry::new("Posterization", 1.0, &["posterize"], "", |g| {
        g.layer();
        vec![json!({"posterize": {"bits": whole(g.number("bits", 4.0))}})]
    }),
    Entry::new("RandomSharpness", 1.0, &["sharpness"], "the outermost pixels stay", |g| {
        g.layer();
        let factor = times(g.spread("factor", (0.0, 0.0), |v| (0.0, v)), 2.0);
        vec![json!({"sharpness": {"factor": whole_range(factor)}})]
    }),
    Entry::new("Solarization", 1.0, &["solarize_add", "solarize"], "", solarization),
    Entry::new("AutoContrast", 1.0, &["auto_contrast"], "", |g| {
        g.layer();
        vec![json!({"auto_contrast": {}})]
    }),
    Entry::new("Equalization", 1.0, &["equalize"], "each picture has a histogram of its own", |g| {
        g.layer();
        g.skip(&["bins"]);
        vec![json!({"equalize": {"formula": "opencv"}})]
    }),
    Entry::new("ContrastLimitedAdaptiveHistogramEqualization", 1.0, &["clahe"], "", |g| {
        g.layer();
        let limit = g.number("clip_limit", 4.0);
        let (rows, columns) = g.range("tile_grid_size", (8.0, 8.0));
        if rows != columns {
            g.remark("there are as many tiles down as across");
        }
        vec![json!({"clahe": {"clip_limit": limit, "tiles": whole(rows.max(columns))}})]
    }),
    Entry::new(
        "RandomGaussianBlur",
        1.0,
        &["gaussian_blur"],
        "the edge is mirrored, and one deviation is drawn for both axes",
        |g| {
            g.layer();
            g.skip(&["kernel_size"]);
            let sigma = g.spread("sigma", (0.0, 1.0), |v| (0.0, v));
            let stage = json!({"gaussian_blur": {"sigma": span(sigma), "border": "mirror"}});
            g.layer_chance(vec![stage])
        },
    ),
    Entry::new("RandomChannelShift", 1.0, &["channel_shift"], "", |g| {
        g.layer();
        g.skip(&["channels"]);
        let (_, hi) = g.spread("factor", (0.0, 0.0), |v| (0.0, v));
        let reach = span((-0.5 * hi, 0.5 * hi));
        vec![json!({"channel_shift": {"red": reach, "green": reach, "blue": reach}})]
    }),
    Entry::new("ChannelShuffle", 1.0, &["channel_shuffle"], "", |g| {
        g.layer();
        if g.number("groups", 3.0) != 3.0 {
            g.refuse("red, green and blue change places one by one", &["ChannelShuffle"]);
        }
        vec![json!({"channel_shuffle": {}})]
    }),
    Entry::new("RandomJpegQuality", 1.0, &["jpeg_quality"], "", |g| {
        g.layer();
        let quality = g.range("factor", (75.0, 75.0));
        vec![json!({"jpeg_quality": {"quality": count((quality.0.round(), quality.1.round()))}})]
    }),
    Entry::new("Rescaling", 1.0, &["normalize"], "", rescaling),
    Entry::new("Normalization", 1.0, &["normalize"], "", normalization),
];

fn contrast(given: &mut Given) -> Vec<Json> {
    given.layer();
    let (lo, hi) = given.spread("factor", (0.0, 0.0), |v| (v, v));
    let (lo, hi) = if lo == 0.0 && hi > 0.0 {
        // What Keras 3 keeps of one number f.
        given.remark("a factor of (0, f) is read as its documentation says of f: from 1 − f to 1 + f");
        (hi, hi)
    } else {
        (lo, hi)
    };
    let factor = whole_range(((1.0 - lo).max(0.0), 1.0 + hi));
    vec![json!({"contrast": {"factor": factor, "around": "channel_mean"}})]
}

fn saturation(given: &mut Given) -> Vec<Json> {
    given.layer();
    let (lo, hi) = given.spread("factor", (0.0, 0.0), |v| (0.0, v));
    // 0 is grey, a half changes nothing, and towards 1 there is no end.
    let factor = |u: f64| (u / (1.0 - u).max(0.05)).clamp(0.0, 10.0);
    if hi > 0.9 {
        given.remark("colours are strengthened tenfold at most");
    }
    vec![json!({"saturation": {"factor": whole_range((factor(lo.max(0.0)), factor(hi.max(0.0))))}})]
}

fn color_jitter(given: &mut Given) -> Vec<Json> {
    given.layer();
    let mut body = json!({"order": "fixed"});
    let mut stages = Vec::new();
    if given.raw("brightness_factor").is_some() {
        let amount = given.layer_factor("brightness_factor", -1.0, (0.0, 0.0));
        stages.push(json!({"solarize_add": {"amount": span(amount), "threshold": 2.0}}));
    }
    body["brightness"] = json!({"one_of": [1.0]});
    let (lo, hi) = given.spread("contrast_factor", (0.0, 0.0), |v| (v, v));
    let lo = if lo == 0.0 { hi } else { lo };
    body["contrast"] = whole_range(((1.0 - lo).max(0.0), 1.0 + hi));
    body["saturation"] = match given.numbers("saturation_factor").as_deref() {
        None | Some([]) => json!({"one_of": [1.0]}),
        Some(list) => {
            let factor = |u: f64| (u / (1.0 - u).max(0.05)).clamp(0.0, 10.0);
            let (lo, hi) = if list.len() == 1 { (0.0, list[0]) } else { (list[0].max(0.0), list[1]) };
            whole_range((factor(lo), factor(hi)))
        }
    };
    let (_, hue) = given.spread("hue_factor", (0.0, 0.0), |v| (0.0, v));
    body["hue"] = whole_range((-0.5 * hue, 0.5 * hue));
    stages.push(json!({ "color_jitter": body }));
    stages
}

fn solarization(given: &mut Given) -> Vec<Json> {
    given.layer();
    let addition = given.spread("addition_factor", (0.0, 0.0), |v| (0.0, v));
    let threshold = given.spread("threshold_factor", (0.0, 0.0), |v| (0.0, v));
    let mut stages = Vec::new();
    if addition != (0.0, 0.0) {
        stages.push(json!({"solarize_add": {"amount": span(addition), "threshold": 2.0}}));
    }
    stages.push(json!({"solarize": {"threshold": span(threshold)}}));
    stages
}

fn rescaling(given: &mut Given) -> Vec<Json> {
    given.layer();
    let (scale, offset) = (given.number("scale", 1.0), given.number("offset", 0.0));
    // v · 255 · scale + offset as (v − mean) / std.
    let std = 1.0 / (255.0 * scale);
    let mean = -offset * std;
    if (std - 1.0).abs() < 1e-9 && mean == 0.0 {
        given.notes.written = Some((vec![0.0], vec![1.0]));
        return vec![json!({"normalize": {"mode": "unit"}})];
    }
    if !(std.is_finite() && std > 0.0) {
        given.refuse(format!("scale {scale}: expected a number above 0"), &["Normalize"]);
        return Vec::new();
    }
    given.notes.written = Some((vec![mean], vec![std]));
    vec![json!({"normalize": {"mode": "custom", "mean": [mean], "std": [std]}})]
}

fn normalization(given: &mut Given) -> Vec<Json> {
    given.layer();
    given.skip(&["axis", "build_input_shape"]);
    if given.flag("invert", false) {
        given.refuse("final numbers are not turned back into pictures", &["Normalize"]);
    }
    let (Some(mean), Some(variance)) = (given.numbers("mean"), given.numbers("variance")) else {
        given.refuse("its mean and variance were adapted and stand in its weights; name them", &["Normalize"]);
        return Vec::new();
    };
    // Figures of pictures from 0 to 255, unless numbers from 0 to 1 were written before.
    let white = if given.notes.written.is_some() { 1.0 } else { 255.0 };
    let mean: Vec<f64> = mean.iter().map(|v| v / white).collect();
    let std: Vec<f64> = variance.iter().map(|v| v.max(0.0).sqrt().max(1e-7) / white).collect();
    given.notes.written = Some((mean.clone(), std.clone()));
    vec![json!({"normalize": {"mode": "custom", "mean": mean, "std": std}})]
}
