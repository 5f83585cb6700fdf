//! `restart`: restart the routers on which lines of a run wait for it, and verify them again.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::barred::exclude_barred;
use super::begin::{Basis, Beginning, Begun, begin_run, places, policy_of};
use super::change::{drive, unanswered_end};
use super::choice::choose_among;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::firmware::KnownFirmware;
use super::input::{bare_targets, count_sites, load_inventory, typed_rollout};
use super::named_run::named_run;
use super::not_done::NotDone;
use super::open_run::OpenRun;
use super::operator::{Approval, Notice};
use super::options::RunOptions;
use super::partition::left_out;
use super::prepare::Choices;
use super::recover::clear_restart_pending;
use super::rest::RestOfRun;
use super::rollout::{FailedBefore, Member, RunRollout};
use super::target::Target;
use super::unfinished::exclude_unfinished;
use super::windows::{LookFrom, tell_windows, window_rules};
use crate::fleet::{self, Applying, RestartTask, Restarting};
use crate::journal::{Journal, JournalError, RouterRun};
use crate::playbook::Rollout;
use crate::playbook::rollout::Budget;
use crate::record::Policy;
use crate::state::{FailureClass, State};
use crate::transaction::{CauseRecord, FailedEnd, Outcome, SavedPlan};

/// Which run's routers are restarted.
#[derive(Debug, Clone, Default)]
pub struct RestartRequest {
    /// The run; `last` for the one that began last.
    pub run: String,
    /// The inventory; nothing for the one that the run began with.
    pub inventory: Option<PathBuf>,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
    /// Where a restart goes on: what is left of it, and how it began; nothing for a new one.
    pub rest: Option<RestOfRun>,
    /// The lines of all these routers waited when an earlier restart of them began: one whose lines wait no more is done.
    pub is_again: bool,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Restarts routers.
///
/// # Errors
/// When nothing waits for a restart, or there is no one to ask. Nothing was sent then.
pub fn restart(env: &RunEnv, request: &RestartRequest) -> Result<FinishedRun, RunError> {
    RestartRun::prepare(env, request)?.execute(env)
}

/// One run that restarts routers.
pub(super) struct RestartRun {
    inventory: PathBuf,
    /// The run whose lines wait.
    waiting: String,
    limit: Option<String>,
    /// The routers, in their order.
    pub(super) targets: Vec<Target>,
    /// What the operator decided.
    pub(super) choices: Choices,
    rollout: RunRollout,
    assume_yes: bool,
    /// Routers that were taken out of it before, and how each ends.
    pub(super) left_out: Vec<Outcome>,
    /// Under which name it begins.
    pub(super) beginning: Beginning,
}

impl RestartRun {
    /// The run that a request asks for, not yet begun.
    ///
    /// # Errors
    /// As [`restart`].
    pub(super) fn prepare(env: &RunEnv, request: &RestartRequest) -> Result<Self, RunError> {
        let journal = env.journal()?;
        let run = named_run(&journal, &request.run)?;
        let name = run.run.as_str();
        if !request.options.assume_yes && !env.operator.is_present() {
            return Err(RunError::NoOperator);
        }
        journal.trust(name)?;
        let waiting = waiting_parts(&journal, name)?;
        let inventory_path = request.inventory.clone().unwrap_or_else(|| PathBuf::from(&run.inventory));
        let inventory = load_inventory(&*env.operator, &inventory_path)?;
        let choices = request.options.choices(env, &inventory)?;
        let limit = choose_among(env, request.limit.as_deref(), request.rest.as_ref())?;
        let chosen = bare_targets(&inventory, &limit, &choices)?;
        let (mut targets, others): (Vec<Target>, Vec<Target>) =
            chosen.into_iter().partition(|target| waiting.contains_key(&target.intent.router));
        // Those that a run which goes on, or is run again, was to restart all waited when it began.
        let all_waited = request.rest.is_some() || request.is_again;
        let restarted =
            |Target { intent, .. }: &Target| NotDone::restarted_elsewhere(&intent.router, &intent.site, name);
        let left_out = if all_waited { others.iter().map(restarted).collect() } else { Vec::new() };
        for target in &mut targets {
            let Some(part) = waiting.get(&target.intent.router) else { continue };
            let intent = Arc::make_mut(&mut target.intent);
            let recorded = part.identity.serial_number.clone();
            intent.device.serial_number = recorded.or(intent.device.serial_number.take());
            // What an earlier version kept in a form that is not known any more says nothing about checks.
            if let Ok(kept) = SavedPlan::read(&journal.plan_of(part)?, intent.device.model) {
                intent.terms.checks.clone_from(&kept.intent.terms.checks);
            }
        }
        if targets.is_empty() && !all_waited {
            return Err(RunError::NothingToRestart { run: name.to_owned() });
        }
        // Each is out of service for some minutes: one after the other, where no one says otherwise.
        let written = request.rest.as_ref().map_or_else(one_by_one, |rest| rest.rollout.clone());
        let sites = count_sites(targets.iter().map(|target| target.intent.site.as_str()));
        Ok(Self {
            inventory: inventory_path,
            waiting: name.to_owned(),
            limit: request.limit.clone(),
            targets,
            choices,
            rollout: typed_rollout(written, &request.options.rollout, &inventory, sites)?,
            assume_yes: request.options.assume_yes,
            left_out,
            beginning: Beginning::New,
        })
    }

    /// Leaves out every router but these.
    pub(super) fn keep_only(&mut self, routers: &BTreeSet<String>) {
        self.targets.retain(|target| routers.contains(&target.intent.router));
    }

