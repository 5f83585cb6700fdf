//! `undo`: undo what one run changed, starting from what runs today, also weeks later.
//!
//! An undo is a rollout as the run was: in its steps and within its limits, unless others are typed. What others have changed since is a
//! conflict: that router is skipped and listed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::begin::Basis;
use super::change::ChangeRun;
use super::choice::choose_among;
use super::configuration_file::read_bytes;
use super::drift::ApprovedPlan;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::input::{bare_targets, count_sites, load_inventory, typed_rollout};
use super::named_run::named_run;
use super::new_passwords::recall_sealed;
use super::not_done::NotDone;
use super::operator::Notice;
use super::options::RunOptions;
use super::plan_file::{Unplanned, demand, kept_path};
use super::recorded::RecordedRun;
use super::rest::RestOfRun;
use super::swap_terms::SwapTerms;
use super::target::Target;
use super::undone_run::UndoneRun;
use crate::connect::PasswordLogin;
use crate::file::LARGEST;
use crate::inventory::Inventory;
use crate::ix::ConfigText;
use crate::journal::{Journal, JournalError, LAST, RouterRun};
use crate::message::Text;
use crate::secret::{CredentialName, Vault};
use crate::state::State;
use crate::transaction::{Desired, Outcome, Reverse, before_of};

/// Which run is undone, and on which routers.
#[derive(Debug, Clone, Default)]
pub struct UndoRequest {
    /// The run; `last` for the one that began last.
    pub run: String,
    /// The inventory; nothing for the one that the run began with.
    pub inventory: Option<PathBuf>,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
    /// Where an undo goes on: what is left of it, and how it began; nothing for a new one.
    pub rest: Option<RestOfRun>,
    /// The plan of it that was approved, where one was: what is planned for a router now must belong to it.
    pub approved: Option<ApprovedUndo>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// The plan of an undo, which is kept in the state folder.
#[derive(Debug, Clone)]
pub struct ApprovedUndo {
    /// The name of the undo's own run.
    pub run: String,
    /// The hash of its bytes.
    pub sha256: String,
}

impl ApprovedUndo {
    fn read(&self, env: &RunEnv) -> Result<ApprovedPlan, RunError> {
        let path = kept_path(&env.state_dir, &self.run);
        let bytes = read_bytes(&path, LARGEST)?;
        demand(&path, &bytes, Some(&self.sha256))?;
        Ok(ApprovedPlan::of(&path, bytes)?)
    }
}

/// Undoes a run.
///
/// # Errors
/// When there is nothing to undo, or what is needed for it was not kept. Nothing was written then.
pub fn undo(env: &RunEnv, request: &UndoRequest) -> Result<FinishedRun, RunError> {
    change_of(env, request)?.execute(env)
}

/// The run that a request asks for, not yet begun.
///
/// # Errors
/// As [`undo`].
pub(super) fn change_of(env: &RunEnv, request: &UndoRequest) -> Result<ChangeRun, RunError> {
    let journal = env.journal()?;
    let run = named_run(&journal, &request.run)?;
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let name = run.run.as_str();
    journal.trust(name)?;
    let changed = changed_by(&journal, name)?;
    if changed.is_empty() {
        return Err(nothing_saved(&journal, name, |_| true)?);
    }
    let mut undone = UndoneRun::of(&run);
    if undone.is_undo && request.options.assume_yes {
        if request.run == LAST {
            return Err(RunError::UndoOfAnUndo { run: name.to_owned() });
        }
        env.operator.tell(&Notice::Warning(&what_it_undid_comes_back(name)));
    }
    let inventory_path = request.inventory.clone().unwrap_or_else(|| PathBuf::from(&run.inventory));
    let inventory = load_inventory(&*env.operator, &inventory_path)?;
    let choices = request.options.choices(env, &inventory)?;
    let limit = choose_among(env, request.limit.as_deref(), request.rest.as_ref())?;
    let targets = bare_targets(&inventory, &limit, &choices)?;
    let (targets, unchanged): (Vec<Target>, Vec<Target>) =
        targets.into_iter().partition(|target| changed.contains_key(&target.intent.router));
    if targets.is_empty() {
        let chosen: HashSet<&str> = unchanged.iter().map(|target| target.intent.router.as_str()).collect();
        return Err(nothing_saved(&journal, name, |router| chosen.contains(router))?);
    }
    if request.limit.is_some() && request.rest.is_none() && !unchanged.is_empty() {
        env.operator.tell(&Notice::Warning(&stay_as_they_are(name, &unchanged)));
    }
    let reversed = targets.iter().filter_map(|target| {
        let part = changed.get(&target.intent.router)?;
        Some(reversed(&journal, part, target))
    });
    let mut targets = reversed.collect::<Result<Vec<_>, _>>()?;
    recall_old_passwords(&journal, &targets, &inventory, &*choices.connect_options.vault)?;
    let mut saved = request.approved.as_ref().map(|approved| approved.read(env)).transpose()?;
    let mut left_out = saved.as_mut().map(|plan| narrow(plan, &mut targets)).unwrap_or_default();
    let recorded = RecordedRun::of(&journal, name)?;
    if request.limit.is_none() && request.rest.is_none() {
        let gone = changed.keys().filter(|router| inventory.router(router).is_none());
        left_out.extend(gone.map(|router| NotDone::gone(router, recorded.sites.get(router))));
    }
    let written = match &request.rest {
        Some(rest) => rest.rollout.clone(),
        None => recorded.rollout(),
    };
    let sites = count_sites(targets.iter().map(|target| target.intent.site.as_str()));
    let rollout = typed_rollout(written, &request.options.rollout, &inventory, sites)?;
    if rollout.bakes() {
        undone = undone.with_checks(&journal, name, &changed, &targets)?;
    }
    Ok(ChangeRun {
        action: "undo",
        inventory: inventory_path,
        basis: Basis::Run(name.to_owned()),
        title: None,
        limit: request.limit.clone(),
        targets,
        choices,
        rollout,
        saved,
        assume_yes: request.options.assume_yes,
        serial_number: None,
        left_out,
        beginning: request.options.beginning(),
        undone: Some(undone),
        swap: SwapTerms::default(),
    })
}

/// Why there is nothing to undo on the routers that are meant: nothing was saved there. What is open is not said to be nothing: it may hold
/// half of a change, of this run or of the earlier one that this run left alone.
fn nothing_saved(journal: &Journal, run: &str, is_meant: impl Fn(&str) -> bool) -> Result<RunError, JournalError> {
    let of_the_run: HashSet<String> = journal.router_runs(run)?.into_iter().map(|part| part.router).collect();
    let mut open = journal.open_router_runs()?;
    open.retain(|part| of_the_run.contains(&part.router) && is_meant(&part.router));
    let own = open.iter().find(|part| part.run == run);
    let Some(left_by) = own.or_else(|| open.last()).map(|part| part.run.clone()) else {
        return Ok(RunError::NothingToUndo { run: run.to_owned() });
    };
    let routers: Vec<String> = open.into_iter().filter(|part| part.run == left_by).map(|part| part.router).collect();
    Ok(RunError::UndoUnfinished { run: left_by, routers: routers.join(", ") })
}

/// Where no one is asked, it is said all the same.
fn what_it_undid_comes_back(run: &str) -> Text {
    Text::new(
        format!("run {run} is an undo itself: what it undid comes back"),
        format!("実行 {run} は取り消しです。これを取り消すと、取り消した内容が再び適用されます"),
    )
}

/// Routers that were asked for, and in which the run changed nothing: some of their names.
fn stay_as_they_are(run: &str, unchanged: &[Target]) -> Text {
    const NAMED: usize = 8;
    let names: Vec<&str> = unchanged.iter().take(NAMED).map(|target| target.intent.router.as_str()).collect();
    let more = match unchanged.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", ... (+{more})"),
    };
    let names = names.join(", ");
    Text::new(
        format!("run {run} changed and saved nothing on {names}{more}: they stay as they are"),
        format!("実行 {run} が変更・保存していないルータのため、取り消しの対象外です: {names}{more}"),
    )
}

