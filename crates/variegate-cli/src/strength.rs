//! One operation from the values that change nothing to the ends of its usual ranges.
//!
//! `preview --strength` calls it. Everything it knows of an operation it asks the registry; a parameter without a
//! neutral value stays at its default, or at what it must be given.

use serde_json::{Map, Value as Json, json};
use variegate::ops::functions::IDENTITY;
use variegate::ops::param::Kind;
use variegate::ops::registry;
use variegate::{Error, Pipeline, Result};

/// A step of the sweep.
pub struct Step {
    /// What it is called: the swept values.
    pub name: String,
    /// The operation at this strength.
    pub pipeline: Pipeline,
}

/// The steps from neutral to the end, at least two.
pub fn sweep(operation: &str, steps: usize, seed: u64) -> Result<Vec<Step>> {
    let spec = registry::find(operation)?;
    let swept = |p: &&variegate::ops::param::ParamSpec| p.neutral.is_some() && p.usual.is_some() && !p.is_hidden();
    if !spec.params.iter().any(|p| swept(&p)) {
        return Err(Error::parameter(format!(
            "{operation} has no strength: none of its parameters has a value that changes nothing; preview it with --pipeline"
        )));
    }
    let at = |share: f64| {
        let (mut given, mut names) = (Map::new(), Vec::new());
        for p in spec.params {
            if let (true, Some(neutral), Some((low, high))) = (swept(&p), p.neutral, p.usual) {
                let end = if (high - neutral).abs() >= (neutral - low).abs() { high } else { low };
                let is_ratio = p.by_ratio && neutral > 0.0 && end > 0.0;
                let value =
                    if is_ratio { neutral * (end / neutral).powf(share) } else { neutral + share * (end - neutral) };
                let value = match p.kind {
                    Kind::Integer { .. } => json!(value.round() as i64),
                    _ => json!((value * 1e4).round() / 1e4),
                };
                names.push(format!("{} {value}", p.name));
                // One number would stand for a range where the parameter is a jitter.
                let constant = if p.jitter.is_some() { json!([value, value]) } else { value };
                given.insert(p.name.to_string(), constant);
            } else if p.default_dist().is_none() && !p.is_hidden() {
                match p.kind {
                    Kind::Size => given.insert(p.name.to_string(), json!(224)),
                    Kind::Function => given.insert(p.name.to_string(), json!(IDENTITY)),
                    _ => None,
                };
            }
        }
        let text = json!({ "variegate": 1, "seed": seed, "pipeline": [{ spec.name: Json::Object(given) }] });
        // JSON is YAML.
        Ok(Step { name: names.join(", "), pipeline: Pipeline::from_yaml(&text.to_string(), None)? })
    };
    let last = steps.max(2) - 1;
    (0..=last).map(|k| at(k as f64 / last as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotation_goes_from_nothing_to_its_usual_end() {
        let names: Vec<String> = sweep("rotate", 4, 0).unwrap().into_iter().map(|step| step.name).collect();
        assert_eq!(names, ["degrees 0.0", "degrees 10.0", "degrees 20.0", "degrees 30.0"]);
        assert!(sweep("flip", 4, 0).is_err() && sweep("no_such", 4, 0).is_err());
    }

    #[test]
    fn every_operation_is_swept_or_says_why_not() {
        for spec in registry::all() {
            if let Err(error) = sweep(spec.name, 3, 0) {
                assert!(error.message().contains("has no strength"), "{}: {error}", spec.name);
            }
        }
    }
}
