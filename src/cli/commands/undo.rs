//! `undo RUN`: undo what one run changed, starting from what runs today, also weeks later.

use clap::Args;

use crate::cli::args::{Earlier, Rehearsal, Shown, Unsaved};
use crate::cli::change_args::RunArgs;
use crate::cli::context::Context;
use crate::cli::detaching::Detaching;
use crate::cli::error::{Exit, Failure};
use crate::cli::result::show_result;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::{self, ApprovedUndo, Awake, DetachedWork, RunOptions, UndoRequest};
use crate::secret::KnownSecrets;

/// Undo what one run changed, and nothing else
#[derive(Debug, Clone, Args)]
pub struct UndoArgs {
    /// Which
    #[command(flatten)]
    pub earlier: Earlier,
    /// Without this terminal
    #[command(flatten)]
    pub detaching: Detaching,
    /// Unsaved changes on the router
    #[command(flatten)]
    pub unsaved: Unsaved,
    /// How it goes, where otherwise than the run that is undone
    #[command(flatten)]
    pub run_args: RunArgs,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
    /// What is shown
    #[command(flatten)]
    pub shown: Shown,
}

impl Subcommand for UndoArgs {
    const NAME: &'static str = "undo";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "1 回の実行の変更だけを元に戻します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("inventory", "インベントリ [既定: その実行のもの]")];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy undo 20261122-114603-7k3f -l sato-r1",
        "ixdeploy undo 20261122-114603-7k3f --canary 5 --max-failures 2",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Undoes a run.
///
/// # Errors
/// When there is nothing to undo, or what is needed for it was not kept. Nothing was written then.
fn run(context: &Context, args: &UndoArgs) -> Result<Exit, Vec<Failure>> {
    let (detached, secrets) = match context.detached {
        true => run::take_over_run().map(|(detached, secrets)| (Some(detached), secrets))?,
        false => (None, KnownSecrets::default()),
    };
    let approved = detached.as_ref().and_then(|detached| {
        Some(ApprovedUndo { run: detached.run.as_str().to_owned(), sha256: detached.plan_sha256.clone()? })
    });
    let request = UndoRequest {
        run: args.earlier.run.clone(),
        inventory: args.earlier.inventory.clone(),
        limit: args.earlier.only.limit.clone(),
        rest: None,
        approved,
        options: RunOptions {
            adopt: args.unsaved.adopt,
            rehearse_on_mock: args.rehearsal.on_mock(),
            secrets,
            detached,
            ..args.run_args.options(args.earlier.asking)
        },
    };
    let env = context.run_env_showing(args.shown.detail(context));
    if args.detaching.detach {
        return args.detaching.detach(context, &env, DetachedWork::Undo(request));
    }
    let _awake = context.detached.then(|| Awake::keep(&*env.operator));
    Ok(show_result(context, &run::undo(&env, &request)?))
}