    /// Asks, and restarts.
    ///
    /// # Errors
    /// A question with no one to answer it, or a journal that cannot be written. Nothing was sent then.
    pub(super) fn execute(mut self, env: &RunEnv) -> Result<FinishedRun, RunError> {
        let journal = env.journal()?;
        let barred = exclude_barred(&mut self.targets, env.now());
        let everyone = self.members(env);
        // What an unfinished router runs may be half of a change, which a restart would hide.
        let excluded = exclude_unfinished(env, &mut self.targets)?.into_iter().map(|one| {
            let end = FailedEnd { state: State::Lost, cause: one.cause };
            Outcome::without_a_session(&one.intent, one.sent, end)
        });
        let excluded: Vec<Outcome> = excluded.collect();
        let parted = self.part_from(&excluded);
        let failed: Vec<_> = excluded.iter().filter_map(FailedBefore::of).collect();
        let earlier = self.rollout.earlier(&everyone, &failed);
        let mut outcomes: Vec<Outcome> =
            excluded.into_iter().chain(parted).chain(barred).chain(std::mem::take(&mut self.left_out)).collect();
        if self.targets.is_empty() {
            return Ok(self.finish(env, outcomes, self.beginning.going_on()));
        }
        tell_windows(&*env.operator, &self.targets, LookFrom::new(env.now(), self.rollout.rollout.needed_time));
        let rollout = self.rollout.plan(&self.members(env));
        if self.targets.len() > 1 {
            env.operator.tell(&Notice::Rollout(&rollout));
        }
        let Some(mut rules) = rollout.rules().after(earlier) else {
            let end = FailedEnd { state: State::NotStarted, cause: CauseRecord::of(&NotDone::TooManyFailures) };
            let not_begun = |target: &Target| Outcome::without_a_session(&target.intent, 0, end.clone());
            outcomes.extend(self.targets.iter().map(not_begun));
            return Ok(self.finish(env, outcomes, self.beginning.going_on()));
        };
        let sites = count_sites(self.targets.iter().map(|target| target.intent.site.as_str()));
        let question = Approval::Restart { routers: self.targets.len(), sites };
        if !self.assume_yes && !env.operator.approve(&question).ok_or(RunError::NoOperator)? {
            let declined = |target: &Target| Outcome::without_a_session(&target.intent, 0, unanswered_end(env));
            outcomes.extend(self.targets.iter().map(declined));
            return Ok(self.finish(env, outcomes, None));
        }
        let run = begin_run(env, self.begun(&outcomes))?;
        let vault = Arc::clone(&self.choices.connect_options.vault);
        let applying = Applying::new(env.executor_env(&self.targets), vault, run.log().clone());
        let tasks: Vec<RestartTask> =
            self.targets.iter().map(|target| target.task(|intent| fleet::Restart { intent })).collect();
        rules.windows.extend(window_rules(&self.targets, env.now()));
        let ends = drive(env, &run, Restarting::new(applying), &tasks, rules);
        for outcome in ends.iter().filter(|outcome| outcome.state == State::Saved) {
            clear_restart_pending(env, &journal, &self.waiting, &outcome.router);
        }
        outcomes.extend(ends);
        Ok(self.finish(env, outcomes, Some(&run)))
    }

    /// Its routers, as their steps and groups know them.
    fn members(&self, env: &RunEnv) -> Vec<Member> {
        let members: Vec<Member> = self.targets.iter().map(Member::of).collect();
        KnownFirmware::default().or_journalled(env, &self.rollout, &members).fill(&members)
    }

    /// Takes out the routers whose site has one that is left unfinished; how each ends.
    fn part_from(&mut self, unfinished: &[Outcome]) -> Vec<Outcome> {
        let mut ends = Vec::new();
        self.targets.retain(|target| match left_out(&target.intent, unfinished) {
            Some(end) => {
                ends.push(Outcome::without_a_session(&target.intent, 0, end));
                false
            }
            None => true,
        });
        ends
    }

    /// What the journal says of it when it begins.
    fn begun(&self, outcomes: &[Outcome]) -> Begun {
        let policy = policy_of(&self.rollout.rollout, &self.choices, self.targets.len());
        Begun {
            action: "restart",
            inventory: self.inventory.clone(),
            basis: Basis::Run(self.waiting.clone()),
            title: None,
            plan_sha256: None,
            routers: self.targets.iter().map(|target| target.intent.router.clone()).collect(),
            places: places(outcomes, &self.targets),
            policy: Policy { limit: self.limit.clone(), asked: !self.assume_yes, ..policy },
            beginning: self.beginning.clone(),
            plan: None,
        }
    }

    fn finish(&self, env: &RunEnv, outcomes: Vec<Outcome>, run: Option<&OpenRun>) -> FinishedRun {
        finish_run(env, "restart", outcomes, run.map(OpenRun::log)).limited_to(self.limit.clone())
    }
}

/// One router after the other, and none any more after the first that is not restarted, whatever the reason.
fn one_by_one() -> Rollout {
    let mut rollout = Rollout::simple(1, 1);
    for class in [FailureClass::Unreachable, FailureClass::Occupied] {
        rollout.budgets.set(class, Budget::Routers(1));
    }
    rollout
}

/// The parts of a run whose lines wait for a restart, by router.
fn waiting_parts(journal: &Journal, run: &str) -> Result<HashMap<String, RouterRun>, JournalError> {
    let parts = journal.router_runs(run)?.into_iter();
    let waiting = parts.filter(|part| part.state == Some(State::Saved) && part.restart_pending);
    Ok(waiting.map(|part| (part.router.clone(), part)).collect())
}
