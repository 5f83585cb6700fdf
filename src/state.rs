//! The states of a router in a run, the only transitions between them, what may be done in which, and what each end means for the
//! exit code.
//!
//! A line that the router refused is a cause, not a state. A transition that is not in [`State::next`] cannot happen: the
//! transaction's machine refuses it.

mod failure_class;

use serde::{Deserialize, Serialize};

use crate::message::{CodeEntry, Explain};

pub use failure_class::{DefaultBudget, FailureClass, lost_in_later_steps};

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[Impossible::CODES];

/// How far a router is in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A plan exists; nothing has been locked.
    Planned,
    /// The router's config mode, its one global lock, is ours.
    Locked,
    /// Running and startup configuration have been read and compared.
    BackedUp,
    /// Lines are being sent.
    Applying,
    /// Every line was accepted and the router, read again, equals the desired configuration.
    Applied,
    /// Checks run.
    Verifying,
    /// Every required check passed.
    Confirmed,
    /// The router writes its startup configuration.
    Saving,
    /// The startup configuration, read again, equals the running one.
    Saved,
    /// The inverse is being sent.
    Undoing,
    /// The router, read again, equals the backup.
    Undone,
    /// The inverse did not restore the backup: a person is needed.
    UndoFailed,
    /// The operator said no.
    Declined,
    /// We refused, before any write.
    Refused,
    /// Another user holds config mode, or took it from us before anything was written.
    Occupied,
    /// No session could be opened.
    Unreachable,
    /// The router is no longer what the plan was made for.
    Drifted,
    /// Not begun, because the run stopped before its turn.
    NotStarted,
    /// The session is gone and the outcome unknown.
    Lost,
    /// The router holds changes that are not ours.
    Mixed,
}

/// What a run's end means for one router, in the order of the exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Done, or nothing to do.
    Done,
    /// Not done, and the router's state is proven.
    NotDone,
    /// A person is needed.
    NeedsPerson,
}

impl State {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 20] = [
        Self::Planned,
        Self::Locked,
        Self::BackedUp,
        Self::Applying,
        Self::Applied,
        Self::Verifying,
        Self::Confirmed,
        Self::Saving,
        Self::Saved,
        Self::Undoing,
        Self::Undone,
        Self::UndoFailed,
        Self::Declined,
        Self::Refused,
        Self::Occupied,
        Self::Unreachable,
        Self::Drifted,
        Self::NotStarted,
        Self::Lost,
        Self::Mixed,
    ];

    /// The states that may follow this one.
    pub fn next(self) -> &'static [Self] {
        use State::{
            Applied, Applying, BackedUp, Confirmed, Declined, Drifted, Locked, Lost, Mixed, NotStarted, Occupied,
            Planned, Refused, Saved, Saving, UndoFailed, Undoing, Undone, Unreachable, Verifying,
        };
        match self {
            Planned => &[Locked, Declined, Refused, Occupied, Unreachable, Drifted, NotStarted],
            // Someone else may take config mode from us while we read.
            Locked => &[BackedUp, Refused, Occupied, Unreachable],
            // An empty plan goes straight to verification: nothing is sent. A partner of the site may end without the change.
            BackedUp => &[Applying, Verifying, Refused, Drifted, NotStarted, Occupied, Unreachable],
            Applying => &[Applied, Undoing, Lost],
            Applied => &[Verifying, Undoing, Lost],
            Verifying => &[Confirmed, Undoing, Refused, Occupied, Lost],
            // A router that is already saved as desired has nothing to save.
            // A partner of the site may fail just before our save begins.
            Confirmed => &[Saving, Saved, Undoing, Lost],
            Saving => &[Saved, Undoing, Lost],
            Undoing => &[Undone, UndoFailed, Lost],
            // Read again: equal to before, equal to after, between (then finished or undone), or holding lines that are
            // not ours.
            Lost => &[Undone, Applied, Applying, Undoing, Mixed],
            // A person worked on it and asks for another look: it is read like a lost one.
            UndoFailed | Mixed => &[Lost],
            Saved | Undone | Declined | Refused | Occupied | Unreachable | Drifted | NotStarted => &[],
        }
    }

    /// The phase of a transaction that it belongs to.
    pub fn phase(self) -> Phase {
        match self {
            Self::Planned
            | Self::Locked
            | Self::BackedUp
            | Self::Declined
            | Self::Refused
            | Self::Occupied
            | Self::Unreachable
            | Self::Drifted
            | Self::NotStarted => Phase::Observe,
            Self::Applying | Self::Applied => Phase::Apply,
            Self::Verifying | Self::Confirmed => Phase::Verify,
            Self::Saving | Self::Saved => Phase::Save,
            Self::Undoing | Self::Undone | Self::UndoFailed => Phase::Undo,
            Self::Lost | Self::Mixed => Phase::Recover,
        }
    }

    /// Whether this may be done to a router in this state. Everything else that is typed only reads.
    pub fn allows(self, act: Act) -> bool {
        match act {
            Act::SendLine => self == Self::Applying,
            Act::SendUndoLine => self == Self::Undoing,
            // On a lost router: it was read, it runs what it did before our first line, and only its startup configuration does not.
            Act::Save => matches!(self, Self::Saving | Self::Undoing | Self::Lost),
            Act::Restart => matches!(self, Self::Verifying | Self::Undoing),
        }
    }

    /// What it means when a run ends here.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Saved => Verdict::Done,
            Self::Undone
            | Self::Declined
            | Self::Refused
            | Self::Occupied
            | Self::Unreachable
            | Self::Drifted
            | Self::NotStarted
            | Self::Planned => Verdict::NotDone,
            Self::UndoFailed
            | Self::Lost
            | Self::Mixed
            | Self::Locked
            | Self::BackedUp
            | Self::Applying
            | Self::Applied
            | Self::Verifying
            | Self::Confirmed
            | Self::Saving
            | Self::Undoing => Verdict::NeedsPerson,
        }
    }

    /// Whether it is an end at which the router holds what it held before: it may be tried again, as if nothing had been done.
    pub fn is_end_without_change(self) -> bool {
        self.next().is_empty() && self != Self::Saved
    }

    /// Whether a run may end here.
    pub fn is_end(self) -> bool {
        self.next().is_empty() || matches!(self, Self::Lost | Self::UndoFailed | Self::Mixed)
    }

    /// The word for it in messages, reports and JSON: the same everywhere.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Locked => "locked",
            Self::BackedUp => "backed-up",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Verifying => "verifying",
            Self::Confirmed => "confirmed",
            Self::Saving => "saving",
            Self::Saved => "saved",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::UndoFailed => "undo-failed",
            Self::Declined => "declined",
            Self::Refused => "refused",
            Self::Occupied => "occupied",
            Self::Unreachable => "unreachable",
            Self::Drifted => "drifted",
            Self::NotStarted => "not-started",
            Self::Lost => "lost",
            Self::Mixed => "mixed",
        }
    }
}

