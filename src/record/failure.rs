//! Which class of failure an outcome belongs to: from its state and its first cause, and nothing else.
//!
//! The state decides wherever it says enough. Where one state has several reasons (`undone`, `refused`), the first cause's code does: every
//! code with which a router can fail is named here, and `tests/docs` holds that none is missing.

use super::outcome::{CauseRecord, FailedEnd, Outcome, Unverified};
use crate::state::{FailureClass, State};

impl Outcome {
    /// Its class; nothing where it is done, was declined, or did not fail by itself.
    pub fn failure_class(&self) -> Option<FailureClass> {
        let first = self.causes.first().map(|cause| cause.code.as_str());
        if self.is_probed() {
            return None;
        }
        if self.state == State::Saved {
            return self.unverified.as_ref().and_then(Unverified::failure_class);
        }
        failure_class(self.state, first)
    }
}

impl Outcome {
    /// Whether it is left for the run to go on with: it was not begun, and no router of its site is in the way.
    pub fn is_left(&self) -> bool {
        self.state == State::NotStarted && self.causes.first().is_none_or(|cause| cause.code != "site.together")
    }
}

impl FailedEnd {
    /// Its class, likewise.
    pub fn failure_class(&self) -> Option<FailureClass> {
        failure_class(self.state, Some(&self.cause.code))
    }
}

/// What a first cause says about the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseMeaning {
    /// The class, where the state leaves it open.
    Class(FailureClass),
    /// The router did not fail by itself: its partner, the operator, the run or the inventory stopped it.
    NotByItself,
    /// Nothing: the state alone decides.
    StateDecides,
}

/// Whether a router with this first cause was left as it is for good: no failure of its own, and yet an end that a run which goes on
/// leaves alone. Others have changed what was to be undone; or the run's plan has none for it.
pub fn is_skipped(first_cause: &str) -> bool {
    matches!(first_cause, "undo.touched" | "plan-file.no-plan")
}

/// Whether a router with this first cause was not begun because routers with which it has something in common were held.
pub fn is_held(first_cause: &str) -> bool {
    matches!(first_cause, "run.group-held" | "run.model-held")
}

/// The cause by which routers that are not done are grouped: the first, or what a plan file says of why it has no plan.
pub fn deciding_cause(causes: &[CauseRecord]) -> Option<&CauseRecord> {
    let first = causes.first()?;
    let passed_on = causes.get(1).filter(|_| first.code == "plan-file.no-plan");
    Some(passed_on.unwrap_or(first))
}

/// The class of an end in this state with this first cause.
pub fn failure_class(state: State, first_cause: Option<&str>) -> Option<FailureClass> {
    let of_state = match state {
        State::UndoFailed => return Some(FailureClass::UndoFailed),
        State::Lost => return Some(FailureClass::Lost),
        State::Mixed => return Some(FailureClass::Mixed),
        State::Drifted => return Some(FailureClass::Drifted),
        State::Occupied => return Some(FailureClass::Occupied),
        State::Unreachable => FailureClass::Unreachable,
        State::Refused => FailureClass::RefusedBefore,
        // It took every line, and what was found then was not as it must be.
        State::Undone => FailureClass::CheckFailed,
        State::Saved | State::Declined | State::NotStarted => return None,
        State::Planned
        | State::Locked
        | State::BackedUp
        | State::Applying
        | State::Applied
        | State::Verifying
        | State::Confirmed
        | State::Saving
        | State::Undoing => return None,
    };
    match first_cause.and_then(meaning_of) {
        Some(CauseMeaning::NotByItself) => None,
        Some(CauseMeaning::Class(class)) if is_open(state, class) => Some(class),
        _ => Some(of_state),
    }
}

/// Whether a cause may say this of a router in this state: what was never written to cannot have refused a line.
fn is_open(state: State, class: FailureClass) -> bool {
    use FailureClass::{CheckFailed, Drifted, Foreign, Occupied, OwnMachine, Unreachable};
    match state {
        State::Unreachable => matches!(class, Occupied | OwnMachine),
        State::Refused => matches!(class, CheckFailed | Drifted | Foreign | Occupied | OwnMachine | Unreachable),
        _ => true,
    }
}

