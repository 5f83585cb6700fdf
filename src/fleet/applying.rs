//! Changes routers as the operator approved.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::env::ExecutorEnv;
use super::sites::Barriers;
use super::task::{Action, RouterTask};
use super::turn::Turn;
use crate::connect::{ConsoleInUse, ConsoleLock, Freed, PasswordLogin};
use crate::journal::{RouterLock, RunLog, Sharing};
use crate::playbook::Check;
use crate::record::{Attempts, Kind, Sink};
use crate::secret::Vault;
use crate::transaction::{
    BarrierMember, Decisions, FailedEnd, Intent, Outcome, TransactionEnv, TransactionError, unfinished_cause,
};

/// Changes routers as the operator approved.
pub struct Applying {
    /// What tasks are carried out with.
    pub(super) env: ExecutorEnv,
    /// Where secrets come from.
    vault: Arc<dyn Vault>,
    /// The run's hand in the journal.
    pub(super) log: RunLog,
    /// Who is asked in the middle of a transaction.
    decisions: Arc<dyn Decisions>,
    /// Routers in the middle of something.
    in_flight: Mutex<BTreeMap<String, RunLog>>,
    /// The barrier of each group.
    barriers: Barriers,
    /// The checks that are repeated while a step proves itself, where they are not those of the change, by router.
    pub(super) repeated: HashMap<String, Vec<Check>>,
}

/// A run's claim on a router.
#[derive(Clone, Copy)]
pub(super) struct Claim<'a> {
    /// The run's hand in the journal.
    pub(super) log: &'a RunLog,
    /// Which claim of the run it is: what an older one says is outdated.
    pub(super) fence: u64,
    /// The attempt that it is for.
    pub(super) turn: &'a Turn,
}

impl Applying {
    /// Tasks that go into one run.
    pub fn new(env: ExecutorEnv, vault: Arc<dyn Vault>, log: RunLog) -> Self {
        let (in_flight, barriers, repeated) = (Mutex::default(), Barriers::default(), HashMap::new());
        Self { env, vault, log, decisions: Arc::new(()), in_flight, barriers, repeated }
    }

    /// The same, with someone to ask.
    #[must_use]
    pub fn decided_by(self, decisions: Arc<dyn Decisions>) -> Self {
        Self { decisions, ..self }
    }

    /// The same, where these checks of a router are repeated while its step proves itself, instead of those of its change.
    #[must_use]
    pub fn repeating(self, checks: HashMap<String, Vec<Check>>) -> Self {
        Self { repeated: checks, ..self }
    }

    /// The same for tasks whose groups are one transaction each.
    #[must_use]
    pub fn in_groups<A: Action>(self, tasks: &[RouterTask<A>]) -> Self {
        let barriers = Barriers::new(tasks, &self.env.connectors, &self.env.cancel);
        Self { barriers, ..self }
    }

    /// A task's part in its group; the others learn of its end when this is dropped.
    pub(super) fn member<A: Action>(&self, task: &RouterTask<A>) -> Option<BarrierMember> {
        self.barriers.member(task, 0)
    }

    /// The end of a task with which no session was opened.
    pub(super) fn without_a_session<A: Action>(&self, task: &RouterTask<A>, end: FailedEnd) -> Outcome {
        drop(self.member(task));
        Outcome::without_a_session(task.intent(), task.action.lines(), end)
    }

