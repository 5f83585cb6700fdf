//! Runs that nobody knows the end of are settled before anything else happens to their routers.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::change;
use super::commands::restart;
use super::context::Context;
use super::counsel::counsel;
use super::error::{Exit, Failure};
use super::operator;
use super::record;
use crate::fleet::{self, Applying, Choices, Limits, Recover, RecoverTask, Recovering, Target};
use crate::journal::{RouterRun, RunLog, RunSummary};
use crate::message::{Lang, Text};
use crate::state::State;
use crate::transaction::{CauseRecord, Decisions, Outcome, RecoveryChoice};

/// Whether the router's end is known now.
pub fn is_recovered(outcome: &Outcome) -> bool {
    matches!(outcome.state, State::Saved | State::Undone)
}

/// What earlier runs left of these routers: under their names, or of the same box under the name that another inventory gives it.
///
/// # Errors
/// When the journal cannot be read.
pub fn unfinished(context: &Context, targets: &[Target]) -> Result<Vec<(Target, RouterRun)>, Vec<Failure>> {
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let read = |error| vec![Failure::new(&error, Exit::Usage)];
    let open: Vec<RouterRun> =
        journal.open_parts().map_err(read)?.into_iter().filter(RouterRun::is_unfinished).collect();
    let mut found = Vec::new();
    for target in targets {
        let intent = &target.intent;
        let is_the_box = |part: &&RouterRun| {
            intent.device.serial_number.as_ref().is_some_and(|number| *number == part.serial_number)
        };
        let own = open.iter().find(|part| part.router == intent.router);
        found.extend(own.or_else(|| open.iter().find(is_the_box)).map(|part| (target.clone(), part.clone())));
    }
    Ok(found)
}

/// Reads each router that an earlier run left unknown, and finishes that run or takes it back; asks first.
///
/// # Errors
/// When the journal cannot be read, or there is nobody to ask.
pub fn recover(
    context: &Context,
    targets: &[Target],
    choices: &Choices,
    yes: bool,
) -> Result<Vec<Outcome>, Vec<Failure>> {
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let mut outcomes = Vec::new();
    let mut found = Vec::new();
    for (target, part) in unfinished(context, targets)? {
        match operator::another(&journal, &part).map_err(|error| vec![Failure::new(&error, Exit::Usage)])? {
            // Under the name that this inventory gives the box.
            Some(others) => outcomes.push(Outcome {
                router: target.intent.router.clone(),
                site: target.intent.site.clone(),
                ..operator::left_alone(&others, &part)
            }),
            None => found.push((target, part)),
        }
    }
    // A run goes on under the names, and with the ways in, of the inventory that it began with.
    let (own, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(target, part)| part.router == target.intent.router);
    outcomes.extend(ask_and_perform(context, own, choices, yes, None)?);
    for (target, part) in others {
        let cause = unfinished_cause(&part);
        context.note(cause.text.get(context.lang));
        outcomes.push(Outcome::without_a_session(&target.intent, part.accepted.len(), (State::Lost, cause)));
    }
    Ok(outcomes)
}

/// Settles parts of runs; asks first. With a decision the playbook's policy does not count.
///
/// # Errors
/// When there is nobody to ask, or no runtime to wait with.
pub fn ask_and_perform(
    context: &Context,
    found: Vec<(Target, RouterRun)>,
    choices: &Choices,
    yes: bool,
    decision: Option<RecoveryChoice>,
) -> Result<Vec<Outcome>, Vec<Failure>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let journal = context.journal().map_err(|failure| vec![failure])?;
    for run in found.iter().map(|(_, part)| part.run.as_str()).collect::<BTreeSet<_>>() {
        journal.trust(run).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
    }
    for (_, part) in &found {
        context.note(operator::open_cause(&journal, part)?.text.get(context.lang));
    }
    if !yes {
        let question = match context.lang {
            Lang::En => {
                format!("Read {} router(s) again and finish what was begun, or take it back? [yes/no]", found.len())
            }
            Lang::Ja => {
                format!("{} 台を読み直し、前回の変更を完了または取り消します。よろしいですか? [yes/no]", found.len())
            }
        };
        let answer = context.person.ask(&question).ok_or_else(|| vec![change::no_operator_error()])?;
        if !change::is_yes(&answer) {
            let declined = |(target, part): &(Target, RouterRun)| {
                let end = (State::Lost, operator::open_cause(&journal, part)?);
                Ok(Outcome::without_a_session(&target.intent, part.accepted.len(), end))
            };
            return found.iter().map(declined).collect();
        }
    }
    perform(context, found, choices, counsel(context, yes), decision)
}

