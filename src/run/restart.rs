//! `restart`: restart the routers on which lines of a run wait for it, and verify them again.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::barred::exclude_barred;
use super::begin::{Basis, Beginning, Begun, begin_run, places};
use super::change::declined_end;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::input::{bare_targets, load_inventory};
use super::operator::Approval;
use super::options::RunOptions;
use super::recover::clear_restart_pending;
use super::target::Target;
use super::unfinished::exclude_unfinished;
use super::windows::{tell_windows, window_rules};
use crate::fleet::{self, Applying, Limits, RestartTask, Restarting, Rules};
use crate::record::Policy;
use crate::state::State;
use crate::transaction::{FailedEnd, Outcome};

/// Which run's routers are restarted.
#[derive(Debug, Clone, Default)]
pub struct RestartRequest {
    /// The run.
    pub run: String,
    /// The inventory; nothing for the one that the run began with.
    pub inventory: Option<PathBuf>,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Restarts routers.
///
/// # Errors
/// When nothing waits for a restart, or there is no one to ask. Nothing was sent then.
pub fn restart(env: &RunEnv, request: &RestartRequest) -> Result<FinishedRun, RunError> {
    let assume_yes = request.options.assume_yes;
    let journal = env.journal()?;
    let run = journal.run(&request.run)?;
    if !assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    journal.trust(&request.run)?;
    let waiting = |name: &str| {
        run.parts.iter().find(|part| part.router == name && part.state == Some(State::Saved) && part.restart_pending)
    };
    let inventory_path = request.inventory.clone().unwrap_or_else(|| PathBuf::from(&run.inventory));
    let inventory = load_inventory(&*env.operator, &inventory_path)?;
    let choices = request.options.choices(env, &inventory);
    let mut targets = bare_targets(env, &inventory, request.limit.as_deref(), &choices)?;
    targets.retain(|target| waiting(&target.intent.router).is_some());
    for target in &mut targets {
        let recorded = waiting(&target.intent.router).and_then(|part| part.identity.serial_number.clone());
        let device = &mut Arc::make_mut(&mut target.intent).device;
        device.serial_number = recorded.or(device.serial_number.take());
    }
    if targets.is_empty() {
        return Err(RunError::NothingToRestart { run: request.run.clone() });
    }
    let barred = exclude_barred(&mut targets, Timestamp::now());
    // What an unfinished router runs may be half of a change, which a restart would hide.
    let excluded = exclude_unfinished(env, &mut targets)?;
    let mut outcomes: Vec<Outcome> = excluded
        .into_iter()
        .map(|one| {
            let end = FailedEnd { state: State::Lost, cause: one.cause };
            Outcome::without_a_session(&one.intent, one.sent, end)
        })
        .chain(barred)
        .collect();
    let without_a_run = |outcomes| finish_run(env, "restart", outcomes, None).limited_to(request.limit.clone());
    if targets.is_empty() {
        return Ok(without_a_run(outcomes));
    }
    tell_windows(&*env.operator, &targets, Timestamp::now());
    let question = Approval::Restart { routers: targets.len() };
    if !assume_yes && !env.operator.approve(&question).ok_or(RunError::NoOperator)? {
        let declined = |target: &Target| Outcome::without_a_session(&target.intent, 0, declined_end());
        outcomes.extend(targets.iter().map(declined));
        return Ok(without_a_run(outcomes));
    }
    let limits = Limits { concurrency: 1, max_failures: 1 };
    let begun = Begun {
        action: "restart",
        inventory: inventory_path,
        basis: Basis::Run(request.run.clone()),
        plan_sha256: None,
        routers: targets.iter().map(|target| target.intent.router.clone()).collect(),
        places: places(&outcomes, &targets),
        policy: Policy {
            concurrency: limits.concurrency,
            max_failures: Some(limits.max_failures),
            rollout: None,
            limit: request.limit.clone(),
            asked: !assume_yes,
            outside_windows: request.options.outside_windows.clone(),
            on_bench: request.options.on_bench,
            adopt: false,
            set_secrets: false,
            kept_sha256: None,
        },
        beginning: Beginning::New,
        plan: None,
    };
    let log = begin_run(env, begun)?;
    let vault = Arc::clone(&choices.connect_options.vault);
    let applying = Applying::new(env.executor_env(&targets), vault, log.clone());
    let tasks: Vec<RestartTask> =
        targets.iter().map(|target| target.task(|intent| fleet::Restart { intent })).collect();
    let rules = Rules { windows: window_rules(&targets, Timestamp::now()), ..limits.into() };
    let ends = fleet::run(Restarting(applying), &tasks, rules, &env.cancel);
    for outcome in ends.iter().filter(|outcome| outcome.state == State::Saved) {
        clear_restart_pending(env, &journal, &request.run, &outcome.router);
    }
    outcomes.extend(ends);
    Ok(finish_run(env, "restart", outcomes, Some(&log)).limited_to(request.limit.clone()))
}
