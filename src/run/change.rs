//! One run that changes routers, as data and as what is done with all of it: what it keeps to, what the journal says of it, how its tasks
//! are carried out and how it ends.
//!
//! `review` brings it to its question, `execute` carries it out in this process. Where no one is asked in between, `late` reads each router
//! when its turn comes.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::barred::exclude_barred;
use super::begin::{Basis, Beginning, Begun, policy_of};
use super::detached::AgreedBefore;
use super::drift::ApprovedPlan;
use super::enrol::enrol_host_keys;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::identity;
use super::left_to_enrol::{enrol_what_was_left, left_to_enrol};
use super::no_plan::{NoPlan, named_with, playbook_of, without_plan};
use super::not_done::NotDone;
use super::open_run::OpenRun;
use super::plan_file::{Entries, KeptPlan, Made, Unplanned};
use super::prepare::Choices;
use super::recover::{self, is_recovered};
use super::rollout::{FailedBefore, Member, RolloutPlan, RunRollout, SeenRouter};
use super::swap_terms::SwapTerms;
use super::target::Target;
use super::undone_run::UndoneRun;
use super::windows::{warn_of_clocks, window_rules};
use crate::fleet::{self, Apply, Applying, Earlier, Executor, Rules};
use crate::message::Text;
use crate::playbook::Check;
use crate::record::{Place, Policy, rfc3339_ms};
use crate::state::State;
use crate::transaction::{Agreement, CauseRecord, FailedEnd, Intent, Outcome};

/// How a router ends where a person was asked and said no.
pub(super) fn declined_end() -> FailedEnd {
    FailedEnd { state: State::Declined, cause: CauseRecord::of(&NotDone::Declined) }
}

/// How a router ends where the question has no yes: who was asked said no, or the program was asked to stop while the question was open.
pub(super) fn unanswered_end(env: &RunEnv) -> FailedEnd {
    stopped_end(env).unwrap_or_else(declined_end)
}

/// How a router ends that was not begun because the program was asked to stop; nothing where it was not.
pub(super) fn stopped_end(env: &RunEnv) -> Option<FailedEnd> {
    let end = || FailedEnd { state: State::NotStarted, cause: CauseRecord::of(&NotDone::Stopped) };
    env.cancel.is_asked().then(end)
}

/// One run that changes routers.
pub struct ChangeRun {
    /// `apply`, `undo`, `restore`.
    pub action: &'static str,
    /// The inventory.
    pub inventory: PathBuf,
    /// What it follows.
    pub basis: Basis,
    /// What that is called for people, where it is a playbook that says so.
    pub title: Option<Text>,
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
    /// What is known of the run that it undoes; nothing where it undoes none.
    pub(super) undone: Option<UndoneRun>,
    /// What holds of it where it gives a new box what another one ran.
    pub(super) swap: SwapTerms,
}

impl ChangeRun {
    /// Keeps to what was agreed to before this process was left alone with the run.
    pub(super) fn keep_to_what_was_agreed(&mut self) {
        let Beginning::Detached(detached) = &self.beginning else { return };
        let AgreedBefore { boxes, without, unproven, earlier: _, is_reviewed: _, answered_ms: _ } =
            detached.agreed.clone();
        for target in &mut self.targets {
            if let Some(number) = boxes.get(&target.intent.router) {
                Arc::make_mut(&mut target.intent).device.serial_number = Some(number.clone());
            }
        }
        let gone: BTreeSet<String> = without.iter().map(|one| one.router.clone()).chain(unproven).collect();
        self.keep(|router| !gone.contains(router));
        // What was said of them then holds before what a plan file says.
        self.left_out.retain(|outcome| !gone.contains(&outcome.router));
        self.left_out.extend(without.iter().map(Unplanned::outcome));
    }

