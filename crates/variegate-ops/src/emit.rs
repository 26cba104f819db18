//! Writes pipelines as JSON and YAML.

use serde_json::{Map, Value as Json, json};

use crate::dist::Dist;
use crate::pipeline::{GroupKind, Options, Pipeline, Stage};
use crate::value::Value;
use variegate_plan::Meaning;

/// The pipeline as one line of JSON, which is also YAML.
pub fn to_json(pipeline: &Pipeline) -> String {
    let mut map = options(&pipeline.options);
    map.insert("pipeline".into(), Json::Array(pipeline.stages.iter().map(stage).collect()));
    Json::Object(map).to_string()
}

/// The pipeline as YAML, a line for each operation.
pub fn to_yaml(pipeline: &Pipeline) -> String {
    let mut text = String::new();
    for (key, value) in options(&pipeline.options) {
        text.push_str(&format!("{key}: {value}\n"));
    }
    text.push_str("pipeline:\n");
    for item in &pipeline.stages {
        lines(&stage(item), 1, &mut text);
    }
    text
}

/// One stage: a line of flow style, or a block for a group.
fn lines(stage: &Json, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (name, body) in stage.as_object().into_iter().flatten() {
        match body.get("of").and_then(Json::as_array) {
            Some(of) => {
                text.push_str(&format!("{indent}- {name}:\n"));
                for (key, value) in body.as_object().into_iter().flatten().filter(|(key, _)| *key != "of") {
                    text.push_str(&format!("{indent}    {key}: {value}\n"));
                }
                text.push_str(&format!("{indent}    of:\n"));
                for member in of {
                    lines(member, depth + 3, text);
                }
            }
            None => text.push_str(&format!("{indent}- {name}: {body}\n")),
        }
    }
}

fn options(options: &Options) -> Map<String, Json> {
    let plain = Options::default();
    let mut map = Map::new();
    map.insert("variegate".into(), json!(1));
    // YAML's whole numbers end at 2⁶³ − 1; seeds beyond are text.
    let seed = if i64::try_from(options.seed).is_ok() { json!(options.seed) } else { json!(options.seed.to_string()) };
    map.insert("seed".into(), seed);
    if options.meaning == Meaning::Exact {
        map.insert("exact".into(), json!(true));
    }
    if options.value_range != plain.value_range {
        map.insert("value_range".into(), json!([options.value_range.0, options.value_range.1]));
    }
    if options.boxes.min_area != 0.0 {
        map.insert("min_area".into(), json!(options.boxes.min_area));
    }
    if options.boxes.min_visibility != 0.0 {
        map.insert("min_visibility".into(), json!(options.boxes.min_visibility));
    }
    if !options.boxes.clip {
        map.insert("clip_boxes".into(), json!(false));
    }
    if !options.swap.is_empty() {
        map.insert("swap".into(), json!(options.swap.iter().map(|(a, b)| vec![a, b]).collect::<Vec<_>>()));
    }
    if options.mask_fill != 0.0 {
        map.insert("mask_fill".into(), json!(options.mask_fill));
    }
    map
}

fn stage(stage: &Stage) -> Json {
    let mut body = Map::new();
    let name = match stage {
        Stage::Step(step) => {
            for (spec, given) in step.spec.params.iter().zip(&step.params) {
                if !spec.is_hidden() && spec.default_dist().as_ref() != Some(given) {
                    let given = if spec.jitter.is_some() { &as_range(given) } else { given };
                    body.insert(spec.name.into(), dist(given));
                }
            }
            if let Some(name) = &step.name {
                body.insert("name".into(), json!(name));
            }
            if step.chance != Dist::from(1.0) {
                body.insert("p".into(), dist(&step.chance));
            }
            step.spec.name
        }
        Stage::Group(group) => {
            if group.chance != Dist::from(group.kind.usual_chance()) {
                body.insert("p".into(), dist(&group.chance));
            }
            match &group.kind {
                GroupKind::OneOf { weights } if !weights.is_empty() => {
                    body.insert("weights".into(), json!(weights));
                }
                GroupKind::SomeOf { n, replace } => {
                    body.insert("n".into(), dist(n));
                    if *replace {
                        body.insert("replace".into(), json!(true));
                    }
                }
                GroupKind::Repeat { times } => {
                    body.insert("times".into(), dist(times));
                }
                GroupKind::SelectChannels { channels } => {
                    body.insert("channels".into(), json!(**channels));
                }
                _ => {}
            }
            body.insert("of".into(), Json::Array(group.of.iter().map(self::stage).collect()));
            group.kind.name()
        }
    };
    json!({ name: body })
}

/// The distribution of a parameter for which one number stands for a range: a constant as a range of one value.
fn as_range(d: &Dist) -> Dist {
    match d {
        Dist::Constant(value) => value.number().map_or_else(|| d.clone(), |v| Dist::Uniform(v, v)),
        Dist::Schedule { points, linear } => {
            Dist::Schedule { points: points.iter().map(|(epoch, d)| (*epoch, as_range(d))).collect(), linear: *linear }
        }
        other => other.clone(),
    }
}

/// A distribution, in the same form as it is read.
pub fn dist(d: &Dist) -> Json {
    match d {
        Dist::Constant(v) => value(v),
        Dist::Uniform(a, b) => json!({ "uniform": [a, b] }),
        Dist::LogUniform(a, b) => json!({ "log_uniform": [a, b] }),
        Dist::Normal { mean, sd } => json!({ "normal": [mean, sd] }),
        Dist::Beta { a, b } => json!({ "beta": [a, b] }),
        Dist::OneOf { values, weights } => {
            let mut map = Map::new();
            map.insert("one_of".into(), Json::Array(values.iter().map(value).collect()));
            if !weights.is_empty() {
                map.insert("weights".into(), json!(weights));
            }
            Json::Object(map)
        }
        Dist::Schedule { points, linear } => {
            let steps: Map<String, Json> = points.iter().map(|(epoch, d)| (epoch.to_string(), dist(d))).collect();
            json!({ "schedule": steps, "linear": linear })
        }
    }
}

fn value(v: &Value) -> Json {
    match v {
        Value::None | Value::Key(_) => Json::Null,
        Value::Real(v) => json!(v),
        Value::Integer(v) => json!(v),
        Value::Flag(v) => json!(v),
        Value::Word(v) => json!(v),
        Value::Text(v) => json!(&**v),
        Value::Numbers(v) => json!(v),
    }
}
