//! `verify`: is each router what it should be, and do its checks pass? Nothing is written.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use serde_json::{Value, json};

use crate::cli::args::{Input, Phase, Reach};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{reach, source};
use crate::cli::line_document::line_document;
use crate::cli::result::unpassed;
use crate::cli::show_plans;
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Lang;
use crate::report::{self, Detail, Style};
use crate::run::{self, PlanResult, PrefixChange, RunOptions, VerifyRequest, VerifyResult};
use crate::visible;

/// Compare routers with what is declared and run the checks; nothing is written
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// What to verify
    #[command(flatten)]
    pub input: Input,
    /// Where the routers are, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// The clinic's line is not open yet: required checks of phase `clinic` may fail, and the line is called not proven
    #[arg(long, value_name = "REASON", value_parser = NonEmptyStringValueParser::new())]
    pub line_pending: Option<String>,
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
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("adopt", "未保存の変更があっても比較します"),
        (
            "line_pending",
            "医院の回線は未開通です。clinic フェーズの必須の確認が NG でも失敗とはせず、「回線は未確認」と表示します",
        ),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy verify playbooks/online-eligibility.yaml -i inventories/sample-clinics.yaml --format json",
        "ixdeploy verify playbooks/online-eligibility.yaml -i clinics.yaml --line-pending 'opens on 12 January'",
    ];
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
            line_pending: args.line_pending.clone(),
            reach: reach(&args.reach),
            ..RunOptions::default()
        },
    };
    let report = run::verify(&context.run_env(), &request)?;
    let screen = context.screen.clone();
    let failures = report.routers.iter().filter(|one| one.is_declared_with_failed_check()).count();
    let change_of = |one: &VerifyResult| report.prefix_changes.get(&one.plan.intent.router);
    let documents: Vec<Value> = report.routers.iter().map(|one| document(one, change_of(one))).collect();
    let mut checked = String::new();
    for one in &report.routers {
        let mut lines =
            unpassed(screen.lang, &one.checks) + &not_proven(one, screen.lang) + &which_line(one, screen.lang);
        if let Some(change) = change_of(one) {
            lines.push_str(&format!("  {}\n", Style::Warn.on(change.text().get(screen.lang))));
        }
        if !lines.is_empty() {
            checked.push_str(&format!("{}:\n{lines}", one.plan.intent.router));
        }
    }
    let plans: Vec<PlanResult> = report.routers.into_iter().map(|one| one.plan).collect();
    show_plans::plans(&screen, &plans, Detail { why: args.why, ..context.detail() });
    context.screen.say_prose(&checked);
    show_plans::count(&screen, &plans, Some(failures), 0);
    context.screen.document("verify", report.exit, &json!({ "routers": documents }));
    Ok(report.exit)
}

/// Why the clinic's line is not proven, for people.
fn not_proven(one: &VerifyResult, lang: Lang) -> String {
    let Some(reason) = one.line_pending().map(visible::line) else { return String::new() };
    match lang {
        Lang::En => format!("  line not proven: {reason}\n"),
        Lang::Ja => format!("  回線は未確認: {reason}\n"),
    }
}

/// What does not fit the line, for people: where a check failed, that is said in so many words.
fn which_line(one: &VerifyResult, lang: Lang) -> String {
    let has_failed = one.checks.iter().any(|check| check.passed == Some(false));
    let seen = one.line.as_ref().filter(|_| has_failed && one.line_pending().is_none());
    seen.map(|seen| report::misfit_words(&seen.misfits, lang)).unwrap_or_default()
}

/// One router in the JSON document. A router that was only read has no state: nothing is planned for it.
fn document(one: &VerifyResult, prefix_change: Option<&PrefixChange>) -> Value {
    let mut value = show_plans::document(&one.plan);
    if let Some(fields) = value.as_object_mut() {
        if one.plan.result.is_ok() {
            fields.shift_remove("state");
        }
        fields.insert("verified".into(), one.is_verified().into());
        fields.insert("checks".into(), json!(one.checks));
        if let Some(reason) = one.line_pending() {
            fields.insert("line_pending".into(), reason.into());
        }
        if let Some(seen) = &one.line {
            fields.extend(line_document(seen, prefix_change));
        }
    }
    value
}
