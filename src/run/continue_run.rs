//! `continue`: a person's word that a run goes on.
//!
//! A process that carries it out is told so: it is paused, or its next step waits for approval. Where no process does, because it died or
//! the run was ended before all of it was begun, routers left open are recovered first, and then the run goes on here, under its own name,
//! with the routers that it never began, but for those whose site had one that was begun and is not saved: a site changes together or not
//! at all, and `rerun` takes all of it. What was approved before holds no longer without this word; what failed before counts in no budget
//! of what follows.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::apply::{ApplyRequest, PlanHash, change_of};
use super::begin::Beginning;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::operator::Approval;
use super::options::RunOptions;
use super::order::{Ordered, give, progress};
use super::partition::parted_from_their_site;
use super::plan_file::kept_path;
use super::rerun_error::RerunError;
use super::resume::recover_open;
use super::target::Target;
use crate::control::{ControlError, Pace, Progress};
use crate::journal::{Journal, RouterRun, RunLog, RunSummary};
use crate::playbook::Rollout;
use crate::playbook::rollout::Budget;
use crate::record::{Kind, Order, Outcome, Policy, RunResult};
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
    // What is approved is what the question shows: another step may wait when the order arrives.
    let step = approval.as_ref().map(|approval| approval.step.clone());
    let question = Approval::Continue { run: run.to_owned(), waiting, ended, failed, step: approval };
    if !request.options.assume_yes && !env.operator.approve(&question).ok_or(RunError::NoOperator)? {
        return Ok(Continued::Declined);
    }
    Ok(Continued::Ordered(ordered(give(env, run, Order::Continue, step)?)))
}

/// Goes on with it here.
fn go_on(env: &RunEnv, request: &ContinueRequest, run: &RunSummary) -> Result<Continued, RunError> {
    if run.action != "apply" {
        return Err(RunError::CannotContinue { run: run.run.clone(), action: run.action.clone() });
    }
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
    let mut parts = Parts::of(&journal, name)?;
    let (mut change, mut left_out) = (None, Vec::new());
    if !parts.not_begun.is_empty() {
        let apply = again(env, request, &journal, run, inventory)?;
        let whole = change.insert(change_of(env, &apply)?);
        left_out = parts.leave_out_parted(&whole.targets);
    }
    let (Some(mut change), false) = (change, parts.not_begun.is_empty()) else {
        let ends = [recovered, left_out].concat();
        if ends.is_empty() {
            return Err(RunError::NothingToContinue { run: name.to_owned() });
        }
        // What it had left to do is done: its end is recorded, and shown as a whole.
        return Ok(Continued::Finished(Box::new(finish_run(env, "continue", ends, Some(&log)))));
    };
    let so_far = RunResult::of(&journal.records(name)?).routers;
    let ended = so_far.iter().filter(|outcome| !parts.not_begun.contains(&outcome.router));
    let question = Approval::Continue {
        run: name.to_owned(),
        waiting: parts.not_begun.len(),
        ended: ended.clone().count(),
        failed: ended.filter(|outcome| outcome.verdict() != Verdict::Done).count(),
        step: None,
    };
    if !request.options.assume_yes && !env.operator.approve(&question).ok_or(RunError::NoOperator)? {
        return Ok(Continued::Declined);
    }
    change.keep_only(&parts.not_begun);
    change.left_out = left_out;
    change.beginning = Beginning::Again(log);
    Ok(Continued::Finished(Box::new(change.execute(env)?)))
}

/// What is applied again: what was approved for the run, where it was kept and is still the same; else it is planned and asked about anew.
/// The terms on which it began hold on.
fn again(
    env: &RunEnv,
    request: &ContinueRequest,
    journal: &Journal,
    run: &RunSummary,
    inventory: PathBuf,
) -> Result<ApplyRequest, RunError> {
    let begun = journal.own_records(&run.run)?.into_iter().find_map(|stored| match stored.record {
        Some(Kind::Begun { plan_sha256, policy, .. }) => Some((plan_sha256, policy)),
        _ => None,
    });
    let (approved, policy) = begun.unwrap_or_default();
    let kept = Some(kept_path(&env.state_dir, &run.run)).filter(|kept| kept.is_file());
    let shown = policy.as_ref().and_then(|policy| policy.kept_sha256.clone()).filter(|_| kept.is_some());
    let source = match (kept, run.source.as_str()) {
        (Some(kept), _) => kept,
        (None, "-") => return Err(RerunError::NoSource { run: run.run.clone() }.into()),
        (None, source) => PathBuf::from(source),
    };
    let mut options = request.options.clone();
    if let Some(policy) = &policy {
        options.on_bench |= policy.on_bench;
        options.adopt |= policy.adopt;
        options.set_secrets |= policy.set_secrets;
    }
    Ok(ApplyRequest {
        source,
        inventory,
        limit: None,
        plan_hash: approved.or(shown).map(PlanHash::Known),
        rollout: policy.as_ref().map(rollout_of),
        serial_number: None,
        options,
    })
}

