//! The transaction itself: from the lock to `saved`, or to `undone`, or to an honest `lost`.
//!
//! Read [`Transaction::go`] from top to bottom: it is the order in which things happen on the router. Every early return goes through
//! [`Transaction::fail`], which decides by what was already sent whether there is anything to take back.

use super::draft::draft;
use super::phases::{Transaction, TransactionEnv};
use super::read::{enter, read_configuration};
use super::saved_plan::masked;
use super::who::read_identity;
use super::{Approved, Intent, Outcome, TransactionError};
use crate::record::Kind;
use crate::state::State;

/// Brings one router to what a person agreed to, or takes everything back.
pub fn execute(intent: &Intent, approved: &Approved, means: TransactionEnv<'_>) -> Outcome {
    let mut run = Transaction::new(intent, approved, means);
    if let Err(cause) = run.go() {
        run.fail(cause);
    }
    run.end()
}

impl Transaction<'_> {
    fn go(&mut self) -> Result<(), TransactionError> {
        self.intend()?;
        self.open()?;
        self.heed()?;
        self.lock_and_back_up()?;
        self.heed()?;
        self.wait_to_begin()?;
        if self.approved.plan.is_empty() {
            self.enter(State::Verifying)?;
            self.inspect()?;
            self.wait_to_save()?;
            self.enter(State::Confirmed)?;
            // Only what a restart brings back is called saved; what was adopted is saved though nothing was sent.
            if self.before.as_ref().is_some_and(|before| before.unsaved.is_some()) {
                self.enter(State::Saving)?;
                self.save()?;
            }
            self.enter(State::Saved)?;
        } else {
            self.have_every_secret()?;
            let needs_host_key = self.needs_host_key()?;
            self.enter(State::Applying)?;
            if needs_host_key {
                self.generate_host_key()?;
            }
            self.push()?;
            self.insist()?;
            self.verify_desired()?;
            self.enter(State::Applied)?;
            self.keep()?;
        }
        self.close();
        Ok(())
    }

    /// From `applied` to `saved`: look, then keep.
    pub(super) fn keep(&mut self) -> Result<(), TransactionError> {
        self.enter(State::Verifying)?;
        self.heed()?;
        self.verify_lifeline()?;
        self.heed()?;
        self.verify_administrators()?;
        if let Err(failure) = self.inspect() {
            self.waive_or_fail(failure)?;
        }
        self.heed()?;
        self.wait_to_save()?;
        self.enter(State::Confirmed)?;
        self.enter(State::Saving)?;
        self.save()?;
        self.enter(State::Saved)
    }

    /// A wish to stop ends it here, between two steps.
    fn heed(&self) -> Result<(), TransactionError> {
        if self.means.cancel.is_asked() {
            return Err(TransactionError::Stopped { router: self.intent.router.clone(), number: None });
        }
        Ok(())
    }

    pub(super) fn lock_and_back_up(&mut self) -> Result<(), TransactionError> {
        let (intent, sink, cancel) = (self.intent, self.means.recorder, self.means.cancel);
        self.foresee()?;
        let session = self.session()?;
        // Nobody is thrown out of a box that is not the one meant; where any box may stand, nothing but a look comes before that.
        let first = intent.terms.take_over || session.needs_identity_first();
        let identity = if first { Some(read_identity(intent, session, sink)?) } else { None };
        let taken_over = enter(intent, session, cancel)?;
        if taken_over {
            self.emit(Kind::TookOver);
        }
        self.enter(State::Locked)?;
        let observed = read_configuration(intent, self.session()?, identity, sink)?;
        self.serial_number = Some(observed.serial_number.clone());
        self.enter(State::BackedUp)?;
        if let Some(what) = self.approved.moved_on(&observed.fingerprint()) {
            return Err(TransactionError::Drifted { router: intent.router.clone(), what, diff: String::new() });
        }
        if self.approved.is_open() {
            self.keep_backup(&observed, taken_over)?;
            self.before = Some(observed);
            return Ok(());
        }
        // Secrets are not part of a fingerprint, yet the way back must enter those that stand there now: the plan is made again.
        let plan = draft(intent, &observed)?;
        if masked(&plan.commands) != masked(&self.approved.plan.commands) {
            return Err(TransactionError::Drifted {
                router: intent.router.clone(),
                what: "commands",
                diff: String::new(),
            });
        }
        self.approved.plan = plan;
        self.keep_backup(&observed, taken_over)?;
        self.before = Some(observed);
        Ok(())
    }

    /// Decides, by what was already sent, what a failure means.
    pub(super) fn fail(&mut self, cause: TransactionError) {
        self.record(&cause);
        match self.machine.state() {
            State::Planned | State::Locked | State::BackedUp => {
                self.close();
                let state = if self.machine.state() == State::Planned {
                    cause.before_write()
                } else if cause.lost_session() {
                    State::Unreachable
                } else {
                    match cause.before_write() {
                        State::Drifted if self.machine.state() == State::BackedUp => State::Drifted,
                        _ => State::Refused,
                    }
                };
                self.move_to(state);
            }
            // The intent of the first line could not be written: no line was sent.
            State::Applying if self.sent.is_untouched() && matches!(cause, TransactionError::Journal { .. }) => {
                self.close();
                self.move_to(State::Undoing);
                self.move_to(State::Undone);
            }
            State::Verifying if self.approved.plan.is_empty() => {
                self.close();
                self.move_to(State::Refused);
            }
            _ if matches!(cause, TransactionError::Mixed { .. }) => self.leave_mixed(),
            _ if self.session.is_none() || self.has_lost_session(&cause) => self.reconnect_and_resolve(),
            _ => self.take_back(),
        }
    }
}
