//! `rerun RUN`: a new run for those routers of an earlier one that are not done.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{Asking, BoxArgs, Lock, Phase, Planning, Reach, Rehearsal, Times};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::result::show_result;
use crate::cli::rollout_args::RolloutArgs;
use crate::cli::subcommand::{Group, Subcommand};
use crate::report::Detail;
use crate::run::{self, RerunRequest, RunOptions};

/// Apply again to those routers of a run that are not done
#[derive(Debug, Clone, Args)]
pub struct RerunArgs {
    /// The run, as `runs` lists it, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub box_args: BoxArgs,
    /// Where the routers are, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// Also show where each line comes from: the template's line, the inventory's or the role's values in it
    #[arg(long)]
    pub why: bool,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// When
    #[command(flatten)]
    pub times: Times,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
    /// What holds otherwise than the playbook's rollout says
    #[command(flatten)]
    pub rollout: RolloutArgs,
}

impl Subcommand for RerunArgs {
    const NAME: &'static str = "rerun";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "実行のうち完了していないルータに、もう一度適用します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("run", "実行(runs の一覧に表示される名前、または last)"),
        ("inventory", "インベントリ [既定: その実行のもの]"),
        ("why", "各行の由来(テンプレートの行と、その中の値を書いた場所)も表示します"),
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
/// When nothing is left, or what `apply` refuses. Nothing was written then.
fn run(context: &Context, args: &RerunArgs) -> Result<Exit, Vec<Failure>> {
    let request = RerunRequest {
        run: args.run.clone(),
        inventory: args.inventory.clone(),
        serial_number: args.box_args.serial_number.clone(),
        options: RunOptions {
            assume_yes: args.asking.yes,
            take_over: args.lock.take_over,
            adopt: args.planning.unsaved.adopt,
            set_secrets: args.planning.set_secrets,
            rehearse_on_mock: args.rehearsal.on_mock(),
            on_bench: args.phase == Phase::Bench,
            outside_windows: args.times.outside_windows.clone(),
            reach: reach(&args.reach),
            rollout: args.rollout.overrides(),
            ..RunOptions::default()
        },
    };
    let env = context.run_env_showing(Detail { undo: false, why: args.why });
    Ok(show_result(context, &run::rerun(&env, &request)?))
}
