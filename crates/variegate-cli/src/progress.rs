//! How far a long job is: a bar on a terminal, a plain line every five seconds elsewhere, nothing when quiet.
//!
//! Verbs that work long call it from one thread. It writes to standard error alone and never touches the job.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::complain;

const PLAIN: Duration = Duration::from_secs(5);

/// How far a job is.
pub struct Progress {
    total: u64,
    /// Finished before this run.
    before: u64,
    done: u64,
    started: Instant,
    shown: Instant,
    bar: Option<ProgressBar>,
    plain: bool,
}

impl Progress {
    /// Begins with `before` of `total` pictures done.
    pub fn new(total: u64, before: u64, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (terminal && !quiet).then(|| {
            let style = ProgressStyle::with_template("{bar:32} {pos}/{len}  {msg}");
            let bar = ProgressBar::new(total).with_position(before);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        let now = Instant::now();
        Self { total, before, done: before, started: now, shown: now, bar, plain: !terminal && !quiet }
    }

    /// Counts pictures as done.
    pub fn advance(&mut self, pictures: u64) {
        self.done += pictures;
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    /// Counts pictures up to this one as done.
    pub fn reach(&mut self, done: u64) {
        self.advance(done.saturating_sub(self.done));
    }

    /// Shows rate and time left, if it is time to.
    pub fn tick(&mut self) {
        let due = if self.plain { PLAIN } else { Duration::from_millis(250) };
        if self.shown.elapsed() < due {
            return;
        }
        self.shown = Instant::now();
        let message = pace(self.done - self.before, self.total - self.done, self.started.elapsed());
        if let Some(bar) = &self.bar {
            bar.set_message(message);
        } else if self.plain {
            complain(&format!("{} of {} pictures, {message}", self.done, self.total));
        }
    }

    /// Takes the bar away, so that what follows stands alone.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Rate and time left.
fn pace(done: u64, left: u64, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(1e-9);
    if rate <= 0.0 {
        return "not yet a rate".to_string();
    }
    let seconds = (left as f64 / rate).ceil() as u64;
    let time = match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    };
    format!("{rate:.0} img/s, {time} left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_follow_from_what_is_done() {
        assert_eq!(pace(100, 50, Duration::from_secs(10)), "10 img/s, 5 s left");
        assert_eq!(pace(100, 1300, Duration::from_secs(10)), "10 img/s, 2 min 10 s left");
        assert_eq!(pace(1, 7500, Duration::from_secs(1)), "1 img/s, 2 h 05 min left");
        assert_eq!(pace(0, 5, Duration::from_secs(1)), "not yet a rate");
    }
}
