//! What a loader is told.

use variegate_io::{Colour, Limits};
use variegate_picture::{Dtype, Error, Layout, Result};

use crate::bad::{Budget, OnBad};
use crate::excluded::Excluded;
use crate::reading::{PartialDecode, Reading};
use crate::sampling::Sampling;
use crate::targets::TargetOptions;

/// What happens to the samples that do not fill a last global batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// They make a smaller batch; for one shard only.
    Keep,
    /// They are left out in this epoch.
    Drop,
    /// The batch is filled up from the start of the epoch's order.
    Wrap,
    /// The same, and the batch tells that what filled it up weighs nothing.
    Pad,
}

/// What a loader is told.
#[derive(Clone, Debug)]
pub struct LoaderOptions {
    /// Pictures of a batch, for each shard.
    pub batch_size: usize,
    /// Whether epochs are shuffled.
    pub shuffle: bool,
    /// The seed of the order; the pipeline's, where it is none.
    pub seed: Option<u64>,
    /// How often samples come in an epoch.
    pub sampling: Sampling,
    /// Samples that are never read; others take their places.
    pub excluded: Excluded,
    /// How many shards share each global batch.
    pub num_shards: u64,
    /// Which of them this is, from 0.
    pub shard_id: u64,
    /// Worker threads; as many as the machine offers, where it is none.
    pub threads: Option<usize>,
    /// Batches made ahead; two, and enough for every thread to work, where it is none.
    pub prefetch: Option<usize>,
    /// Bytes that batches made ahead may hold.
    pub memory: u64,
    /// The batch's element type.
    pub dtype: Dtype,
    /// The batch's order of axes.
    pub layout: Layout,
    /// What becomes of samples that cannot be used.
    pub on_bad: OnBad,
    /// How many of them are too many.
    pub budget: Budget,
    /// What becomes of the samples that do not fill a batch.
    pub rest: Rest,
    /// What colours are decoded to.
    pub colour: Colour,
    /// Whether EXIF orientation is followed.
    pub upright: bool,
    /// How much less than a whole picture may be decoded.
    pub partial_decode: PartialDecode,
    /// Limits of a file.
    pub limits: Limits,
    /// What becomes of boxes, points and masks, where the source knows them.
    pub targets: TargetOptions,
}

impl Default for LoaderOptions {
    fn default() -> Self {
        Self {
            batch_size: 32,
            shuffle: true,
            seed: None,
            sampling: Sampling::default(),
            excluded: Excluded::default(),
            num_shards: 1,
            shard_id: 0,
            threads: None,
            prefetch: None,
            memory: 2 << 30,
            dtype: Dtype::F32,
            layout: Layout::Hwc,
            on_bad: OnBad::Quarantine,
            budget: Budget::default(),
            rest: Rest::Keep,
            colour: Colour::Rgb,
            upright: true,
            partial_decode: PartialDecode::default(),
            limits: Limits::default(),
            targets: TargetOptions::default(),
        }
    }
}

impl LoaderOptions {
    /// Checks what can be checked without a source.
    pub fn check(&self) -> Result<()> {
        let fail = |message: String| Err(Error::parameter(message));
        if self.batch_size == 0 {
            return fail("batch_size: expected 1 or more, found 0".into());
        }
        if self.num_shards == 0 || self.shard_id >= self.num_shards {
            return fail(format!(
                "shard_id {} of num_shards {}: expected shard_id from 0 to num_shards - 1",
                self.shard_id, self.num_shards
            ));
        }
        if self.num_shards > 1 && self.rest == Rest::Keep {
            return fail(
                "several shards cannot share a smaller last batch; say drop_last=True, rest=\"wrap\" or rest=\"pad\""
                    .into(),
            );
        }
        if self.threads == Some(0) || self.prefetch == Some(0) {
            return fail("threads and prefetch: expected 1 or more, or none for a good default".into());
        }
        if matches!(self.colour, Colour::AsStored) {
            return fail("a batch needs one channel count: choose grey, rgb or rgba".into());
        }
        self.targets.check()
    }

    /// Channels of a batch.
    pub fn channels(&self) -> usize {
        match self.colour {
            Colour::Grey => 1,
            Colour::Rgba => 4,
            _ => 3,
        }
    }

    /// How files are read.
    pub fn reading(&self) -> Reading {
        let Self { colour, upright, partial_decode, limits, .. } = *self;
        Reading { colour, upright, partial_decode, limits }
    }
}
