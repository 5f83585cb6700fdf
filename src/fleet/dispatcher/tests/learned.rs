//! What a router says of itself counts, and not what it was taken for.

use super::rollout::{alone, bearing, begun, decided, failed_so, of};
use super::*;
use crate::fleet::dispatcher::Note;
use crate::fleet::rules::Limits;

#[test]
fn a_firmware_is_what_a_router_says_when_it_is_read_and_holds_those_that_are_known_to_run_it() {
    let old = || Trait::Firmware("9.7".to_owned());
    let new = || Trait::Firmware("10.2".to_owned());
    let learned = |facts: EndFacts, firmware| EndFacts { learned: vec![firmware], ..facts };
    let fails = |number: usize| failed_so(FailureClass::CheckFailed, &format!("check.{number}"));
    // Nothing is known of the first four; of the others the journal says what they ran, of the fourth wrongly.
    let nothing = Needs::default;
    let tasks = [nothing(), nothing(), nothing(), of(&[new()]), of(&[old()]), of(&[new()])];
    let mut run = Dispatcher::new(tasks, &bearing(1, 99));
    for (number, facts) in [
        (0, learned(done(), new())),
        (1, learned(fails(1), old())),
        (2, learned(fails(2), old())),
        (3, learned(fails(3), old())),
    ] {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &facts, NOW);
    }
    let (decisions, _) = decided(&mut run, 0);
    let [Decision::Hold(4, hold), Decision::Begin(5)] = decisions.as_slice() else { panic!("{decisions:?}") };
    assert_eq!((hold.of.clone(), hold.tasks.clone()), (Some(old()), vec![1, 2, 3]));
}

#[test]
fn a_firmware_and_a_model_that_all_have_of_which_they_are_known_are_not_held() {
    let mut run = Dispatcher::new(alone(6), &bearing(1, 99));
    for number in 0..6 {
        assert_eq!(begun(&mut run, 0), [number]);
        let fails = failed_so(FailureClass::CheckFailed, &format!("check.{number}"));
        run.ended(number, &EndFacts { learned: Trait::of_router("IX2215", "10.2"), ..fails }, NOW);
    }
    assert!(run.is_over() && !run.take_notes().iter().any(|note| matches!(note, Note::Held(_))));
}

#[test]
fn a_password_is_proven_by_the_router_that_took_it_and_not_by_one_that_took_another() {
    let mut rules = bearing(9, 99);
    rules.holds.unproven_at_once = Some(1);
    let credential = |name: &str| Trait::Credential(name.to_owned());
    let mut run = Dispatcher::new(vec![of(&[credential("new")]); 4], &rules);
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &EndFacts { learned: vec![credential("old")], ..done() }, NOW);
    assert_eq!(begun(&mut run, 0), [1], "the new one has let no one in");
    run.ended(1, &EndFacts { learned: vec![credential("new")], ..done() }, NOW);
    assert_eq!(begun(&mut run, 0), [2, 3]);
}

#[test]
fn failures_on_a_firmware_count_also_where_another_is_known_only_after_them() {
    let firmware = |name: &str| Trait::Firmware(name.to_owned());
    let learned = |facts: EndFacts, name| EndFacts { learned: vec![firmware(name)], ..facts };
    let fails = |number: usize| learned(failed_so(FailureClass::CheckFailed, &format!("check.{number}")), "9.7");
    let mut tasks = alone(5);
    tasks.push(of(&[firmware("9.7")]));
    let mut run = Dispatcher::new(tasks, &bearing(1, 99));
    for (number, facts) in [(0, fails(0)), (1, fails(1)), (2, fails(2)), (3, learned(done(), "10.2")), (4, fails(4))] {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &facts, NOW);
    }
    assert!(matches!(decided(&mut run, 0).0.as_slice(), [Decision::Hold(5, _)]));
}

