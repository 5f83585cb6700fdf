//! Holds one exchange to its bound: time and raw bytes, below every loop that reads.
//!
//! Pure but for the clock that its caller hands in. An exchange inside another one ends with it at the latest.

use std::time::{Duration, Instant};

use super::bounds::Bound;

/// The current exchange.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meter {
    bound: Bound,
    started: Instant,
    /// When the exchange around this one ends.
    outer: Option<Instant>,
    bytes: usize,
    last: Instant,
}

impl Meter {
    pub(super) fn start(bound: Bound, around: Option<&Self>) -> Self {
        let now = Instant::now();
        Self { bound, started: now, outer: around.map(Self::until), bytes: 0, last: now }
    }

    /// When it ends at the latest, as far as its bytes have earned.
    pub(super) fn until(&self) -> Instant {
        let own = self.started + self.bound.after(self.bytes);
        self.outer.map_or(own, |outer| own.min(outer))
    }

    /// Counts bytes as they came from the path.
    pub(super) fn count(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.last = Instant::now();
    }

    /// Most bytes, once more than these have come.
    pub(super) fn exceeded(&self) -> Option<usize> {
        (self.bytes > self.bound.bytes).then_some(self.bound.bytes)
    }

    /// What an exchange inside this one has brought counts here too.
    pub(super) fn take_in(&mut self, inner: &Self) {
        self.bytes = self.bytes.saturating_add(inner.bytes);
        self.last = inner.last;
    }

    /// A router that boots is given its time on top.
    pub(super) fn extend(&mut self, by: Duration) {
        self.bound.total += by;
    }

    /// Since when nothing has come.
    pub(super) fn quiet_for(&self) -> Duration {
        self.last.elapsed()
    }

    /// How long it has lasted.
    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }
}
