//! The states of a router in a run, the only transitions between them, and what each end means for the exit code.
//!
//! A line that the router refused is a cause, not a state. Whoever moves a router from one state to another goes through
//! [`Progress::enter`], so a transition that is not written here cannot happen.

use serde::{Deserialize, Serialize};

/// Where a router stands in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// The inverse did not bring the backup back: a person is needed.
    UndoFailed,
    /// A person said no.
    Declined,
    /// We refused, before any write.
    Refused,
    /// Somebody else holds config mode.
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
            Locked => &[BackedUp, Refused, Unreachable],
            // An empty plan goes straight to verification: nothing is sent.
            BackedUp => &[Applying, Verifying, Refused, Drifted, Unreachable],
            Applying => &[Applied, Undoing, Lost],
            Applied => &[Verifying, Undoing, Lost],
            Verifying => &[Confirmed, Undoing, Refused, Lost],
            // A router that is already saved as desired has nothing to save.
            Confirmed => &[Saving, Saved, Lost],
            Saving => &[Saved, Undoing, Lost],
            Undoing => &[Undone, UndoFailed, Lost],
            // Read again: equal to before, equal to after, between (then finished or taken back), or holding lines that are
            // not ours.
            Lost => &[Undone, Applied, Applying, Undoing, Mixed],
            // A person worked on it and asks for another look: it is read like a lost one.
            UndoFailed | Mixed => &[Lost],
            Saved | Undone | Declined | Refused | Occupied | Unreachable | Drifted | NotStarted => &[],
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

/// A transition that is not written in [`State::next`]: a defect of ours, reported rather than hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a router cannot go from {} to {}", .from.word(), .to.word())]
pub struct Impossible {
    /// The state the router was in.
    pub from: State,
    /// The state it was sent to.
    pub to: State,
}

/// One router's way through the states.
#[derive(Debug, Clone)]
pub struct Progress {
    state: State,
}

impl Default for Progress {
    fn default() -> Self {
        Self { state: State::Planned }
    }
}

impl Progress {
    /// A router on its way, as a journal left it.
    pub fn at(state: State) -> Self {
        Self { state }
    }

    /// Where the router stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// Moves the router on.
    ///
    /// # Errors
    /// [`Impossible`] when the transition is not a written one; the state then stays.
    pub fn enter(&mut self, to: State) -> Result<(), Impossible> {
        if self.state.next().contains(&to) {
            self.state = to;
            Ok(())
        } else {
            Err(Impossible { from: self.state, to })
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Progress, State, Verdict};
    use std::collections::BTreeSet;

    #[test]
    fn every_pair_of_states_is_either_written_or_refused() {
        for from in State::ALL {
            for to in State::ALL {
                let mut progress = Progress { state: from };
                let moved = progress.enter(to);
                if from.next().contains(&to) {
                    assert!(moved.is_ok(), "{from:?} to {to:?}");
                    assert_eq!(progress.state(), to);
                } else {
                    assert!(moved.is_err(), "{from:?} to {to:?}");
                    assert_eq!(progress.state(), from, "a refused transition moves nothing");
                }
            }
        }
    }

    #[test]
    fn every_state_is_reached_and_every_way_ends() {
        let mut seen = BTreeSet::new();
        let mut open = vec![State::Planned];
        while let Some(state) = open.pop() {
            if seen.insert(state.word()) {
                open.extend(state.next());
            }
        }
        assert_eq!(seen.len(), State::ALL.len());
        for state in State::ALL {
            assert!(state.is_end() || !state.next().is_empty(), "{state:?}");
        }
    }

    #[test]
    fn every_way_comes_to_an_end_and_passes_only_through_written_transitions() {
        // From every state, the ends that can be reached without coming through `lost` twice.
        for from in State::ALL {
            let mut ends = BTreeSet::new();
            let mut seen = BTreeSet::new();
            let mut open = vec![from];
            while let Some(state) = open.pop() {
                if !seen.insert(state.word()) {
                    continue;
                }
                if state.is_end() {
                    ends.insert(state.word());
                }
                for next in state.next() {
                    assert!(Progress::at(state).enter(*next).is_ok());
                    open.push(*next);
                }
            }
            assert!(!ends.is_empty(), "{from:?} never ends");
            // Whatever was begun can still be shown to be as before, whatever happens on the way.
            if !from.next().is_empty() && from != State::Planned {
                assert!(ends.contains("undone") || ends.contains("refused"), "{from:?} has no way back: {ends:?}");
            }
        }
    }

    #[test]
    fn what_needs_a_person_can_be_looked_at_again_and_what_is_proven_is_final() {
        for state in [State::UndoFailed, State::Mixed] {
            assert_eq!(state.next(), [State::Lost], "{state:?}");
        }
        for state in State::ALL.into_iter().filter(|state| state.is_end() && state.verdict() != Verdict::NeedsPerson) {
            assert!(state.next().is_empty(), "{state:?}");
        }
    }

    #[test]
    fn a_lost_router_is_never_called_saved_without_being_verified_again() {
        assert!(!State::Lost.next().contains(&State::Saved) && !State::Lost.next().contains(&State::Confirmed));
        assert!(!State::Applying.next().contains(&State::Saving));
    }

    #[test]
    fn nothing_but_saved_is_done() {
        for state in State::ALL {
            assert_eq!(state.verdict() == Verdict::Done, state == State::Saved, "{state:?}");
        }
    }

    #[test]
    fn nothing_written_ends_as_not_done_without_undo() {
        // Once lines may have been sent, the only ends are saved, undone, or a person's business.
        for state in [State::Applying, State::Applied, State::Saving, State::Undoing] {
            for next in state.next() {
                assert!(
                    !matches!(next, State::Refused | State::Drifted | State::Declined | State::Occupied),
                    "{state:?} to {next:?}"
                );
            }
        }
    }

    #[test]
    fn the_word_is_the_serialised_form() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.word());
        }
    }
}
