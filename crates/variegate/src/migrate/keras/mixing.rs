//! Cover, mixing and policies: Keras's layers that paint over, mix, or choose.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::json;

use crate::migrate::entry::Entry;
use crate::migrate::given::{span, whole};

const POLICY: &str = "operations, signs and magnitudes are drawn for each picture, and go both ways";

pub const TABLE: &[Entry] = &[
    Entry::new("RandomErasing", 1.0, &["erase"], "height and width follow from one area and one aspect", |g| {
        g.layer();
        // There each side is the root of a share of its own, so their product is a share of the same range.
        let area = g.spread("scale", (0.02, 0.33), |v| (0.0, v));
        let fill = if g.raw("fill_value").is_some() { g.colour("fill_value", 0.0) } else { serde_json::Value::Null };
        let stage = json!({"erase": {"area": span(area), "fill": fill}});
        g.layer_chance(vec![stage])
    }),
    Entry::new("RandomCutout", 1.0, &["coarse_dropout"], "sides are drawn from one range, of the shorter side", |g| {
        g.layer();
        let down = g.spread("height_factor", (0.0, 0.5), |v| (0.0, v));
        let across = g.spread("width_factor", (0.0, 0.5), |v| (0.0, v));
        let noise = g.word("fill_mode", "constant") != "constant";
        let colour = g.colour("fill_value", 0.0);
        let (lo, hi) = (down.0.min(across.0), down.1.max(across.1).max(1e-6));
        let fill = if noise { serde_json::Value::Null } else { colour };
        let body = json!({"count": 1, "fraction": (lo + hi) / 2.0, "vary": (hi - lo) / (hi + lo), "fill": fill});
        vec![json!({ "coarse_dropout": body })]
    }),
    Entry::new("GridMask", 1.0, &["grid_mask"], "", |g| {
        g.layer();
        let ratio = g.spread("ratio_factor", (0.0, 0.5), |v| (0.0, v));
        let turn = g.spread("rotation_factor", (0.0, 0.15), |v| (0.0, v));
        if g.word("fill_mode", "constant") != "constant" {
            g.remark("squares are filled with one colour");
        }
        let fill = g.colour("fill_value", 0.0);
        let body = json!({"fraction": span(ratio), "degrees": span((-360.0 * turn.1, 360.0 * turn.1)), "fill": fill});
        vec![json!({ "grid_mask": body })]
    }),
    Entry::new("MixUp", 1.0, &["mix_up"], "", |g| {
        g.layer();
        vec![json!({"mix_up": {"alpha": g.number("alpha", 0.2)}})]
    }),
    Entry::new("CutMix", 1.0, &["cut_mix"], "", |g| {
        g.layer();
        let alpha = match g.optional("alpha") {
            Some(alpha) => json!(alpha),
            None => span(g.spread("factor", (0.0, 1.0), |v| (0.0, v))),
        };
        vec![json!({"cut_mix": {"alpha": alpha}})]
    }),
    Entry::new("FourierMix", 1.0, &["f_mix"], "", |g| {
        g.layer();
        let (alpha, decay) = (g.number("alpha", 0.5), g.number("decay_power", 3.0));
        vec![json!({"f_mix": {"alpha": alpha, "decay": decay}})]
    }),
    Entry::new("Mosaic", 1.0, &["mosaic"], "", |g| {
        g.layer();
        let centre = span(g.range("offset", (0.25, 0.75)));
        vec![json!({"mosaic": {"x": centre, "y": centre}})]
    }),
    Entry::new("RandAugment", 1.0, &["rand_augment"], POLICY, |g| {
        g.layer();
        let layers = g.optional("num_ops").or(g.optional("augmentations_per_image")).unwrap_or(2.0);
        let strongest = g.spread("factor", (0.0, 0.5), |v| (0.0, v)).1;
        let magnitude = 10.0 * g.number("magnitude", strongest);
        g.skip(&["magnitude_stddev", "rate", "geometric", "interpolation"]);
        vec![json!({"rand_augment": {"layers": whole(layers), "magnitude": magnitude, "variant": "keras"}})]
    }),
    Entry::new("AugMix", 1.0, &["aug_mix"], POLICY, |g| {
        g.layer();
        let strongest = g.spread("factor", (0.0, 0.3), |v| (0.0, v)).1;
        let depth = g.numbers("chain_depth").unwrap_or_default();
        g.skip(&["interpolation", "severity"]);
        let body = json!({
            "severity": (10.0 * strongest).clamp(0.1, 10.0),
            "width": whole(g.number("num_chains", 3.0)),
            "depth": if let [one] = depth.as_slice() { whole(*one) } else { whole(0.0) },
            "alpha": g.number("alpha", 1.0),
            "all_ops": g.flag("all_ops", true),
        });
        vec![json!({ "aug_mix": body })]
    }),
    Entry::new("MaxNumBoundingBoxes", 1.0, &[], "boxes keep their number; pad them where a batch asks for it", |g| {
        g.layer();
        g.skip(&["max_number", "fill_value"]);
        Vec::new()
    }),
    Entry::missing(
        "RepeatedAugmentation",
        &[],
        "several pictures come of one there; vg.views and the loader's views give them",
    ),
];
