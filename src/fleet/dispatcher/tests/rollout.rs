//! Steps, budgets, groups, windows and coming back, each by an example.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::fleet::dispatcher::{Note, Scope};
use crate::fleet::messages::{AwaitedApproval, Mode};
use crate::fleet::rules::{
    Bake, Budget, ComeBack, Gathered, GroupRules, HoldRules, LoginRate, StepRules, Window, WindowRules, default_budgets,
};

pub(super) fn at(millis: u64) -> Moment {
    Moment::from_millis(millis)
}

pub(super) fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(super) fn alone(count: usize) -> Vec<Needs> {
    vec![Needs::default(); count]
}

pub(super) fn step(members: impl IntoIterator<Item = usize>) -> StepRules {
    StepRules { members: members.into_iter().collect(), ..StepRules::default() }
}

/// A run that bears this many failures of every kind.
pub(super) fn bearing(concurrency: usize, failures: usize) -> Rules {
    let budgets = vec![Budget { classes: FailureClass::ALL.into(), failures }];
    Rules { budgets, holds: HoldRules::default(), ..Rules::simple(concurrency, 1) }
}

/// What is decided at this time, and the instant after which there is more.
pub(super) fn decided(run: &mut Dispatcher, now: u64) -> (Vec<Decision>, Option<u64>) {
    let mut decisions = Vec::new();
    loop {
        match run.next(at(now)) {
            Next::Do(decision) => decisions.push(decision),
            Next::Wait(until) => return (decisions, until.map(Moment::millis)),
        }
    }
}

pub(super) fn begun(run: &mut Dispatcher, now: u64) -> Vec<usize> {
    let begun = |decision| if let Decision::Begin(number) = decision { Some(number) } else { None };
    decided(run, now).0.into_iter().filter_map(begun).collect()
}

pub(super) fn of(traits: &[Trait]) -> Needs {
    Needs { traits: traits.to_vec(), ..Needs::default() }
}

pub(super) fn failed_so(class: FailureClass, cause: &str) -> EndFacts {
    EndFacts { cause: Some(cause.to_owned()), ..EndFacts::failed(class) }
}

