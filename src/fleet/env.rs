//! What executors work with in this process, and what they all do the same way.

use std::path::PathBuf;

use super::executor::Unfinished;
use super::task::{Action, RouterTask, Task};
use crate::cancel::Cancel;
use crate::connect::{Connector, Connectors, ConsoleInUse, ConsoleLock, Freed};
use crate::journal::{JournalError, RouterLock, Sharing};
use crate::record::{Kind, Readers, Recorder, Scope, Sink};
use crate::transaction::{CauseRecord, FailedEnd, Intent, TransactionError};

/// What tasks are carried out with.
#[derive(Clone)]
pub struct ExecutorEnv {
    /// The ways to the routers, by name.
    pub connectors: Connectors,
    /// Who is shown what happens.
    pub readers: Readers,
    /// The folder of our locks.
    pub state_dir: PathBuf,
    /// The request to stop.
    pub cancel: Cancel,
}

impl ExecutorEnv {
    /// The way to a task's router.
    pub(super) fn connector<A: Action>(&self, task: &RouterTask<A>) -> Result<&Connector, Unfinished> {
        self.connectors.of(task.router()).ok_or_else(|| Unfinished::NoConnector { router: task.router().to_owned() })
    }

    /// Locks the console of a task.
    pub(super) fn reserve<A: Action>(
        &self,
        task: &RouterTask<A>,
        freed: Freed,
    ) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.connectors.of(task.router()).map_or(Ok(None), |connector| connector.lock_console(freed))
    }

    /// Shows what happens to a router outside any run of the journal.
    pub(super) fn unkept(&self, intent: &Intent) -> Recorder {
        Recorder::unkept(Scope::router(&intent.router, &intent.site), &self.readers)
    }

    /// Says why a router's part has failed, and what is kept of it.
    pub(super) fn failed(&self, intent: &Intent, error: &TransactionError) -> FailedEnd {
        let cause = CauseRecord::of(error);
        self.unkept(intent).emit(Kind::Failed { cause: cause.clone(), for_person: false });
        FailedEnd { state: error.before_write(), cause }
    }

    /// Our own lock, shared with other readers of this machine. Where there is no folder for it, reading goes on without.
    pub(super) fn lock_for_reading(&self, intent: &Intent) -> Result<Option<RouterLock>, TransactionError> {
        match RouterLock::take(&self.state_dir, &intent.router, Sharing::Reading) {
            Ok(lock) => Ok(Some(lock)),
            Err(error @ JournalError::Locked { .. }) => {
                Err(TransactionError::Journal { router: intent.router.clone(), error })
            }
            Err(error) => {
                tracing::warn!(router = %intent.router, %error, "reading without a lock");
                Ok(None)
            }
        }
    }
}
