//! One sample: read, header, draw, plan, decode what the plans of its views want, run them into the slot.
//!
//! The feed's workers call it, each with a kit of its own. It decides nothing about failures but whose fault they are;
//! [`crate::partners`] makes what a view mixes into a sample.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use variegate_engine::{Scratch, run};
use variegate_io::{FileBuffer, Header, header};
use variegate_kernels::shared_slots::Lent;
use variegate_ops::Pipeline;
use variegate_picture::{Error, Kind, Pixels, Result, Size, Slot};
use variegate_plan::Plan;

use crate::bad::{BadSample, Ledger, OnBad};
use crate::doing::Doing;
use crate::feed::Place;
use crate::known::{Asked, Known};
use crate::moved::{Moved, moved};
use crate::options::LoaderOptions;
use crate::partners::{Mixed, Other};
use crate::report::{Clock, Stage};
use crate::sampling::Pick;
use crate::source::Source;
use crate::stored::Stored;

/// Whose fault it is that a sample was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file's, whatever part of it is asked for: unreadable, or no picture.
    File,
    /// The picture's in this epoch: broken where it was looked at.
    Picture,
    /// The partners', which were noted already; not the sample's own.
    Partner,
    /// The caller's: no policy for bad samples mends it.
    Caller,
}

/// Why a sample was not made.
#[derive(Clone, Debug)]
pub struct Failure {
    pub error: Error,
    pub fault: Fault,
}

/// What was mixed into the views of a sample, and what is attached to each of them.
type Made = std::result::Result<(Vec<Mixed>, Vec<Moved>), Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let fault = if error.kind() == Kind::Parameter { Fault::Caller } else { Fault::Picture };
        Self { error, fault }
    }
}

/// What a worker keeps from sample to sample, so that none of it is asked of the system again.
#[derive(Debug, Default)]
pub struct Kit {
    file: FileBuffer,
    pixels: Vec<u8>,
    plans: Vec<Plan>,
    scratch: Scratch,
    /// For the partners of a sample.
    pub other: Other,
}

/// What a sample is made with.
pub struct Maker<'a> {
    pub source: &'a dyn Source,
    pub views: &'a [Pipeline],
    pub options: &'a LoaderOptions,
    pub clock: &'a Clock,
    /// Where the worker says what it is at.
    pub doing: &'a Doing,
    pub bad: &'a Ledger,
    /// The seed of the order.
    pub seed: u64,
    /// What is asked for of annotations.
    pub asked: Asked,
    /// Of each view, an element of its mask where nothing is seen; empty where no masks are asked for.
    pub fills: &'a [Vec<u8>],
}

