//! `verify`: is each router what it should be, and do its checks pass? Nothing is written.

use clap::Args;
use serde_json::{Value, json};

use super::plan::{self, Planned};
use crate::cli::args::{Input, Phase, Reach};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::finish::unpassed;
use crate::cli::input;
use crate::cli::subcommand::{Group, Subcommand};
use crate::fleet::{self, Choices, Verified, VerifyTask, Verifying};
use crate::record::{Kind, Sink};
use crate::transaction::CheckResult;

/// Compare routers with what is declared and run the checks; nothing is written
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// What to verify
    #[command(flatten)]
    pub input: Input,
    /// Where the routers stand, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
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
    let loaded = input::load(context, &args.input)?;
    let choices = Choices {
        adopt: args.adopt,
        at_clinic: args.phase == Phase::Clinic,
        ..input::choices(context, &loaded.inventory, &args.reach)
    };
    let (targets, unknown) = plan::exclude_unfinished(context, loaded.targets(&choices)?)?;
    context.readers().emit(Kind::RunStarted {
        action: "verify".to_owned(),
        routers: targets.len(),
        sites: loaded.sites(),
    });
    let limits = fleet::Limits { max_failures: usize::MAX, ..loaded.limits() };
    let tasks: Vec<VerifyTask> = targets.iter().map(|target| target.task(fleet::Verify)).collect();
    let verified = fleet::run(Verifying(context.executor_env(&targets)), &tasks, limits, &context.cancel);
    let mut exit = Exit::Done;
    let mut routers: Vec<Value> = Vec::new();
    let mut planned: Vec<Planned> = Vec::new();
    let mut checked = String::new();
    let mut failures = 0;
    let (mut seen, mut checks): (Vec<Planned>, Vec<Vec<CheckResult>>) =
        verified.into_iter().map(|Verified { seen, checks }| (Planned::from(seen), checks)).unzip();
    plan::hint_unfinished_run(context, &mut seen)?;
    checks.extend(unknown.iter().map(|_| Vec::new()));
    for (one, checks) in seen.into_iter().chain(unknown).zip(checks) {
        let failed = checks.iter().any(is_failure);
        exit = exit.max(match &one.result {
            Err((state, _)) => Exit::from(state.verdict()),
            Ok(_) if is_verified(&one, &checks) => Exit::Done,
            Ok(_) => Exit::Differs,
        });
        if failed && one.result.as_ref().is_ok_and(|(_, plan)| plan.is_empty()) {
            failures += 1;
        }
        let lines = unpassed(context.lang, &checks);
        if !lines.is_empty() {
            checked.push_str(&format!("{}:\n{lines}", one.intent.router));
        }
        routers.push(document(&one, &checks));
        planned.push(one);
    }
    plan::show(context, &planned, false);
    context.say(&checked);
    plan::count(context, &planned, Some(failures));
    context.run_ended(exit);
    context.document("verify", exit, &json!({ "routers": routers }));
    Ok(exit)
}

fn is_failure(check: &CheckResult) -> bool {
    check.required && check.passed == Some(false)
}

/// Whether a router was read, is what it should be, and does what it should.
fn is_verified(one: &Planned, checks: &[CheckResult]) -> bool {
    one.result.as_ref().is_ok_and(|(_, plan)| plan.is_empty()) && !checks.iter().any(is_failure)
}

/// One router in the JSON document. What was read has no state: nothing is planned, and a run's states are none of it.
fn document(one: &Planned, checks: &[CheckResult]) -> Value {
    let mut value = plan::document(one);
    if let Some(fields) = value.as_object_mut() {
        if one.result.is_ok() {
            fields.shift_remove("state");
        }
        fields.insert("verified".into(), is_verified(one, checks).into());
        fields.insert("checks".into(), json!(checks));
    }
    value
}
