//! `plan`: the dry run. What would change, as exact commands with their inverse; from routers, or from a backup with no device.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::args::{Explained, Only, Phase, Planning, Reach, Rehearsal};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::rollout_args::{self, RolloutArgs};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::cli::{show_classes, show_plan_diff, show_plans};
use crate::message::Lang;
use crate::report::{self, Detail};
use crate::run::{self, Made, PlanDiff, PlanReport, PlanRequest, RunOptions, Source};
use crate::transaction::ClassGroups;

/// Show what would change, as exact commands; nothing is written (dry run)
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct PlanArgs {
    /// Another way
    #[command(subcommand)]
    command: Option<PlanCommand>,
    /// The playbook
    #[arg(value_name = "PLAYBOOK", required = true)]
    pub playbook: Option<PathBuf>,
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY", required = true)]
    pub inventory: Option<PathBuf>,
    /// Some of the routers
    #[command(flatten)]
    pub only: Only,
    /// Keep the plan, to be applied as it is
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Plan from a backup, with no device: a folder of ours, of RANCID, Oxidized or the like, or one file
    #[arg(long, value_name = "DIR|FILE")]
    pub from_backup: Option<PathBuf>,
    /// Why: kept in the plan, for who reviews it
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Where the routers are, `bench` or `clinic`: on a bench, windows do not count, and checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// Also show the inverse
    #[arg(long)]
    pub undo: bool,
    /// What is shown
    #[command(flatten)]
    pub explained: Explained,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
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

/// `plan`, of files alone
#[derive(Debug, Clone, clap::Subcommand)]
enum PlanCommand {
    /// What has changed between two kept plans, say since one was approved; exit status 0: nothing, 2: something
    Diff(PlanDiffArgs),
}

/// `plan diff`
#[derive(Debug, Clone, Args)]
pub struct PlanDiffArgs {
    /// The plan before
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The plan now
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
}

impl Subcommand for PlanArgs {
    const NAME: &'static str = "plan";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "変更内容を実際のコマンドで表示します。書き込みはしません(ドライラン)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("output", "計画を保存します。あとでそのまま適用できます"),
        (
            "from_backup",
            "機器に接続せずバックアップから計画します: 本ツールや RANCID、Oxidized などのフォルダ、またはファイル",
        ),
        ("reason", "変更の理由。計画に記録され、レビューする人に表示されます"),
        ("undo", "取り消しコマンドも表示します"),
        ("diff", "保存した 2 つの計画の違いを表示します(承認後の変化など)。終了ステータス 0: 同じ、2: 違いあり"),
        ("diff old", "変更前の計画"),
        ("diff new", "変更後の計画"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -l 'sato-*,!sato-r2'",
        "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -o plan.json",
        "ixdeploy plan playbooks/add-domain.yaml -i clinics.yaml --from-backup ~/ix-backup",
        "ixdeploy plan diff approved.json plan.json",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        if let Some(PlanCommand::Diff(args)) = &self.command {
            return Ok(diff(context, args)?);
        }
        // clap asks for both; only `plan diff` goes without.
        match (&self.playbook, &self.inventory) {
            (Some(playbook), Some(inventory)) => {
                let (playbook, inventory) = (playbook.clone(), inventory.clone());
                run(context, self, Source { playbook, inventory, limit: self.only.limit.clone() })
            }
            _ => Err(vec![UsageError::NoPlaybook.into()]),
        }
    }
}

/// Compares two kept plans.
///
/// # Errors
/// When one cannot be read.
fn diff(context: &Context, args: &PlanDiffArgs) -> Result<Exit, Failure> {
    let (old, new) = (run::read_plan(&args.old)?, run::read_plan(&args.new)?);
    let diff = PlanDiff::of(&old.file, &new.file);
    let exit = if diff.is_same() { Exit::Done } else { Exit::Differs };
    context.screen.say_prose(&show_plan_diff::words(&diff, context.screen.lang));
    let body =
        json!({ "old_sha256": old.sha256, "new_sha256": new.sha256, "same": diff.is_same(), "difference": diff });
    context.screen.document("plan", exit, &body);
    Ok(exit)
}

/// Plans and shows.
///
/// # Errors
/// What is wrong in the input, or a file that cannot be read or written.
fn run(context: &Context, args: &PlanArgs, source: Source) -> Result<Exit, Vec<Failure>> {
    let request = PlanRequest {
        source,
        from_backup: args.from_backup.clone(),
        reason: args.reason.clone(),
        options: RunOptions {
            rehearse_on_mock: args.rehearsal.on_mock(),
            adopt: args.planning.unsaved.adopt,
            set_secrets: args.planning.set_secrets,
            on_bench: args.phase == Phase::Bench,
            reach: reach(&args.reach),
            rollout: args.rollout.overrides(),
            ..RunOptions::default()
        },
    };
    let report = run::plan(&context.run_env(), &request)?;
    let detail = Detail { undo: args.undo, ..args.explained.detail(context) };
    let groups = ClassGroups::of(&report.file.routers);
    show(context, &report, &groups, detail);
    rollout_args::show(&context.screen, &report.rollout);
    let saved = args.output.as_ref().map(|path| report.save(&*context.operator(), path));
    let sha256 = saved.transpose()?;
    context.screen.document_of("plan", report.exit, || {
        let mut body = json!({
            "routers": show_classes::documents(&report.file, &groups, &report.backups),
            "classes": show_classes::classes(&groups),
            "rollout": rollout_args::document(&report.rollout),
        });
        if let Some(fields) = body.as_object_mut().filter(|_| !report.file.hand_over.is_empty()) {
            fields.insert("hand_over".into(), json!(report.file.hand_over));
        }
        if let (Some(sha256), Some(fields)) = (sha256, body.as_object_mut()) {
            fields.insert("plan_sha256".into(), sha256.into());
        }
        body
    });
    Ok(report.exit)
}

/// Shows a few routers one by one, and a fleet by its classes.
fn show(context: &Context, report: &PlanReport, groups: &ClassGroups<'_>, detail: Detail) {
    let screen = &context.screen;
    if report.few.is_empty() {
        show_classes::fleet(screen, groups, &show_classes::without(&report.file.unplanned), detail);
        if let Some(Made { at, backups: Some(ages), .. }) = &report.file.made {
            let words = ages.words(Some(at), screen.lang);
            screen.note(&match screen.lang {
                Lang::En => format!("backups: {words}"),
                Lang::Ja => format!("バックアップ: {words}"),
            });
        }
        screen.say_prose(&report::hand_over(&report.file.hand_over, screen.lang));
        show_classes::count(screen, groups, report.file.unplanned.len());
        return;
    }
    show_plans::plans(screen, &report.few, detail);
    show_plans::rollback_notes(screen, &report.few, detail);
    show_plans::terms(screen, &report.few);
    screen.say_prose(&report::hand_over(&report.file.hand_over, screen.lang));
    show_plans::count(screen, &report.few, None, 0);
}
