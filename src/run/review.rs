//! A change up to its question: what is in the way is found, every router is read, planned and shown, and each box is the one that is meant.
//! What is asked is the same whether this process goes on with it, or one that outlives its terminal.
//!
//! Nothing is written to a router here, but for recovering what an earlier run left of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::aside::Aside;
use super::change::{Agreed, ChangeRun, declined_end, stopped_end, unanswered_end};
use super::drift::ApprovedPlan;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::firmware::KnownFirmware;
use super::identity::{self, Asking, identity_not_confirmed};
use super::input::count_sites;
use super::missing_passwords::expect_passwords;
use super::new_passwords::{NewPasswords, ToSet};
use super::not_done::NotDone;
use super::operator::{Approval, Asked, Notice};
use super::partition::{exclude_incomplete_sites, refuse_second_names};
use super::plan_file::HandOverPlan;
use super::prepare::PrepareError;
use super::question::change_question;
use super::reviewed_router::ReviewedRouter;
use super::rollout::{FailedBefore, RolloutPlan, SeenRouter};
use super::swap_terms;
use super::target::{FEW, Target};
use super::unchanged::{take_unproven, write_nothing};
use super::unfinished::OpenRuns;
use super::windows::{LookFrom, tell_windows};
use crate::fleet::{Earlier, Fleet, Kept, Limits, Read, ReadTask, ReadingInto, Rules};
use crate::record::{Kind, Sink};
use crate::state::State;
use crate::transaction::{CauseRecord, FailedEnd, Outcome, PlanResult, Purpose};

/// What is known before a router is read.
pub(super) enum Opening {
    /// Nothing is left to be changed, or to be asked about.
    Over(Box<FinishedRun>),
    /// Routers are read next, but for these.
    Ready(Aside),
}

/// What was read of the routers, planned and shown.
pub(super) struct Shown {
    /// A result for each of them, but for the unproven.
    pub(super) plans: Vec<ReviewedRouter>,
    /// How those end that are as declared, and which box they are was not proven.
    pub(super) unproven: Vec<Outcome>,
    /// What failed by now: an earlier run left it open, or it could not be read or planned.
    pub(super) earlier: Vec<Earlier>,
    rollout: RolloutPlan,
    /// What is borne from now on; nothing where too many failed while they were read.
    rules: Option<Rules>,
}

/// What is made of one router's plan.
struct Reviewed {
    router: ReviewedRouter,
    /// The plan itself, where it is shown by itself.
    whole: Option<PlanResult>,
}

/// Whether a run can begin, as far as the routers are concerned.
pub(super) enum Ready {
    /// With these, by these rules, once its question is answered.
    Yes {
        /// Each is the box that is meant; nothing where it is written to and no one is asked.
        agreed: Vec<Agreed>,
        /// The rules.
        rules: Box<Rules>,
    },
    /// With none of them: so each ends that could have begun.
    No(FailedEnd),
}

/// What came of a review.
pub(super) enum Review {
    /// Nothing is left to be changed, or to be asked about.
    Over(Box<FinishedRun>),
    /// It can be carried out, once its question is answered.
    Asked(Box<InQuestion>),
}

/// A run that was shown, and has not begun.
pub(super) struct InQuestion {
    /// The run.
    pub(super) change: ChangeRun,
    /// What was shown.
    pub(super) shown: Shown,
    /// The routers that take no part in it.
    pub(super) aside: Vec<Outcome>,
    /// Each is the box that is meant. Nothing where something is written and no one is asked: then the journal says which box it must be.
    pub(super) agreed: Vec<Agreed>,
    /// By these rules.
    pub(super) rules: Box<Rules>,
    /// The new passwords that it gives.
    pub(super) passwords: NewPasswords,
    /// The boxes that a person confirmed, by router: their serial numbers.
    pub(super) boxes: BTreeMap<String, String>,
    /// The question; nothing where none is asked.
    pub(super) question: Option<Approval>,
}

impl InQuestion {
    /// Asks its question; where there is none, no one is needed.
    ///
    /// # Errors
    /// When there is no one to answer.
    pub(super) fn is_approved(&self, env: &RunEnv) -> Result<bool, RunError> {
        self.question.as_ref().map_or(Ok(true), |question| env.operator.approve(question).ok_or(RunError::NoOperator))
    }

    /// Whether a person is asked about it.
    pub(super) fn has_question(&self) -> bool {
        self.question.is_some()
    }

    /// Whether nothing is written to any router.
    pub(super) fn writes_nothing(&self) -> bool {
        write_nothing(&self.shown.plans)
    }