/// The rollout that a run began with, with what was typed then. One that says no more than two numbers is recorded as these.
fn rollout_of(policy: &Policy) -> Rollout {
    if let Some(rollout) = &policy.rollout {
        return (**rollout).clone();
    }
    let mut rollout = Rollout::simple(policy.concurrency, usize::MAX);
    rollout.max_failures = Some(policy.max_failures.map_or(Budget::Unlimited, Budget::Routers));
    rollout
}

/// The routers of a run, by what has become of them.
#[derive(Default)]
struct Parts {
    /// Nothing was sent to them, and nothing but the end of the run ended their part.
    not_begun: BTreeSet<String>,
    /// Begun and not saved, or failed: nothing goes on with the others of their site.
    settled: BTreeSet<String>,
    /// Their end is in the journal already.
    ended: BTreeSet<String>,
}

impl Parts {
    fn of(journal: &Journal, run: &str) -> Result<Self, RunError> {
        let mut parts = Self::default();
        for stored in journal.own_records(run)? {
            if let Some(Kind::Begun { routers, .. } | Kind::Continued { routers, .. }) = stored.record {
                parts.not_begun.extend(routers);
            }
        }
        for part in journal.router_runs(run)? {
            if part.ended {
                parts.ended.insert(part.router.clone());
            }
            if is_untouched(&part) {
                continue;
            }
            parts.not_begun.remove(&part.router);
            if part.state != Some(State::Saved) {
                parts.settled.insert(part.router);
            }
        }
        Ok(parts)
    }

    /// Leaves out those whose site has one that is settled; how each ends of which nothing is recorded.
    fn leave_out_parted(&mut self, targets: &[Target]) -> Vec<Outcome> {
        let mut ends = Vec::new();
        for (target, end) in parted_from_their_site(targets, &self.not_begun, &self.settled) {
            let router = &target.intent.router;
            self.not_begun.remove(router);
            if !self.ended.contains(router) {
                ends.push(Outcome::without_a_session(&target.intent, 0, end));
            }
        }
        ends
    }
}

/// Whether a router's part came to nothing that was sent, and to no end of its own: where it was ended from outside, as by an abort while
/// it was read, or by the end of the program, that was no failure of the router.
fn is_untouched(part: &RouterRun) -> bool {
    let stopped = match part.state {
        None | Some(State::Planned | State::Locked | State::BackedUp | State::NotStarted) => true,
        Some(State::Refused | State::Unreachable) => part.ended && part.failure_class.is_none(),
        _ => false,
    };
    stopped && !part.wrote && !part.restarting
}

#[cfg(test)]
mod tests {
    use super::is_untouched;
    use crate::journal::RouterRun;
    use crate::state::{FailureClass, State};

    #[test]
    fn only_a_router_to_which_nothing_was_sent_and_that_has_no_end_of_its_own_is_begun_again() {
        let part = |state, wrote| RouterRun { state, wrote, ..RouterRun::default() };
        for state in [None, Some(State::Planned), Some(State::Locked), Some(State::BackedUp), Some(State::NotStarted)] {
            assert!(is_untouched(&part(state, false)), "{state:?}");
            assert!(!is_untouched(&part(state, true)), "{state:?}");
        }
        for state in [State::Saved, State::Undone, State::Refused, State::Occupied, State::Unreachable, State::Drifted]
        {
            let mut failed = part(Some(state), false);
            (failed.ended, failed.failure_class) = (true, Some(FailureClass::Unreachable));
            assert!(!is_untouched(&failed), "{state:?}: it failed by itself, which `rerun` is for");
        }
        // An abort while it was read, of which it was told nothing.
        for state in [State::Refused, State::Unreachable] {
            let stopped = RouterRun { ended: true, ..part(Some(state), false) };
            assert!(is_untouched(&stopped), "{state:?}");
        }
    }
}
