//! Where a transaction writes down what it is about to do, and what it has seen.
//!
//! On the way forward nothing is sent that is not on the disk first. On the way back a journal that fails stops nothing: what
//! would stand between a router and its backup then is a full disk on a laptop.

use super::observed::Observed;
use super::phases::Transaction;
use super::{CauseRecord, SavedPlan, TransactionError};
use crate::event::Event;
use crate::journal::{CauseNote, JournalError, Record};
use crate::message::{Explain, Text};
use crate::plan::Command;
use crate::state::State;

impl Transaction<'_> {
    /// The intent: plan, inverse, what was seen. Before the first byte.
    pub(super) fn intend(&mut self) -> Result<(), TransactionError> {
        let kept = SavedPlan::of(self.intent, self.approved.seen.clone(), &self.approved.plan);
        let kept = serde_json::to_value(&kept).unwrap_or_default();
        self.means
            .ledger
            .write(Record::Intended { site: self.intent.site.clone(), kept })
            .map_err(|error| self.stopped_by(error))
    }

    /// The backup and the exact commands, sealed, before the first line.
    pub(super) fn keep_backup(&mut self, observed: &Observed, taken_over: bool) -> Result<(), TransactionError> {
        let ledger = self.means.ledger;
        let stop = |error| TransactionError::Journal { router: self.intent.router.clone(), error };
        ledger.note(Record::BackedUp {
            model: observed.model.clone(),
            serial_number: observed.serial_number.clone(),
            firmware: observed.firmware.clone(),
            started_at: observed.boot.started_at.clone(),
            running: observed.fingerprint().running,
            taken_over,
        });
        let commands = serde_json::to_vec(&self.approved.plan.commands).unwrap_or_default();
        let before = zeroize::Zeroizing::new(serde_json::to_vec(&observed.texts()).unwrap_or_default());
        let commands = zeroize::Zeroizing::new(commands);
        let unsealed = match ledger.seal("before", &before).map_err(stop)? {
            Some(error) => Some(error),
            None => ledger.seal("commands", &commands).map_err(stop)?,
        };
        if self.intent.exact {
            // The wish itself is a whole configuration, secrets included.
            let desired = zeroize::Zeroizing::new(self.intent.desired.print());
            ledger.seal("desired", desired.as_bytes()).map_err(stop)?;
        }
        if let Some(error) = unsealed {
            let why = error.text();
            self.emit(&Event::Warned {
                router: self.intent.router.clone(),
                warning: Text::new(
                    format!("the backup is kept in memory only until this run ends: {}", why.en),
                    format!("バックアップは実行終了までメモリ上だけに保持されます: {}", why.ja),
                ),
            });
        }
        Ok(())
    }

    /// A state, on disk where something follows from it.
    pub(super) fn write_state(&mut self, state: State) -> Result<(), TransactionError> {
        let record = Record::Moved { state };
        match state {
            // Nothing is sent because of these: they wait for the next write.
            State::Locked | State::BackedUp | State::Applied | State::Verifying | State::Confirmed | State::Saving => {
                self.means.ledger.note(record);
                Ok(())
            }
            State::Applying => self.means.ledger.write(record).map_err(|error| self.stopped_by(error)),
            // These are facts, or the way back.
            _ => {
                self.write_fact(record);
                Ok(())
            }
        }
    }

    /// A line is about to be sent.
    pub(super) fn write_sending(
        &mut self,
        command: &Command,
        total: usize,
        line: &str,
        undo: bool,
    ) -> Result<(), TransactionError> {
        let record = Record::Sending { number: command.number, total, line: line.to_owned(), undo };
        self.write_intent(record, undo)
    }

    /// Lines are about to be sent together.
    pub(super) fn write_sending_together(
        &mut self,
        window: &[Command],
        total: usize,
        masked: &[String],
    ) -> Result<(), TransactionError> {
        for (command, line) in window.iter().zip(masked) {
            let record = Record::Sending { number: command.number, total, line: line.clone(), undo: false };
            self.means.ledger.note(record);
        }
        self.means.ledger.flush().map_err(|error| self.stopped_by(error))
    }

    /// Something is about to be done; on the way back it is done whether or not it can be written.
    pub(super) fn write_intent(&mut self, record: Record, undo: bool) -> Result<(), TransactionError> {
        match self.means.ledger.write(record) {
            Err(error) if undo => {
                self.incomplete(error);
                Ok(())
            }
            Err(error) => Err(self.stopped_by(error)),
            Ok(()) => Ok(()),
        }
    }

    /// The router answered a line.
    pub(super) fn note_answer(&mut self, command: &Command, undo: bool, accepted: bool, text: &str) {
        let text = text.to_owned();
        self.means.ledger.note(Record::Answered { number: command.number, undo, accepted, text });
    }

    /// What runs now, for an undo in weeks.
    pub(super) fn keep_after(&mut self, running: &str) {
        match self.means.ledger.seal("after", running.as_bytes()) {
            Ok(_) => {}
            Err(error) => self.incomplete(error),
        }
    }

    /// A cause, as the journal keeps it.
    pub(super) fn note_cause(&mut self, cause: &CauseRecord) {
        self.means.ledger.note(Record::Failed(CauseNote { code: cause.code.clone(), text: cause.text.clone() }));
    }

    /// How it ended.
    pub(super) fn write_end(&mut self) {
        let record = Record::Ended {
            state: self.progress.state(),
            sent: self.accepted.len(),
            restart_pending: self.restart_pending,
        };
        self.write_fact(record);
    }

    /// Something that has happened: written if it can be.
    pub(super) fn write_fact(&mut self, record: Record) {
        if let Err(error) = self.means.ledger.write(record) {
            self.incomplete(error);
        }
    }

    fn stopped_by(&mut self, error: JournalError) -> TransactionError {
        self.journal_failed = true;
        TransactionError::Journal { router: self.intent.router.clone(), error }
    }

    /// Said once: the router is well, its record is not whole.
    fn incomplete(&mut self, error: JournalError) {
        if self.journal_failed {
            return;
        }
        self.journal_failed = true;
        let cause = TransactionError::JournalIncomplete { router: self.intent.router.clone(), error };
        self.record(&cause);
    }
}
