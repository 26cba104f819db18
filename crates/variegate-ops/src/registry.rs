//! Every operation by name, and as data.
//!
//! Files, recipes and the pages ask it. What programs [`register`] is found by name like the built-in operations; lists
//! for users ([`all`]) hold the built-in ones alone, since the classes and pages made from them know no others.

use std::sync::{PoisonError, RwLock};

use serde_json::{Map, Value as Json, json};
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use crate::op::OpSpec;
use crate::param::{Jitter, Kind, ParamSpec};
use crate::{emit, index};

/// Operations of programs, in the order they came.
static REGISTERED: RwLock<Vec<&'static OpSpec>> = RwLock::new(Vec::new());

/// Makes an operation of your own known by its name, so that pipelines in files, recipes and
/// [`Pipeline::from_yaml`](crate::Pipeline::from_yaml) find it. Pipelines that are built in Rust need no registration.
///
/// A second time changes nothing.
///
/// # Errors
///
/// When another operation has its name or the name of its class.
pub fn register(spec: &'static OpSpec) -> Result<()> {
    let mut registered = REGISTERED.write().unwrap_or_else(PoisonError::into_inner);
    // A constant may lie in several places, so that its address says nothing.
    let same = |other: &OpSpec| (other.name, other.class, other.doc) == (spec.name, spec.class, spec.doc);
    let taken =
        all().iter().chain(registered.iter()).find(|other| other.name == spec.name || other.class == spec.class);
    match taken {
        Some(other) if same(other) => Ok(()),
        Some(other) => Err(Error::parameter(format!(
            "the operation {:?} ({}) cannot be registered: there is {:?} ({}) already; give it another name",
            spec.name, spec.class, other.name, other.class
        ))),
        None => {
            registered.push(spec);
            Ok(())
        }
    }
}

/// Every built-in operation, by family and name.
pub fn all() -> &'static [&'static OpSpec] {
    index::ALL
}

/// The operation of a name: its own, its class's, or (in the message) what others call it.
pub fn find(name: &str) -> Result<&'static OpSpec> {
    let is_named = |spec: &&&'static OpSpec| spec.name == name || spec.class == name;
    if let Some(spec) = all().iter().find(is_named) {
        return Ok(spec);
    }
    let registered = REGISTERED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(spec) = registered.iter().find(is_named) {
        return Ok(spec);
    }
    let alias = all().iter().find(|spec| spec.aliases.iter().any(|a| a.eq_ignore_ascii_case(name)));
    let mend = match alias {
        Some(spec) => format!("here it is called {:?}", spec.name),
        None => match nearest(name, all().iter().chain(registered.iter()).flat_map(|s| [s.name, s.class])) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    params! {
        /// Leaves the picture as it is, for this test.
        pub struct StandStill("stand_still", "colour", aliases: []) {}
    }

    impl Op for StandStill {
        fn lower(&self, _: &mut Builder) {}
    }

    params! {
        /// Calls itself by a name that is taken.
        pub struct Invert("invert", "colour", aliases: []) {}
    }

    impl Op for Invert {
        fn lower(&self, _: &mut Builder) {}
    }

    #[test]
    fn an_operation_of_a_program_is_found_once_it_is_registered() {
        let text = "variegate: 1\npipeline:\n  - stand_still\n";
        // What is built in Rust needs no name.
        let built = crate::Pipeline::builder().then(StandStill::config()).then(Invert::config()).build();
        assert!(built.is_ok());
        assert!(find("stand_still").is_err() && crate::Pipeline::from_yaml(text, None).is_err());
        register(StandStill::SPEC).expect("a free name");
        register(StandStill::SPEC).expect("the same again");
        assert_eq!(find("StandStill").expect("registered").name, "stand_still");
        assert!(crate::Pipeline::from_yaml(text, None).is_ok());
        assert!(!all().iter().any(|spec| spec.name == "stand_still"));
        let refused = register(Invert::SPEC).expect_err("the name is taken").to_string();
        assert!(refused.contains("give it another name"), "{refused}");
    }
}
