//! One sample: read, header, draw, plan, decode what the plan wants, run it into the slot.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use variegate_engine::{Scratch, run};
use variegate_io::{DecodeOptions, DecodeWish, Depth, decode_region, header};
use variegate_ops::Pipeline;
use variegate_picture::{Error, Frame, Result, Size, Slot};
use variegate_plan::{Builder, NoServices, Plan};

use crate::options::LoaderOptions;
use crate::report::{Clock, Stage};
use crate::source::Source;

/// What a sample is made with.
pub struct Maker<'a> {
    pub source: &'a dyn Source,
    pub pipeline: &'a Pipeline,
    pub options: &'a LoaderOptions,
    pub clock: &'a Clock,
}

impl Maker<'_> {
    /// Makes sample `id` of `epoch` in `bytes`, a slot for pictures of `size`.
    pub fn make(&self, id: u64, epoch: u64, size: Size, bytes: &mut [u8], scratch: &mut Scratch) -> Result<()> {
        let made = catch_unwind(AssertUnwindSafe(|| self.steps(id, epoch, size, bytes, scratch)));
        match made {
            Ok(result) => result,
            Err(_) => {
                *scratch = Scratch::default();
                Err(Error::internal("a step panicked on this file; please report it with the file"))
            }
        }
        .map_err(|e| e.at(self.source.name(id)))
    }

    fn steps(&self, id: u64, epoch: u64, size: Size, bytes: &mut [u8], scratch: &mut Scratch) -> Result<()> {
        let options = self.options;
        let from = Instant::now();
        let file = self.source.read(id, &options.limits)?;
        let from = self.clock.add(Stage::Read, from);
        let header = header(&file, &options.limits)?;
        let plan = self.plan(&header, epoch, id);
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
        made().map_err(|e| e.at(self.source.name(id)))
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
