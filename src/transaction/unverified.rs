//! Saving although a required check failed: on a console, at the operator's request, with a reason that is recorded. Before that, the checks
//! are repeated as often as the operator wants.
//!
//! Over the network no one is beside the router, so there a failed required check always undoes the change.

use super::decisions::FailedChecks;
use super::phases::Transaction;
use super::{ChangeError, CheckResult, TransactionError};
use crate::plan::Lifeline;
use crate::record::{Kind, Unverified};

impl Transaction<'_> {
    /// After a failed required check: goes on if the operator on the console gives a reason, else the failure counts.
    pub(super) fn waive_or_fail(&mut self, mut failure: TransactionError) -> Result<(), TransactionError> {
        let (question, checks) = loop {
            let waivable = matches!(failure, TransactionError::Change(ChangeError::CheckFailed { .. }))
                && self.lifeline() == Lifeline::Console;
            if !waivable || self.env.cancel.is_asked() {
                return Err(failure);
            }
            let failed = |check: &&CheckResult| check.required && check.passed == Some(false);
            let failed: Vec<&CheckResult> = self.findings.checks.iter().filter(failed).collect();
            let checks: Vec<String> = failed.iter().map(|check| check.name.clone()).collect();
            let question = FailedChecks {
                router: self.intent.router.clone(),
                failed: failed.iter().map(|check| (check.name.clone(), check.unmet.clone())).collect(),
            };
            let decisions = self.env.decisions;
            if !self.keep_alive_while_asking(|| decisions.repeat_checks(&question))? {
                break (question, checks);
            }
            match self.inspect_changed() {
                // While the operator plugged and looked, config mode was free: what runs must still be what was declared.
                Ok(()) => return self.verify_desired().map(drop),
                Err(again) => failure = again,
            }
        };
        let decisions = self.env.decisions;
        let reason = self.keep_alive_while_asking(|| decisions.save_unverified(&question))?;
        let Some(reason) = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty()) else {
            return Err(failure);
        };
        self.record(&failure);
        self.write_ahead(Kind::Unverified { checks, reason: reason.clone() }, false)?;
        self.findings.unverified = Some(Unverified::Person(reason));
        // While the operator typed, config mode was free: what runs must still be what was declared.
        self.verify_desired().map(drop)
    }
}
