//! Where the time goes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The stages of a sample, and the consumer's waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the file.
    Read,
    /// Header, draw, plan.
    Plan,
    /// Decoding.
    Decode,
    /// Running the plan into the slot.
    Augment,
    /// Workers with nothing to do, because enough is made ahead.
    Idle,
    /// The consumer with nothing to take.
    Waiting,
}

impl Stage {
    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Read => "read",
            Stage::Plan => "plan",
            Stage::Decode => "decode",
            Stage::Augment => "augment",
            Stage::Idle => "idle",
            Stage::Waiting => "waiting",
        }
    }
}

const STAGES: usize = 6;

/// Counters that all threads add to.
#[derive(Debug)]
pub struct Clock {
    nanos: [AtomicU64; STAGES],
    samples: AtomicU64,
    batches: AtomicU64,
    started: Instant,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            nanos: Default::default(),
            samples: AtomicU64::new(0),
            batches: AtomicU64::new(0),
            started: Instant::now(),
        }
    }
}

impl Clock {
    /// Adds the time since `from` to a stage, and returns now.
    pub fn add(&self, stage: Stage, from: Instant) -> Instant {
        let now = Instant::now();
        self.nanos[stage as usize].fetch_add((now - from).as_nanos() as u64, Ordering::Relaxed);
        now
    }

    /// Counts a finished sample.
    pub fn sample(&self) {
        self.samples.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a delivered batch.
    pub fn batch(&self) {
        self.batches.fetch_add(1, Ordering::Relaxed);
    }

    /// The counters so far.
    pub fn report(&self, threads: usize, bad: u64) -> Report {
        let seconds = |stage: Stage| self.nanos[stage as usize].load(Ordering::Relaxed) as f64 / 1e9;
        Report {
            images: self.samples.load(Ordering::Relaxed),
            batches: self.batches.load(Ordering::Relaxed),
            seconds: self.started.elapsed().as_secs_f64(),
            read: seconds(Stage::Read),
            plan: seconds(Stage::Plan),
            decode: seconds(Stage::Decode),
            augment: seconds(Stage::Augment),
            idle: seconds(Stage::Idle),
            waiting: seconds(Stage::Waiting),
            threads,
            bad,
        }
    }
}

/// Where the time went; seconds of stages are summed over threads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// Samples made.
    pub images: u64,
    /// Batches delivered.
    pub batches: u64,
    /// Seconds since the loader began.
    pub seconds: f64,
    /// Reading files.
    pub read: f64,
    /// Headers, draws, plans.
    pub plan: f64,
    /// Decoding.
    pub decode: f64,
    /// Running plans.
    pub augment: f64,
    /// Workers with nothing to do, because enough is made ahead.
    pub idle: f64,
    /// The consumer with nothing to take.
    pub waiting: f64,
    /// Worker threads.
    pub threads: usize,
    /// Different samples that could not be used.
    pub bad: u64,
}

impl Report {
    /// Seconds of work, summed over threads.
    pub fn busy(&self) -> f64 {
        self.read + self.plan + self.decode + self.augment
    }

    /// The stage that takes the most, and its share of the work; the trainer, where workers mostly idle.
    pub fn bottleneck(&self) -> (&'static str, f64) {
        if self.idle > self.busy() && self.waiting < 0.1 * self.seconds {
            return ("trainer", self.idle / (self.idle + self.busy()));
        }
        let stages = [("read", self.read), ("plan", self.plan), ("decode", self.decode), ("augment", self.augment)];
        let busy = self.busy().max(f64::MIN_POSITIVE);
        stages.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(("read", 0.0), |(name, s)| (name, s / busy))
    }
}
