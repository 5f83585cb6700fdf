//! `undo RUN`: take back what one run changed from what runs today, also weeks later.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::args::{Earlier, Lock, Reach, Rehearsal, Unsaved};
use crate::cli::change::{ChangeRun, no_operator_error};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input;
use crate::cli::subcommand::{Group, Subcommand};
use crate::fleet::{Choices, Limits, Target};
use crate::ix::Config;
use crate::journal::{Journal, JournalError};
use crate::message::Text;
use crate::state::State;
use crate::transaction::{Desired, Reverse, before_of};

/// Take back what one run changed, and nothing else
#[derive(Debug, Clone, Args)]
pub struct UndoArgs {
    /// Which
    #[command(flatten)]
    pub earlier: Earlier,
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

impl Subcommand for UndoArgs {
    const NAME: &'static str = "undo";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "1 回の実行の変更だけを元に戻します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("inventory", "インベントリ [既定: その実行のもの]")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy undo 20261122-114603-7k3f -l sato-r1"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Undoes it.
///
/// # Errors
/// When there is nothing to undo, or what is needed for it was not kept. Nothing was written then.
fn run(context: &Context, args: &UndoArgs) -> Result<Exit, Vec<Failure>> {
    if !args.earlier.asking.yes && !context.person.present() {
        return Err(vec![no_operator_error()]);
    }
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let read = |error: JournalError| vec![Failure::new(&error, Exit::Usage)];
    let run = journal.run(&args.earlier.run).map_err(read)?;
    journal.trust(&args.earlier.run).map_err(read)?;
    let saved: Vec<&str> = run
        .parts
        .iter()
        .filter(|part| part.state == Some(State::Saved) && part.wrote)
        .map(|part| part.router.as_str())
        .collect();
    if saved.is_empty() {
        return Err(vec![nothing_saved(&args.earlier.run)]);
    }
    let inventory_path = args.earlier.inventory.clone().unwrap_or_else(|| PathBuf::from(&run.inventory));
    let inventory = input::load_inventory(context, &inventory_path)?;
    let choices = Choices {
        take_over: args.lock.take_over,
        rehearse_on_mock: args.rehearsal.on_mock(),
        adopt: args.unsaved.adopt,
        ..input::choices(context, &inventory, &args.reach)
    };
    let mut targets = input::bare_targets(&inventory, args.earlier.only.limit.as_deref(), &choices)?;
    targets.retain(|target| saved.contains(&target.intent.router.as_str()));
    if targets.is_empty() {
        return Err(vec![nothing_saved(&args.earlier.run)]);
    }
    let targets = targets
        .into_iter()
        .map(|target| reversed(&journal, &args.earlier.run, target).map_err(read))
        .collect::<Result<Vec<_>, _>>()?;
    ChangeRun {
        action: "undo",
        inventory: inventory_path,
        source: PathBuf::from(&args.earlier.run),
        limit: args.earlier.only.limit.clone(),
        targets,
        choices,
        limits: Limits { concurrency: 4, max_failures: 1 },
        kept: None,
        yes: args.earlier.asking.yes,
        serial_number: None,
    }
    .run(context)
}

fn reversed(journal: &Journal, run: &str, target: Target) -> Result<Target, JournalError> {
    let after = journal.unseal(run, &target.intent.router, "after")?;
    let reverse =
        Reverse { before: before_of(journal, run, &target.intent.router)?, after: Config::parse(after.as_slice()) };
    let part = journal.part(run, &target.intent.router)?;
    let mut intent = (*target.intent).clone();
    intent.desired = Desired::Reverted { run: run.to_owned(), reverse: Arc::new(reverse) };
    // The box that the run changed, not one that has since taken its place.
    intent.device.serial_number = Some(part.serial_number);
    Ok(Target { intent: Arc::new(intent), connector: target.connector })
}

fn nothing_saved(run: &str) -> Failure {
    Failure::usage(
        "undo.nothing",
        Text::new(
            format!("run {run} saved no change on these routers, so there is nothing to undo"),
            format!("実行 {run} はこれらのルータに変更を保存していないため、取り消すものがありません"),
        ),
        Text::new(
            format!("`ixdeploy show {run}` says how it ended"),
            format!("ixdeploy show {run} で結果を確認できます"),
        ),
    )
}
