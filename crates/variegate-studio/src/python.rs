//! A pipeline as the Python program that makes it.
//!
//! The page offers it for copying. It writes what the package's own `repr` would; it must never write anything that a
//! document holds without quoting it.

use serde_json::{Map, Value as Json};
use variegate::Pipeline;
use variegate::ops::emit::to_json;
use variegate::ops::registry;

/// The forms of distributions that the package has functions for.
const FORMS: [&str; 4] = ["uniform", "log_uniform", "normal", "beta"];

/// The program: one import and one pipeline, called `augment`.
pub fn program(pipeline: &Pipeline) -> String {
    let document: Map<String, Json> = serde_json::from_str(&to_json(pipeline)).unwrap_or_default();
    let mut text = String::from("import variegate as vg\n\naugment = vg.Pipeline([\n");
    for stage in document.get("pipeline").and_then(Json::as_array).into_iter().flatten() {
        write_stage(stage, 1, &mut text);
    }
    text.push(']');
    for (key, value) in document.iter().filter(|(key, _)| !matches!(key.as_str(), "variegate" | "pipeline")) {
        text.push_str(&format!(", {key}={}", written(value)));
    }
    text.push_str(")\n");
    text
}

fn write_stage(stage: &Json, depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth);
    for (name, body) in stage.as_object().into_iter().flatten() {
        let empty = Map::new();
        let body = body.as_object().unwrap_or(&empty);
        let mut given: Vec<String> = Vec::new();
        let class = match body.get("of").and_then(Json::as_array) {
            Some(of) => {
                let mut inner = String::from("[\n");
                of.iter().for_each(|member| write_stage(member, depth + 1, &mut inner));
                given.push(format!("{inner}{indent}]"));
                name.split('_').map(capital).collect()
            }
            None => registry::find(name).map_or_else(|_| name.clone(), |spec| spec.class.to_string()),
        };
        given.extend(
            body.iter().filter(|(key, _)| *key != "of").map(|(key, value)| format!("{key}={}", written(value))),
        );
        text.push_str(&format!("{indent}vg.{class}({}),\n", given.join(", ")));
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A value in Python.
fn written(value: &Json) -> String {
    match value {
        Json::Null => "None".into(),
        Json::Bool(flag) => if *flag { "True" } else { "False" }.into(),
        Json::Array(list) => {
            let items: Vec<String> = list.iter().map(written).collect();
            format!("({}{})", items.join(", "), if items.len() == 1 { "," } else { "" })
        }
        Json::Object(form) => distribution(form),
        // JSON's quotes and escapes of text are Python's.
        other => other.to_string(),
    }
}

fn distribution(form: &Map<String, Json>) -> String {
    if let Some((name, pair)) = FORMS.iter().find_map(|name| form.get(*name).map(|pair| (name, pair))) {
        return format!("vg.{name}{}", written(pair));
    }
    if let Some(values) = form.get("one_of").and_then(Json::as_array) {
        let values: Vec<String> = values.iter().map(written).collect();
        let weights = form.get("weights").map_or_else(String::new, |w| format!(", weights={}", written(w)));
        return format!("vg.one_of({}{weights})", values.join(", "));
    }
    let points = form.get("schedule").and_then(Json::as_object).into_iter().flatten();
    let points: Vec<String> = points.map(|(epoch, value)| format!("{epoch}: {}", written(value))).collect();
    let linear = if form.get("linear") == Some(&Json::Bool(true)) { ", linear=True" } else { "" };
    format!("vg.schedule({{{}}}{linear})", points.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_distributions_are_written_as_the_package_takes_them() {
        let text = "{variegate: 1, seed: 7, pipeline: [{rotate: {degrees: [-15, 15], border: reflect, p: 0.5}}, \
                    {some_of: {n: 2, of: [{flip: {}}, {gaussian_blur: {sigma: {one_of: [1, 2]}}}]}}]}";
        let pipeline = Pipeline::from_yaml(text, None).expect("a pipeline");
        let expected = "import variegate as vg\n\naugment = vg.Pipeline([\n    \
            vg.Rotate(degrees=vg.uniform(-15.0, 15.0), border=\"reflect\", p=0.5),\n    vg.SomeOf([\n        \
            vg.Flip(),\n        vg.GaussianBlur(sigma=vg.one_of(1.0, 2.0)),\n    ], n=2),\n], seed=7)\n";
        assert_eq!(program(&pipeline), expected);
    }
}
