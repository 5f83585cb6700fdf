//! Executors that change routers. What each does with one is its own; what they have in common is [`Applying`]'s: the console, the group that
//! ends together, the checks that are repeated, the last word.

use std::time::Duration;

use super::applying::Applying;
use super::executor::{Executor, Unfinished};
use super::messages::EndFacts;
use super::task::{Action, Apply, ApplyTask, RouterTask, Task as _};
use super::turn::Turn;
use crate::connect::{ConsoleInUse, ConsoleLock, Freed};
use crate::record::Kind;
use crate::transaction::{FailedEnd, Outcome, execute};

/// A way of changing routers within one run.
pub trait Changing: Send + Sync + 'static {
    /// What is done with a router.
    type Action: Action;

    /// What it has in common with the others.
    fn applying(&self) -> &Applying;
    /// Carries a task out, to its end.
    fn change(&self, task: &RouterTask<Self::Action>, turn: &Turn) -> Outcome;
    /// The longest from a stop request to its end, as far as it has come.
    fn stops_in(&self, task: &RouterTask<Self::Action>) -> Duration {
        task.stops_within()
    }
    /// The longest to its end where it is not stopped, as far as it has come.
    fn ends_in(&self, task: &RouterTask<Self::Action>) -> Duration {
        task.ends_within()
    }
    /// What the dispatcher must know of an end.
    fn facts_of(&self, end: &Outcome) -> EndFacts {
        EndFacts::of(end)
    }
}

impl<C: Changing> Executor for C {
    type Task = RouterTask<C::Action>;
    type End = Outcome;

    fn reserve(&self, task: &Self::Task, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.applying().reserve_console(task, freed)
    }
    fn carry_out(&self, task: &Self::Task, turn: &Turn) -> Outcome {
        self.change(task, turn)
    }
    fn inspect(&self, task: &Self::Task, turn: &Turn) -> Result<(), FailedEnd> {
        self.applying().inspect_router(task, turn)
    }
    fn unproven(&self, task: &Self::Task, attempt: u32, end: Outcome, why: &FailedEnd) -> Outcome {
        self.applying().unproven_end(task, attempt, end, why)
    }
    fn gave_up(&self, task: &Self::Task, attempt: u32) {
        self.applying().leave_group(task, attempt);
    }
    fn record(&self, kind: Kind) {
        self.applying().record_of_run(kind);
    }
    fn unfinished(&self, task: &Self::Task, why: Unfinished) -> Outcome {
        self.applying().without_a_session(task, why.end())
    }
    fn stops_within(&self, task: &Self::Task) -> Duration {
        self.stops_in(task)
    }
    fn ends_within(&self, task: &Self::Task) -> Duration {
        self.ends_in(task)
    }
    fn facts(&self, end: &Outcome) -> EndFacts {
        self.facts_of(end)
    }
    fn changes(&self) -> bool {
        true
    }
    fn abandoned(&self) {
        self.applying().note_abandoned();
    }
}

/// As the operator approved.
impl Changing for Applying {
    type Action = Apply;

    fn applying(&self) -> &Self {
        self
    }
    fn change(&self, task: &ApplyTask, turn: &Turn) -> Outcome {
        self.begin_locked(task, turn, |env| execute(&task.action.agreement, env))
    }
}
