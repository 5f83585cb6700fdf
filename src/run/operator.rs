//! The one port to the operator: what they are asked, and what they are told meanwhile.
//!
//! Questions and notices are data; words, language and terminal belong to the implementation. A lower layer names what it may ask in a
//! trait of its own ([`Decisions`] in the middle of a transaction, [`Prompter`] for passwords), and an operator answers them all.

use super::drift::ApprovedPlan;
use super::hand_over_answer::{HandOver, HandOverAnswer};
use super::plan_file::HandOverPlan;
use super::reviewed_router::ReviewedRouter;
use super::rollout::{RolloutPlan, StepSize};
use crate::cancel::Cancel;
use crate::control;
use crate::fleet::Budget;
use crate::inventory::Diagnostic;
use crate::message::Text;
use crate::secret::{Again, Prompter, Secret};
use crate::transaction::{Decisions, FailedChecks, Intent, LatePlan, LostRouter, PlanResult, RecoveryChoice};

/// Who is asked and told.
pub trait Operator: Decisions + Prompter {
    /// Whether there is someone to ask.
    fn is_present(&self) -> bool;

    /// Yes or no; nothing when there is no one to ask.
    fn approve(&self, question: &Approval) -> Option<bool>;

    /// The same, until the question is over, because it was answered elsewhere: nothing then.
    fn approve_until(&self, question: &Approval, _over: &Cancel) -> Option<bool> {
        self.approve(question)
    }

    /// The last characters of a serial number as read off the router's label; nothing when there is no one to ask.
    fn type_serial_number(&self, question: &IdentityQuestion<'_>) -> Option<String>;

    /// What is done about tests from the laptop that have not passed. By default they are left as they are.
    fn hand_over(&self, _tests: &HandOver<'_>) -> HandOverAnswer {
        HandOverAnswer::GoOn
    }

    /// Takes note; nothing is answered.
    fn tell(&self, notice: &Notice<'_>);
}

/// What is approved before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// Config mode is taken from its holder: their work stays half done.
    TakeOver,
    /// Routers that an earlier run left unfinished are read again; the change is finished or undone.
    Recover {
        /// How many.
        routers: usize,
    },
    /// Routers are changed, as the plans that were shown say.
    Change {
        /// How many of them change.
        changing: usize,
        /// How many there are.
        routers: usize,
        /// At how many sites.
        sites: usize,
        /// The roles that they get, each once; none where a backup or an earlier run says what they become.
        roles: Vec<String>,
        /// The steps in which they are changed; none where the run is one step.
        steps: Vec<StepSize>,
        /// How many failures the whole run may have.
        budgets: Vec<Budget>,
        /// What makes an undo another question; nothing where no run is undone.
        undone: Option<UndoneInQuestion>,
        /// Its lines are entered for a look alone, taken back, and never saved.
        probe: bool,
    },
    /// A run in progress goes on.
    Continue {
        /// The run.
        run: String,
        /// Routers that it has not begun.
        waiting: usize,
        /// Routers that have ended.
        ended: usize,
        /// How many of those failed.
        failed: usize,
        /// The step that waits for a person's word.
        step: Option<control::Approval>,
    },
    /// A step of a rollout that waits for a person may begin.
    Step {
        /// Its name.
        name: String,
        /// Its sites.
        sites: usize,
        /// Its routers.
        routers: usize,
    },
    /// Routers are restarted: each is out of service for some minutes.
    Restart {
        /// How many.
        routers: usize,
        /// At how many sites.
        sites: usize,
    },
}

/// What a person must know of a run before they let it be undone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UndoneInQuestion {
    /// It is an undo itself: what it undid comes back.
    pub is_undo: bool,
    /// Routers on which a bake time has no check to repeat: it waits only until they can be reached.
    pub unchecked: usize,
}

/// From this many sites on, a yes is not enough: who approves a change or a restart types how many there are.
const TYPED_FROM: usize = 50;

