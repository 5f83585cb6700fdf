//! Restarts routers whose saved lines wait for it. A site keeps a router that passes traffic: its routers restart one after the other, and
//! none any more once one did not come back as it should.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::applying::Applying;
use super::changing::Changing;
use super::messages::EndFacts;
use super::task::{Restart, RestartTask};
use super::turn::Turn;
use crate::state::State;
use crate::transaction::{self, CauseRecord, ChangeError, FailedEnd, Outcome, TransactionError};

/// Restarts routers whose saved lines wait for it.
pub struct Restarting {
    applying: Applying,
    /// Of each site: held while one of its routers is out of service.
    sites: Mutex<BTreeMap<String, Arc<Mutex<Failed>>>>,
}

impl Restarting {
    /// Tasks that go into one run.
    pub fn new(applying: Applying) -> Self {
        Self { applying, sites: Mutex::default() }
    }

    /// The turn of a site: its routers are out of service one after the other.
    fn site(&self, name: &str) -> Arc<Mutex<Failed>> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(name.to_owned()).or_default())
    }
}

impl Changing for Restarting {
    type Action = Restart;

    fn applying(&self) -> &Applying {
        &self.applying
    }
    fn change(&self, task: &RestartTask, turn: &Turn) -> Outcome {
        let intent = task.intent();
        // Another router of the site ends within its own bound.
        let site = self.site(&intent.site);
        let mut failed = site.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(other) = failed.before(&intent.router) {
            let error = TransactionError::Change(ChangeError::Site { router: intent.router.clone(), other });
            let end = FailedEnd { state: State::NotStarted, cause: CauseRecord::of(&error) };
            return Outcome::without_a_session(intent, 0, end);
        }
        let outcome = self.applying.begin_locked(task, turn, |env| transaction::restart(intent, env));
        failed.note(&intent.router, outcome.state);
        outcome
    }
    /// Its plan has no lines, and what it does is done to every router.
    fn facts_of(&self, end: &Outcome) -> EndFacts {
        let facts = EndFacts::of(end);
        EndFacts { changed: facts.done, ..facts }
    }
}

/// What holds the routers of one site back: the first that did not come back as it should.
#[derive(Debug, Default)]
struct Failed(Option<String>);

impl Failed {
    /// The other router that holds this one back. One that is tried again is not held back by its own first attempt.
    fn before(&self, router: &str) -> Option<String> {
        self.0.clone().filter(|other| other != router)
    }

    /// An attempt at a router has ended so.
    fn note(&mut self, router: &str, state: State) {
        self.0 = (state != State::Saved).then(|| router.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::Failed;
    use crate::state::State;

    #[test]
    fn a_router_that_is_tried_again_is_not_held_back_by_its_own_first_attempt() {
        let mut failed = Failed::default();
        assert_eq!(failed.before("r1"), None);
        failed.note("r1", State::Unreachable);
        assert_eq!((failed.before("r1"), failed.before("r2")), (None, Some("r1".to_owned())));
        failed.note("r1", State::Saved);
        assert_eq!(failed.before("r2"), None, "it came back: the others of its site go on");
    }
}