#[test]
fn a_step_begins_when_the_one_before_has_ended_baked_and_a_person_said_so() {
    let canary = StepRules { bake: Some(Bake { time: millis(100), every: None }), ..step([3]) };
    let rest = StepRules { approval: true, ..step([0, 1]) };
    let mut run = Dispatcher::new(alone(4), &Rules { steps: vec![canary, rest], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [3]);
    run.ended(3, &done(), at(10));
    assert_eq!(decided(&mut run, 10), (vec![], Some(110)));
    assert_eq!(decided(&mut run, 110).0, [Decision::Inspect(3)]);
    run.inspected(3, Proof::Passed);
    assert_eq!(decided(&mut run, 120), (vec![], None));
    assert_eq!(run.snapshot().approval, Some(AwaitedApproval { step: 1, sites: 2, routers: 2 }));
    run.order(Order::Approve { step: 0 });
    assert_eq!(begun(&mut run, 121), [] as [usize; 0], "that is another step");
    run.order(Order::Continue);
    assert_eq!(begun(&mut run, 121), [] as [usize; 0], "that names no step");
    run.order(Order::Approve { step: 1 });
    assert_eq!(begun(&mut run, 122), [0, 1]);
    let notes =
        [Note::StepBegun(0), Note::StepBakes(0, at(110)), Note::StepEnded(0), Note::StepAwaits(1), Note::StepBegun(1)];
    assert_eq!(run.take_notes(), notes);
    run.ended(0, &done(), at(130));
    run.ended(1, &done(), at(130));
    assert_eq!(begun(&mut run, 130), [2], "what no step names comes last");
}

#[test]
fn a_check_that_fails_while_a_step_bakes_uses_up_its_budget() {
    let tolerance = Budget { classes: BTreeSet::from([FailureClass::CheckFailed]), failures: 1 };
    let bake = Some(Bake { time: millis(100), every: Some(millis(40)) });
    let canary = StepRules { bake, budgets: vec![tolerance], ..step([0]) };
    let mut run = Dispatcher::new(alone(2), &Rules { steps: vec![canary, step([1])], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(0));
    assert_eq!(decided(&mut run, 0), (vec![], Some(40)));
    assert_eq!(decided(&mut run, 40).0, [Decision::Inspect(0)], "repeated before the end, too");
    run.inspected(0, Proof::Failed);
    assert_eq!(decided(&mut run, 41).0, [Decision::Skip(1, Skipped::UsedUp)]);
    assert!(run.is_over());
    let used_up = Note::UsedUp { scope: Scope::Step(0), class: FailureClass::CheckFailed, failures: 1 };
    assert!(run.take_notes().contains(&used_up));
}

#[test]
fn nothing_follows_a_step_in_which_routers_failed_and_none_was_changed() {
    let mut run = Dispatcher::new(alone(3), &Rules { steps: vec![step([0, 1]), step([2])], ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0, 1]);
    run.ended(0, &as_declared(), at(1));
    run.ended(1, &failed(), at(1));
    assert_eq!(decided(&mut run, 1).0, [Decision::Skip(2, Skipped::NoEvidence)]);
    assert!(matches!(run.closed_by(), Some(Note::NoEvidence(0))));
}

#[test]
fn unreachable_and_occupied_routers_stop_no_others_and_one_lost_does() {
    let mut run = Dispatcher::new(alone(5), &Rules::simple(1, 1));
    for (number, class) in
        [FailureClass::Unreachable, FailureClass::Occupied, FailureClass::Lost].into_iter().enumerate()
    {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &EndFacts::failed(class), NOW);
    }
    assert_eq!(decided(&mut run, 0).0, [3, 4].map(|number| Decision::Skip(number, Skipped::UsedUp)));
}

#[test]
fn a_group_has_so_many_in_flight_and_is_held_when_its_budget_is_used_up() {
    let group = |name: &str, members: &[usize]| GroupRules {
        of: Trait::Group(name.to_owned()),
        members: members.to_vec(),
        concurrency: Some(1),
        budgets: vec![Budget { classes: FailureClass::ALL.into(), failures: 1 }],
    };
    let groups = vec![group("east", &[0, 1, 3]), group("west", &[2])];
    let mut run = Dispatcher::new(alone(5), &Rules { groups, ..bearing(9, 9) });
    assert_eq!(begun(&mut run, 0), [0, 2, 4], "one of each, and one of none");
    run.ended(0, &EndFacts::failed(FailureClass::Unreachable), NOW);
    let why = HoldReason::UsedUp(FailureClass::Unreachable);
    let hold = Hold { of: Some(Trait::Group("east".to_owned())), why, tasks: vec![0] };
    assert_eq!(decided(&mut run, 0).0, [1, 3].map(|number| Decision::Hold(number, hold.clone())));
    assert_eq!(run.take_notes().last(), Some(&Note::Held(hold)));
}

#[test]
fn failures_that_gather_on_a_firmware_hold_it_and_the_rest_goes_on() {
    let (old, new) = (Trait::Firmware("9.7".to_owned()), Trait::Firmware("10.2".to_owned()));
    let needs: Vec<Needs> =
        (0..40).map(|number| of(&[if number % 4 == 0 { old.clone() } else { new.clone() }])).collect();
    let mut run = Dispatcher::new(needs, &bearing(1, 99));
    let (mut done_count, mut held) = (0, 0);
    while !run.is_over() {
        match run.next(NOW) {
            Next::Do(Decision::Begin(number)) if number % 4 == 0 => {
                run.ended(number, &failed_so(FailureClass::CheckFailed, &format!("check.{number}")), NOW);
            }
            Next::Do(Decision::Begin(number)) => {
                run.ended(number, &done(), NOW);
                done_count += 1;
            }
            Next::Do(Decision::Hold(_, hold)) => {
                assert_eq!((hold.of, hold.tasks), (Some(old.clone()), vec![0, 4, 8]));
                held += 1;
            }
            other => assert_eq!(other, Next::Wait(None)),
        }
    }
    assert_eq!((done_count, held), (30, 7));
}

#[test]
fn one_cause_that_comes_everywhere_ends_the_run() {
    let mut run = Dispatcher::new(alone(9), &bearing(1, 99));
    for number in 0..3 {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &failed_so(FailureClass::LineRefused, "lines-refused"), NOW);
    }
    assert_eq!(decided(&mut run, 0).0.first(), Some(&Decision::Skip(3, Skipped::CauseGathers)));
    let why = HoldReason::Gathered(Some("lines-refused".to_owned()));
    assert_eq!(run.take_notes().last(), Some(&Note::Held(Hold { of: None, why, tasks: vec![0, 1, 2] })));
}

