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
mod decisions;
mod desired;
mod draft;
mod error;
mod execute;
mod factory;
mod foreign;
mod forms;
mod inspect;
mod intent;
mod journalling;
mod logins;
mod lookout;
mod machine;
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
mod sent;
mod site;
mod startup;
mod terms;
mod three_way;
mod undo;
mod unverified;
mod verify;
mod wait;
mod who;

pub use crate::record::{Advice, CauseRecord, CheckResult, Outcome, Unverified};
pub use advice::Power;
pub use boot::Boot;
pub use bounds::Bounds;
pub use decisions::{Decisions, FailedChecks, LostRouter, RecoveryChoice};
pub use desired::{Desired, Withheld};
pub use draft::{draft, draft_offline, drift};
pub use error::TransactionError;
pub use execute::execute;
pub use inspect::Inspection;
pub use intent::{AccessPath, ExpectedDevice, HostName, Intent};
pub use observe::{Purpose, back_up, observe};
pub use observed::{Fingerprint, Observed};
pub use phases::TransactionEnv;
pub use rehearse::rehearse_on_mock;
pub use restart::restart;
pub use resume::{Interrupted, before_of, load_interrupted, resume};
pub use rollback_notes::PHONE;
pub use saved_plan::{GuessedLine, SavedPlan, SavedPlanError, masked};
pub use site::{BarrierMember, Partner, SiteBarrier};
pub use terms::Terms;
pub use three_way::{Reverse, revert_onto};

use crate::dialect::Dialect;
use crate::ix::Config;
use crate::journal::RouterRun;
use crate::plan::Plan;
use crate::state::State;

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
        let plan = Plan::of_commands(Vec::new(), Config::empty(Dialect::any()));
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
