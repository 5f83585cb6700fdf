//! `continue`: a person's word that a run goes on.
//!
//! A process that carries it out is told so: it is paused, or its next step waits for approval. Where no process does, because it died or
//! the run was ended before all of it was begun, routers left open are recovered first, and then the run goes on here, under its own name,
//! with the routers that it never began. What was approved before holds no longer without this word; what failed before counts in no
//! budget of what follows.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::apply::{ApplyRequest, change_of};
use super::begin::Beginning;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::operator::Approval;
use super::options::RunOptions;
use super::order::{Ordered, give, progress};
use super::plan_file::kept_path;
use super::resume::recover_open;
use crate::control::{ControlError, Pace, Progress};
use crate::journal::{Journal, RouterRun, RunLog, RunSummary};
use crate::record::{Kind, Order, RunResult};
use crate::state::{State, Verdict};

/// Which run goes on, and how.
#[derive(Debug, Clone, Default)]
pub struct ContinueRequest {
    /// The run, or `last`.
    pub run: String,
    /// The inventory; nothing for the one that the run began with.
    pub inventory: Option<PathBuf>,
    /// What else the operator chose; with `assume_yes` the command itself is the word.
    pub options: RunOptions,
}

/// How a run goes on.
#[derive(Debug)]
pub enum Continued {
    /// The process that carries it out was told so.
    Ordered(Ordered),
    /// It had not stopped.
    Running(Ordered),
    /// It went on here, and has ended.
    Finished(Box<FinishedRun>),
    /// The question was answered with no.
    Declined,
}

/// Lets a run go on; asks first, with numbers.
///
/// # Errors
/// When there is no such run, nothing of it is left to do, no one to ask, or it cannot be reached.
pub fn continue_run(env: &RunEnv, request: &ContinueRequest) -> Result<Continued, RunError> {
    let journal = env.journal()?;
    let run = journal.named(&request.run)?;
    match progress(env, &run.run) {
        Ok(seen) => tell(env, request, &run.run, seen),
        Err(RunError::Control(ControlError::NotRunning { .. })) => go_on(env, request, &run),
        Err(error) => Err(error),
    }
}

/// Tells the process that carries it out.
fn tell(env: &RunEnv, request: &ContinueRequest, run: &str, seen: Progress) -> Result<Continued, RunError> {
    let ordered = |progress| Ordered { run: run.to_owned(), order: Order::Continue, progress };
    if seen.pace != Pace::Paused && seen.approval.is_none() {
        return Ok(Continued::Running(ordered(seen)));
    }
    let Progress { waiting, ended, failed, approval, .. } = seen;
    let question = Approval::Continue { run: run.to_owned(), waiting, ended, failed, step: approval };
    if !request.options.assume_yes && !env.operator.approve(&question).ok_or(RunError::NoOperator)? {
        return Ok(Continued::Declined);
    }
    Ok(Continued::Ordered(ordered(give(env, run, Order::Continue)?)))
}

/// Goes on with it here.
fn go_on(env: &RunEnv, request: &ContinueRequest, run: &RunSummary) -> Result<Continued, RunError> {
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let journal = env.journal()?;
    let name = run.run.as_str();
    // From here on no other process can do the same.
    let log = RunLog::again(journal.clone(), name)?;
    journal.trust(name)?;
    let inventory = request.inventory.clone().unwrap_or_else(|| PathBuf::from(&run.inventory));
    let recovered = recover_open(env, name, &inventory, &request.options)?;
    let not_begun = not_begun(&journal, name)?;
    if not_begun.is_empty() {
        if recovered.is_empty() {
            return Err(RunError::NothingToContinue { run: name.to_owned() });
        }
        // What it had left to do is done: its end is recorded, and shown as a whole.
        let finished = finish_run(env, "continue", recovered, Some(&log));
        return Ok(Continued::Finished(Box::new(finished)));
    }
    let so_far = RunResult::of(&journal.records(name)?).routers;
    let ended = so_far.iter().filter(|outcome| !not_begun.contains(&outcome.router));
    let question = Approval::Continue {
        run: name.to_owned(),
        waiting: not_begun.len(),
        ended: ended.clone().count(),
        failed: ended.filter(|outcome| outcome.verdict() != Verdict::Done).count(),
        step: None,
    };
    if !request.options.assume_yes && !env.operator.approve(&question).ok_or(RunError::NoOperator)? {
        return Ok(Continued::Declined);
    }
    // What was approved for the run, where it was kept: else it is planned and asked about anew.
    let kept = kept_path(&env.state_dir, name);
    let apply = ApplyRequest {
        source: if kept.is_file() { kept } else { PathBuf::from(&run.source) },
        inventory,
        limit: None,
        plan_sha256: None,
        serial_number: None,
        options: request.options.clone(),
    };
    let mut change = change_of(env, &apply)?;
    change.keep_only(&not_begun);
    change.beginning = Beginning::Again(log);
    Ok(Continued::Finished(Box::new(change.execute(env)?)))
}

/// The routers of a run that it never began: nothing was sent to them, and nothing else ended their part.
fn not_begun(journal: &Journal, run: &str) -> Result<BTreeSet<String>, RunError> {
    let parts = journal.router_runs(run)?;
    let mut names: BTreeSet<String> = BTreeSet::new();
    for stored in journal.own_records(run)? {
        if let Some(Kind::Begun { routers, .. } | Kind::Continued { routers, .. }) = stored.record {
            names.extend(routers);
        }
    }
    names.retain(|name| parts.iter().find(|part| part.router == *name).is_none_or(is_untouched));
    Ok(names)
}

/// Whether a router's part came to nothing that was sent, and to no end of its own.
fn is_untouched(part: &RouterRun) -> bool {
    let before_the_first_line =
        matches!(part.state, None | Some(State::Planned | State::Locked | State::BackedUp | State::NotStarted));
    before_the_first_line && !part.wrote && !part.restarting
}

#[cfg(test)]
mod tests {
    use super::is_untouched;
    use crate::journal::RouterRun;
    use crate::state::State;

    #[test]
    fn only_a_router_to_which_nothing_was_sent_and_that_has_no_end_of_its_own_is_begun_again() {
        let part = |state, wrote| RouterRun { state, wrote, ..RouterRun::default() };
        for state in [None, Some(State::Planned), Some(State::Locked), Some(State::BackedUp), Some(State::NotStarted)] {
            assert!(is_untouched(&part(state, false)), "{state:?}");
            assert!(!is_untouched(&part(state, true)), "{state:?}");
        }
        for state in [State::Saved, State::Undone, State::Refused, State::Occupied, State::Unreachable, State::Drifted]
        {
            assert!(!is_untouched(&part(Some(state), false)), "{state:?}: it failed by itself, which `rerun` is for");
        }
    }
}
