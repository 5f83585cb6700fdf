//! Limits of time and of trying again, each by an example.

use super::rollout::{alone, at, bearing, begun, decided, millis, of, step};
use super::*;
use crate::fleet::dispatcher::Note;
use crate::fleet::messages::Mode;
use crate::fleet::rules::{Bake, Budget, ComeBack, Earlier, GroupRules, StepRules, Window, WindowRules};
use std::time::Duration;

fn come_back(first: u64, limit: u64) -> Option<ComeBack> {
    Some(ComeBack { first: millis(first), longest: millis(first), limit: millis(limit) })
}

fn away() -> EndFacts {
    EndFacts::failed(FailureClass::Unreachable)
}

fn comes_back(run: &mut Dispatcher) -> bool {
    run.take_notes().iter().any(|note| matches!(note, Note::ComesBack(..)))
}

#[test]
fn a_router_whose_turn_comes_after_its_limit_is_not_tried_again() {
    let mut run = Dispatcher::new(alone(2), &Rules { come_back: come_back(10, 50), ..bearing(1, 99) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &away(), at(0));
    assert_eq!(begun(&mut run, 1), [1]);
    assert_eq!(decided(&mut run, 10), (vec![], None), "the other one has the place");
    run.ended(1, &done(), at(60));
    assert_eq!(begun(&mut run, 60), [] as [usize; 0]);
    assert!(run.is_over());
}

#[test]
fn a_pause_that_ends_after_the_limit_is_not_begun() {
    let mut run = Dispatcher::new(alone(1), &Rules { come_back: come_back(60, 50), ..bearing(1, 99) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &away(), at(0));
    assert!(!comes_back(&mut run) && run.is_over());
}

#[test]
fn a_router_is_tried_again_until_its_window_closes_and_not_in_the_next() {
    let window = |from, until| Window { from: at(from), until: at(until) };
    let windows = vec![WindowRules { members: vec![0], windows: vec![window(0, 100), window(1000, 2000)] }];
    let come_back = come_back(10, 10_000);
    let mut run = Dispatcher::new(alone(1), &Rules { windows, come_back, needed: Some(millis(20)), ..bearing(1, 99) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &away(), at(65));
    assert_eq!(begun(&mut run, 75), [0]);
    run.ended(0, &away(), at(78));
    assert_eq!(decided(&mut run, 78), (vec![], None));
    assert!(run.is_over());
}

#[test]
fn a_site_of_which_a_part_is_done_is_not_tried_again() {
    let tasks = needs(&[('a', ' '), ('a', ' ')]);
    let mut run = Dispatcher::new(tasks, &Rules { come_back: come_back(10, 50), ..bearing(1, 99) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
    run.ended(0, &done(), at(1));
    run.ended(1, &away(), at(1));
    assert!(!comes_back(&mut run) && run.is_over());
}

#[test]
fn a_router_that_refused_its_password_is_not_tried_again() {
    let mut run = Dispatcher::new(alone(1), &Rules { come_back: come_back(10, 50), ..bearing(1, 99) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &EndFacts { wrong_password: true, ..away() }, at(1));
    assert!(!comes_back(&mut run) && run.is_over());
}

#[test]
fn a_password_that_let_us_in_in_between_is_not_refused_in_a_row() {
    let night = of(&[Trait::Credential("night".to_owned())]);
    let mut run = Dispatcher::new(vec![night; 6], &bearing(1, 99));
    let refused = EndFacts { wrong_password: true, ..away() };
    for (number, end) in [&refused, &refused, &done(), &refused, &refused].into_iter().enumerate() {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, end, NOW);
    }
    assert_eq!(begun(&mut run, 0), [5]);
}

#[test]
fn one_that_waits_for_its_console_when_its_window_closes_does_not_begin() {
    let windows = vec![WindowRules { members: vec![0], windows: vec![Window { from: at(0), until: at(100) }] }];
    let mut run = Dispatcher::new(needs(&[(' ', 'x')]), &Rules { windows, needed: Some(millis(10)), ..bearing(1, 99) });
    assert_eq!(begun(&mut run, 0), [0]);
    assert_eq!(decided(&mut run, 100).0, [Decision::Recall(0)]);
    // Only now it turns out that something else uses its console.
    run.deferred(0);
    assert_eq!(decided(&mut run, 100).0, [Decision::Skip(0, Skipped::NoWindow)]);
    assert!(run.is_over());
}

/// Two kinds of router in one long window, one after the other.
fn kinds(names: &[&str]) -> Dispatcher {
    let windows = vec![WindowRules {
        members: (0..names.len()).collect(),
        windows: vec![Window { from: at(0), until: at(1_000_000) }],
    }];
    let tasks: Vec<Needs> = names.iter().map(|name| of(&[Trait::Kind((*name).to_owned())])).collect();
    Dispatcher::new(tasks, &Rules { windows, ..bearing(1, 99) })
}

#[test]
fn how_long_a_site_needs_is_known_from_those_of_its_kind() {
    let mut run = kinds(&["slow", "fast", "fast"]);
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(200_000));
    assert_eq!(begun(&mut run, 200_000), [1]);
    run.ended(1, &done(), at(201_000));
    assert_eq!(begun(&mut run, 990_000), [2], "twice a second fits, twice two hundred do not");
}

#[test]
fn an_attempt_at_a_router_out_of_reach_says_nothing_of_how_long_a_site_needs() {
    let mut run = kinds(&["one", "one", "one"]);
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(1000));
    assert_eq!(begun(&mut run, 1000), [1]);
    run.ended(1, &away(), at(500_000));
    assert_eq!(begun(&mut run, 990_000), [2]);
}

#[test]
fn a_word_for_a_step_that_has_begun_does_not_end_its_bake_time() {
    let canary = StepRules { bake: Some(Bake { time: millis(100), every: None }), approval: true, ..step([0]) };
    let mut run = Dispatcher::new(alone(2), &Rules { steps: vec![canary, step([1])], ..bearing(9, 9) });
    assert_eq!(decided(&mut run, 0).0, []);
    run.order(Order::Approve { step: 0 });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(0));
    assert_eq!(decided(&mut run, 0), (vec![], Some(100)));
    run.order(Order::Approve { step: 0 });
    assert_eq!(decided(&mut run, 1), (vec![], Some(100)));
    assert_eq!(run.take_notes().iter().filter(|note| matches!(note, Note::StepBegun(0))).count(), 1);
}

#[test]
fn no_checks_are_repeated_in_a_pause() {
    let canary = StepRules { bake: Some(Bake { time: millis(100), every: None }), ..step([0]) };
    let mut run = Dispatcher::new(alone(2), &Rules { steps: vec![canary, step([1])], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(0));
    assert_eq!(decided(&mut run, 0), (vec![], Some(100)));
    run.order(Order::Pause);
    assert_eq!(decided(&mut run, 100).0, []);
    run.order(Order::Continue);
    assert_eq!(decided(&mut run, 101).0, [Decision::Inspect(0)]);
}

#[test]
fn a_step_waits_for_those_that_could_still_prove_it_where_all_others_are_held() {
    let west = Trait::Group("west".to_owned());
    let budgets = vec![Budget { classes: FailureClass::ALL.into(), failures: 1 }];
    let group = GroupRules { of: west.clone(), members: vec![1], concurrency: None, budgets };
    let earlier = Earlier { class: FailureClass::Drifted, step: None, groups: vec![west] };
    let rules = Rules {
        steps: vec![step([0]), step([1])],
        groups: vec![group],
        earlier: vec![earlier],
        come_back: come_back(10, 50),
        ..bearing(9, 99)
    };
    let mut run = Dispatcher::new(alone(2), &rules);
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &away(), at(0));
    assert_eq!(decided(&mut run, 1), (vec![], Some(10)));
}

#[test]
fn fifteen_routers_are_asked_for_their_clocks_and_no_more() {
    let mut run = Dispatcher::new(alone(40), &Rules { windows: vec![WindowRules::default()], ..bearing(1, 99) });
    for number in 0..39 {
        assert_eq!(begun(&mut run, 0), [number]);
        let off = Duration::from_secs(if number < 15 { 0 } else { 500 });
        run.ended(number, &EndFacts { clock_off: Some(off), ..done() }, NOW);
    }
    assert_eq!(run.snapshot().mode, Mode::Running);
}
