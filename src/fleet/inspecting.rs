//! Repeats the checks of a router that is done, while its step proves itself. Nothing is written to it.

use super::env::ExecutorEnv;
use super::executor::Turn;
use super::task::{Action, RouterTask};
use crate::state::FailureClass;
use crate::transaction::{Purpose, observe};

impl ExecutorEnv {
    /// Reads the router and runs its checks; how that failed, if it did.
    pub(super) fn inspect<A: Action>(&self, task: &RouterTask<A>, turn: &Turn) -> Option<FailureClass> {
        let intent = task.intent();
        let connector = match self.connector(task) {
            Ok(connector) => connector,
            Err(why) => return why.end().failure_class(),
        };
        let read = self
            .lock_for_reading(intent)
            .and_then(|_lock| observe(intent, connector, Purpose::Verify, &self.unkept(intent), &turn.cancel));
        match read {
            Ok((_, checks)) => {
                let has_failed = checks.iter().any(|check| check.required && check.passed == Some(false));
                has_failed.then_some(FailureClass::CheckFailed)
            }
            Err(error) => self.failed(intent, &error).failure_class(),
        }
    }
}