#[test]
fn two_lost_routers_behind_one_jump_host_hold_it() {
    let jump = |name: &str| of(&[Trait::JumpHost(name.to_owned())]);
    let mut rules = bearing(1, 99);
    rules.holds.gathered = Gathered::NEVER;
    let mut run = Dispatcher::new([jump("a"), jump("b"), jump("a"), jump("a"), jump("b")], &rules);
    for number in [0, 1, 2] {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &EndFacts::failed(FailureClass::Lost), NOW);
    }
    let (decisions, _) = decided(&mut run, 0);
    assert!(matches!(
        decisions.as_slice(),
        [Decision::Hold(3, Hold { why: HoldReason::Lost, .. }), Decision::Begin(4)]
    ));
}

#[test]
fn a_password_that_is_refused_three_times_in_a_row_is_not_tried_again() {
    let login = of(&[Trait::Credential("night".to_owned())]);
    let mut rules = bearing(9, 99);
    rules.come_back = Some(ComeBack::default());
    rules.holds.unproven_at_once = Some(3);
    let refused = EndFacts { wrong_password: true, ..failed_so(FailureClass::Unreachable, "ssh.authentication") };
    let mut run = Dispatcher::new(vec![login.clone(); 8], &rules);
    assert_eq!(begun(&mut run, 0), [0, 1, 2], "no more are tried before it has let us in somewhere");
    run.ended(0, &refused, NOW);
    assert_eq!(begun(&mut run, 0), [] as [usize; 0]);
    run.ended(1, &done(), NOW);
    assert_eq!(begun(&mut run, 0), [3, 4, 5, 6, 7], "it is right, and the count begins again");

    let mut run = Dispatcher::new(vec![login; 8], &rules);
    assert_eq!(begun(&mut run, 0), [0, 1, 2]);
    for number in [0, 1, 2] {
        run.ended(number, &refused, NOW);
    }
    let (decisions, until) = decided(&mut run, 0);
    assert_eq!((decisions.len(), until), (5, None), "none is tried again");
    assert!(decisions.iter().all(|one| matches!(one, Decision::Hold(_, Hold { why: HoldReason::WrongPassword, .. }))));
}

#[test]
fn a_password_that_was_refused_is_tried_on_one_more_router_at_a_time_and_the_run_does_not_stand_still() {
    let mut rules = bearing(9, 99);
    rules.holds.unproven_at_once = Some(1);
    let refused = EndFacts { wrong_password: true, ..failed_so(FailureClass::Unreachable, "ssh.authentication") };
    let mut run = Dispatcher::new(vec![of(&[Trait::Credential("night".to_owned())]); 5], &rules);
    for number in [0, 1] {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &refused, NOW);
    }
    assert_eq!(begun(&mut run, 0), [2], "once more: two refusals are two routers, or a wrong password");
    run.ended(2, &done(), NOW);
    assert_eq!(begun(&mut run, 0), [3, 4], "the password was right");
}

