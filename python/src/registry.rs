//! The operations as data.

use pyo3::prelude::*;
use serde_json::{Map, Value as Json, json};
use variegate::ops::emit;
use variegate::ops::op::OpSpec;
use variegate::ops::param::{Jitter, Kind, ParamSpec};
use variegate::ops::registry;

/// The registry as JSON; `variegate.operations()` reads it.
#[pyfunction]
pub fn registry_json() -> String {
    Json::Array(registry::all().iter().map(|spec| operation(spec)).collect()).to_string()
}

fn operation(spec: &OpSpec) -> Json {
    json!({
        "name": spec.name,
        "class": spec.class,
        "family": spec.family,
        "summary": spec.summary(),
        "doc": spec.doc.trim(),
        "parameters": spec.params.iter().filter(|p| !p.is_hidden()).map(parameter).collect::<Vec<_>>(),
        "targets": ["image", "mask", "boxes", "points", "video", "volume"],
        "aliases": spec.aliases,
    })
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
