//! Room: the memory of batches, and how many of them the memory that was allowed holds.
//!
//! The feed asks when it lays out a batch, the loader before it starts a thread.

use variegate_picture::{AlignedBytes, Error, Result, Size};

use crate::feed::Feed;

impl Feed {
    /// A buffer for the pictures of each view and, after them, for their masks; beside each the bytes of one.
    pub fn buffers(&self, sizes: &[Size]) -> Vec<(AlignedBytes, usize)> {
        let pictures = sizes.iter().map(|size| self.bytes(*size));
        let masks = sizes.iter().take(self.masks()).map(|size| self.mask_bytes(*size));
        let buffer = |bytes: usize| (self.pool.take(bytes * self.options.batch_size), bytes);
        pictures.chain(masks).map(buffer).collect()
    }

    /// How many views have masks: all or none.
    fn masks(&self) -> usize {
        if self.asked.kinds.masks { self.views.pipelines().len() } else { 0 }
    }

    /// Bytes of one mask of a batch.
    fn mask_bytes(&self, size: Size) -> usize {
        size.pixels() * self.asked.mask_dtype.bytes()
    }

    /// Bytes of one picture of a batch.
    fn bytes(&self, size: Size) -> usize {
        size.pixels() * self.options.channels() * self.options.dtype.bytes()
    }

    /// Batches of views of `sizes` that may be made ahead within the memory that was allowed.
    pub fn within_memory(&self, sizes: &[Size]) -> Result<u64> {
        let options = &self.options;
        let masks = sizes.iter().take(self.masks()).map(|size| self.mask_bytes(*size) as u64).sum::<u64>();
        let pictures = sizes.iter().map(|size| self.bytes(*size) as u64).sum::<u64>();
        let bytes = (pictures + masks) * options.batch_size as u64;
        match options.memory / bytes.max(1) {
            0 => Err(Error::parameter(format!(
                "one batch of {} pictures{} of {} × {} as {} takes {bytes} bytes, and memory allows {}; lower batch_size or raise memory",
                options.batch_size,
                if masks > 0 { " with masks" } else { "" },
                sizes.iter().map(Size::to_string).collect::<Vec<_>>().join(" and "),
                options.channels(),
                options.dtype.name(),
                options.memory
            ))),
            fit => Ok(self.ahead.min(fit)),
        }
    }
}
