//! Jobs on threads that each take the next one, for batches whose pictures are made independently of each other.
//!
//! `batch` and `warped` call it with the interpreter released. A panic in a job becomes an error, and where several jobs
//! fail it is the first one's that is raised, whatever the threads did.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use variegate::Error;

use crate::errors::broken;

/// Does every job, on at most so many threads, this one among them.
///
/// # Errors
/// The first job's that fails, with its number as that of a picture.
pub fn each<J: Send>(
    jobs: Vec<J>,
    threads: usize,
    one: impl Fn(&mut J) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let threads = threads.min(jobs.len());
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let failed = AtomicBool::new(false);
    let failure: Mutex<Option<(usize, Error)>> = Mutex::new(None);
    let take = || queue.lock().map(|mut queue| queue.next()).unwrap_or(None);
    let run = || {
        while !failed.load(Ordering::Relaxed)
            && let Some((index, mut job)) = take()
        {
            // Jobs are taken in order and finished once taken, so the first failure is always among those kept.
            let done =
                catch_unwind(AssertUnwindSafe(|| one(&mut job))).unwrap_or_else(|panic| Err(broken(panic.as_ref())));
            if let Err(error) = done {
                failed.store(true, Ordering::Relaxed);
                if let Ok(mut first) = failure.lock()
                    && first.as_ref().is_none_or(|(k, _)| index < *k)
                {
                    *first = Some((index, error));
                }
            }
        }
    };
    if threads <= 1 {
        run();
    } else {
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(run);
            }
            run();
        });
    }
    match failure.into_inner().unwrap_or(None) {
        Some((index, error)) => Err(Error::new(error.kind(), format!("images[{index}]: {}", error.message()))),
        None => Ok(()),
    }
}
