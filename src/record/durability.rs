//! How durable each kind must be: what is about to be done is on disk before anyone is told, what has happened follows.

use super::kind::Kind;
use crate::state::State;

/// How durable something must be, and whether that comes before it is shown and done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// It is shown and not kept.
    Transient,
    /// It is kept with the next that must be durable: after a crash at most these are missing.
    Deferred,
    /// It has happened: it is shown, and kept at once if that is possible.
    Immediate,
    /// It is about to be done: it is durable before anyone is told, and before it is done.
    WriteAhead,
}

impl Kind {
    /// How durable it must be.
    pub fn durability(&self) -> Durability {
        match self {
            Self::RunStarted { .. } | Self::StillWaiting { .. } => Durability::Transient,
            Self::Begun { .. }
            | Self::Intended { .. }
            | Self::Sending { .. }
            | Self::Saving
            | Self::Restarting
            | Self::Resumed { .. }
            | Self::Ordered { .. }
            | Self::Scheduled { .. }
            | Self::TimeReached
            | Self::Continued { .. }
            | Self::Unverified { .. }
            | Self::Moved { state: State::Applying } => Durability::WriteAhead,
            // Nothing is sent because of these states.
            Self::Moved {
                state:
                    State::Locked | State::BackedUp | State::Applied | State::Verifying | State::Confirmed | State::Saving,
            } => Durability::Deferred,
            Self::Moved { .. }
            | Self::Sealed { .. }
            | Self::NotSealed { .. }
            | Self::Pruned { .. }
            | Self::Probed(_)
            | Self::Tested(_)
            | Self::HostKeyEnrolled(_)
            | Self::Exported(_)
            | Self::Imported(_)
            | Self::Restarted { .. }
            | Self::RestartFound { .. }
            | Self::ForeignStays { .. }
            | Self::Abandoned
            | Self::StepAwaits(_)
            | Self::StepBegun(_)
            | Self::StepBakes(_)
            | Self::StepEnded(_)
            | Self::StepUnproven(_)
            | Self::StepStandIn(_)
            | Self::WindowTooShort(_)
            | Self::WindowAwaited { .. }
            | Self::Held(_)
            | Self::BudgetSpent(_)
            | Self::Ended(_)
            | Self::RunEnded { .. } => Durability::Immediate,
            Self::Connected(_)
            | Self::Warned { .. }
            | Self::TookOver
            | Self::Identified { .. }
            | Self::Read { .. }
            | Self::BackedUp { .. }
            | Self::Answered { .. }
            | Self::HostKeyMade { .. }
            | Self::Compared { .. }
            | Self::Checked { .. }
            | Self::CheckedBefore { .. }
            | Self::LineSeen(_)
            | Self::RouterMade { .. }
            | Self::Waiting { .. }
            | Self::ComesBack { .. }
            | Self::AnotherBox { .. }
            | Self::FoundAgain { .. }
            | Self::Failed { .. } => Durability::Deferred,
        }
    }
}
