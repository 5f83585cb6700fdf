//! `apply`: bring routers to what a playbook, or a saved plan, wants of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::begin::Basis;
use super::change::ChangeRun;
use super::choice::choose_among;
use super::configuration_file::read_source;
use super::drift::ApprovedPlan;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::input::{Loaded, Source, bare_targets, count_sites, load_chosen, load_inventory, typed_rollout};
use super::input_error::InputError;
use super::options::RunOptions;
use super::plan_file::{self, Unplanned};
use super::prepare::PrepareError;
use super::rest::RestOfRun;
use super::swap_terms::SwapTerms;
use super::target::Target;
use crate::inventory::Limit;
use crate::playbook::Rollout;
use crate::transaction::Outcome;

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
    /// Where a run goes on: what is left of it, and how it began; nothing for a new one.
    pub rest: Option<RestOfRun>,
    /// Routers that take no part although they are not done either, and how each ends.
    pub left_out: Vec<Outcome>,
    /// The serial number of the router on the console, as typed.
    pub serial_number: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

impl ApplyRequest {
    /// Nothing is asked: a person said so, or named the plan by its hash, which approves its classes.
    pub(super) fn is_approved(&self) -> bool {
        self.options.assume_yes || matches!(self.plan_hash, Some(PlanHash::Approved(_)))
    }

    /// The rollout without what was typed now: that of the run which goes on, else that of the playbook or the plan.
    fn written(&self, of_source: &Rollout) -> Rollout {
        self.rest.as_ref().map_or(of_source, |rest| &rest.rollout).clone()
    }
}

/// Changes routers.
///
/// # Errors
/// What is wrong in the input, or a question with no one to answer it. Nothing was written then.
pub fn apply(env: &RunEnv, request: &ApplyRequest) -> Result<FinishedRun, RunError> {
    change_of(env, request)?.execute(env)
}

/// The same as a playbook and an inventory said that were read before, whatever their files say by now: what was agreed to then, for each
/// router at its time.
///
/// # Errors
/// As [`apply`].
pub fn apply_loaded(env: &RunEnv, request: &ApplyRequest, loaded: &Loaded) -> Result<FinishedRun, RunError> {
    if !request.is_approved() && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let limit = choose_among(env, request.limit.as_deref(), request.rest.as_ref())?;
    from_loaded(env, request, loaded, &limit)?.execute(env)
}

/// The run that a request asks for, not yet begun.
///
/// # Errors
/// What is wrong in the input, or that there is a question and no one to answer it.
pub(super) fn change_of(env: &RunEnv, request: &ApplyRequest) -> Result<ChangeRun, RunError> {
    let bytes = read_source(&request.source)?;
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
    ApprovedPlan::of(path, read_source(path)?)
}

fn from_playbook(env: &RunEnv, request: &ApplyRequest) -> Result<ChangeRun, RunError> {
    let source =
        Source { playbook: request.source.clone(), inventory: request.inventory.clone(), limit: request.limit.clone() };
    let limit = choose_among(env, request.limit.as_deref(), request.rest.as_ref())?;
    from_loaded(env, request, &load_chosen(env, &source, &limit)?, &limit)
}

fn from_loaded(env: &RunEnv, request: &ApplyRequest, loaded: &Loaded, limit: &Limit) -> Result<ChangeRun, RunError> {
    let choices = request.options.choices(env, &loaded.inventory)?;
    let targets = loaded.targets_among(limit, &choices)?;
    let written = request.written(&loaded.playbook.rollout);
    let sites = count_sites(targets.iter().map(|target| target.intent.site.as_str()));
    let rollout = typed_rollout(written, &request.options.rollout, &loaded.inventory, sites)?;
    Ok(ChangeRun {
        action: "apply",
        inventory: request.inventory.clone(),
        basis: Basis::File(request.source.clone()),
        title: loaded.playbook.title(),
        limit: request.limit.clone(),
        targets,
        choices,
        rollout,
        saved: None,
        assume_yes: request.options.assume_yes,
        serial_number: request.serial_number.clone(),
        left_out: request.left_out.clone(),
        beginning: request.options.beginning(),
        undone: None,
        swap: SwapTerms::default(),
    })
}

fn from_plan(env: &RunEnv, request: &ApplyRequest, mut plan: ApprovedPlan) -> Result<ChangeRun, RunError> {
    let inventory = load_inventory(&*env.operator, &request.inventory)?;
    let choices = request.options.choices(env, &inventory)?;
    let limit = choose_among(env, request.limit.as_deref(), request.rest.as_ref())?;
    let is_narrowed = request.limit.is_some() || request.rest.is_some();
    let all = bare_targets(&inventory, &limit, &choices)?;
    let all: HashMap<&str, &Target> = all.iter().map(|target| (target.intent.router.as_str(), target)).collect();
    let tests = plan.file.hand_over.by_router();
    let (mut targets, mut chosen) = (Vec::new(), Vec::new());
    let planned: Vec<String> = plan.file.routers.iter().map(|entry| entry.intent.router.clone()).collect();
    for entry in std::mem::take(&mut plan.file.routers) {
        match all.get(entry.intent.router.as_str()) {
            Some(target) => {
                let intent = entry.intent_for(&target.intent);
                let laptop = tests.get(entry.intent.router.as_str()).map(|tests| Arc::from(*tests));
                let target = Target { laptop: laptop.unwrap_or_default(), ..target.with(intent) };
                target.foresee_password();
                targets.push(target);
                chosen.push(entry);
            }
            None if is_narrowed => {}
            None => return Err(PrepareError::Unknown { router: entry.intent.router.clone() }.into()),
        }
    }
    // A router without a plan keeps the others of its site back, unless these alone were meant.
    plan.file.unplanned.retain(|one| !is_narrowed || all.contains_key(one.router.as_str()));
    let unplanned = plan.file.unplanned.iter().map(Unplanned::outcome_in_its_file);
    let left_out: Vec<Outcome> = unplanned.chain(request.left_out.iter().cloned()).collect();
    if targets.is_empty() && (left_out.is_empty() || planned.is_empty()) {
        return Err(InputError::NothingOfThePlan { planned }.into());
    }
    let sites = count_sites(targets.iter().map(|target| target.intent.site.as_str()));
    let written = request.written(&plan.file.rollout);
    let rollout = typed_rollout(written, &request.options.rollout, &inventory, sites)?;
    plan.file.routers = chosen;
    plan.file.narrow_tests();
    Ok(ChangeRun {
        action: "apply",
        inventory: request.inventory.clone(),
        basis: Basis::File(request.source.clone()),
        title: plan.file.made.as_ref().and_then(|made| made.title.clone()),
        limit: request.limit.clone(),
        targets,
        choices,
        rollout,
        saved: Some(plan),
        assume_yes: request.is_approved(),
        serial_number: request.serial_number.clone(),
        left_out,
        beginning: request.options.beginning(),
        undone: None,
        swap: SwapTerms::default(),
    })
}