#[test]
fn logins_follow_each_other_at_the_declared_rate() {
    let logins = Some(LoginRate { logins: 10, per: millis(1000) });
    let mut run = Dispatcher::new(alone(3), &Rules { logins, ..Rules::simple(9, 1) });
    assert_eq!(decided(&mut run, 5), (vec![Decision::Begin(0)], Some(105)));
    assert_eq!(decided(&mut run, 104), (vec![], Some(105)));
    assert_eq!(decided(&mut run, 230), (vec![Decision::Begin(1)], Some(330)), "nothing is made up for");
}

/// Everything in one window from 100 to 200, and one from 1000 to 2000.
fn in_windows(count: usize, needed: Option<u64>) -> Rules {
    let window = |from, until| Window { from: at(from), until: at(until) };
    let windows =
        vec![WindowRules { members: (0..count).collect(), windows: vec![window(100, 200), window(1000, 2000)] }];
    Rules { windows, needed: needed.map(millis), ..bearing(1, 9) }
}

#[test]
fn nothing_begins_that_may_not_end_in_its_window() {
    let mut run = Dispatcher::new(alone(3), &in_windows(3, Some(60)));
    assert_eq!(decided(&mut run, 0), (vec![], Some(100)));
    assert_eq!(decided(&mut run, 140), (vec![Decision::Begin(0)], Some(200)));
    run.ended(0, &done(), at(141));
    assert_eq!(decided(&mut run, 141), (vec![], Some(1000)));
    assert_eq!(
        decided(&mut run, 1941),
        (vec![1, 2].into_iter().map(|one| Decision::Skip(one, Skipped::NoWindow)).collect(), None)
    );
    assert!(run.is_over());
}

#[test]
fn the_slowest_of_this_run_says_how_long_the_next_needs() {
    let mut rules = in_windows(3, None);
    rules.windows[0].windows = vec![Window { from: at(0), until: at(1_000_000) }];
    let mut run = Dispatcher::new(alone(3), &rules);
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &done(), at(100_000));
    assert_eq!(begun(&mut run, 800_000), [1], "twice a hundred seconds fit");
    run.ended(1, &done(), at(800_001));
    assert_eq!(decided(&mut run, 800_001).0, [Decision::Skip(2, Skipped::NoWindow)]);
}

#[test]
fn a_site_in_flight_when_its_window_closes_is_called_back_and_has_another_turn_in_the_next() {
    let mut run = Dispatcher::new(needs(&[('a', ' '), ('a', ' ')]), &in_windows(2, Some(60)));
    assert_eq!(begun(&mut run, 100), [0, 1]);
    assert_eq!(decided(&mut run, 200).0, [Decision::Recall(0), Decision::Recall(1)]);
    let undone = EndFacts::default();
    run.ended(0, &undone, at(210));
    assert_eq!(decided(&mut run, 210), (vec![], None), "the other one is still at it");
    run.ended(1, &undone, at(220));
    assert_eq!(decided(&mut run, 220), (vec![], Some(1000)));
    assert_eq!(begun(&mut run, 1000), [0, 1]);
    run.ended(0, &done(), at(1010));
    run.ended(1, &done(), at(1010));
    assert!(run.is_over() && run.attempts(0) == 2 && run.snapshot().failed == 0);
}

#[test]
fn an_unreachable_router_is_tried_again_with_growing_pauses_until_the_limit() {
    let come_back = Some(ComeBack { first: millis(10), longest: millis(25), limit: millis(60) });
    let mut run = Dispatcher::new(alone(2), &Rules { come_back, ..Rules::simple(1, 1) });
    let away = EndFacts::failed(FailureClass::Unreachable);
    let mut attempts = Vec::new();
    let mut now = 0;
    while !run.is_over() {
        match run.next(at(now)) {
            Next::Do(Decision::Begin(1)) => run.ended(1, &done(), at(now)),
            Next::Do(Decision::Begin(0)) => {
                attempts.push(now);
                run.ended(0, &away, at(now));
            }
            Next::Wait(Some(until)) => now = until.millis(),
            other => assert_eq!(other, Next::Wait(None)),
        }
    }
    assert_eq!(attempts, [0, 10, 30, 55], "ten, twenty, twenty-five, and no more within sixty");
    assert_eq!((run.snapshot().ended, run.snapshot().failed), (2, 1));
}

