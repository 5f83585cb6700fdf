//! Consoles whose cable is certainly not in this machine: noticed before a person types a password, or anything else, for a run that can meet no
//! router.
//!
//! Looks at the ports of this machine, and opens none. Where some routers can be met, the others say for themselves why they cannot.

use super::begin::Beginning;
use super::change::ChangeRun;
use super::target::Target;
use crate::transaction::{CauseRecord, FailedEnd, Outcome, TransactionError};

impl ChangeRun {
    /// How its routers end where the cables of all of them are missing. A run that waits for its time, goes on, or tries again what it could not
    /// reach, finds out when it gets there: a cable may be plugged in by then.
    pub(super) fn without_cables(&self) -> Option<Vec<Outcome>> {
        let begins_now = matches!(self.beginning, Beginning::New);
        let tries_again = self.assume_yes && self.rollout.rollout.retry.is_some();
        if self.targets.is_empty() || !begins_now || tries_again {
            return None;
        }
        self.targets.iter().map(without_cable).collect()
    }
}

/// How a router ends whose cable is missing; nothing where it may be met.
fn without_cable(target: &Target) -> Option<Outcome> {
    let error = Box::new(target.connector.missing_cable()?);
    let error = TransactionError::Connect { router: target.intent.router.clone(), error };
    let end = FailedEnd { state: error.before_write(), cause: CauseRecord::of(&error) };
    Some(Outcome::without_a_session(&target.intent, 0, end))
}
