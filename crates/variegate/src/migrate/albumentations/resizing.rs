//! Resizing of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, span, whole};

pub const TABLE: &[Entry] = &[
    Entry::new("Resize", 1.0, &["resize"], "", |g| {
        let size = g.sides("height", "width");
        vec![json!({"resize": g.resampled(json!({ "size": size }))})]
    }),
    Entry::new("LongestMaxSize", 1.0, &["resize_longest"], "", |g| longest_or_shortest(g, "resize_longest")),
    Entry::new("SmallestMaxSize", 1.0, &["resize_shortest"], "", |g| longest_or_shortest(g, "resize_shortest")),
    Entry::new("RandomScale", 0.5, &["scale_jitter"], "", random_scale),
    Entry::new("Downscale", 0.5, &["downscale"], "", downscale),
];

fn longest_or_shortest(given: &mut Given, ours: &str) -> Vec<Json> {
    let length = given.numbers("max_size");
    if given.raw("max_size_hw").is_some() {
        given.refuse(
            "a bound for height and width each is not there; one for the longer or the shorter side is",
            &["Letterbox"],
        );
    }
    let length = match length.as_deref() {
        Some(&[one]) => whole(one),
        Some(list) if !list.is_empty() => json!({"one_of": list.iter().map(|v| whole(*v)).collect::<Vec<_>>()}),
        _ => {
            given.refuse("it says no max_size", &[]);
            return Vec::new();
        }
    };
    given.unknown_size();
    vec![json!({ ours: given.resampled(json!({"length_px": length})) })]
}

fn random_scale(given: &mut Given) -> Vec<Json> {
    let (lo, hi) = given.around("scale_limit", (-0.1, 0.1));
    let Some((height, width)) = given.known_size() else { return Vec::new() };
    let size = json!([whole(height), whole(width)]);
    given.unknown_size();
    let body = json!({"size": size, "factor": span((1.0 + lo, 1.0 + hi))});
    vec![json!({"scale_jitter": given.resampled(body)})]
}

fn downscale(given: &mut Given) -> Vec<Json> {
    let factor = given.range("scale_range", (0.25, 0.25));
    let pair = given.raw("interpolation_pair");
    let word = |given: &mut Given, key: &str| {
        let code = pair.and_then(|pair| pair.get(key)).and_then(Json::as_f64).unwrap_or(0.0);
        match code as i64 {
            0 | 6 => "nearest",
            1 | 5 => "bilinear",
            2 => "bicubic",
            3 => "box",
            4 => "lanczos3",
            _ => {
                given.refuse(format!("interpolation_pair.{key} {code} is no filter that is known here"), &[]);
                "nearest"
            }
        }
    };
    let (up, down) = (word(given, "upscale"), word(given, "downscale"));
    if down != "nearest" && down != "box" {
        given.remark("shrinking averages all pixels under the footprint of the filter");
    }
    vec![json!({"downscale": {"factor": span(factor), "filter": up, "shrink_filter": down}})]
}
