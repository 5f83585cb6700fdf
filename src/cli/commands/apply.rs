//! `apply`: plan, show, ask, change. Or the same from a plan that was saved.
//!
//! The operator sees exactly what is sent before anything is.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::args::{Asking, BoxArgs, Lock, Phase, Planning, Reach, Rehearsal, Routers, Times};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::result::show_result;
use crate::cli::rollout_args::RolloutArgs;
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Lang;
use crate::report::Detail;
use crate::run::{self, ApplyRequest, Awake, Detach, DetachRequest, DetachedRun, PlanHash, RunEnv, RunOptions};
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
    /// Ask everything now, then go on without this terminal: name and log are told before it is given back
    #[arg(long)]
    pub detach: bool,
    /// With --detach, begin at this time: 22:00, a date with a time, or RFC 3339; never one that is over
    #[arg(long, value_name = "TIME", requires = "detach")]
    pub at: Option<String>,
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
        (
            "plan_hash",
            "保存した計画の SHA-256 がこの値(plan -o が表示したもの)と異なれば拒否します。指定するとその変更を承認したものとし、質問しません",
        ),
        ("detach", "すべての確認を先に済ませ、この端末から切り離して続行します。実行名とログは切り離す前に表示します"),
        ("at", "--detach とともに、この時刻に開始します: 22:00、日付と時刻、または RFC 3339。過ぎた時刻は不可"),
        ("why", "各行の由来(テンプレートの行と、その中の値を書いた場所)も表示します"),
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
        rollout: None,
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
            secrets,
            detached,
        },
    };
    let env = context.run_env_showing(Detail { undo: false, why: args.why });
    if args.detach {
        return detach(context, &env, args, request);
    }
    let _awake = context.detached.then(|| Awake::keep(&*env.operator));
    Ok(show_result(context, &run::apply(&env, &request)?))
}

/// Goes on without this terminal.
fn detach(context: &Context, env: &RunEnv, args: &ApplyArgs, apply: ApplyRequest) -> Result<Exit, Vec<Failure>> {
    let at = args.at.as_deref().map(run::start_time).transpose().map_err(run::RunError::from)?;
    let (lang, screen) = (context.screen.lang, &context.screen);
    let request = DetachRequest { apply, at, options: context.options() };
    let Detach::Began(DetachedRun { run, process, log, at }) = run::detach(env, &request)? else {
        screen.say(lang.pick("Nothing was begun.\n", "何も始めていません。\n"));
        screen.document("apply", Exit::NotDone, &json!({ "routers": [] }));
        return Ok(Exit::NotDone);
    };
    let at = at.as_ref().map(run::shown_time);
    let begins = match (&at, lang) {
        (Some(at), Lang::En) => format!("run {run} begins at {at}"),
        (Some(at), Lang::Ja) => format!("実行 {run} は {at} に開始します"),
        (None, Lang::En) => format!("run {run} has begun"),
        (None, Lang::Ja) => format!("実行 {run} を開始しました"),
    };
    let file = log.display();
    screen.say(&match lang {
        Lang::En => format!(
            "{begins}, without this terminal; its log is {file}\n  follow it: ixdeploy watch {run}\n  end it:    ixdeploy abort {run}\n"
        ),
        Lang::Ja => format!(
            "{begins}(この端末とは切り離しました)。ログ: {file}\n  進行の確認: ixdeploy watch {run}\n  中止: ixdeploy abort {run}\n"
        ),
    });
    let body = json!({ "run": run, "process": process, "log": log, "at": at });
    screen.document("apply", Exit::Done, &body);
    Ok(Exit::Done)
}
