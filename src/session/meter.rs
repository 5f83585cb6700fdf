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
    /// When the exchange around this one began, and when it ends.
    outer: Option<[Instant; 2]>,
    bytes: usize,
    last: Instant,
}

impl Meter {
    pub(super) fn start(bound: Bound, around: Option<&Self>) -> Self {
        let now = Instant::now();
        // What was silent before is silent still.
        let last = around.map_or(now, |around| around.last);
        Self { bound, started: now, outer: around.map(|around| [around.began(), around.until()]), bytes: 0, last }
    }

    /// When it ends at the latest, as far as its bytes have earned.
    pub(super) fn until(&self) -> Instant {
        let own = self.own_end();
        self.outer.map_or(own, |[_, outer]| own.min(outer))
    }

    fn own_end(&self) -> Instant {
        self.started + self.bound.after(self.bytes)
    }

    /// When the exchange began that ends this one: itself, or one around it.
    fn began(&self) -> Instant {
        self.outer.filter(|[_, end]| *end < self.own_end()).map_or(self.started, |[began, _]| began)
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

    /// How long it has lasted; where one around it ends it, how long that one has.
    pub(super) fn age(&self) -> Duration {
        self.began().elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Meter;
    use crate::session::{Bounds, Exchange, Settings};
    use crate::transport::LinkKind;

    #[test]
    fn an_exchange_that_one_around_it_ends_is_as_old_as_that_one_and_as_silent() {
        let bounds = Bounds::of(&Settings::default(), LinkKind::Ssh, None);
        let mut around = Meter::start(bounds.bound(Exchange::WayOut), None);
        around.started -= Duration::from_secs(20);
        around.last -= Duration::from_secs(15);
        let inner = Meter::start(bounds.bound(Exchange::Line), Some(&around));
        assert!(inner.age() >= Duration::from_secs(20) && inner.quiet_for() >= Duration::from_secs(15));
        let short = Meter::start(bounds.bound(Exchange::TypeAhead), Some(&around));
        assert!(short.until() <= around.until());
    }
}
