//! Working memory, lent to each call and taken back after it.
//!
//! A call that panics keeps its scratch from coming back. A lock that is held, be it by another thread or by one that
//! a fork left behind, costs a fresh scratch and never a wait.

use std::sync::Mutex;

use variegate::Scratch;
use variegate::picture::Pixels;

static SPARE: Mutex<Vec<Scratch>> = Mutex::new(Vec::new());

/// More than this many are not kept: no machine runs more calls at once for long.
const KEPT: usize = 64;

/// Gives the memory of a picture to a scratch that rests, if there is one.
pub fn take_back(pixels: Pixels) {
    if let Ok(mut spare) = SPARE.try_lock()
        && let Some(scratch) = spare.last_mut()
    {
        scratch.take_back(pixels);
    }
}

/// Runs `work` with a scratch.
pub fn with<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    let spare = SPARE.try_lock().ok().and_then(|mut spare| spare.pop());
    let mut scratch = spare.unwrap_or_default();
    let done = work(&mut scratch);
    if let Ok(mut spare) = SPARE.try_lock()
        && spare.len() < KEPT
    {
        spare.push(scratch);
    }
    done
}