    /// Ends it where the question was answered with no.
    pub(super) fn declined(self, env: &RunEnv) -> FinishedRun {
        let Self { change, shown, aside, .. } = self;
        change.not_begun(env, aside, shown, &unanswered_end(env))
    }
}

impl ChangeRun {
    /// Finds what is in the way before a router is read. Config mode may be taken from a colleague by the very first reading, and an
    /// earlier run may be open: each is asked about here.
    ///
    /// # Errors
    /// A question with no one to answer it, or a journal that cannot be opened. Nothing was written then.
    pub(super) fn opening(&mut self, env: &RunEnv) -> Result<Opening, RunError> {
        self.keep_to_what_was_agreed();
        identity::expect_serial_number(&mut self.targets, self.serial_number.as_deref(), self.assume_yes)?;
        if !self.may_take_over(env)? {
            let declined = |target: &Target| Outcome::without_a_session(&target.intent, 0, unanswered_end(env));
            let mut outcomes: Vec<Outcome> = self.targets.iter().map(declined).collect();
            outcomes.append(&mut self.left_out);
            return Ok(Opening::Over(Box::new(self.finish(env, outcomes, None))));
        }
        env.journal()?;
        if self.assume_yes {
            identity::expect_known_boxes(env, &mut self.targets)?;
        }
        let (mut barred, mut left_out) = (self.exclude_barred(env), std::mem::take(&mut self.left_out));
        if self.targets.is_empty() {
            barred.append(&mut left_out);
            return Ok(Opening::Over(Box::new(self.finish(env, barred, self.beginning.going_on()))));
        }
        let from = LookFrom::new(self.beginning.begins_at(env), self.rollout.rollout.needed_time);
        tell_windows(&*env.operator, &self.targets, from);
        let everyone = self.members();
        let aside = Aside { unfinished: self.recover(env)?, barred, left_out, everyone };
        expect_passwords(&self.targets)?;
        if let Some(ends) = self.without_cables() {
            let mut outcomes: Vec<Outcome> = aside.outcomes().into_iter().chain(ends).collect();
            self.put_in_order(&mut outcomes);
            return Ok(Opening::Over(Box::new(self.finish(env, outcomes, None))));
        }
        Ok(Opening::Ready(aside))
    }

    /// Asks before config mode may be taken from a colleague.
    fn may_take_over(&self, env: &RunEnv) -> Result<bool, RunError> {
        if !self.choices.take_over || self.assume_yes {
            return Ok(true);
        }
        env.operator.approve(&Approval::TakeOver).ok_or(RunError::NoOperator)
    }

    /// Tells the readers that routers are met now.
    pub(super) fn tell_started(&self, env: &RunEnv) {
        let sites = count_sites(self.targets.iter().map(|target| target.intent.site.as_str()));
        env.readers.emit(Kind::RunStarted { action: self.action.to_owned(), routers: self.targets.len(), sites });
    }

