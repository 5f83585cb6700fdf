//! A step in which nothing was changed proves nothing: the next site of the following step takes its place.

use super::rollout::{alone, at, bearing, begun, decided, millis, of, step};
use super::*;
use crate::fleet::dispatcher::Note;
use crate::fleet::rules::{Bake, Budget, ComeBack, StepRules, Window, WindowRules};

fn unreachable() -> EndFacts {
    EndFacts::failed(FailureClass::Unreachable)
}

fn stand_ins(run: &mut Dispatcher) -> Vec<[usize; 2]> {
    let notes = run.take_notes().into_iter();
    notes.filter_map(|note| if let Note::StandsIn(step, task) = note { Some([step, task]) } else { None }).collect()
}

#[test]
fn one_site_at_a_time_takes_the_place_of_a_canary_that_changed_nothing_and_bakes_when_one_was_changed() {
    let canary = StepRules { bake: Some(Bake { time: millis(100), every: None }), ..step([0, 1]) };
    let mut run = Dispatcher::new(alone(9), &Rules { steps: vec![canary, step(2..9)], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
    run.ended(0, &as_declared(), at(1));
    assert_eq!(begun(&mut run, 1), [] as [usize; 0]);
    run.ended(1, &unreachable(), at(2));
    assert_eq!(begun(&mut run, 2), [2]);
    run.ended(2, &as_declared(), at(3));
    assert_eq!(begun(&mut run, 3), [3]);
    run.ended(3, &done(), at(4));
    assert_eq!(decided(&mut run, 4), (vec![], Some(104)), "one was changed: it proves itself");
    assert_eq!(stand_ins(&mut run), [[0, 2], [0, 3]]);
    assert_eq!(decided(&mut run, 104).0, [0, 2, 3].map(Decision::Inspect));
    [0, 2, 3].into_iter().for_each(|number| run.inspected(number, Proof::Passed));
    assert_eq!(begun(&mut run, 105), [4, 5, 6, 7, 8], "the rest is opened");
}

#[test]
fn a_run_in_which_all_is_as_declared_ends_one_site_after_the_other() {
    let mut run =
        Dispatcher::new(alone(4), &Rules { steps: vec![step([0, 1]), step([2]), step([3])], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
    [0, 1].into_iter().for_each(|number| run.ended(number, &as_declared(), at(1)));
    for number in [2, 3] {
        assert_eq!(begun(&mut run, 1), [number]);
        run.ended(number, &as_declared(), at(1));
    }
    assert_eq!(decided(&mut run, 1).0, []);
    assert!(run.is_over() && run.closed_by().is_none());
}

#[test]
fn a_failure_of_one_that_stands_in_counts_in_the_budget_of_the_step_in_which_it_does() {
    let one = Budget { classes: FailureClass::ALL.into(), failures: 1 };
    let canary = StepRules { budgets: vec![one], ..step([0]) };
    let mut run = Dispatcher::new(alone(3), &Rules { steps: vec![canary, step([1, 2])], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &as_declared(), at(1));
    assert_eq!(begun(&mut run, 1), [1]);
    run.ended(1, &failed(), at(1));
    assert_eq!(decided(&mut run, 1).0, [Decision::Skip(2, Skipped::UsedUp)]);
}

#[test]
fn the_place_of_a_canary_that_cannot_be_reached_is_taken_while_it_is_tried_again() {
    let rules = Rules { steps: vec![step([0]), step([1, 2])], come_back: Some(ComeBack::default()), ..bearing(9, 9) };
    let mut run = Dispatcher::new(alone(3), &rules);
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &unreachable(), at(1));
    assert_eq!(begun(&mut run, 1), [1]);
    run.ended(1, &done(), at(2));
    assert_eq!(begun(&mut run, 2), [2]);
    assert_eq!(begun(&mut run, 60_001), [0]);
}

#[test]
fn a_site_whose_window_is_open_takes_the_place_before_one_that_waits_and_a_held_one_never_does() {
    let kind = |name: &str| of(&[Trait::Kind(name.to_owned())]);
    let later = WindowRules { members: vec![2], windows: vec![Window { from: at(5_000), until: at(9_000) }] };
    let rules = Rules {
        steps: vec![step([0, 4]), step([1, 2, 3])],
        windows: vec![later],
        needed: Some(millis(1)),
        ..bearing(9, 9)
    };
    let tasks = ["bad", "bad", "good", "good", "bad"].map(kind);
    let mut run = Dispatcher::new(tasks, &rules);
    assert_eq!(begun(&mut run, 0), [0, 4]);
    let line = EndFacts { unexplained: vec!["+ntp retry 9".to_owned()], ..as_declared() };
    [0, 4].into_iter().for_each(|number| run.ended(number, &line, at(1)));
    assert_eq!(begun(&mut run, 1), [3], "1 is held, and 2 waits for its window");
}

#[test]
fn the_place_of_a_step_whose_sites_take_no_part_is_taken_and_one_that_was_to_have_none_is_passed_over() {
    let opens = |is_short| {
        let canary = StepRules { is_short, ..step([]) };
        let mut run = Dispatcher::new(alone(3), &Rules { steps: vec![canary, step([0, 1, 2])], ..bearing(9, 9) });
        begun(&mut run, 0)
    };
    assert_eq!(opens(true), [0]);
    assert_eq!(opens(false), [0, 1, 2]);
}

#[test]
fn a_later_step_without_a_change_holds_up_what_follows_it_too() {
    let mut run =
        Dispatcher::new(alone(5), &Rules { steps: vec![step([0]), step([1]), step([2, 3, 4])], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(1));
    assert_eq!(begun(&mut run, 1), [1]);
    run.ended(1, &as_declared(), at(2));
    assert_eq!(begun(&mut run, 2), [2], "alone");
    run.ended(2, &done(), at(3));
    assert_eq!(begun(&mut run, 3), [3, 4]);
}

#[test]
fn one_that_takes_a_place_waits_for_the_word_that_its_own_step_waits_for() {
    for canary in [step([0]), StepRules { is_short: true, ..step([]) }] {
        let asks = StepRules { approval: true, ..step([1, 2]) };
        let is_short = canary.is_short;
        let mut run = Dispatcher::new(alone(3), &Rules { steps: vec![canary, asks], ..bearing(9, 9) });
        if !is_short {
            assert_eq!(begun(&mut run, 0), [0]);
            run.ended(0, &as_declared(), at(1));
        }
        assert_eq!(begun(&mut run, 1), [] as [usize; 0], "no one has said so");
        assert_eq!(run.snapshot().approval.map(|awaited| (awaited.step, awaited.sites)), Some((0, 1)));
        run.order(Order::Approve { step: 0 });
        assert_eq!(begun(&mut run, 2), [1]);
        run.ended(1, &done(), at(3));
        assert_eq!(begun(&mut run, 3), [] as [usize; 0], "the rest of its step asks for itself");
        run.order(Order::Approve { step: 1 });
        assert!(begun(&mut run, 4).contains(&2));
    }
}

#[test]
fn a_step_that_waits_for_a_word_and_whose_sites_take_no_part_is_not_begun_by_another_site_unasked() {
    let asks = StepRules { approval: true, is_short: true, ..step([]) };
    let mut run = Dispatcher::new(alone(2), &Rules { steps: vec![asks, step([0, 1])], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [] as [usize; 0]);
    run.order(Order::Approve { step: 0 });
    assert_eq!(begun(&mut run, 1), [0]);
}

#[test]
fn no_word_is_waited_for_where_all_that_would_begin_is_held() {
    let kind = || of(&[Trait::Kind("bad".to_owned())]);
    let asks = StepRules { approval: true, ..step([2, 3]) };
    let tasks = [kind(), kind(), kind(), kind()];
    let mut run = Dispatcher::new(tasks, &Rules { steps: vec![step([0, 1]), asks], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
    let line = EndFacts { unexplained: vec!["+ntp retry 9".to_owned()], ..as_declared() };
    [0, 1].into_iter().for_each(|number| run.ended(number, &line, at(1)));
    decided(&mut run, 2);
    assert!(run.is_over(), "{:?}", run.snapshot());
}
