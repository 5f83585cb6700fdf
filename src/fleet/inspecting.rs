//! Repeats the checks of a router that is done, while its step proves itself. Nothing is written to it; what fails is recorded in its part
//! of the run.

use std::borrow::Cow;

use super::applying::Applying;
use super::task::{Action, RouterTask};
use super::turn::Turn;
use crate::message::{Explain, Text};
use crate::record::{Ending, Kind, Sink};
use crate::state::State;
use crate::transaction::{CauseRecord, FailedEnd, Intent, Outcome, Purpose, Terms, Unverified, observe};

/// Why a router that is saved is no proof for its step.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum Unproven {
    /// A required check failed when it was repeated.
    #[explain(
        code = "check.failed-later",
        en = "{router}: after the save, while its step proved itself, the required check `{check}` failed: expected that the answer {unmet}",
        ja = "{router}: 保存後の様子見中に、必須の確認「{check}」が失敗しました。期待: {unmet}",
        hint(
            en = "the change stays saved. Look at the router; `ixdeploy undo RUN -l {router}` takes the change back",
            ja = "変更は保存されたままです。ルータを確認してください。取り消すには ixdeploy undo RUN -l {router}"
        )
    )]
    Check {
        /// The router.
        router: String,
        /// The check's name.
        check: String,
        /// What was expected and not found.
        unmet: Text,
    },
}

impl Applying {
    /// Reads the router and runs its checks.
    ///
    /// # Errors
    /// A required check that failed; or why they could not be made.
    pub(super) fn inspect_router<A: Action>(&self, task: &RouterTask<A>, turn: &Turn) -> Result<(), FailedEnd> {
        let (env, intent) = (&self.env, self.to_inspect(task.intent()));
        let connector = env.connector(task).map_err(|why| why.end())?;
        let looked = env
            .lock_for_reading(&intent)
            .and_then(|_lock| observe(&intent, connector, Purpose::Verify, &env.unkept(&intent), &turn.cancel))
            .map_err(|error| FailedEnd { state: error.before_write(), cause: CauseRecord::of(&error) })?;
        let failed = looked.checks.into_iter().find(|check| check.required && check.passed == Some(false));
        failed.map_or(Ok(()), |check| {
            let router = intent.router.clone();
            let cause = CauseRecord::of(&Unproven::Check { router, check: check.name, unmet: check.unmet });
            Err(FailedEnd { state: State::Undone, cause })
        })
    }

    /// What is wanted of a router, with the checks that are repeated on it.
    fn to_inspect<'a>(&self, intent: &'a Intent) -> Cow<'a, Intent> {
        let Some(checks) = self.repeated.get(&intent.router) else { return Cow::Borrowed(intent) };
        let terms = Terms { checks: checks.clone(), ..intent.terms.clone() };
        Cow::Owned(Intent { terms, ..intent.clone() })
    }

    /// A router that stays saved and is no proof: its part of the run says so, and so does its end.
    pub(super) fn unproven_end<A: Action>(
        &self,
        task: &RouterTask<A>,
        attempt: u32,
        end: Outcome,
        why: &FailedEnd,
    ) -> Outcome {
        let intent = task.intent();
        let mut end = Outcome { unverified: end.unverified.or(Some(Unverified::FailedLater)), ..end };
        end.causes.push(why.cause.clone());
        let fence = self.fence(&intent.router, attempt);
        let recorder = self.log.router_journal(&self.env.readers, &intent.router, &intent.site, fence);
        let reason = Unverified::FailedLater.to_string();
        let last_word = Ending { causes: end.causes.clone(), ..Ending::of(&end) };
        recorder.emit(Kind::Failed { cause: why.cause.clone(), for_person: false });
        recorder.emit(Kind::Unverified { checks: Vec::new(), reason });
        recorder.emit(Kind::Ended(Box::new(last_word)));
        end
    }
}
