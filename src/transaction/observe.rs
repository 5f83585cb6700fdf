//! Reading a router without changing it: who it is, what it runs, what it would start with.
//! This is the preflight: what it refuses ends before the first write.
//!
//! Reading needs the config lock (`show running-config` is refused in operation mode), so it is asked for, held briefly and
//! given back; it is never taken from its holder here unless the terms say so (`take_over`).

use serde::{Deserialize, Serialize};

use super::draft::draft;
use super::line_seen::{SeenLine, asking};
use super::observed::Observed;
use super::phases::{Transaction, Unread};
use super::read::{enter, enter_to_look, open, read_texts, refuse_unsaved};
use super::saved_plan::masked;
use super::which_line::look_before_plan;
use super::who::{expect_host_name, read_identity};
use super::{CheckResult, Inspection, Intent, Outcome, PreconditionError, TransactionError};
use crate::cancel::Cancel;
use crate::connect::Connect;
use crate::dialect::prompt::Right;
use crate::ix::Identity;
use crate::message::Text;
use crate::record::{Kind, Sink};
use crate::session::Session;
use crate::state::State;

impl<'a> Transaction<'a, Unread> {
    /// The first phase of a change: from the intent on disk to config mode and the backup. Where that is not reached, how it ended.
    pub(super) fn observe(mut self) -> Result<Transaction<'a>, Box<Outcome>> {
        match self.reach_backup() {
            Ok(before) => Ok(self.backed_up(before)),
            Err(cause) => {
                self.record(&cause);
                Err(self.ends_unread(&cause))
            }
        }
    }

    /// Ends without a backup, for a cause that is recorded: nothing was written.
    pub(super) fn ends_unread(mut self, cause: &TransactionError) -> Box<Outcome> {
        self.refuse(cause);
        Box::new(self.end())
    }

    fn reach_backup(&mut self) -> Result<Observed, TransactionError> {
        self.intend()?;
        self.open()?;
        self.check_cancelled()?;
        self.lock_and_back_up()
    }

    fn lock_and_back_up(&mut self) -> Result<Observed, TransactionError> {
        let intent = self.intent;
        self.foresee()?;
        let (observed, taken_over) = self.lock_and_read(|_, _| Ok(()))?;
        self.enter(State::BackedUp)?;
        if let Some(what) = self.approved.moved_on(&observed.fingerprint()) {
            return Err(TransactionError::Precondition(PreconditionError::Drifted {
                router: intent.router.clone(),
                what,
                diff: String::new(),
            }));
        }
        if self.approved.is_open() {
            self.keep_backup(&observed, taken_over)?;
            return Ok(observed);
        }
        // Secrets are not part of a fingerprint, yet the undo must enter those that are there now: the plan is made again.
        let plan = draft(intent, &observed)?;
        if masked(&plan.commands) != masked(&self.approved.plan.commands) {
            return Err(TransactionError::Precondition(PreconditionError::Drifted {
                router: intent.router.clone(),
                what: "commands",
                diff: String::new(),
            }));
        }
        self.approved.plan = plan;
        self.keep_backup(&observed, taken_over)?;
        Ok(observed)
    }

    /// Config mode is ours, and both configurations are read; with it, whether config mode was taken from its holder. `meets` says
    /// whether it is the box that is meant, by more than its inventory says: where it is read first, before anyone loses config mode.
    pub(super) fn lock_and_read(
        &mut self,
        meets: impl Fn(&Session, &Identity) -> Result<(), TransactionError>,
    ) -> Result<(Observed, bool), TransactionError> {
        let (intent, sink, cancel) = (self.intent, self.env.recorder, self.env.cancel);
        let session = self.session()?;
        // No one is put out of a box that is not the one meant; where it may be any box, it is identified before anything else.
        let first = intent.terms.take_over || session.needs_identity_first();
        let seen = if first { Some(read_identity(intent, session, sink)?) } else { None };
        seen.iter().try_for_each(|seen| meets(session, &seen.identity))?;
        let taken_over = enter(intent, session, cancel)?;
        if taken_over {
            self.emit(Kind::TookOver);
        }
        self.enter(State::Locked)?;
        let observed = read_texts(intent, self.session()?, seen, sink)?;
        self.serial_number.clone_from(&observed.identity.serial_number);
        meets(self.session()?, &observed.identity)?;
        Ok((refuse_unsaved(intent, observed)?, taken_over))
    }
}

