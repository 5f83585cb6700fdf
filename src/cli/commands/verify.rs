//! `verify`: is each router what it should be, and do its checks pass? Nothing is written.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::args::{Input, Phase, Reach};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{reach, source};
use crate::cli::result::unpassed;
use crate::cli::show_plans;
use crate::cli::subcommand::{Group, Subcommand};
use crate::report::Detail;
use crate::run::{self, PlanResult, RunOptions, VerifyRequest, VerifyResult};

/// Compare routers with what is declared and run the checks; nothing is written
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// What to verify
    #[command(flatten)]
    pub input: Input,
    /// Where the routers are, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// Also show where each line comes from: the template's line, the inventory's or the role's values in it
    #[arg(long)]
    pub why: bool,
    /// Compare although the router has unsaved changes
    #[arg(long)]
    pub adopt: bool,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

impl Subcommand for VerifyArgs {
    const NAME: &'static str = "verify";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "宣言と比較し、確認項目を実行します。書き込みはしません";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("adopt", "未保存の変更があっても比較します")];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy verify playbooks/online-eligibility.yaml -i inventories/sample-clinics.yaml --format json"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Compares and checks.
///
/// # Errors
/// What is wrong in the input.
fn run(context: &Context, args: &VerifyArgs) -> Result<Exit, Vec<Failure>> {
    let request = VerifyRequest {
        source: source(&args.input),
        options: RunOptions {
            adopt: args.adopt,
            on_bench: args.phase == Phase::Bench,
            reach: reach(&args.reach),
            ..RunOptions::default()
        },
    };
    let report = run::verify(&context.run_env(), &request)?;
    let screen = context.screen.clone();
    let failures = report.routers.iter().filter(|one| one.is_declared_with_failed_check()).count();
    let documents: Vec<Value> = report.routers.iter().map(document).collect();
    let mut checked = String::new();
    for one in &report.routers {
        let lines = unpassed(context.screen.lang, &one.checks);
        if !lines.is_empty() {
            checked.push_str(&format!("{}:\n{lines}", one.plan.intent.router));
        }
    }
    let plans: Vec<PlanResult> = report.routers.into_iter().map(|one| one.plan).collect();
    show_plans::plans(&screen, &plans, Detail { why: args.why, ..context.detail() });
    context.screen.say(&checked);
    show_plans::count(&screen, &plans, Some(failures));
    context.screen.document("verify", report.exit, &json!({ "routers": documents }));
    Ok(report.exit)
}

/// One router in the JSON document. A router that was only read has no state: nothing is planned for it.
fn document(one: &VerifyResult) -> Value {
    let mut value = show_plans::document(&one.plan);
    if let Some(fields) = value.as_object_mut() {
        if one.plan.result.is_ok() {
            fields.shift_remove("state");
        }
        fields.insert("verified".into(), one.is_verified().into());
        fields.insert("checks".into(), json!(one.checks));
    }
    value
}
