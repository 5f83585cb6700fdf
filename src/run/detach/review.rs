//! What is shown before a run is detached, kept as the plan that its process carries out, and the question about it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::not_started;
use crate::file::LARGEST;
use crate::private;
use crate::run::apply::{ApplyRequest, PlanHash, change_of, read_plan};
use crate::run::begin::Beginning;
use crate::run::configuration_file::read_bytes;
use crate::run::detached::Detached;
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::finish::FinishedRun;
use crate::run::input::{Source, count_sites, load_inventory};
use crate::run::operator::{Approval, Notice};
use crate::run::options::RunOptions;
use crate::run::plan::{PlanRequest, plan};
use crate::run::plan_file::{self, demand, entries_of, is_plan, kept_path};
use crate::run::review::{InQuestion, Review};
use crate::run::rollout::{Member, SeenRouter};
use crate::run::undo::{self, UndoRequest};
use crate::secret::{CredentialName, Source as SecretSource, SourceVault, Vault as _, placeholders};
use crate::transaction::SavedPlan;

/// What was shown, as a plan file that the process carries out.
pub(super) struct Reviewed {
    /// What the process is given: the plan file, or the name of the run that is undone.
    pub(super) of: PathBuf,
    pub(super) sha256: String,
    pub(super) inventory: PathBuf,
    pub(super) question: Approval,
    /// No one is asked: a person said so, or named this plan file by its hash.
    pub(super) is_approved: bool,
    plans: Vec<SavedPlan>,
}

/// What came of a review.
pub(super) enum Shown {
    /// A question about it is to be asked.
    Reviewed(Box<Reviewed>),
    /// Nothing is left to be done.
    Over(Box<FinishedRun>),
}

/// Shows what will be applied: the plan file that was given, or one that is made now.
///
/// # Errors
/// What is wrong in the input, or a plan that cannot be kept.
pub(super) fn of_apply(env: &RunEnv, apply: &ApplyRequest, detached: &Detached) -> Result<Reviewed, RunError> {
    let run = detached.run.as_str();
    let bytes = read_bytes(&apply.source, LARGEST)?;
    demand(&apply.source, &bytes, apply.plan_hash.as_ref().map(PlanHash::sha256))?;
    let is_approved = if is_plan(&bytes) { apply.is_approved() } else { apply.options.assume_yes };
    // One that was reviewed is not shown once more where nothing is asked about it.
    let is_reviewed = is_plan(&bytes) && is_approved;
    let (approved, is_shown) = if is_plan(&bytes) {
        (read_plan(&absolute(&apply.source))?, false)
    } else {
        let source =
            Source { playbook: apply.source.clone(), inventory: apply.inventory.clone(), limit: apply.limit.clone() };
        let options = RunOptions { detached: Some(detached.clone()), ..apply.options.clone() };
        let report = plan(env, &PlanRequest { source, from_backup: None, reason: None, options })?;
        let file = plan_path(&env.state_dir, run).map_err(not_started)?;
        report.save(&*env.operator, &file)?;
        if !report.few.is_empty() {
            env.operator.tell(&Notice::Review { plans: &report.few, saved: None });
        }
        (read_plan(&file)?, !report.few.is_empty())
    };
    if !is_shown && !is_reviewed {
        env.operator.tell(&Notice::SavedPlan(&approved));
    }
    let asked = ApplyRequest {
        source: approved.path.clone(),
        plan_hash: Some(PlanHash::Known(approved.sha256.clone())),
        options: RunOptions { assume_yes: true, ..apply.options.clone() },
        ..apply.clone()
    };
    let change = change_of(env, &asked)?;
    if is_reviewed {
        change.tell_reviewed(env);
    }
    let plans = approved.file.routers;
    let seen =
        plans.iter().map(|plan| SeenRouter { router: &plan.intent.router, firmware: plan.seen.identity.firmware() });
    let rollout = change.rollout.plan(&Member::seen(change.targets.iter().map(Member::of).collect(), seen));
    env.operator.tell(&Notice::Rollout(&rollout));
    let question = Approval::Change {
        changing: plans.iter().filter(|plan| !plan.commands.is_empty()).count(),
        routers: plans.len(),
        sites: count_sites(plans.iter().map(|plan| plan.intent.site.as_str())),
        steps: rollout.sizes(),
        budgets: rollout.budgets.clone(),
        roles: plans.iter().flat_map(|plan| &plan.intent.roles).cloned().collect::<BTreeSet<_>>().into_iter().collect(),
    };
    let inventory = apply.inventory.clone();
    Ok(Reviewed { of: approved.path, sha256: approved.sha256, inventory, plans, question, is_approved })
}

