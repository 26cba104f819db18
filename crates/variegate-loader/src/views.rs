//! Several views of one sample: each has a pipeline, and draws of its own.
//!
//! A loader is given one pipeline or a list of them, and the façade uses the same rule for pictures in memory. Views are
//! numbered through the list, and the number is part of every draw's address by way of the seed: view 0 draws under the
//! pipeline's own seed, so that it is the picture the pipeline makes alone, and view k under the seed that Philox gives
//! for (the pipeline's seed, k). So no view's draws depend on how many others there are.

use variegate_ops::{Options, Pipeline};
use variegate_picture::key::name;
use variegate_picture::{Address, Error, Result};

/// More views than this of one sample are a mistake.
const MOST: usize = 1024;

/// What is made of each sample.
#[derive(Clone, Debug)]
pub struct Views(Vec<Pipeline>);

impl Views {
    /// Each pipeline as often as the number beside it says.
    pub fn of(list: impl IntoIterator<Item = (Pipeline, usize)>) -> Result<Self> {
        let mut views = Vec::new();
        for (pipeline, count) in list {
            if count == 0 || views.len() + count > MOST {
                return Err(Error::parameter(format!(
                    "a pipeline is asked for {count} views, after {} others; expected 1 or more, and at most {MOST} in all",
                    views.len()
                )));
            }
            for _ in 0..count {
                views.push(view(&pipeline, views.len() as u64));
            }
        }
        if views.is_empty() {
            return Err(Error::parameter("a list of views needs at least one pipeline"));
        }
        Ok(Self(views))
    }

    /// The pipeline of each view.
    pub fn pipelines(&self) -> &[Pipeline] {
        &self.0
    }

    /// The same views, each changed or refused.
    pub fn changed(self, change: impl FnMut(Pipeline) -> Result<Pipeline>) -> Result<Self> {
        self.0.into_iter().map(change).collect::<Result<_>>().map(Self)
    }

    /// A number that changes whenever a view does.
    pub fn fingerprint(&self) -> u64 {
        let all = self.0.iter().map(Pipeline::fingerprint);
        all.reduce(|hash, next| hash.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ next).unwrap_or(0)
    }
}

impl From<Pipeline> for Views {
    fn from(pipeline: Pipeline) -> Self {
        Self(vec![pipeline])
    }
}

/// The pipeline that makes view `k` where several are made with this one; view 0 is its own.
pub fn view(pipeline: &Pipeline, k: u64) -> Pipeline {
    if k == 0 {
        return pipeline.clone();
    }
    let options = &pipeline.options;
    let address = Address { seed: options.seed, epoch: 0, sample: k, place: name("view") };
    Pipeline { options: Options { seed: address.words(0)[0], ..options.clone() }, ..pipeline.clone() }
}
