//! Policies and mixing of torchvision.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, whole};

const PARTNERS: &str = "every sample has a partner and a share of its own, not the batch one of both";

pub const TABLE: &[Entry] = &[
    Entry::new("AutoAugment", 1.0, &["auto_augment"], "", |g| {
        let policy = match g.word("policy", "imagenet") {
            "cifar10" => "cifar10",
            "svhn" => "svhn",
            _ => "imagenet",
        };
        vec![json!({"auto_augment": policed(g, json!({ "policy": policy }))})]
    }),
    Entry::new("RandAugment", 1.0, &["rand_augment"], "", |g| {
        let layers = g.number("num_ops", 2.0);
        let (magnitude, bins) = (g.number("magnitude", 9.0), g.number("num_magnitude_bins", 31.0));
        // Ours are of thirty steps.
        let magnitude = magnitude * 30.0 / (bins - 1.0).max(1.0);
        let body = json!({"layers": whole(layers), "magnitude": magnitude, "noise": 0.0, "variant": "torchvision"});
        vec![json!({"rand_augment": policed(g, body)})]
    }),
    Entry::new("TrivialAugmentWide", 1.0, &["trivial_augment"], "", |g| {
        if g.number("num_magnitude_bins", 31.0) != 31.0 {
            g.remark("magnitudes have 31 steps");
        }
        vec![json!({"trivial_augment": policed(g, json!({}))})]
    }),
    Entry::new("AugMix", 1.0, &["aug_mix"], "", |g| {
        let body = json!({
            "severity": g.number("severity", 3.0),
            "width": whole(g.number("mixture_width", 3.0)),
            "depth": whole(g.number("chain_depth", -1.0).max(0.0)),
            "alpha": g.number("alpha", 1.0),
            "all_ops": g.flag("all_ops", true),
            "fill": g.torch_fill("fill"),
        });
        g.skip(&["interpolation"]);
        vec![json!({ "aug_mix": body })]
    }),
    Entry::new("MixUp", 1.0, &["mix_up"], PARTNERS, |g| {
        g.skip(&["num_classes", "labels_getter"]);
        vec![json!({"mix_up": {"alpha": g.number("alpha", 1.0)}})]
    }),
    Entry::new("CutMix", 1.0, &["cut_mix"], PARTNERS, |g| {
        g.skip(&["num_classes", "labels_getter"]);
        vec![json!({"cut_mix": {"alpha": g.number("alpha", 1.0)}})]
    }),
];

fn policed(given: &mut Given, mut body: Json) -> Json {
    body["filter"] = json!(given.interpolation("nearest"));
    body["fill"] = given.torch_fill("fill");
    body
}
