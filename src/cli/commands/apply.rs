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
use crate::plan::Unreferenced;
use crate::run::{self, ApplyRequest, Awake, DetachedWork, PlanHash, RunOptions, SwapRequest};
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
    /// Another box is in this router's place: it gets what the old one ran when it was saved last, from the kit or the journal
    #[arg(long, value_name = "ROUTER", conflicts_with_all = ["plan_hash", "limit", "detach"])]
    pub replace: Option<String>,
    /// With --replace: this interface of the old box is that one of the new box
    #[arg(long, value_name = "OLD=NEW", requires = "replace")]
    pub map: Vec<String>,
    /// With --replace: leave out secrets that have no reference and cannot be asked for
    #[arg(long, requires = "replace")]
    pub without_secrets: bool,
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
        (
            "replace",
            "このルータの機器を交換した場合: 旧機器の最後の保存時の設定を、キットまたはジャーナルから新しい機器に入れます",
        ),
        ("map", "--replace と併用: 旧機器のインタフェースに対応する新機器のインタフェース"),
        ("without_secrets", "--replace と併用: 参照がなく入力も求められない秘密情報の行を除きます"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy apply playbooks/online-eligibility.yaml -i clinics.yaml --phase bench",
        "ixdeploy apply plan.json -i inventories/sample-clinics.yaml --yes",
        "ixdeploy apply plan.json -i inventories/sample-clinics.yaml --detach --at 22:00",
        "ixdeploy apply playbooks/online-eligibility.yaml -i clinics.yaml --replace sato-r1",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

impl ApplyArgs {
    fn swap(&self, router: &str) -> SwapRequest {
        SwapRequest {
            router: router.to_owned(),
            playbook: Some(self.source.clone()),
            inventory: self.routers.inventory.clone(),
            serial_number: self.change.box_args.serial_number.clone(),
            renamed: self.map.clone(),
            unreferenced: if self.without_secrets { Unreferenced::LeaveOut } else { Unreferenced::Refuse },
            options: self.change.options(),
        }
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
        left_out: Vec::new(),
        serial_number: args.change.box_args.serial_number.clone(),
        options: RunOptions { secrets, detached, ..args.change.options() },
    };
    let env = context.run_env_showing(args.change.explained.detail(context));
    if let Some(router) = &args.replace {
        return Ok(show_result(context, &run::swap(&env, &args.swap(router))?));
    }
    if args.detaching.detach {
        return args.detaching.detach(context, &env, DetachedWork::Apply(request));
    }
    let _awake = context.detached.then(|| Awake::keep(&*env.operator));
    Ok(show_result(context, &run::apply(&env, &request)?))
}
