//! Colour and values of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, even, span, times, whole, whole_range};

const WHITE: f64 = 1.0 / 255.0;

pub const TABLE: &[Entry] = &[
    Entry::new("AutoContrast", 0.5, &["auto_contrast", "equalize"], "", auto_contrast),
    Entry::new("CLAHE", 0.5, &["clahe"], "", clahe),
    Entry::new("ChannelShuffle", 0.5, &["channel_shuffle"], "", |_| vec![json!({"channel_shuffle": {}})]),
    Entry::new(
        "ChromaticAberration",
        0.5,
        &["chromatic_aberration"],
        "fringes grow evenly towards the corners, and are as wide on average; red and blue are drawn apart",
        chromatic_aberration,
    ),
    Entry::new("ColorJitter", 0.5, &["color_jitter"], "", color_jitter),
    Entry::new("Equalize", 0.5, &["equalize"], "", equalize),
    Entry::new(
        "FancyPCA",
        0.5,
        &["pca_color"],
        "the directions and strengths are those of ImageNet's colours, as published, not those of the picture itself",
        |g| vec![json!({"pca_color": {"sigma": g.number("alpha", 0.1)}})],
    ),
    Entry::new(
        "HEStain",
        0.5,
        &["stain_jitter"],
        "stains are split by one fixed matrix, and one number tells how far all go",
        |g| {
            let scale = g.range("intensity_scale_range", (0.7, 1.3));
            let shift = g.around("intensity_shift_range", (-0.2, 0.2));
            g.skip(&["method", "preset", "augment_background"]);
            let far = [(scale.0 - 1.0).abs(), (scale.1 - 1.0).abs(), shift.0.abs(), shift.1.abs()];
            vec![json!({"stain_jitter": {"strength": far.into_iter().fold(0.0, f64::max).min(1.0)}})]
        },
    ),
    Entry::new("HueSaturationValue", 0.5, &["hue_saturation_value"], "", |g| {
        let hue = times(g.around("hue_shift_limit", (-20.0, 20.0)), 1.0 / 180.0);
        let saturation = times(g.around("sat_shift_limit", (-30.0, 30.0)), WHITE);
        let value = times(g.around("val_shift_limit", (-20.0, 20.0)), WHITE);
        let body = json!({"hue": whole_range(hue), "saturation": whole_range(saturation), "value": whole_range(value)});
        vec![json!({ "hue_saturation_value": body })]
    }),
    Entry::new("Illumination", 0.5, &["illumination"], "", illumination),
    Entry::new("ImageCompression", 0.5, &["jpeg_quality", "webp_quality"], "", |g| {
        let quality = count(g.range("quality_range", (99.0, 100.0)));
        let name = if g.word("compression_type", "jpeg") == "webp" { "webp_quality" } else { "jpeg_quality" };
        vec![json!({ name: {"quality": quality} })]
    }),
    Entry::new("InvertImg", 0.5, &["invert"], "", |_| vec![json!({"invert": {}})]),
    Entry::new(
        "PlanckianJitter",
        0.5,
        &["temperature"],
        "temperatures are drawn by ratio, with no more weight on either side of white",
        |g| {
            let cied = g.word("mode", "blackbody") == "cied";
            let kelvin = g.range("temperature_limit", (if cied { 4000.0 } else { 3000.0 }, 15000.0));
            g.skip(&["sampling_method"]);
            vec![json!({"temperature": {"kelvin": span(kelvin)}})]
        },
    ),
    Entry::new("Posterize", 0.5, &["posterize"], "", posterize),
    Entry::new("RGBShift", 0.5, &["channel_shift"], "", |g| {
        let red = times(g.around("r_shift_limit", (-20.0, 20.0)), WHITE);
        let green = times(g.around("g_shift_limit", (-20.0, 20.0)), WHITE);
        let blue = times(g.around("b_shift_limit", (-20.0, 20.0)), WHITE);
        // What it is made of there, which its limits have settled.
        g.skip(&["approximation", "noise_params", "noise_type", "spatial_mode"]);
        vec![json!({"channel_shift": {"red": span(red), "green": span(green), "blue": span(blue)}})]
    }),
    Entry::new(
        "RandomBrightnessContrast",
        0.5,
        &["brightness", "solarize_add"],
        "values are cut at white after the multiplication and again after the addition",
        brightness_contrast,
    ),
    Entry::new("RandomGamma", 0.5, &["gamma"], "", |g| {
        let gamma = times(g.spread("gamma_limit", (80.0, 120.0), |v| (100.0 - v, 100.0 + v)), 0.01);
        vec![json!({"gamma": {"gamma": even((gamma.0.max(0.01), gamma.1))}})]
    }),
    Entry::new(
        "RandomToneCurve",
        0.5,
        &["tone_curve"],
        "control points move evenly up to a distance about a third and two thirds, with the deviation of the other's \
         normal shifts about a quarter and three quarters",
        |g| {
            let strength = (g.number("scale", 0.1) * 3f64.sqrt()).min(1.0);
            vec![json!({"tone_curve": {"strength": strength, "per_channel": g.flag("per_channel", false)}})]
        },
    ),
    Entry::new("Solarize", 0.5, &["solarize"], "", |g| {
        vec![json!({"solarize": {"threshold": span(g.range("threshold_range", (0.5, 0.5)))}})]
    }),
    Entry::new(
        "Superpixels",
        0.5,
        &["superpixels"],
        "patches are counted along the shorter side, at the full resolution",
        |g| {
            let share = g.range("p_replace", (0.0, 0.1));
            let patches = g.range("n_segments", (100.0, 100.0));
            g.skip(&["max_size", "interpolation"]);
            let cells = (patches.0.max(1.0).sqrt(), patches.1.max(1.0).sqrt());
            vec![json!({"superpixels": {"fraction": span(share), "cells": even(cells)}})]
        },
    ),
    Entry::new("ToGray", 0.5, &["grayscale"], "", grey),
    Entry::new("ToSepia", 0.5, &["sepia"], "", |_| vec![json!({"sepia": {"strength": 1.0}})]),
    Entry::new(
        "PlasmaBrightnessContrast",
        0.5,
        &["texture_overlay"],
        "a field of clouds lightens and darkens in one mode",
        |g| {
            let light = g.around("brightness_range", (-0.3, 0.3));
            g.skip(&["contrast_range", "plasma_size", "roughness"]);
            let most = (2.0 * light.0.abs().max(light.1.abs())).min(1.0);
            vec![json!({"texture_overlay": {"texture": "clouds", "mode": "overlay", "opacity": span((0.0, most))}})]
        },
    ),
    Entry::new("Normalize", 1.0, &["normalize"], "", normalize),
    Entry::new("ToFloat", 1.0, &["normalize"], "", to_float),
    Entry::new("ToTensorV2", 1.0, &[], "ask the batch or the loader for layout=\"NCHW\"", |g| {
        if g.flag("transpose_mask", false) {
            g.remark("masks keep their layout");
        }
        Vec::new()
    }),
    Entry::new("ToTensor3D", 1.0, &[], "volumes keep their layout, (slices, height, width, channels)", |_| Vec::new()),
    Entry::missing(
        "FromFloat",
        &[],
        "pictures keep their dtype; ask the batch or the loader for another one with dtype=",
    ),
    Entry::new("ToRGB", 1.0, &[], "open grey pictures as colour=\"rgb\"", |g| {
        if g.number("num_output_channels", 3.0) != 3.0 {
            g.refuse("colour has three channels here", &[]);
        }
        Vec::new()
    }),
];

