//! Mixing among pictures in memory: each takes part of others of the same batch.
//!
//! The rule is the loader's, with the batch in the place of the data set: who a picture is mixed with depends on the draws
//! at its sample id, on its place and on how many pictures there are, never on threads. `Pipeline.batch` in Python calls it.

use variegate_engine::{Scratch, run, run_to_picture};
use variegate_loader::{Local, partner};
use variegate_ops::{Pipeline, Recipe};
use variegate_picture::{Error, Picture, Result, Size, Slot, View};
use variegate_plan::{Codec, Plan, Second, Services};

use crate::augment::plan;

/// Pictures that are augmented together, and may be mixed with one another.
///
/// ```
/// use variegate::{Company, Pipeline, Picture, Size, ops::mix::MixUp, picture::Pixels};
/// let pipeline = Pipeline::builder().then(MixUp::config().alpha(1.0)).build()?;
/// let picture = |v| Picture::new(Size::new(2, 2), 1, Pixels::U8(vec![v; 4]));
/// let (dark, light) = (picture(50)?, picture(200)?);
/// let company =
///     Company { pipeline: &pipeline, images: &[dark.view(), light.view()], samples: &[0, 1], epoch: 0 };
/// let parts = company.parts(0, &company.plan(0));
/// assert_eq!((parts.len(), parts[0].0, parts[1].0), (2, 0, 1));
/// assert!((parts[0].1 + parts[1].1 - 1.0).abs() < 1e-12);
/// # Ok::<(), variegate::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Company<'a> {
    /// What is done to them.
    pub pipeline: &'a Pipeline,
    /// The pictures.
    pub images: &'a [View<'a>],
    /// The sample id of each.
    pub samples: &'a [u64],
    /// The epoch.
    pub epoch: u64,
}

impl Company<'_> {
    /// The plan of picture `own`.
    pub fn plan(&self, own: usize) -> Plan {
        self.pipeline.plan(self.images[own].frame(), self.epoch, self.samples[own])
    }

    /// Refuses a plan that seeks what masks or boxes of another picture mark, since a batch has none.
    fn check(&self, plan: &Plan) -> Result<()> {
        if plan.seeks() {
            return Err(Error::unsupported(
                "copy_paste and class_mix show what masks or boxes of another sample mark, and pictures by themselves have \
                 none; use a Loader over a source that knows them",
            ));
        }
        Ok(())
    }

    /// Whose pictures are in what a plan makes of picture `own`, by place, and each one's share of the label; its own
    /// first. The shares sum to 1.
    pub fn parts(&self, own: usize, plan: &Plan) -> Vec<(usize, f64)> {
        let others: Vec<_> =
            plan.mixed().into_iter().map(|(number, share)| (self.partner(own, number), share)).collect();
        let rest = 1.0 - others.iter().map(|(_, share)| share).sum::<f64>();
        std::iter::once((own, rest.max(0.0))).chain(others).collect()
    }

    /// Applies a recipe to picture `own`, straight into its place in a batch.
    pub fn apply_into(&self, own: usize, recipe: &Recipe, slot: &mut Slot<'_>, scratch: &mut Scratch) -> Result<()> {
        let image = self.images[own];
        let plan = plan(self.pipeline, recipe, image.channels());
        self.check(&plan)?;
        run(&plan, image, self.white(), slot, scratch, &Member { company: self, own })
    }

    /// Applies a recipe to picture `own`; what comes out is of its own type, or float where the pipeline normalises.
    pub fn apply(&self, own: usize, recipe: &Recipe, scratch: &mut Scratch) -> Result<Picture> {
        let image = self.images[own];
        let plan = plan(self.pipeline, recipe, image.channels());
        self.check(&plan)?;
        run_to_picture(&plan, image, self.white(), scratch, &Member { company: self, own })
    }

    fn partner(&self, own: usize, number: u64) -> usize {
        partner(number, own as u64, self.images.len() as u64) as usize
    }

    fn white(&self) -> f32 {
        self.pipeline.options.value_range.1 as f32
    }
}

/// The others, as one of the pictures meets them.
struct Member<'a> {
    company: &'a Company<'a>,
    own: usize,
}

impl Services for Member<'_> {
    fn partner(&self, number: u64, _: Size, _: usize) -> Result<Picture> {
        let Company { pipeline, images, samples, epoch } = *self.company;
        let other = self.company.partner(self.own, number);
        let recipe = pipeline.draw_before_mixing(images[other].frame(), epoch, samples[other]);
        let plan = plan(pipeline, &recipe, images[other].channels());
        run_to_picture(&plan, images[other], self.company.white(), &mut Scratch::default(), &Local)
    }

    fn banked(&self, second: &Second) -> Result<Picture> {
        Local.banked(second)
    }

    fn recode(&self, codec: &Codec, picture: &Picture, white: f32) -> Result<Picture> {
        Local.recode(codec, picture, white)
    }
}
