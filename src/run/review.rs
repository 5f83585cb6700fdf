//! A change that is read, planned and shown here, and carried out by another process: what came of it, and the question.

use super::aside::Aside;
use super::change::{ChangeRun, declined_end};
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::identity;
use super::operator::Approval;
use super::question::change_question;
use super::target::Target;
use super::windows::tell_windows;
use crate::transaction::{Outcome, PlanResult};

/// What came of a review.
pub(super) enum Review {
    /// Nothing is left to be changed, or to be asked about.
    Over(Box<FinishedRun>),
    /// A question is to be asked.
    Asked(Box<InQuestion>),
}

/// What was shown of a run, and not yet asked about.
pub(super) struct InQuestion {
    /// The run.
    pub(super) change: ChangeRun,
    /// A result for each of its routers.
    pub(super) plans: Vec<PlanResult>,
    /// The routers that take no part in it.
    pub(super) aside: Vec<Outcome>,
    /// The question.
    pub(super) question: Approval,
}

impl ChangeRun {
    /// Reads and plans all routers, and shows that: what a process without a terminal is to carry out then.
    ///
    /// # Errors
    /// What is in the way before a router is read, or a question with no one to answer it.
    pub(super) fn review(mut self, env: &RunEnv) -> Result<Review, RunError> {
        // No one is asked there which box is on a cable.
        identity::expect_serial_number(&mut self.targets, None, true)?;
        if !self.may_take_over(env)? {
            let declined = |target: &Target| Outcome::without_a_session(&target.intent, 0, declined_end());
            let outcomes = self.targets.iter().map(declined).collect();
            return Ok(Review::Over(Box::new(self.finish(env, outcomes, None))));
        }
        let mut barred = self.exclude_barred();
        barred.append(&mut self.left_out);
        tell_windows(&*env.operator, &self.targets, self.beginning.begins_at());
        let aside = Aside { unfinished: self.recover(env)?, barred };
        let (plans, rollout) = self.read_and_show(env, &aside)?;
        let mut aside = aside.outcomes();
        let ready: Vec<&PlanResult> = plans.iter().filter(|one| one.result.is_ok()).collect();
        if ready.is_empty() {
            aside.extend(plans.into_iter().map(|one| one.not_begun(&declined_end())));
            return Ok(Review::Over(Box::new(self.finish(env, aside, None))));
        }
        let question = change_question(self.action, &ready, &rollout);
        Ok(Review::Asked(Box::new(InQuestion { change: self, plans, aside, question })))
    }
}
