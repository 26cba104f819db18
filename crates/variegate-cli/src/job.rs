//! The work of `variegate augment`: workers take source after source, decode each once, and write its copies.
//!
//! The verb calls it. An output depends on the pipeline, its seed, the source's place in the sorted list and the copy
//! alone: never on threads, on order, or on what was there before. A bad source never stops the others; a disk that
//! takes no more stops everything.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use variegate::io::{Folder, Limits, Writer, encode};
use variegate::{Error, Pipeline, Result, Scratch};

use crate::layout::Layout;
use crate::ledger::Bad;
use crate::original::Original;
use crate::progress::Progress;
use crate::terminal::last_panic;

/// What is left to make of one source.
pub struct Task {
    pub sample: usize,
    pub copies: Vec<u64>,
}

/// What is to be done, for all workers alike.
pub struct Job<'a> {
    pub folder: &'a Folder,
    pub pipeline: &'a Pipeline,
    pub layout: &'a Layout,
    pub writer: &'a Writer,
    pub tasks: &'a [Task],
}

/// Where the workers are.
#[derive(Default)]
struct State {
    next: AtomicUsize,
    stop: AtomicBool,
}

/// What workers tell.
enum News {
    /// An output is in its place.
    Written,
    /// A source is done; whether it held alpha or more than 8 bits.
    Read { alpha: bool, bits: bool },
    /// A source failed, with this many outputs not made.
    Bad(Bad, u64),
    /// Nothing more can be written.
    Fatal(Error),
}

/// What came of a run.
#[derive(Default)]
pub struct Tally {
    pub written: u64,
    pub alpha: u64,
    pub bits: u64,
    pub bad: Vec<Bad>,
}

/// What is left to make, and how many outputs are finished.
pub fn tasks(folder: &Folder, layout: &Layout, writer: &Writer, copies: u64) -> (Vec<Task>, u64) {
    let mut skipped = 0;
    let mut tasks = Vec::new();
    for sample in 0..folder.files.len() {
        let left: Vec<u64> = (0..copies).filter(|copy| !writer.has(&layout.path(sample, *copy))).collect();
        skipped += copies - left.len() as u64;
        if !left.is_empty() {
            tasks.push(Task { sample, copies: left });
        }
    }
    (tasks, skipped)
}

impl Job<'_> {
    /// Runs the workers and listens to them.
    pub fn run(&self, threads: usize, progress: &mut Progress) -> Result<Tally> {
        let (sender, news) = mpsc::channel();
        let state = State::default();
        let mut tally = Tally::default();
        let mut fatal = None;
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let sender = sender.clone();
                let state = &state;
                scope.spawn(move || self.work(state, &sender));
            }
            drop(sender);
            loop {
                match news.recv_timeout(Duration::from_millis(250)) {
                    Ok(News::Written) => {
                        tally.written += 1;
                        progress.advance(1);
                    }
                    Ok(News::Read { alpha, bits }) => {
                        tally.alpha += u64::from(alpha);
                        tally.bits += u64::from(bits);
                    }
                    Ok(News::Bad(bad, missing)) => {
                        tally.bad.push(bad);
                        progress.advance(missing);
                    }
                    Ok(News::Fatal(error)) => {
                        fatal.get_or_insert(error);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                progress.tick();
            }
        });
        tally.bad.sort_by_key(|bad| bad.sample);
        match fatal {
            Some(error) => Err(error),
            None => Ok(tally),
        }
    }

    /// The life of a worker.
    fn work(&self, state: &State, news: &Sender<News>) {
        let mut scratch = Scratch::default();
        let tell = |what| {
            // The listener goes last; were it gone, there would be nothing to work for.
            if news.send(what).is_err() {
                state.stop.store(true, Ordering::Relaxed);
            }
        };
        while let Some(task) = self.tasks.get(state.next.fetch_add(1, Ordering::Relaxed)) {
            if state.stop.load(Ordering::Relaxed) {
                return;
            }
            let mut left = task.copies.len() as u64;
            let made = catch_unwind(AssertUnwindSafe(|| self.make(task, &mut scratch, &mut left, &tell)));
            let made = made.unwrap_or_else(|_| {
                scratch = Scratch::default();
                Ok(Err(Error::internal(last_panic())))
            });
            match made {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tell(News::Bad(Bad { sample: task.sample, error }, left)),
                Err(error) => {
                    state.stop.store(true, Ordering::Relaxed);
                    tell(News::Fatal(error));
                }
            }
        }
    }

    /// Makes the copies of one source. The outer error is the disk's, the inner one the source's.
    fn make(&self, task: &Task, scratch: &mut Scratch, left: &mut u64, tell: &dyn Fn(News)) -> Result<Result<()>> {
        let path = self.folder.root.join(&self.folder.files[task.sample].path);
        let original = match Original::read(&path, &Limits::default()) {
            Ok(original) => original,
            Err(error) => return Ok(Err(error)),
        };
        tell(News::Read { alpha: original.drops_alpha, bits: original.drops_bits });
        for copy in &task.copies {
            let recipe = original.draw(self.pipeline, *copy, task.sample as u64);
            let picture = original.apply(self.pipeline, &recipe, scratch);
            let bytes = match picture.and_then(|picture| encode(&picture, &self.layout.format(task.sample))) {
                Ok(bytes) => bytes,
                Err(error) => return Ok(Err(error)),
            };
            self.writer.write(&self.layout.path(task.sample, *copy), &bytes)?;
            *left -= 1;
            tell(News::Written);
        }
        Ok(Ok(()))
    }
}
