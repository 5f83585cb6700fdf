//! `rerun RUN`: a new run for those routers of an earlier one that are not done.

use std::path::PathBuf;

use clap::Args;

use crate::cli::change_args::ChangeArgs;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::result::show_result;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::{self, RerunRequest};

/// Do again what a run did, with those of its routers that are not done
#[derive(Debug, Clone, Args)]
pub struct RerunArgs {
    /// The run, as `runs` lists it, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
    /// How they are changed
    #[command(flatten)]
    pub change: ChangeArgs,
}

impl Subcommand for RerunArgs {
    const NAME: &'static str = "rerun";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "実行のうち完了していないルータに、同じことをもう一度行います";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("run", "実行(runs の一覧に表示される名前、または last)"),
        ("inventory", "インベントリ [既定: その実行のもの]"),
    ];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy rerun last", "ixdeploy rerun 20261122-114603-7k3f --yes"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Runs again what is not done.
///
/// # Errors
/// When nothing is left, or what its command refuses. Nothing was written then.
fn run(context: &Context, args: &RerunArgs) -> Result<Exit, Vec<Failure>> {
    let request = RerunRequest {
        run: args.run.clone(),
        inventory: args.inventory.clone(),
        serial_number: args.change.box_args.serial_number.clone(),
        options: args.change.options(),
    };
    let env = context.run_env_showing(args.change.explained.detail(context));
    Ok(show_result(context, &run::rerun(&env, &request)?))
}
