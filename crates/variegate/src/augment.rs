//! One sample at a time: a picture and everything attached to it under one drawn geometry.
//!
//! The Python package and the command line call this; it owns no thread and keeps nothing between calls.

use std::borrow::Cow;

use variegate_engine::{Scratch, move_mask, run, run_to_picture};
use variegate_ops::{Pipeline, Recipe};
use variegate_picture::boxes::Shape;
use variegate_picture::{Boxes, Error, Mask, MaskView, Picture, Point, Points, Rect, Result, Size, Slot, View};
use variegate_plan::{Attached, Builder, NoServices, Plan, Route, Warp};

/// What goes in: all under one geometry, so all of the size of the first picture.
#[derive(Clone, Debug, Default)]
pub struct Sample<'a> {
    /// Pictures; colour operations change every one of them alike.
    pub images: Vec<View<'a>>,
    /// Masks.
    pub masks: Vec<MaskView<'a>>,
    /// What each mask holds where nothing is seen, as bytes of an element; the mask's own zero where it is missing.
    pub mask_fills: Vec<Vec<u8>>,
    /// Boxes.
    pub boxes: Option<Boxes>,
    /// Points.
    pub points: Option<Points>,
}

/// What comes out.
#[derive(Clone, Debug)]
pub struct Augmented {
    /// The pictures, in order. Float and in final numbers where the pipeline normalises, otherwise of their own dtype.
    pub images: Vec<Picture>,
    /// The masks, in order.
    pub masks: Vec<Mask>,
    /// The boxes that stay, and the index each had.
    pub boxes: Option<(Boxes, Vec<usize>)>,
    /// The points, and which of them are seen.
    pub points: Option<(Points, Vec<bool>)>,
    /// The size of everything that came out.
    pub size: Size,
}

/// The recipe with what is attached to the sample, where one of its operations looks at that and it is not known yet.
///
/// [`apply`] does so by itself. Keep what this returns where the recipe is to be replayed or undone without the sample.
pub fn seeing<'a>(recipe: &'a Recipe, sample: &Sample<'_>) -> Cow<'a, Recipe> {
    if !recipe.sees_attached() || !recipe.attached.is_empty() {
        return Cow::Borrowed(recipe);
    }
    let boxes = sample.boxes.iter().flat_map(|boxes| &boxes.shapes).map(Shape::around).collect();
    let corners = |rect: Rect| [Point::new(rect.x0, rect.y0), Point::new(rect.x1, rect.y1)];
    let marked = Rect::around(sample.masks.iter().filter_map(|mask| mask.marked()).flat_map(corners));
    Cow::Owned(Recipe { attached: Attached { boxes, marked }, ..recipe.clone() })
}

/// The plan of a recipe for pictures of `channels` channels.
pub fn plan(pipeline: &Pipeline, recipe: &Recipe, channels: usize) -> Plan {
    let frame = variegate_picture::Frame { channels, ..recipe.frame };
    pipeline.lower_from(Builder::new(frame), recipe, pipeline.options.meaning)
}

/// Applies a recipe to a sample. A pipeline that mixes is refused, whatever the recipe: a sample alone has no partner.
pub fn apply(pipeline: &Pipeline, recipe: &Recipe, sample: &Sample<'_>, scratch: &mut Scratch) -> Result<Augmented> {
    pipeline.check_alone()?;
    check_sizes(recipe.frame.size, sample)?;
    let seen = seeing(recipe, sample);
    let recipe = seen.as_ref();
    let white = pipeline.options.value_range.1 as f32;
    let mut images = Vec::with_capacity(sample.images.len());
    let mut made: Option<(usize, Plan)> = None;
    for image in &sample.images {
        let channels = image.channels();
        if made.as_ref().is_none_or(|(c, _)| *c != channels) {
            made = Some((channels, plan(pipeline, recipe, channels)));
        }
        if let Some((_, plan)) = &made {
            images.push(run_to_picture(plan, *image, white, scratch, &NoServices)?);
        }
    }
    let plan = match made {
        Some((_, plan)) => plan,
        None => self::plan(pipeline, recipe, recipe.frame.channels),
    };
    attached(&plan.route(), pipeline, sample, images)
}

/// Applies a recipe to one picture, straight into its place in a batch.
pub fn apply_into(
    pipeline: &Pipeline,
    recipe: &Recipe,
    image: View<'_>,
    slot: &mut Slot<'_>,
    scratch: &mut Scratch,
) -> Result<()> {
    pipeline.check_alone()?;
    let plan = plan(pipeline, recipe, image.channels());
    run(&plan, image, pipeline.options.value_range.1 as f32, slot, scratch, &NoServices)
}

/// Takes predictions on an augmented picture back to the plane of the original. Colour is not undone.
///
/// Everything in `sample` is of the size the recipe ends in; what comes out is of the size it started from. Pictures
/// (probability maps, say) are read bilinearly, masks by the nearest pixel; black and the fill where nothing is known.
pub fn undo(pipeline: &Pipeline, recipe: &Recipe, sample: &Sample<'_>, scratch: &mut Scratch) -> Result<Augmented> {
    let route = plan(pipeline, recipe, recipe.frame.channels).route();
    check_sizes(route.to(), sample)?;
    let back = route
        .inverse()
        .ok_or_else(|| Error::unsupported("a step of this recipe cannot be undone: it maps many places onto one"))?;
    let mut images = Vec::with_capacity(sample.images.len());
    for image in &sample.images {
        let mut builder = Builder::new(image.frame());
        for warp in back.warps() {
            builder.warp(Warp { border: variegate_picture::Border::Constant, ..warp.clone() });
        }
        images.push(run_to_picture(&builder.into_plan(pipeline.options.meaning), *image, 1.0, scratch, &NoServices)?);
    }
    attached(&back, pipeline, sample, images)
}

fn attached(route: &Route, pipeline: &Pipeline, sample: &Sample<'_>, images: Vec<Picture>) -> Result<Augmented> {
    let options = &pipeline.options;
    let masks = sample.masks.iter().enumerate().map(|(k, mask)| {
        let zero = vec![0u8; mask.element()];
        let fill = sample.mask_fills.get(k).unwrap_or(&zero);
        move_mask(route, *mask, fill)
    });
    Ok(Augmented {
        images,
        masks: masks.collect(),
        boxes: sample.boxes.as_ref().map(|boxes| route.boxes(boxes, &options.boxes)),
        points: sample.points.as_ref().map(|points| route.points(points, &options.swap)),
        size: route.to(),
    })
}

fn check_sizes(size: Size, sample: &Sample<'_>) -> Result<()> {
    let images = sample.images.iter().map(|image| ("picture", image.size()));
    let masks = sample.masks.iter().map(|mask| ("mask", mask.size()));
    for (k, (what, found)) in images.chain(masks).enumerate() {
        if found != size {
            return Err(Error::input(format!(
                "{what} {k} is {found} (height × width), the recipe is for {size}; resize it first or draw again"
            )));
        }
    }
    Ok(())
}
