//! A window that closes before what waits for it may end: said at once, and once.

use std::time::Duration;

use super::rollout::{alone, at, bearing, begun, decided, millis};
use super::*;
use crate::fleet::dispatcher::{Note, TooShort};
use crate::fleet::rules::{Needed, Window, WindowRules};
use crate::record::NeededBy;

const MINUTE: u64 = 60_000;

fn night(needed: Option<Duration>) -> Dispatcher {
    let daily = |members: &[usize]| WindowRules {
        members: members.to_vec(),
        windows: vec![
            Window { from: at(0), until: at(7 * MINUTE) },
            Window { from: at(1000 * MINUTE), until: at(1100 * MINUTE) },
        ],
    };
    Dispatcher::new(alone(3), &Rules { windows: vec![daily(&[0, 1, 2])], needed, ..bearing(1, 9) })
}

#[test]
fn a_run_that_waits_for_a_window_says_when_one_opens_once() {
    let opens = |run: &mut Dispatcher| -> Vec<Moment> {
        let notes = run.take_notes().into_iter();
        notes.filter_map(|note| if let Note::WaitsForWindow(opens) = note { Some(opens) } else { None }).collect()
    };
    let mut run = night(Some(millis(MINUTE)));
    assert_eq!(begun(&mut run, 6 * MINUTE), [0]);
    assert_eq!(decided(&mut run, 8 * MINUTE).0, [Decision::Recall(0)]);
    assert_eq!(opens(&mut run), [], "one is in flight");
    run.ended(0, &done(), at(8 * MINUTE));
    assert_eq!(decided(&mut run, 8 * MINUTE), (vec![], Some(1000 * MINUTE)));
    assert_eq!(opens(&mut run), [at(1000 * MINUTE)]);
    run.order(Order::Continue);
    assert_eq!(decided(&mut run, 9 * MINUTE).0, []);
    assert_eq!(opens(&mut run), [], "once");
}

fn too_short(run: &mut Dispatcher) -> Vec<Note> {
    run.take_notes().into_iter().filter(|note| matches!(note, Note::TooShort(..))).collect()
}

#[test]
fn a_window_with_less_than_the_first_estimate_left_is_told_once_with_the_next_one() {
    let mut run = night(None);
    assert_eq!(decided(&mut run, MINUTE), (vec![], Some(1000 * MINUTE)));
    let window = TooShort { needed: Needed::ESTIMATE, closes: at(7 * MINUTE), opens: at(1000 * MINUTE) };
    assert_eq!(too_short(&mut run), [Note::TooShort(0, window)]);
    run.order(Order::Continue);
    assert_eq!(decided(&mut run, 2 * MINUTE).0, []);
    assert_eq!(too_short(&mut run), [], "once");
    assert_eq!(begun(&mut run, 1000 * MINUTE), [0]);
}

#[test]
fn what_was_declared_holds_and_a_window_that_is_not_open_yet_is_not_too_short() {
    let mut run = night(Some(millis(6 * MINUTE)));
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(3 * MINUTE));
    assert_eq!(begun(&mut run, 3 * MINUTE), [] as [usize; 0]);
    let needed = Needed { time: millis(6 * MINUTE), by: NeededBy::Declared };
    let window = TooShort { needed, closes: at(7 * MINUTE), opens: at(1000 * MINUTE) };
    assert_eq!(too_short(&mut run), [Note::TooShort(1, window)]);
    assert_eq!(begun(&mut run, 8 * MINUTE), [] as [usize; 0]);
    assert_eq!(too_short(&mut run), [], "it only waits for the next one");
}