    /// What a person agreed to before this process was left alone with the run.
    pub(super) fn agreed_before(&self) -> Option<&AgreedBefore> {
        match &self.beginning {
            Beginning::Detached(detached) => Some(&detached.agreed),
            Beginning::New | Beginning::Again(_) => None,
        }
    }

    /// What failed before the run begins, as its steps and groups count it, after what had failed when a person was asked about it:
    /// `everyone` are all its routers, each with its firmware as far as that is known.
    pub(super) fn earlier(&self, everyone: &[Member], failed: &[FailedBefore<'_>]) -> Vec<Earlier> {
        let mut earlier = self.agreed_before().map(|agreed| agreed.earlier.clone()).unwrap_or_default();
        if !failed.is_empty() {
            earlier.extend(self.rollout.earlier(everyone, failed));
        }
        earlier
    }

    /// Keeps these routers, in its plan, too.
    fn keep(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.targets.retain(|target| is_kept(&target.intent.router));
        if let Some(saved) = &mut self.saved {
            saved.file.routers.retain(|entry| is_kept(&entry.intent.router));
            saved.file.narrow_tests();
        }
    }

    /// Takes the routers of sites that are not to be touched out of this run; how each of them ends.
    pub(super) fn exclude_barred(&mut self, env: &RunEnv) -> Vec<Outcome> {
        let barred = exclude_barred(&mut self.targets, self.beginning.begins_at(env));
        self.keep(|router| barred.iter().all(|outcome| outcome.router != router));
        barred
    }

    /// Leaves out every router but these.
    pub(super) fn keep_only(&mut self, routers: &BTreeSet<String>) {
        self.keep(|router| routers.contains(router));
    }

    /// Recovers what earlier runs left of these routers first; one that stays unfinished takes no part in this run.
    pub(super) fn recover(&mut self, env: &RunEnv) -> Result<Vec<Outcome>, RunError> {
        let left = left_to_enrol(&*env.journal()?)?;
        enrol_what_was_left(env, &self.choices.connect_options, &self.targets, left)?;
        let mut unfinished = recover::recover(env, &self.targets, &self.choices, self.assume_yes)?;
        unfinished.retain(|outcome| !is_recovered(outcome));
        self.keep(|router| unfinished.iter().all(|outcome| outcome.router != router));
        Ok(unfinished)
    }

    /// What was approved for the run, as it is kept: its change classes hold for what goes on later. A restore rests on a backup alone.
    pub(super) fn plan_to_keep(&self, entries: impl FnOnce() -> Entries) -> Option<KeptPlan> {
        if let Some(file) = self.reviewed_file() {
            return Some(file);
        }
        let of = match (self.action, &self.basis) {
            ("apply", Basis::File(playbook)) => playbook.clone(),
            ("undo", Basis::Run(run)) => PathBuf::from(format!("undo {run}")),
            _ => return None,
        };
        let made = Made { title: self.title.clone(), ..Made::here(&of, &self.inventory) };
        let tests = self.targets.iter().map(Target::tests);
        Some(KeptPlan::shown(made, self.limit.clone(), self.rollout.rollout.clone(), entries(), tests))
    }

    /// The plan file that it was given.
    pub(super) fn reviewed_file(&self) -> Option<KeptPlan> {
        self.saved.as_ref().map(|saved| KeptPlan::File(Arc::clone(&saved.bytes)))
    }

    /// Its steps and limits for these routers, in the order of their tasks. `whole_run` are all that it was asked for.
    pub(super) fn planned_for<'a>(
        &self,
        whole_run: &[Member],
        seen: impl Iterator<Item = SeenRouter<'a>>,
    ) -> RolloutPlan {
        self.rollout.plan(&Member::seen(self.members(), seen)).among(&self.rollout.plan(whole_run))
    }

    /// Its routers, as their steps and groups know them.
    pub(super) fn members(&self) -> Vec<Member> {
        self.targets.iter().map(Member::of).collect()
    }

