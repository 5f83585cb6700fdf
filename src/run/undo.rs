//! `undo`: undo what one run changed, starting from what runs today, also weeks later.

use std::path::PathBuf;
use std::sync::Arc;

use super::begin::{Basis, Beginning};
use super::change::ChangeRun;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::input::{bare_targets, load_inventory};
use super::options::RunOptions;
use super::rollout::RunRollout;
use super::target::Target;
use crate::journal::{Journal, JournalError};
use crate::state::State;
use crate::transaction::{Desired, Reverse, before_of};

/// Which run is undone, and on which routers.
#[derive(Debug, Clone, Default)]
pub struct UndoRequest {
    /// The run.
    pub run: String,
    /// The inventory; nothing for the one that the run began with.
    pub inventory: Option<PathBuf>,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Undoes a run.
///
/// # Errors
/// When there is nothing to undo, or what is needed for it was not kept. Nothing was written then.
pub fn undo(env: &RunEnv, request: &UndoRequest) -> Result<FinishedRun, RunError> {
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let journal = env.journal()?;
    let run = journal.run(&request.run)?;
    journal.trust(&request.run)?;
    let is_saved = |router: &str| {
        run.parts.iter().any(|part| part.router == router && part.state == Some(State::Saved) && part.wrote)
    };
    let nothing = || RunError::NothingToUndo { run: request.run.clone() };
    if !run.parts.iter().any(|part| is_saved(&part.router)) {
        return Err(nothing());
    }
    let inventory_path = request.inventory.clone().unwrap_or_else(|| PathBuf::from(&run.inventory));
    let inventory = load_inventory(&*env.operator, &inventory_path)?;
    let choices = request.options.choices(env, &inventory);
    let mut targets = bare_targets(env, &inventory, request.limit.as_deref(), &choices)?;
    targets.retain(|target| is_saved(&target.intent.router));
    if targets.is_empty() {
        return Err(nothing());
    }
    let targets =
        targets.into_iter().map(|target| reversed(&journal, &request.run, target)).collect::<Result<Vec<_>, _>>()?;
    let run = ChangeRun {
        action: "undo",
        inventory: inventory_path,
        basis: Basis::Run(request.run.clone()),
        limit: request.limit.clone(),
        targets,
        choices,
        rollout: RunRollout::simple(4, 1),
        saved: None,
        assume_yes: request.options.assume_yes,
        serial_number: None,
        left_out: Vec::new(),
        beginning: Beginning::New,
    };
    run.execute(env)
}

fn reversed(journal: &Journal, run: &str, target: Target) -> Result<Target, JournalError> {
    let after = journal.unseal(run, &target.intent.router, "after")?;
    let reverse = Reverse {
        before: before_of(journal, run, &target.intent.router)?,
        // It was sealed as text, and is not decoded once more.
        after: target.intent.parse(String::from_utf8_lossy(&after)),
    };
    let part = journal.router_run(run, &target.intent.router)?;
    let mut intent = (*target.intent).clone();
    intent.desired = Desired::Reverted { run: run.to_owned(), reverse: Arc::new(reverse) };
    // The box that the run changed, not one that has since replaced it.
    intent.device.serial_number = part.identity.serial_number.or(intent.device.serial_number);
    Ok(target.with(intent))
}
