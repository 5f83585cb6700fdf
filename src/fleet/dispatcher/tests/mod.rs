//! The dispatcher: each rule by an example here and in the files beside it, all of them together against a model in `model`.

mod again;
mod earlier;
mod explained;
mod gathering;
mod learned;
mod limits;
mod model;
mod rollout;
mod stand_in;
mod windows;

use super::{Decision, Dispatcher, Hold, HoldReason, Moment, Needs, Next, Order, Rules, Skipped};
use crate::fleet::messages::{EndFacts, Proof};
use crate::fleet::needs::Trait;
use crate::state::FailureClass;

/// Tasks by group and console, as single letters; a space means no console.
fn needs(tasks: &[(char, char)]) -> Vec<Needs> {
    let name = |letter: char| (letter != ' ').then(|| letter.to_string());
    tasks
        .iter()
        .map(|(group, console)| Needs { group: name(*group), console: name(*console), ..Needs::default() })
        .collect()
}

fn dispatcher(tasks: &[(char, char)], concurrency: usize, max_failures: usize) -> Dispatcher {
    Dispatcher::new(needs(tasks), &Rules::simple(concurrency, max_failures))
}

const NOW: Moment = Moment::from_millis(0);

fn decision(dispatcher: &mut Dispatcher) -> Option<Decision> {
    match dispatcher.next(NOW) {
        Next::Do(decision) => Some(decision),
        Next::Wait(_) => None,
    }
}

fn steps(dispatcher: &mut Dispatcher) -> Vec<Decision> {
    std::iter::from_fn(|| decision(dispatcher)).collect()
}

fn done() -> EndFacts {
    EndFacts::done()
}

fn as_declared() -> EndFacts {
    EndFacts { changed: false, ..done() }
}

fn failed() -> EndFacts {
    EndFacts::failed(FailureClass::CheckFailed)
}

fn line_hold(kind: &str, tasks: Vec<usize>) -> Hold {
    Hold { of: Some(Trait::Kind(kind.to_owned())), why: HoldReason::Line("+ntp retry 9".to_owned()), tasks }
}

const ALONE: (char, char) = (' ', ' ');

#[test]
fn a_group_begins_as_a_whole_and_counts_as_one() {
    let mut run = dispatcher(&[('a', ' '), ALONE, ('a', ' '), ALONE], 2, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(2), Decision::Begin(1)]);
    run.ended(0, &done(), NOW);
    assert_eq!(steps(&mut run), [], "the place is free when the last of the group has ended");
    run.ended(2, &done(), NOW);
    assert_eq!(steps(&mut run), [Decision::Begin(3)]);
}

#[test]
fn a_task_that_waits_for_a_console_takes_no_place_and_is_not_overtaken_on_it() {
    let mut run = dispatcher(&[(' ', 'x'), (' ', 'x'), ALONE, (' ', 'x')], 2, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(2)]);
    run.ended(0, &done(), NOW);
    assert_eq!(steps(&mut run), [Decision::Begin(1)]);
    run.ended(2, &done(), NOW);
    assert_eq!(steps(&mut run), []);
    run.ended(1, &done(), NOW);
    assert_eq!(steps(&mut run), [Decision::Begin(3)]);
}

#[test]
fn a_group_waits_until_all_of_its_consoles_are_free() {
    let mut run = dispatcher(&[(' ', 'x'), ('a', ' '), ('a', 'x'), ('b', 'x')], 4, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0)]);
    run.ended(0, &done(), NOW);
    assert_eq!(steps(&mut run), [Decision::Begin(1), Decision::Begin(2)]);
}

#[test]
fn a_group_that_has_its_place_never_waits_for_one_that_waits_for_a_place() {
    let mut run = dispatcher(&[('a', ' '), (' ', 'x'), ('a', 'x')], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(2)], "the console is its own until it ends");
    run.ended(0, &done(), NOW);
    assert_eq!(steps(&mut run), []);
    run.ended(2, &done(), NOW);
    assert_eq!(steps(&mut run), [Decision::Begin(1)]);
}

#[test]
fn a_console_in_use_elsewhere_defers_a_task_until_it_is_freed() {
    let mut run = dispatcher(&[(' ', 'x'), (' ', 'x')], 4, 1);
    assert_eq!(decision(&mut run), Some(Decision::Begin(0)));
    run.deferred(0);
    assert_eq!(steps(&mut run), []);
    assert_eq!(run.snapshot().waiting, 2);
    run.console_freed(0);
    run.console_freed(0);
    assert_eq!(steps(&mut run), [Decision::Begin(0)], "once, however often it is said");
    run.console_freed(0);
    assert_eq!(steps(&mut run), [], "said late it frees nothing that is in use");
}

