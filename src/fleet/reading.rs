//! Reads routers: for a plan, for their checks, for a backup. Nothing is written to them.

use std::sync::Arc;

use super::env::ExecutorEnv;
use super::executor::{Executor, Unfinished};
use super::task::{BackUpTask, ReadTask, VerifyTask};
use crate::connect::{Connector, ConsoleInUse, ConsoleLock, Freed};
use crate::plan::Plan;
use crate::state::State;
use crate::transaction::{
    self, CauseRecord, CheckResult, Intent, Observed, Purpose, TransactionError, draft, drift, observe,
    rehearse_on_mock,
};

/// A router that was read, with its plan; or why not.
#[derive(Debug)]
pub struct Seen {
    /// The router.
    pub intent: Arc<Intent>,
    /// The state a failure leaves it in, and the cause.
    pub result: Result<(Observed, Plan), (State, CauseRecord)>,
}

/// A router that was read and checked; or why not.
#[derive(Debug)]
pub struct VerifiedRouter {
    /// The router, with its plan.
    pub seen: Seen,
    /// The results of the checks.
    pub checks: Vec<CheckResult>,
}

/// A router's two configurations; or why not.
#[derive(Debug)]
pub struct Backup {
    /// The router.
    pub intent: Arc<Intent>,
    /// The state a failure leaves it in, and the cause.
    pub result: Result<Observed, (State, CauseRecord)>,
}

/// Reads routers and plans.
pub struct Reading(pub ExecutorEnv);

/// Reads routers, plans, and runs the checks.
pub struct Verifying(pub ExecutorEnv);

/// Reads routers for a backup.
pub struct BackingUp(pub ExecutorEnv);

impl Reading {
    /// The router as it is, and what is wanted of it as that completes it.
    fn read(&self, task: &ReadTask, connector: &Connector) -> Result<(Arc<Intent>, Observed), TransactionError> {
        let Self(env) = self;
        let _lock = env.lock_for_reading(&task.intent)?;
        let (observed, _) =
            observe(&task.intent, connector, task.action.purpose, &env.unkept(&task.intent), &env.cancel)?;
        Ok((task.intent.completed(&observed.running)?, observed))
    }
}

impl Executor for Reading {
    type Task = ReadTask;
    type End = Seen;

    fn reserve(&self, task: &ReadTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.0.reserve(task, freed)
    }
    fn carry_out(&self, task: &ReadTask) -> Seen {
        let connector = match self.0.connector(task) {
            Ok(connector) => connector,
            Err(why) => return self.unfinished(task, why),
        };
        let (intent, observed) = match self.read(task, connector) {
            Ok(read) => read,
            Err(error) => {
                let result = Err(self.0.failed(&task.intent, &error));
                return Seen { intent: Arc::clone(&task.intent), result };
            }
        };
        let plan = draft(&intent, &observed)
            .and_then(|plan| rehearse_on_mock(&intent, &observed.running_text, &plan).map(|()| plan));
        let result = plan.map(|plan| (observed, plan)).map_err(|error| self.0.failed(&intent, &error));
        Seen { intent, result }
    }
    fn unfinished(&self, task: &ReadTask, why: Unfinished) -> Seen {
        Seen { intent: Arc::clone(&task.intent), result: Err(why.end()) }
    }
    fn failed(&self, end: &Seen) -> bool {
        end.result.is_err()
    }
}

impl Executor for Verifying {
    type Task = VerifyTask;
    type End = VerifiedRouter;

    fn reserve(&self, task: &VerifyTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.0.reserve(task, freed)
    }
    fn carry_out(&self, task: &VerifyTask) -> VerifiedRouter {
        let (Self(env), intent) = (self, &task.intent);
        let connector = match env.connector(task) {
            Ok(connector) => connector,
            Err(why) => return self.unfinished(task, why),
        };
        let read = env
            .lock_for_reading(intent)
            .and_then(|_lock| observe(intent, connector, Purpose::Verify, &env.unkept(intent), &env.cancel));
        // What the checks said counts even where no difference can be worked out.
        let (result, checks) = match read {
            Ok((observed, checks)) => (drift(intent, &observed).map(|plan| (observed, plan)), checks),
            Err(error) => (Err(error), Vec::new()),
        };
        let result = result.map_err(|error| env.failed(intent, &error));
        VerifiedRouter { seen: Seen { intent: Arc::clone(intent), result }, checks }
    }
    fn unfinished(&self, task: &VerifyTask, why: Unfinished) -> VerifiedRouter {
        let result = Err(why.end());
        VerifiedRouter { seen: Seen { intent: Arc::clone(&task.intent), result }, checks: Vec::new() }
    }
    fn failed(&self, end: &VerifiedRouter) -> bool {
        end.seen.result.is_err()
    }
}

impl Executor for BackingUp {
    type Task = BackUpTask;
    type End = Backup;

    fn reserve(&self, task: &BackUpTask, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.0.reserve(task, freed)
    }
    fn carry_out(&self, task: &BackUpTask) -> Backup {
        let (Self(env), intent) = (self, &task.intent);
        let connector = match env.connector(task) {
            Ok(connector) => connector,
            Err(why) => return self.unfinished(task, why),
        };
        let result = env
            .lock_for_reading(intent)
            .and_then(|_lock| transaction::back_up(intent, connector, &env.unkept(intent), &env.cancel))
            .map_err(|error| env.failed(intent, &error));
        Backup { intent: Arc::clone(intent), result }
    }
    fn unfinished(&self, task: &BackUpTask, why: Unfinished) -> Backup {
        Backup { intent: Arc::clone(&task.intent), result: Err(why.end()) }
    }
    fn failed(&self, end: &Backup) -> bool {
        end.result.is_err()
    }
}