/// Narrows a plan to the routers, and takes those out for which none was made; how each of these ends.
fn narrow(plan: &mut ApprovedPlan, targets: &mut Vec<Target>) -> Vec<Outcome> {
    let chosen: HashSet<String> = targets.iter().map(|target| target.intent.router.clone()).collect();
    plan.file.routers.retain(|entry| chosen.contains(&entry.intent.router));
    let unplanned = std::mem::take(&mut plan.file.unplanned).into_iter();
    let without: Vec<Unplanned> = unplanned.filter(|one| chosen.contains(&one.router)).collect();
    let names: HashSet<&str> = without.iter().map(|one| one.router.as_str()).collect();
    targets.retain(|target| !names.contains(target.intent.router.as_str()));
    without.iter().map(Unplanned::outcome).collect()
}

/// The parts of a run that changed their router and saved that, by router.
fn changed_by(journal: &Journal, run: &str) -> Result<HashMap<String, RouterRun>, JournalError> {
    let parts = journal.router_runs(run)?.into_iter();
    let changed = parts.filter(|part| part.state == Some(State::Saved) && part.wrote);
    Ok(changed.map(|part| (part.router.clone(), part)).collect())
}

/// A router that is to be without what its part of the run changed.
fn reversed(journal: &Journal, part: &RouterRun, target: &Target) -> Result<Target, JournalError> {
    let (run, router) = (part.run.as_str(), part.router.as_str());
    let after = journal.unseal(run, router, "after")?;
    let reverse = Reverse {
        before: before_of(journal, run, router)?,
        // It was sealed as text, and is not decoded once more.
        after: ConfigText::new(String::from_utf8_lossy(&after)),
    };
    let mut intent = (*target.intent).clone();
    intent.desired = Desired::Reverted { run: run.to_owned(), reverse: Arc::new(reverse) };
    intent.path.gives_back = replaced_login(part);
    // The box that the run changed, not one that has since replaced it.
    intent.device.serial_number = part.identity.serial_number.clone().or(intent.device.serial_number);
    let reversed = target.with(intent);
    reversed.foresee_password();
    Ok(reversed)
}

/// The login that the run came in with, where it gave that user another password.
fn replaced_login(part: &RouterRun) -> Option<PasswordLogin> {
    let (before, after) = (part.came_in.as_ref()?, part.saved_login.as_ref()?);
    let is_replaced = before.user == after.user && before.credential != after.credential;
    PasswordLogin::recorded(before).filter(|_| is_replaced)
}

/// The passwords that the undo gives back are had from their references, and where the inventory has none for one any more, from the run that
/// gave it to routers.
fn recall_old_passwords(
    journal: &Journal,
    targets: &[Target],
    inventory: &Inventory,
    vault: &dyn Vault,
) -> Result<(), JournalError> {
    let given_back = targets.iter().filter_map(|target| target.intent.path.gives_back.as_ref());
    let credentials: BTreeSet<&CredentialName> = given_back.map(|login| &login.credential).collect();
    for credential in credentials {
        if !inventory.declares(credential.as_str()) || vault.missing(credential).is_some() {
            recall_sealed(journal, credential, vault)?;
        }
    }
    Ok(())
}
