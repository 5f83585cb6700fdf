//! What is shown before a run is detached, kept as the plan that its process carries out, and the question about it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::not_started;
use crate::message::Text;
use crate::private;
use crate::run::apply::{self, ApplyRequest};
use crate::run::change::ChangeRun;
use crate::run::detached::{AgreedBefore, Detached};
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::finish::FinishedRun;
use crate::run::identity::expect_serial_number;
use crate::run::input::load_inventory;
use crate::run::operator::Notice;
use crate::run::options::RunOptions;
use crate::run::plan_file::{self, Entries, Unplanned, kept_path};
use crate::run::review::{InQuestion, Review};
use crate::run::reviewed_router::entries_of;
use crate::run::rollout::SeenRouter;
use crate::run::undo::{self, UndoRequest};
use crate::run::windows::{LookFrom, tell_windows};
use crate::secret::{CredentialName, Source as SecretSource, SourceVault, Vault as _, placeholders};
use crate::transaction::{Outcome, SavedPlan};

/// What was shown, as a plan that the process carries out.
pub(super) struct Reviewed {
    /// What the process is given: the plan file, or the name of the run that is undone.
    pub(super) of: PathBuf,
    pub(super) sha256: String,
    pub(super) inventory: PathBuf,
    /// What was read, and the question about it; nothing for a plan file that a person approved before, which is not read.
    pub(super) asked: Option<Box<InQuestion>>,
    /// What a person has agreed to besides the plan, once the question is answered.
    pub(super) agreed: AgreedBefore,
    plans: Vec<SavedPlan>,
}

/// What came of a review.
pub(super) enum Shown {
    /// It can be carried out, once its question is answered.
    Reviewed(Box<Reviewed>),
    /// Nothing is left to be done.
    Over(Box<FinishedRun>),
    /// Nothing is written, and no time was named: the checks alone wait for no window, and need no process of their own.
    Unchanged(Box<InQuestion>),
}

/// Reads, shows and asks what `apply` does at a terminal, and keeps the plan. A plan file that was approved before is only named: its routers
/// are read when their turn comes.
///
/// # Errors
/// As [`apply::apply`], or a plan that cannot be kept.
pub(super) fn of_apply(env: &RunEnv, apply: &ApplyRequest, detached: &Detached) -> Result<Shown, RunError> {
    let from_stdin = apply.source.as_os_str() == "-";
    let request = ApplyRequest {
        source: if from_stdin { apply.source.clone() } else { absolute(&apply.source) },
        options: RunOptions { detached: Some(detached.clone()), ..apply.options.clone() },
        ..apply.clone()
    };
    let change = apply::change_of(env, &request)?;
    let given = change.saved.as_ref().map(|saved| saved.path.clone()).filter(|_| !from_stdin);
    if change.saved.is_some() && change.assume_yes {
        return approved_before(env, change, given, detached);
    }
    in_question(env, change, detached, |kept| given.unwrap_or(kept))
}

/// Reads the routers of a run that is to be undone, shows what that takes, and keeps it.
///
/// # Errors
/// As [`undo::undo`], or a plan that cannot be kept.
pub(super) fn of_undo(env: &RunEnv, undo: &UndoRequest, detached: &Detached) -> Result<Shown, RunError> {
    let options = RunOptions { detached: Some(detached.clone()), ..undo.options.clone() };
    let change = undo::change_of(env, &UndoRequest { options, ..undo.clone() })?;
    let run = PathBuf::from(change.basis.recorded());
    // Its process finds the plan under the name of the new run.
    in_question(env, change, detached, |_| run)
}

