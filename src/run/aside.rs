//! Routers that take no part in a run, and how each ends.

use super::rollout::{FailedBefore, Member};
use crate::transaction::Outcome;

/// Routers that take no part in a run, and how each ends.
pub(super) struct Aside {
    /// What an earlier run left unfinished, and stays so: each counts as a failure.
    pub(super) unfinished: Vec<Outcome>,
    /// What the inventory bars, or was taken out before: no failure.
    pub(super) barred: Vec<Outcome>,
    /// All routers of the run but those that are barred: these among them.
    pub(super) everyone: Vec<Member>,
}

impl Aside {
    /// Those that count as failures.
    pub(super) fn failed(&self) -> impl Iterator<Item = FailedBefore<'_>> {
        self.unfinished.iter().filter_map(FailedBefore::of)
    }

    /// All of them, in their order in the result.
    pub(super) fn outcomes(&self) -> Vec<Outcome> {
        [self.unfinished.as_slice(), self.barred.as_slice()].concat()
    }
}
