//! Things made on several threads and taken in their order.
//!
//! The packer makes records with it. Makers run ahead of the taker by a few things a thread and no more, so that memory
//! is bounded; it knows nothing of what is made.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use variegate_picture::Result;

/// How many things a thread may be ahead.
const AHEAD: usize = 8;

/// How often the taker is asked whether to go on while nothing comes.
const TICK: Duration = Duration::from_millis(100);

/// How far the taker is, and how makers wait for it.
#[derive(Default)]
struct Gate {
    taken: Mutex<usize>,
    moved: Condvar,
    stopped: AtomicBool,
    next: AtomicUsize,
}

impl Gate {
    fn lock(&self) -> std::sync::MutexGuard<'_, usize> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next thing to make, as soon as it is near enough; none when all are made or nobody takes any more.
    fn claim(&self, count: usize, ahead: usize) -> Option<usize> {
        let k = self.next.fetch_add(1, Ordering::Relaxed);
        if k >= count {
            return None;
        }
        let mut taken = self.lock();
        while !self.stopped.load(Ordering::Relaxed) && k >= *taken + ahead {
            taken = self.moved.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        (!self.stopped.load(Ordering::Relaxed)).then_some(k)
    }

    fn pass(&self) {
        *self.lock() += 1;
        self.moved.notify_all();
    }

    fn stop(&self) {
        // Under the lock, so that no maker looks at it before and waits after.
        let taken = self.lock();
        self.stopped.store(true, Ordering::Relaxed);
        drop(taken);
        self.moved.notify_all();
    }
}

/// Makes things 0…count−1 on threads, each with a kit of its own, and gives them to `take` in order. Now and then `take`
/// gets nothing, and may end the work as well. The first error of `take` ends it.
pub fn in_order<T: Send, K: Default>(
    count: usize,
    threads: usize,
    make: &(dyn Fn(usize, &mut K) -> T + Sync),
    take: &mut dyn FnMut(Option<(usize, T)>) -> Result<()>,
) -> Result<()> {
    let gate = Gate::default();
    let (sender, made) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            let (sender, gate) = (sender.clone(), &gate);
            scope.spawn(move || {
                let mut kit = K::default();
                while let Some(k) = gate.claim(count, threads * AHEAD) {
                    if sender.send((k, make(k, &mut kit))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut next = 0;
        let mut listen = || -> Result<()> {
            loop {
                match made.recv_timeout(TICK) {
                    Ok((k, thing)) => drop(early.insert(k, thing)),
                    Err(RecvTimeoutError::Timeout) => take(None)?,
                    Err(RecvTimeoutError::Disconnected) => return Ok(()),
                }
                while let Some(thing) = early.remove(&next) {
                    take(Some((next, thing)))?;
                    next += 1;
                    gate.pass();
                }
            }
        };
        let ended = listen();
        gate.stop();
        ended
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Error;

    #[test]
    fn things_come_in_order_and_never_far_ahead() {
        for threads in [1, 3] {
            let (begun, mut taken) = (AtomicUsize::new(0), Vec::new());
            let make = |k: usize, made: &mut usize| {
                *made += 1;
                begun.fetch_max(k, Ordering::SeqCst);
                // The first of each three is the slowest.
                std::thread::sleep(Duration::from_micros(if k.is_multiple_of(3) { 400 } else { 10 }));
                k * k
            };
            let mut take = |thing: Option<(usize, usize)>| {
                if let Some((k, square)) = thing {
                    assert!(begun.load(Ordering::SeqCst) < k + threads * AHEAD + 1, "{k}");
                    taken.push((k, square));
                }
                Ok(())
            };
            in_order(100, threads, &make, &mut take).expect("ends");
            assert_eq!(taken, (0..100).map(|k| (k, k * k)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_of_the_taker_ends_it() {
        let mut count = 0;
        let mut take = |thing: Option<(usize, ())>| {
            count += usize::from(thing.is_some());
            if count == 5 { Err(Error::io("full")) } else { Ok(()) }
        };
        let ended = in_order(10_000, 2, &|_, _: &mut ()| (), &mut take);
        assert_eq!(ended.expect_err("full").message(), "full");
        assert_eq!(count, 5);
    }
}