fn perform(
    context: &Context,
    found: Vec<(Target, RouterRun)>,
    choices: &Choices,
    counsel: Arc<dyn Decisions>,
    decision: Option<RecoveryChoice>,
) -> Result<Vec<Outcome>, Vec<Failure>> {
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let restarting: Vec<RouterRun> =
        found.iter().map(|(_, part)| part).filter(|part| part.restarting).cloned().collect();
    let mut outcomes = Vec::new();
    for (run, found) in by_run(found) {
        let log = RunLog::of(Arc::clone(&journal), "");
        let vault = Arc::clone(&choices.connect_options.vault);
        let run = journal.run(&run).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
        let half = in_half_changed_sites(&run, &found);
        let recover = |(target, part): &(Target, RouterRun)| {
            target.task(Recover {
                run: part.run.clone(),
                fence: part.next_fence(),
                sent: part.accepted.len(),
                planned: part.planned(),
                decision,
                in_half_changed_site: half.contains(&part.router),
            })
        };
        let mut tasks: Vec<RecoverTask> = found.iter().map(recover).collect();
        // What a person decides holds for each router; a policy leaves no site half done.
        if decision.is_none() {
            fleet::group_by_site(&mut tasks);
        }
        let env = context.executor_env(found.iter().map(|(target, _)| target));
        let applying = Applying::new(env, vault, log).decided_by(Arc::clone(&counsel)).in_groups(&tasks);
        let work = Recovering { applying, by: record::who() };
        let limits = Limits { concurrency: 4, max_failures: usize::MAX };
        let ends = fleet::run(work, &tasks, limits, &context.cancel);
        outcomes.extend(ends);
    }
    for part in restarting {
        if outcomes.iter().any(|outcome| outcome.router == part.router && outcome.state == State::Saved) {
            let run = journal.run(&part.run).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
            restart::clear_restart_pending(context, &journal, &run.source, &part.router);
        }
    }
    Ok(outcomes)
}

/// Parts of one run after those of another, each run with the sites it changed.
fn by_run(found: Vec<(Target, RouterRun)>) -> Vec<(String, Vec<(Target, RouterRun)>)> {
    let mut runs: Vec<(String, Vec<(Target, RouterRun)>)> = Vec::new();
    for (target, part) in found {
        match runs.iter_mut().find(|(run, _)| *run == part.run) {
            Some((_, parts)) => parts.push((target, part)),
            None => runs.push((part.run.clone(), vec![(target, part)])),
        }
    }
    runs
}

/// The routers with a partner that the run left without the change. Those on a console that they share are transactions of their own.
fn in_half_changed_sites(run: &RunSummary, found: &[(Target, RouterRun)]) -> BTreeSet<String> {
    let is_open = |other: &RouterRun| found.iter().any(|(_, part)| part.router == other.router);
    let ended_without = |other: &&RouterRun| other.state != Some(State::Saved) && !is_open(other);
    let without: Vec<&RouterRun> = run.parts.iter().filter(ended_without).collect();
    let is_half = |part: &RouterRun| without.iter().any(|other| other.site == part.site);
    let own_way = found.iter().filter(|(target, _)| target.connector.shared().is_none());
    own_way.filter(|(_, part)| is_half(part)).map(|(_, part)| part.router.clone()).collect()
}

/// The parts of earlier runs that were left open, by router: unknown, or left to a person.
///
/// # Errors
/// When the journal cannot be read.
pub fn open_parts(context: &Context) -> Result<Vec<RouterRun>, Vec<Failure>> {
    let journal = context.journal().map_err(|failure| vec![failure])?;
    journal.open_parts().map_err(|error| vec![Failure::new(&error, Exit::Usage)])
}

/// What is not saved on a router that a run left to a person may be half of that run's change: nobody is told to save it.
pub fn hint_unfinished_run(open: &[RouterRun], router: &str, cause: &mut CauseRecord) {
    let Some(part) = open.iter().find(|part| part.router == router) else { return };
    if !matches!(cause.code.as_str(), "router.unsaved" | "router.startup-unread") {
        return;
    }
    let (run, word) = (&part.run, part.state.map_or("planned", State::word));
    cause.hints = vec![Text::new(
        format!(
            "do not save it by hand: run {run} ended `{word}` here, and this may be half of its change (`ixdeploy show {run}`); when somebody has worked on it, `ixdeploy resume {run}` reads it again"
        ),
        format!(
            "手作業で保存しないでください。実行 {run} がこのルータで `{word}` に終わっており、その変更の一部の可能性があります(ixdeploy show {run})。手で直した後、ixdeploy resume {run} で読み直せます"
        ),
    )];
}

/// Why a router cannot be planned for.
pub fn unfinished_cause(part: &RouterRun) -> CauseRecord {
    let word = part.state.map_or("planned", State::word);
    let (run, router) = (&part.run, &part.router);
    CauseRecord {
        code: "journal.unfinished".to_owned(),
        text: Text::new(
            format!("{router}: run {run} did not end (last known: {word})"),
            format!("{router}: 実行 {run} が終了していません(最後の状態: {word})"),
        ),
        hints: vec![Text::new(
            format!("run `ixdeploy resume {run}`: the router is read again, then the change is finished or taken back"),
            format!("ixdeploy resume {run} を実行してください。ルータを読み直し、変更を完了または取り消します"),
        )],
    }
}
