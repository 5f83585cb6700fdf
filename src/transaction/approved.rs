//! What a person agreed to, and what it rests on.

use super::Fingerprint;
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::plan::Plan;

/// What a person agreed to: the plan, and what the router was when it was made.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The commands and their inverse.
    pub plan: Plan,
    /// The router as it was read.
    pub seen: Fingerprint,
}

impl Approved {
    /// No line, and no reading that it rests on: what is found is taken as it is.
    pub(super) fn nothing() -> Self {
        let plan = Plan::of_commands(Vec::new(), Config::empty(Dialect::any()));
        let seen = Fingerprint {
            model: String::new(),
            serial_number: String::new(),
            firmware: String::new(),
            running: String::new(),
            startup: None,
        };
        Self { plan, seen }
    }

    /// Whether nothing was agreed to but that nothing is sent.
    pub(super) fn is_open(&self) -> bool {
        self.seen.running.is_empty()
    }

    /// What of the router is not what it was when a person agreed.
    pub(super) fn moved_on(&self, now: &Fingerprint) -> Option<&'static str> {
        if self.is_open() { None } else { self.seen.first_difference(now) }
    }
}
