//! Blur and sharpness of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, odd, span, times, whole};

pub const TABLE: &[Entry] = &[
    Entry::new(
        "AdvancedBlur",
        0.5,
        &["advanced_blur"],
        "the deviation across the angle is a share of the one along it",
        advanced_blur,
    ),
    Entry::new("Blur", 0.5, &["box_blur"], "", |g| {
        vec![json!({"box_blur": {"side_px": odd(g.spread("blur_limit", (3.0, 7.0), |v| (3.0, v)))}})]
    }),
    Entry::new("MedianBlur", 0.5, &["median_blur"], "", |g| {
        vec![json!({"median_blur": {"side_px": odd(g.spread("blur_limit", (3.0, 7.0), |v| (3.0, v)))}})]
    }),
    Entry::new("GaussianBlur", 0.5, &["gaussian_blur"], "", gaussian_blur),
    Entry::new("GlassBlur", 0.5, &["glass_blur"], "", |g| {
        let (sigma, reach) = (g.number("sigma", 0.7), g.number("max_delta", 4.0));
        let rounds = g.number("iterations", 2.0);
        g.skip(&["mode"]);
        vec![json!({"glass_blur": {"sigma": sigma, "reach_px": whole(reach), "rounds": whole(rounds)}})]
    }),
    Entry::new("Defocus", 0.5, &["defocus_blur"], "the disc has a sharp rim, without a second blur", |g| {
        let radius = g.spread("radius", (3.0, 10.0), |v| (1.0, v));
        g.skip(&["alias_blur"]);
        vec![json!({"defocus_blur": {"radius": g.of_side_span(radius)}})]
    }),
    Entry::new("MotionBlur", 0.5, &["motion_blur"], "the line is as long on average, and drawn smoothly", |g| {
        let length = g.spread("blur_limit", (3.0, 7.0), |v| (3.0, v));
        let degrees = g.range("angle_range", (0.0, 360.0));
        let bias = g.range("direction_range", (-1.0, 1.0));
        // There a line to one side is that much shorter.
        let away = if bias.0 < bias.1 && bias.0 < 0.0 && bias.1 > 0.0 {
            (bias.0 * bias.0 + bias.1 * bias.1) / (2.0 * (bias.1 - bias.0))
        } else {
            (bias.0 + bias.1).abs() / 2.0
        };
        let length = times(length, 1.0 - 0.5 * away);
        g.skip(&["allow_shifted"]);
        vec![json!({"motion_blur": {"length": g.of_side_span(length), "degrees": span(degrees), "bias": span(bias)}})]
    }),
    Entry::new("ZoomBlur", 0.5, &["zoom_blur"], "the steps are as fine as the pixels ask", |g| {
        let most = g.spread("max_factor", (1.0, 1.31), |v| (1.0, v));
        g.skip(&["step_factor"]);
        vec![json!({"zoom_blur": {"strength": span((most.0 - 1.0, most.1 - 1.0))}})]
    }),
    Entry::new("Sharpen", 0.5, &["sharpen", "unsharp_mask"], "", sharpen),
    Entry::new("UnsharpMask", 0.5, &["unsharp_mask"], "what lies below the threshold is left out sharply", |g| {
        let side = g.spread("blur_limit", (3.0, 7.0), |v| (3.0, v));
        let sigma = g.spread("sigma_limit", (0.0, 0.0), |v| (0.0, v));
        let amount = g.spread("alpha", (0.2, 0.5), |v| (0.0, v));
        let threshold = g.number("threshold", 10.0) / 255.0;
        let sigma = if sigma.1 > 0.0 { span((sigma.0.max(0.1), sigma.1)) } else { sigmas(side) };
        vec![json!({"unsharp_mask": {"sigma": sigma, "amount": span(amount), "threshold": threshold}})]
    }),
    Entry::new("Emboss", 0.5, &["emboss"], "", |g| {
        let strength = g.range("alpha", (0.2, 0.5));
        let depth = g.range("strength", (0.2, 0.7));
        vec![json!({"emboss": {"strength": span(strength), "depth": span(depth)}})]
    }),
    Entry::new("RingingOvershoot", 0.5, &["ringing"], "", |g| {
        let side = g.spread("blur_limit", (7.0, 15.0), |v| (3.0, v));
        let cutoff = g.range("cutoff", (std::f64::consts::FRAC_PI_4, std::f64::consts::FRAC_PI_2));
        vec![json!({"ringing": {"side_px": odd(side), "cutoff": span(cutoff)}})]
    }),
];

/// The deviation that OpenCV takes for a kernel of so many pixels.
fn opencv_sigma(side: f64) -> f64 {
    0.3 * ((side - 1.0) * 0.5 - 1.0) + 0.8
}

/// Those of all odd sides of a range.
fn sigmas((lo, hi): (f64, f64)) -> Json {
    let list = odd((lo, hi));
    let of = |side: &Json| json!(opencv_sigma(side.as_f64().unwrap_or(3.0)));
    match list.get("one_of").and_then(Json::as_array) {
        Some(sides) => json!({"one_of": sides.iter().map(of).collect::<Vec<_>>()}),
        None => of(&list),
    }
}

fn gaussian_blur(given: &mut Given) -> Vec<Json> {
    let side = given.spread("blur_limit", (0.0, 0.0), |v| (0.0, v));
    let sigma = given.spread("sigma_limit", (0.5, 3.0), |v| (0.0, v));
    let sigma = if sigma.1 > 0.0 {
        if side.1 > 0.0 {
            given.remark("the kernel is as large as its deviation asks, not of a given side");
        }
        span(sigma)
    } else {
        sigmas(side)
    };
    vec![json!({"gaussian_blur": {"sigma": sigma, "border": "mirror"}})]
}

fn advanced_blur(given: &mut Given) -> Vec<Json> {
    let x = given.spread("sigma_x_limit", (0.2, 1.0), |v| (0.0, v));
    let y = given.spread("sigma_y_limit", (0.2, 1.0), |v| (0.0, v));
    let degrees = given.around("rotate_limit", (-90.0, 90.0));
    let beta = given.spread("beta_limit", (0.5, 8.0), |v| (0.5, v));
    let noise = given.range("noise_limit", (0.9, 1.1));
    given.skip(&["blur_limit"]);
    let far = (1.0 - noise.0).abs().max((noise.1 - 1.0).abs()).min(1.0);
    // The smaller deviation across is the smallest one of the greatest along.
    let ratio = ((y.0.min(x.0) / x.1.max(y.1).max(1e-6)).min(1.0), 1.0);
    let body = json!({
        "sigma": span((x.0.min(y.0), x.1.max(y.1))),
        "ratio": span(ratio),
        "degrees": span(degrees),
        "shape": span((beta.0.max(0.1), beta.1.min(10.0))),
        "noise": far,
    });
    vec![json!({ "advanced_blur": body })]
}

fn sharpen(given: &mut Given) -> Vec<Json> {
    let strength = given.range("alpha", (0.2, 0.5));
    let lightness = given.range("lightness", (0.5, 1.0));
    let (side, sigma) = (given.number("kernel_size", 5.0), given.number("sigma", 1.0));
    if given.word("method", "kernel") == "kernel" {
        return vec![json!({"sharpen": {"strength": span(strength), "lightness": span(lightness)}})];
    }
    let sigma = if sigma > 0.0 { sigma } else { opencv_sigma(side) };
    // There a blend with twice the picture less its blur: the difference counts once.
    vec![json!({"unsharp_mask": {"sigma": sigma, "amount": span(strength), "threshold": 0.0}})]
}
