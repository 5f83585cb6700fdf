//! Recover unfinished runs first: their routers are read again, and the change is finished or undone, before anything else happens.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::enrol::enrol_host_keys;
use super::env::RunEnv;
use super::error::RunError;
use super::new_passwords::recall;
use super::old_keys::{forget_old_keys, is_of_new_box, tell_unless_settled};
use super::operator::{Approval, Notice};
use super::owner::{left_alone, open_cause, owned_by_another, who};
use super::prepare::Choices;
use super::target::Target;
use super::unfinished::{OpenRun, unfinished};
use crate::connect::PasswordLogin;
use crate::fleet::{self, Applying, Fleet, Limits, Recover, RecoverTask, Recovering};
use crate::journal::{Journal, JournalError, RouterRun, RunLog, RunSummary};
use crate::message::Explain;
use crate::record::{Kind, Readers};
use crate::state::State;
use crate::transaction::{FailedEnd, Outcome, RecoveryChoice, unfinished_cause};

/// Whether the router's end is known now.
pub(super) fn is_recovered(outcome: &Outcome) -> bool {
    matches!(outcome.state, State::Saved | State::Undone)
}

/// Recovers each router that an earlier run left unfinished; asks first.
///
/// # Errors
/// When the journal cannot be read, or there is no one to ask.
pub(super) fn recover(
    env: &RunEnv,
    targets: &[Target],
    choices: &Choices,
    assume_yes: bool,
) -> Result<Vec<Outcome>, RunError> {
    let journal = env.journal()?;
    let mut outcomes = Vec::new();
    let mut found = Vec::new();
    for open in unfinished(env, targets)? {
        match owned_by_another(&journal, &open.part)? {
            // Under the name that this inventory gives the box.
            Some(other) => outcomes.push(Outcome {
                router: open.target.intent.router.clone(),
                site: open.target.intent.site.clone(),
                ..left_alone(&other, &open.part)
            }),
            None => found.push(open),
        }
    }
    // A run is continued under the names, and with the connections, of the inventory that it began with.
    let (own, renamed): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|open| open.part.router == open.target.intent.router);
    outcomes.extend(ask_and_recover(env, own, choices, &Recovery { assume_yes, choice: None })?);
    for OpenRun { target, part } in renamed {
        let cause = unfinished_cause(&part);
        env.operator.tell(&Notice::Note(&cause.text));
        let end = FailedEnd { state: State::Lost, cause };
        outcomes.push(Outcome::without_a_session(&target.intent, part.accepted.len(), end));
    }
    Ok(outcomes)
}

/// How routers are recovered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recovery {
    /// No one is asked.
    pub(super) assume_yes: bool,
    /// What the operator decided for all of them; without it the playbook's policy decides.
    pub(super) choice: Option<RecoveryChoice>,
}

/// Recovers what runs left of routers; asks first.
///
/// # Errors
/// When there is no one to ask, or no runtime to wait with.
pub(super) fn ask_and_recover(
    env: &RunEnv,
    found: Vec<OpenRun>,
    choices: &Choices,
    how: &Recovery,
) -> Result<Vec<Outcome>, RunError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let journal = env.journal()?;
    for run in found.iter().map(|open| open.part.run.as_str()).collect::<BTreeSet<_>>() {
        journal.trust(run)?;
    }
    for OpenRun { target, part } in &found {
        recall(&journal, part, &*choices.connect_options.vault)?;
        if let Some(login) = &part.came_in.as_ref().and_then(PasswordLogin::recorded) {
            target.connector.came_in(login);
        }
    }
    for OpenRun { part, .. } in &found {
        env.operator.tell(&Notice::Note(&open_cause(&journal, part)?.text));
    }
    if !how.assume_yes {
        let question = Approval::Recover { routers: found.len() };
        let is_asked = env.operator.is_present();
        // A terminal that goes away at the question says no: the routers are as unknown as they were.
        if !env.operator.approve(&question).or(is_asked.then_some(false)).ok_or(RunError::NoOperator)? {
            let declined = |OpenRun { target, part }: &OpenRun| {
                let end = FailedEnd { state: State::Lost, cause: open_cause(&journal, part)? };
                Ok(Outcome::without_a_session(&target.intent, part.accepted.len(), end))
            };
            return found.iter().map(declined).collect();
        }
    }
    recover_each_run(env, found, choices, how)
}

