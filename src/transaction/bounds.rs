//! How long one router's part may take at most: the sum of its exchanges' own bounds.
//!
//! Every exchange ends by itself; this only adds them up. What is waited for beside exchanges (a partner of the site, a person, a
//! lost router) has bounds of its own.

use std::time::Duration;

use crate::session::WINDOW;

/// Readings on the way forward: who it is, both configurations twice, the one that was saved.
const READINGS: u32 = 8;
/// Readings on the way back: running after each of two rungs, startup before and after it is put back.
const READINGS_BACK: u32 = 4;
/// New logins that prove a path or an administrator.
const PROOFS: u32 = 2;
/// The lines around a plan: into config mode, the pager, and out again.
const FRAME: usize = 8;

/// The most that each kind of exchange with one router may take, from its first byte to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Until the connection stands.
    pub connect: Duration,
    /// From there to a known prompt, with the login.
    pub login: Duration,
    /// Config mode, where somebody holds it.
    pub lock: Duration,
    /// One line with its answer.
    pub line: Duration,
    /// One reading, ping or traceroute.
    pub show: Duration,
    /// A save.
    pub save: Duration,
}

impl Bounds {
    /// From the first byte to the proof that it is saved.
    pub fn forward(&self, lines: usize, checks: usize) -> Duration {
        let ways = self.way_in().saturating_mul(1 + PROOFS);
        let readings = self.show.saturating_mul(READINGS.saturating_add(count(checks)));
        ways.saturating_add(self.lock)
            .saturating_add(readings)
            .saturating_add(self.lines(lines))
            .saturating_add(self.save)
    }

    /// From a wish to stop to the proof that everything is taken back: the step under way, then the way back with both of its
    /// rungs, a save where one was begun, and one new login where the session is lost on it.
    pub fn stop(&self, lines: usize) -> Duration {
        let readings = self.show.saturating_mul(READINGS_BACK);
        let lines = self.lines(lines.saturating_mul(2));
        let way_back = self.way_in().saturating_add(self.lock).saturating_add(readings).saturating_add(lines);
        self.step().saturating_add(way_back).saturating_add(self.save)
    }

    /// A reading to its end: it is not stopped in the middle, and its checks are.
    pub fn reading(&self) -> Duration {
        let readings = self.show.saturating_mul(READINGS);
        self.way_in().saturating_add(self.lock).saturating_add(readings).saturating_add(self.lines(0))
    }

    /// The longest step between two moments at which a wish to stop is heard: a login, what is read in one go, a window of lines,
    /// or a save with its proof.
    fn step(&self) -> Duration {
        let read = self.lock.saturating_add(self.show.saturating_mul(READINGS_BACK));
        let window = self.line.saturating_mul(count(WINDOW));
        let save = self.save.saturating_add(self.show.saturating_mul(2));
        [self.way_in().saturating_mul(2), read, window, save].into_iter().max().unwrap_or_default()
    }

    fn way_in(&self) -> Duration {
        self.connect.saturating_add(self.login)
    }

    fn lines(&self, lines: usize) -> Duration {
        self.line.saturating_mul(count(lines.saturating_add(FRAME)))
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::Bounds;
    use std::time::Duration;

    #[test]
    fn a_bound_is_the_sum_of_its_exchanges_and_never_overflows() {
        let seconds = Duration::from_secs;
        let bounds = Bounds {
            connect: seconds(1),
            login: seconds(2),
            lock: seconds(4),
            line: seconds(10),
            show: seconds(20),
            save: seconds(100),
        };
        // Three ways in, the lock, eight readings and two checks, three lines in their frame, a save.
        assert_eq!(bounds.forward(3, 2), seconds(9 + 4 + 200 + 110 + 100));
        // A window of lines may be under way; then a way in, the lock, four readings, twice three lines in their frame, a save.
        assert_eq!(bounds.stop(3), seconds(160 + 3 + 4 + 80 + 140 + 100));
        assert_eq!(bounds.reading(), seconds(3 + 4 + 160 + 80));
        assert!(bounds.forward(usize::MAX, usize::MAX) > seconds(1));
    }
}
