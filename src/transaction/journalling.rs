//! Where a transaction writes down what it is about to do, and what it has seen.
//!
//! A change sends nothing that is not on the disk first. An undo is not stopped by a journal that fails: a full disk on a laptop
//! must not keep a router from its backup.

use std::sync::Arc;

use super::approved::Approved;
use super::observed::{Fingerprint, Observed, digest};
use super::phases::{Backup, RecordGap, Transaction};
use super::{Desired, SavedPlan, TransactionError};
use crate::ix::mask;
use crate::journal::JournalError;
use crate::message::{Explain, Text};
use crate::plan::Command;
use crate::record::{Durability, Kind};
use crate::state::State;

impl<B: Backup> Transaction<'_, B> {
    /// The intent: plan, inverse, what was seen. Before the first byte.
    pub(super) fn intend(&mut self) -> Result<(), TransactionError> {
        let Approved { plan, seen, shown } = &self.approved;
        let kept = match shown {
            Some(shown) => serde_json::to_value(shown),
            None => {
                let seen = seen.clone().unwrap_or_else(|| Fingerprint::unread(self.intent));
                serde_json::to_value(SavedPlan::of(Arc::new(self.intent.clone()), seen, plan))
            }
        };
        let kept = kept.unwrap_or_default();
        let (site, adopt, take_over) = (self.intent.site.clone(), self.intent.terms.adopt, self.intent.terms.take_over);
        self.write_ahead(Kind::Intended { site, kept, adopt, take_over }, false)
    }

    /// The backup and the exact commands, sealed, before the first line.
    pub(super) fn keep_backup(&mut self, observed: &Observed, taken_over: bool) -> Result<(), TransactionError> {
        let recorder = self.env.recorder;
        let stop = |error| TransactionError::Journal { router: self.intent.router.clone(), error };
        self.emit(Kind::BackedUp {
            identity: observed.identity.clone(),
            started_at: observed.boot.started_at.clone(),
            running: digest(&observed.running),
            taken_over,
            clock_offset: observed.boot.clock_offset,
        });
        let commands = serde_json::to_vec(&self.approved.plan.commands).unwrap_or_default();
        let before = zeroize::Zeroizing::new(serde_json::to_vec(&observed.texts()).unwrap_or_default());
        let commands = zeroize::Zeroizing::new(commands);
        let unsealed = match recorder.seal("before", &before).map_err(stop)? {
            Some(error) => Some(error),
            None => recorder.seal("commands", &commands).map_err(stop)?,
        };
        if let Desired::Whole(wanted) = &self.intent.desired {
            // What is wanted is a whole configuration, secrets included.
            recorder.seal("desired", wanted.as_str().as_bytes()).map_err(stop)?;
        }
        if let Some(error) = unsealed {
            let why = error.text();
            self.emit(Kind::Warned {
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
        let kind = Kind::Moved { state };
        if kind.durability() == Durability::WriteAhead {
            return self.write_ahead(kind, false);
        }
        self.write_now(kind);
        Ok(())
    }

    /// A line is about to be sent.
    pub(super) fn write_sending(
        &mut self,
        command: &Command,
        total: usize,
        line: &str,
        undo: bool,
    ) -> Result<(), TransactionError> {
        self.write_ahead(Kind::Sending { number: command.number, total, line: line.to_owned(), undo }, undo)
    }

    /// Lines are about to be sent together.
    pub(super) fn write_sending_together(&mut self, window: &[Command], total: usize) -> Result<(), TransactionError> {
        let sending = |command: &Command| Kind::Sending {
            number: command.number,
            total,
            line: mask::mask_line(&command.text),
            undo: false,
        };
        self.env.recorder.record_together(window.iter().map(sending)).map_err(|error| self.stopped_by(error))
    }

    /// Something is about to be done; in an undo it is done even if it cannot be written.
    pub(super) fn write_ahead(&mut self, kind: Kind, undo: bool) -> Result<(), TransactionError> {
        if undo {
            self.env.recorder.record_regardless(kind).unwrap_or_else(|error| self.incomplete(error));
            return Ok(());
        }
        self.env.recorder.record(kind).map_err(|error| self.stopped_by(error))
    }

    /// The router answered a line.
    pub(super) fn note_answer(&mut self, command: &Command, undo: bool, accepted: bool, text: &str) {
        self.emit(Kind::Answered { number: command.number, undo, accepted, text: text.to_owned() });
    }

    /// What runs now, for an undo in weeks.
    pub(super) fn keep_after(&mut self, running: &str) {
        match self.env.recorder.seal("after", running.as_bytes()) {
            Ok(_) => {}
            Err(error) => self.incomplete(error),
        }
    }

    /// Something that has happened: written if it can be.
    pub(super) fn write_now(&mut self, kind: Kind) {
        self.env.recorder.record(kind).unwrap_or_else(|error| self.incomplete(error));
    }

    fn stopped_by(&mut self, error: JournalError) -> TransactionError {
        self.record_gap = RecordGap::Told;
        TransactionError::Journal { router: self.intent.router.clone(), error }
    }

    /// Said once: the router is well, its record is not whole.
    fn incomplete(&mut self, error: JournalError) {
        if self.record_gap == RecordGap::Told {
            return;
        }
        self.record_gap = RecordGap::Told;
        let cause = TransactionError::JournalIncomplete { router: self.intent.router.clone(), error };
        self.record(&cause);
    }
}
