//! One run that changes routers. Where a person is asked, all of them are read and planned first, the plans are shown, and after the answer
//! there is one transaction for each router, which reads it once more and refuses one that has changed since.
//!
//! Where no one is asked in between, `late` reads each router when its turn comes.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::aside::Aside;
use super::barred::exclude_barred;
use super::begin::{Basis, Beginning, Begun, begin_run, places, policy_of};
use super::drift::ApprovedPlan;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::identity::{self, identity_not_confirmed};
use super::input::count_sites;
use super::missing_passwords::expect_passwords;
use super::new_passwords::NewPasswords;
use super::not_done::NotDone;
use super::open_run::OpenRun;
use super::operator::{Approval, Asked, Notice};
use super::partition::{exclude_incomplete_sites, refuse_second_names};
use super::plan_file::{KeptPlan, Made};
use super::prepare::{Choices, PrepareError};
use super::question::change_question;
use super::recover::{self, is_recovered};
use super::rollout::{Member, RolloutPlan, RunRollout, SeenRouter};
use super::target::Target;
use super::unchanged::{take_unproven, write_nothing};
use super::unfinished::hint_unfinished_runs;
use super::windows::{tell_windows, warn_of_clocks, window_rules};
use crate::fleet::{self, Apply, Applying, Executor, Fleet, Limits, Read, ReadTask, Reading, Rules};
use crate::record::{Kind, Place, Policy, Sink};
use crate::state::State;
use crate::transaction::{Agreement, CauseRecord, FailedEnd, Intent, Outcome, PlanResult, Planned, Purpose};

/// How a router ends where a person was asked and said no.
pub(super) fn declined_end() -> FailedEnd {
    FailedEnd { state: State::Declined, cause: declined_cause() }
}

/// Why nothing was done although the operator was asked.
fn declined_cause() -> CauseRecord {
    CauseRecord::of(&NotDone::Declined)
}

/// One run that changes routers.
pub struct ChangeRun {
    /// `apply`, `undo`, `restore`.
    pub action: &'static str,
    /// The inventory.
    pub inventory: PathBuf,
    /// What it follows.
    pub basis: Basis,
    /// The routers that the operator limited the run to.
    pub limit: Option<String>,
    /// The routers, in their order.
    pub targets: Vec<Target>,
    /// What the operator decided.
    pub choices: Choices,
    /// In which steps it goes, how far at once, and how far it may go wrong.
    pub rollout: RunRollout,
    /// The saved plan; nothing when the plan is made now.
    pub saved: Option<ApprovedPlan>,
    /// No one is asked for approval.
    pub assume_yes: bool,
    /// The serial number of the router on the console, as typed.
    pub serial_number: Option<String>,
    /// Routers that were taken out of it before, and how each ends.
    pub left_out: Vec<Outcome>,
    /// Under which name it begins, and when.
    pub beginning: Beginning,
}

impl ChangeRun {
    /// Reads, shows, asks, changes.
    ///
    /// # Errors
    /// A question with no one to answer it, or a journal that cannot be opened. Nothing was written then.
    pub fn execute(mut self, env: &RunEnv) -> Result<FinishedRun, RunError> {
        identity::expect_serial_number(&mut self.targets, self.serial_number.as_deref(), self.assume_yes)?;
        if !self.may_take_over(env)? {
            let declined = |target: &Target| Outcome::without_a_session(&target.intent, 0, declined_end());
            let outcomes = self.targets.iter().map(declined).collect();
            return Ok(self.finish(env, outcomes, None));
        }
        env.journal()?;
        if self.assume_yes {
            identity::expect_known_boxes(env, &mut self.targets)?;
        }
        let mut barred = self.exclude_barred();
        barred.append(&mut self.left_out);
        if self.targets.is_empty() {
            return Ok(self.finish(env, barred, self.beginning.going_on()));
        }
        tell_windows(&*env.operator, &self.targets, self.beginning.begins_at());
        let aside = Aside { unfinished: self.recover(env)?, barred };
        expect_passwords(&self.targets)?;
        let passwords =
            NewPasswords::resolve(env, &self.targets, &*self.choices.connect_options.vault, &self.beginning)?;
        let sites = count_sites(self.targets.iter().map(|target| target.intent.site.as_str()));
        env.readers.emit(Kind::RunStarted { action: self.action.to_owned(), routers: self.targets.len(), sites });
        if self.assume_yes {
            self.change_late(env, aside, &passwords)
        } else {
            self.show_and_change(env, aside, &passwords)
        }
    }

