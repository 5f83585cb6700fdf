//! `plan`: the dry run. What would change, as exact commands with their inverse; from routers, or from a backup with no device.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::args::{Input, Planning, Reach, Rehearsal};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{reach, source};
use crate::cli::show_plans;
use crate::cli::subcommand::{Group, Subcommand};
use crate::report::Detail;
use crate::run::{self, PlanRequest, RunOptions};

/// Show what would change, as exact commands; nothing is written (dry run)
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// What to plan
    #[command(flatten)]
    pub input: Input,
    /// Keep the plan, to be applied as it is
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Plan from a backup, with no device: a folder of ours, of RANCID, Oxidized or the like, or one file
    #[arg(long, value_name = "DIR|FILE")]
    pub from_backup: Option<PathBuf>,
    /// Also show the inverse
    #[arg(long)]
    pub undo: bool,
    /// Also show where each line comes from: the template's line, the inventory's or the role's values in it
    #[arg(long)]
    pub why: bool,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
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
        ("undo", "取り消しコマンドも表示します"),
        ("why", "各行の由来(テンプレートの行と、その中の値を書いた場所)も表示します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -l 'sato-*,!sato-r2'",
        "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -o plan.json",
        "ixdeploy plan playbooks/add-domain.yaml -i clinic.yaml --from-backup ~/ix-backup",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Plans and shows.
///
/// # Errors
/// What is wrong in the input, or a file that cannot be read or written.
fn run(context: &Context, args: &PlanArgs) -> Result<Exit, Vec<Failure>> {
    let request = PlanRequest {
        source: source(&args.input),
        from_backup: args.from_backup.clone(),
        options: RunOptions {
            rehearse_on_mock: args.rehearsal.on_mock(),
            adopt: args.planning.unsaved.adopt,
            set_secrets: args.planning.set_secrets,
            reach: reach(&args.reach),
            ..RunOptions::default()
        },
    };
    let report = run::plan(&context.run_env(), &request)?;
    let (screen, plans) = (context.screen.clone(), &report.plans);
    show_plans::plans(&screen, plans, Detail { undo: args.undo, why: args.why });
    show_plans::rollback_notes(&screen, plans);
    show_plans::terms(&screen, plans);
    show_plans::count(&screen, plans, None);
    let mut body = json!({ "routers": plans.iter().map(show_plans::document).collect::<Vec<_>>() });
    if let Some(path) = &args.output {
        let sha256 = report.save(&*context.operator(), path)?;
        if let Some(fields) = body.as_object_mut() {
            fields.insert("plan_sha256".into(), sha256.into());
        }
    }
    context.screen.document("plan", report.exit, &body);
    Ok(report.exit)
}