fn auto_contrast(given: &mut Given) -> Vec<Json> {
    let cutoff = given.number("cutoff", 0.0);
    if given.raw("ignore").is_some() {
        given.refuse("no value can be left out of the count", &["AutoContrast"]);
    }
    if given.word("method", "cdf") == "cdf" {
        // That method takes the cumulated histogram for a curve, which is equalisation.
        if cutoff != 0.0 {
            given.remark("no share of the values is left out at the ends");
        }
        return vec![json!({"equalize": {"formula": "opencv"}})];
    }
    vec![json!({"auto_contrast": {"cutoff": (cutoff / 100.0).min(0.49)}})]
}

fn clahe(given: &mut Given) -> Vec<Json> {
    let limit = given.spread("clip_limit", (1.0, 4.0), |v| (1.0, v));
    let (rows, columns) = given.range("tile_grid_size", (8.0, 8.0));
    if rows != columns {
        given.remark("there are as many tiles down as across");
    }
    vec![json!({"clahe": {"clip_limit": span(limit), "tiles": whole(rows.max(columns))}})]
}

fn chromatic_aberration(given: &mut Given) -> Vec<Json> {
    let first = given.around("primary_distortion_limit", (-0.02, 0.02));
    let second = given.around("secondary_distortion_limit", (-0.05, 0.05));
    given.skip(&["mode", "interpolation"]);
    // There a radius counts sides; over a picture r³ is about a fifth of r on average, r⁵ a twentieth.
    let reach = span((0.2 * first.0 + 0.05 * second.0, 0.2 * first.1 + 0.05 * second.1));
    vec![json!({"chromatic_aberration": {"red": reach, "blue": reach}})]
}

fn color_jitter(given: &mut Given) -> Vec<Json> {
    let one = |v: f64| ((1.0 - v).max(0.0), 1.0 + v);
    let mut body = json!({"order": "random"});
    for key in ["brightness", "contrast", "saturation"] {
        body[key] = whole_range(given.spread(key, (0.8, 1.2), one));
    }
    body["hue"] = whole_range(given.around("hue", (-0.5, 0.5)));
    vec![json!({ "color_jitter": body })]
}

