//! What is to be done to a router, and what that rests on.

use std::sync::Arc;

use super::observed::Fingerprint;
use super::saved_plan::SavedPlan;
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::plan::Plan;

/// The plan, and what the router was when the operator approved it.
#[derive(Debug, Clone)]
pub(super) struct Approved {
    /// The commands, and once the router has been read again their inverse.
    pub(super) plan: Plan,
    /// The router as it was read; nothing where all that was agreed to is that nothing is sent.
    pub(super) seen: Option<Fingerprint>,
    /// The plan as it was shown; nothing where none was.
    pub(super) shown: Option<Arc<SavedPlan>>,
}

impl Approved {
    /// No line, and no reading that it rests on: what is found is taken as it is.
    pub(super) fn nothing() -> Self {
        let nothing = || Config::empty(Dialect::any());
        let plan = Plan::of_commands(Vec::new(), nothing(), nothing());
        Self { plan, seen: None, shown: None }
    }

    /// Whether nothing was agreed to but that nothing is sent.
    pub(super) fn is_open(&self) -> bool {
        self.seen.is_none()
    }

    /// What has changed on the router since the plan was approved.
    pub(super) fn moved_on(&self, now: &Fingerprint) -> Option<&'static str> {
        self.seen.as_ref()?.first_difference(now, self.plan.expected.dialect().commands())
    }
}
