//! `apply`: plan, show, ask, change. Or the same from a plan that was saved.
//!
//! The operator sees exactly what is sent before anything is.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{Asking, BoxArgs, Lock, Phase, Planning, Reach, Rehearsal, Routers, Times};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::result::show_result;
use crate::cli::rollout_args::RolloutArgs;
use crate::cli::subcommand::{Group, Subcommand};
use crate::report::Detail;
use crate::run::{self, ApplyRequest, RunOptions};

/// Change the routers: push, verify, save, or undo everything
#[derive(Debug, Clone, Args)]
pub struct ApplyArgs {
    /// A playbook, or a plan kept by `plan -o`
    #[arg(value_name = "PLAYBOOK|PLAN.JSON")]
    pub source: PathBuf,
    /// Refuse a kept plan whose SHA-256 is another: what `plan -o` printed and was approved
    #[arg(long, value_name = "HASH")]
    pub plan_hash: Option<String>,
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
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

impl Subcommand for ApplyArgs {
    const NAME: &'static str = "apply";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "ルータを変更します。送信・検証・保存し、失敗時はすべて取り消します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("source", "プレイブック、または plan -o で保存した計画"),
        ("plan_hash", "保存した計画の SHA-256 がこの値(plan -o が表示し、承認されたもの)と異なれば拒否します"),
        ("why", "各行の由来(テンプレートの行と、その中の値を書いた場所)も表示します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy apply playbooks/online-eligibility.yaml -i clinic.yaml --phase bench",
        "ixdeploy apply plan.json -i inventories/sample-clinics.yaml --yes",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Changes routers.
///
/// # Errors
/// What is wrong in the input, or a question with no one to answer it. Nothing was written then.
fn run(context: &Context, args: &ApplyArgs) -> Result<Exit, Vec<Failure>> {
    let request = ApplyRequest {
        source: args.source.clone(),
        inventory: args.routers.inventory.clone(),
        limit: args.routers.only.limit.clone(),
        plan_sha256: args.plan_hash.clone(),
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
        },
    };
    let env = context.run_env_showing(Detail { undo: false, why: args.why });
    Ok(show_result(context, &run::apply(&env, &request)?))
}
