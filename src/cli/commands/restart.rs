//! `restart RUN`: restart the routers on which lines of a run wait for it, and verify them again.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::args::{Earlier, Reach};
use crate::cli::change::{declined_cause, is_yes, no_operator_error};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::finish::{Asked, finish_run};
use crate::cli::input;
use crate::cli::operator;
use crate::cli::record::{self, Begun};
use crate::cli::recover;
use crate::cli::subcommand::{Group, Subcommand};
use crate::fleet::{self, Applying, Limits, RestartTask, Restarting, Target};
use crate::journal::{Journal, JournalError, RouterRun, RunLog};
use crate::message::{Explain, Lang, Text};
use crate::record::{Kind, Place, Policy, Readers};
use crate::state::State;
use crate::transaction::Outcome;

/// Restart routers on which saved lines of a run wait for it, and look again
#[derive(Debug, Clone, Args)]
pub struct RestartArgs {
    /// Which
    #[command(flatten)]
    pub earlier: Earlier,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

impl Subcommand for RestartArgs {
    const NAME: &'static str = "restart";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "再起動待ちの行があるルータを再起動し、復帰後に再度検証します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("inventory", "インベントリ [既定: その実行のもの]")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy restart 20261122-114603-7k3f"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Restarts them.
///
/// # Errors
/// When nothing waits for a restart, or there is nobody to ask. Nothing was sent then.
fn run(context: &Context, args: &RestartArgs) -> Result<Exit, Vec<Failure>> {
    if !args.earlier.asking.yes && !context.person.present() {
        return Err(vec![no_operator_error()]);
    }
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let summary =
        journal.run(&args.earlier.run).map_err(|error: JournalError| vec![Failure::new(&error, Exit::Usage)])?;
    journal.trust(&args.earlier.run).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
    let waiting = |name: &str| {
        summary
            .parts
            .iter()
            .find(|part| part.router == name && part.state == Some(State::Saved) && part.restart_pending)
    };
    let inventory_path = args.earlier.inventory.clone().unwrap_or_else(|| PathBuf::from(&summary.inventory));
    let inventory = input::load_inventory(context, &inventory_path)?;
    let choices = input::choices(context, &inventory, &args.reach);
    let limit = args.earlier.only.limit.as_deref();
    let asked = Asked { limit, ..Asked::default() };
    let mut targets = input::bare_targets(&inventory, limit, &choices)?;
    targets.retain(|target| waiting(&target.intent.router).is_some());
    for target in &mut targets {
        let serial_number = waiting(&target.intent.router).map(|part| part.serial_number.clone());
        Arc::make_mut(&mut target.intent).device.serial_number = serial_number;
    }
    if targets.is_empty() {
        return Err(vec![nothing_waits(&args.earlier.run)]);
    }
    let mut outcomes = exclude_unfinished(context, &mut targets)?;
    if targets.is_empty() {
        return Ok(finish_run(context, "restart", (&outcomes, asked), None));
    }
    if !args.earlier.asking.yes && !may_restart(context, targets.len())? {
        let declined =
            |target: &Target| Outcome::without_a_session(&target.intent, 0, (State::Declined, declined_cause()));
        outcomes.extend(targets.iter().map(declined));
        return Ok(finish_run(context, "restart", (&outcomes, asked), None));
    }
    let routers: Vec<String> = targets.iter().map(|target| target.intent.router.clone()).collect();
    let source = PathBuf::from(&args.earlier.run);
    let limits = Limits { concurrency: 1, max_failures: 1 };
    let unknown = outcomes.iter().map(|outcome| (&outcome.router, &outcome.site));
    let places = unknown.chain(targets.iter().map(|target| (&target.intent.router, &target.intent.site)));
    let places = places.map(|(router, site)| Place { router: router.clone(), site: site.clone() }).collect();
    let policy = Policy {
        concurrency: limits.concurrency,
        max_failures: Some(limits.max_failures),
        limit: limit.map(str::to_owned),
        asked: !args.earlier.asking.yes,
    };
    let log = record::begin(
        context,
        Begun { action: "restart", inventory: inventory_path, source, plan_sha256: None, routers, places, policy },
    )?;
    let vault = Arc::clone(&choices.connect_options.vault);
    let applying = Applying::new(context.executor_env(&targets), vault, log.clone());
    let tasks: Vec<RestartTask> = targets.iter().map(|target| target.task(fleet::Restart)).collect();
    let ends = fleet::run(Restarting(applying), &tasks, limits, &context.cancel);
    for outcome in ends.iter().filter(|outcome| outcome.state == State::Saved) {
        clear_restart_pending(context, &journal, &args.earlier.run, &outcome.router);
    }
    outcomes.extend(ends);
    Ok(finish_run(context, "restart", (&outcomes, asked), Some(&log)))
}

/// A router that a later run left unknown is settled first: what it runs may be half of a change, which a restart would hide.
fn exclude_unfinished(context: &Context, targets: &mut Vec<Target>) -> Result<Vec<Outcome>, Vec<Failure>> {
    let open = recover::unfinished(context, targets)?;
    targets.retain(|target| !open.iter().any(|(other, _)| other.intent.router == target.intent.router));
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let unknown = |(target, part): &(Target, RouterRun)| {
        let end = (State::Lost, operator::open_cause(&journal, part)?);
        Ok(Outcome::without_a_session(&target.intent, part.accepted.len(), end))
    };
    open.iter().map(unknown).collect()
}

fn may_restart(context: &Context, count: usize) -> Result<bool, Vec<Failure>> {
    let question = match context.lang {
        Lang::En => format!("Restart {count} router(s)? Each is out of service for some minutes. [yes/no]"),
        Lang::Ja => {
            format!("ルータ {count} 台を再起動します。それぞれ数分間通信が止まります。よろしいですか? [yes/no]")
        }
    };
    let answer = context.person.ask(&question).ok_or_else(|| vec![no_operator_error()])?;
    Ok(is_yes(&answer))
}

/// The run that waited for a restart learns that it is over.
pub fn clear_restart_pending(context: &Context, journal: &Arc<Journal>, run: &str, router: &str) {
    let recorder = RunLog::of(Arc::clone(journal), run).router_journal(&Readers::default(), router, "", 0);
    if let Err(error) = recorder.record(Kind::Restarted { started_at: None }) {
        context.warn(&error.text());
    }
}

fn nothing_waits(run: &str) -> Failure {
    Failure::usage(
        "restart.nothing",
        Text::new(
            format!("nothing of run {run} waits for a restart"),
            format!("実行 {run} には再起動待ちの変更がありません"),
        ),
        Text::new(
            format!("`ixdeploy show {run}` says how it ended"),
            format!("ixdeploy show {run} で結果を確認できます"),
        ),
    )
}