/// What was shown of a run, kept for its process; `of` says what that is given, from where the plan is kept.
fn in_question(
    env: &RunEnv,
    change: ChangeRun,
    detached: &Detached,
    of: impl FnOnce(PathBuf) -> PathBuf,
) -> Result<Shown, RunError> {
    let asked = match change.review(env)? {
        Review::Asked(asked) => asked,
        Review::Over(finished) => return Ok(Shown::Over(finished)),
    };
    if detached.at.is_none() && asked.writes_nothing() {
        return Ok(Shown::Unchanged(asked));
    }
    let InQuestion { change, shown, aside, boxes, .. } = &*asked;
    let Entries { planned: plans, unplanned } = entries_of(&shown.plans);
    let unproven: Vec<String> = shown.unproven.iter().map(|outcome| outcome.router.clone()).collect();
    without_proof(&shown.unproven).iter().for_each(|text| env.operator.tell(&Notice::Note(text)));
    let kept = change.plan_to_keep(|| Entries { planned: plans.clone(), unplanned: unplanned.clone() });
    // A plan file stays as it was reviewed: what takes no part in the run, and why, is said beside it.
    let agreed = AgreedBefore {
        boxes: boxes.clone(),
        without: aside.iter().filter_map(Unplanned::of).chain(unplanned).collect(),
        earlier: shown.earlier.clone(),
        unproven,
        is_reviewed: true,
        // Not asked yet.
        answered_ms: None,
    };
    let bytes = kept.map(|kept| kept.without(aside).bytes()).transpose().map_err(not_started)?.unwrap_or_default();
    let kept = keep(&env.state_dir, detached, &bytes).map_err(not_started)?;
    let (sha256, inventory) = (plan_file::sha256(&bytes), change.inventory.clone());
    Ok(Shown::Reviewed(Box::new(Reviewed { of: of(kept), sha256, inventory, asked: Some(asked), agreed, plans })))
}

/// What is said of routers that are as declared and were not asked about: those with the same knowledge of their box together.
fn without_proof(unproven: &[Outcome]) -> Vec<Text> {
    let mut said: Vec<(Text, Vec<&str>)> = Vec::new();
    for outcome in unproven {
        let Some(words) = outcome.unproven_words() else { continue };
        match said.iter_mut().find(|(known, _)| *known == words) {
            Some((_, routers)) => routers.push(&outcome.router),
            None => said.push((words, vec![&outcome.router])),
        }
    }
    let text = |(words, routers): (Text, Vec<&str>)| {
        let routers = routers.join(", ");
        Text::new(
            format!("{routers}: {}; no part of the run", words.en),
            format!("{routers}: {}。この実行の対象外です", words.ja),
        )
    };
    said.into_iter().map(text).collect()
}

/// A plan file that a person approved before: `given` is the file, unless it came from standard input.
fn approved_before(
    env: &RunEnv,
    mut change: ChangeRun,
    given: Option<PathBuf>,
    detached: &Detached,
) -> Result<Shown, RunError> {
    // What its process would refuse is refused here.
    expect_serial_number(&mut change.targets, change.serial_number.as_deref(), true)?;
    let from = LookFrom::new(change.beginning.begins_at(env), change.rollout.rollout.needed_time);
    tell_windows(&*env.operator, &change.targets, from);
    change.tell_reviewed(env);
    let of = match (given, change.reviewed_file()) {
        (None, Some(file)) => {
            keep(&env.state_dir, detached, &file.bytes().map_err(not_started)?).map_err(not_started)?
        }
        (given, _) => given.unwrap_or_default(),
    };
    let plans = change.saved.as_mut().map(|saved| std::mem::take(&mut saved.file.routers)).unwrap_or_default();
    let seen =
        plans.iter().map(|plan| SeenRouter { router: &plan.intent.router, firmware: plan.seen.identity.firmware() });
    env.operator.tell(&Notice::Rollout(&change.planned_for(&change.members(), seen)));
    let sha256 = change.saved.map(|saved| saved.sha256).unwrap_or_default();
    let agreed = AgreedBefore::default();
    Ok(Shown::Reviewed(Box::new(Reviewed { of, sha256, inventory: change.inventory, asked: None, agreed, plans })))
}

/// A path that means the same in the process that is started.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Keeps the plan of a run; where.
fn keep(state_dir: &Path, detached: &Detached, bytes: &[u8]) -> io::Result<PathBuf> {
    let run = detached.run.as_str();
    private::folder(state_dir)?;
    plan_file::keep(state_dir, run, bytes)?;
    Ok(absolute(&kept_path(state_dir, run)))
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