    /// Reads and plans all routers, and shows that. This pass only reads, so it looks at all of them; failures count before anything is begun.
    pub(super) fn read_and_show(
        &self,
        env: &RunEnv,
        aside: &Aside,
    ) -> Result<(Vec<PlanResult>, RolloutPlan), RunError> {
        let read = |target: &Target| target.task(|intent| Read { intent, purpose: Purpose::Change });
        let tasks: Vec<ReadTask> = self.targets.iter().map(read).collect();
        let limits = Limits { concurrency: self.rollout.rollout.concurrency, max_failures: usize::MAX };
        let seen = Fleet::new(limits, &env.cancel).run(Reading(env.executor_env(&self.targets)), &tasks);
        let mut plans = match &self.saved {
            Some(saved) => saved.check_saved_plan_drift(seen),
            None => seen,
        };
        refuse_second_names(&mut plans);
        hint_unfinished_runs(env, plans.iter_mut())?;
        exclude_incomplete_sites(&self.targets, &mut plans, &aside.outcomes());
        env.operator.tell(&Notice::Review { plans: &plans, saved: self.saved.as_ref() });
        let rollout = self.planned_for(plans.iter().filter_map(SeenRouter::of));
        if !write_nothing(&plans) {
            env.operator.tell(&Notice::Rollout(&rollout));
        }
        Ok((plans, rollout))
    }

    /// Reads and plans all routers, shows that, asks, and changes them.
    fn show_and_change(self, env: &RunEnv, aside: Aside, passwords: &NewPasswords) -> Result<FinishedRun, RunError> {
        let (mut plans, _) = self.read_and_show(env, &aside)?;
        let read = plans.iter().filter_map(|one| one.result.as_ref().err()?.failure_class());
        let failures: Vec<_> = read.chain(aside.unfinished.iter().filter_map(Outcome::failure_class)).collect();
        let unproven = take_unproven(&self.targets, &mut plans);
        let rollout = self.planned_for(plans.iter().filter_map(SeenRouter::of));
        let is_unchanged = write_nothing(&plans);
        let mut outcomes = aside.outcomes();
        let mut places = places(&outcomes, &self.targets);
        places.retain(|place| unproven.iter().all(|outcome| outcome.router != place.router));
        let rules = if is_unchanged { rollout.rules().of_one_step() } else { rollout.rules() };
        let (rules, begin) = match rules.clone().after(&failures) {
            // None is left that could be begun: there is nothing to ask about.
            _ if plans.iter().all(|one| one.result.is_err()) => (rules, Begin::No(declined_cause())),
            Some(rules) => (rules, self.ask(env, &plans, &rollout)?),
            None => (rules, Begin::TooManyFailures),
        };
        let not_begun = |plans: Vec<PlanResult>, state, cause| {
            let end = FailedEnd { state, cause };
            plans.into_iter().map(move |one| one.not_begun(&end))
        };
        let mut run = None;
        match begin {
            Begin::Yes(agreed) => {
                let plan = self.plan_to_keep(&plans);
                // What was read is not needed any more: while thousands are changed, only their tasks are kept.
                plans.retain(|one| one.result.is_err());
                plans.shrink_to_fit();
                outcomes.extend(not_begun(plans, State::Declined, declined_cause()));
                let routers = agreed.iter().map(|one| one.agreement.intent().router.clone()).collect();
                let begun = begin_run(env, self.begun(routers, places, plan))?;
                begun.leave_out(env, &outcomes);
                outcomes.extend(match passwords.seal(env, begun.log()) {
                    Ok(()) => self.change(env, &begun, agreed, rules),
                    Err(error) => not_started(agreed.iter().map(|one| one.agreement.intent()), &error),
                });
                run = Some(begun);
            }
            Begin::No(cause) => outcomes.extend(not_begun(plans, State::Declined, cause)),
            Begin::TooManyFailures => {
                outcomes.extend(not_begun(plans, State::NotStarted, CauseRecord::of(&NotDone::TooManyFailures)))
            }
        }
        self.put_in_order(&mut outcomes);
        let mut finished = self.finish(env, outcomes, run.as_deref());
        // They are in the result, and in no record: nothing is known of the router of that name.
        finished.result.routers.extend(unproven);
        self.put_in_order(&mut finished.result.routers);
        Ok(finished)
    }

