//! Pipelines of well-known recipes, one YAML file each in `presets/`.
//!
//! What a recipe does to a batch (MixUp, CutMix) or to the data set (repeated augmentation) is not in its file.

use variegate_picture::{Error, Result};

use crate::dist::Dist;
use crate::param::Kind;
use crate::pipeline::{Pipeline, Stage};
use crate::value::Value;

/// Name and text, in the order of their names.
const TEXTS: &[(&str, &str)] = &[
    ("byol_1", include_str!("../presets/byol_1.yaml")),
    ("byol_2", include_str!("../presets/byol_2.yaml")),
    ("convnext", include_str!("../presets/convnext.yaml")),
    ("deit", include_str!("../presets/deit.yaml")),
    ("deit_3", include_str!("../presets/deit_3.yaml")),
    ("dino_global_1", include_str!("../presets/dino_global_1.yaml")),
    ("dino_global_2", include_str!("../presets/dino_global_2.yaml")),
    ("dino_local", include_str!("../presets/dino_local.yaml")),
    ("dinov2_global_1", include_str!("../presets/dinov2_global_1.yaml")),
    ("dinov2_global_2", include_str!("../presets/dinov2_global_2.yaml")),
    ("dinov2_local", include_str!("../presets/dinov2_local.yaml")),
    ("imagenet_train", include_str!("../presets/imagenet_train.yaml")),
    ("simclr", include_str!("../presets/simclr.yaml")),
    ("trivial_wide", include_str!("../presets/trivial_wide.yaml")),
];

/// The names of all presets.
pub fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(name, _)| *name)
}

/// The text of a preset.
pub fn text(name: &str) -> Result<&'static str> {
    TEXTS.iter().find(|(n, _)| *n == name).map(|(_, text)| *text).ok_or_else(|| {
        let mend = match variegate_picture::error::nearest(name, names()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        Error::parameter(format!("there is no preset {name:?}; {mend}"))
    })
}

/// The pipeline of a preset, as its file says.
pub fn get(name: &str) -> Result<Pipeline> {
    Pipeline::from_yaml(text(name)?, None)
}

/// The pipeline of a preset whose pictures are `size` by `size` in the end; sizes before the last keep their ratio to it.
pub fn sized(name: &str, size: usize) -> Result<Pipeline> {
    if !(1..=65_535).contains(&size) {
        return Err(Error::parameter(format!("{name}: expected a size from 1 to 65535 pixels, found {size}")));
    }
    let Pipeline { mut stages, options } = get(name)?;
    let last = sides(&mut stages).into_iter().next_back().map_or(1.0, |list| list.last().copied().unwrap_or(1.0));
    for list in sides(&mut stages) {
        list.iter_mut().for_each(|side| *side = (*side * size as f64 / last).round().clamp(1.0, 65_535.0));
    }
    Pipeline::new(stages, options)
}

/// Every constant size of the steps, in order.
fn sides(stages: &mut [Stage]) -> Vec<&mut Vec<f64>> {
    let mut found = Vec::new();
    for stage in stages {
        match stage {
            Stage::Step(step) => {
                for (spec, dist) in step.spec.params.iter().zip(&mut step.params) {
                    if let (Kind::Size, Dist::Constant(Value::Numbers(list))) = (spec.kind, dist) {
                        found.push(list);
                    }
                }
            }
            Stage::Group(group) => found.extend(sides(&mut group.of)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::{Frame, Size};

    #[test]
    fn every_preset_is_a_pipeline_of_its_size() {
        for name in names() {
            let side = if name.ends_with("local") { 96 } else { 224 };
            let plan = |p: Pipeline| p.plan(Frame::new(375, 500, 3), 0, 1).output.size;
            assert_eq!(plan(get(name).expect(name)), Size::new(side, side), "{name}");
            assert_eq!(plan(sized(name, 160).expect(name)), Size::new(160, 160), "{name}");
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest() {
        let message = get("simclp").expect_err("no such preset").to_string();
        assert!(message.contains("simclr"), "{message}");
    }

    #[test]
    fn the_names_are_the_files() {
        assert!(names().is_sorted());
    }
}