/// What a code means as a first cause; nothing for one that is not known to be one.
pub fn meaning_of(code: &str) -> Option<CauseMeaning> {
    use CauseMeaning::{Class, NotByItself, StateDecides};
    Some(match code {
        "apply.declined" | "backup.none" | "plan-file.no-plan" | "restart.elsewhere" | "run.group-held"
        | "run.model-held" | "run.no-window" | "run.not-named" | "run.not-started" | "run.stopped"
        | "session.given-up" | "site.bound" | "site.do-not-touch" | "site.together" | "undo.touched" => NotByItself,

        "router.refused-line"
        | "router.refused-undo"
        | "router.still-differs"
        | "session.refused"
        | "session.untypable" => Class(FailureClass::LineRefused),

        "check.failed"
        | "check.failed-later"
        | "lifeline.another-box"
        | "lifeline.cut"
        | "login.unproven"
        | "router.not-restarted" => Class(FailureClass::CheckFailed),

        "router.save-differs" | "router.save-refused" | "router.save-unproven" | "router.startup-not-back" => {
            Class(FailureClass::SaveFailed)
        }

        "router.foreign" | "router.mixed" => Class(FailureClass::Foreign),

        "router.drifted" => Class(FailureClass::Drifted),

        // Also a colleague on this machine, and one who took config mode from us.
        "lock.held-here"
        | "session.evicted"
        | "session.host-changed"
        | "session.logged-out"
        | "session.occupied"
        | "telnet.busy" => Class(FailureClass::Occupied),

        "connection.in-use"
        | "connection.save-may-run"
        | "login.all-refused"
        | "link.lost"
        | "link.stuck"
        | "lost.undecided"
        | "router.lost"
        | "router.undo-differs"
        | "serial.unplugged"
        | "session.boot-monitor"
        | "session.closed"
        | "session.echo"
        | "session.endless"
        | "session.foreign-password"
        | "session.login-needed"
        | "session.login-not-asked"
        | "session.program-ended"
        | "session.question"
        | "session.silent"
        | "session.stuck"
        | "session.timeout"
        | "session.too-long"
        | "session.unexpected-mode"
        | "session.wrong-password"
        | "ssh.algorithms"
        | "ssh.authentication"
        | "ssh.broken"
        | "ssh.flood"
        | "ssh.host-name"
        | "ssh.questions"
        | "ssh.resolve"
        | "ssh.timeout"
        | "ssh.unreachable"
        | "telnet.connect"
        | "telnet.no-rfc2217"
        | "telnet.speed" => Class(FailureClass::Unreachable),

        "command.not-found"
        | "command.start"
        | "connection.mock"
        | "connection.no-mock"
        | "internal.thread"
        | "internal.transition"
        | "journal.damaged"
        | "journal.disk-full"
        | "journal.edited"
        | "journal.emptied"
        | "journal.exposed"
        | "journal.imported"
        | "journal.incomplete"
        | "journal.key"
        | "journal.newer"
        | "journal.no-run"
        | "journal.not-kept"
        | "journal.open"
        | "journal.read"
        | "journal.unsealable"
        | "journal.write"
        | "lock.file"
        | "machine.io"
        | "machine.threads"
        | "output.not-a-file"
        | "output.unwritten"
        | "recording.file"
        | "rehearsal.mock"
        | "run.interrupted"
        | "secret.command-failed"
        | "secret.command-missing"
        | "secret.command-slow"
        | "secret.env-missing"
        | "secret.file-exposed"
        | "secret.file-unreadable"
        | "secret.prompt-failed"
        | "serial.ambiguous"
        | "serial.busy"
        | "serial.denied"
        | "serial.list"
        | "serial.not-found"
        | "serial.open"
        | "serial.speed"
        | "serial.still-there"
        | "session.not-here"
        | "ssh.host-key-file"
        | "ssh.key-file"
        | "ssh.library"
        | "ssh.no-credential"
        | "ssh.not-in-this-build"
        | "transport.unsupported" => Class(FailureClass::OwnMachine),

        // Refused before any write, or said of a router in a state that speaks for itself.
        "identity.old-firmware"
        | "identity.same-address"
        | "identity.same-box"
        | "identity.serial-number-for-whom"
        | "identity.unconfirmed"
        | "identity.wrong-hostname"
        | "identity.wrong-model"
        | "identity.wrong-serial-number"
        | "inventory.unknown-router"
        | "journal.another-operator"
        | "journal.unfinished"
        | "lifeline.old-password"
        | "lifeline.touched"
        | "lifeline.unknown"
        | "plan-file.invalid"
        | "plan-file.withheld"
        | "plan.abbreviation"
        | "plan.cycle"
        | "plan.interface-goes"
        | "plan.line"
        | "plan.missing"
        | "plan.no-administrator"
        | "plan.no-interface"
        | "plan.no-name"
        | "plan.not-owned"
        | "plan.place"
        | "plan.unrecognised"
        | "plan.untypable"
        | "rehearsal.end"
        | "rehearsal.refused"
        | "restore.empty"
        | "restore.masked"
        | "restore.no-backup"
        | "router.newer-than-kit"
        | "router.not-factory"
        | "probe.line-open"
        | "router.startup-unread"
        | "router.unreadable"
        | "router.unsaved"
        | "secret.bad-name"
        | "secret.broken-placeholder"
        | "secret.empty"
        | "secret.not-text"
        | "secret.too-long"
        | "secret.undeclared"
        | "secret.untypable"
        | "session.monitor-right"
        | "ssh.host-key-changed"
        | "ssh.host-key-not-enrolled"
        | "ssh.host-key-revoked"
        | "ssh.host-key-unknown" => StateDecides,
        _ => return None,
    })
}
