//! The readings of a session: into config mode, what runs, what the router would start with.
//!
//! Nothing here types a line that changes anything. A firmware may know one form of a command, the other, or neither; what is not
//! shown is not known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::observed::Observed;
use super::startup;
use super::who::{Identified, IdentityTexts, identify};
use super::{Intent, TransactionError};
use crate::cancel::Cancel;
use crate::connect::Connect;
use crate::dialect::Dialect;
use crate::record::{ConnectionRecord, Kind, LoginRecord, Sink};
use crate::session::{Session, SessionError, Take};

/// The most lines, and bytes of a line, that are read together, with the line after them.
const READING: (usize, usize) = (5, 40);

/// Opens a session and reports it.
pub(super) fn open(intent: &Intent, connect: &dyn Connect, sink: &dyn Sink) -> Result<Session, TransactionError> {
    let session = connect
        .connect()
        .map_err(|error| TransactionError::Connect { router: intent.router.clone(), error: Box::new(error) })?;
    Ok(greet(connect, session, sink))
}

/// Says that a session is open.
pub(super) fn greet(connect: &dyn Connect, mut session: Session, sink: &dyn Sink) -> Session {
    session.foresee(READING.0, READING.1);
    sink.emit(Kind::Connected(ConnectionRecord {
        transport: connect.transport().to_owned(),
        peer: connect.peer(),
        host_key: connect.host_key(),
        login: login_of(connect, &session),
    }));
    for warning in connect.warnings() {
        sink.emit(Kind::Warned { warning });
    }
    session
}

/// Whose password the router has accepted, where that alone let us in.
fn login_of(connect: &dyn Connect, session: &Session) -> Option<LoginRecord> {
    let credential = session.proven_credential()?.to_string();
    connect.account().map(|account| LoginRecord { user: account.user, credential: Some(credential) })
}

/// How long we wait between two attempts at an occupied config mode.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Asks for config mode until the deadline, or takes it if the intent says so; returns whether it was taken from its holder.
pub(super) fn enter(intent: &Intent, session: &mut Session, cancel: &Cancel) -> Result<bool, TransactionError> {
    enter_by(if intent.terms.take_over { Take::Steal } else { Take::Ask }, intent, session, cancel)
}

/// The same for a reading that no change follows: config mode is never taken from its holder for that.
pub(super) fn enter_to_look(intent: &Intent, session: &mut Session, cancel: &Cancel) -> Result<bool, TransactionError> {
    enter_by(Take::Ask, intent, session, cancel)
}

fn enter_by(take: Take, intent: &Intent, session: &mut Session, cancel: &Cancel) -> Result<bool, TransactionError> {
    let deadline = Instant::now() + intent.bounds.lock;
    loop {
        match session.enter_config(take) {
            Err(SessionError::Occupied { .. })
                if Instant::now() < deadline && !cancel.wait_until(deadline.min(Instant::now() + ASK_AGAIN)) => {}
            entered => return entered.map_err(TransactionError::Session),
        }
    }
}

/// The running configuration's text. A log line in between is not part of it.
pub(super) fn show_running(session: &mut Session) -> Result<String, TransactionError> {
    let shown = session.show(session.dialect().commands().show_running);
    shown.map(|text| session.dialect().strings().without_log_lines(&text)).map_err(TransactionError::Session)
}

/// Running and startup configuration, likewise; nothing where the router shows none of the second.
pub(super) fn show_both(session: &mut Session) -> Result<(String, Option<String>), TransactionError> {
    let ([], running, startup) = show_with_both(session, [])?;
    Ok((running, startup))
}

