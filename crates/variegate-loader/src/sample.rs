//! One sample: read, header, draw, plan, decode what the plan wants, run it into the slot.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use variegate_engine::{Scratch, run};
use variegate_io::{DecodeOptions, DecodeWish, Depth, decode_region, header};
use variegate_ops::Pipeline;
use variegate_picture::{Error, Frame, Kind, Result, Size, Slot};
use variegate_plan::{Builder, NoServices, Plan};

use crate::options::LoaderOptions;
use crate::report::{Clock, Stage};
use crate::source::Source;

/// Whose fault it is that a sample was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file's, whatever part of it is asked for: unreadable, or no picture.
    File,
    /// The picture's in this epoch: broken where it was looked at.
    Picture,
    /// The caller's: no policy for bad samples mends it.
    Caller,
}

/// Why a sample was not made.
#[derive(Clone, Debug)]
pub struct Failure {
    pub error: Error,
    pub fault: Fault,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let fault = if error.kind() == Kind::Parameter { Fault::Caller } else { Fault::Picture };
        Self { error, fault }
    }
}

/// What a sample is made with.
pub struct Maker<'a> {
    pub source: &'a dyn Source,
    pub pipeline: &'a Pipeline,
    pub options: &'a LoaderOptions,
    pub clock: &'a Clock,
}

impl Maker<'_> {
    /// Makes sample `id` of `epoch` in `bytes`, a slot for pictures of `size`.
    pub fn make(
        &self,
        id: u64,
        epoch: u64,
        size: Size,
        bytes: &mut [u8],
        scratch: &mut Scratch,
    ) -> std::result::Result<(), Failure> {
        let made = catch_unwind(AssertUnwindSafe(|| self.steps(id, epoch, size, bytes, scratch)));
        let result = made.unwrap_or_else(|_| {
            *scratch = Scratch::default();
            Err(panicked().into())
        });
        result.map_err(|failure| Failure { error: failure.error.at(self.source.name(id)), ..failure })
    }

    fn steps(
        &self,
        id: u64,
        epoch: u64,
        size: Size,
        bytes: &mut [u8],
        scratch: &mut Scratch,
    ) -> std::result::Result<(), Failure> {
        let options = self.options;
        let unreadable = |error| Failure { error, fault: Fault::File };
        let from = Instant::now();
        let file = self.source.read(id, &options.limits).map_err(unreadable)?;
        let from = self.clock.add(Stage::Read, from);
        let header = header(&file, &options.limits).map_err(unreadable)?;
        let plan = self.plan(&header, epoch, id);
        if plan.output.size != size {
            return Err(uneven(plan.output.size, size));
        }
        let from = self.clock.add(Stage::Plan, from);
        let region = if options.partial_decode { plan.wish() } else { None };
        let wish = DecodeWish { region, scale: 1 };
        let decoded = decode_region(&file, &header, &self.decode_options(), &wish)?;
        let from = self.clock.add(Stage::Decode, from);
        let plan = match region {
            Some(_) => plan.on_region(decoded.origin, decoded.picture.size()),
            None => plan,
        };
        let mut slot = Slot::new(size, options.channels(), options.dtype, options.layout, bytes)?;
        let white = self.pipeline.options.value_range.1 as f32;
        run(&plan, decoded.picture.view(), white, &mut slot, scratch, &NoServices)?;
        self.clock.add(Stage::Augment, from);
        self.clock.sample();
        Ok(())
    }

    /// The size the pipeline gives sample `id` in `epoch`, from its header alone.
    pub fn size_of(&self, id: u64, epoch: u64) -> Result<Size> {
        let made = || -> Result<Size> {
            let file = self.source.read(id, &self.options.limits)?;
            let header = header(&file, &self.options.limits)?;
            Ok(self.plan(&header, epoch, id).output.size)
        };
        let made = catch_unwind(AssertUnwindSafe(made)).unwrap_or_else(|_| Err(panicked()));
        made.map_err(|e| e.at(self.source.name(id)))
    }

    fn decode_options(&self) -> DecodeOptions {
        DecodeOptions { colour: self.options.colour, depth: Depth::Eight, limits: self.options.limits }
    }

    /// The plan of a sample: its upright turn first, then what is drawn for the upright frame.
    fn plan(&self, header: &variegate_io::Header, epoch: u64, id: u64) -> Plan {
        let channels = self.options.channels();
        let stored = Frame { size: header.size, channels };
        let mut builder = Builder::new(stored);
        if self.options.upright {
            let (map, upright) = header.orientation.homography(header.size);
            builder.permute(map, upright);
        }
        let recipe = self.pipeline.draw(builder.frame(), epoch, id);
        self.pipeline.lower_from(builder, &recipe, self.pipeline.options.meaning)
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