#[test]
fn a_pause_begins_nothing_and_ends_nothing_until_it_is_continued() {
    let mut run = dispatcher(&[ALONE; 3], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0)]);
    run.order(Order::Pause);
    run.ended(0, &done(), NOW);
    assert_eq!(steps(&mut run), []);
    assert!(!run.is_over());
    run.order(Order::Continue);
    assert_eq!(steps(&mut run), [Decision::Begin(1)]);
}

#[test]
fn a_drain_lets_a_group_that_has_begun_finish_and_skips_the_rest() {
    let mut run = dispatcher(&[('a', ' '), ('a', 'x'), ALONE], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(1)]);
    run.deferred(1);
    run.order(Order::Drain);
    run.order(Order::Continue);
    assert_eq!(steps(&mut run), [Decision::Skip(2, Skipped::Stopped)], "what drains does not go on");
    run.console_freed(1);
    assert_eq!(steps(&mut run), [Decision::Begin(1)], "its group needs it");
    run.ended(0, &done(), NOW);
    run.ended(1, &done(), NOW);
    assert!(run.is_over());
}

#[test]
fn a_stop_skips_even_the_rest_of_a_group_that_has_begun() {
    let mut run = dispatcher(&[('a', ' '), ('a', 'x'), ALONE], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(1)]);
    run.deferred(1);
    run.stop();
    assert_eq!(steps(&mut run), [Decision::Skip(1, Skipped::Stopped), Decision::Skip(2, Skipped::Stopped)]);
    run.console_freed(1);
    run.ended(0, &failed(), NOW);
    assert_eq!(steps(&mut run), []);
    assert!(run.is_over());
}

#[test]
fn an_end_that_is_reported_twice_counts_once() {
    let mut run = dispatcher(&[ALONE; 4], 1, 2);
    assert_eq!(steps(&mut run), [Decision::Begin(0)]);
    run.ended(0, &failed(), NOW);
    run.ended(0, &failed(), NOW);
    run.ended(3, &failed(), NOW);
    assert_eq!(steps(&mut run), [Decision::Begin(1)], "one failure of two, and nothing ends that has not begun");
}

#[test]
fn a_kind_on_which_a_line_came_twice_is_held_with_the_sites_of_its_routers() {
    let needs = |group: Option<&str>, kind: &str| Needs {
        group: group.map(str::to_owned),
        console: None,
        traits: vec![Trait::Kind(kind.to_owned())],
        ..Needs::default()
    };
    let tasks = [
        needs(None, "IX2215"),
        needs(None, "IX2215"),
        needs(Some("a"), "IX2215"),
        needs(Some("a"), "IX2106"),
        needs(None, "IX2215"),
    ];
    let mut run = Dispatcher::new(tasks, &Rules::simple(1, 1));
    for number in [0, 1] {
        assert_eq!(steps(&mut run), [Decision::Begin(number)]);
        run.ended(number, &EndFacts { unexplained: vec!["+ntp retry 9".to_owned()], ..done() }, NOW);
    }
    let hold = || line_hold("IX2215", vec![0, 1]);
    assert_eq!(steps(&mut run), [2, 3, 4].map(|number| Decision::Hold(number, hold())));
    assert!(run.is_over() && run.snapshot().skipped == 3);
}

#[test]
fn a_held_task_passes_the_console_it_waited_for_to_the_next() {
    let of = |console: &str, kind: &str, group: &str| Needs {
        console: Some(console.to_owned()),
        traits: vec![Trait::Kind(kind.to_owned())],
        group: Some(group.to_owned()),
        ..Needs::default()
    };
    // Two routers of a kind meet the same line while a third of that kind waits for the console after the first.
    let tasks = [of("x", "k", "a"), of("x", "k", "a"), of("x", "other", "a"), of("y", "k", "b")];
    let mut run = Dispatcher::new(tasks, &Rules::simple(2, 9));
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(3)]);
    for number in [3, 0] {
        run.ended(number, &EndFacts { unexplained: vec!["+ntp retry 9".to_owned()], ..done() }, NOW);
    }
    assert_eq!(steps(&mut run), [Decision::Hold(1, line_hold("k", vec![0, 3])), Decision::Begin(2)]);
    run.ended(2, &done(), NOW);
    assert!(run.is_over());
}