/// The answers of some commands, followed by running and startup configuration: all in flight at once if the session can do
/// that.
fn show_with_both<const N: usize>(
    session: &mut Session,
    commands: [&str; N],
) -> Result<([String; N], String, Option<String>), TransactionError> {
    let own = session.dialect().commands();
    let all: Vec<&str> = commands.into_iter().chain([own.show_running, own.show_startup]).collect();
    let mut texts = session.show_all(&all).into_iter();
    let mut next = || texts.next().unwrap_or_else(|| Err(SessionError::GivenUp { peer: session.peer() }));
    let mut answers = [const { String::new() }; N];
    for answer in &mut answers {
        *answer = next().map_err(TransactionError::Session)?;
    }
    let running = next().map_err(TransactionError::Session)?;
    let startup = if_accepted(next())?;
    let startup = or_otherwise(session, startup)?;
    Ok((answers, session.dialect().strings().without_log_lines(&running), startup))
}

/// The answer of a show command that some routers refuse; nothing then.
pub(super) fn show_if_accepted(
    session: &mut Session,
    command: &'static str,
) -> Result<Option<String>, TransactionError> {
    if_accepted(session.show(command))
}

fn if_accepted(answer: Result<String, SessionError>) -> Result<Option<String>, TransactionError> {
    match answer {
        Ok(text) => Ok(Some(text)),
        Err(SessionError::Refused { .. }) => Ok(None),
        Err(error) => Err(TransactionError::Session(error)),
    }
}

/// Refuses unsaved changes, which our save would make permanent unseen.
pub(super) fn refuse_unsaved(intent: &Intent, observed: Observed) -> Result<Observed, TransactionError> {
    match startup::unsaved(intent, &observed) {
        None => Ok(observed),
        Some((_, diff)) if intent.terms.adopt => Ok(Observed { unsaved: Some(diff), ..observed }),
        Some((cause, _)) => Err(cause),
    }
}

/// Reads both configurations in config mode, and who the router is where that has not been read.
pub(super) fn read_texts(
    intent: &Intent,
    session: &mut Session,
    seen: Option<Identified>,
    sink: &dyn Sink,
) -> Result<Observed, TransactionError> {
    let (begun, begun_at, commands) = (Instant::now(), Timestamp::now(), session.dialect().commands());
    let (seen, running_text, startup_text) = if let Some(seen) = seen {
        let (running, startup) = show_both(session)?;
        (seen, running, startup)
    } else {
        let ([hardware, version], running, startup) =
            show_with_both(session, [commands.show_hardware, commands.show_version])?;
        (identify(intent, session, &IdentityTexts { hardware, version }, sink)?, running, startup)
    };
    sink.emit(Kind::Read {
        running_lines: running_text.lines().count(),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    let running = intent.parse(&running_text);
    if running.is_empty() {
        return Err(TransactionError::Unreadable { router: intent.router.clone(), what: commands.show_running });
    }
    Ok(Observed {
        identity: seen.identity,
        boot: seen.boot.with_clock(&running_text, begun_at, Timestamp::now()),
        running_text,
        startup_text,
        running,
        login_proven: session.has_proven_login(),
        credential: session.proven_credential().cloned(),
        unsaved: None,
        masked: false,
    })
}

/// The startup configuration's text, cleaned of log lines; nothing where the router shows none in any form of its dialect.
pub(super) fn show_startup(session: &mut Session) -> Result<Option<String>, TransactionError> {
    let first = show_if_accepted(session, session.dialect().commands().show_startup)?;
    or_otherwise(session, first)
}

/// What the first command showed, or else what another one of the dialect does.
fn or_otherwise(session: &mut Session, first: Option<String>) -> Result<Option<String>, TransactionError> {
    let dialect = Arc::clone(session.dialect());
    let mut text = startup_text(&dialect, first);
    for command in dialect.commands().show_startup_otherwise {
        if text.is_none() {
            text = startup_text(&dialect, show_if_accepted(session, command)?);
        }
    }
    Ok(text)
}

fn startup_text(dialect: &Dialect, answer: Option<String>) -> Option<String> {
    let text = answer.map(|text| dialect.strings().without_log_lines(&text))?;
    dialect.diagnostics().shows_configuration(&text).then_some(text)
}
