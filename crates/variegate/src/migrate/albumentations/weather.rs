//! Weather and light of Albumentations: all of them drawn otherwise here, to the same effect.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, span, times, whole};

pub const TABLE: &[Entry] = &[
    Entry::new(
        "RandomFog",
        0.5,
        &["fog"],
        "fog is a field of swathes, as dense as the coefficient says, not a heap of circles",
        |g| {
            // At the usual alpha its circles hide about as much as an optical depth of a third of the coefficient.
            let depth = g.number("alpha_coef", 0.08) / 0.24;
            let density = times(g.range("fog_coef_range", (0.3, 1.0)), depth);
            vec![json!({"fog": {"density": span(density)}})]
        },
    ),
    Entry::new(
        "RandomGravel",
        0.5,
        &["gravel"],
        "stones have shapes and sizes of their own, below one height of the picture",
        |g| {
            let heaps = g.number("number_of_patches", 2.0);
            let roi = g.numbers("gravel_roi").unwrap_or_else(|| vec![0.1, 0.4, 0.9, 0.9]);
            vec![json!({"gravel": {"heaps": whole(heaps), "y": roi.get(1).copied().unwrap_or(0.4)}})]
        },
    ),
    Entry::new(
        "RandomRain",
        0.5,
        &["rain"],
        "streaks are counted by area and lie in depth; their colour and width are those of rain",
        rain,
    ),
    Entry::new(
        "RandomShadow",
        0.5,
        &["shadow"],
        "each shadow has straight sides and a soft edge and lies anywhere",
        shadow,
    ),
    Entry::new("PlasmaShadow", 0.5, &["texture_overlay"], "the field is one of clouds, multiplied", |g| {
        let strength = g.range("shadow_intensity_range", (0.3, 0.7));
        g.skip(&["plasma_size", "roughness"]);
        vec![json!({"texture_overlay": {"texture": "clouds", "mode": "multiply", "opacity": span(strength)}})]
    }),
    Entry::new("RandomSnow", 0.5, &["snow"], "what is light is whitened smoothly, not below one lightness", |g| {
        let lying = times(g.range("snow_point_range", (0.1, 0.3)), g.number("brightness_coeff", 2.5));
        let lying = span((lying.0.min(4.0), lying.1.min(4.0)));
        if g.word("method", "bleach") == "bleach" {
            return vec![json!({"snow": {"density": 0.0, "lying": lying}})];
        }
        vec![json!({"snow": {"lying": lying}})]
    }),
    Entry::new(
        "RandomSunFlare",
        0.5,
        &["sun_flare"],
        "the glow is white, and its rings lie on the line through the middle",
        |g| {
            let roi = g.numbers("flare_roi").unwrap_or_else(|| vec![0.0, 0.0, 1.0, 0.5]);
            let radius = g.number("src_radius", 400.0);
            g.skip(&["src_color", "angle_range", "num_flare_circles_range", "method"]);
            if roi.len() != 4 {
                g.refuse("flare_roi: expected left, top, right and bottom", &[]);
                return Vec::new();
            }
            let radius = g.of_side(radius).clamp(0.01, 2.0);
            vec![json!({"sun_flare": {"x": span((roi[0], roi[2])), "y": span((roi[1], roi[3])), "radius": radius}})]
        },
    ),
    Entry::new("Spatter", 0.5, &["spatter"], "drops cover about the share that lies above the threshold there", |g| {
        let of = if g.word("mode", "rain") == "mud" { "mud" } else { "water" };
        let (mean, std) = (g.range("mean", (0.65, 0.65)), g.range("std", (0.3, 0.3)));
        let cut = g.range("cutout_threshold", (0.68, 0.68));
        g.skip(&["gauss_sigma", "intensity", "color"]);
        // The smoothed noise keeps about a sixth of its deviation.
        let share = |mean: f64, std: f64, cut: f64| above((cut - mean) / (std / 6.0).max(1e-6));
        let cover = (share(mean.0, std.0, cut.1), share(mean.1, std.1, cut.0));
        vec![json!({"spatter": {"of": of, "cover": span((cover.0.min(cover.1), cover.0.max(cover.1)))}})]
    }),
];

/// The share of a standard normal distribution above a number, by a logistic curve (within 0.01).
fn above(z: f64) -> f64 {
    1.0 / (1.0 + (1.702 * z).exp())
}

fn rain(given: &mut Given) -> Vec<Json> {
    let degrees = given.range("slant_range", (-10.0, 10.0));
    let dark = 1.0 - given.number("brightness_coefficient", 0.7);
    given.skip(&["drop_color", "drop_width", "blur_value"]);
    // Drops of a picture as high as wide: a share of its height each, on 100 × 100 pixels of a height of 224.
    let drops = match given.word("rain_type", "default") {
        "drizzle" => 0.25,
        "heavy" => 1.0,
        "torrential" => 2.0,
        _ => 1.0 / 3.0,
    };
    let side = given.notes.size.map_or(224.0, |(height, width)| height.min(width));
    let density = drops * 10_000.0 / side;
    let length = match given.optional("drop_length") {
        Some(px) => given.of_side(px).clamp(0.005, 0.5),
        None => 0.125,
    };
    let body = json!({
        "density": density.min(100.0),
        "length": length,
        "degrees": span(times(degrees, -1.0)),
        "darkness": dark.clamp(0.0, 1.0),
    });
    vec![json!({ "rain": body })]
}

fn shadow(given: &mut Given) -> Vec<Json> {
    let strength = given.range("shadow_intensity_range", (0.5, 0.5));
    let n = given.range("num_shadows_limit", (1.0, 2.0));
    given.skip(&["shadow_dimension"]);
    let roi = given.numbers("shadow_roi").filter(|roi| roi.len() == 4).unwrap_or_else(|| vec![0.0, 0.5, 1.0, 1.0]);
    // A polygon of a few corners anywhere in the part is about half as wide as it.
    let side = ((roi[2] - roi[0]) * (roi[3] - roi[1])).max(0.0).sqrt();
    let extent = ((0.3 * side).max(0.01), (0.75 * side).max(0.01));
    let one = json!({"shadow": {"strength": span(strength), "extent": span(extent)}});
    if n == (1.0, 1.0) { vec![one] } else { vec![json!({"repeat": {"times": count(n), "of": [one]}})] }
}
