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
    ("documents", include_str!("../presets/documents.yaml")),
    ("imagenet_eval", include_str!("../presets/imagenet_eval.yaml")),
    ("imagenet_train", include_str!("../presets/imagenet_train.yaml")),
    ("medical", include_str!("../presets/medical.yaml")),
    ("microscopy", include_str!("../presets/microscopy.yaml")),
    ("satellite", include_str!("../presets/satellite.yaml")),
    ("segmentation", include_str!("../presets/segmentation.yaml")),
    ("simclr", include_str!("../presets/simclr.yaml")),
    ("ssd", include_str!("../presets/ssd.yaml")),
    ("trivial_wide", include_str!("../presets/trivial_wide.yaml")),
    ("yolo", include_str!("../presets/yolo.yaml")),
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
    let mut last = 1.0;
    each_side(&mut stages, &mut |side| last = *side);
    each_side(&mut stages, &mut |side| *side = (*side * size as f64 / last).round().clamp(1.0, 65_535.0));
    Pipeline::new(stages, options)
}

/// Tells every constant side of the steps in order, in sizes and in what a side is brought to.
fn each_side(stages: &mut [Stage], f: &mut impl FnMut(&mut f64)) {
    for stage in stages {
        match stage {
            Stage::Step(step) => {
                for (spec, dist) in step.spec.params.iter().zip(&mut step.params) {
                    match (spec.kind, spec.name, dist) {
                        (Kind::Size, _, Dist::Constant(Value::Numbers(list))) => list.iter_mut().for_each(&mut *f),
                        (Kind::Integer { .. }, "length_px", Dist::Constant(Value::Integer(length))) => {
                            let mut side = *length as f64;
                            f(&mut side);
                            *length = side as i64;
                        }
                        _ => {}
                    }
                }
            }
            Stage::Group(group) => each_side(&mut group.of, f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::{Frame, Size};

    #[test]
    fn every_preset_is_a_pipeline_of_its_size() {
        for name in names() {
            let side = match name {
                "segmentation" => 512,
                "ssd" => 300,
                "yolo" => 640,
                _ if name.ends_with("local") => 96,
                _ => 224,
            };
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
