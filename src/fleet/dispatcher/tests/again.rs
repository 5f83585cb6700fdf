//! What is done once more, each by an example: checks while a step proves itself, and attempts at routers that could not be changed.

use std::collections::BTreeSet;

use super::rollout::{alone, at, bearing, begun, decided, millis, of, step};
use super::*;
use crate::fleet::dispatcher::Note;
use crate::fleet::rules::{Bake, Budget, ComeBack, GroupRules, StepRules, Window, WindowRules};

/// A step of these tasks that proves itself for so long.
fn baking(members: &[usize], time: u64) -> StepRules {
    StepRules { bake: Some(Bake { time: millis(time), every: None }), ..step(members.iter().copied()) }
}

#[test]
fn nothing_follows_a_step_whose_routers_do_not_answer_when_their_checks_are_repeated() {
    let rules = Rules { steps: vec![baking(&[0, 1], 10), step([2])], ..bearing(9, 9) };
    let mut run = Dispatcher::new(alone(3), &rules);
    assert_eq!(begun(&mut run, 0), [0, 1]);
    (0..2).for_each(|number| run.ended(number, &done(), at(0)));
    assert_eq!(decided(&mut run, 0), (vec![], Some(10)));
    assert_eq!(decided(&mut run, 10).0, [0, 1].map(Decision::Inspect));
    run.inspected(0, Proof::Failed);
    run.inspected(1, Proof::NotMade);
    assert_eq!(decided(&mut run, 11).0, [Decision::Skip(2, Skipped::NoEvidence)]);
    assert!(run.take_notes().contains(&Note::NoEvidence(0)) && run.is_over());
    assert_eq!(run.snapshot().failed, 1, "what was not made did not fail");
}

#[test]
fn a_router_that_fails_its_checks_again_counts_once_however_often_they_are_repeated() {
    let bake = Some(Bake { time: millis(100), every: Some(millis(10)) });
    let steps = vec![StepRules { bake, ..step([0, 1]) }, step([2])];
    let mut run = Dispatcher::new(alone(3), &Rules { steps, ..bearing(9, 2) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
    (0..2).for_each(|number| run.ended(number, &done(), at(0)));
    assert_eq!(decided(&mut run, 0), (vec![], Some(10)));
    assert_eq!(decided(&mut run, 10).0, [0, 1].map(Decision::Inspect));
    run.inspected(0, Proof::Failed);
    run.inspected(1, Proof::Passed);
    assert_eq!(decided(&mut run, 20).0, [Decision::Inspect(1)]);
    run.inspected(1, Proof::Passed);
    assert_eq!(run.snapshot().failed, 1);
}

#[test]
fn routers_on_one_console_are_asked_again_one_after_the_other() {
    let rules = Rules { steps: vec![baking(&[0, 1], 10), step([2])], ..bearing(9, 9) };
    let mut run = Dispatcher::new(needs(&[(' ', 'x'), (' ', 'x'), ALONE]), &rules);
    for number in [0, 1] {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &done(), at(0));
    }
    assert_eq!(decided(&mut run, 0), (vec![], Some(10)));
    assert_eq!(decided(&mut run, 10).0, [Decision::Inspect(0)]);
    run.inspection_deferred(0);
    assert_eq!(decided(&mut run, 11).0, [], "something else uses the console");
    run.console_freed(0);
    for number in [1, 0] {
        assert_eq!(decided(&mut run, 12).0, [Decision::Inspect(number)]);
        run.inspected(number, Proof::Passed);
    }
    assert_eq!(begun(&mut run, 13), [2]);
}

fn come_back(first: u64) -> Option<ComeBack> {
    Some(ComeBack { first: millis(first), longest: millis(first), limit: millis(50) })
}

#[test]
fn no_other_begins_where_those_that_are_tried_again_could_use_up_what_is_borne() {
    let budgets = vec![Budget { classes: BTreeSet::from([FailureClass::Unreachable]), failures: 2 }];
    let mut run = Dispatcher::new(alone(4), &Rules { come_back: come_back(10), budgets, ..bearing(1, 9) });
    let away = EndFacts::failed(FailureClass::Unreachable);
    for number in [0, 1] {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &away, at(0));
    }
    assert_eq!(decided(&mut run, 1), (vec![], Some(10)), "two are enough if they stay away");
    assert_eq!(begun(&mut run, 10), [0]);
    run.ended(0, &done(), at(11));
    assert_eq!(begun(&mut run, 11), [1]);
    run.ended(1, &away, at(12));
    assert_eq!(begun(&mut run, 12), [2], "one of them came back");
}

