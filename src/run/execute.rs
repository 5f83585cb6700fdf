//! A change from its first look at the journal to its result, in this process: read, shown, asked, carried out.

use super::begin::{begin_run, places};
use super::change::{ChangeRun, declined_end, not_started};
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::review::{InQuestion, Opening, Review};
use super::reviewed_router::into_entries;

impl ChangeRun {
    /// Reads, shows, asks, changes.
    ///
    /// # Errors
    /// A question with no one to answer it, or a journal that cannot be opened. Nothing was written then.
    pub fn execute(mut self, env: &RunEnv) -> Result<FinishedRun, RunError> {
        let aside = match self.opening(env)? {
            Opening::Over(finished) => return Ok(*finished),
            Opening::Ready(aside) => aside,
        };
        let passwords = self.new_passwords(env)?;
        self.tell_started(env);
        if self.assume_yes {
            return self.change_late(env, aside, &passwords);
        }
        match self.put_in_question(env, &aside, passwords)? {
            Review::Over(finished) => Ok(*finished),
            Review::Asked(asked) if asked.is_approved(env)? => asked.carry_out(env),
            Review::Asked(asked) => Ok(asked.declined(env)),
        }
    }
}

impl InQuestion {
    /// Changes the routers that were agreed to.
    ///
    /// # Errors
    /// When the journal cannot be written: nothing was changed then.
    pub(super) fn carry_out(self, env: &RunEnv) -> Result<FinishedRun, RunError> {
        let Self { change, mut shown, aside: mut outcomes, agreed, rules, passwords, boxes: _, question: _ } = self;
        let mut places = places(&outcomes, &change.targets);
        places.retain(|place| shown.unproven.iter().all(|outcome| outcome.router != place.router));
        let without = shown.plans.iter().filter(|one| one.result.is_err());
        outcomes.extend(without.map(|one| one.not_begun(&declined_end())));
        // What was shown is not needed any more: while thousands are changed, only their tasks are kept.
        let plan = change.plan_to_keep(|| into_entries(std::mem::take(&mut shown.plans)));
        drop(shown.plans);
        let routers = agreed.iter().map(|one| one.agreement.intent().router.clone()).collect();
        let begun = begin_run(env, change.begun(routers, places, plan))?;
        begun.leave_out(env, &outcomes);
        outcomes.extend(match passwords.seal(env, begun.log()).and_then(|()| change.agree_to_new_boxes()) {
            Ok(()) => change.change(env, &begun, agreed, *rules),
            Err(error) => not_started(agreed.iter().map(|one| one.agreement.intent()), &error),
        });
        change.settle(env, &begun, &mut outcomes);
        change.hand_over(env, &begun, &mut outcomes);
        change.put_in_order(&mut outcomes);
        let finished = change.finish(env, outcomes, Some(&begun));
        Ok(change.with_unproven(finished, shown.unproven))
    }
}