    /// Reserves the console of a task.
    pub(super) fn reserve_console<A: Action>(
        &self,
        task: &RouterTask<A>,
        freed: Freed,
    ) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.env.reserve(task, freed)
    }

    /// Begins with a router in this run: it is ours, and no other run has left it unfinished.
    pub(super) fn begin_locked<A: Action>(
        &self,
        task: &RouterTask<A>,
        turn: &Turn,
        act: impl FnOnce(TransactionEnv<'_>) -> Outcome,
    ) -> Outcome {
        let lines = task.action.lines();
        let claim = self.claim(&task.intent().router, turn);
        counted(turn, self.locked(task, claim, lines, |env| self.begin(task.intent(), || act(env))))
    }

    /// An attempt at a task that does not begin: the others of its group are told, in whatever order they came.
    pub(super) fn leave_group<A: Action>(&self, task: &RouterTask<A>, attempt: u32) {
        drop(self.barriers.member(task, attempt));
    }

    /// The claim of an attempt of this run.
    fn claim<'a>(&'a self, router: &str, turn: &'a Turn) -> Claim<'a> {
        Claim { log: &self.log, fence: self.fence(router, turn.attempt), turn }
    }

    /// Which claim on its router an attempt is: higher than those before it, also those of the process that had carried the run out
    /// before.
    pub(super) fn fence(&self, router: &str, attempt: u32) -> u64 {
        self.log.claimed(router) + u64::from(attempt)
    }

    /// Does something to a router while it is ours on this machine and the journal's, under a claim of a run.
    pub(super) fn locked<A: Action>(
        &self,
        task: &RouterTask<A>,
        Claim { log, fence, turn }: Claim<'_>,
        lines: usize,
        act: impl FnOnce(TransactionEnv<'_>) -> Outcome,
    ) -> Outcome {
        let (env, intent) = (&self.env, task.intent());
        let name = intent.router.as_str();
        // However this ends, the others of the group learn of it.
        let member = self.barriers.member(task, turn.attempt).map(|member| member.stopped_by(&turn.cancel));
        let connector = match env.connector(task) {
            Ok(connector) => connector,
            Err(why) => return Outcome::without_a_session(intent, lines, why.end()),
        };
        member.iter().for_each(BarrierMember::begins);
        let _lock = match RouterLock::take(&env.state_dir, name, Sharing::Changing) {
            Ok(lock) => lock,
            Err(error) => {
                let error = TransactionError::Journal { router: name.to_owned(), error };
                return Outcome::without_a_session(intent, lines, env.failed(intent, &error));
            }
        };
        let recorder = log.router_journal(&env.readers.with(turn.login.clone()), name, &intent.site, fence);
        self.in_flight().insert(name.to_owned(), log.clone());
        let outcome = act(TransactionEnv {
            connect: connector,
            vault: &*self.vault,
            cancel: &turn.cancel,
            recorder: &recorder,
            decisions: &*self.decisions,
            site: member.as_ref(),
        });
        self.in_flight().remove(name);
        // Later logins of this run, such as the checks of a bake, use the password that was saved.
        outcome.login.as_ref().and_then(PasswordLogin::recorded).iter().for_each(|login| connector.settled(login));
        outcome
    }

    /// Begins with a router that is ours now. The operator may have thought for a long time: if another run has left the router
    /// unfinished meanwhile, that run is recovered first.
    fn begin(&self, intent: &Intent, act: impl FnOnce() -> Outcome) -> Outcome {
        match self.log.journal().unfinished(&intent.router) {
            Ok(None) => act(),
            Ok(Some(part)) => Outcome::left(&part, unfinished_cause(&part)),
            Err(error) => {
                let error = TransactionError::Journal { router: intent.router.clone(), error };
                Outcome::without_a_session(intent, 0, self.env.failed(intent, &error))
            }
        }
    }

    /// Records what was decided about the run.
    pub(super) fn record_of_run(&self, kind: Kind) {
        self.log.recorder(&self.env.readers).emit(kind);
    }

    /// Records for every router in flight to which something was written that its end is not known.
    pub(super) fn note_abandoned(&self) {
        for (router, log) in self.in_flight().iter() {
            if let Err(error) = log.abandon(router) {
                tracing::warn!(%router, %error, "the journal does not know that this router was abandoned");
            }
        }
    }

    fn in_flight(&self) -> MutexGuard<'_, BTreeMap<String, RunLog>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of an attempt, with how many there were, where once was not enough.
fn counted(turn: &Turn, outcome: Outcome) -> Outcome {
    let attempts = (turn.attempt > 1).then(|| Attempts::until_now(turn.attempt));
    Outcome { attempts: attempts.or(outcome.attempts), ..outcome }
}