/// What a transaction does, as far as its states say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Who the router is, what it runs, what it would start with: nothing is written to it.
    Observe,
    /// The plan's lines go out, and what runs is read again.
    Apply,
    /// New logins and checks, before anything is made permanent.
    Verify,
    /// The startup configuration is written, and read again.
    Save,
    /// The backup is restored, and that is proven.
    Undo,
    /// The session is gone: the router is found, read, and judged by what it runs.
    Recover,
}

impl Phase {
    /// Every phase, in the order in which a change passes them, those for failures last.
    pub const ALL: [Self; 6] = [Self::Observe, Self::Apply, Self::Verify, Self::Save, Self::Undo, Self::Recover];

    /// Its word in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Apply => "apply",
            Self::Verify => "verify",
            Self::Save => "save",
            Self::Undo => "undo",
            Self::Recover => "recover",
        }
    }
}

/// What changes a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A line of the plan.
    SendLine,
    /// A line that undoes.
    SendUndoLine,
    /// `write memory`.
    Save,
    /// `reload` without saving.
    Restart,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 4] = [Self::SendLine, Self::SendUndoLine, Self::Save, Self::Restart];

    /// What it is called in messages and documents.
    pub fn words(self) -> &'static str {
        match self {
            Self::SendLine => "a line of the plan is sent",
            Self::SendUndoLine => "a line of the undo is sent",
            Self::Save => "a save is ordered",
            Self::Restart => "a restart is ordered",
        }
    }
}

/// Something that no transaction may do from where it is: our own defect, reported rather than hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Explain)]
pub enum Impossible {
    /// A transition that is not in [`State::next`], or that does not go with what was done before.
    #[explain(
        code = "internal.transition",
        en = "a router cannot go from {from} to {to}",
        ja = "内部エラー: a router cannot go from {from} to {to}",
        with(from = from.word(), to = to.word()),
        hint(
            en = "this is a defect of ixdeploy: please report it with the log",
            ja = "ixdeploy の不具合です。ログを添えて報告してください"
        ),
        note(en = "`-vv` shows the log.", ja = "ログは `-vv` で表示されます。")
    )]
    Transition {
        /// The state the router was in.
        from: State,
        /// The state it was sent to.
        to: State,
    },
    /// Something that the state does not allow.
    #[explain(
        code = "internal.transition",
        en = "a router is {state} where {act}",
        ja = "内部エラー: a router is {state} where {act}",
        with(state = state.word(), act = act.words()),
        hint(
            en = "this is a defect of ixdeploy: please report it with the log",
            ja = "ixdeploy の不具合です。ログを添えて報告してください"
        ),
        note(en = "`-vv` shows the log.", ja = "ログは `-vv` で表示されます。")
    )]
    Act {
        /// The state the router is in.
        state: State,
        /// What was to be done.
        act: Act,
    },
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests;
