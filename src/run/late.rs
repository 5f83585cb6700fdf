//! A run in which no one is asked in between (`--yes`): each router is read when its turn comes, and changed in the same session.
//!
//! What is approved is the plans of the file that the run was given, or, without one, what this very run has shown.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::aside::Aside;
use super::begin::{begin_run, places};
use super::change::{ChangeRun, drive, not_started};
use super::declared_boxes::DeclaredBoxes;
use super::drift::unplanned;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::firmware::KnownFirmware;
use super::new_boxes::record_new_keys;
use super::new_passwords::NewPasswords;
use super::not_done::NotDone;
use super::open_run::OpenRun;
use super::operator::{Notice, Operator};
use super::partition::{left_out, second_names};
use super::rollout::FailedBefore;
use super::target::Target;
use super::unfinished::open_router_runs;
use super::windows::window_rules;
use crate::connect::ConnectOptions;
use crate::fleet::{self, ApplyLate, ApplyLateTask, Applying, ApplyingLate, Rules, Trait};
use crate::journal::RouterRun;
use crate::message::Explain as _;
use crate::state::State;
use crate::transaction::{
    BoxClaims, CauseRecord, FailedEnd, Intent, LateChange, LatePlan, LatePlans, Outcome, SavedPlan,
};

/// The operator is shown every plan that no one has reviewed. Where that is of a box in another one's place, this is the box that was agreed to.
struct ShownTo {
    operator: Arc<dyn Operator>,
    connect_options: ConnectOptions,
}

impl LatePlans for ShownTo {
    fn planned(&self, plan: LatePlan<'_>) {
        self.operator.tell(&Notice::LatePlan(plan));
        if let Err(error) = record_new_keys(&self.connect_options) {
            self.operator.tell(&Notice::Warning(&error.text()));
        }
    }
}

/// What a run in which no one is asked goes by.
struct Terms {
    rules: Rules,
    /// What earlier runs left open.
    left: Vec<RouterRun>,
}

impl ChangeRun {
    /// Changes routers, each read when its turn comes.
    pub(super) fn change_late(
        mut self,
        env: &RunEnv,
        aside: Aside,
        passwords: &NewPasswords,
    ) -> Result<FinishedRun, RunError> {
        self.tell_reviewed(env);
        let known = KnownFirmware::default().or_reviewed(self.saved.as_ref()).or_journalled(
            env,
            &self.rollout,
            &aside.everyone,
        );
        let mut outcomes = aside.outcomes();
        let places = places(&outcomes, &self.targets);
        let mut parting = aside.parting(self.agreed_before().is_some_and(|agreed| agreed.is_reviewed));
        let (changes, refused) = self.late_changes();
        parting.extend(refused.iter().cloned());
        outcomes.extend(refused.iter().cloned());
        let (mut tasks, left_out) = Self::late_tasks(changes, &parting);
        outcomes.extend(left_out);
        let everyone = known.fill(&aside.everyone);
        let rollout =
            self.planned_for(&aside.whole_run(&everyone), tasks.iter().map(|task| known.seen(&task.intent().router)));
        env.operator.tell(&Notice::Rollout(&rollout));
        tasks.iter_mut().for_each(|task| expect_firmware(task, &known));
        // A router that is excluded because of another one is no failure of its own.
        let failed: Vec<_> = aside.failed().chain(refused.iter().filter_map(FailedBefore::of)).collect();
        let earlier = self.earlier(&everyone, &failed);
        let mut run = None;
        match rollout.rules().after(earlier) {
            None => {
                let end = FailedEnd { state: State::NotStarted, cause: CauseRecord::of(&NotDone::TooManyFailures) };
                let not_begun = |task: &ApplyLateTask| Outcome::without_a_session(task.intent(), 0, end.clone());
                outcomes.extend(tasks.iter().map(not_begun));
            }
            Some(_) if tasks.is_empty() => {}
            Some(rules) => {
                let routers = tasks.iter().map(|task| task.intent().router.clone()).collect();
                // What can fail does so before the run begins: one that was begun must have an end.
                let left = open_router_runs(env)?;
                let begun = begin_run(env, self.begun(routers, places, self.reviewed_file()))?;
                begun.leave_out(env, &outcomes);
                outcomes.extend(match passwords.seal(env, begun.log()) {
                    Ok(()) => self.carry_out_late(env, &begun, &tasks, Terms { rules, left }),
                    Err(error) => not_started(tasks.iter().map(ApplyLateTask::intent), &error),
                });
                self.settle(env, &begun, &mut outcomes);
                self.hand_over(env, &begun, &mut outcomes);
                run = Some(begun);
            }
        }
        self.put_in_order(&mut outcomes);
        Ok(self.finish(env, outcomes, run.as_deref()))
    }

