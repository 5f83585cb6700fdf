//! A change from its first look at the journal to its result, in this process: read, shown, asked, carried out.

use super::aside::Aside;
use super::begin::{begin_run, places};
use super::change::{ChangeRun, declined_end, not_started};
use super::env::RunEnv;
use super::error::RunError;
use super::finish::FinishedRun;
use super::new_passwords::NewPasswords;
use super::review::{Opening, Ready};

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
        let passwords =
            NewPasswords::resolve(env, &self.targets, &*self.choices.connect_options.vault, &self.beginning)?;
        self.tell_started(env);
        if self.assume_yes {
            self.change_late(env, aside, &passwords)
        } else {
            self.show_and_change(env, &aside, &passwords)
        }
    }

    /// Reads and plans all routers, shows that, asks, and changes them.
    fn show_and_change(self, env: &RunEnv, aside: &Aside, passwords: &NewPasswords) -> Result<FinishedRun, RunError> {
        let mut shown = self.show(env, aside)?;
        let (agreed, rules) = match self.ready(env, &shown)? {
            Ready::Yes { agreed, rules } => (agreed, *rules),
            Ready::No(end) => return Ok(self.not_begun(env, aside.outcomes(), shown, &end)),
        };
        let is_approved = match self.question(&shown) {
            Some(question) => env.operator.approve(&question).ok_or(RunError::NoOperator)?,
            None => true,
        };
        if !is_approved {
            return Ok(self.not_begun(env, aside.outcomes(), shown, &declined_end()));
        }
        let mut outcomes = aside.outcomes();
        let mut places = places(&outcomes, &self.targets);
        places.retain(|place| shown.unproven.iter().all(|outcome| outcome.router != place.router));
        let plan = self.plan_to_keep(&shown.plans);
        // What was read is not needed any more: while thousands are changed, only their tasks are kept.
        shown.plans.retain(|one| one.result.is_err());
        shown.plans.shrink_to_fit();
        outcomes.extend(shown.plans.into_iter().map(|one| one.not_begun(&declined_end())));
        let routers = agreed.iter().map(|one| one.agreement.intent().router.clone()).collect();
        let begun = begin_run(env, self.begun(routers, places, plan))?;
        begun.leave_out(env, &outcomes);
        outcomes.extend(match passwords.seal(env, begun.log()) {
            Ok(()) => self.change(env, &begun, agreed, rules),
            Err(error) => not_started(agreed.iter().map(|one| one.agreement.intent()), &error),
        });
        self.put_in_order(&mut outcomes);
        let finished = self.finish(env, outcomes, Some(&begun));
        Ok(self.with_unproven(finished, shown.unproven))
    }
}
