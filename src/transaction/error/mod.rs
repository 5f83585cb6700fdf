//! Why a transaction did not end `saved`, and which state that leaves the router in.
//!
//! One enum for each part of a transaction, and around them what can happen in any part. Each says what it is, in both languages, and
//! what to do; none decides what is done.

mod change;
mod identity;
mod precondition;
mod recovery;
mod rehearsal;
mod save;

use crate::connect::ConnectError;
use crate::journal::JournalError;
use crate::message::Explain;
use crate::plan::PlanError;
use crate::secret::SecretError;
use crate::session::SessionError;
use crate::state::{Impossible, State};
use crate::transport::TransportError;
use crate::transport::ssh::SshError;

pub use change::ChangeError;
pub use identity::IdentityError;
pub use precondition::PreconditionError;
pub use recovery::RecoveryError;
pub use rehearsal::RehearsalError;
pub use save::SaveError;

/// One cause, with its place and its remedy.
#[derive(Debug, Explain)]
pub enum TransactionError {
    /// No session.
    #[explain(of = error, en = "{router}: {error}", ja = "{router}: {error}")]
    Connect {
        /// The router.
        router: String,
        /// What went wrong.
        error: Box<ConnectError>,
    },
    /// The conversation failed.
    #[explain(transparent)]
    Session(SessionError),
    /// A show command's answer does not say what it must.
    #[explain(
        code = "router.unreadable",
        en = "{router}: `{what}` could not be understood",
        ja = "{router}: 「{what}」の応答を解釈できませんでした",
        hint(
            en = "run the command by hand and compare its answer with a router of the same firmware",
            ja = "同じコマンドを手で実行し、応答を確認してください"
        )
    )]
    Unreadable {
        /// The router.
        router: String,
        /// The command.
        what: &'static str,
    },
    /// It is not the box that was meant.
    #[explain(transparent)]
    Identity(IdentityError),
    /// What it runs does not allow the change.
    #[explain(transparent)]
    Precondition(PreconditionError),
    /// No plan can be made.
    #[explain(transparent)]
    Plan(PlanError),
    /// A plan does not pass before it is sent.
    #[explain(transparent)]
    Rehearsal(RehearsalError),
    /// A password cannot be resolved.
    #[explain(transparent)]
    Secret(#[from] SecretError),
    /// The change cannot be kept.
    #[explain(transparent)]
    Change(ChangeError),
    /// A save is not proven.
    #[explain(transparent)]
    Save(SaveError),
    /// The router is not known to be as declared or as before.
    #[explain(transparent)]
    Recovery(RecoveryError),
    /// What is about to be done cannot be written down first.
    #[explain(of = error, en = "{router}: {error}", ja = "{router}: {error}")]
    Journal {
        /// The router.
        router: String,
        /// Why.
        error: JournalError,
    },
    /// What was done could not be written down.
    #[explain(
        code = "journal.incomplete",
        en = "{router}: the record of this run is not complete: {error}",
        ja = "{router}: この実行の記録が不完全です: {error}",
        hints = error.hints()
    )]
    JournalIncomplete {
        /// The router.
        router: String,
        /// Why.
        error: JournalError,
    },
    /// A defect of this program.
    #[explain(transparent)]
    Impossible(#[from] Impossible),
}

/// Lines below a text.
pub(super) fn indented(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  {line}")).collect()
}

impl TransactionError {
    /// The state a router is in when this happens before anything was written to it.
    pub fn before_write(&self) -> State {
        match self {
            Self::Connect { error, .. } => match &**error {
                ConnectError::Transport(error) if is_refused_host_key(error) => State::Refused,
                ConnectError::Transport(TransportError::Ssh(SshError::NotInThisBuild)) => State::Refused,
                ConnectError::Secret(_)
                | ConnectError::NoMock
                | ConnectError::Mock { .. }
                | ConnectError::NoMockOf { .. }
                | ConnectError::Recording { .. } => State::Refused,
                _ => State::Unreachable,
            },
            // Held by someone else, or taken from us: a colleague is at work on it.
            Self::Session(SessionError::Occupied { .. } | SessionError::Evicted { .. }) => State::Occupied,
            Self::Session(SessionError::MonitorRight { .. }) => State::Refused,
            Self::Session(_) => State::Unreachable,
            Self::Precondition(PreconditionError::Drifted { .. }) => State::Drifted,
            // Another router's end, not one of its own.
            Self::Change(ChangeError::Site { .. } | ChangeError::SiteBound { .. }) => State::NotStarted,
            _ => State::Refused,
        }
    }

    /// Whether it leaves the router to a person.
    pub(super) fn needs_person(&self) -> bool {
        matches!(
            self,
            Self::Change(ChangeError::Refused { undo: true, .. })
                | Self::Recovery(RecoveryError::UndoDiffers { .. })
                | Self::Save(SaveError::StartupNotBack { .. })
                | Self::Recovery(RecoveryError::Mixed { .. })
                | Self::Recovery(RecoveryError::StayedLost { .. })
        )
    }

    /// Whether the session can no longer be used.
    pub(super) fn lost_session(&self) -> bool {
        match self {
            // A refused command leaves the session at its prompt, and config mode ours.
            Self::Session(SessionError::Refused { .. }) => false,
            Self::Session(_) | Self::Connect { .. } => true,
            _ => false,
        }
    }
}

/// Whether it was we who said no, because of the key that the other side showed.
fn is_refused_host_key(error: &TransportError) -> bool {
    use SshError::{HostKeyChanged, HostKeyRevoked, HostKeyUnknown};
    matches!(error, TransportError::Ssh(HostKeyUnknown { .. } | HostKeyChanged { .. } | HostKeyRevoked { .. }))
}
