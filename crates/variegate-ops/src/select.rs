//! Which operations may be applied to some channels alone, and to which channels.
//!
//! The group `select_channels` and recipes ask. Channels of a picture move together, and a second sample has all of
//! them, so what moves pixels or mixes samples is refused when the pipeline is built.

use std::sync::Arc;

use variegate_picture::{Error, Result};

use crate::pipeline::{GroupKind, Stage};
use crate::raw::{Raw, RawValue};

/// The families whose operations leave every pixel where it is.
const FAMILIES: [&str; 8] = ["blur", "colour", "compose", "compression", "cover", "noise", "texture", "weather"];

/// Numbers beyond are no channels of a picture.
const MOST: usize = 1 << 16;

/// Checks the channels of a group and what is to be applied to them.
pub fn check(channels: &[usize], of: &[Stage]) -> Result<()> {
    let twice = channels.iter().enumerate().find(|(k, c)| channels[..*k].contains(c));
    if let Some((_, channel)) = twice {
        return Err(Error::parameter(format!("select_channels.channels: {channel} is given twice")));
    }
    if channels.is_empty() || channels.iter().any(|c| *c >= MOST) {
        return Err(Error::parameter(format!(
            "select_channels.channels: expected whole numbers from 0, found {channels:?}"
        )));
    }
    of.iter().try_for_each(allowed)
}

fn allowed(stage: &Stage) -> Result<()> {
    match stage {
        Stage::Group(group) if matches!(group.kind, GroupKind::SelectChannels { .. }) => {
            Err(Error::parameter("select_channels: cannot stand inside another one; name the channels once"))
        }
        Stage::Group(group) => group.of.iter().try_for_each(allowed),
        Stage::Step(step) if !FAMILIES.contains(&step.spec.family) || stage.mixes() => Err(Error::parameter(format!(
            "select_channels: {} moves pixels or takes another sample, which happens to all channels together; expected operations of the families {}",
            step.spec.name,
            FAMILIES.join(", ")
        ))),
        Stage::Step(_) => Ok(()),
    }
}

/// A list of channels as it stands in a file.
pub fn channels_of(raw: &Raw) -> Result<Arc<[usize]>> {
    let wrong =
        || Error::parameter(format!("channels: expected a list of whole numbers from 0, found {}", raw.describe()));
    let channel = |raw: &Raw| match raw.value {
        RawValue::Integer(v) => usize::try_from(v).ok().filter(|c| *c < MOST).ok_or_else(wrong),
        _ => Err(wrong()),
    };
    match &raw.value {
        RawValue::List(list) if !list.is_empty() => list.iter().map(channel).collect(),
        RawValue::Integer(_) => Ok(Arc::from([channel(raw)?])),
        _ => Err(wrong()),
    }
}
