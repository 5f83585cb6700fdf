//! What is left of a run: the routers that it never began, and those of them that it may go on with.
//!
//! It reads the journal, and begins nothing.

use std::collections::{BTreeSet, HashMap};

use super::not_done::NotDone;
use super::partition::{not_without, parted_from_their_site};
use super::prepare::{Choices, bare};
use super::recorded::RecordedRun;
use super::target::Target;
use crate::inventory::{Inventory, Router};
use crate::journal::{Journal, JournalError, RouterRun};
use crate::playbook::Rollout;
use crate::record::{Outcome, is_held, is_skipped};
use crate::state::State;

/// The part of a run with which it goes on.
#[derive(Debug, Clone)]
pub struct RestOfRun {
    /// These routers alone: nothing that concerns another one of the run is in their way.
    pub routers: BTreeSet<String>,
    /// Its rollout, which was accepted when it began.
    pub rollout: Rollout,
}

/// The routers of a run, by what has become of them.
#[derive(Default)]
pub(super) struct Parts {
    /// Nothing was sent to them, and nothing but the end of the run ended their part.
    pub(super) not_begun: BTreeSet<String>,
    /// Begun and not saved, or failed: nothing goes on with the others of their site.
    pub(super) settled: BTreeSet<String>,
    /// Sites of routers that were held, with others like them: a run that goes on does not begin with these.
    pub(super) held: BTreeSet<String>,
    /// Their end is in the journal already.
    pub(super) ended: BTreeSet<String>,
}

impl Parts {
    /// Those of a run.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn of(journal: &Journal, recorded: &RecordedRun, run: &str) -> Result<Self, JournalError> {
        let mut parts = Self { not_begun: recorded.routers.clone(), ..Self::default() };
        for part in journal.router_runs(run)? {
            if part.ended {
                parts.ended.insert(part.router.clone());
            }
            if is_untouched(&part) {
                let is_held = part.causes.first().is_some_and(|cause| is_held(&cause.code));
                parts.held.extend(recorded.sites.get(&part.router).filter(|_| is_held).cloned());
                continue;
            }
            parts.not_begun.remove(&part.router);
            if part.state != Some(State::Saved) {
                parts.settled.insert(part.router);
            }
        }
        Ok(parts)
    }

    /// Leaves out the routers whose end the run's command says by itself (`known`), those whose site has a settled one, and those that
    /// nothing names any more. Returns the ends of the routers that have no record yet. `neighbours` are the routers at the sites of the
    /// settled ones, as far as the inventory still has them.
    pub(super) fn leave_out(
        &mut self,
        recorded: &RecordedRun,
        targets: &[Target],
        neighbours: &[Target],
        known: Vec<Outcome>,
    ) -> Vec<Outcome> {
        let mut ends: Vec<Outcome> = known.into_iter().filter(|end| self.not_begun.remove(&end.router)).collect();
        let there: BTreeSet<&str> = neighbours.iter().map(|target| target.intent.router.as_str()).collect();
        // Whether one that the inventory has lost shared a console with them, which would set it apart, is not known.
        let lost = self.settled.iter().filter(|router| !there.contains(router.as_str()));
        let lost: HashMap<&String, &String> =
            lost.filter_map(|router| Some((recorded.sites.get(router)?, router))).collect();
        let mut parted = parted_from_their_site(neighbours, &self.not_begun, &self.settled);
        parted.extend(targets.iter().filter_map(|target| {
            let other = lost.get(&target.intent.site)?;
            Some((target, not_without(&target.intent.router, (*other).clone())))
        }));
        for (target, end) in parted {
            let router = &target.intent.router;
            if self.not_begun.remove(router) && !self.ended.contains(router) {
                ends.push(Outcome::without_a_session(&target.intent, 0, end));
            }
        }
        let named: BTreeSet<&str> = targets.iter().map(|target| target.intent.router.as_str()).collect();
        let (left, gone) =
            std::mem::take(&mut self.not_begun).into_iter().partition(|one| named.contains(one.as_str()));
        self.not_begun = left;
        ends.extend(gone.iter().map(|router: &String| NotDone::gone(router, recorded.sites.get(router))));
        ends
    }

    /// The routers at the sites of the settled ones, as far as the inventory has them and says what they are.
    pub(super) fn neighbours(&self, inventory: &Inventory, choices: &Choices) -> Vec<Target> {
        let is_settled = |router: &Router| self.settled.contains(&router.name.value);
        let sites = inventory.sites.iter().filter(|site| site.routers.iter().any(is_settled));
        sites.flat_map(|site| site.routers.iter().filter_map(|router| bare(site, router, choices).ok())).collect()
    }
}

/// Whether a router's part came to nothing that was sent, and to no end of its own: where it was ended from outside, as by an abort while
/// it was read, or by the end of the program, that was no failure of the router.
fn is_untouched(part: &RouterRun) -> bool {
    let skipped = || part.causes.first().is_some_and(|cause| is_skipped(&cause.code));
    let stopped = match part.state {
        None | Some(State::Planned | State::Locked | State::BackedUp | State::NotStarted) => true,
        Some(State::Refused | State::Unreachable) => part.ended && part.failure_class.is_none() && !skipped(),
        _ => false,
    };
    stopped && !part.wrote && !part.restarting
}

#[cfg(test)]
mod tests {
    use super::is_untouched;
    use crate::journal::RouterRun;
    use crate::message::Text;
    use crate::record::CauseRecord;
    use crate::state::{FailureClass, State};

    #[test]
    fn only_a_router_to_which_nothing_was_sent_and_that_has_no_end_of_its_own_is_begun_again() {
        let part = |state, wrote| RouterRun { state, wrote, ..RouterRun::default() };
        for state in [None, Some(State::Planned), Some(State::Locked), Some(State::BackedUp), Some(State::NotStarted)] {
            assert!(is_untouched(&part(state, false)), "{state:?}");
            assert!(!is_untouched(&part(state, true)), "{state:?}");
        }
        for state in [State::Saved, State::Undone, State::Refused, State::Occupied, State::Unreachable, State::Drifted]
        {
            let mut failed = part(Some(state), false);
            (failed.ended, failed.failure_class) = (true, Some(FailureClass::Unreachable));
            assert!(!is_untouched(&failed), "{state:?}: it failed by itself, which `rerun` is for");
        }
        // An abort while it was read: no failure of its own is recorded.
        for state in [State::Refused, State::Unreachable] {
            let stopped = RouterRun { ended: true, ..part(Some(state), false) };
            assert!(is_untouched(&stopped), "{state:?}");
        }
        // Others have changed what was to be undone: that is its end, and no failure.
        let touched = CauseRecord { code: "undo.touched".to_owned(), text: Text::default(), hints: Vec::new() };
        let conflict = RouterRun { ended: true, causes: vec![touched], ..part(Some(State::Refused), false) };
        assert!(!is_untouched(&conflict));
    }
}
