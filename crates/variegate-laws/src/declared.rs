//! Laws of declarations.

use variegate::augment;
use variegate::ops::Value;
use variegate::ops::param::{Default, Kind};
use variegate::{Dtype, Kind as Fault, OpSpec, Pipeline, Recipe, Sample, Scratch, Size};

use crate::Failed;
use crate::cases::{broken, expect, picture, pipeline, run};

pub fn defaults_agree_in_rust_and_yaml(spec: &'static OpSpec) -> Result<(), Failed> {
    let rust = pipeline(spec)?;
    let written = |kind| match kind {
        Kind::Size => Some("[13, 18]"),
        Kind::Function => Some(variegate::ops::functions::IDENTITY),
        _ => None,
    };
    let required = spec.params.iter().filter(|p| p.default == Default::Required);
    let given: Vec<String> = required.filter_map(|p| Some(format!("{}: {}", p.name, written(p.kind)?))).collect();
    let text = format!("variegate: 1\nseed: 11\npipeline:\n  - {}: {{{}}}\n", spec.name, given.join(", "));
    let yaml = expect(Pipeline::from_yaml(&text, Some("p.yaml")))?;
    let image = picture(Size::new(20, 30), 3, Dtype::U8);
    for sample in 0..4 {
        let json = |p: &Pipeline| p.draw(image.frame(), 0, sample).to_json();
        if json(&rust) != json(&yaml) {
            return broken(format!("{} against {}", json(&rust), json(&yaml)));
        }
    }
    let again = expect(Pipeline::from_yaml(&yaml.to_yaml(), None))?;
    if again.fingerprint() != rust.fingerprint() {
        return broken(format!("to_yaml does not read back:\n{}", yaml.to_yaml()));
    }
    Ok(())
}

pub fn a_recipe_replays_to_the_same_bytes(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let image = picture(Size::new(24, 33), 3, Dtype::U8);
    for sample in 0..4 {
        let recipe = pipeline.draw(image.frame(), 2, sample);
        let read = expect(Recipe::from_json(&recipe.to_json()))?;
        if run(&pipeline, &recipe, &image)? != run(&pipeline, &read, &image)? {
            return broken(recipe.to_json());
        }
    }
    Ok(())
}

/// What mixes needs a data set, and says so of a picture alone, and of masks, boxes and points.
pub fn mixing_is_refused_alone(spec: &'static OpSpec) -> Result<(), Failed> {
    if !spec.mixes() {
        return Ok(());
    }
    let (pipeline, image) = (pipeline(spec)?, picture(Size::new(20, 30), 3, Dtype::U8));
    let recipe = pipeline.draw(image.frame(), 0, 0);
    for images in [vec![image.view()], Vec::new()] {
        let sample = Sample { images, ..Sample::default() };
        match augment::apply(&pipeline, &recipe, &sample, &mut Scratch::default()) {
            Err(error) if error.kind() == Fault::Unsupported && error.message().contains("use a Loader") => {}
            other => return broken(format!("{:?}", other.map(|out| out.size))),
        }
    }
    Ok(())
}

pub fn everything_is_documented(spec: &'static OpSpec) -> Result<(), Failed> {
    if !spec.summary().ends_with('.') || spec.summary().len() < 10 {
        return broken(format!("the summary is {:?}; expected a sentence", spec.summary()));
    }
    for p in spec.params.iter().filter(|p| !p.is_hidden()) {
        if !p.doc.trim().ends_with('.') || p.doc.trim().len() < 8 {
            return broken(format!("{}: its line is {:?}; expected a sentence", p.name, p.doc));
        }
        if let Some((lo, hi)) = p.usual {
            let (least, most) = p.bounds();
            if !(least <= lo && lo <= hi && hi <= most) {
                return broken(format!("{}: usual ({lo}, {hi}) lies outside ({least}, {most})", p.name));
            }
        }
    }
    Ok(())
}

/// Values drawn a thousand times stay within what the declaration says.
pub fn bounds_are_kept(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let frame = picture(Size::new(20, 30), 3, Dtype::U8).frame();
    for sample in 0..1000 {
        for step in pipeline.draw(frame, 1, sample).steps {
            for (p, value) in spec.params.iter().zip(&step.values) {
                let (lo, hi) = p.usual.filter(|_| p.default != Default::None).unwrap_or(p.bounds());
                let fits = match value {
                    Value::Real(v) if matches!(p.kind, Kind::Real { .. }) => *v >= lo && *v <= hi,
                    Value::Integer(v) => *v as f64 >= lo && *v as f64 <= hi,
                    Value::Numbers(list) if matches!(p.kind, Kind::Spread { .. }) => {
                        list.iter().all(|v| v.abs() <= 1.0)
                    }
                    _ => true,
                };
                if !fits && !matches!(p.default, Default::Number(_)) {
                    return broken(format!("{} = {value:?} outside ({lo}, {hi})", p.name));
                }
            }
        }
    }
    Ok(())
}
