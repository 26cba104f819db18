//! Whether the arguments of a call fit each other.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::{Entry, Targets};
use crate::arrays::unusable;
use crate::rows::Rows;

impl Targets<'_> {
    /// Checks that there is a label for each box.
    pub(super) fn check_labels(&self) -> PyResult<()> {
        for (_, entry) in &self.entries {
            let Entry::BoxLabels(labels) = entry else { continue };
            let Some((rows, _)) = &self.boxes else {
                return Err(PyTypeError::new_err("box_labels are given, but no boxes"));
            };
            if labels.len()? != rows.len() {
                return Err(unusable(
                    self.py,
                    format!("box_labels: expected one for each of the {} boxes, found {}", rows.len(), labels.len()?),
                ));
            }
        }
        Ok(())
    }

    /// Checks that there are as many of what belongs to each box as boxes, and as many flags as points.
    pub(super) fn check_instances(&self) -> PyResult<()> {
        let masks = self.instance_masks.first().map(|masks| ("instance_masks", masks.count));
        let polygons = self.polygons.as_ref().map(|polygons| ("polygons", polygons.len()));
        if let Some((rows, _)) = &self.boxes {
            for (what, found) in masks.into_iter().chain(polygons) {
                if found != rows.len() {
                    let expected = rows.len();
                    let message = format!("{what}: expected one for each of the {expected} boxes, found {found}");
                    return Err(unusable(self.py, message));
                }
            }
        }
        let points = self.points.as_ref().map_or(0, Rows::len);
        if !self.visible.is_empty() && self.visible.len() != points {
            let found = self.visible.len();
            let message = format!("points_visible: expected one for each of the {points} points, found {found}");
            return Err(unusable(self.py, message));
        }
        Ok(())
    }

    /// Checks that a volume and its mask have as many slices, a video and its mask as many frames.
    pub(super) fn check_depths(&self) -> PyResult<()> {
        let named = |wanted: &str| self.entries.iter().find(|(name, _)| name.to_str().is_ok_and(|name| name == wanted));
        for (stack, mask) in [("video", "video_mask"), ("volume", "volume_mask")] {
            let (Some((_, Entry::Stack { at })), Some((_, Entry::StackMask { at: of }))) = (named(stack), named(mask))
            else {
                continue;
            };
            let (there, found) = (self.stacks[*at].count, self.stack_masks[*of].count);
            if there != found {
                let message = format!("{mask}: expected one mask for each of the {there} of {stack}, found {found}");
                return Err(unusable(self.py, message));
            }
        }
        Ok(())
    }
}
