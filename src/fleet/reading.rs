//! Reads routers: for a plan, for their checks, for a backup. Nothing is written to them.

use std::sync::Arc;

use super::env::ExecutorEnv;
use super::executor::{Executor, Unfinished};
use super::messages::EndFacts;
use super::task::{BackUpTask, LineTask, ReadTask, VerifyTask};
use super::turn::Turn;
use crate::connect::{ConsoleInUse, ConsoleLock, Freed};
use crate::transaction::{
    self, FailedEnd, Intent, LineReading, Looked, Observed, PlanResult, Planned, Purpose, VerifyResult, draft, drift,
    observe, rehearse_on_mock,
};

/// A router's two configurations; or why not.
#[derive(Debug)]
pub struct Backup {
    /// The router.
    pub intent: Arc<Intent>,
    /// What was read; or how it failed.
    pub result: Result<Observed, FailedEnd>,
}

/// Reads routers and plans.
pub struct Reading(pub ExecutorEnv);

/// Reads routers, plans, and keeps only what is made of each plan at once: of a fleet, what was read takes many times the room.
pub struct ReadingInto<F> {
    reading: Reading,
    keep: F,
}

/// What is kept of one plan.
pub struct Kept<K> {
    facts: EndFacts,
    /// What was made of it.
    pub kept: K,
}

/// Reads routers, plans, and runs the checks.
pub struct Verifying(pub ExecutorEnv);

/// Reads routers for a backup.
pub struct BackingUp(pub ExecutorEnv);

/// The access line of a router; or why it was not seen.
#[derive(Debug)]
pub struct LineLook {
    /// The router.
    pub intent: Arc<Intent>,
    /// What was read; or how it failed.
    pub result: Result<LineReading, FailedEnd>,
}

/// Looks at the access lines of routers.
pub struct LookingAtLines(pub ExecutorEnv);

impl Executor for Reading {
    type Task = ReadTask;
    type End = PlanResult;

    fn reserve(&self, task: &ReadTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.0.reserve(task, freed)
    }
    fn carry_out(&self, task: &ReadTask, turn: &Turn) -> PlanResult {
        let (Self(env), asked) = (self, task.intent());
        let connector = match env.connector(task) {
            Ok(connector) => connector,
            Err(why) => return self.unfinished(task, why),
        };
        let recorder = env.unkept(asked);
        let read = env
            .lock_for_reading(asked)
            .and_then(|_lock| observe(asked, connector, task.action.purpose, &recorder, &turn.cancel))
            .and_then(|looked| Ok((asked.completed(&looked.observed.running)?, looked.observed)));
        let firmware = recorder.outcome().identity.firmware;
        let (intent, observed) = match read {
            Ok(read) => read,
            Err(error) => {
                return PlanResult::of(Arc::clone(asked), Err(env.failed(asked, &error))).of_firmware(firmware);
            }
        };
        let plan = draft(&intent, &observed)
            .and_then(|plan| rehearse_on_mock(&intent, &observed.running_text, &plan).map(|()| plan));
        let result = plan.map(|plan| Planned { observed, plan }).map_err(|error| env.failed(&intent, &error));
        PlanResult::of(intent, result).of_firmware(firmware)
    }
    fn unfinished(&self, task: &ReadTask, why: Unfinished) -> PlanResult {
        PlanResult::of(Arc::clone(task.intent()), Err(why.end()))
    }
    fn facts(&self, end: &PlanResult) -> EndFacts {
        EndFacts::of_reading(&end.result)
    }
}

impl<F> ReadingInto<F> {
    /// Makes this of each plan, as a rule on the thread that reads the router.
    pub fn new<K>(env: ExecutorEnv, keep: F) -> Self
    where
        F: Fn(PlanResult) -> K,
    {
        Self { reading: Reading(env), keep }
    }

    fn kept<K>(&self, plan: PlanResult) -> Kept<K>
    where
        F: Fn(PlanResult) -> K,
    {
        Kept { facts: self.reading.facts(&plan), kept: (self.keep)(plan) }
    }
}

