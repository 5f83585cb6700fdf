//! A run ends: the journal and the readers are told how, and what is returned holds everything that is shown of it.

use super::env::RunEnv;
use super::exit::Exit;
use super::identity::LearnedBox;
use super::no_plan::NoPlan;
use crate::journal::{JournalError, RunLog};
use crate::record::{CauseRecord, Journalled, Outcome, RunResult};
use crate::state::State;

/// How a run ended.
#[derive(Debug)]
pub struct FinishedRun {
    /// `apply`, `undo`, `restore`, `restart`, `resume`.
    pub action: &'static str,
    /// How each router ended, in the order in which they were chosen; where it is journalled; the saved plan's hash.
    pub result: RunResult,
    /// How the program ends because of it.
    pub exit: Exit,
    /// What the run was narrowed to: what is advised next must not be wider.
    pub limit: Option<String>,
    /// Routers for which the plan file has no plan that holds; nothing where there are none.
    pub no_plan: Option<NoPlan>,
    /// Boxes that it has changed and that the inventory does not name.
    pub learned: Vec<LearnedBox>,
    /// Why the end could not be written to the journal.
    pub journal_error: Option<JournalError>,
}

impl FinishedRun {
    /// The same, narrowed to these routers.
    pub(super) fn limited_to(self, limit: Option<String>) -> Self {
        Self { limit, ..self }
    }
}

/// Closes the run in the journal, where one was begun, and tells the readers.
pub(super) fn finish_run(
    env: &RunEnv,
    action: &'static str,
    routers: Vec<Outcome>,
    log: Option<&RunLog>,
) -> FinishedRun {
    let routers = match log.filter(|log| log.goes_on()) {
        Some(log) => with_earlier(log, routers),
        None => routers,
    };
    let exit = status_of(&routers);
    let (mut journalled, mut journal_error) = (None, None);
    match log {
        None => env.run_ended(exit),
        Some(log) => {
            // Noted elsewhere, the head proves later that nothing was cut off.
            let head = log.end(&env.readers, &routers, exit.status()).and_then(|()| log.journal().head());
            let run = log.run().as_str().to_owned();
            journalled = Some(match head {
                Ok(head) => Journalled { run, journal_head: Some(head) },
                Err(error) => {
                    journal_error = Some(error);
                    Journalled { run, journal_head: None }
                }
            });
        }
    }
    let result = RunResult { routers, journalled, plan_sha256: None, exit: Some(exit.status()) };
    FinishedRun { action, result, exit, limit: None, no_plan: None, learned: Vec::new(), journal_error }
}

/// The ends of a run that has gone on: those of its routers from before, too, where the journal still says them.
fn with_earlier(log: &RunLog, routers: Vec<Outcome>) -> Vec<Outcome> {
    let records = log.journal().records(log.run().as_str()).unwrap_or_default();
    let mut whole = RunResult::of(&records).routers;
    for outcome in routers {
        match whole.iter_mut().find(|earlier| earlier.router == outcome.router) {
            Some(earlier) => *earlier = outcome,
            None => whole.push(outcome),
        }
    }
    whole
}

/// How the program ends because of these ends: the worst of them.
pub(super) fn status_of(routers: &[Outcome]) -> Exit {
    routers.iter().map(exit_of).max().unwrap_or_default()
}

/// A journal that cannot be written before anything was is our own machine's failure, not the router's. A line that was looked at and does
/// not fit is an answer.
fn exit_of(outcome: &Outcome) -> Exit {
    let own = |cause: &CauseRecord| cause.code.starts_with("journal.") || cause.code == "lock.file";
    if outcome.is_probed() && outcome.probed.as_ref().is_some_and(|line| !line.misfits.is_empty()) {
        return Exit::Differs;
    }
    let nothing_written = matches!(outcome.state, State::Refused | State::NotStarted);
    if nothing_written && outcome.causes.first().is_some_and(own) {
        return Exit::Usage;
    }
    Exit::from(outcome.verdict())
}
