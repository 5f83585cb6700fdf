//! `abort` of a run that no process carries out any more: it gets the end that it would have got from its own process, and is told by
//! `status` no longer. No router is met: what it left open stays open, and is listed by its routers.

use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use super::finish::status_of;
use super::not_done::NotDone;
use super::owner::who;
use super::recorded::RecordedRun;
use super::rest::Parts;
use crate::control::{Pace, Progress};
use crate::journal::{Journal, RunLog};
use crate::record::{Account, Kind, Order, Outcome, Readers, RunResult};
use crate::state::Verdict;

/// Ends it: routers that it had not begun are `not-started`, and it can be gone on with as after any other `abort`.
///
/// # Errors
/// When another process carries it out after all, its records were edited, or the journal cannot be read or written.
pub(super) fn end_stopped(env: &RunEnv, journal: &Arc<Journal>, run: &str) -> Result<Progress, RunError> {
    let log = RunLog::again(Arc::clone(journal), run)?;
    journal.trust(run)?;
    let recorded = RecordedRun::of(journal, run)?;
    let not_begun = Parts::of(journal, &recorded, run)?.not_begun;
    let is_begun = |outcome: &Outcome| !not_begun.contains(&outcome.router);
    let mut outcomes: Vec<Outcome> = RunResult::of(&journal.records(run)?).routers;
    outcomes.retain(is_begun);
    let progress = Progress {
        pace: Pace::Finishing,
        waiting: not_begun.len(),
        ended: outcomes.len(),
        failed: outcomes.iter().filter(|outcome| outcome.verdict() != Verdict::Done).count(),
        ..Progress::default()
    };
    let ends: Vec<Outcome> =
        not_begun.iter().map(|router| NotDone::ended_later(router, recorded.sites.get(router), run)).collect();
    outcomes.extend(ends.iter().cloned());
    let Account { by, machine } = who();
    log.recorder(&env.readers).record(Kind::Ordered { order: Order::Abort, by, machine })?;
    // What is known of the others is in the journal already, and the answer to the order says how many they are.
    log.end(&Readers::default(), &ends, status_of(&outcomes).status())?;
    Ok(progress)
}
