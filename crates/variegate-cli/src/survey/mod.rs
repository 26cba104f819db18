//! A survey of a data set: every file decoded once, nothing kept of it but a few numbers.
//!
//! `inspect` calls [`survey`] and prints [`findings::Findings`]. Memory grows by some hundred bytes a file, never by its
//! pixels; what is found does not depend on threads.

pub mod alike;
pub mod facts;
pub mod findings;
pub mod labels;
pub mod page;
mod plot;
pub mod tables;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use variegate::io::{FileBuffer, Limits};
use variegate::loader::Source;

use crate::progress::Progress;
use facts::Facts;

/// The facts of every sample, in the order of their ids.
pub fn survey(source: &dyn Source, threads: usize, progress: &mut Progress) -> Vec<Facts> {
    let next = AtomicU64::new(0);
    let (sender, news) = mpsc::channel();
    let mut all = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                let mut buffer = FileBuffer::default();
                loop {
                    let id = next.fetch_add(1, Ordering::Relaxed);
                    // The listener goes last; were it gone, nobody would read the facts.
                    if id >= source.len()
                        || sender.send(Facts::of(source, id, &Limits::default(), &mut buffer)).is_err()
                    {
                        return;
                    }
                }
            });
        }
        drop(sender);
        loop {
            match news.recv_timeout(Duration::from_millis(250)) {
                Ok(facts) => {
                    all.push(facts);
                    progress.advance(1);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            progress.tick();
        }
    });
    all.sort_by_key(|facts: &Facts| facts.id);
    all
}
