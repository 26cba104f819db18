//! torchvision's transforms of kinds of data: most have nothing to do here.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, whole};

const LAYOUT: &str = "ask the batch or the loader for layout=\"NCHW\", and for tensors where it hands them out";

pub const TABLE: &[Entry] = &[
    Entry::new("ToTensor", 1.0, &["normalize"], LAYOUT, unit),
    Entry::new("PILToTensor", 1.0, &[], LAYOUT, |_| Vec::new()),
    Entry::new("ToImage", 1.0, &[], "", |_| Vec::new()),
    Entry::new("ToPureTensor", 1.0, &[], "", |_| Vec::new()),
    Entry::new("ToPILImage", 1.0, &[], "pictures come back as arrays", |g| {
        g.skip(&["mode"]);
        Vec::new()
    }),
    Entry::new("RGB", 1.0, &[], "open pictures as colour=\"rgb\"", |_| Vec::new()),
    Entry::new("Identity", 1.0, &[], "", |_| Vec::new()),
    Entry::new("ToDtype", 1.0, &["normalize"], "", |g| {
        let scale = g.flag("scale", false);
        dtype(g, scale)
    }),
    Entry::new("ConvertImageDtype", 1.0, &["normalize"], "", |g| dtype(g, true)),
    Entry::new(
        "ConvertBoundingBoxFormat",
        1.0,
        &[],
        "hand boxes over with their box_format; they come back in the same",
        |g| {
            g.skip(&["format"]);
            Vec::new()
        },
    ),
    Entry::new(
        "ClampBoundingBoxes",
        1.0,
        &[],
        "boxes are cut at the edges at the end, unless the pipeline says otherwise",
        |g| {
            g.skip(&["clamping_mode"]);
            Vec::new()
        },
    ),
    Entry::new("SanitizeBoundingBoxes", 1.0, &[], "boxes are dropped at the end, with their labels", |g| {
        let (size, area) = (g.number("min_size", 1.0), g.number("min_area", 1.0));
        g.skip(&["labels_getter"]);
        g.notes.options.insert("min_area".into(), json!(area.max(size * size)));
        Vec::new()
    }),
    Entry::new("UniformTemporalSubsample", 1.0, &["temporal_subsample"], "", |g| {
        vec![json!({"temporal_subsample": {"frames": whole(g.number("num_samples", 1.0))}})]
    }),
    Entry::missing("Lambda", &[], "it holds code, and a pipeline holds data alone; call the code before or after"),
];

/// Numbers from 0 to 1.
fn unit(given: &mut Given) -> Vec<Json> {
    given.notes.written = Some((vec![0.0], vec![1.0]));
    vec![json!({"normalize": {"mode": "unit"}})]
}

fn dtype(given: &mut Given, scale: bool) -> Vec<Json> {
    let word = match given.raw("dtype") {
        Some(Json::String(word)) => word.as_str(),
        None => "torch.float32",
        Some(_) => {
            given.refuse("dtype differs between kinds of data; masks and labels keep theirs here", &["Normalize"]);
            return Vec::new();
        }
    };
    if !word.contains("float") {
        if word.contains("int") && given.notes.written.is_none() {
            given.remark("pictures keep their dtype; ask the batch or the loader for another one with dtype=");
        }
        return Vec::new();
    }
    if !scale {
        given.refuse("floats go from 0 to 1 here; write scale=True", &["Normalize"]);
    }
    unit(given)
}