#[test]
fn a_site_that_tries_a_password_on_many_routers_at_once_gives_way_to_those_that_may_prove_it() {
    let login = of(&[Trait::Credential("night".to_owned())]);
    let of_site = Needs { group: Some("hospital".to_owned()), ..login.clone() };
    let mut tasks = vec![of_site; 5];
    tasks.extend([login.clone(), login]);
    let mut rules = bearing(9, 99);
    rules.holds.unproven_at_once = Some(3);
    let mut run = Dispatcher::new(tasks.clone(), &rules);
    assert_eq!(begun(&mut run, 0), [5, 6]);
    run.ended(5, &done(), NOW);
    assert_eq!(begun(&mut run, 0), [0, 1, 2, 3, 4], "it is right");
    // Where no other is left, it begins: a site changes together.
    let refused = EndFacts { wrong_password: true, ..failed_so(FailureClass::Unreachable, "ssh.authentication") };
    let mut run = Dispatcher::new(tasks, &rules);
    assert_eq!(begun(&mut run, 0), [5, 6]);
    run.ended(5, &refused, NOW);
    assert_eq!(begun(&mut run, 0), [] as [usize; 0]);
    run.ended(6, &refused, NOW);
    assert_eq!(begun(&mut run, 0), [0], "two were refused: one at a time, until one lets us in");
    run.logged_in(0, Some("night"));
    assert_eq!(begun(&mut run, 0), [1, 2, 3, 4]);
}

#[test]
fn a_large_site_alone_tries_a_password_on_three_routers_at_once_until_one_lets_it_in() {
    let of_site = Needs { group: Some("hospital".to_owned()), ..of(&[Trait::Credential("night".to_owned())]) };
    let site = || Dispatcher::new(vec![of_site.clone(); 7], &bearing(9, 99));
    let refused = EndFacts { wrong_password: true, ..failed_so(FailureClass::Unreachable, "ssh.authentication") };
    // The routers of a site wait for each other before the first write: none ends before all have logged in.
    let mut run = site();
    assert_eq!(begun(&mut run, 0), [0, 1, 2]);
    run.logged_in(1, None);
    assert_eq!(begun(&mut run, 0), [3, 4, 5, 6]);
    // With another password, which says nothing of this one, its place is free for the next.
    let mut run = site();
    assert_eq!(begun(&mut run, 0), [0, 1, 2]);
    run.logged_in(1, Some("other"));
    assert_eq!(begun(&mut run, 0), [3]);
    // It is wrong: it is tried three times in all.
    let mut run = site();
    assert_eq!(begun(&mut run, 0), [0, 1, 2]);
    for number in [0, 1] {
        run.ended(number, &refused, NOW);
        assert_eq!(begun(&mut run, 0), [] as [usize; 0]);
    }
    run.ended(2, &refused, NOW);
    let (decisions, _) = decided(&mut run, 0);
    assert!(
        matches!(
            decisions.as_slice(),
            [Decision::Hold(3, _), Decision::Hold(4, _), Decision::Hold(5, _), Decision::Hold(6, _)]
        ),
        "{decisions:?}"
    );
    assert!(run.is_over());
}

#[test]
fn a_router_of_a_large_site_that_waits_for_a_password_is_not_begun_once_someone_asks_to_stop() {
    let of_site = Needs { group: Some("hospital".to_owned()), ..of(&[Trait::Credential("night".to_owned())]) };
    let mut run = Dispatcher::new(vec![of_site; 5], &bearing(9, 99));
    assert_eq!(begun(&mut run, 0), [0, 1, 2]);
    run.stop();
    let (decisions, _) = decided(&mut run, 0);
    assert!(matches!(decisions.as_slice(), [Decision::Skip(3, _), Decision::Skip(4, _)]), "{decisions:?}");
}

#[test]
fn a_password_is_tried_on_three_routers_at_once_until_it_has_let_us_in_in_every_run() {
    let login = of(&[Trait::Credential("night".to_owned())]);
    let limits = Limits { concurrency: 30, max_failures: usize::MAX };
    for rules in [Rules::from(limits), Rules::simple(30, 1), Rules::simple(30, 1).of_one_step()] {
        let mut run = Dispatcher::new(vec![login.clone(); 30], &rules);
        assert_eq!(begun(&mut run, 0), [0, 1, 2]);
        run.ended(0, &done(), NOW);
        assert_eq!(begun(&mut run, 0).len(), 27, "it is right");
    }
}
