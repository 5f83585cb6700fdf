//! Recovers routers that earlier runs left unknown: each is read again, then its change is finished or undone.

use std::sync::Arc;

use super::applying::{Applying, Claim};
use super::executor::{Executor, Unfinished};
use super::messages::EndFacts;
use super::task::RecoverTask;
use super::turn::Turn;
use crate::connect::{ConsoleInUse, ConsoleLock, Freed};
use crate::journal::{RouterRun, RunLog};
use crate::playbook::OnLoss;
use crate::record::Account;
use crate::state::State;
use crate::transaction::{self, CauseRecord, FailedEnd, Outcome, RecoveryChoice, TransactionEnv, TransactionError};

/// Recovers routers, each in the run that left it.
pub struct Recovering {
    /// How; its log is not used.
    pub applying: Applying,
    /// Who resumed it.
    pub by: Account,
}

impl Recovering {
    /// What to do with the router, by what the journal says now: since the question was asked, another process may have recovered
    /// it, or ended the run it was working on.
    fn recover(&self, task: &RecoverTask, env: TransactionEnv<'_>) -> Result<Outcome, TransactionError> {
        let (router, journal) = (&task.intent().router, self.applying.log.journal());
        let part = journal
            .router_run(&task.action.run, router)
            .map_err(|error| TransactionError::Journal { router: router.clone(), error })?;
        if let (false, Some(state)) = (part.can_be_resumed(), part.state) {
            return Ok(known_end(task, &part, state, env));
        }
        let mut left = transaction::load_interrupted(journal, &part, task.intent())?;
        if let Some(decision) = task.action.decision {
            left.decided(decision);
        } else if task.action.in_half_changed_site && left.intent.terms.lost == OnLoss::Nearest {
            left.decided(RecoveryChoice::Undo);
        }
        Ok(transaction::resume(&left, env, self.by.clone()))
    }

    /// The end of a router whose state stays unknown.
    fn still_lost(&self, task: &RecoverTask, cause: CauseRecord) -> Outcome {
        Outcome::without_a_session(task.intent(), task.action.sent, FailedEnd { state: State::Lost, cause })
    }
}

/// The outcome of a router whose end the journal knows by now.
fn known_end(task: &RecoverTask, part: &RouterRun, state: State, env: TransactionEnv<'_>) -> Outcome {
    if let (State::Saved, Some(member)) = (state, env.site) {
        member.saved();
    }
    let (sent, restart_pending) = (part.accepted.len(), part.restart_pending);
    Outcome { sent, restart_pending, ..Outcome::ended(task.intent(), state) }
}

impl Executor for Recovering {
    type Task = RecoverTask;
    type End = Outcome;

    fn reserve(&self, task: &RecoverTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.applying.env.reserve(task, freed)
    }
    fn carry_out(&self, task: &RecoverTask, turn: &Turn) -> Outcome {
        let log = RunLog::of(Arc::clone(self.applying.log.journal()), &task.action.run);
        let claim = Claim { log: &log, fence: task.action.fence, turn };
        self.applying.locked(task, claim, task.action.sent, |env| {
            let recovered = self.recover(task, env);
            recovered
                .unwrap_or_else(|error| self.still_lost(task, self.applying.env.failed(task.intent(), &error).cause))
        })
    }
    fn unfinished(&self, task: &RecoverTask, why: Unfinished) -> Outcome {
        drop(self.applying.member(task));
        self.still_lost(task, why.end().cause)
    }
    fn facts(&self, end: &Outcome) -> EndFacts {
        EndFacts::of(end)
    }
    fn changes(&self) -> bool {
        true
    }
    fn abandoned(&self) {
        self.applying.note_abandoned();
    }
}