    /// Reads and plans all routers, and shows that. This pass only reads, so it looks at all of them; failures count before anything is begun.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn show(&self, env: &RunEnv, aside: &Aside) -> Result<Shown, RunError> {
        let read = |target: &Target| target.task(|intent| Read { intent, purpose: Purpose::Change });
        let tasks: Vec<ReadTask> = self.targets.iter().map(read).collect();
        let limits = Limits { concurrency: self.rollout.rollout.concurrency, max_failures: usize::MAX };
        let holds = self.rollout.plan(&self.members()).rules().of_one_step().holds;
        let reading = ReadingInto::new(env.executor_env(&self.targets), self.reviewing(env)?);
        let seen = Fleet::new(Rules { holds, ..limits.into() }, &env.cancel).run(reading, &tasks);
        let mut few = Vec::new();
        let mut plans: Vec<ReviewedRouter> = Vec::with_capacity(seen.len());
        for Kept { kept: Reviewed { router, whole }, .. } in seen {
            plans.push(router);
            few.extend(whole);
        }
        refuse_second_names(&mut plans, &self.choices.declared_boxes);
        exclude_incomplete_sites(&self.targets, &mut plans, &aside.outcomes());
        for (whole, one) in few.iter_mut().zip(&plans) {
            if let Err(end) = &one.result {
                whole.result = Err(end.clone());
            }
        }
        let planned: HashSet<&str> =
            plans.iter().filter(|one| one.plan().is_some()).map(|one| one.intent.router.as_str()).collect();
        let tests = self.targets.iter().map(Target::tests).filter(|(router, _)| planned.contains(router));
        let tests = HandOverPlan::of(tests);
        env.operator.tell(&Notice::Review { few: &few, routers: &plans, saved: self.saved.as_ref(), tests: &tests });
        drop(few);
        let known = KnownFirmware::read(&plans).or_reviewed(self.saved.as_ref());
        let everyone = known.or_journalled(env, &self.rollout, &aside.everyone).fill(&aside.everyone);
        if !write_nothing(&plans) {
            let rollout = self.planned_for(&aside.whole_run(&everyone), plans.iter().filter_map(SeenRouter::of));
            env.operator.tell(&Notice::Rollout(&rollout));
        }
        let failed: Vec<_> = plans.iter().filter_map(FailedBefore::unplanned).chain(aside.failed()).collect();
        let earlier = self.earlier(&everyone, &failed);
        let unproven = take_unproven(env, &self.targets, &mut plans)?;
        let rollout = self.planned_for(&aside.whole_run(&everyone), plans.iter().filter_map(SeenRouter::of));
        let rules = if write_nothing(&plans) { rollout.rules().of_one_step() } else { rollout.rules() };
        Ok(Shown { plans, unproven, rollout, rules: rules.after(earlier.clone()), earlier })
    }

    /// What is made of each router's plan at once, on the thread that reads it: whether a saved plan still holds for it, and what is kept of
    /// it. Few are kept whole until they are shown.
    ///
    /// # Errors
    /// When the journal cannot be read.
    fn reviewing(
        &self,
        env: &RunEnv,
    ) -> Result<impl Fn(PlanResult) -> Reviewed + Send + Sync + 'static + use<>, RunError> {
        let (open, saved) = (OpenRuns::now(env)?, self.saved.as_ref().map(ApprovedPlan::entries));
        let is_kept_whole = self.targets.len() <= FEW;
        Ok(move |seen: PlanResult| {
            let mut one = match &saved {
                Some(saved) => saved.check_saved_plan_drift(seen),
                None => seen,
            };
            open.hint(&mut one);
            Reviewed { router: ReviewedRouter::of(&one), whole: is_kept_whole.then_some(one) }
        })
    }

    /// Whether the run can begin. Where the inventory does not say which router is on a console, or another box answers than the one that
    /// was saved last, that is asked here.
    ///
    /// # Errors
    /// When there is no one to ask.
    pub(super) fn ready(&self, env: &RunEnv, shown: &Shown) -> Result<Ready, RunError> {
        // None is left that could be begun: there is nothing to ask about.
        if shown.plans.iter().all(|one| one.result.is_err()) {
            return Ok(Ready::No(declined_end()));
        }
        let Some(rules) = shown.rules.clone().map(Box::new) else {
            let cause = CauseRecord::of(&NotDone::TooManyFailures);
            return Ok(Ready::No(FailedEnd { state: State::NotStarted, cause }));
        };
        let ready: Vec<&ReviewedRouter> = shown.plans.iter().filter(|one| one.result.is_ok()).collect();
        let is_unchanged = write_nothing(ready.iter().copied());
        if self.assume_yes && !is_unchanged {
            return Ok(Ready::Yes { agreed: Vec::new(), rules });
        }
        let targets: HashMap<&str, &Target> =
            self.targets.iter().map(|target| (target.intent.router.as_str(), target)).collect();
        if !is_unchanged {
            let title = |router: &str| targets.get(router).and_then(|target| target.title.as_deref());
            let asked = ready.iter().map(|one| Asked { plan: one, title: title(&one.intent.router) });
            env.operator.tell(&Notice::Summary(&asked.collect::<Vec<_>>()));
        }
        let mut agreed = Vec::new();
        for one in &ready {
            let Some(plan) = one.plan() else { continue };
            let router = &one.intent.router;
            let target =
                targets.get(router.as_str()).ok_or_else(|| PrepareError::Unknown { router: router.clone() })?;
            // What depends on the running configuration was completed when the router was read.
            let target = target.with(Arc::clone(&one.intent));
            let is_swap = self.action == swap_terms::ACTION;
            if is_swap {
                let number = plan.identity.serial_number.as_deref();
                self.swap.expect_new_box(router, number, &self.choices.declared_boxes)?;
            }
            let asking = if is_swap { Asking::Always } else { Asking::WhereUnsure };
            let Some(target) = identity::confirm(env, &target, &plan.identity, asking)? else {
                let not_confirmed = || FailedEnd { state: State::Declined, cause: identity_not_confirmed(router) };
                return Ok(Ready::No(stopped_end(env).unwrap_or_else(not_confirmed)));
            };
            let agreement = plan.agreement(&target.intent);
            // A window is for what changes.
            let target = if is_unchanged { target.at_any_time() } else { target };
            agreed.push(Agreed { target, agreement });
        }
        Ok(Ready::Yes { agreed, rules })
    }

    /// The question before anything is written; nothing where nothing is.
    pub(super) fn question(&self, shown: &Shown) -> Option<Approval> {
        let ready: Vec<&ReviewedRouter> = shown.plans.iter().filter(|one| one.result.is_ok()).collect();
        let is_asked = !write_nothing(ready.iter().copied());
        is_asked.then(|| change_question(self.action, self.undone.as_ref(), &ready, &shown.rollout))
    }

    /// Ends a run that was never begun: so each router ends that could have been.
    pub(super) fn not_begun(&self, env: &RunEnv, aside: Vec<Outcome>, shown: Shown, end: &FailedEnd) -> FinishedRun {
        let ends = shown.plans.iter().map(|one| one.not_begun(end));
        let mut outcomes: Vec<Outcome> = aside.into_iter().chain(ends).collect();
        self.put_in_order(&mut outcomes);
        let finished = self.finish(env, outcomes, None);
        self.with_unproven(finished, shown.unproven)
    }

    /// The result with those that nothing was written to and that no one was asked about: they are in no record, since nothing is known of
    /// the router of that name.
    pub(super) fn with_unproven(&self, mut finished: FinishedRun, unproven: Vec<Outcome>) -> FinishedRun {
        finished.result.routers.extend(unproven);
        self.put_in_order(&mut finished.result.routers);
        finished
    }

    /// Everything up to the question: what another process is to carry out once it is answered, or this one.
    ///
    /// # Errors
    /// What is in the way before a router is read, or a question with no one to answer it.
    pub(super) fn review(mut self, env: &RunEnv) -> Result<Review, RunError> {
        let aside = match self.opening(env)? {
            Opening::Over(finished) => return Ok(Review::Over(finished)),
            Opening::Ready(aside) => aside,
        };
        let passwords = self.new_passwords(env)?;
        self.tell_started(env);
        self.put_in_question(env, &aside, passwords)
    }

    /// The new passwords that it gives, which are had before a router is met.
    ///
    /// # Errors
    /// As [`NewPasswords::resolve`].
    pub(super) fn new_passwords(&self, env: &RunEnv) -> Result<NewPasswords, RunError> {
        let (targets, asked, going_on) = (&self.targets, &self.swap.asked, self.beginning.going_on());
        NewPasswords::resolve(env, &ToSet { targets, asked, going_on, vault: &*self.choices.connect_options.vault })
    }

    /// Reads and plans all routers, shows that, and asks which box each is.
    ///
    /// # Errors
    /// When the journal cannot be read, or a question has no one to answer it.
    pub(super) fn put_in_question(
        self,
        env: &RunEnv,
        aside: &Aside,
        passwords: NewPasswords,
    ) -> Result<Review, RunError> {
        let shown = self.show(env, aside)?;
        let (agreed, rules) = match self.ready(env, &shown)? {
            Ready::Yes { agreed, rules } => (agreed, rules),
            Ready::No(end) => {
                return Ok(Review::Over(Box::new(self.not_begun(env, aside.outcomes(), shown, &end))));
            }
        };
        let question = if self.assume_yes { None } else { self.question(&shown) };
        let (boxes, aside) = (self.confirmed_boxes(&agreed), aside.outcomes());
        let asked = InQuestion { change: self, shown, aside, agreed, rules, passwords, boxes, question };
        Ok(Review::Asked(Box::new(asked)))
    }

    /// The boxes that a person alone has said to be these routers.
    fn confirmed_boxes(&self, agreed: &[Agreed]) -> BTreeMap<String, String> {
        let undeclared = self.targets.iter().filter(|target| target.intent.device.serial_number.is_none());
        let undeclared: Vec<&str> = undeclared.map(|target| target.intent.router.as_str()).collect();
        let confirmed = |Agreed { target, .. }: &Agreed| {
            let (router, device) = (&target.intent.router, &target.intent.device);
            let number = device.serial_number.clone()?;
            let is_typed = undeclared.contains(&router.as_str()) || self.serial_number.as_ref() == Some(&number);
            is_typed.then(|| (router.clone(), number))
        };
        agreed.iter().filter_map(confirmed).collect()
    }
}
