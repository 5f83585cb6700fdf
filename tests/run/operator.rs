//! An operator who is code: answers as told, and keeps what was asked and said.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ixdeploy::message::Text;
use ixdeploy::run::{Approval, IdentityQuestion, Notice, Operator};
use ixdeploy::secret::{Again, Prompter, Secret};
use ixdeploy::transaction::{Decisions, FailedChecks, LatePlan, LostRouter, RecoveryChoice};
use test_support::harness::PASSWORD;

/// Answers, and what was asked.
#[derive(Default)]
pub struct Scripted {
    /// Nothing is approved.
    refuses: bool,
    /// The terminal goes away at every question.
    is_gone: bool,
    /// What to do with a lost router.
    choice: Option<RecoveryChoice>,
    /// What is typed as the end of a serial number.
    typed: String,
    /// What happens elsewhere while a change, or a run that goes on, is asked about.
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    asked: Mutex<Vec<String>>,
    /// Each warning, in English.
    warned: Mutex<Vec<String>>,
    /// How many plans were kept whole when they were shown.
    whole: AtomicUsize,
}

impl Scripted {
    /// One who approves nothing.
    pub fn refusing() -> Self {
        Self { refuses: true, ..Self::default() }
    }

    /// One whose terminal goes away at every question.
    pub fn gone() -> Self {
        Self { is_gone: true, ..Self::default() }
    }

    /// An operator who decides what to do with a lost router.
    pub fn deciding(choice: RecoveryChoice) -> Self {
        Self { choice: Some(choice), ..Self::default() }
    }

    /// One who types this as the end of a serial number.
    pub fn typing(end: &str) -> Self {
        Self { typed: end.to_owned(), ..Self::default() }
    }

    /// The same, and approves nothing.
    pub fn typing_and_refusing(end: &str) -> Self {
        Self { refuses: true, ..Self::typing(end) }
    }

    /// One who takes time over the question whether a change is made, or a run goes on: meanwhile this happens.
    pub fn taking_time(meanwhile: impl FnOnce() + Send + 'static) -> Self {
        Self { meanwhile: Mutex::new(Some(Box::new(meanwhile))), ..Self::default() }
    }

    /// What was asked and told, in its order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// How many plans were kept whole when they were shown last.
    pub fn kept_whole(&self) -> usize {
        self.whole.load(Ordering::Relaxed)
    }

    /// Each warning, in English.
    pub fn warned(&self) -> Vec<String> {
        self.warned.lock().unwrap().clone()
    }

    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }
}

impl Operator for Scripted {
    fn is_present(&self) -> bool {
        true
    }
    fn approve(&self, question: &Approval) -> Option<bool> {
        self.note(match question {
            Approval::TakeOver => "take over".to_owned(),
            Approval::Recover { routers } => format!("recover {routers}"),
            Approval::Change { changing, routers, sites, undone, .. } => {
                let again = undone.filter(|undone| undone.is_undo).map_or("", |_| ", which undoes an undo");
                let unchecked = undone.map_or(0, |undone| undone.unchecked);
                let unchecked = if unchecked > 0 { format!(", {unchecked} unchecked") } else { String::new() };
                format!("change {changing} of {routers} at {sites}{again}{unchecked}")
            }
            Approval::Continue { waiting, ended, failed, .. } => {
                format!("go on with {waiting} after {ended}, {failed} failed")
            }
            Approval::Step { name, sites, routers } => format!("begin {name}: {routers} at {sites}"),
            Approval::Restart { routers, sites } => format!("restart {routers} at {sites}"),
        });
        if matches!(question, Approval::Change { .. } | Approval::Continue { .. }) {
            let meanwhile = self.meanwhile.lock().unwrap().take();
            meanwhile.into_iter().for_each(|meanwhile| meanwhile());
        }
        (!self.is_gone).then_some(!self.refuses)
    }
    fn type_serial_number(&self, question: &IdentityQuestion<'_>) -> Option<String> {
        self.note(format!("which router is {}", question.router));
        Some(self.typed.clone())
    }
    fn tell(&self, notice: &Notice<'_>) {
        match notice {
            Notice::Review { few, routers, .. } => {
                self.whole.store(few.len(), Ordering::Relaxed);
                self.note(format!("review of {}", routers.len()));
            }
            Notice::Reviewed { .. } => self.note("reviewed before".to_owned()),
            Notice::LatePlan(LatePlan { intent, plan, .. }) => {
                self.note(format!("late plan of {}: {} lines", intent.router, plan.commands.len()));
            }
            Notice::RunBegan(run) => self.note(format!("run {run}")),
            Notice::Rollout(plan) if !plan.steps.is_empty() => {
                let steps = plan.sizes().into_iter().map(|step| format!(" {} {}", step.name, step.sites));
                self.note(format!("steps{}", steps.collect::<String>()));
            }
            Notice::Warning(text) => self.warned.lock().unwrap().push(text.en.clone()),
            Notice::Note(_)
            | Notice::Finding(_)
            | Notice::Rollout(_)
            | Notice::Summary(_)
            | Notice::SerialNumberDiffers
            | Notice::SerialNumberExpected => {}
        }
    }
}

impl Decisions for Scripted {
    fn choose_recovery(&self, _: &LostRouter) -> Option<RecoveryChoice> {
        self.choice
    }
    fn save_unverified(&self, _: &FailedChecks) -> Option<String> {
        None
    }
}

impl Prompter for Scripted {
    fn ask(&self, _: &Text) -> Result<Secret, String> {
        self.note("secret".to_owned());
        Ok(Secret::new(PASSWORD.to_owned()))
    }
    fn ask_again(&self, question: &Text, _: Again) -> Result<Secret, String> {
        self.ask(question)
    }
    fn never_agreed(&self) -> String {
        "never".to_owned()
    }
}
