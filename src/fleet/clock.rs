//! The time that a run goes by: instants, and the seam between a run and a clock.
//!
//! The dispatcher is told the time and never looks; the driver asks a [`Clock`]. Windows are times of day, so the real clock is this
//! machine's, which can be set: a wait is cut short now and then, and the time is looked at again.

use std::ops::Add;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::control::{Inbox, Message};

/// An instant of the clock that a run goes by, in milliseconds since 1970 (UTC).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(u64);

impl Moment {
    /// So many milliseconds after 1970 began.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 began.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// The time since an earlier instant; none where that one is later, as when the clock was set back.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// So long before this instant.
    pub fn before(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, rest: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(rest.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// A clock that a run goes by.
pub trait Clock: Send + Sync {
    /// What it says now.
    fn now(&self) -> Moment;
    /// Waits for a message, at most until this instant; nothing where it came first, or where it is time to look at the clock again.
    fn wait(&self, inbox: &Inbox, until: Option<Moment>) -> Option<Message>;
    /// A task is about to begin, on a thread of its own: a simulated clock does not move on while one is at work.
    fn begins(&self) {}
    /// It has ended, and was reported.
    fn ends(&self) {}
}

/// This machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct WallClock;

/// The longest wait without a look at the clock: it may have been set, or the machine may have slept.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

impl Clock for WallClock {
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment::default() + since
    }

    fn wait(&self, inbox: &Inbox, until: Option<Moment>) -> Option<Message> {
        match until {
            Some(until) => inbox.next_within(until.since(self.now()).min(LOOK_AGAIN)),
            None => inbox.next(),
        }
    }
}