impl Maker<'_> {
    /// Why a sample is not tried again.
    pub fn quarantined(&self, id: u64) -> Option<Failure> {
        let known = (self.options.on_bad == OnBad::Quarantine).then(|| self.bad.unreadable(id));
        known.flatten().map(|error| Failure { error, fault: Fault::File })
    }

    /// Notes a bad sample.
    pub fn note(&self, id: u64, place: Place, failure: &Failure) {
        let Place { epoch, step } = place;
        let (path, error, for_good) = (self.source.name(id), failure.error.clone(), failure.fault == Fault::File);
        self.bad.note(BadSample { id, path, error, epoch, step, for_good });
    }

    /// Makes the views of a sample for the batch at `place` in a slot for pictures of `sizes`, and after them for their masks;
    /// tells what was mixed into them and what is attached to them.
    pub fn make(&self, pick: Pick, place: Place, sizes: &[Size], slot: &mut Lent<'_>, kit: &mut Kit) -> Made {
        let made = catch_unwind(AssertUnwindSafe(|| self.steps(pick, place, sizes, slot, kit)));
        let result = made.unwrap_or_else(|_| {
            *kit = Kit::default();
            Err(panicked().into())
        });
        result.map_err(|failure| Failure { error: failure.error.at(self.source.name(pick.id)), ..failure })
    }

    fn steps(&self, pick: Pick, place: Place, sizes: &[Size], slot: &mut Lent<'_>, kit: &mut Kit) -> Made {
        let (options, reading) = (self.options, self.options.reading());
        let unreadable = |error| Failure { error, fault: Fault::File };
        let Kit { file, pixels, plans, scratch, other } = kit;
        let Pick { id, sample, .. } = pick;
        let (mut mixed, mut attached) = (Vec::new(), Vec::new());
        let from = Instant::now();
        self.doing.at(Stage::Read, id);
        let stored = Stored::read(self.source, id, &options.limits, file).map_err(unreadable)?;
        let from = self.clock.add(Stage::Read, from);
        self.doing.at(Stage::Plan, id);
        let opened = stored.open(&options.limits).map_err(unreadable)?;
        let known = self.known(id, opened.header()).map_err(unreadable)?;
        // A mask is a picture, too.
        let from = if known.is_some() { self.clock.add(Stage::Decode, from) } else { from };
        plans.clear();
        for (view, size) in self.views.iter().zip(sizes) {
            let seen = || known.as_ref().map(Known::attached).unwrap_or_default();
            let plan = reading.plan_seeing(view, opened.header(), place.epoch, sample, seen);
            if plan.output.size != *size {
                return Err(uneven(plan.output.size, *size));
            }
            plans.push(plan);
        }
        let wish = reading.wish(plans, opened.header().size);
        let from = self.clock.add(Stage::Plan, from);
        self.doing.at(Stage::Decode, id);
        let (picture, part) = reading.decode(opened, wish, std::mem::take(pixels))?;
        let mut from = self.clock.add(Stage::Decode, from);
        for (k, mut plan) in plans.drain(..).enumerate() {
            let mut partners = self.partners(k, sample, place, &plan, other)?;
            partners.settle(&mut plan);
            if !partners.is_empty() {
                mixed.extend(partners.mixed(k));
                from = Instant::now();
            }
            self.doing.at(Stage::Augment, id);
            if let Some(known) = &known {
                let masks = if self.asked.kinds.masks { slot.place(self.views.len() + k) } else { &mut [] };
                let fill = &self.fills[k];
                attached.push(moved(known, &self.views[k], &reading, &plan, &partners, fill, masks)?);
            }
            let white = self.views[k].options.value_range.1 as f32;
            let bytes = slot.place(k);
            let mut slot = Slot::new(sizes[k], options.channels(), options.dtype, options.layout, bytes)?;
            run(&plan.on_part(part), picture.view(), white, &mut slot, scratch, &partners)?;
            from = self.clock.add(Stage::Augment, from);
        }
        if let Pixels::U8(used) = picture.into_pixels() {
            *pixels = used;
        }
        self.clock.sample();
        Ok((mixed, attached))
    }

    /// The annotations of sample `id`; none where none are asked for.
    pub fn known(&self, id: u64, header: &Header) -> Result<Option<Known>> {
        if self.asked.kinds.is_empty() {
            return Ok(None);
        }
        let annotations = self.source.annotations(id)?;
        self.asked.known(&annotations, header, &self.options.reading()).map(Some)
    }

    /// The sizes that the views of a sample have in `epoch`, from its header alone.
    pub fn sizes_of(&self, pick: Pick, epoch: u64) -> Result<Arc<[Size]>> {
        let made = || -> Result<Arc<[Size]>> {
            let Pick { id, sample, .. } = pick;
            self.doing.at(Stage::Read, id);
            let file = self.source.read(id, &self.options.limits)?;
            let header = header(&file, &self.options.limits)?;
            let reading = self.options.reading();
            let known = self.known(id, &header)?;
            let seen = || known.as_ref().map(Known::attached).unwrap_or_default();
            let size = |view| reading.plan_seeing(view, &header, epoch, sample, seen).output.size;
            Ok(self.views.iter().map(size).collect())
        };
        let made = catch_unwind(AssertUnwindSafe(made)).unwrap_or_else(|_| Err(panicked()));
        made.map_err(|e| e.at(self.source.name(pick.id)))
    }
}

fn panicked() -> Error {
    Error::internal("a step panicked on this file; please report it with the file")
}

fn uneven(found: Size, size: Size) -> Failure {
    Failure {
        error: Error::parameter(format!(
            "this picture comes out at {found} (height × width), an earlier one at {size}; pictures of a batch have one size: add Resize, ResizedCrop or CenterCrop to the pipeline"
        )),
        fault: Fault::Caller,
    }
}
