//! One picture or several views of it, from memory or straight from an encoded file.
//!
//! What the loader does for a data set, for one sample: the same addresses give the same bytes. The Python package calls
//! it; it owns no thread and keeps nothing between calls.

use variegate_engine::{Scratch, run_to_picture};
use variegate_io::open;
use variegate_loader::Local;
use variegate_loader::{Reading, Views};
use variegate_ops::Pipeline;
use variegate_picture::{Picture, Result, View};

/// The views of a picture in memory, in order.
///
/// ```
/// use variegate::{Pipeline, Picture, Scratch, Size, Views, apply_views, ops::crop::ResizedCrop, picture::Pixels};
/// let crop = |side| Pipeline::builder().then(ResizedCrop::config().size(Size::new(side, side))).seed(7).build();
/// let views = Views::of([(crop(16)?, 2), (crop(8)?, 6)])?;
/// let picture = Picture::new(Size::new(30, 40), 3, Pixels::U8(vec![128; 3600]))?;
/// let made = apply_views(&views, picture.view(), 0, 1234, &mut Scratch::default())?;
/// assert_eq!((made.len(), made[0].size(), made[7].size()), (8, Size::new(16, 16), Size::new(8, 8)));
/// # Ok::<(), variegate::Error>(())
/// ```
pub fn apply_views(
    views: &Views,
    picture: View<'_>,
    epoch: u64,
    sample: u64,
    scratch: &mut Scratch,
) -> Result<Vec<Picture>> {
    check_alone(views)?;
    let each = views.pipelines().iter().map(|pipeline| {
        let plan = pipeline.plan(picture.frame(), epoch, sample);
        run_to_picture(&plan, picture, pipeline.options.value_range.1 as f32, scratch, &Local)
    });
    each.collect()
}

/// The views of an encoded picture, in order: of the file only what they look at is decoded, and once.
pub fn decode_and_apply_views(
    views: &Views,
    bytes: &[u8],
    reading: &Reading,
    epoch: u64,
    sample: u64,
    scratch: &mut Scratch,
) -> Result<Vec<Picture>> {
    check_alone(views)?;
    let opened = open(bytes, &reading.limits)?;
    let plan = |view: &Pipeline| reading.plan(view, opened.header(), epoch, sample);
    let plans: Vec<_> = views.pipelines().iter().map(plan).collect();
    let wish = reading.wish(&plans, opened.header().size);
    let (picture, part) = reading.decode(opened, wish, Vec::new())?;
    let each = plans.into_iter().zip(views.pipelines()).map(|(plan, pipeline)| {
        let white = pipeline.options.value_range.1 as f32;
        run_to_picture(&plan.on_part(part), picture.view(), white, scratch, &Local)
    });
    each.collect()
}

fn check_alone(views: &Views) -> Result<()> {
    views.pipelines().iter().try_for_each(Pipeline::check_alone)
}

/// The picture a pipeline makes of an encoded one: of the file only what the plan looks at is decoded.
pub fn decode_and_apply(
    pipeline: &Pipeline,
    bytes: &[u8],
    reading: &Reading,
    epoch: u64,
    sample: u64,
    scratch: &mut Scratch,
) -> Result<Picture> {
    let mut made = decode_and_apply_views(&pipeline.clone().into(), bytes, reading, epoch, sample, scratch)?;
    Ok(made.swap_remove(0))
}