#[test]
fn a_step_does_not_end_while_those_of_it_that_are_tried_again_could_use_up_the_runs_budget() {
    let budgets = vec![Budget { classes: BTreeSet::from([FailureClass::Unreachable]), failures: 1 }];
    let steps = vec![step([0, 1]), step([2])];
    let mut run = Dispatcher::new(alone(3), &Rules { come_back: come_back(10), budgets, steps, ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
    run.ended(0, &done(), at(0));
    run.ended(1, &EndFacts::failed(FailureClass::Unreachable), at(0));
    assert_eq!(decided(&mut run, 1), (vec![], Some(10)));
    assert_eq!(begun(&mut run, 10), [1]);
    run.ended(1, &done(), at(11));
    assert_eq!(begun(&mut run, 11), [2]);
}

#[test]
fn no_other_of_a_step_begins_where_those_of_it_that_are_tried_again_could_use_up_its_budget() {
    let budgets = vec![Budget { classes: BTreeSet::from([FailureClass::Unreachable]), failures: 1 }];
    let steps = vec![StepRules { budgets, ..step([0, 1]) }];
    let mut run = Dispatcher::new(alone(2), &Rules { come_back: come_back(10), steps, ..bearing(1, 9) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &EndFacts::failed(FailureClass::Unreachable), at(0));
    assert_eq!(decided(&mut run, 1), (vec![], Some(10)), "one is enough if it stays away");
    assert_eq!(begun(&mut run, 10), [0]);
    run.ended(0, &done(), at(11));
    assert_eq!(begun(&mut run, 11), [1]);
}

#[test]
fn a_password_is_proven_only_by_a_router_to_which_someone_logged_in() {
    let mut rules = bearing(9, 99);
    rules.holds.unproven_at_once = Some(1);
    let mut run = Dispatcher::new(vec![of(&[Trait::Credential("night".to_owned())]); 4], &rules);
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &EndFacts::failed(FailureClass::Occupied), NOW);
    assert_eq!(begun(&mut run, 0), [1], "it was not tried on the first");
    run.ended(1, &EndFacts { logged_in: true, ..failed() }, NOW);
    assert_eq!(begun(&mut run, 0), [2, 3]);
}

#[test]
fn the_partner_of_one_that_gives_up_its_next_attempt_learns_of_it_and_the_console_goes_on() {
    let mut rules = bearing(2, 99);
    rules.come_back = come_back(10);
    let window = Window { from: at(0), until: at(40) };
    rules.windows = vec![WindowRules { members: vec![0, 1], windows: vec![window] }];
    rules.needed = Some(millis(1));
    let mut run = Dispatcher::new(needs(&[('a', ' '), ('a', 'x'), (' ', 'x')]), &rules);
    let away = EndFacts::failed(FailureClass::Unreachable);
    assert_eq!(begun(&mut run, 0), [0, 1]);
    (0..2).for_each(|number| run.ended(number, &away, at(1)));
    assert_eq!(begun(&mut run, 1), [2]);
    run.ended(2, &done(), at(2));
    assert_eq!(begun(&mut run, 11), [0, 1]);
    run.deferred(1);
    assert_eq!(decided(&mut run, 40).0, [Decision::Recall(0), Decision::GiveUp(1)]);
    run.ended(0, &away, at(41));
    run.console_freed(1);
    assert!(decided(&mut run, 41).0.is_empty() && run.is_over());
    assert_eq!((run.snapshot().ended, run.snapshot().failed), (3, 2), "each keeps the end it had");
}

#[test]
fn a_group_and_a_jump_host_of_one_name_have_limits_of_their_own() {
    let limited = |of: Trait, members: &[usize]| GroupRules {
        of,
        members: members.to_vec(),
        concurrency: Some(1),
        budgets: Vec::new(),
    };
    let (host, group) = (Trait::JumpHost("gate".to_owned()), Trait::Group("gate".to_owned()));
    let groups = vec![limited(group, &[0]), limited(host.clone(), &[1, 2])];
    let behind = || of(std::slice::from_ref(&host));
    let mut run = Dispatcher::new([Needs::default(), behind(), behind()], &Rules { groups, ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
}

#[test]
fn a_clock_that_jumps_does_not_make_a_site_take_longer_than_it_can() {
    let window = Window { from: at(0), until: at(1_000_000) };
    let windows = vec![WindowRules { members: vec![0, 1], windows: vec![window] }];
    let needs = vec![Needs { longest: Some(millis(1000)), ..Needs::default() }; 2];
    let mut run = Dispatcher::new(needs, &Rules { windows, ..bearing(1, 9) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(900_000));
    assert_eq!(begun(&mut run, 900_000), [1], "twice a second still fits");
}
