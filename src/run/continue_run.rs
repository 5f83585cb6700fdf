//! `continue`: a person's word that a run goes on.
//!
//! A process that carries it out is told so: it is paused, or its next step waits for approval. Where no process does, because it died or
//! the run was ended before all of it was begun, routers left open are recovered first, and then the run goes on here, under its own name,
//! with the routers that it never began, but for those whose site had one that was begun and is not saved: a site changes together or not
//! at all, and `rerun` takes all of it. What was approved before holds no longer without this word; what failed before counts in no budget
//! of what follows. It is narrowed to those routers before anything is prepared: what concerns a finished one is in no one's way. One that
//! stopped with nothing left to begin gets its end, and its whole result is shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::apply::{self, ApplyRequest, PlanHash};
use super::begin::{Basis, Beginning};
use super::change::ChangeRun;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::named_run::named_run;
use super::open_run::OpenRun;
use super::operator::Approval;
use super::options::RunOptions;
use super::order::{Ordered, give, progress};
use super::plan_file::kept_path;
use super::prepare::Choices;
use super::recorded::RecordedRun;
use super::rerun_error::RerunError;
use super::rest::{Parts, RestOfRun};
use super::restart::{RestartRequest, RestartRun};
use super::restore::{self, RestoreRequest};
use super::resume::recover_open;
use super::rollout::Overrides;
use super::swap::{self, SwapRequest};
use super::swap_terms;
use super::target::Target;
use super::undo::{self, ApprovedUndo, UndoRequest};
use crate::control::{ControlError, Pace, Progress};
use crate::inventory::{self, LimitError};
use crate::journal::RunSummary;
use crate::message::Explain as _;
use crate::record::{Order, Outcome, RunResult};
use crate::state::Verdict;

/// Which run goes on, and how.
#[derive(Debug, Clone, Default)]
pub struct ContinueRequest {
    /// The run, or `last`.
    pub run: String,
    /// The inventory; nothing for the one that the run began with.
    pub inventory: Option<PathBuf>,
    /// The serial number of the router on the console, or of the new box, as typed.
    pub serial_number: Option<String>,
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
    let run = named_run(&journal, &request.run)?;
    match progress(env, &run.run) {
        Ok(seen) => tell(env, request, &run.run, seen),
        Err(RunError::Control(ControlError::NotRunning { .. })) => go_on(env, request, &run),
        Err(error) => Err(error),
    }
}

/// Tells the process that carries it out.
fn tell(env: &RunEnv, request: &ContinueRequest, run: &str, seen: Progress) -> Result<Continued, RunError> {
    // Its limits are those with which it is under way: new ones would be lost without a word.
    if request.options.rollout != Overrides::default() || request.options.outside_windows.is_some() {
        return Err(RunError::LimitsOfLiving { run: run.to_owned() });
    }
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
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let journal = env.journal()?;
    let name = run.run.as_str();
    // From here on no other process can do the same.
    let left = Parts::of(&journal, &RecordedRun::of(&journal, name)?, name)?.not_begun.len();
    let open = Arc::new(OpenRun::again(env, journal.clone(), name, left)?);
    journal.trust(name)?;
    let inventory = request.inventory.clone().unwrap_or_else(|| PathBuf::from(&run.inventory));
    let recovered = recover_open(env, name, &inventory, &request.options)?;
    let recorded = RecordedRun::of(&journal, name)?;
    let mut parts = Parts::of(&journal, &recorded, name)?;
    let (mut work, mut left_out) = (None, Vec::new());
    if !parts.not_begun.is_empty() {
        let rest = RestOfRun { routers: parts.not_begun.clone(), rollout: recorded.rollout() };
        let again = Again { env, request, run, recorded: &recorded, inventory: &inventory };
        work = again.work(rest)?;
        if matches!(work, Some(Work::Restart(_))) {
            // A site changes together; each of its routers restarts by itself.
            parts.settled.clear();
        }
        left_out = match &mut work {
            Some(work) => {
                let (known, neighbours) = (work.take_left_out(), neighbours(&parts, work, &inventory)?);
                parts.leave_out(&recorded, work.targets(), &neighbours, known)
            }
            None => parts.leave_out(&recorded, &[], &[], Vec::new()),
        };
    }
    let (Some(work), false) = (work, parts.not_begun.is_empty()) else {
        let ends = [recovered, left_out].concat();
        // One that stopped before it could say how it ended says so now.
        if ends.is_empty() && run.exit.is_some() {
            return Err(RunError::NothingToContinue { run: name.to_owned() });
        }
        // What it had left to do is done: its end is recorded, and shown as a whole.
        return Ok(Continued::Finished(Box::new(finish_run(env, "continue", ends, Some(open.log())))));
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
        if recovered.is_empty() {
            return Ok(Continued::Declined);
        }
        // What became of the routers that were recovered is said, whatever the answer was.
        return Ok(Continued::Finished(Box::new(finish_run(env, "continue", recovered, Some(open.log())))));
    }
    Ok(Continued::Finished(Box::new(work.go_on(env, &parts, left_out, open)?)))
}

/// The routers at the sites of those that are in the way of others there.
fn neighbours(parts: &Parts, work: &Work, inventory: &Path) -> Result<Vec<Target>, RunError> {
    if parts.settled.is_empty() {
        return Ok(Vec::new());
    }
    // Its warnings were told when the work was prepared.
    let (inventory, _) = inventory::load(inventory)?;
    Ok(parts.neighbours(&inventory, work.choices()))
}

/// What a run has left to do.
enum Work {
    Change(Box<ChangeRun>),
    Restart(Box<RestartRun>),
}

impl Work {
    fn targets(&self) -> &[Target] {
        match self {
            Self::Change(change) => &change.targets,
            Self::Restart(restart) => &restart.targets,
        }
    }

