//! The loader: owns the threads, and hands out batches in order.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use variegate_picture::{Error, Result};

use crate::bad::BadSample;
use crate::batch::Batch;
use crate::doing::{Busy, Doing};
use crate::feed::{Feed, Place};
use crate::known::Asked;
use crate::options::LoaderOptions;
use crate::report::Report;
use crate::sampling::Pick;
use crate::source::Source;
use crate::state::Token;
use crate::views::Views;

/// What [`Loader::next_within`] found.
#[derive(Debug)]
pub enum Next {
    /// The next batch.
    Batch(Box<Batch>),
    /// The epoch is over; the next call begins the next one.
    EpochEnd,
    /// Nothing yet.
    NotYet,
}

/// Batches of a whole data set.
pub struct Loader {
    feed: Arc<Feed>,
    workers: Vec<JoinHandle<()>>,
    threads: usize,
    process: u32,
    place: Place,
    /// The epoch whose end has not been told yet.
    ended: Option<u64>,
    closed: bool,
    /// Of the pipeline, of the source and of its sampling: asked at every token, and the source's costs a pass over its names.
    fingerprints: (u64, u64, u64),
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").field("place", &self.place).field("threads", &self.workers.len()).finish()
    }
}

impl Loader {
    /// Starts the threads; batches are made ahead from the first moment on. `views` is a pipeline, or [`Views`] of
    /// several.
    pub fn new(source: Arc<dyn Source>, views: impl Into<Views>, options: LoaderOptions) -> Result<Self> {
        options.check()?;
        if source.is_empty() {
            return Err(Error::input("the source has no samples"));
        }
        let asked = Asked::of(&*source, &options.targets, &options.limits)?;
        let views = views.into().changed(|view| options.targets.applied(view, asked.kinds))?;
        let threads = options
            .threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get));
        let seed = options.seed.unwrap_or(views.pipelines()[0].options.seed);
        let ahead = options.prefetch.unwrap_or_else(|| 2 + threads / options.batch_size.max(1));
        let (of_views, of_source) = (views.fingerprint(), source.fingerprint());
        let feed = Feed::new(source, views, options, asked, seed, ahead as u64, threads)?;
        if feed.steps() == 0 {
            return Err(Error::parameter(format!(
                "{} samples do not fill one batch of {} and drop_last is on; lower batch_size",
                feed.picks.positions(),
                feed.global()
            )));
        }
        check_memory(&feed)?;
        let fingerprints = (of_views, of_source, feed.picks.fingerprint());
        let start = Place { epoch: 0, step: 0 };
        let process = std::process::id();
        // Built before its threads are, so that those which could be started go home when one could not.
        let mut loader = Self {
            feed: Arc::new(feed),
            workers: Vec::new(),
            threads,
            process,
            place: start,
            ended: None,
            closed: false,
            fingerprints,
        };
        for k in 0..threads {
            let feed = loader.feed.clone();
            let worker = std::thread::Builder::new()
                .name(format!("variegate-{k}"))
                .spawn(move || feed.work(k))
                .map_err(|e| Error::io(format!("cannot start worker thread {} of {threads}: {e}", k + 1)))?;
            loader.workers.push(worker);
        }
        Ok(loader)
    }

    /// Waits up to `patience` for the next batch, so that the caller can look after signals in between.
    pub fn next_within(&mut self, patience: Duration) -> Result<Next> {
        self.check_process()?;
        self.check_open()?;
        loop {
            if self.ended.take().is_some() {
                return Ok(Next::EpochEnd);
            }
            let place = self.place;
            let Some(result) = self.feed.wait(place, patience) else {
                if self.workers.iter().any(JoinHandle::is_finished) {
                    return Err(Error::internal("a worker thread ended; the loader cannot go on"));
                }
                return Ok(Next::NotYet);
            };
            self.place = if place.step + 1 < self.steps() {
                Place { step: place.step + 1, ..place }
            } else {
                self.ended = Some(place.epoch);
                Place { epoch: place.epoch + 1, step: 0 }
            };
            match result? {
                // Every sample of it was skipped.
                batch if batch.count == 0 => {}
                batch => return Ok(Next::Batch(Box::new(batch))),
            }
        }
    }

    /// Waits for the next batch; none at the end of each epoch.
    pub fn next_batch(&mut self) -> Result<Option<Batch>> {
        loop {
            match self.next_within(Duration::from_millis(500))? {
                Next::Batch(batch) => return Ok(Some(*batch)),
                Next::EpochEnd => return Ok(None),
                Next::NotYet => {}
            }
        }
    }

    /// Batches of an epoch.
    pub fn steps(&self) -> u64 {
        self.feed.steps()
    }

    /// Samples of the source.
    pub fn samples(&self) -> u64 {
        self.feed.source.len()
    }

    /// The epoch of the next batch.
    pub fn epoch(&self) -> u64 {
        self.ended.unwrap_or(self.place.epoch)
    }

    /// The step of the next batch within its epoch.
    pub fn step(&self) -> u64 {
        if self.ended.is_some() { self.steps() } else { self.place.step }
    }

    /// Goes to a step of an epoch.
    pub fn seek(&mut self, epoch: u64, step: u64) -> Result<()> {
        self.check_process()?;
        self.check_open()?;
        if step >= self.steps() {
            return Err(Error::parameter(format!("step {step}: an epoch has {} steps, from 0", self.steps())));
        }
        let place = Place { epoch, step };
        let here = self.place == place;
        self.ended = None;
        self.place = place;
        if !here {
            self.feed.seek(place);
        }
        Ok(())
    }

    /// Where the loader stands: after the last batch it delivered.
    pub fn state(&self) -> Token {
        let (epoch, step) = match self.ended {
            Some(epoch) => (epoch, self.steps()),
            None => (self.place.epoch, self.place.step),
        };
        Token {
            pipeline: self.fingerprints.0,
            source: self.fingerprints.1,
            seed: self.feed.seed,
            shuffle: self.feed.options.shuffle,
            sampling: self.fingerprints.2,
            excluded: self.feed.options.excluded.fingerprint(),
            epoch,
            samples: step * self.feed.global(),
        }
    }

    /// Goes on where a token says; on another number of shards or threads, too.
    pub fn resume(&mut self, token: &Token) -> Result<()> {
        token.check(&self.state())?;
        let global = self.feed.global();
        if !token.samples.is_multiple_of(global) {
            return Err(Error::parameter(format!(
                "the token stands after {} samples, which is no multiple of the global batch of {global}; use a batch size that divides it",
                token.samples
            )));
        }
        let step = token.samples / global;
        if step >= self.steps() { self.seek(token.epoch + 1, 0) } else { self.seek(token.epoch, step) }
    }

    /// Where the time went.
    pub fn report(&self) -> Report {
        self.feed.clock.report(self.threads, self.feed.bad().len() as u64)
    }

    /// Samples that could not be used.
    pub fn bad(&self) -> Vec<BadSample> {
        self.feed.bad()
    }

    /// What each worker is at, the one that has been at it for longest first: the cause of a wait that does not end.
    pub fn busy(&self) -> Vec<Busy> {
        let busy = |(worker, doing): (usize, &Doing)| {
            let (stage, id, since) = doing.now()?;
            Some(Busy { worker, stage, id, name: self.feed.source.name(id), seconds: since.elapsed().as_secs_f64() })
        };
        let mut all: Vec<Busy> = self.feed.doing.iter().enumerate().filter_map(busy).collect();
        all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        all
    }

    /// The options it was started with.
    pub fn options(&self) -> &LoaderOptions {
        &self.feed.options
    }

    /// The pipelines it runs.
    pub fn views(&self) -> &Views {
        &self.feed.views
    }

    /// Ends the threads and waits for them. Where the time went and what was bad can still be asked.
    pub fn close(&mut self) {
        self.closed = true;
        if std::process::id() != self.process {
            // The threads are the parent's; there is nobody to join here.
            return;
        }
        self.feed.close();
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }

    fn check_open(&self) -> Result<()> {
        if self.closed { Err(Error::parameter("this loader is closed; make a new one")) } else { Ok(()) }
    }

    /// Threads do not survive a fork: say so instead of waiting for ever. Nothing else that takes a lock may be asked
    /// in a child, either.
    pub fn check_process(&self) -> Result<()> {
        if std::process::id() == self.process {
            return Ok(());
        }
        Err(Error::unsupported(
            "this loader was made before the process forked, and its threads stayed in the parent; make the loader in the child process",
        ))
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.close();
    }
}

/// Refuses a batch that does not fit into the memory allowed, as far as the first files tell.
fn check_memory(feed: &Feed) -> Result<()> {
    let doing = Doing::default();
    let maker = feed.maker(&doing);
    let first = (0..feed.source.len()).filter(|id| !feed.options.excluded.holds(*id)).take(8);
    let sizes = |id| maker.sizes_of(Pick { id, sample: id, padding: false }, 0).ok();
    match first.filter_map(sizes).next() {
        Some(sizes) => feed.within_memory(&sizes).map(|_| ()),
        None => Ok(()),
    }
}