fn equalize(given: &mut Given) -> Vec<Json> {
    let formula = if given.word("mode", "cv") == "pil" { "pillow" } else { "opencv" };
    if formula == "pillow" {
        given.remark("values are those of Pillow's own formula, which the other counts one level further on");
    }
    if !given.flag("by_channels", true) {
        given
            .refuse("each channel has a histogram of its own; one of the brightness alone is not there", &["Equalize"]);
    }
    if given.raw("mask").is_some() {
        given.refuse("the histogram is that of the whole picture, without a mask", &["Equalize"]);
    }
    given.skip(&["mask_params"]);
    vec![json!({"equalize": {"formula": formula}})]
}

fn illumination(given: &mut Given) -> Vec<Json> {
    let pattern = given.word("mode", "linear");
    let (lo, hi) = given.range("intensity_range", (0.01, 0.2));
    let strength = match given.word("effect_type", "both") {
        "brighten" => (lo, hi),
        "darken" => (-hi, -lo),
        _ => {
            given.remark("strengths between the weakest shade and the weakest light are drawn too");
            (-hi, hi)
        }
    };
    let degrees = given.range("angle_range", (0.0, 360.0));
    let centre = given.range("center_range", (0.1, 0.9));
    let sigma = given.range("sigma_range", (0.2, 1.0));
    if pattern == "gaussian" {
        given.remark("the spot is measured by the shorter side, not by the longer one");
    }
    let mut body = json!({"pattern": pattern, "strength": span(strength), "degrees": span(degrees)});
    (body["x"], body["y"], body["sigma"]) = (span(centre), span(centre), span(sigma));
    vec![json!({ "illumination": body })]
}

fn posterize(given: &mut Given) -> Vec<Json> {
    let bits = match given.raw("num_bits") {
        Some(Json::Array(list)) if list.iter().any(Json::is_array) => {
            given.refuse("all channels keep as many bits", &["Posterize"]);
            return Vec::new();
        }
        _ => given.range("num_bits", (4.0, 4.0)),
    };
    vec![json!({"posterize": {"bits": count(bits)}})]
}

fn brightness_contrast(given: &mut Given) -> Vec<Json> {
    let light = given.around("brightness_limit", (-0.2, 0.2));
    let contrast = given.around("contrast_limit", (-0.2, 0.2));
    if !given.flag("brightness_by_max", true) {
        given.remark("what is added is a share of white, not of the mean");
    }
    if given.flag("ensure_safe_range", false) {
        given.remark("factors are not narrowed to keep values between black and white");
    }
    let mut stages = Vec::new();
    if contrast != (0.0, 0.0) {
        stages.push(json!({"brightness": {"factor": whole_range((1.0 + contrast.0, 1.0 + contrast.1))}}));
    }
    if light != (0.0, 0.0) || stages.is_empty() {
        stages.push(json!({"solarize_add": {"amount": span(light), "threshold": 2.0}}));
    }
    stages
}

fn grey(given: &mut Given) -> Vec<Json> {
    if given.number("num_output_channels", 3.0) != 3.0 {
        given.refuse("the channels stay three; open pictures as colour=\"grey\" for one", &["Grayscale"]);
    }
    if given.word("method", "weighted_average") != "weighted_average" {
        given.remark("grey is the weighted mean of red, green and blue (0.299, 0.587, 0.114)");
    }
    vec![json!({"grayscale": {}})]
}

fn normalize(given: &mut Given) -> Vec<Json> {
    let method = given.word("normalization", "standard");
    let most = given.number("max_pixel_value", 255.0);
    let mean = given.numbers("mean").unwrap_or_else(|| vec![0.485, 0.456, 0.406]);
    let std = given.numbers("std").unwrap_or_else(|| vec![0.229, 0.224, 0.225]);
    if method != "standard" {
        given.refuse(
            format!("normalization={method:?} takes its figures from each picture; here they are given"),
            &["Normalize"],
        );
    }
    if most != 255.0 && most != 1.0 {
        given.remark(format!("white is the dtype's own (255 of uint8), not {most}"));
    }
    given.notes.written = Some((mean.clone(), std.clone()));
    vec![json!({"normalize": {"mode": "custom", "mean": mean, "std": std}})]
}

fn to_float(given: &mut Given) -> Vec<Json> {
    if let Some(most) = given.optional("max_value")
        && !matches!(most as i64, 255 | 65535)
    {
        given.remark(format!("white is the dtype's own (255 of uint8), not {most}"));
    }
    given.notes.written = Some((vec![0.0], vec![1.0]));
    vec![json!({"normalize": {"mode": "unit"}})]
}
