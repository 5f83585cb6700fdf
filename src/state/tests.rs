//! The states of a router: every path ends, and only through written transitions.

use super::{Act, Phase, State, Verdict};
use std::collections::BTreeSet;

#[test]
fn every_state_is_reached_and_every_path_ends() {
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
fn every_path_ends_and_uses_only_declared_transitions() {
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
            open.extend(state.next());
        }
        assert!(!ends.is_empty(), "{from:?} never ends");
        // Whatever was begun can still be shown to be as before, whatever happens on the way.
        if !from.next().is_empty() && from != State::Planned {
            assert!(ends.contains("undone") || ends.contains("refused"), "{from:?} cannot be undone: {ends:?}");
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
fn saved_is_the_only_success() {
    for state in State::ALL {
        assert_eq!(state.verdict() == Verdict::Done, state == State::Saved, "{state:?}");
    }
}

#[test]
fn nothing_written_ends_as_not_done_without_undo() {
    // Once lines may have been sent, the only ends are saved, undone, or left to a person.
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
fn every_change_that_began_can_be_undone_or_is_read_again_first() {
    // Every state in which the running configuration may be another than before, but for the ends that a person looks at.
    for state in State::ALL.into_iter().filter(|state| state.phase() > Phase::Observe && !state.next().is_empty()) {
        let turns = state.next().contains(&State::Undoing) || matches!(state.next(), [State::Lost]);
        assert!(turns || state == State::Undoing, "{state:?}");
        assert!(state == State::Lost || state.next().contains(&State::Lost), "{state:?}: a session can always be lost");
    }
}

#[test]
fn nothing_changes_a_router_while_it_is_observed_or_when_its_end_is_known() {
    for state in State::ALL {
        let acts = Act::ALL.into_iter().any(|act| state.allows(act));
        let at_work = state.phase() > Phase::Observe && (!state.is_end() || state == State::Lost);
        assert!(!acts || at_work, "{state:?}");
    }
}

#[test]
fn the_word_is_the_serialised_form() {
    for state in State::ALL {
        assert_eq!(serde_json::to_value(state).unwrap(), state.word());
    }
}
