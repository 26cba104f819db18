//! Colour, blur, noise and final numbers of torchvision.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, span, whole, whole_range};

pub const TABLE: &[Entry] = &[
    Entry::new("ColorJitter", 1.0, &["color_jitter"], "", |g| {
        let body = json!({
            "brightness": g.factor("brightness", 1.0),
            "contrast": g.factor("contrast", 1.0),
            "saturation": g.factor("saturation", 1.0),
            "hue": g.factor("hue", 0.0),
            "order": "random",
        });
        vec![json!({ "color_jitter": body })]
    }),
    Entry::new("RandomPhotometricDistort", 0.5, &["photometric"], "", |g| {
        let body = json!({
            "brightness": whole_range(g.range("brightness", (0.875, 1.125))),
            "contrast": whole_range(g.range("contrast", (0.5, 1.5))),
            "saturation": whole_range(g.range("saturation", (0.5, 1.5))),
            "hue": whole_range(g.range("hue", (-0.05, 0.05))),
            "chance": g.number("p", 0.5),
        });
        // Its chance is that of each step, not of the whole.
        g.always();
        vec![json!({ "photometric": body })]
    }),
    Entry::new("RandomChannelPermutation", 1.0, &["channel_shuffle"], "", |_| vec![json!({"channel_shuffle": {}})]),
    Entry::new("Grayscale", 1.0, &["grayscale"], "", |g| {
        if g.number("num_output_channels", 1.0) != 3.0 {
            g.remark("the channels stay three; open pictures as colour=\"grey\" for one");
        }
        vec![json!({"grayscale": {}})]
    }),
    Entry::new("RandomGrayscale", 0.1, &["grayscale"], "", |_| vec![json!({"grayscale": {}})]),
    Entry::new("RandomInvert", 0.5, &["invert"], "", |_| vec![json!({"invert": {}})]),
    Entry::new("RandomPosterize", 0.5, &["posterize"], "", |g| {
        vec![json!({"posterize": {"bits": whole(g.number("bits", 4.0))}})]
    }),
    Entry::new("RandomSolarize", 0.5, &["solarize"], "", |g| {
        vec![json!({"solarize": {"threshold": g.colour("threshold", 128.0)}})]
    }),
    Entry::new("RandomAdjustSharpness", 0.5, &["sharpness"], "", |g| {
        vec![json!({"sharpness": {"factor": {"one_of": [g.number("sharpness_factor", 1.0)]}}})]
    }),
    Entry::new("RandomAutocontrast", 0.5, &["auto_contrast"], "", |_| vec![json!({"auto_contrast": {}})]),
    Entry::new("RandomEqualize", 0.5, &["equalize"], "", |_| vec![json!({"equalize": {"formula": "pillow"}})]),
    Entry::new(
        "GaussianBlur",
        1.0,
        &["gaussian_blur"],
        "the kernel is as large as its deviation asks, not of a given side",
        |g| {
            g.skip(&["kernel_size"]);
            let sigma = g.range("sigma", (0.1, 2.0));
            vec![json!({"gaussian_blur": {"sigma": span(sigma), "border": "mirror"}})]
        },
    ),
    Entry::new("GaussianNoise", 1.0, &["gaussian_noise"], "values are always cut at black and white", |g| {
        if g.number("mean", 0.0) != 0.0 {
            g.refuse("noise has the mean 0 here", &["GaussianNoise"]);
        }
        g.skip(&["clip"]);
        vec![json!({"gaussian_noise": {"sigma": g.number("sigma", 0.1)}})]
    }),
    Entry::new("JPEG", 1.0, &["jpeg_quality"], "", |g| {
        vec![json!({"jpeg_quality": {"quality": count(g.range("quality", (75.0, 75.0)))}})]
    }),
    Entry::new("Normalize", 1.0, &["normalize"], "", normalize),
    Entry::missing(
        "LinearTransformation",
        &["normalize"],
        "values are brought to a scale channel by channel, not by a matrix over the whole picture",
    ),
];

fn normalize(given: &mut Given) -> Vec<Json> {
    given.skip(&["inplace"]);
    let (Some(mean), Some(std)) = (given.numbers("mean"), given.numbers("std")) else {
        given.refuse("it says no mean and std", &["Normalize"]);
        return Vec::new();
    };
    given.notes.written = Some((mean.clone(), std.clone()));
    vec![json!({"normalize": {"mode": "custom", "mean": mean, "std": std}})]
}
