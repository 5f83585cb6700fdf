//! Why a transaction did not end `saved`, and which state that leaves the router in.

mod explain;

use std::sync::Arc;
use std::time::Duration;

use super::decisions::LostRouter;
use super::three_way::Conflict;
use crate::connect::ConnectError;
use crate::ix::line::LineError;
use crate::ix::origin::Origin;
use crate::journal::JournalError;
use crate::message::Text;
use crate::plan::rehearsal::Refusal;
use crate::plan::{OriginOfLine, PlanError};
use crate::secret::SecretError;
use crate::session::SessionError;
use crate::state::{Impossible, State};
use crate::transport::TransportError;
use crate::transport::ssh::SshError;

/// One cause, with its place and its remedy.
#[derive(Debug, thiserror::Error)]
pub enum TransactionError {
    /// No session.
    #[error("{router}: {error}")]
    Connect {
        /// The router.
        router: String,
        /// What stood in the way.
        error: Box<ConnectError>,
    },
    /// The conversation failed.
    #[error(transparent)]
    Session(SessionError),
    /// No plan can be made.
    #[error(transparent)]
    Plan(PlanError),
    /// A password could not be had.
    #[error(transparent)]
    Secret(SecretError),
    /// A show command's answer does not say what it must.
    #[error("{router}: `{what}` could not be understood")]
    Unreadable {
        /// The router.
        router: String,
        /// The command.
        what: &'static str,
    },
    /// Another model than the inventory says.
    #[error("{router}: this is an {found}, the inventory says {expected}")]
    WrongModel {
        /// The router.
        router: String,
        /// The inventory's model.
        expected: String,
        /// The router's own word.
        found: String,
    },
    /// Another box than the inventory, the operator or the run that is taken up again says.
    #[error("{router}: this box has serial number {found}, and {expected} is expected")]
    WrongSerialNumber {
        /// The router.
        router: String,
        /// The serial number that was named.
        expected: String,
        /// The router's own word.
        found: String,
    },
    /// Another host name than we left the box with.
    #[error("{router}: this box calls itself {found}; we left it as {expected}, as the inventory says")]
    WrongHostName {
        /// The router.
        router: String,
        /// The inventory's host name.
        expected: String,
        /// The name in the router's prompt.
        found: String,
    },
    /// One box answers for two routers.
    #[error("{router}: the box with serial number {serial_number} has answered for {other} already")]
    SameBox {
        /// The router.
        router: String,
        /// The router it was before.
        other: String,
        /// The box's serial number.
        serial_number: String,
    },
    /// Firmware older than the playbook allows.
    #[error("{router}: firmware {found} is older than {least}")]
    OldFirmware {
        /// The router.
        router: String,
        /// What it runs.
        found: String,
        /// What the playbook asks for.
        least: String,
    },
    /// Running and startup configuration differ before we start.
    #[error("{router}: the running configuration is not saved")]
    Unsaved {
        /// The router.
        router: String,
        /// Startup against running, masked.
        diff: String,
    },
    /// Nothing is saved, and what runs is not known to be what an unconfigured box of this model prints.
    #[error("{router}: nothing is saved, and these lines are not known of a box from the factory")]
    NotFactory {
        /// The router.
        router: String,
        /// The lines, masked, with the headers of their blocks.
        lines: Vec<String>,
        /// The file that would make a fact of them.
        draft: String,
    },
    /// Whether what runs is saved is not known before we start.
    #[error("{router}: the router shows no startup configuration, so whether what runs is saved is not known")]
    StartupUnread {
        /// The router.
        router: String,
    },
    /// The router is not what the plan was made for.
    #[error("{router}: the router has changed since the plan was made")]
    Drifted {
        /// The router.
        router: String,
        /// What differs.
        what: &'static str,
        /// Then against now, masked; empty where the plan does not hold what was there then.
        diff: String,
    },
    /// The router refused a line of ours.
    #[error("{router}: the router refused line {number} of the plan")]
    Refused {
        /// The router.
        router: String,
        /// The line's number in the plan.
        number: usize,
        /// The line, masked; nothing where it holds a secret, since the router quotes it.
        line: Option<String>,
        /// What the router said; nothing where the line holds a secret.
        answer: Option<String>,
        /// Where the line comes from; nothing for what no rendered line says.
        origin: Option<Arc<Origin>>,
        /// Whether it was a line of the inverse.
        undo: bool,
    },
    /// Every line was accepted, yet the router is not what was declared.
    #[error("{router}: {differences} changes are still missing after every line was accepted")]
    StillDiffers {
        /// The router.
        router: String,
        /// How many changes would still be needed.
        differences: usize,
        /// Which, masked.
        diff: String,
        /// Where the lines that are still missing come from.
        origins: Vec<OriginOfLine>,
    },
    /// A required check failed.
    #[error("{router}: the required check `{check}` failed")]
    CheckFailed {
        /// The router.
        router: String,
        /// The check's name.
        check: String,
        /// What was expected and not found.
        unmet: Text,
    },
    /// The router refused to save.
    #[error("{router}: the router did not save")]
    SaveRefused {
        /// The router.
        router: String,
        /// What it said.
        answer: String,
    },
    /// The save did not do what it should.
    #[error("{router}: the startup configuration, read again, is not the running one")]
    SaveDiffers {
        /// The router.
        router: String,
        /// Startup against running, masked.
        diff: String,
    },
    /// The router says that it saved, and shows no startup configuration.
    #[error("{router}: the router says that it saved, and shows no startup configuration to prove it")]
    SaveUnproven {
        /// The router.
        router: String,
    },
    /// What runs is the backup again; what a restart would bring up is not, or no one can see it.
    #[error("{router}: the running configuration equals the backup, the startup configuration is not proven to")]
    StartupNotBack {
        /// The router.
        router: String,
        /// Whether the router shows its startup configuration.
        shown: bool,
        /// Backup against what it holds, or may hold, masked.
        diff: String,
    },
    /// The inverse did not bring the backup back.
    #[error("{router}: after the undo {differences} changes separate the router from its backup")]
    UndoDiffers {
        /// The router.
        router: String,
        /// How many.
        differences: usize,
        /// Which, masked.
        diff: String,
    },
    /// The session was lost and the router could not be read again in time.
    #[error("{router}: the session was lost and the router could not be read again")]
    StayedLost {
        /// The router.
        router: String,
        /// The last reason it could not be read.
        last: Text,
        /// The last reason was that somebody holds config mode: it may be our own dead session.
        occupied: bool,
    },
    /// A restart was ordered, the session went away, and the router still runs since before.
    #[error("{router}: the router did not restart")]
    NotRestarted {
        /// The router.
        router: String,
    },
    /// The router, read again after the session was lost, holds lines that no part of our plan explains.
    #[error("{router}: the router holds changes that are not ours")]
    Mixed {
        /// The router.
        router: String,
        /// Backup against what runs, masked.
        diff: String,
    },
    /// Somebody else changed something while our lines went out, and it touches nothing of ours.
    #[error("{router}: lines that are not ours appeared on the router during the change")]
    Foreign {
        /// The router.
        router: String,
        /// The lines, masked.
        lines: Vec<String>,
        /// The fact that could call them the router's own, where they are of a kind that may be.
        fact_file: Option<String>,
    },
    /// The router was read again, and no one said what becomes of it.
    #[error("{}: {} of {} lines of the plan run on it, and the playbook lets a person decide", .lost.router, .lost.sent, .lost.planned)]
    Undecided {
        /// How it was found.
        lost: LostRouter,
        /// The run.
        run: String,
    },
    /// The plan may cut the session it would be sent over.
    #[error("{router}: the plan may cut our own session")]
    Lifeline {
        /// The router.
        router: String,
        /// Whether the path of our session is known.
        known: bool,
        /// The lines in question, masked.
        lines: Vec<String>,
    },
    /// No new session can be opened after a change of the path.
    #[error("{router}: after the change no new session can be opened")]
    LifelineCut {
        /// The router.
        router: String,
        /// Why.
        error: Box<ConnectError>,
    },
    /// A person asked to stop.
    #[error("{router}: stopped on request")]
    Stopped {
        /// The router.
        router: String,
        /// The line that was not sent any more; nothing when all were.
        number: Option<usize>,
    },
    /// A line, its secrets filled in, may not be typed.
    #[error("{router}: line {number} of the plan may not be typed: {error}")]
    Untypable {
        /// The router.
        router: String,
        /// The line's number in the plan.
        number: usize,
        /// Why; never the line.
        error: LineError,
    },
    /// A new administrator could not log in.
    #[error("{router}: the new administrator {user} could not log in")]
    LoginUnproven {
        /// The router.
        router: String,
        /// The user.
        user: String,
        /// Why; nothing when the router asked for no password.
        error: Option<Box<ConnectError>>,
    },
    /// The model of the router refuses a line of the plan or of its undo.
    #[error("{router}: the rehearsal refuses line {number}")]
    Rehearsal {
        /// The router.
        router: String,
        /// The line's number in its list.
        number: usize,
        /// The line, masked, and why.
        refusal: Refusal,
        /// Whether it is a line of the undo.
        undo: bool,
    },
    /// In the model of the router the plan does not arrive at what is wanted, or its undo not at what was there.
    #[error("{router}: the rehearsal does not arrive")]
    RehearsalEnd {
        /// The router.
        router: String,
        /// Whether it is the undo.
        undo: bool,
    },
    /// The mock router refuses a line of the plan or of its undo, or cannot play this router.
    #[error("{router}: the rehearsal on the mock stopped: {why}")]
    MockRehearsal {
        /// The router.
        router: String,
        /// The line's number, and whether it is one of the undo.
        line: Option<(usize, bool)>,
        /// What the mock said, masked.
        why: String,
    },
    /// Another router of the site did not come as far, and a site changes together or not at all.
    #[error("{router}: {other}, of the same site, did not come as far")]
    Site {
        /// The router.
        router: String,
        /// The other one.
        other: String,
    },
    /// Another router of the site has not come as far, and the site's bound has passed.
    #[error("{router}: {other}, of the same site, did not answer within the site's {} s", .within.as_secs())]
    SiteBound {
        /// The router.
        router: String,
        /// Those that were waited for.
        other: String,
        /// The site's bound.
        within: Duration,
    },
    /// What a run changed was changed again since.
    #[error("{router}: what that run changed was changed again since")]
    Conflict {
        /// The router.
        router: String,
        /// Each thing: its place, what the run left, what runs today; masked.
        objects: Vec<Conflict>,
    },
    /// What it should run is known by its masked text alone.
    #[error("{router}: what it should run was kept without its secrets")]
    Withheld {
        /// The router.
        router: String,
    },
    /// What is about to be done cannot be written down first.
    #[error("{router}: {error}")]
    Journal {
        /// The router.
        router: String,
        /// Why.
        error: JournalError,
    },
    /// What was done could not be written down.
    #[error("{router}: the record of this run is not complete: {error}")]
    JournalIncomplete {
        /// The router.
        router: String,
        /// Why.
        error: JournalError,
    },
    /// A defect of this program.
    #[error(transparent)]
    Impossible(#[from] Impossible),
}

impl From<SecretError> for TransactionError {
    fn from(error: SecretError) -> Self {
        Self::Secret(error)
    }
}

impl TransactionError {
    /// The state a router is in when this happens before anything was written to it.
    pub fn before_write(&self) -> State {
        match self {
            Self::Connect { error, .. } => match &**error {
                ConnectError::Transport(error) if is_refused_host_key(error) => State::Refused,
                ConnectError::Secret(_)
                | ConnectError::NoMock
                | ConnectError::Mock { .. }
                | ConnectError::NoMockOf { .. }
                | ConnectError::Recording { .. } => State::Refused,
                _ => State::Unreachable,
            },
            Self::Session(SessionError::Occupied { .. }) => State::Occupied,
            Self::Session(SessionError::MonitorRight { .. }) => State::Refused,
            Self::Session(_) => State::Unreachable,
            Self::Drifted { .. } => State::Drifted,
            _ => State::Refused,
        }
    }

    /// Whether it leaves the router to a person.
    pub(super) fn needs_person(&self) -> bool {
        matches!(
            self,
            Self::Refused { undo: true, .. }
                | Self::UndoDiffers { .. }
                | Self::StartupNotBack { .. }
                | Self::Mixed { .. }
                | Self::StayedLost { .. }
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
