//! Reading a router without changing it: who it is, what it runs, what it would start with.
//!
//! Reading needs the config lock (`show running-config` is refused in operation mode), so it is asked for, held briefly and
//! given back; it is never taken from its holder here unless the job says so.

use super::observed::Observed;
use super::read::{enter, open, read_configuration, read_texts};
use super::who::{expect_host_name, read_identity};
use super::{CheckResult, Inspection, Intent, TransactionError};
use crate::cancel::Cancel;
use crate::connect::Connect;
use crate::dialect::prompt::Right;
use crate::message::Text;
use crate::record::{Kind, Sink};
use crate::session::Session;

/// What a router is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show what would change.
    Look,
    /// The same, and its checks run.
    Verify,
    /// A change follows: only an administrator will do.
    Change,
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
) -> Result<(Observed, Vec<CheckResult>), TransactionError> {
    let mut session = open(intent, connect, sink)?;
    if purpose != Purpose::Change {
        only_to_read(&mut session, sink);
    }
    let read = read_all(intent, &mut session, purpose == Purpose::Verify, sink, cancel);
    if let Err(error) = session.close() {
        tracing::debug!(router = %intent.router, %error, "the session did not end politely");
    }
    read
}

fn read_all(
    intent: &Intent,
    session: &mut Session,
    inspect: bool,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<(Observed, Vec<CheckResult>), TransactionError> {
    let seen = read_identity(intent, session, sink)?;
    expect_host_name(intent, session, &seen)?;
    if enter(intent, session, cancel)? {
        sink.emit(Kind::TookOver);
    }
    let observed = read_configuration(intent, session, Some(seen), sink)?;
    let mut checks = Vec::new();
    if inspect {
        let (results, broken) = Inspection::of(intent).run(session, sink, cancel);
        broken.map_or(Ok(()), |error| Err(TransactionError::Session(error)))?;
        checks = results;
    }
    session.leave_config().map_err(TransactionError::Session)?;
    Ok((observed, checks))
}

/// A user with monitor right will do; what that right allows is said.
fn only_to_read(session: &mut Session, sink: &dyn Sink) {
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
        expect_host_name(intent, &session, &seen)?;
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
