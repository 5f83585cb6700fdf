//! Routers that take no part in a run, and how each ends.

use super::rollout::{FailedBefore, Member};
use crate::transaction::Outcome;

/// Routers that take no part in a run, and how each ends.
pub(super) struct Aside {
    /// What an earlier run left unfinished, and stays so: each counts as a failure.
    pub(super) unfinished: Vec<Outcome>,
    /// What the inventory bars: no failure.
    pub(super) barred: Vec<Outcome>,
    /// What was taken out before: no failure of this run.
    pub(super) left_out: Vec<Outcome>,
    /// All routers of the run but those that are barred or were taken out: the unfinished among them.
    pub(super) everyone: Vec<Member>,
}

impl Aside {
    /// Those that count as failures.
    pub(super) fn failed(&self) -> impl Iterator<Item = FailedBefore<'_>> {
        self.unfinished.iter().filter_map(FailedBefore::of)
    }

    /// Those that keep the others of their sites back. Where the run was reviewed before, what was left out then parts no site again: that
    /// was decided with the consoles that routers share.
    pub(super) fn parting(&self, was_reviewed: bool) -> Vec<Outcome> {
        let left_out: &[Outcome] = if was_reviewed { &[] } else { &self.left_out };
        [self.unfinished.as_slice(), &self.barred, left_out].concat()
    }

    /// All routers that the run was asked for: `everyone`, and by their names those that are barred or were taken out.
    pub(super) fn whole_run(&self, everyone: &[Member]) -> Vec<Member> {
        let named = |one: &Outcome| Member { router: one.router.clone(), site: one.site.clone(), ..Member::default() };
        let taken_out = self.barred.iter().chain(&self.left_out).map(named);
        everyone.iter().cloned().chain(taken_out).collect()
    }

    /// All of them, in their order in the result.
    pub(super) fn outcomes(&self) -> Vec<Outcome> {
        [self.unfinished.as_slice(), self.barred.as_slice(), self.left_out.as_slice()].concat()
    }
}