    /// The routers that its command takes out of it by itself, and how each ends.
    fn take_left_out(&mut self) -> Vec<Outcome> {
        match self {
            Self::Change(change) => std::mem::take(&mut change.left_out),
            Self::Restart(restart) => std::mem::take(&mut restart.left_out),
        }
    }

    fn choices(&self) -> &Choices {
        match self {
            Self::Change(change) => &change.choices,
            Self::Restart(restart) => &restart.choices,
        }
    }

    /// Goes on with the routers that are left of it, under the run's own name.
    fn go_on(
        self,
        env: &RunEnv,
        parts: &Parts,
        left_out: Vec<Outcome>,
        run: Arc<OpenRun>,
    ) -> Result<FinishedRun, RunError> {
        match self {
            Self::Change(mut change) => {
                change.keep_only(&parts.not_begun);
                change.rollout.put_off(&parts.held);
                (change.left_out, change.beginning) = (left_out, Beginning::Again(run));
                change.execute(env)
            }
            Self::Restart(mut restart) => {
                restart.keep_only(&parts.not_begun);
                (restart.left_out, restart.beginning) = (left_out, Beginning::Again(run));
                restart.execute(env)
            }
        }
    }
}

/// The command of a run, to be given once more for what is left of it.
struct Again<'a> {
    env: &'a RunEnv,
    request: &'a ContinueRequest,
    run: &'a RunSummary,
    recorded: &'a RecordedRun,
    inventory: &'a Path,
}

impl Again<'_> {
    /// What is left of the run, prepared as its command prepares it; nothing where the inventory names none of its routers any more.
    fn work(&self, rest: RestOfRun) -> Result<Option<Work>, RunError> {
        let change = |change: ChangeRun| Work::Change(Box::new(change));
        let (earlier, inventory) = (self.run.source.clone(), Some(self.inventory.to_owned()));
        let (limit, options) = (None, self.options());
        let work = match self.run.action.as_str() {
            "apply" => apply::change_of(self.env, &self.apply(rest)?).map(change),
            "undo" => {
                let (rest, approved) = (Some(rest), self.approved_undo());
                let undo = UndoRequest { run: earlier, inventory, limit, rest, approved, options };
                undo::change_of(self.env, &undo).map(change)
            }
            "restart" => {
                let rest = Some(rest);
                let restart = RestartRequest { run: earlier, inventory, limit, rest, is_again: false, options };
                RestartRun::prepare(self.env, &restart).map(|restart| Work::Restart(Box::new(restart)))
            }
            "restore" => restore::change_of(self.env, &self.restore(&rest)).map(change),
            swap_terms::ACTION => swap::change_of(self.env, &self.swap(&rest)).map(change),
            other => {
                return Err(RunError::CannotContinue { run: self.run.run.clone(), action: other.to_owned() });
            }
        };
        match work {
            Err(error) if error.code() == LimitError::Nothing.code() => Ok(None),
            work => work.map(Some),
        }
    }

    /// What the operator chose now, on the terms on which the run began.
    fn options(&self) -> RunOptions {
        let mut options = self.request.options.clone();
        if let Some(policy) = &self.recorded.policy {
            options.on_bench |= policy.on_bench;
            options.line_pending = options.line_pending.or_else(|| policy.line_pending.clone());
            options.adopt |= policy.adopt;
            options.set_secrets |= policy.set_secrets;
        }
        options
    }

    /// What is applied again: what was approved for the run, where it was kept and is still the same; else it is planned and asked about
    /// anew.
    fn apply(&self, rest: RestOfRun) -> Result<ApplyRequest, RunError> {
        let kept = Some(kept_path(&self.env.state_dir, &self.run.run)).filter(|kept| kept.is_file());
        let shown = self.recorded.kept_sha256.clone().filter(|_| kept.is_some());
        let source = match (kept, self.run.source.as_str()) {
            (Some(kept), _) => kept,
            (None, "-") => return Err(RerunError::NoSource { run: self.run.run.clone() }.into()),
            (None, source) => PathBuf::from(source),
        };
        Ok(ApplyRequest {
            source,
            inventory: self.inventory.to_owned(),
            limit: None,
            plan_hash: self.recorded.plan_sha256.clone().or(shown).map(PlanHash::Known),
            rest: Some(rest),
            left_out: Vec::new(),
            serial_number: self.request.serial_number.clone(),
            options: self.options(),
        })
    }

    /// What was approved for an undo, where it was kept; else it is planned and asked about anew.
    fn approved_undo(&self) -> Option<ApprovedUndo> {
        let run = self.run.run.clone();
        let is_kept = kept_path(&self.env.state_dir, &run).is_file();
        let sha256 = self.recorded.kept_sha256.clone().filter(|_| is_kept)?;
        Some(ApprovedUndo { run, sha256 })
    }

    /// What another box is given in a router's place, as it was asked for first.
    fn swap(&self, rest: &RestOfRun) -> SwapRequest {
        let router = rest.routers.first().cloned().unwrap_or_default();
        SwapRequest {
            serial_number: self.request.serial_number.clone(),
            options: self.options(),
            ..SwapRequest::recorded(router, self.inventory.to_owned(), self.recorded)
        }
    }

    /// What is restored again: a restore is of one router.
    fn restore(&self, rest: &RestOfRun) -> RestoreRequest {
        RestoreRequest {
            router: rest.routers.first().cloned().unwrap_or_default(),
            from: Basis::of_record(&self.run.source),
            inventory: self.inventory.to_owned(),
            // A host key is trusted anew only by a person who says so: the command is given again for that.
            replaced: false,
            serial_number: self.request.serial_number.clone(),
            options: self.options(),
        }
    }
}