#[test]
fn a_router_that_comes_back_does_not_keep_the_next_step_waiting() {
    let come_back = Some(ComeBack { first: millis(10), longest: millis(10), limit: millis(1000) });
    let rules = Rules { come_back, steps: vec![step([0, 1]), step([2])], ..bearing(9, 9) };
    let mut run = Dispatcher::new(alone(3), &rules);
    assert_eq!(begun(&mut run, 0), [0, 1]);
    run.ended(0, &EndFacts::failed(FailureClass::Occupied), at(1));
    run.ended(1, &done(), at(1));
    assert_eq!(begun(&mut run, 1), [2]);
    run.ended(2, &done(), at(2));
    assert_eq!(begun(&mut run, 11), [0]);
    run.ended(0, &done(), at(12));
    assert!(run.is_over() && run.snapshot().failed == 0);
}

#[test]
fn a_clock_that_differs_from_most_routers_clocks_pauses_the_run_once() {
    let mut run = Dispatcher::new(alone(9), &Rules { windows: vec![WindowRules::default()], ..bearing(1, 9) });
    let off = |seconds| EndFacts { clock_off: Some(Duration::from_secs(seconds)), ..done() };
    for (number, seconds) in [500, 3, 65].into_iter().enumerate() {
        assert_eq!(begun(&mut run, 0), [number], "one router's clock may be wrong");
        run.ended(number, &off(seconds), NOW);
    }
    assert_eq!((begun(&mut run, 0), run.snapshot().mode), (vec![], Mode::Paused));
    let why = HoldReason::Clock(Duration::from_secs(65));
    assert_eq!(run.take_notes().last(), Some(&Note::Held(Hold { of: None, why, tasks: vec![] })));
    run.order(Order::Continue);
    assert_eq!(begun(&mut run, 0), [3]);
    run.ended(3, &off(500), NOW);
    assert_eq!(begun(&mut run, 0), [4], "a person has decided");
}

#[test]
fn later_steps_bear_more_lost_routers_than_the_first() {
    let lost = |later| default_budgets(1, later).into_iter().find(|one| one.classes.contains(&FailureClass::Lost));
    assert_eq!(lost(None).map(|budget| budget.failures), Some(1));
    assert_eq!(lost(Some(10_000)).map(|budget| budget.failures), Some(11));
}

#[test]
fn failures_that_a_held_firmware_explains_hold_nothing_else_and_the_rest_goes_on() {
    let firmware = |number: usize| if number.is_multiple_of(4) { "10.8" } else { "10.7" };
    let tasks: Vec<Needs> = (0..20).map(|number| of(&[Trait::Firmware(firmware(number).to_owned())])).collect();
    let mut run = Dispatcher::new(tasks, &bearing(1, 99));
    let (refused, same) = (failed_so(FailureClass::LineRefused, "router.refused-line"), as_declared());
    let (mut tried, mut held) = (Vec::new(), Vec::new());
    while let Next::Do(decision) = run.next(NOW) {
        match decision {
            Decision::Begin(number) => {
                run.ended(number, if number.is_multiple_of(4) { &refused } else { &same }, NOW);
                tried.push(number);
            }
            Decision::Hold(number, Hold { of, .. }) => {
                assert_eq!(of, Some(Trait::Firmware("10.8".to_owned())));
                held.push(number);
            }
            _ => break,
        }
    }
    assert_eq!(held, [12, 16], "after three of it");
    assert_eq!(tried.len(), 18);
    assert!(run.closed_by().is_none() && run.is_over());
}
