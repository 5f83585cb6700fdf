//! `verify`: is each router what it should be, and do its checks pass? Nothing is written.

use serde_json::{Value, json};

use super::args::Verify;
use super::conclude::unpassed;
use super::context::Context;
use super::error::{Exit, Failure};
use super::input;
use super::plan::{self, Planned};
use crate::event::Event;
use crate::rollout::{self, Verified, Verifying};

/// Compares and checks.
///
/// # Errors
/// What is wrong in the input.
pub fn run(context: &Context, args: &Verify) -> Result<Exit, Vec<Failure>> {
    let loaded = input::load(context, &args.input)?;
    let choices = input::choices(context, &loaded.inventory, &args.reach, args.phase);
    let targets = loaded.targets(&choices)?;
    let sink = context.sink();
    sink.emit(&Event::RunStarted { action: "verify", routers: targets.len(), sites: loaded.sites() });
    let limits = rollout::Limits { max_failures: usize::MAX, ..loaded.limits() };
    let verified = rollout::run(
        Verifying { sink, state_dir: context.state_dir.clone(), cancel: context.cancel.clone() },
        targets,
        limits,
        &context.cancel,
    )
    .map_err(|cause| vec![Failure::machine("tokio", &cause)])?;
    let mut exit = Exit::Done;
    let mut routers: Vec<Value> = Vec::new();
    let mut planned: Vec<Planned> = Vec::new();
    let mut checked = String::new();
    let mut failures = 0;
    for Verified { seen, checks } in verified {
        let one = Planned::from(seen);
        let failed = checks.iter().any(|check| check.required && check.passed == Some(false));
        exit = exit.max(match &one.result {
            Err(_) => Exit::NotDone,
            Ok((_, plan)) if failed || !plan.is_empty() => Exit::Differs,
            Ok(_) => Exit::Done,
        });
        if failed && one.result.as_ref().is_ok_and(|(_, plan)| plan.is_empty()) {
            failures += 1;
        }
        let lines = unpassed(context.lang, &checks);
        if !lines.is_empty() {
            checked.push_str(&format!("{}:\n{lines}", one.job.router));
        }
        let mut value = plan::document(&one);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("checks".into(), json!(checks));
        }
        routers.push(value);
        planned.push(one);
    }
    plan::show(context, &planned, false);
    context.say(&checked);
    plan::count(context, &planned, Some(failures));
    context.document("verify", exit, &json!({ "routers": routers }));
    Ok(exit)
}
