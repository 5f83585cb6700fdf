//! `restart RUN`: restart the routers on which lines of a run wait for it, and verify them again.

use clap::Args;

use crate::cli::args::{Earlier, Reach, Times};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::result::show_result;
use crate::cli::rollout_args::RolloutArgs;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::{self, RestartRequest, RunOptions};

/// Restart routers on which saved lines of a run wait for it, and look again
#[derive(Debug, Clone, Args)]
pub struct RestartArgs {
    /// Which
    #[command(flatten)]
    pub earlier: Earlier,
    /// When
    #[command(flatten)]
    pub times: Times,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// What holds otherwise than one router after the other
    #[command(flatten)]
    pub rollout: RolloutArgs,
}

impl Subcommand for RestartArgs {
    const NAME: &'static str = "restart";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "再起動待ちの行があるルータを再起動し、復帰後に再度検証します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("inventory", "インベントリ [既定: その実行のもの]")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy restart 20261122-114603-7k3f"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Restarts routers.
///
/// # Errors
/// When nothing waits for a restart, or there is no one to ask. Nothing was sent then.
fn run(context: &Context, args: &RestartArgs) -> Result<Exit, Vec<Failure>> {
    let request = RestartRequest {
        run: args.earlier.run.clone(),
        inventory: args.earlier.inventory.clone(),
        limit: args.earlier.only.limit.clone(),
        rest: None,
        is_again: false,
        options: RunOptions {
            assume_yes: args.earlier.asking.yes,
            outside_windows: args.times.outside_windows.clone(),
            reach: reach(&args.reach),
            rollout: args.rollout.overrides(),
            ..RunOptions::default()
        },
    };
    Ok(show_result(context, &run::restart(&context.run_env(), &request)?))
}
