//! How long one router's part may take at most: the sum of its exchanges' own bounds.
//!
//! Every exchange ends by itself; this only adds them up. Waits besides exchanges (for a partner of the site, an answer, a lost
//! router) has bounds of its own.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::playbook::Check;
use crate::session::{Bounds as Exchanges, Exchange, Settings};
use crate::transport::LinkKind;

/// Readings on the way forward: who it is, both configurations before and after the push, what was saved, and who answers the new logins.
const READINGS: usize = 8 + 2 * PROOFS;
/// Readings of an undo: running after each of two steps, startup before and after it is restored.
const READINGS_BACK: usize = 4;
/// New logins that prove a path or an administrator.
const PROOFS: usize = 2;
/// Lines that lead into config mode and out of it.
const FRAME: usize = 4;

/// The bounds of a transaction with one router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Those of its exchanges.
    pub exchanges: Exchanges,
    /// How long config mode is asked for while another user holds it.
    #[serde(with = "crate::session::milliseconds")]
    pub lock: Duration,
    /// How long a session that waits may be silent before it is kept awake.
    #[serde(with = "crate::session::milliseconds")]
    pub idle: Duration,
    /// How long we try to reach the router again after the session was lost.
    #[serde(with = "crate::session::milliseconds")]
    pub patience: Duration,
}

/// What is looked at after a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looks {
    /// The checks.
    pub checks: usize,
    /// Those of them that are repeated until they pass.
    pub repeated: usize,
    /// The longest that one of these is repeated. They all begin together.
    pub longest: Duration,
}

impl Looks {
    /// Those of a router's checks.
    pub fn of(checks: &[Check]) -> Self {
        let within = |check: &Check| check.within.map(|seconds| Duration::from_secs(u64::from(seconds)));
        Self {
            checks: checks.len(),
            repeated: checks.iter().filter_map(within).count(),
            longest: checks.iter().filter_map(within).max().unwrap_or_default(),
        }
    }
}

/// How long config mode is asked for where the inventory says nothing.
const LOCK_WAIT: Duration = Duration::from_secs(10);
/// How long a waiting session may be silent: the shortest `terminal timeout` seen is 10 of a unit that no source names.
const IDLE: Duration = Duration::from_secs(8);
/// How long a lost router is looked for: a restart of unknown length must fit in.
const PATIENCE: Duration = Duration::from_secs(600);

/// Those of a session over SSH, where the inventory says nothing.
impl Default for Bounds {
    fn default() -> Self {
        let exchanges = Exchanges::of(&Settings::default(), LinkKind::Ssh, None);
        Self { exchanges, lock: LOCK_WAIT, idle: IDLE, patience: PATIENCE }
    }
}

impl Bounds {
    /// From the first byte to the proof that it is saved.
    pub fn forward(&self, lines: usize, looks: Looks) -> Duration {
        // Required checks run before the push, too; the last of a repeated one may begin at the end of its time.
        let checks = looks.checks.saturating_mul(2).saturating_add(looks.repeated);
        let shows = READINGS.saturating_add(checks);
        let own = [(Exchange::Line, lines.saturating_add(FRAME)), (Exchange::Show, shows)];
        self.session_time(1 + PROOFS)
            .saturating_add(self.lock)
            .saturating_add(self.sum(own))
            .saturating_add(looks.longest)
            .saturating_add(self.save())
    }

    /// From the first byte to its end, whichever: it may fail at its last step, and is undone then.
    pub fn whole(&self, lines: usize, looks: Looks) -> Duration {
        self.forward(lines, looks).saturating_add(self.stop(lines))
    }

    /// A save that has begun, with its proof.
    pub fn save(&self) -> Duration {
        self.sum([(Exchange::Save, 1), (Exchange::Show, 2)])
    }

    /// The same after one that was too slow: that one is looked for first, as long as a save may take.
    pub fn save_again(&self) -> Duration {
        self.save().saturating_mul(2)
    }

    /// From a request to stop to the proof that everything is undone: the exchange in progress, then the undo with both of its
    /// steps, a save where one was begun, the time of one that was begun and not answered, and one new login where the session is lost on it.
    pub fn stop(&self, lines: usize) -> Duration {
        let lines = lines.saturating_mul(2).saturating_add(FRAME);
        let back = self.sum([(Exchange::Line, lines), (Exchange::Show, READINGS_BACK), (Exchange::Save, 1)]);
        let plan_undo = self.session_time(1).saturating_add(self.lock).saturating_add(back).saturating_add(self.save());
        self.step().saturating_add(plan_undo)
    }

    /// A reading to its end: it is not stopped in the middle, and its checks are.
    pub fn reading(&self) -> Duration {
        let own = self.sum([(Exchange::Show, READINGS_BACK), (Exchange::Line, FRAME)]);
        self.session_time(1).saturating_add(self.lock).saturating_add(own)
    }

    /// The longest step between two moments at which a request to stop is heard: a login, what is read in one go, a window of lines,
    /// or a save with its proof.
    fn step(&self) -> Duration {
        let read = self.lock.saturating_add(self.sum([(Exchange::Show, READINGS_BACK)]));
        let window = self.sum([(Exchange::Window, 1)]);
        [self.session_time(PROOFS), read, window, self.save()].into_iter().max().unwrap_or_default()
    }

    /// The longest that this many of each can take one after the other.
    fn sum<const N: usize>(&self, exchanges: [(Exchange, usize); N]) -> Duration {
        exchanges.into_iter().fold(Duration::ZERO, |sum, (exchange, count)| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            sum.saturating_add(self.exchanges.bound(exchange).total.saturating_mul(count))
        })
    }

    /// The time of this many sessions, from the connection to the logout.
    fn session_time(&self, sessions: usize) -> Duration {
        let kinds = [Exchange::Connect, Exchange::Login, Exchange::SetUp, Exchange::WayOut];
        self.sum(kinds.map(|kind| (kind, sessions)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Bounds, FRAME, Looks, READINGS};
    use crate::session::Exchange;

    #[test]
    fn a_bound_is_the_sum_of_its_exchanges_and_never_overflows() {
        let bounds = Bounds::default();
        let none = Looks::default();
        let exchanges = bounds.exchanges;
        let total = |exchange| exchanges.bound(exchange).total;
        let lines = total(Exchange::Line) * 3;
        assert_eq!(bounds.forward(5, none) - bounds.forward(2, none), lines, "each line has its own");
        assert_eq!(
            bounds.forward(0, Looks { checks: 2, ..none }) - bounds.forward(0, none),
            total(Exchange::Show) * 4,
            "and each check, twice"
        );
        let least = total(Exchange::Line) * u32::try_from(FRAME).unwrap_or(0)
            + total(Exchange::Show) * u32::try_from(READINGS).unwrap_or(0);
        assert!(bounds.forward(0, none) > least + total(Exchange::Save));
        assert_eq!(bounds.stop(5) - bounds.stop(2), lines * 2, "both steps of the undo");
        assert_eq!(bounds.save_again() - bounds.save(), bounds.save(), "the wait for the earlier one is in it");
        assert!(bounds.stop(0) > bounds.save() && bounds.reading() < bounds.forward(0, none));
        let looks = |checks| Looks { checks, repeated: checks, longest: Duration::from_secs(30) };
        assert_eq!(
            bounds.forward(0, looks(1)) - bounds.forward(0, none),
            total(Exchange::Show) * 3 + Duration::from_secs(30),
            "a repeated check has its time and one more look"
        );
        assert!(bounds.forward(usize::MAX, looks(usize::MAX)) > bounds.forward(1000, looks(1000)));
    }
}
