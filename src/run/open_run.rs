//! A run of the journal in the process that carries it out: from its first record to its last it can be reached from other terminals, and a
//! request to stop ends it in the journal, too.
//!
//! It waits for its time and hands its tasks to a fleet; what an order means is in `controlled`.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::controlled::{Controls, serve};
use super::env::RunEnv;
use super::operator::Notice;
use super::rollout::asking;
use crate::cancel::UnderWay;
use crate::control::Server;
use crate::fleet::{Executor, Fleet, Rules};
use crate::journal::{Journal, JournalError, RunLog};
use crate::message::Explain as _;
use crate::record::Outcome;

/// A run that this process carries out. Others are told that it is over once this is dropped.
pub struct OpenRun {
    log: RunLog,
    controls: Arc<Controls>,
    /// The program does not end by a signal before the end of the run is recorded.
    under_way: Mutex<Option<UnderWay>>,
    /// Listens until it is dropped.
    _server: Option<Server>,
}

impl OpenRun {
    /// A run that was begun just now, over so many routers.
    pub(super) fn begun(env: &RunEnv, log: RunLog, routers: usize) -> Self {
        let run = Self::unserved(env, log, routers);
        run.needs_an_end(env);
        run.served(env)
    }

    /// A run that had stopped, with so many routers that are not begun: no other process can go on with it from here on.
    ///
    /// # Errors
    /// When another process carries it out, or it cannot be locked.
    pub(super) fn again(env: &RunEnv, journal: Arc<Journal>, run: &str, routers: usize) -> Result<Self, JournalError> {
        Ok(Self::unserved(env, RunLog::again(journal, run)?, routers).served(env))
    }

    fn unserved(env: &RunEnv, log: RunLog, routers: usize) -> Self {
        let controls = Arc::new(Controls::new(env, &log, routers));
        Self { log, controls, under_way: Mutex::default(), _server: None }
    }

    fn served(self, env: &RunEnv) -> Self {
        let server = serve(env, &self.log, Arc::clone(&self.controls) as _);
        Self { _server: server, ..self }
    }

    /// Its part of the journal.
    pub(super) fn log(&self) -> &RunLog {
        &self.log
    }

    /// Records how those routers end that take no part in it, before it begins with the others.
    pub(super) fn leave_out(&self, env: &RunEnv, outcomes: &[Outcome]) {
        if let Err(error) = self.log.leave_out(&env.readers, outcomes) {
            env.operator.tell(&Notice::Warning(&error.text()));
        }
    }

    /// From here on it needs an end in the journal: a request to stop leaves time for it.
    pub(super) fn needs_an_end(&self, env: &RunEnv) {
        let under_way = env.cancel.begin(Arc::clone(&self.controls) as _);
        *self.under_way.lock().unwrap_or_else(PoisonError::into_inner) = Some(under_way);
    }

    /// Waits until it is time. An order to abort or a signal ends the wait; while the run is paused it does not begin.
    pub(super) fn wait_until(&self, at: Timestamp) {
        self.controls.wait_until(at);
    }

    /// Carries out its tasks; orders are passed on to them until they have ended.
    pub(super) fn carry_out<X: Executor>(
        &self,
        env: &RunEnv,
        executor: X,
        tasks: &[X::Task],
        rules: Rules,
    ) -> Vec<X::End> {
        let steps = rules.steps.iter().map(|step| step.name.clone()).collect();
        let fleet = asking(env, Fleet::new(rules, &env.cancel).by_clock(Arc::clone(&env.clock)));
        self.controls.pass_on(fleet.control(), steps);
        let ends = fleet.run(executor, tasks);
        self.controls.nothing_left();
        *self.under_way.lock().unwrap_or_else(PoisonError::into_inner) = None;
        ends
    }
}
