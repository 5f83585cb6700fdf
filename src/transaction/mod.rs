//! One router, one transaction: it ends verified and saved, or undone and proven undone, or it says honestly that it is neither.
//!
//! The IX applies every line at once and knows no rollback, so the transaction is ours: lock, read, compare, push with a stop
//! at the first refused line, read again, check, save, read again; on any failure the inverse, and a proof that it worked.
//! Nothing here knows a transport or a command's text; the session and the plan do. Nothing here prints.

mod advice;
mod apply;
mod boot;
mod bounds;
mod classify;
mod dead_man;
mod decisions;
mod draft;
mod error;
mod execute;
mod factory;
mod foreign;
mod forms;
mod inspect;
mod journalling;
mod logins;
mod lookout;
#[cfg(feature = "mock")]
mod mock_rehearsal;
mod observe;
mod observed;
mod phases;
mod read;
mod recover;
mod rehearse;
mod restart;
mod resume;
mod rollback_notes;
mod save;
mod saved_plan;
mod site;
mod startup;
mod terms;
mod three_way;
mod undo;
mod unverified;
mod verify;
mod wait;
mod who;

use std::sync::Arc;
use std::time::Duration;

pub use crate::record::{Advice, CauseRecord, CheckResult, Outcome, Unverified};
pub use advice::Power;
pub use boot::Boot;
pub use bounds::Bounds;
pub use decisions::{Decisions, FailedChecks, LostRouter, RecoveryChoice};
pub use draft::{draft, draft_offline, drift};
pub use error::TransactionError;
pub use execute::execute;
pub use inspect::Inspection;
pub use observe::{Purpose, back_up, observe};
pub use observed::{Fingerprint, Observed};
pub use phases::TransactionEnv;
pub use rehearse::rehearse_on_mock;
pub use restart::restart;
pub use resume::{Interrupted, before_of, load_interrupted, resume};
pub use rollback_notes::PHONE;
pub use saved_plan::{CheckEntry, GuessedLine, SavedPlan, SavedPlanError, masked};
pub use site::{BarrierMember, Partner, SiteBarrier};
pub use terms::Terms;
pub use three_way::{Reverse, revert_onto};

use crate::dialect::model::Model;
use crate::facts::Fact;
use crate::ix::Config;
use crate::journal::RouterRun;
use crate::plan::{Lifeline, Options, Ownership, Plan};
use crate::playbook::{Check, Firmware, OnLoss};
use crate::secret::CredentialName;
use crate::state::State;

/// Everything a transaction must know about one router, decided before the first byte is sent.
#[derive(Debug, Clone)]
pub struct Intent {
    /// The router's name in the inventory.
    pub router: String,
    /// The site it stands in.
    pub site: String,
    /// The roles it gets, for people.
    pub roles: Vec<String>,
    /// The model the inventory says it is.
    pub model: &'static Model,
    /// What a person has judged to be the factory lines of a model that no capture attests.
    pub fact: Option<Arc<Fact>>,
    /// The serial number it must have, from the inventory or typed by the operator.
    pub serial_number: Option<String>,
    /// The host name it must have, where that counts.
    pub host_name: Option<HostName>,
    /// The oldest firmware the playbook allows.
    pub min_firmware: Option<Firmware>,
    /// What it must be when we are done; secrets are placeholders.
    pub desired: Config,
    /// What of it is ours, as the playbook says it.
    pub owns: Vec<String>,
    /// The same, as the planner reads it.
    pub ownership: Ownership,
    /// `desired` stands there whole: every line and every order is wanted, whoever owns it.
    pub exact: bool,
    /// `desired` is what runs today without what one run changed: it is had when the router is read.
    pub reverse: Option<Arc<Reverse>>,
    /// The path our own session uses, as far as it is declared.
    pub lifeline: Lifeline,
    /// The address we dial: where the lifeline is not declared, the interface that has it.
    pub dialled: Option<String>,
    /// Whether that path may be changed over itself.
    pub allow_lifeline_change: bool,
    /// Whether the router may be restarted without saving where the way back fails.
    pub allow_reload: bool,
    /// What becomes of it when it was lost and has been read again.
    pub on_loss: OnLoss,
    /// Another way in, in words; nothing where the inventory names none.
    pub second_way: Option<String>,
    /// The routers of the site that carry our path to this one.
    pub through: Vec<String>,
    /// How the plan is made.
    pub options: Options,
    /// Lines that a reviewed fact calls the router's own, for this model.
    pub router_made: Arc<[String]>,
    /// What is looked at before the change is kept.
    pub checks: Vec<Check>,
    /// Whether checks of phase `clinic` run: not on a bench.
    pub at_clinic: bool,
    /// The user and the credential we log in with: a proof that the router has this password.
    pub login: Option<(String, CredentialName)>,
    /// Whether config mode may be taken from its holder.
    pub take_over: bool,
    /// Whether somebody's unsaved changes may become permanent with ours.
    pub adopt: bool,
    /// Whether plan and undo are typed into a mock router before the real one sees them.
    pub rehearse_on_mock: bool,
    /// How long a session that waits may be silent before it is kept awake.
    pub idle: Duration,
    /// How long we ask for config mode while somebody else holds it.
    pub lock_wait: Duration,
    /// How long we try to reach the router again after the session was lost.
    pub patience: Duration,
    /// How long each exchange with it may take at most.
    pub bounds: Bounds,
}