    /// Takes the routers of sites that are not to be touched out of this run; how each of them ends.
    pub(super) fn exclude_barred(&mut self) -> Vec<Outcome> {
        let barred = exclude_barred(&mut self.targets, self.beginning.begins_at());
        if let Some(saved) = &mut self.saved {
            saved.file.routers.retain(|entry| barred.iter().all(|outcome| outcome.router != entry.intent.router));
        }
        barred
    }

    /// Leaves out every router but these.
    pub(super) fn keep_only(&mut self, routers: &BTreeSet<String>) {
        self.targets.retain(|target| routers.contains(&target.intent.router));
        if let Some(saved) = &mut self.saved {
            saved.file.routers.retain(|entry| routers.contains(&entry.intent.router));
        }
    }

    /// Asks before config mode may be taken from a colleague: the very first reading needs config mode.
    pub(super) fn may_take_over(&self, env: &RunEnv) -> Result<bool, RunError> {
        if !self.choices.take_over || self.assume_yes {
            return Ok(true);
        }
        env.operator.approve(&Approval::TakeOver).ok_or(RunError::NoOperator)
    }

    /// Recovers what earlier runs left of these routers first; one that stays unfinished takes no part in this run.
    pub(super) fn recover(&mut self, env: &RunEnv) -> Result<Vec<Outcome>, RunError> {
        let mut unfinished = recover::recover(env, &self.targets, &self.choices, self.assume_yes)?;
        unfinished.retain(|outcome| !is_recovered(outcome));
        let open = |router: &str| unfinished.iter().any(|outcome| outcome.router == router);
        self.targets.retain(|target| !open(&target.intent.router));
        if let Some(saved) = &mut self.saved {
            saved.file.routers.retain(|entry| !open(&entry.intent.router));
        }
        Ok(unfinished)
    }

    /// What was approved for the run, as it is kept: its change classes hold for what goes on later. A restore rests on a backup alone.
    pub(super) fn plan_to_keep(&self, plans: &[PlanResult]) -> Option<KeptPlan> {
        if let Some(file) = self.reviewed_file() {
            return Some(file);
        }
        let of = match (self.action, &self.basis) {
            ("apply", Basis::File(playbook)) => playbook.clone(),
            ("undo", Basis::Run(run)) => PathBuf::from(format!("undo {run}")),
            _ => return None,
        };
        let made = Made::here(&of, &self.inventory);
        Some(KeptPlan::shown(made, self.limit.clone(), self.rollout.rollout.clone(), plans))
    }

    /// The plan file that it was given.
    pub(super) fn reviewed_file(&self) -> Option<KeptPlan> {
        self.saved.as_ref().map(|saved| KeptPlan::File(Arc::clone(&saved.bytes)))
    }

