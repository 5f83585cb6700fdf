//! `rerun`: a new run for those routers of an earlier one that are not done, with its playbook or plan and its inventory.

use std::path::PathBuf;

use super::apply::{ApplyRequest, PlanHash, apply};
use super::choice::not_done;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::options::RunOptions;
use super::plan_file::kept_path;
use super::rerun_error::RerunError;
use crate::record::RunResult;

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

/// Applies what a run applied, to those of its routers that are not done. It asks as `apply` does; a router that is already as wanted is
/// done.
///
/// # Errors
/// When nothing is left, or what `apply` refuses. Nothing was written then.
pub fn rerun(env: &RunEnv, request: &RerunRequest) -> Result<FinishedRun, RunError> {
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let journal = env.journal()?;
    let summary = journal.named(&request.run)?;
    let run = summary.run;
    journal.trust(&run)?;
    if summary.action != "apply" {
        return Err(RerunError::OtherAction { run, action: summary.action }.into());
    }
    if not_done(env, &run)?.is_empty() {
        return Err(RerunError::Nothing { run }.into());
    }
    // A plan file is the one that was approved then, or it is refused; the state folder holds a copy of it. This run is asked about anew.
    let plan_sha256 = RunResult::of(&journal.records(&run)?).plan_sha256;
    let kept = kept_path(&env.state_dir, &run);
    let source = match (&plan_sha256, summary.source.as_str()) {
        (Some(_), _) if kept.is_file() => kept,
        (_, "-") => return Err(RerunError::NoSource { run }.into()),
        (_, source) => PathBuf::from(source),
    };
    let again = ApplyRequest {
        source,
        inventory: request.inventory.clone().unwrap_or_else(|| PathBuf::from(summary.inventory)),
        limit: Some(format!("@run:{run}")),
        plan_hash: plan_sha256.map(PlanHash::Known),
        rollout: None,
        serial_number: request.serial_number.clone(),
        options: request.options.clone(),
    };
    apply(env, &again)
}
