//! Every operation by name, and as data.

use serde_json::{Map, Value as Json, json};
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use crate::op::OpSpec;
use crate::param::{Jitter, Kind, ParamSpec};
use crate::{emit, index};

/// Every operation, by family and name.
pub fn all() -> &'static [&'static OpSpec] {
    index::ALL
}

/// The operation of a name: its own, its class's, or (in the message) what others call it.
pub fn find(name: &str) -> Result<&'static OpSpec> {
    if let Some(spec) = all().iter().find(|spec| spec.name == name || spec.class == name) {
        return Ok(spec);
    }
    let alias = all().iter().find(|spec| spec.aliases.iter().any(|a| a.eq_ignore_ascii_case(name)));
    let mend = match alias {
        Some(spec) => format!("here it is called {:?}", spec.name),
        None => match nearest(name, all().iter().flat_map(|s| [s.name, s.class])) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "`variegate ops` and `vg.operations()` list them".into(),
        },
    };
    Err(Error::parameter(format!("there is no operation {name:?}; {mend}")))
}

/// An operation as data: what `variegate.operations()` and `variegate ops --json` show.
pub fn described(spec: &OpSpec) -> Json {
    json!({
        "name": spec.name,
        "class": spec.class,
        "family": spec.family,
        "summary": spec.summary(),
        "doc": spec.doc.trim(),
        "parameters": spec.params.iter().filter(|p| !p.is_hidden()).map(parameter).collect::<Vec<_>>(),
        "targets": targets(spec),
        "aliases": spec.aliases,
    })
}

/// The names under which a call may hand over what the operation acts on; one that mixes is for pictures alone.
fn targets(spec: &OpSpec) -> &'static [&'static str] {
    static ALL: [&str; 14] = [
        "video",
        "volume",
        "video_mask",
        "volume_mask",
        "image",
        "mask",
        "boxes",
        "points",
        "polygons",
        "instance_masks",
        "heatmap",
        "depth",
        "flow",
        "normals",
    ];
    match spec {
        _ if spec.needs_stack() => &ALL[..4],
        _ if spec.mixes() => &ALL[4..5],
        _ => &ALL,
    }
}

fn parameter(spec: &ParamSpec) -> Json {
    let mut map = Map::new();
    map.insert("name".into(), json!(spec.name));
    map.insert("doc".into(), json!(spec.doc.trim()));
    let (kind, choices) = match spec.kind {
        Kind::Real { .. } => ("real", None),
        Kind::Integer { .. } => ("integer", None),
        Kind::Flag => ("flag", None),
        Kind::Word(words) => ("word", Some(words)),
        Kind::Size => ("size", None),
        Kind::Colour => ("colour", None),
        Kind::Numbers { .. } => ("numbers", None),
        Kind::Spread { .. } => ("spread", None),
        Kind::Folder => ("folder", None),
        Kind::Function => ("function", None),
        Kind::Key => ("key", None),
    };
    map.insert("kind".into(), json!(kind));
    if let Some(words) = choices {
        map.insert("choices".into(), json!(words));
    }
    let (lo, hi) = spec.bounds();
    let bounds = if lo.is_finite() && hi.is_finite() { json!([lo, hi]) } else { Json::Null };
    map.insert("bounds".into(), bounds);
    map.insert("default".into(), spec.default_dist().as_ref().map_or(Json::Null, emit::dist));
    map.insert("required".into(), json!(spec.default_dist().is_none()));
    map.insert("usual".into(), json!(spec.usual));
    map.insert("neutral".into(), json!(spec.neutral));
    map.insert("unit".into(), json!(spec.unit));
    map.insert("by_ratio".into(), json!(spec.by_ratio));
    map.insert("optional".into(), json!(spec.optional));
    let jitter = spec.jitter.map(|jitter| match jitter {
        Jitter::AroundOne => "around_one",
        Jitter::AroundZero => "around_zero",
    });
    map.insert("jitter".into(), json!(jitter));
    Json::Object(map)
}