    /// Its steps and limits for these routers, in the order of their tasks.
    pub(super) fn planned_for<'a>(&self, seen: impl Iterator<Item = SeenRouter<'a>>) -> RolloutPlan {
        let known = self.targets.iter().map(Member::of).collect();
        self.rollout.plan(&Member::seen(known, seen))
    }

    /// What the journal says of the run when it begins with these routers.
    pub(super) fn begun(&self, routers: Vec<String>, places: Vec<Place>, plan: Option<KeptPlan>) -> Begun {
        let policy = policy_of(&self.rollout.rollout, &self.choices, routers.len());
        Begun {
            action: self.action,
            inventory: self.inventory.clone(),
            basis: self.basis.clone(),
            plan_sha256: self.plan_sha256(),
            policy: Policy { limit: self.limit.clone(), asked: !self.assume_yes, ..policy },
            routers,
            places,
            beginning: self.beginning.clone(),
            plan,
        }
    }

    fn plan_sha256(&self) -> Option<String> {
        self.saved.as_ref().map(|saved| saved.sha256.clone())
    }

    /// Ends it.
    pub(super) fn finish(&self, env: &RunEnv, outcomes: Vec<Outcome>, run: Option<&OpenRun>) -> FinishedRun {
        let log = run.map(OpenRun::log);
        let mut finished = finish_run(env, self.action, outcomes, log).limited_to(self.limit.clone());
        finished.result.plan_sha256 = self.plan_sha256();
        finished.learned = identity::learned_boxes(&self.targets, &finished.result.routers);
        finished
    }

    /// Asks whether to begin; where the inventory does not say which router is on a console, asks that first. Where nothing is written there
    /// is nothing to ask.
    fn ask(&self, env: &RunEnv, plans: &[PlanResult], rollout: &RolloutPlan) -> Result<Begin, RunError> {
        let targets: HashMap<&str, &Target> =
            self.targets.iter().map(|target| (target.intent.router.as_str(), target)).collect();
        let mut confirmed = Vec::new();
        let ready: Vec<&PlanResult> = plans.iter().filter(|one| one.result.is_ok()).collect();
        let title = |router: &str| targets.get(router).and_then(|target| target.title.as_deref());
        let is_unchanged = write_nothing(ready.iter().copied());
        if !is_unchanged {
            let asked = ready.iter().map(|one| Asked { plan: one, title: title(&one.intent.router) });
            env.operator.tell(&Notice::Summary(&asked.collect::<Vec<_>>()));
        }
        for one in &ready {
            let Ok(Planned { observed, plan }) = &one.result else { continue };
            let router = &one.intent.router;
            let target =
                targets.get(router.as_str()).ok_or_else(|| PrepareError::Unknown { router: router.clone() })?;
            // What depends on the running configuration was completed when the router was read.
            let target = target.with(Arc::clone(&one.intent));
            match identity::confirm(env, &target, observed)? {
                Some(target) => {
                    let agreement = Agreement::of(&target.intent, observed.fingerprint(), plan);
                    confirmed.push(Agreed { target, agreement });
                }
                None => return Ok(Begin::No(identity_not_confirmed(router))),
            }
        }
        if is_unchanged {
            let at_any_time = |one: Agreed| Agreed { target: one.target.at_any_time(), ..one };
            return Ok(Begin::Yes(confirmed.into_iter().map(at_any_time).collect()));
        }
        let question = change_question(self.action, &ready, rollout);
        let is_approved = env.operator.approve(&question).ok_or(RunError::NoOperator)?;
        Ok(if is_approved { Begin::Yes(confirmed) } else { Begin::No(declined_cause()) })
    }

    fn change(&self, env: &RunEnv, run: &OpenRun, agreed: Vec<Agreed>, mut rules: Rules) -> Vec<Outcome> {
        rules.windows.extend(window_rules(agreed.iter().map(|one| &one.target), Timestamp::now()));
        let vault = Arc::clone(&self.choices.connect_options.vault);
        let executor_env = env.executor_env(agreed.iter().map(|one| &one.target));
        let apply = |Agreed { target, agreement }: Agreed| target.task(|_| Apply { agreement: Arc::new(agreement) });
        let mut tasks: Vec<_> = agreed.into_iter().map(apply).collect();
        fleet::group_by_site(&mut tasks);
        let applying = Applying::new(executor_env, vault, run.log().clone())
            .decided_by(env.decisions(self.assume_yes))
            .in_groups(&tasks);
        drive(env, run, applying, &tasks, rules)
    }

    /// As its routers were chosen.
    pub(super) fn put_in_order(&self, outcomes: &mut [Outcome]) {
        let places: HashMap<&str, usize> =
            self.targets.iter().enumerate().map(|(place, target)| (target.intent.router.as_str(), place)).collect();
        outcomes.sort_by_key(|outcome| places.get(outcome.router.as_str()).copied());
    }
}

/// Carries out the tasks of a run that was begun, by its rules.
pub(super) fn drive<X: Executor<End = Outcome>>(
    env: &RunEnv,
    run: &OpenRun,
    executor: X,
    tasks: &[X::Task],
    rules: Rules,
) -> Vec<Outcome> {
    let goes_by_time = !rules.windows.is_empty();
    let outcomes = run.carry_out(env, executor, tasks, rules);
    if goes_by_time {
        warn_of_clocks(&*env.operator, &outcomes);
    }
    outcomes
}

/// How these routers end where a run was begun that cannot go on because of our own machine.
pub(super) fn not_started<'a>(intents: impl Iterator<Item = &'a Arc<Intent>>, why: &RunError) -> Vec<Outcome> {
    let end = FailedEnd { state: State::NotStarted, cause: CauseRecord::of(why) };
    intents.map(|intent| Outcome::without_a_session(intent, 0, end.clone())).collect()
}

/// A router whose change a person agreed to.
struct Agreed {
    target: Target,
    agreement: Agreement,
}

/// Whether to begin.
enum Begin {
    Yes(Vec<Agreed>),
    No(CauseRecord),
    TooManyFailures,
}