impl Approval {
    /// The number of sites that has to be typed; nothing where a yes is enough.
    pub fn typed_sites(&self) -> Option<usize> {
        match self {
            Self::Change { sites, .. } | Self::Restart { sites, .. } => {
                Some(*sites).filter(|sites| *sites >= TYPED_FROM)
            }
            Self::TakeOver | Self::Recover { .. } | Self::Continue { .. } | Self::Step { .. } => None,
        }
    }
}

/// Which box is this router? At the end of a console cable, or where our last saved run has met another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityQuestion<'a> {
    /// What it is to become.
    pub router: &'a str,
    /// In these roles.
    pub roles: &'a [String],
    /// The model that it says it is.
    pub model: &'a str,
    /// The serial number that it shows: its last characters are to be typed.
    pub serial_number: &'a str,
    /// The serial number of the box that had this name when it was last saved, where that is another one.
    pub other_box: Option<&'a str>,
    /// It is on a console, whose cable can be in any box.
    pub is_on_console: bool,
}

/// One of the routers that the next question is about, with its plan.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What was read of it, and what will be done.
    pub plan: &'a ReviewedRouter,
    /// Its site's name for people.
    pub title: Option<&'a str>,
}

/// What an operator is told.
#[derive(Clone, Copy)]
pub enum Notice<'a> {
    /// A line worth knowing.
    Note(&'a Text),
    /// A warning.
    Warning(&'a Text),
    /// A finding in what people wrote, which stops nothing.
    Finding(&'a Diagnostic),
    /// What was typed is not the end of the serial number that was asked for.
    SerialNumberDiffers,
    /// Nothing was typed where the end of a serial number was asked for: it is asked for once more.
    SerialNumberExpected,
    /// A run has its name, and is in the journal.
    RunBegan(&'a str),
    /// The steps and limits of the run about which the next question is.
    Rollout(&'a RolloutPlan),
    /// The plan that was reviewed before: what is planned for a router when its turn comes must belong to it.
    Reviewed {
        /// The plan.
        saved: &'a ApprovedPlan,
        /// What is wanted of the routers that it changes, under which terms.
        changing: &'a [&'a Intent],
    },
    /// The plan for a router, made when its turn came: it is carried out now.
    LatePlan(LatePlan<'a>),
    /// The plans about which the next question is, and the saved plan they were compared with.
    Review {
        /// Each router with its whole plan, where they are few; of more none is kept whole.
        few: &'a [PlanResult],
        /// A result for every router.
        routers: &'a [ReviewedRouter],
        /// The saved plan.
        saved: Option<&'a ApprovedPlan>,
        /// What will be tried out from the laptop of those that have a plan.
        tests: &'a HandOverPlan,
    },
    /// What the next question is about, in brief: nothing is shown between this and the question.
    Summary(&'a [Asked<'a>]),
}

/// No one: nothing is approved, and nothing is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoOperator;

impl Operator for NoOperator {
    fn is_present(&self) -> bool {
        false
    }
    fn approve(&self, _: &Approval) -> Option<bool> {
        None
    }
    fn type_serial_number(&self, _: &IdentityQuestion<'_>) -> Option<String> {
        None
    }
    fn tell(&self, _: &Notice<'_>) {}
}

impl Decisions for NoOperator {
    fn choose_recovery(&self, _: &LostRouter) -> Option<RecoveryChoice> {
        None
    }
    fn save_unverified(&self, _: &FailedChecks) -> Option<String> {
        None
    }
}

impl Prompter for NoOperator {
    fn ask(&self, question: &Text) -> Result<Secret, String> {
        crate::secret::NoPrompt.ask(question)
    }
    fn ask_again(&self, question: &Text, again: Again) -> Result<Secret, String> {
        crate::secret::NoPrompt.ask_again(question, again)
    }
    fn never_agreed(&self) -> String {
        crate::secret::NoPrompt.never_agreed()
    }
}
