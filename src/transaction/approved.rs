//! What is to be done to a router, and what that rests on.

use std::sync::Arc;

use super::observed::Fingerprint;
use super::saved_plan::SavedPlan;
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::plan::Plan;

/// The plan, and what the router was when a person agreed to it.
#[derive(Debug, Clone)]
pub(super) struct Approved {
    /// The commands, and once the router has been read again their inverse.
    pub(super) plan: Plan,
    /// The router as it was read.
    pub(super) seen: Fingerprint,
    /// The plan as it was shown; nothing where none was.
    pub(super) shown: Option<Arc<SavedPlan>>,
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
        Self { plan, seen, shown: None }
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