    /// The operator is told what was reviewed, and under which terms it is carried out.
    pub(super) fn tell_reviewed(&self, env: &RunEnv) {
        let Some(saved) = &self.saved else { return };
        let entries = saved.file.routers.iter().filter(|entry| !entry.commands.is_empty());
        let changing: HashSet<&str> = entries.map(|entry| entry.intent.router.as_str()).collect();
        let intents = self.targets.iter().map(|target| &*target.intent);
        let changing: Vec<&Intent> = intents.filter(|intent| changing.contains(intent.router.as_str())).collect();
        env.operator.tell(&Notice::Reviewed { saved, changing: &changing });
    }

    /// What is done to each router, and the ends of those that are refused without being read.
    fn late_changes(&mut self) -> (Vec<(&Target, LateChange)>, Vec<Outcome>) {
        let reviewed = self.saved.as_mut().map(|saved| std::mem::take(&mut saved.file.routers));
        let reviewed: Option<HashMap<String, Arc<SavedPlan>>> = reviewed
            .map(|entries| entries.into_iter().map(|entry| (entry.intent.router.clone(), Arc::new(entry))).collect());
        let mut second_names = second_names(&self.targets);
        let (mut changes, mut ends) = (Vec::new(), Vec::new());
        for target in &self.targets {
            let (intent, router) = (Arc::clone(&target.intent), &target.intent.router);
            let entry = reviewed.as_ref().map(|entries| entries.get(router).cloned().ok_or_else(|| unplanned(router)));
            match (second_names.remove(router), entry.transpose()) {
                (None, Ok(reviewed)) => changes.push((target, LateChange { intent, reviewed })),
                (Some(end), _) | (None, Err(end)) => ends.push(Outcome::without_a_session(&intent, 0, end)),
            }
        }
        (changes, ends)
    }

    /// The tasks, but for the routers whose site has one `without` a part in this run: those, with their ends.
    fn late_tasks(changes: Vec<(&Target, LateChange)>, without: &[Outcome]) -> (Vec<ApplyLateTask>, Vec<Outcome>) {
        let (mut ends, mut tasks) = (Vec::new(), Vec::new());
        for (target, change) in changes {
            match left_out(&change.intent, without) {
                Some(end) => ends.push(Outcome::without_a_session(&change.intent, 0, end)),
                None => tasks.push(target.task(|_| ApplyLate { change: Arc::new(change) })),
            }
        }
        fleet::group_by_site(&mut tasks);
        (tasks, ends)
    }

    fn carry_out_late(
        &self,
        env: &RunEnv,
        run: &OpenRun,
        tasks: &[ApplyLateTask],
        Terms { mut rules, left }: Terms,
    ) -> Vec<Outcome> {
        let targets: HashMap<&str, &Target> =
            self.targets.iter().map(|target| (target.intent.router.as_str(), target)).collect();
        let chosen = tasks.iter().filter_map(|task| targets.get(task.intent().router.as_str()).copied());
        rules.windows.extend(window_rules(chosen, env.now()));
        let vault = Arc::clone(&self.choices.connect_options.vault);
        let applying = Applying::new(env.executor_env(&self.targets), vault, run.log().clone())
            .decided_by(env.decisions(self.assume_yes))
            .repeating(self.checks_to_repeat())
            .in_groups(tasks);
        let executor = ApplyingLate::new(
            applying,
            declared_boxes(&self.targets, &self.choices.declared_boxes),
            Arc::new(ShownTo {
                operator: Arc::clone(&env.operator),
                connect_options: self.choices.connect_options.clone(),
            }),
        )
        .after(left);
        drive(env, run, executor, tasks, rules)
    }
}

/// Until the router is read it is taken for one of the firmware that was seen last, where no reviewed plan knows better.
fn expect_firmware(task: &mut ApplyLateTask, known: &KnownFirmware) {
    let last = known.of(&task.intent().router);
    if last.is_empty() || !task.action.change.known_firmware().is_empty() {
        return;
    }
    let model = task.intent().device.model.name;
    let traits = Trait::of_router(model, last).into_iter().filter(|one| !matches!(one, Trait::Model(_)));
    task.traits.extend(traits);
}

/// The boxes that are named before any router is read: for the routers of this run, as a person may have said, and by the inventory for all.
fn declared_boxes(targets: &[Target], declared: &DeclaredBoxes) -> BoxClaims {
    let intents = targets.iter().map(|target| &target.intent);
    let wanted = intents.filter_map(|intent| Some((intent.device.serial_number.as_deref()?, intent.router.as_str())));
    BoxClaims::declared(wanted.chain(declared.iter()))
}
