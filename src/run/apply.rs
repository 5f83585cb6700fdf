//! `apply`: bring routers to what a playbook, or a saved plan, wants of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::begin::{Basis, Beginning};
use super::change::ChangeRun;
use super::configuration_file::read_bytes;
use super::drift::ApprovedPlan;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::input::{Source, bare_targets, count_sites, load, load_inventory};
use super::input_error::InputError;
use super::options::RunOptions;
use super::plan_file::{self, PlanFile};
use super::prepare::PrepareError;
use super::rollout::{Overrides, RunRollout};
use super::target::Target;
use crate::file::LARGEST;
use crate::playbook::Rollout;

/// The SHA-256 that a plan file must have, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanHash {
    /// A person named it, which approves the plan: nothing is asked then.
    Approved(String),
    /// The journal knows it from an earlier run: it must be that file, and no one has approved it for this run.
    Known(String),
}

impl PlanHash {
    /// The hash.
    pub fn sha256(&self) -> &str {
        match self {
            Self::Approved(sha256) | Self::Known(sha256) => sha256,
        }
    }
}

/// What is applied, and to which routers.
#[derive(Debug, Clone)]
pub struct ApplyRequest {
    /// A playbook, or a plan file.
    pub source: PathBuf,
    /// The inventory.
    pub inventory: PathBuf,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
    /// The plan file that it must be.
    pub plan_hash: Option<PlanHash>,
    /// The rollout of the run that goes on, which was accepted when that began; nothing for that of the playbook or the plan.
    pub rollout: Option<Rollout>,
    /// The serial number of the router on the console, as typed.
    pub serial_number: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

impl ApplyRequest {
    /// Nothing is asked: a person said so, or named the plan by its hash, which approves its classes.
    fn is_approved(&self) -> bool {
        self.options.assume_yes || matches!(self.plan_hash, Some(PlanHash::Approved(_)))
    }
}

/// Changes routers.
///
/// # Errors
/// What is wrong in the input, or a question with no one to answer it. Nothing was written then.
pub fn apply(env: &RunEnv, request: &ApplyRequest) -> Result<FinishedRun, RunError> {
    change_of(env, request)?.execute(env)
}

/// The run that a request asks for, not yet begun.
///
/// # Errors
/// What is wrong in the input, or that there is a question and no one to answer it.
pub(super) fn change_of(env: &RunEnv, request: &ApplyRequest) -> Result<ChangeRun, RunError> {
    let bytes = read_bytes(&request.source, LARGEST)?;
    plan_file::demand(&request.source, &bytes, request.plan_hash.as_ref().map(PlanHash::sha256))?;
    if !request.is_approved() && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    if plan_file::is_plan(&bytes) {
        from_plan(env, request, ApprovedPlan::of(&request.source, bytes)?)
    } else {
        from_playbook(env, request)
    }
}

/// Reads a saved plan to show it.
///
/// # Errors
/// When it cannot be read, is not a plan file, or has an unknown version.
pub fn read_plan(path: &Path) -> Result<ApprovedPlan, InputError> {
    ApprovedPlan::of(path, read_bytes(path, LARGEST)?)
}

/// Under which name, and when.
fn beginning(options: &RunOptions) -> Beginning {
    options.detached.clone().map(Beginning::Detached).unwrap_or_default()
}

fn from_playbook(env: &RunEnv, request: &ApplyRequest) -> Result<ChangeRun, RunError> {
    let source =
        Source { playbook: request.source.clone(), inventory: request.inventory.clone(), limit: request.limit.clone() };
    let loaded = load(env, &source)?;
    let choices = request.options.choices(env, &loaded.inventory);
    let targets = loaded.targets(&choices)?;
    let rollout = match &request.rollout {
        Some(rollout) => RunRollout::new(rollout.clone(), &loaded.inventory),
        None => loaded.rollout(&request.options.rollout)?,
    };
    Ok(ChangeRun {
        action: "apply",
        inventory: source.inventory,
        basis: Basis::File(source.playbook),
        limit: source.limit,
        targets,
        choices,
        rollout,
        saved: None,
        assume_yes: request.options.assume_yes,
        serial_number: request.serial_number.clone(),
        left_out: Vec::new(),
        beginning: beginning(&request.options),
    })
}

fn from_plan(env: &RunEnv, request: &ApplyRequest, mut plan: ApprovedPlan) -> Result<ChangeRun, RunError> {
    let inventory = load_inventory(&*env.operator, &request.inventory)?;
    let choices = request.options.choices(env, &inventory);
    let limit = request.limit.as_deref();
    let all = bare_targets(env, &inventory, limit, &choices)?;
    let all: HashMap<&str, &Target> = all.iter().map(|target| (target.intent.router.as_str(), target)).collect();
    let (mut targets, mut chosen) = (Vec::new(), Vec::new());
    let planned: Vec<String> = plan.file.routers.iter().map(|entry| entry.intent.router.clone()).collect();
    for entry in std::mem::take(&mut plan.file.routers) {
        match all.get(entry.intent.router.as_str()) {
            Some(target) => {
                let intent = entry.intent_for(&target.intent);
                let target = target.with(intent);
                target.foresee_password();
                targets.push(target);
                chosen.push(entry);
            }
            None if limit.is_some() => {}
            None => return Err(PrepareError::Unknown { router: entry.intent.router.clone() }.into()),
        }
    }
    if targets.is_empty() {
        return Err(InputError::NothingOfThePlan { planned }.into());
    }
    let rollout = match &request.rollout {
        Some(rollout) => RunRollout::new(rollout.clone(), &inventory),
        None => RunRollout::new(of_plan(&plan.file, &request.options.rollout)?, &inventory)
            .with_budget_for(count_sites(targets.iter().map(|target| target.intent.site.as_str())))?,
    };
    plan.file.routers = chosen;
    Ok(ChangeRun {
        action: "apply",
        inventory: request.inventory.clone(),
        basis: Basis::File(request.source.clone()),
        limit: request.limit.clone(),
        targets,
        choices,
        rollout,
        saved: Some(plan),
        assume_yes: request.is_approved(),
        serial_number: request.serial_number.clone(),
        left_out: Vec::new(),
        beginning: beginning(&request.options),
    })
}

/// The rollout of a saved plan, with what was typed.
fn of_plan(file: &PlanFile, overrides: &Overrides) -> Result<Rollout, RunError> {
    let mut rollout = file.rollout.clone();
    overrides.change(&mut rollout)?;
    Ok(rollout)
}
