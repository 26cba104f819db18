//! Random transformations of pictures and everything attached to them, for training.
//!
//! A [`Pipeline`] draws a [`Recipe`] for each sample; the recipe becomes a fused [`Plan`]; the plan runs over the picture
//! into its place in a batch. [`Loader`] does that for a whole data set, on threads of its own. What a sample becomes
//! depends on the seed, the epoch, the sample's number and the pipeline alone: never on threads, machines or batches.
//!
//! # A pipeline
//!
//! Each operation is a type in [`ops`], by family. `config()` has a method for each parameter, which takes a number, a
//! range or any other [`Dist`]; `p` is the chance that the operation is applied. A wrong value is an [`Error`] from
//! [`build`](ops::PipelineBuilder::build), never a panic.
//!
//! ```
//! use variegate::{Pipeline, ops::geometry::{Flip, Rotate}};
//! let pipeline = Pipeline::builder()
//!     .then(Flip::config().p(0.5))
//!     .then(Rotate::config().degrees(-15.0..=15.0))
//!     .seed(7)
//!     .build()?;
//! let plan = pipeline.plan(variegate::Frame::new(375, 500, 3), 0, 1234);
//! assert_eq!(plan.passes().len(), 1);
//! # Ok::<(), variegate::Error>(())
//! ```
//!
//! The same text makes the same pipeline here, in Python and on the command line:
//!
//! ```
//! use variegate::{Pipeline, ops::geometry::{Flip, Rotate}};
//! let read = Pipeline::from_yaml("
//! variegate: 1
//! seed: 7
//! pipeline:
//!   - flip: {p: 0.5}
//!   - rotate: {degrees: [-15, 15]}
//! ", None)?;
//! let built = Pipeline::builder().then(Flip::config().p(0.5)).then(Rotate::config().degrees(-15.0..=15.0));
//! assert_eq!(read.to_yaml(), built.seed(7).build()?.to_yaml());
//! # Ok::<(), variegate::Error>(())
//! ```
//!
//! # One picture, its boxes and its mask
//!
//! A [`Sample`] holds what belongs together; all of it follows one drawn geometry. Boxes that leave the picture are
//! dropped, and the result names the ones that stay.
//!
//! ```
//! use variegate::{Boxes, BoxFormat, Mask, Picture, Pipeline, Sample, Scratch, Size, augment};
//! use variegate::{ops::geometry::Flip, picture::Pixels};
//! let size = Size::new(40, 60);
//! let picture = Picture::new(size, 3, Pixels::U8(vec![128; 40 * 60 * 3]))?;
//! // One byte a pixel; class 1 in the left column, 0 elsewhere.
//! let mask = Mask::new(size, 1, (0..40 * 60).map(|k| u8::from(k % 60 == 0)).collect())?;
//! let boxes = Boxes::from_rows(&[0.0, 10.0, 20.0, 30.0], BoxFormat::from_name("xyxy")?, size)?;
//!
//! let pipeline = Pipeline::builder().then(Flip::config().p(1.0)).seed(7).build()?;
//! let recipe = pipeline.draw(picture.frame(), 0, 1234);
//! let sample =
//!     Sample { images: vec![picture.view()], masks: vec![mask.view()], boxes: Some(boxes), ..Sample::default() };
//! let out = augment::apply(&pipeline, &recipe, &sample, &mut Scratch::default())?;
//!
//! let (boxes, kept) = out.boxes.expect("boxes were given");
//! assert_eq!((boxes.to_rows(out.size), kept), (vec![40.0, 10.0, 60.0, 30.0], vec![0]));
//! assert_eq!(out.masks[0].bytes()[59], 1);
//! // The recipe is data: kept as text, it makes the same picture again.
//! let again = variegate::Recipe::from_json(&recipe.to_json())?;
//! let once_more = augment::apply(&pipeline, &again, &sample, &mut Scratch::default())?;
//! assert_eq!(out.images, once_more.images);
//! # Ok::<(), variegate::Error>(())
//! ```
//!
//! [`decode_and_apply`] does it for an encoded file, and decodes only what the plan looks at.
//!
//! # A folder, as batches
//!
//! ```
//! use std::sync::Arc;
//! use variegate::loader::{Files, Rest};
//! use variegate::{Layout, Loader, LoaderOptions, Pipeline, io};
//! use variegate::ops::{crop::ResizedCrop, finish::Normalize, geometry::Flip};
//! # let root = std::env::temp_dir().join(format!("variegate-doc-{}", std::process::id()));
//! # for class in ["cat", "dog"] {
//! #     std::fs::create_dir_all(root.join(class)).expect("a folder");
//! #     let grey = variegate::Picture::new(variegate::Size::new(30, 40), 3, variegate::picture::Pixels::U8(vec![99; 3600]))?;
//! #     let bytes = io::encode(&grey, &io::EncodeFormat::Jpeg { quality: 90 })?;
//! #     (0..5).for_each(|k| std::fs::write(root.join(class).join(format!("{k}.jpg")), &bytes).expect("a file"));
//! # }
//! let folder = io::Folder::read(&root, &io::FolderOptions::default())?;      // root/cat/0.jpg …, root/dog/0.jpg …
//! let augment = Pipeline::builder()
//!     .then(ResizedCrop::config().size(32))
//!     .then(Flip::config().p(0.5))
//!     .then(Normalize::config())
//!     .seed(7)
//!     .build()?;
//! let options = LoaderOptions { batch_size: 4, layout: Layout::Chw, rest: Rest::Drop, ..LoaderOptions::default() };
//! let mut loader = Loader::new(Arc::new(Files::of(&folder)), augment, options)?;
//! for _epoch in 0..2 {
//!     while let Some(batch) = loader.next_batch()? {
//!         assert_eq!(batch.shape(0), [4, 3, 32, 32]);
//!         let (numbers, labels) = (batch.reals(0)?, &batch.labels);
//!         assert_eq!((numbers.len(), labels.len()), (4 * 3 * 32 * 32, 4));
//!     }
//! }
//! # loader.close();
//! # std::fs::remove_dir_all(root).expect("it is there");
//! # Ok::<(), variegate::Error>(())
//! ```
//!
//! [`Loader::state`](loader::Loader::state) and [`resume`](loader::Loader::resume) go on in the middle of an epoch, on
//! another number of threads or shards too. Sources beside folders, and boxes and masks in batches, are in [`loader`].
//!
//! # An operation of your own
//!
//! [`ops::operation!`] declares it, [`ops::Op`] says what it does, [`ops::registry::register`] makes files know its name, and
//! the crate `variegate-laws` tests it. The example `own_operation` shows one from beginning to end.
//!
//! # Where things are
//!
//! | | |
//! |---|---|
//! | [`ops`] | operations, combinators, pipelines, recipes, distributions, presets |
//! | [`picture`] | pictures, masks, boxes, points, random numbers by address |
//! | [`io`] | decoding and encoding within limits, folders |
//! | [`loader`] | sources, order, batches, what is attached to them |
//! | [`augment`], [`mixing`], [`views`](mod@views), [`fields`] | one sample, several that are mixed, several views, measured fields |
//! | [`plan`] | the language between operations and the engine, and its reference |
//! | [`pack`], [`profile`], [`migrate`] | packing a data set, where time goes, pipelines of other libraries |
#![forbid(unsafe_code)]

pub mod augment;
pub mod fields;
pub mod mapped;
pub mod migrate;
pub mod mixing;
pub mod pack;
pub mod profile;
mod stack;
pub mod views;

pub use augment::{Augmented, Sample};
pub use fields::{Field, FieldKind};
pub use mixing::Company;
pub use variegate_engine::{Level, Scratch, level_name, run_to_picture, with_level};
pub use variegate_io as io;
pub use variegate_loader as loader;
pub use variegate_loader::{Batch, Loader, LoaderOptions, Reading, Views};
pub use variegate_ops as ops;
pub use variegate_ops::presets;
pub use variegate_ops::{Dist, OpSpec, Options, Pipeline, Recipe, Value};
pub use variegate_picture as picture;
pub use variegate_picture::{
    BoxFormat, Boxes, Dtype, Error, Frame, Kind, Layout, Mask, MaskView, Picture, Points, Result, Size, Slot, View,
};
pub use variegate_plan as plan;
pub use variegate_plan::{BoxRules, Meaning, Plan};
pub use views::{apply_views, decode_and_apply, decode_and_apply_views};

/// The programs of `docs/rust.md`, which run with the other examples of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/rust.md")]
pub struct PageFromRust;