/// A host name, and the boxes on which it counts: those that a saved run of ours left with it. A new box has none yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName {
    /// The name that the inventory declares.
    pub name: String,
    /// The boxes, by serial number.
    pub boxes: Vec<String>,
}

impl Intent {
    /// The same job, its wish completed by what runs today.
    ///
    /// # Errors
    /// [`TransactionError::Conflict`] when what is to be taken back was changed again since.
    pub fn completed(self: &Arc<Self>, running: &Config) -> Result<Arc<Self>, TransactionError> {
        let Some(reverse) = &self.reverse else { return Ok(Arc::clone(self)) };
        let desired = revert_onto(reverse, running)
            .map_err(|touched| TransactionError::Conflict { router: self.router.clone(), objects: touched })?;
        Ok(Arc::new(Self { desired, reverse: None, ..(**self).clone() }))
    }

    /// The plan from what runs to what is wanted, given which secrets we know to be right.
    pub(crate) fn plan(
        &self,
        running: &Config,
        lifeline: &Lifeline,
        knowledge: &dyn Fn(&str) -> crate::plan::Knowledge,
    ) -> Result<Plan, TransactionError> {
        if self.exact {
            return crate::plan::exactly(running, &self.desired, lifeline, self.options.max_line)
                .map_err(TransactionError::Plan);
        }
        let mut plan =
            crate::plan::plan(&self.request(running, lifeline, knowledge)).map_err(TransactionError::Plan)?;
        if let Some(fact) = &self.fact {
            plan = plan.preferring(Arc::clone(&fact.removal));
            plan.notes.extend(factory::rests_on(self, fact, &plan));
        }
        Ok(plan)
    }

    /// What a plan is made of.
    fn request<'a>(
        &'a self,
        running: &'a Config,
        lifeline: &'a Lifeline,
        knowledge: &'a dyn Fn(&str) -> crate::plan::Knowledge,
    ) -> crate::plan::Request<'a> {
        crate::plan::Request {
            running,
            desired: &self.desired,
            ownership: &self.ownership,
            model: Some(self.model),
            factory: self.fact.as_deref().and_then(|fact| fact.factory.as_ref()),
            router_made: &self.router_made,
            lifeline,
            knowledge,
            options: self.options,
        }
    }
}

impl Outcome {
    /// The outcome of a router with which no session was opened.
    pub fn without_a_session(intent: &Intent, planned: usize, (state, cause): (State, CauseRecord)) -> Self {
        Self { causes: vec![cause], planned, ..Self::ended(intent, state) }
    }

    /// The outcome of a router that an earlier run left unknown, and that is not touched.
    pub fn left(part: &RouterRun, cause: CauseRecord) -> Self {
        let left = Self::named(&part.router, &part.site, State::Lost);
        Self { causes: vec![cause], sent: part.accepted.len(), planned: part.planned(), ..left }
    }

    /// The outcome of a router whose end is known already.
    pub fn ended(intent: &Intent, state: State) -> Self {
        Self::named(&intent.router, &intent.site, state)
    }

    fn named(router: &str, site: &str, state: State) -> Self {
        Self { advice: Advice::of(state, Power::Unknown, None), ..Self::new(router, site, state) }
    }
}

/// What a person agreed to: the plan, and what the router was when it was made.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The commands and their inverse.
    pub plan: Plan,
    /// The router as it was read.
    pub seen: Fingerprint,
}

impl Approved {
    /// No line, and no reading that it rests on: what is found is taken as it is.
    fn nothing() -> Self {
        let plan = Plan::of_commands(Vec::new(), Config::default());
        let seen = Fingerprint {
            model: String::new(),
            serial_number: String::new(),
            firmware: String::new(),
            running: String::new(),
            startup: None,
        };
        Self { plan, seen }
    }

    /// Whether nothing was agreed to but that nothing is sent.
    fn is_open(&self) -> bool {
        self.seen.running.is_empty()
    }

    /// What of the router is not what it was when a person agreed.
    fn moved_on(&self, now: &Fingerprint) -> Option<&'static str> {
        if self.is_open() { None } else { self.seen.first_difference(now) }
    }
}
