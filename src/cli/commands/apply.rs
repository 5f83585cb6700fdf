//! `apply`: plan, show, ask, change. Or the same from a plan that was saved.
//!
//! The operator sees exactly what is sent before anything is.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::Routers;
use crate::cli::change_args::ChangeArgs;
use crate::cli::context::Context;
use crate::cli::detaching::Detaching;
use crate::cli::error::{Exit, Failure};
use crate::cli::result::show_result;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::{self, ApplyRequest, Awake, DetachedWork, PlanHash, RunOptions};
use crate::secret::KnownSecrets;

/// Change the routers: push, verify, save, or undo everything
#[derive(Debug, Clone, Args)]
pub struct ApplyArgs {
    /// A playbook, or a plan kept by `plan -o`
    #[arg(value_name = "PLAYBOOK|PLAN.JSON")]
    pub source: PathBuf,
    /// Refuse a kept plan whose SHA-256 is another than this, which `plan -o` printed; naming it approves its changes, without a question
    #[arg(long, value_name = "HASH")]
    pub plan_hash: Option<String>,
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
    /// Without this terminal
    #[command(flatten)]
    pub detaching: Detaching,
    /// How they are changed
    #[command(flatten)]
    pub change: ChangeArgs,
}

impl Subcommand for ApplyArgs {
    const NAME: &'static str = "apply";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "ルータを変更します。送信・検証・保存し、失敗時はすべて取り消します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("source", "プレイブック、または plan -o で保存した計画"),
        (
            "plan_hash",
            "保存した計画の SHA-256 がこの値(plan -o が表示したもの)と異なれば拒否します。指定するとその変更を承認したものとし、質問しません",
        ),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy apply playbooks/online-eligibility.yaml -i clinic.yaml --phase bench",
        "ixdeploy apply plan.json -i inventories/sample-clinics.yaml --yes",
        "ixdeploy apply plan.json -i inventories/sample-clinics.yaml --detach --at 22:00",
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
    let (detached, secrets) = match context.detached {
        true => run::take_over_run().map(|(detached, secrets)| (Some(detached), secrets))?,
        false => (None, KnownSecrets::default()),
    };
    let request = ApplyRequest {
        source: args.source.clone(),
        inventory: args.routers.inventory.clone(),
        limit: args.routers.only.limit.clone(),
        plan_hash: args.plan_hash.clone().map(PlanHash::Approved),
        rest: None,
        serial_number: args.change.box_args.serial_number.clone(),
        options: RunOptions { secrets, detached, ..args.change.options() },
    };
    let env = context.run_env_showing(args.change.explained.detail(context));
    if args.detaching.detach {
        return args.detaching.detach(context, &env, DetachedWork::Apply(request));
    }
    let _awake = context.detached.then(|| Awake::keep(&*env.operator));
    Ok(show_result(context, &run::apply(&env, &request)?))
}
