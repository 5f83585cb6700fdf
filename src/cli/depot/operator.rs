//! The operator of one box among several: told everything, asked nothing. What is to be asked was asked before the first box.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cli::field::kept_screen;
use crate::cli::late_plans::LatePlansShown;
use crate::field::depot::DepotEvent;
use crate::field::lengths;
use crate::message::{Lang, Text};
use crate::report::Detail;
use crate::run::{Approval, IdentityQuestion, NoOperator, Notice, Operator};
use crate::secret::{Again, Prompter, Secret};
use crate::transaction::{Decisions, FailedChecks, LatePlan, LostRouter, RecoveryChoice};
use crate::visible;

/// Tells a depot about one router.
pub struct BoxOperator {
    /// The router.
    pub router: String,
    /// Whom it tells.
    pub tell: Sender<DepotEvent>,
    /// The plans that were shown today: one of a class is shown whole.
    pub plans: Arc<Mutex<LatePlansShown>>,
    /// What is shown of a plan.
    pub detail: Detail,
    /// The language.
    pub lang: Lang,
}

impl BoxOperator {
    fn say(&self, line: String) {
        // The day may be over.
        let _ = self.tell.send(DepotEvent::Said(line));
    }

    fn note(&self, word: &str, text: &Text) {
        let router = visible::line(&self.router);
        self.say(format!("{router}: {word}{}", visible::hanging(text.get(self.lang), 4)));
    }
}

impl Operator for BoxOperator {
    fn is_present(&self) -> bool {
        false
    }

    fn approve(&self, question: &Approval) -> Option<bool> {
        NoOperator.approve(question)
    }

    fn type_serial_number(&self, question: &IdentityQuestion<'_>) -> Option<String> {
        NoOperator.type_serial_number(question)
    }

    fn tell(&self, notice: &Notice<'_>) {
        match notice {
            Notice::Note(text) => self.note("", text),
            Notice::Warning(text) => self.note(self.lang.pick("warning: ", "警告: "), text),
            Notice::RunBegan(run) => {
                self.note("", &Text::new(format!("run {run}"), format!("実行 {run}")));
            }
            Notice::LatePlan(LatePlan { intent, plan, .. }) => {
                let planned = DepotEvent::Planned { router: self.router.clone(), lengths: lengths(plan) };
                let _ = self.tell.send(planned);
                let (screen, text) = kept_screen(self.lang);
                let mut shown = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
                shown.show(&screen, intent, plan, self.detail);
                text().lines().for_each(|line| self.say(line.to_owned()));
            }
            // What is wrong in the files was told before the first box; one router is one step, and nothing was reviewed before.
            Notice::Finding(_)
            | Notice::SerialNumberDiffers
            | Notice::SerialNumberExpected
            | Notice::Rollout(_)
            | Notice::Reviewed { .. }
            | Notice::Review { .. }
            | Notice::Summary(_) => {}
        }
    }
}

impl Decisions for BoxOperator {
    fn choose_recovery(&self, lost: &LostRouter) -> Option<RecoveryChoice> {
        NoOperator.choose_recovery(lost)
    }
    fn save_unverified(&self, failed: &FailedChecks) -> Option<String> {
        NoOperator.save_unverified(failed)
    }
}

impl Prompter for BoxOperator {
    fn ask(&self, question: &Text) -> Result<Secret, String> {
        NoOperator.ask(question)
    }
    fn ask_again(&self, question: &Text, again: Again) -> Result<Secret, String> {
        NoOperator.ask_again(question, again)
    }
    fn never_agreed(&self) -> String {
        NoOperator.never_agreed()
    }
}
