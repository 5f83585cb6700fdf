//! Which failed required checks are not the change's failure: those that had failed before, and those that need a line that is not
//! open yet. Such a router is saved, and not called done.
//!
//! What failed before is excused only on a router that was configured, and only where the plan has nothing to do with it: on a box
//! from the factory, and for what the change itself adds, the check after the push is the proof.

use super::factory::is_factory;
use super::inspect::{Inspected, Inspection};
use super::phases::Transaction;
use super::{ChangeError, CheckResult, TransactionError};
use crate::playbook::{Check, Level, Phase};
use crate::record::{Kind, Unverified};

impl Transaction<'_> {
    /// Runs the required checks whose failure could be excused afterwards, before anything is sent, and reads the displays of the others.
    pub(super) fn inspect_before(&mut self) -> Result<(), TransactionError> {
        let (intent, sink, cancel) = (self.intent, self.env.recorder, self.env.cancel);
        if is_factory(intent, &self.backup.running) {
            return Ok(());
        }
        let plan = &self.approved.plan;
        let is_run = |check: &Check| check.level == Level::Required && !plan.is_seen_by(&check.looks_at());
        let inspection = Inspection::before_change(intent, is_run);
        let mut inspected = match inspection.is_empty() {
            true => Inspected::default(),
            false => inspection.run(self.session()?, sink, cancel),
        };
        if let Some(error) = inspected.broken.take() {
            return Err(TransactionError::Session(error));
        }
        let failed = inspected.results.iter().filter(|result| result.passed == Some(false));
        self.findings.failed_before = failed.cloned().collect();
        self.look_before(inspected)
    }

    /// What the checks that were run last mean: nothing where none that is required failed; that the router is saved unverified where each of
    /// those is excused.
    pub(super) fn judge_checks(&mut self) -> Result<(), TransactionError> {
        let failed = self.findings.checks.iter().filter(|check| check.required && check.passed == Some(false));
        let mut excuse = None;
        let mut names = Vec::new();
        for check in failed {
            match self.excuse_of(check) {
                None => return Err(failure(&self.intent.router, check)),
                // The one that counts as a failure is the one that is named.
                Some(found @ Unverified::FailedBefore) => excuse = Some(found),
                Some(found) => excuse = excuse.or(Some(found)),
            }
            names.push(check.name.clone());
        }
        let Some(excuse) = excuse else { return Ok(()) };
        self.write_ahead(Kind::Unverified { checks: names, reason: excuse.to_string() }, false)?;
        self.findings.unverified = Some(excuse);
        Ok(())
    }

    /// What the checks mean of a router that is back from a restart. It stays saved, whatever they say: one that failed, or was left out at a
    /// request to stop, makes it unverified.
    pub(super) fn judge_restarted(&mut self) -> Result<(), TransactionError> {
        let terms = &self.intent.terms;
        let is_made_here = |check: &Check| terms.at_clinic || check.phase == Phase::Bench;
        let (mut checks, mut reason) = (Vec::new(), None::<Unverified>);
        for (check, result) in terms.checks.iter().zip(&self.findings.checks).filter(|(_, result)| result.required) {
            let why = match result.passed {
                Some(false) => match terms.line_pending_for(result) {
                    Some(pending) => Unverified::LinePending(pending.to_owned()),
                    None => Unverified::FailedLater,
                },
                None if !result.recorded && is_made_here(check) => Unverified::ChecksLeftOut,
                _ => continue,
            };
            checks.push(result.name.clone());
            reason = Some(reason.map_or(why.clone(), |earlier| earlier.and(why)));
        }
        let Some(reason) = reason else { return Ok(()) };
        self.write_ahead(Kind::Unverified { checks, reason: reason.to_string() }, false)?;
        self.findings.unverified = Some(reason);
        Ok(())
    }

    fn excuse_of(&self, failed: &CheckResult) -> Option<Unverified> {
        if let Some(reason) = self.intent.terms.line_pending_for(failed) {
            return Some(Unverified::LinePending(reason.to_owned()));
        }
        let before = |check: &CheckResult| check.name == failed.name && check.role == failed.role;
        let had_failed = match self.approved.plan.is_empty() {
            // Nothing was sent: what fails now is as it was.
            true => !is_factory(self.intent, &self.backup.running),
            false => self.findings.failed_before.iter().any(before),
        };
        had_failed.then_some(Unverified::FailedBefore)
    }
}

/// A required check that failed, and is the change's failure.
fn failure(router: &str, check: &CheckResult) -> TransactionError {
    TransactionError::Change(ChangeError::CheckFailed {
        router: router.to_owned(),
        check: check.name.clone(),
        unmet: check.unmet.clone(),
    })
}
