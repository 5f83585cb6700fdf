//! `restart RUN`: restart the routers on which lines of a run wait for it, and verify them again.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::Restart;
use super::conclude::{Asked, conclude};
use super::context::Context;
use super::error::{Exit, Failure};
use super::input;
use super::operator;
use super::record::{self, Begun};
use super::round::{declined_cause, is_yes, nobody_to_ask};
use super::settle;
use crate::journal::{Journal, JournalError, Part, Record, RunLog};
use crate::message::{Explain, Lang, Text};
use crate::rollout::{self, Applying, Limits, Restarting, Target};
use crate::state::State;
use crate::transaction::Outcome;

/// Restarts them.
///
/// # Errors
/// When nothing waits for a restart, or there is nobody to ask. Nothing was sent then.
pub fn run(context: &Context, args: &Restart) -> Result<Exit, Vec<Failure>> {
    if !args.earlier.asking.yes && !context.person.present() {
        return Err(vec![nobody_to_ask()]);
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
    targets.retain(|target| waiting(&target.job.router).is_some());
    for target in &mut targets {
        let serial_number = waiting(&target.job.router).map(|part| part.serial_number.clone());
        Arc::make_mut(&mut target.job).serial_number = serial_number;
    }
    if targets.is_empty() {
        return Err(vec![nothing_waits(&args.earlier.run)]);
    }
    let mut outcomes = leave_unknown(context, &mut targets)?;
    if targets.is_empty() {
        return Ok(conclude(context, "restart", (&outcomes, asked), None));
    }
    if !args.earlier.asking.yes && !may_restart(context, targets.len())? {
        let declined =
            |target: &Target| Outcome::without_a_session(&target.job, 0, (State::Declined, declined_cause()));
        outcomes.extend(targets.iter().map(declined));
        return Ok(conclude(context, "restart", (&outcomes, asked), None));
    }
    let routers: Vec<String> = targets.iter().map(|target| target.job.router.clone()).collect();
    let source = PathBuf::from(&args.earlier.run);
    let log = record::begin(
        context,
        Begun { action: "restart", inventory: inventory_path, source, plan_sha256: None, routers },
    )?;
    let vault = Arc::clone(&choices.ways.vault);
    let applying = Applying::new(context.sink(), vault, context.cancel.clone(), log.clone(), context.state_dir.clone());
    let limits = Limits { concurrency: 1, max_failures: 1 };
    let ends = rollout::run(Restarting { applying }, targets, limits, &context.cancel)
        .map_err(|cause| vec![Failure::machine("tokio", &cause)])?;
    for outcome in ends.iter().filter(|outcome| outcome.state == State::Saved) {
        waits_no_longer(context, &journal, &args.earlier.run, &outcome.router);
    }
    outcomes.extend(ends);
    Ok(conclude(context, "restart", (&outcomes, asked), Some(&log)))
}

/// A router that a later run left unknown is settled first: what it runs may be half of a change, which a restart would hide.
fn leave_unknown(context: &Context, targets: &mut Vec<Target>) -> Result<Vec<Outcome>, Vec<Failure>> {
    let open = settle::unfinished(context, targets)?;
    targets.retain(|target| !open.iter().any(|(other, _)| other.job.router == target.job.router));
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let unknown = |(target, part): &(Target, Part)| {
        let end = (State::Lost, operator::open_cause(&journal, part)?);
        Ok(Outcome::without_a_session(&target.job, part.accepted.len(), end))
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
    let answer = context.person.ask(&question).ok_or_else(|| vec![nobody_to_ask()])?;
    Ok(is_yes(&answer))
}

/// The run that waited for a restart learns that it is over.
pub fn waits_no_longer(context: &Context, journal: &Arc<Journal>, run: &str, router: &str) {
    let ledger = RunLog::of(Arc::clone(journal), run).ledger(router);
    if let Err(error) = ledger.write(Record::Restarted { started_at: None }) {
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
