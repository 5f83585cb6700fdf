//! The transaction itself: from the lock to `saved`, or to `undone`, or to an honest `lost`.
//!
//! Read [`Transaction::change`] from top to bottom: it is the order in which things happen on the router. Every early return goes
//! through [`Transaction::fail`], which decides by what was already sent whether there is anything to undo.

use super::phases::{Transaction, TransactionEnv};
use super::{Agreement, Outcome, RecoveryError, TransactionError};
use crate::state::State;

/// Brings one router to what the operator approved, or undoes everything.
pub fn execute(agreement: &Agreement, env: TransactionEnv<'_>) -> Outcome {
    carry_out(Transaction::new(agreement.intent(), &agreement.approved(), env).observe())
}

/// Changes a router that was read and has its plan.
pub(super) fn carry_out(observed: Result<Transaction<'_>, Box<Outcome>>) -> Outcome {
    match observed {
        Err(ended) => *ended,
        Ok(mut transaction) => {
            if let Err(cause) = transaction.change() {
                transaction.fail(cause);
            }
            transaction.end()
        }
    }
}

impl Transaction<'_> {
    fn change(&mut self) -> Result<(), TransactionError> {
        self.check_cancelled()?;
        self.inspect_before()?;
        self.wait_to_begin()?;
        if self.approved.plan.is_empty() {
            let verified = self.verify_unchanged()?;
            // Only what a restart brings back is called saved; what was adopted is saved though nothing was sent.
            match self.backup.unsaved {
                Some(_) => self.save(verified)?,
                None => self.note_saved_already(verified)?,
            }
        } else if let Some(wish) = self.intent.terms.probe.clone() {
            let applied = self.apply()?;
            self.probe(applied, &wish)?;
        } else {
            let applied = self.apply()?;
            let verified = self.verify(applied)?;
            self.save(verified)?;
        }
        self.close();
        Ok(())
    }

    /// Decides, by what was already sent, what a failure means.
    pub(super) fn fail(&mut self, cause: TransactionError) {
        self.record(&cause);
        match self.machine.state() {
            State::Planned | State::Locked | State::BackedUp => self.refuse(&cause),
            // The intent of the first line could not be written: no line was sent.
            State::Applying if self.sent.is_untouched() && matches!(cause, TransactionError::Journal { .. }) => {
                self.close();
                self.enter_or_record(State::Undoing);
                self.enter_or_record(State::Undone);
            }
            State::Verifying if self.approved.plan.is_empty() => {
                self.close();
                // Nothing was written: someone else is at work, or it is not as it must be.
                let is_occupied = cause.before_write() == State::Occupied;
                self.enter_or_record(if is_occupied { State::Occupied } else { State::Refused });
            }
            _ if matches!(cause, TransactionError::Recovery(RecoveryError::Mixed { .. })) => self.end_mixed(),
            _ if self.session.is_none() || self.has_lost_session(&cause) => self.reconnect_and_resolve(),
            _ => self.undo_change(),
        }
    }
}