/// Reads the routers of a run that is to be undone, shows what that takes, and keeps it.
///
/// # Errors
/// As [`undo::undo`], or a plan that cannot be kept.
pub(super) fn of_undo(env: &RunEnv, undo: &UndoRequest, detached: &Detached) -> Result<Shown, RunError> {
    let run = detached.run.as_str();
    let mut change = undo::change_of(env, undo)?;
    change.beginning = Beginning::Detached(detached.clone());
    let InQuestion { change, plans, aside, question } = match change.review(env)? {
        Review::Asked(asked) => *asked,
        Review::Over(finished) => return Ok(Shown::Over(finished)),
    };
    let kept = change.plan_to_keep(&plans).map(|kept| kept.without(&aside));
    let bytes = kept.map(|kept| kept.bytes()).transpose().map_err(not_started)?.unwrap_or_default();
    plan_path(&env.state_dir, run).map_err(not_started)?;
    plan_file::keep(&env.state_dir, run, &bytes).map_err(not_started)?;
    let (sha256, inventory) = (plan_file::sha256(&bytes), change.inventory);
    let of = PathBuf::from(change.basis.recorded());
    let is_approved = undo.options.assume_yes;
    let plans = entries_of(&plans).0;
    Ok(Shown::Reviewed(Box::new(Reviewed { of, sha256, inventory, question, is_approved, plans })))
}

/// A path that means the same in the process that is started.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Where the plan of a run is kept.
fn plan_path(state_dir: &Path, run: &str) -> io::Result<PathBuf> {
    private::folder(state_dir)?;
    let path = absolute(&kept_path(state_dir, run));
    if let Some(dir) = path.parent() {
        private::subfolder(dir, private::access_of(&std::fs::metadata(state_dir)?))?;
    }
    Ok(path)
}

/// Finds every secret that only this process can find: those of its environment, and those that the operator types.
///
/// # Errors
/// A secret that a person must type, and does not.
pub(super) fn know_secrets(env: &RunEnv, options: &RunOptions, reviewed: &Reviewed) -> Result<(), RunError> {
    let Reviewed { inventory, plans, .. } = reviewed;
    let inventory = load_inventory(&*env.operator, inventory)?;
    let sources: Vec<(CredentialName, SecretSource)> = inventory.sources().collect();
    let vault = SourceVault::new(sources.clone(), Arc::clone(&env.operator)).with_known(options.secrets.clone());
    for (name, source) in &sources {
        if matches!(source, SecretSource::Env(_)) {
            // One that is missing is missed where it is needed.
            let _ = vault.get(name);
        }
    }
    let is_prompted = |name: &CredentialName| {
        sources.iter().any(|(known, source)| known == name && matches!(source, SecretSource::Prompt(_)))
    };
    let logins = plans.iter().filter_map(|plan| plan.intent.path.login.as_ref()).map(|login| login.credential.clone());
    for name in logins.filter(is_prompted).collect::<BTreeSet<_>>() {
        vault.get(&name)?;
    }
    let set = plans.iter().flat_map(|plan| &plan.commands).flat_map(|line| placeholders(line));
    for name in set.filter(is_prompted).collect::<BTreeSet<_>>() {
        vault.get_to_set(&name)?;
    }
    Ok(())
}
