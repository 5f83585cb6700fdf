//! Routers that take no part in a run, and how each ends.

use crate::transaction::Outcome;

/// Routers that take no part in a run, and how each ends.
pub(super) struct Aside {
    /// What an earlier run left unfinished, and stays so: each counts as a failure.
    pub(super) unfinished: Vec<Outcome>,
    /// What the inventory bars, or was taken out before: no failure.
    pub(super) barred: Vec<Outcome>,
}

impl Aside {
    /// All of them, in their order in the result.
    pub(super) fn outcomes(&self) -> Vec<Outcome> {
        [self.unfinished.as_slice(), self.barred.as_slice()].concat()
    }
}