fn recover_each_run(
    env: &RunEnv,
    found: Vec<OpenRun>,
    choices: &Choices,
    how: &Recovery,
) -> Result<Vec<Outcome>, RunError> {
    let journal = env.journal()?;
    let decisions = env.decisions(how.assume_yes);
    let restarting: Vec<RouterRun> =
        found.iter().map(|open| &open.part).filter(|part| part.restarting).cloned().collect();
    let mut outcomes = Vec::new();
    for (run, found) in by_run(found) {
        let log = RunLog::of(Arc::clone(&journal), "");
        let vault = Arc::clone(&choices.connect_options.vault);
        let summary = journal.run(&run)?;
        let half = in_half_changed_sites(&summary, &found);
        let recover = |OpenRun { target, part }: &OpenRun| -> Result<RecoverTask, JournalError> {
            let fence = journal.next_fence(part)?;
            Ok(target.task(|intent| Recover {
                intent,
                run: part.run.clone(),
                fence,
                sent: part.accepted.len(),
                planned: part.planned(),
                decision: how.choice,
                in_half_changed_site: half.contains(&part.router),
            }))
        };
        let mut tasks = found.iter().map(recover).collect::<Result<Vec<_>, _>>()?;
        // What the operator decides holds for each router; a policy leaves no site half done.
        if how.choice.is_none() {
            fleet::group_by_site(&mut tasks);
        }
        let executor_env = env.executor_env(found.iter().map(|open| &open.target));
        let applying = Applying::new(executor_env, vault, log).decided_by(Arc::clone(&decisions)).in_groups(&tasks);
        let recovering = Recovering { applying, by: who() };
        let limits = Limits { concurrency: 4, max_failures: usize::MAX };
        let mut recovered = Fleet::new(limits, &env.cancel).run(recovering, &tasks);
        if is_of_new_box(&journal, &run)? {
            let options = &choices.connect_options;
            let targets = found.iter().map(|open| &open.target);
            tell_unless_settled(env, options, forget_old_keys(options, targets, &recovered));
        }
        let (options, targets) = (&choices.connect_options, found.iter().map(|open| &open.target));
        enrol_host_keys(env, options, &RunLog::of(Arc::clone(&journal), &run), targets, &mut recovered);
        outcomes.extend(recovered);
        for OpenRun { target, .. } in &found {
            let last = journal.last_login(&target.intent.router)?;
            if let Some(login) = last.as_ref().and_then(RouterRun::login).and_then(PasswordLogin::recorded) {
                target.connector.settled(&login);
            }
        }
    }
    for part in restarting {
        if outcomes.iter().any(|outcome| outcome.router == part.router && outcome.state == State::Saved) {
            let run = journal.run_alone(&part.run)?;
            // An undo may order a restart as well: then no other run's lines wait for it. Earlier versions wrote a path where a file
            // had the run's name.
            if let Some(waited) = Path::new(&run.source).file_name().filter(|_| run.action == "restart") {
                clear_restart_pending(env, &journal, &waited.to_string_lossy(), &part.router);
            }
        }
    }
    Ok(outcomes)
}

/// The run whose lines were waiting for a restart of this router learns that it is over.
pub(super) fn clear_restart_pending(env: &RunEnv, journal: &Arc<Journal>, run: &str, router: &str) {
    let router_journal = RunLog::of(Arc::clone(journal), run).router_journal(&Readers::default(), router, "", 0);
    if let Err(error) = router_journal.record(Kind::Restarted { started_at: None }) {
        env.operator.tell(&Notice::Warning(&error.text()));
    }
}

/// One run after the other, each with the sites it changed.
fn by_run(found: Vec<OpenRun>) -> Vec<(String, Vec<OpenRun>)> {
    let mut runs: Vec<(String, Vec<OpenRun>)> = Vec::new();
    for open in found {
        match runs.iter_mut().find(|(run, _)| *run == open.part.run) {
            Some((_, of_run)) => of_run.push(open),
            None => runs.push((open.part.run.clone(), vec![open])),
        }
    }
    runs
}

/// The routers with another one at their site that the run left without the change. Those on a console that they share are transactions
/// of their own.
fn in_half_changed_sites(run: &RunSummary, found: &[OpenRun]) -> BTreeSet<String> {
    let is_open = |other: &RouterRun| found.iter().any(|open| open.part.router == other.router);
    let ended_without = |other: &&RouterRun| other.state != Some(State::Saved) && !is_open(other);
    let without: Vec<&RouterRun> = run.parts.iter().filter(ended_without).collect();
    let is_half = |part: &RouterRun| without.iter().any(|other| other.site == part.site);
    let own_connection = found.iter().filter(|open| open.target.connector.shared().is_none());
    own_connection.map(|open| &open.part).filter(|part| is_half(part)).map(|part| part.router.clone()).collect()
}
