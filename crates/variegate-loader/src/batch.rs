//! A finished batch, and the pool its memory returns to.

use std::sync::{Arc, Mutex};

use variegate_picture::{AlignedBytes, Dtype, Error, Layout, Result, Size};

use crate::collected::Targets;

/// Buffers waiting to be used again: fresh memory costs a page fault for every 4 KiB.
#[derive(Debug)]
pub struct Pool {
    free: Mutex<Vec<AlignedBytes>>,
    most: usize,
}

impl Pool {
    /// A pool that keeps at most `most` buffers.
    pub fn new(most: usize) -> Self {
        Self { free: Mutex::new(Vec::new()), most }
    }

    /// A buffer of `len` bytes; what it holds is anybody's.
    pub fn take(&self, len: usize) -> AlignedBytes {
        let mut free = self.free.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match free.iter().position(|buffer| buffer.len() == len) {
            Some(k) => free.swap_remove(k),
            None => AlignedBytes::zeroed(len),
        }
    }

    fn give(&self, buffer: AlignedBytes) {
        // Never waits: a batch may be dropped in a child process, where a lock that another thread held stays shut.
        if let Ok(mut free) = self.free.try_lock() {
            if free.len() >= self.most {
                // The oldest goes: it may be of a size that is no longer asked for.
                free.remove(0);
            }
            free.push(buffer);
        }
    }
}

/// The pictures of one view of a batch.
#[derive(Debug)]
pub struct ViewOfBatch {
    pub(crate) buffer: AlignedBytes,
    /// Height and width of each picture.
    pub size: Size,
}

/// A finished batch. Its memory is never touched again while it lives, and returns to the pool when it is dropped.
#[derive(Debug)]
pub struct Batch {
    pub(crate) views: Vec<ViewOfBatch>,
    pub(crate) pool: Arc<Pool>,
    /// How many samples it holds.
    pub count: usize,
    /// Channels of each picture.
    pub channels: usize,
    /// Element type.
    pub dtype: Dtype,
    /// Order of axes.
    pub layout: Layout,
    /// The class of each sample, where there are classes.
    pub labels: Vec<Option<u32>>,
    /// How many classes there are, where a view mixes.
    pub classes: usize,
    /// Where a view mixes, of each view: a row of `classes` numbers for each sample, which sum to 1; none of a view that
    /// does not mix, or where a sample has no class.
    pub soft: Vec<Option<Vec<f32>>>,
    /// What is attached to the pictures of each view; empty where the source knows nothing that is asked for.
    pub targets: Vec<Targets>,
    /// The id each sample has in its source.
    pub ids: Vec<u64>,
    /// What each sample's draws are addressed by: its id where it comes for the first time in the epoch.
    pub samples: Vec<u64>,
    /// 1 for each sample and 0 for what fills the batch up, where the last batch is padded.
    pub weights: Option<Vec<f32>>,
    /// The epoch.
    pub epoch: u64,
    /// The step within the epoch.
    pub step: u64,
}

impl Batch {
    /// How many views of each sample it holds; one, unless a list of pipelines was given.
    pub fn views(&self) -> usize {
        self.views.len()
    }

    /// Height and width of the pictures of view `k`.
    pub fn size(&self, k: usize) -> Size {
        self.views[k].size
    }

    /// Bytes of one picture of view `k`.
    pub fn slot(&self, k: usize) -> usize {
        self.size(k).pixels() * self.channels * self.dtype.bytes()
    }

    /// The pixels of view `k`: `count` pictures without gaps, on a boundary of 64 bytes.
    pub fn bytes(&self, k: usize) -> &[u8] {
        &self.views[k].buffer.as_slice()[..self.count * self.slot(k)]
    }

    /// The pixels of view `k`, to be written by whoever owns the batch.
    pub fn bytes_mut(&mut self, k: usize) -> &mut [u8] {
        let len = self.count * self.slot(k);
        &mut self.views[k].buffer.as_mut_slice()[..len]
    }

    /// The pixels of view `k` as 32-bit floats, in the order of [`shape`](Self::shape): what most trainers take.
    ///
    /// # Errors
    ///
    /// When the batch is of another type.
    pub fn reals(&self, k: usize) -> Result<&[f32]> {
        let reals = (self.dtype == Dtype::F32).then(|| bytemuck::try_cast_slice(self.bytes(k)).ok()).flatten();
        reals.ok_or_else(|| {
            Error::parameter(format!(
                "this batch holds {}; ask for Dtype::F32 in the loader's options, or read its bytes",
                self.dtype.name()
            ))
        })
    }

    /// The shape of view `k` as NumPy has it.
    pub fn shape(&self, k: usize) -> [usize; 4] {
        let Size { height, width } = self.size(k);
        match self.layout {
            Layout::Hwc => [self.count, height, width, self.channels],
            Layout::Chw => [self.count, self.channels, height, width],
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        for view in self.views.drain(..) {
            self.pool.give(view.buffer);
        }
        for masks in self.targets.drain(..).filter_map(|targets| targets.masks) {
            self.pool.give(masks.buffer);
        }
    }
}
