//! `restore`: bring a router, perhaps a new box in an old one's place, to a backup.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::begin::{Basis, Beginning};
use super::change::ChangeRun;
use super::configuration_file::read_backup;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::input::{bare_targets, load_inventory, misnamed};
use super::input_error::InputError;
use super::offline::Files;
use super::options::RunOptions;
use super::rollout::RunRollout;
use super::swap_terms::{self, SwapTerms};
use crate::dialect::Dialect;
use crate::dialect::model;
use crate::inventory::{Inventory, Limit};
use crate::ix::Config;
use crate::ix::backup::Backup;
use crate::journal::JournalError;
use crate::playbook::Rollout;
use crate::state::State;
use crate::transaction::{Desired, before_of};
use crate::transport::ssh::NewKeys;

/// Which router is restored, and from what.
#[derive(Debug, Clone)]
pub struct RestoreRequest {
    /// The router.
    pub router: String,
    /// A file, a folder of backups, or a run.
    pub from: Basis,
    /// The inventory.
    pub inventory: PathBuf,
    /// A new box is in the old one's place.
    pub replaced: bool,
    /// The serial number of the router on the console, or of the new box, as typed.
    pub serial_number: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Restores a router.
///
/// # Errors
/// A backup that cannot be restored, or what is wrong in the input. Nothing was written then.
pub fn restore(env: &RunEnv, request: &RestoreRequest) -> Result<FinishedRun, RunError> {
    change_of(env, request)?.execute(env)
}

/// The run that a request asks for, not yet begun.
///
/// # Errors
/// As [`restore`].
pub(super) fn change_of(env: &RunEnv, request: &RestoreRequest) -> Result<ChangeRun, RunError> {
    if !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let inventory = load_inventory(&*env.operator, &request.inventory)?;
    let unknown = || RunError::from(misnamed(&inventory, &request.router));
    if inventory.router(&request.router).is_none() {
        return Err(unknown());
    }
    let desired = backup_of(env, &inventory, request)?;
    let mut choices = request.options.choices(env, &inventory)?;
    if request.replaced {
        choices.connect_options.new_keys = Some(NewKeys::default());
    }
    let all = bare_targets(&inventory, &Limit::all(), &choices)?;
    let target = all.into_iter().find(|target| target.intent.router == request.router).ok_or_else(unknown)?;
    let mut intent = (*target.intent).clone();
    intent.desired = Desired::Whole(desired.into());
    let mut serial_number = request.serial_number.clone();
    if request.replaced && serial_number.is_some() {
        // The inventory may still name the box that was there before.
        intent.device.serial_number = serial_number.take();
    }
    Ok(ChangeRun {
        action: swap_terms::RESTORE,
        inventory: request.inventory.clone(),
        basis: request.from.clone(),
        title: None,
        limit: None,
        // One router that a person named, perhaps a new box in a clinic that waits for it.
        targets: vec![target.with(intent).at_any_time()],
        choices,
        rollout: RunRollout::new(Rollout::simple(1, 1), &inventory),
        saved: None,
        assume_yes: request.options.assume_yes,
        serial_number,
        left_out: Vec::new(),
        beginning: Beginning::New,
        undone: None,
        swap: SwapTerms::default(),
    })
}

fn backup_of(env: &RunEnv, inventory: &Inventory, request: &RestoreRequest) -> Result<Config, RunError> {
    let model = inventory.router(&request.router).map(|(_, router)| router.model.value.as_str());
    let dialect = model::dialect_of(model.unwrap_or_default());
    let from = match &request.from {
        Basis::File(from) => from,
        Basis::Run(run) => return of_a_run(env, run, &request.router, dialect),
    };
    let file = match from.is_dir() {
        true => Files::of(inventory, from)?.running(&request.router)?,
        false => from.clone(),
    };
    let backup = read_backup(&file)?;
    if backup.is_masked() {
        return Err(masked(&file, &backup).into());
    }
    Ok(whole(from, Config::parse(dialect, backup.unedited()))?)
}

fn masked(file: &Path, backup: &Backup) -> InputError {
    let first = backup.masked.first().map(|masked| masked.line);
    InputError::Masked { file: file.to_owned(), count: backup.masked.len(), first }
}

/// What the router ran when that run had saved, or, where it saved nothing, before it.
fn of_a_run(env: &RunEnv, run: &str, router: &str, dialect: &Arc<Dialect>) -> Result<Config, RunError> {
    let journal = env.journal()?;
    let summary = journal.run(run).map_err(|error| match error {
        JournalError::NoRun { .. } => RunError::from(InputError::NoBackup { from: run.to_owned() }),
        error => error.into(),
    })?;
    journal.trust(run)?;
    let Some(part) = summary.parts.iter().find(|part| part.router == router) else {
        return Err(InputError::NotOfTheRun { run: run.to_owned(), router: router.to_owned() }.into());
    };
    if part.state != Some(State::Saved) {
        return Ok(before_of(&journal, run, router)?.tree(dialect).clone());
    }
    let after = journal.unseal(run, router, "after")?;
    // It was sealed as text, and is not decoded once more.
    Ok(whole(Path::new(run), Config::parse(dialect, String::from_utf8_lossy(&after)))?)
}

fn whole(from: &Path, config: Config) -> Result<Config, InputError> {
    if config.is_empty() { Err(InputError::NothingToRestore { from: from.to_owned() }) } else { Ok(config) }
}
