//! Restarts routers whose saved lines wait for it. A site keeps a router that passes traffic: its routers restart one after the other, and
//! none any more once one did not come back as it should.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::applying::Applying;
use super::executor::{Executor, Turn, Unfinished};
use super::messages::EndFacts;
use super::task::RestartTask;
use crate::connect::{ConsoleInUse, ConsoleLock, Freed};
use crate::record::Kind;
use crate::state::State;
use crate::transaction::{self, CauseRecord, ChangeError, FailedEnd, Outcome, TransactionError};

/// Restarts routers whose saved lines wait for it.
pub struct Restarting {
    applying: Applying,
    /// Of each site: held while one of its routers is out of service, with the first that did not come back as it should.
    sites: Mutex<BTreeMap<String, Arc<Mutex<Option<String>>>>>,
}

impl Restarting {
    /// Tasks that go into one run.
    pub fn new(applying: Applying) -> Self {
        Self { applying, sites: Mutex::default() }
    }

    /// The turn of a site: its routers are out of service one after the other.
    fn site(&self, name: &str) -> Arc<Mutex<Option<String>>> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(name.to_owned()).or_default())
    }
}

impl Executor for Restarting {
    type Task = RestartTask;
    type End = Outcome;

    fn reserve(&self, task: &RestartTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.applying.reserve_console(task, freed)
    }
    fn carry_out(&self, task: &RestartTask, turn: &Turn) -> Outcome {
        let intent = task.intent();
        // Another router of the site ends within its own bound.
        let site = self.site(&intent.site);
        let mut failed = site.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is tried again is not held back by its own first attempt.
        if let Some(other) = failed.take().filter(|other| *other != intent.router) {
            *failed = Some(other.clone());
            let error = TransactionError::Change(ChangeError::Site { router: intent.router.clone(), other });
            let end = FailedEnd { state: State::NotStarted, cause: CauseRecord::of(&error) };
            return Outcome::without_a_session(intent, 0, end);
        }
        let outcome = self.applying.begin_locked(task, turn, |env| transaction::restart(intent, env));
        if outcome.state != State::Saved {
            *failed = Some(intent.router.clone());
        }
        outcome
    }
    fn unfinished(&self, task: &RestartTask, why: Unfinished) -> Outcome {
        self.applying.without_a_session(task, why.end())
    }
    fn facts(&self, end: &Outcome) -> EndFacts {
        EndFacts::of(end)
    }
    fn inspect(&self, task: &RestartTask, turn: &Turn) -> Result<(), FailedEnd> {
        self.applying.inspect_router(task, turn)
    }
    fn unproven(&self, task: &RestartTask, attempt: u32, end: Outcome, why: &FailedEnd) -> Outcome {
        self.applying.unproven_end(task, attempt, end, why)
    }
    fn gave_up(&self, task: &RestartTask, attempt: u32) {
        self.applying.leave_group(task, attempt);
    }
    fn record(&self, kind: Kind) {
        Executor::record(&self.applying, kind);
    }
    fn changes(&self) -> bool {
        true
    }
    fn abandoned(&self) {
        self.applying.note_abandoned();
    }
}