impl<K, F> Executor for ReadingInto<F>
where
    K: Send + 'static,
    F: Fn(PlanResult) -> K + Send + Sync + 'static,
{
    type Task = ReadTask;
    type End = Kept<K>;

    fn reserve(&self, task: &ReadTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.reading.reserve(task, freed)
    }
    fn carry_out(&self, task: &ReadTask, turn: &Turn) -> Kept<K> {
        self.kept(self.reading.carry_out(task, turn))
    }
    fn unfinished(&self, task: &ReadTask, why: Unfinished) -> Kept<K> {
        self.kept(self.reading.unfinished(task, why))
    }
    fn facts(&self, end: &Kept<K>) -> EndFacts {
        end.facts.clone()
    }
}

impl Executor for Verifying {
    type Task = VerifyTask;
    type End = VerifyResult;

    fn reserve(&self, task: &VerifyTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.0.reserve(task, freed)
    }
    fn carry_out(&self, task: &VerifyTask, turn: &Turn) -> VerifyResult {
        let (Self(env), intent) = (self, task.intent());
        let connector = match env.connector(task) {
            Ok(connector) => connector,
            Err(why) => return self.unfinished(task, why),
        };
        let read = env
            .lock_for_reading(intent)
            .and_then(|_lock| observe(intent, connector, Purpose::Verify, &env.unkept(intent), &turn.cancel));
        // What the checks said counts even where no difference can be worked out.
        let (result, checks, line) = match read {
            Ok(Looked { observed, checks, line }) => {
                (drift(intent, &observed).map(|plan| Planned { observed, plan }), checks, line)
            }
            Err(error) => (Err(error), Vec::new(), None),
        };
        let result = result.map_err(|error| env.failed(intent, &error));
        VerifyResult { plan: PlanResult::of(Arc::clone(intent), result), checks, line }
    }
    fn unfinished(&self, task: &VerifyTask, why: Unfinished) -> VerifyResult {
        VerifyResult::unread(PlanResult::of(Arc::clone(task.intent()), Err(why.end())))
    }
    fn facts(&self, end: &VerifyResult) -> EndFacts {
        EndFacts::of_reading(&end.plan.result)
    }
}

impl Executor for BackingUp {
    type Task = BackUpTask;
    type End = Backup;

    fn reserve(&self, task: &BackUpTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.0.reserve(task, freed)
    }
    fn carry_out(&self, task: &BackUpTask, turn: &Turn) -> Backup {
        let (Self(env), intent) = (self, task.intent());
        let connector = match env.connector(task) {
            Ok(connector) => connector,
            Err(why) => return self.unfinished(task, why),
        };
        let result = env
            .lock_for_reading(intent)
            .and_then(|_lock| transaction::back_up(intent, connector, &env.unkept(intent), &turn.cancel))
            .map_err(|error| env.failed(intent, &error));
        Backup { intent: Arc::clone(intent), result }
    }
    fn unfinished(&self, task: &BackUpTask, why: Unfinished) -> Backup {
        Backup { intent: Arc::clone(task.intent()), result: Err(why.end()) }
    }
    fn facts(&self, end: &Backup) -> EndFacts {
        EndFacts::of_reading(&end.result)
    }
}

impl Executor for LookingAtLines {
    type Task = LineTask;
    type End = LineLook;

    fn reserve(&self, task: &LineTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.0.reserve(task, freed)
    }
    fn carry_out(&self, task: &LineTask, turn: &Turn) -> LineLook {
        let (Self(env), intent) = (self, task.intent());
        let connector = match env.connector(task) {
            Ok(connector) => connector,
            Err(why) => return self.unfinished(task, why),
        };
        let probes = &task.action.probes;
        let result = env
            .lock_for_reading(intent)
            .and_then(|_lock| transaction::read_line(intent, connector, probes, &env.unkept(intent), &turn.cancel))
            .map_err(|error| env.failed(intent, &error));
        LineLook { intent: Arc::clone(intent), result }
    }
    fn unfinished(&self, task: &LineTask, why: Unfinished) -> LineLook {
        LineLook { intent: Arc::clone(task.intent()), result: Err(why.end()) }
    }
    fn facts(&self, end: &LineLook) -> EndFacts {
        EndFacts::of_reading(&end.result)
    }
}
