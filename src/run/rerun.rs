//! `rerun`: a new run for those routers of an earlier one that are not done: the same command, limited to them.

use std::collections::HashSet;
use std::path::PathBuf;

use super::apply::{ApplyRequest, PlanHash, apply, read_plan};
use super::begin::Basis;
use super::choice::not_done;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::named_run::named_run;
use super::no_plan::{playbook_of, without_plan};
use super::options::RunOptions;
use super::plan_file::{Unplanned, kept_path};
use super::recorded::RecordedRun;
use super::rerun_error::RerunError;
use super::restart::{RestartRequest, restart};
use super::restore::{RestoreRequest, restore};
use super::swap::{SwapRequest, swap};
use super::swap_terms;
use super::undo::{UndoRequest, undo};
use crate::journal::{Journal, RunLock, RunSummary};
use crate::record::{Outcome, RunResult};

/// Which run is taken up again.
#[derive(Debug, Clone, Default)]
pub struct RerunRequest {
    /// The run; `last` for the one that began last.
    pub run: String,
    /// The inventory; nothing for the one that the run began with.
    pub inventory: Option<PathBuf>,
    /// The serial number of the router on the console, as typed.
    pub serial_number: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Does again what a run did, with those of its routers that are not done. It asks as that did; a router that is already as wanted is done.
///
/// # Errors
/// When nothing is left, or what the run's own command refuses. Nothing was written then.
pub fn rerun(env: &RunEnv, request: &RerunRequest) -> Result<FinishedRun, RunError> {
    let journal = env.journal()?;
    let summary = named_run(&journal, &request.run)?;
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let run = summary.run.as_str();
    if RunLock::is_held(&env.state_dir, run) {
        return Err(RerunError::InProgress { run: run.to_owned() }.into());
    }
    journal.trust(run)?;
    let left = not_done(env, run)?;
    let Some(first) = left.first() else { return Err(RerunError::Nothing { run: run.to_owned() }.into()) };
    let (options, inventory) = (request.options.clone(), request.inventory.clone());
    let limit = Some(format!("@run:{run}"));
    let began_with = || PathBuf::from(&summary.inventory);
    let source = summary.source.clone();
    match summary.action.as_str() {
        "apply" => apply(env, &apply_again(env, &journal, &summary, request)?),
        // The run that was undone, or whose lines wait, may have begun with another inventory than this one.
        "undo" => {
            let inventory = Some(inventory.unwrap_or_else(began_with));
            undo(env, &UndoRequest { run: source, inventory, limit, options, ..UndoRequest::default() })
        }
        "restart" => {
            let inventory = Some(inventory.unwrap_or_else(began_with));
            let new = RestartRequest::default();
            let again = RestartRequest { run: source, inventory, limit, is_again: true, options, ..new };
            restart(env, &again)
        }
        "restore" => {
            let again = RestoreRequest {
                router: first.clone(),
                from: Basis::of_record(&source),
                inventory: inventory.unwrap_or_else(began_with),
                // A host key is trusted anew only by a person who says so: the command is given again for that.
                replaced: false,
                serial_number: request.serial_number.clone(),
                options,
            };
            restore(env, &again)
        }
        swap_terms::ACTION => {
            let inventory = inventory.unwrap_or_else(began_with);
            let recorded = RecordedRun::of(&journal, run)?;
            let again = SwapRequest::recorded(first.clone(), inventory, &recorded);
            swap(env, &SwapRequest { serial_number: request.serial_number.clone(), options, ..again })
        }
        other => Err(RerunError::OtherAction { run: run.to_owned(), action: other.to_owned() }.into()),
    }
}

/// Whether a later run has brought a router to what it applied.
fn is_applied_since(journal: &Journal, summary: &RunSummary, router: &str) -> Result<bool, RunError> {
    let Some(saved) = journal.saved_router_runs(router)?.into_iter().next() else { return Ok(false) };
    let later = journal.run_alone(&saved.run)?;
    Ok(later.begun > summary.begun && later.action == "apply")
}

/// How a router ends in a run that is not for it: its plan does not hold, and that run leaves it out.
fn unplanned_again(outcome: &Outcome) -> Outcome {
    Unplanned::of(outcome).map_or_else(|| outcome.clone(), |one| one.outcome_in_its_file())
}

/// What is applied again. A plan file is the one that was approved then, or it is refused; the state folder holds a copy of it. Where only
/// routers are left for which it has no plan that holds, they are planned anew from its playbook. This run is asked about anew.
fn apply_again(
    env: &RunEnv,
    journal: &Journal,
    summary: &RunSummary,
    request: &RerunRequest,
) -> Result<ApplyRequest, RunError> {
    let run = summary.run.clone();
    let RunResult { plan_sha256, routers, .. } = RunResult::of(&journal.records(&run)?);
    let kept = kept_path(&env.state_dir, &run);
    let source = match (&plan_sha256, summary.source.as_str()) {
        (Some(_), _) if kept.is_file() => kept,
        (_, "-") => return Err(RerunError::NoSource { run }.into()),
        (_, source) => PathBuf::from(source),
    };
    let again = ApplyRequest {
        source,
        inventory: request.inventory.clone().unwrap_or_else(|| PathBuf::from(&summary.inventory)),
        limit: Some(format!("@run:{run}")),
        plan_hash: plan_sha256.map(PlanHash::Known),
        rest: None,
        left_out: Vec::new(),
        serial_number: request.serial_number.clone(),
        options: request.options.clone(),
    };
    // Of a playbook, every router is planned anew in any case.
    let without = if again.plan_hash.is_some() { without_plan(&routers) } else { HashSet::new() };
    if without.is_empty() {
        return Ok(again);
    }
    // Those whose plan holds come first, once; what is left then is planned anew.
    for router in not_done(env, &run)?.iter().filter(|router| !without.contains(router.as_str())) {
        if !is_applied_since(journal, summary, router)? {
            let limit = Some(format!("@run:{run},!@run:{run}:no-plan"));
            let left_out = routers.iter().filter(|one| without.contains(one.router.as_str()));
            return Ok(ApplyRequest { limit, left_out: left_out.map(unplanned_again).collect(), ..again });
        }
    }
    let playbook = playbook_of(&read_plan(&again.source)?).filter(|playbook| playbook.is_file());
    let source = playbook.ok_or_else(|| RerunError::NoPlaybook { run: run.clone() })?;
    Ok(ApplyRequest { source, limit: Some(format!("@run:{run}:no-plan")), plan_hash: None, ..again })
}