/// What a router is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To show what would change.
    Look,
    /// The same, and its checks run.
    Verify,
    /// A change follows: only an administrator will do.
    Change,
}

/// What was read of a router.
pub struct Looked {
    /// Its configurations, and who it is.
    pub observed: Observed,
    /// How its checks ended, where they were run.
    pub checks: Vec<CheckResult>,
    /// Its access line, as far as it was seen.
    pub line: Option<SeenLine>,
}

/// Reads a router, gives config mode back and logs out.
///
/// # Errors
/// [`TransactionError`] when there is no session, when it is not the router it should be, when config mode is occupied, when it has
/// unsaved changes, or when the session fails. Nothing was written.
pub fn observe(
    intent: &Intent,
    connect: &dyn Connect,
    purpose: Purpose,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<Looked, TransactionError> {
    let mut session = open(intent, connect, sink)?;
    if purpose != Purpose::Change {
        only_to_read(&mut session, sink);
    }
    let read = read_all(intent, &mut session, purpose, sink, cancel);
    if let Err(error) = session.close() {
        tracing::debug!(router = %intent.router, %error, "the session did not end politely");
    }
    read
}

fn read_all(
    intent: &Intent,
    session: &mut Session,
    purpose: Purpose,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<Looked, TransactionError> {
    let seen = read_identity(intent, session, sink)?;
    expect_host_name(intent, session, &seen.identity)?;
    let enter = if purpose == Purpose::Change { enter } else { enter_to_look };
    if enter(intent, session, cancel)? {
        sink.emit(Kind::TookOver);
    }
    let observed = refuse_unsaved(intent, read_texts(intent, session, Some(seen), sink)?)?;
    let (checks, line) = if purpose == Purpose::Verify {
        let inspected = Inspection::of(intent).run(session, sink, cancel);
        let line = SeenLine::of_checks(asking(intent, &observed.running), &inspected.shown);
        (inspected.results().map_err(TransactionError::Session)?, line)
    } else {
        let line = look_before_plan(intent, &observed.running, session)?;
        if let Some(warning) = line.as_ref().and_then(SeenLine::warning) {
            sink.emit(Kind::Warned { warning });
        }
        (Vec::new(), line)
    };
    session.leave_config().map_err(TransactionError::Session)?;
    Ok(Looked { observed, checks, line })
}

/// A user with monitor right is enough; what that right allows is reported.
pub(super) fn only_to_read(session: &mut Session, sink: &dyn Sink) {
    if session.right() != Right::Monitor {
        return;
    }
    session.allow_monitor();
    sink.emit(Kind::Warned {
        warning: Text::new(
            "the login's user has monitor right: it may enter config mode and read what the router shows it, and change nothing; `apply` needs a user with administrator right",
            "ログインユーザはモニター権限です。コンフィグモードでの参照はできますが、変更はできません。apply には administrator 権限のユーザが必要です",
        ),
    });
}

/// Reads both configurations for a backup: what is unsaved is no hindrance, it is what the backup is for.
///
/// # Errors
/// As [`observe`], but for unsaved changes.
pub fn back_up(
    intent: &Intent,
    connect: &dyn Connect,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<Observed, TransactionError> {
    let mut session = open(intent, connect, sink)?;
    only_to_read(&mut session, sink);
    let read = (|| {
        let seen = read_identity(intent, &mut session, sink)?;
        expect_host_name(intent, &session, &seen.identity)?;
        enter(intent, &mut session, cancel)?;
        let observed = read_texts(intent, &mut session, Some(seen), sink)?;
        session.leave_config().map_err(TransactionError::Session)?;
        Ok(observed)
    })();
    if let Err(error) = session.close() {
        tracing::debug!(router = %intent.router, %error, "the session did not end politely");
    }
    read
}
