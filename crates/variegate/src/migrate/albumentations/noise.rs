//! Noise of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, even, span};

pub const TABLE: &[Entry] = &[
    Entry::new(
        "AdditiveNoise",
        0.5,
        &["uniform_noise", "gaussian_noise", "laplace_noise", "channel_shift"],
        "",
        additive,
    ),
    Entry::new("GaussNoise", 0.5, &["gaussian_noise"], "", |g| {
        let sigma = g.range("std_range", (0.2, 0.44));
        let mean = g.range("mean_range", (0.0, 0.0));
        if mean != (0.0, 0.0) {
            g.refuse(
                "noise has the mean 0 here; add SolarizeAdd(amount, threshold=2) for another one",
                &["GaussianNoise"],
            );
        }
        if g.number("noise_scale_factor", 1.0) != 1.0 {
            g.remark("noise is as fine as the pixels");
        }
        vec![json!({"gaussian_noise": {"sigma": span(sigma), "per_channel": g.flag("per_channel", true)}})]
    }),
    Entry::new(
        "ISONoise",
        0.5,
        &["sensor_noise"],
        "the noise is added to the colours, not to lightness and hue, \
         of about the same strength on a picture of even spread",
        iso,
    ),
    Entry::new("MultiplicativeNoise", 0.5, &["multiplicative_noise", "brightness"], "", multiplicative),
    Entry::new("SaltAndPepper", 0.5, &["salt_pepper"], "", |g| {
        let amount = g.range("amount", (0.01, 0.06));
        let salt = g.range("salt_vs_pepper", (0.4, 0.6));
        vec![json!({"salt_pepper": {"fraction": span(amount), "salt": span(salt)}})]
    }),
    Entry::new(
        "ShotNoise",
        0.5,
        &["poisson_noise"],
        "photons are counted in the values as they are stored, not in light",
        |g| {
            let scale = g.range("scale_range", (0.1, 0.3));
            // A scale is the light of one photon, so its inverse is how many white has.
            let photons = (1.0 / scale.1.max(1e-6), 1.0 / scale.0.max(1e-6));
            vec![json!({"poisson_noise": {"photons": even((photons.0.max(1.0), photons.1.max(1.0)))}})]
        },
    ),
];

fn additive(given: &mut Given) -> Vec<Json> {
    let kind = given.word("noise_type", "uniform");
    let mode = given.word("spatial_mode", "constant");
    let figures = given.raw("noise_params");
    if given.number("approximation", 1.0) != 1.0 {
        given.remark("noise is as fine as the pixels");
    }
    let pair = |key: &str| -> Option<(f64, f64)> {
        let value = figures?.get(key)?;
        let list = value.as_array()?;
        let list = list.first().and_then(Json::as_array).unwrap_or(list);
        Some((list.first()?.as_f64()?, list.get(1)?.as_f64()?))
    };
    let per_channel = match mode {
        "per_pixel" => true,
        "shared" => false,
        "constant" if kind == "uniform" => {
            let reach = pair("ranges").unwrap_or((-0.1, 0.1));
            return vec![json!({"channel_shift": {"red": span(reach), "green": span(reach), "blue": span(reach)}})];
        }
        _ => {
            given.refuse(
                format!("spatial_mode={mode:?} of {kind} noise is not there"),
                &["UniformNoise", "GaussianNoise"],
            );
            return Vec::new();
        }
    };
    let centred = |given: &mut Given, key: &str| {
        if pair(key).is_some_and(|mean| mean != (0.0, 0.0)) {
            given.refuse("noise has the mean 0 here", &["GaussianNoise"]);
        }
    };
    match kind {
        "uniform" => {
            let (lo, hi) = pair("ranges").unwrap_or((-0.1, 0.1));
            if lo != -hi {
                given.remark("changes reach as far up as down");
            }
            vec![json!({"uniform_noise": {"reach": lo.abs().max(hi.abs()), "per_channel": per_channel}})]
        }
        "gaussian" => {
            centred(given, "mean_range");
            let sigma = pair("std_range").unwrap_or((0.05, 0.15));
            vec![json!({"gaussian_noise": {"sigma": span(sigma), "per_channel": per_channel}})]
        }
        "laplace" => {
            centred(given, "mean_range");
            let scale = pair("scale_range").unwrap_or((0.05, 0.15));
            // The deviation of a Laplace distribution is √2 times its scale.
            let sigma = (scale.0 * 2f64.sqrt(), scale.1 * 2f64.sqrt());
            vec![json!({"laplace_noise": {"sigma": span(sigma), "per_channel": per_channel}})]
        }
        other => {
            given.refuse(
                format!("noise_type={other:?} is not there"),
                &["UniformNoise", "GaussianNoise", "LaplaceNoise"],
            );
            Vec::new()
        }
    }
}

fn iso(given: &mut Given) -> Vec<Json> {
    let colour = given.range("color_shift", (0.01, 0.05));
    let intensity = given.range("intensity", (0.1, 0.5));
    // Lightness changes by the intensity times Poisson numbers of the mean (spread · intensity), whose deviation at a
    // usual spread of a quarter and a middle lightness is a quarter of intensity^1.5.
    let read = |v: f64| 0.25 * v.max(0.0).powf(1.5);
    let share = (colour.0 / intensity.1.max(1e-6)).min(1.0)..=(colour.1 / intensity.0.max(1e-6)).min(1.0);
    let body = json!({
        "shot": 0.0,
        "read": span((read(intensity.0), read(intensity.1))),
        "colour": span((*share.start(), *share.end())),
    });
    vec![json!({ "sensor_noise": body })]
}

fn multiplicative(given: &mut Given) -> Vec<Json> {
    let (lo, hi) = given.range("multiplier", (0.9, 1.1));
    let per_channel = given.flag("per_channel", false);
    if given.flag("elementwise", false) {
        let reach = (1.0 - lo).abs().max((hi - 1.0).abs());
        if (1.0 - lo - (hi - 1.0)).abs() > 1e-9 {
            given.remark("factors reach as far above one as below");
        }
        return vec![json!({"multiplicative_noise": {"reach": reach.min(1.0), "per_channel": per_channel}})];
    }
    if per_channel {
        given.refuse("one factor for each channel of a whole picture is not there", &["ChannelShift", "Brightness"]);
        return Vec::new();
    }
    let factor = if lo == hi { json!({"one_of": [lo]}) } else { json!([lo, hi]) };
    vec![json!({"brightness": {"factor": factor}})]
}
