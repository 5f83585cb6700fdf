//! The one lock on configuration mode that all sessions of a router share.
//!
//! Fact sheet 0: a second user is told that the process is occupied; `svintr-config` throws the holder out.

use std::time::Instant;

/// Who holds the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A session.
    Session(u64),
    /// A session whose link is gone, until then or forever.
    Lost(u64, Option<Instant>),
    /// Someone who has no session here, for this many more attempts or forever.
    Colleague(Option<u32>),
}

/// The lock.
#[derive(Debug, Default)]
pub struct Lock {
    holder: Option<Holder>,
}

impl Lock {
    /// Who holds it at this time.
    pub fn holder(&mut self, now: Instant) -> Option<Holder> {
        if let Some(Holder::Lost(_, Some(until))) = self.holder
            && now >= until
        {
            self.holder = None;
        }
        self.holder
    }

    /// Takes it when it is free; an attempt counts against a colleague's patience.
    pub fn ask(&mut self, session: u64, now: Instant) -> bool {
        match self.holder(now) {
            None => {}
            Some(Holder::Session(holder)) if holder == session => {}
            Some(Holder::Colleague(Some(left))) => {
                self.holder = if left > 1 { Some(Holder::Colleague(Some(left - 1))) } else { None };
                return false;
            }
            Some(_) => return false,
        }
        self.holder = Some(Holder::Session(session));
        true
    }

    /// Takes it from its holder and returns which session that was.
    pub fn steal(&mut self, holder: Holder, now: Instant) -> Option<u64> {
        let before = self.holder(now);
        self.holder = Some(holder);
        match before {
            Some(Holder::Session(session)) if Holder::Session(session) != holder => Some(session),
            _ => None,
        }
    }

    /// Gives it back, if this session holds it.
    pub fn give_back(&mut self, session: u64) -> bool {
        let held = self.holder == Some(Holder::Session(session));
        if held {
            self.holder = None;
        }
        held
    }

    /// Leaves it to someone, or to no one.
    pub fn set(&mut self, holder: Option<Holder>) {
        self.holder = holder;
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Holder, Lock};

    #[test]
    fn a_lost_session_keeps_the_lock_until_its_time_is_up() {
        let now = Instant::now();
        let mut lock = Lock::default();
        assert!(lock.ask(1, now));
        assert!(!lock.ask(2, now));
        lock.set(Some(Holder::Lost(1, Some(now + Duration::from_secs(5)))));
        assert!(!lock.ask(2, now + Duration::from_secs(4)));
        assert!(lock.ask(2, now + Duration::from_secs(5)));
    }

    #[test]
    fn a_colleague_leaves_config_mode_after_the_given_attempts() {
        let now = Instant::now();
        let mut lock = Lock::default();
        lock.set(Some(Holder::Colleague(Some(2))));
        assert!(!lock.ask(1, now));
        assert!(!lock.ask(1, now));
        assert!(lock.ask(1, now));
        assert_eq!(lock.steal(Holder::Session(3), now), Some(1));
    }
}
