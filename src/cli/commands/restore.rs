//! `restore ROUTER --from BACKUP`: bring a router, perhaps a new box in an old one's place, to a backup.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::args::{Asking, Lock, OnTheCable, Reach, Rehearsal, Unsaved};
use crate::cli::change::{ChangeRun, no_operator_error};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{self, read_backup};
use crate::cli::offline::Files;
use crate::cli::subcommand::{Group, Subcommand};
use crate::fleet::{Choices, Limits, PrepareError, Target};
use crate::inventory::{Inventory, suggestion};
use crate::ix::Config;
use crate::ix::backup::Backup;
use crate::journal::JournalError;
use crate::message::Text;
use crate::state::State;
use crate::transaction::{Desired, before_of};
use crate::transport::ssh::FirstUse;

/// Bring a router back to a backup
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The router
    #[arg(value_name = "ROUTER")]
    pub router: String,
    /// The backup: a folder or a file, unmasked, or a run whose verified end is meant
    #[arg(long, value_name = "DIR|FILE|RUN")]
    pub from: PathBuf,
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub on_the_cable: OnTheCable,
    /// Another box stands in the old one's place: its host key is recorded anew and the old one forgotten; with
    /// `--serial-number`, that of the new box counts
    #[arg(long)]
    pub replaced: bool,
    /// Changes that nobody has saved
    #[command(flatten)]
    pub unsaved: Unsaved,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

impl Subcommand for RestoreArgs {
    const NAME: &'static str = "restore";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "ルータをバックアップの状態に戻します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("router", "ルータ"),
        ("from", "バックアップ: フォルダ、ファイル(マスク済みは不可)、または実行(その保存時の状態)"),
        ("replaced", "機器を交換した場合: 新しいホスト鍵を記録し、以前の鍵を削除します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy restore sato-r1 --from ~/ix-backup -i clinic.yaml",
        "ixdeploy restore sato-r1 --from 20261122-114603-7k3f -i clinic.yaml",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Restores it.
///
/// # Errors
/// A backup that cannot be restored, or what is wrong in the input. Nothing was written then.
fn run(context: &Context, args: &RestoreArgs) -> Result<Exit, Vec<Failure>> {
    if !args.asking.yes && !context.person.present() {
        return Err(vec![no_operator_error()]);
    }
    let inventory = input::load_inventory(context, &args.inventory)?;
    if inventory.router(&args.router).is_none() {
        return Err(vec![misnamed(&inventory, &args.router)]);
    }
    let desired = backup_of(context, &inventory, args).map_err(|failure| vec![failure])?;
    let mut choices = Choices {
        take_over: args.lock.take_over,
        rehearse_on_mock: args.rehearsal.on_mock(),
        adopt: args.unsaved.adopt,
        ..input::choices(context, &inventory, &args.reach)
    };
    if args.replaced {
        choices.connect_options.first_use = FirstUse::Replace;
    }
    let all = input::bare_targets(&inventory, None, &choices)?;
    let found = all.into_iter().find(|target| target.intent.router == args.router);
    let Some(target) = found else { return Err(vec![misnamed(&inventory, &args.router)]) };
    let mut intent = (*target.intent).clone();
    intent.desired = Desired::Whole(desired.into());
    let mut serial_number = args.on_the_cable.serial_number.clone();
    if args.replaced && serial_number.is_some() {
        // The inventory may still name the box that stood there before.
        intent.device.serial_number = serial_number.take();
    }
    ChangeRun {
        action: "restore",
        inventory: args.inventory.clone(),
        source: args.from.clone(),
        limit: None,
        targets: vec![Target { intent: Arc::new(intent), connector: target.connector }],
        choices,
        limits: Limits { concurrency: 1, max_failures: 1 },
        kept: None,
        yes: args.asking.yes,
        serial_number,
    }
    .run(context)
}

fn misnamed(inventory: &Inventory, router: &str) -> Failure {
    let names = inventory.routers().map(|(_, router)| router.name.value.as_str());
    let hint = suggestion(router, names.collect::<Vec<_>>());
    Failure::new(&PrepareError::Misnamed { router: router.to_owned(), hint }, Exit::Usage)
}

fn backup_of(context: &Context, inventory: &Inventory, args: &RestoreArgs) -> Result<Config, Failure> {
    if !args.from.exists() {
        return of_a_run(context, args);
    }
    let file = match args.from.is_dir() {
        true => Files::of(inventory, &args.from)?.running(&args.router)?,
        false => args.from.clone(),
    };
    let backup = read_backup(&file)?;
    if backup.is_masked() {
        return Err(masked(&file, &backup));
    }
    whole(args, Config::parse(backup.as_it_stood()))
}

/// The whole file is refused: without one of its secrets the router would not be what it was.
fn masked(file: &Path, backup: &Backup) -> Failure {
    let (file, count) = (file.display(), backup.masked.len());
    let (en, ja) = match backup.masked.first().map(|masked| masked.line) {
        Some(first) => {
            (format!(" ({count} line(s), the first is line {first})"), format!("({count} 行、最初は {first} 行目)"))
        }
        None => Default::default(),
    };
    unusable(
        "restore.masked",
        Text::new(
            format!("{file} is a masked backup: its secrets are gone{en}"),
            format!("{file} はマスク済みのバックアップで、秘密情報が失われています{ja}"),
        ),
    )
}

/// What the router ran when that run had saved, or, where it saved nothing, before it.
fn of_a_run(context: &Context, args: &RestoreArgs) -> Result<Config, Failure> {
    let run = args.from.display().to_string();
    let (journal, failure) = (context.journal()?, |error: JournalError| Failure::new(&error, Exit::Usage));
    let summary = journal.run(&run).map_err(|error| match error {
        JournalError::NoRun { .. } => no_backup(&run),
        error => failure(error),
    })?;
    journal.trust(&run).map_err(failure)?;
    let Some(part) = summary.parts.iter().find(|part| part.router == args.router) else {
        return Err(not_of_the_run(&run, &args.router));
    };
    if part.state != Some(State::Saved) {
        return before_of(&journal, &run, &args.router).map_err(failure);
    }
    let after = journal.unseal(&run, &args.router, "after").map_err(failure)?;
    whole(args, Config::parse(after.as_slice()))
}

fn whole(args: &RestoreArgs, config: Config) -> Result<Config, Failure> {
    if config.is_empty() {
        return Err(unusable(
            "restore.empty",
            Text::new(
                format!("{} holds no configuration", args.from.display()),
                format!("{} にコンフィグがありません", args.from.display()),
            ),
        ));
    }
    Ok(config)
}

/// Neither a path nor a run.
fn no_backup(from: &str) -> Failure {
    unusable(
        "restore.no-backup",
        Text::new(
            format!("`{from}` is no file, no folder and no run in the journal"),
            format!("`{from}` というファイル、フォルダ、実行はありません"),
        ),
    )
}

fn not_of_the_run(run: &str, router: &str) -> Failure {
    unusable(
        "restore.no-backup",
        Text::new(
            format!("run {run} did not come to {router}, so it keeps no backup of it"),
            format!("実行 {run} は {router} に着手していないため、バックアップがありません"),
        ),
    )
}

fn unusable(code: &str, text: Text) -> Failure {
    let hint = Text::new(
        "use an unmasked backup (`ixdeploy backup`), or a run (`ixdeploy history ROUTER`)",
        "マスクなしのバックアップ(ixdeploy backup)、または実行(ixdeploy history ROUTER)を指定してください",
    );
    Failure::usage(code, text, hint)
}