    /// What the journal says of the run when it begins with these routers.
    pub(super) fn begun(&self, routers: Vec<String>, places: Vec<Place>, plan: Option<KeptPlan>) -> Begun {
        let policy = policy_of(&self.rollout.rollout, &self.choices, routers.len());
        // The process that carries out a detached run is started with `--yes`, also where a person was asked before.
        let answered = self.agreed_before().and_then(|agreed| agreed.answered_ms);
        let asked = !self.assume_yes || answered.is_some();
        Begun {
            action: self.action,
            inventory: self.inventory.clone(),
            basis: self.basis.clone(),
            title: self.title.clone(),
            plan_sha256: self.plan_sha256(),
            policy: Policy { limit: self.limit.clone(), asked, answered_at: answered.map(rfc3339_ms), ..policy },
            routers,
            places,
            beginning: self.beginning.clone(),
            plan,
        }
    }

    fn plan_sha256(&self) -> Option<String> {
        self.saved.as_ref().map(|saved| saved.sha256.clone())
    }

    /// What follows from its ends for the host keys that are known: before anything else, since a person may take their time afterwards.
    pub(super) fn settle(&self, env: &RunEnv, run: &OpenRun, outcomes: &mut [Outcome]) {
        self.settle_host_keys(env, outcomes);
        enrol_host_keys(env, &self.choices.connect_options, run.log(), self.targets.iter(), outcomes);
    }

    /// Ends it.
    pub(super) fn finish(&self, env: &RunEnv, outcomes: Vec<Outcome>, run: Option<&OpenRun>) -> FinishedRun {
        let log = run.map(OpenRun::log);
        let mut finished = finish_run(env, self.action, outcomes, log).limited_to(self.limit.clone());
        finished.result.plan_sha256 = self.plan_sha256();
        finished.no_plan = self.no_plan(&finished.result.routers);
        finished.learned = identity::learned_boxes(&self.targets, &finished.result.routers);
        finished
    }

    /// Those for which the plan file that it was given has no plan that holds.
    fn no_plan(&self, outcomes: &[Outcome]) -> Option<NoPlan> {
        let playbook = playbook_of(self.saved.as_ref()?).map(|playbook| named_with(playbook, &self.inventory));
        let without = without_plan(outcomes);
        let routers = outcomes.iter().map(|outcome| &outcome.router).filter(|one| without.contains(one.as_str()));
        let routers: Vec<String> = routers.cloned().collect();
        (!routers.is_empty()).then(|| NoPlan { routers, playbook, inventory: self.inventory.clone() })
    }

    /// Changes the routers that a person agreed to.
    pub(super) fn change(&self, env: &RunEnv, run: &OpenRun, agreed: Vec<Agreed>, mut rules: Rules) -> Vec<Outcome> {
        rules.windows.extend(window_rules(agreed.iter().map(|one| &one.target), env.now()));
        let vault = Arc::clone(&self.choices.connect_options.vault);
        let executor_env = env.executor_env(agreed.iter().map(|one| &one.target));
        let apply = |Agreed { target, agreement }: Agreed| target.task(|_| Apply { agreement: Arc::new(agreement) });
        let mut tasks: Vec<_> = agreed.into_iter().map(apply).collect();
        fleet::group_by_site(&mut tasks);
        let applying = Applying::new(executor_env, vault, run.log().clone())
            .decided_by(env.decisions(self.assume_yes))
            .repeating(self.checks_to_repeat())
            .in_groups(&tasks);
        drive(env, run, applying, &tasks, rules)
    }

    /// The checks that a bake time repeats instead of those of the change, by router: an undo has none of its own.
    pub(super) fn checks_to_repeat(&self) -> HashMap<String, Vec<Check>> {
        self.undone.as_ref().map(|undone| undone.checks.clone()).unwrap_or_default()
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
pub(super) struct Agreed {
    /// The router, and which box it is.
    pub(super) target: Target,
    /// What was agreed to.
    pub(super) agreement: Agreement,
}
