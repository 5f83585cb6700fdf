//! Saving although a required check failed: on a console, on a person's word, with a reason that is recorded.
//!
//! Over the network nobody stands beside the router, so there a failed required check always takes the change back.

use std::fmt;

use serde::{Serialize, Serializer};

use super::decisions::FailedChecks;
use super::phases::Transaction;
use super::{CheckResult, TransactionError};
use crate::event::Event;
use crate::journal::Record;
use crate::plan::Lifeline;

/// Why a router is saved without all of it being proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unverified {
    /// A required check failed, and a person typed why it is kept.
    Person(String),
    /// The router shows no startup configuration: its word is all there is.
    StartupNotShown,
}

/// The person's reason, or a fixed word.
impl fmt::Display for Unverified {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Person(reason) => reason,
            Self::StartupNotShown => "startup-not-shown",
        })
    }
}

impl Serialize for Unverified {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Transaction<'_> {
    /// After a failed required check: goes on where a person on the console says why, else the failure stands.
    pub(super) fn waive_or_fail(&mut self, failure: TransactionError) -> Result<(), TransactionError> {
        let waivable = matches!(failure, TransactionError::CheckFailed { .. }) && self.lifeline() == Lifeline::Console;
        if !waivable || self.means.cancel.is_asked() {
            return Err(failure);
        }
        let failed = |check: &&CheckResult| check.required && check.passed == Some(false);
        let failed: Vec<&CheckResult> = self.checks.iter().filter(failed).collect();
        let checks: Vec<String> = failed.iter().map(|check| check.name.clone()).collect();
        let question = FailedChecks {
            router: self.intent.router.clone(),
            failed: failed.iter().map(|check| (check.name.clone(), check.unmet.clone())).collect(),
        };
        let decisions = self.means.decisions;
        let reason = self.while_asking(|| decisions.save_unverified(&question))?;
        let Some(reason) = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty()) else {
            return Err(failure);
        };
        self.record(&failure);
        self.write_intent(Record::Unverified { checks: checks.clone(), reason: reason.clone() }, false)?;
        self.emit(&Event::Unverified { router: self.intent.router.clone(), checks, reason: reason.clone() });
        self.unverified = Some(Unverified::Person(reason));
        // While the person typed, the router stood open: what runs must still be what was declared.
        self.verify_desired()
    }
}
