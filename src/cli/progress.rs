//! A progress bar for what takes longer than two seconds: on stderr, on a terminal, and nowhere else.

use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(2);

/// A bar that appears when it is needed.
pub(super) struct Bar {
    started: Instant,
    doing: &'static str,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bar {
    pub(super) fn new(doing: &'static str) -> Self {
        Bar { started: Instant::now(), doing, bar: Mutex::new(None) }
    }

    /// `done` of `total`; without a total the bar only counts.
    pub(super) fn set(&self, done: usize, total: Option<usize>) {
        if self.started.elapsed() < PATIENCE {
            return;
        }
        let Ok(mut slot) = self.bar.lock() else { return };
        let bar = slot.get_or_insert_with(|| self.bar(total));
        bar.set_position(done as u64);
    }

    /// Clears the bar, so that nothing of it is left among the results. It appears anew with what is done next.
    pub(super) fn clear(&self) {
        if let Ok(Some(bar)) = self.bar.lock().map(|mut slot| slot.take()) {
            bar.finish_and_clear();
        }
    }

    fn bar(&self, total: Option<usize>) -> ProgressBar {
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total as u64), "{msg} {wide_bar} {pos}/{len}, {eta} left"),
            None => (ProgressBar::no_length(), "{msg}: {pos}, {per_sec}"),
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.with_style(style).with_message(self.doing).with_elapsed(self.started.elapsed())
    }
}
