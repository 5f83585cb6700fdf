//! Where failures gather, and what is held for it.

use super::rollout::{bearing, failed_so, of};
use super::*;
use crate::fleet::dispatcher::Note;
use crate::fleet::rules::{ComeBack, Gathered};

fn is_of_the_firmware(hold: &Hold) -> bool {
    hold.of == Some(Trait::Firmware("10.8".to_owned()))
}

/// Runs routers with these traits, one after the other, with these ends; says what was held.
fn held_after(ends: &[EndFacts], rules: &Rules, traits: impl Fn(usize) -> Vec<Trait>) -> Vec<Hold> {
    let mut run = Dispatcher::new((0..=ends.len()).map(|number| of(&traits(number))), rules);
    for (number, end) in ends.iter().enumerate() {
        assert_eq!(decision(&mut run), Some(Decision::Begin(number)));
        run.ended(number, end, NOW);
    }
    assert!(run.closed_by().is_none(), "{:?}", run.closed_by());
    run.take_notes()
        .into_iter()
        .filter_map(|note| if let Note::Held(hold) = note { Some(hold) } else { None })
        .collect()
}

/// All are of one firmware but the last, which is not begun.
fn one_firmware(of: usize) -> impl Fn(usize) -> Vec<Trait> {
    move |number| vec![Trait::Firmware(if number < of { "10.8" } else { "10.7" }.to_owned())]
}

#[test]
fn failures_that_are_a_small_share_of_what_ended_hold_nothing() {
    let refused = || failed_so(FailureClass::LineRefused, "router.refused-line");
    let ends = |done| [vec![EndFacts::done(); done], vec![refused(); 3]].concat();
    assert_eq!(held_after(&ends(28), &bearing(1, 99), one_firmware(31)), [], "three of thirty-one");
    assert_eq!(
        held_after(&ends(26), &only(Gathered { firmware: Some(3), ..Gathered::NEVER }), one_firmware(29)).len(),
        1
    );
}

fn only(gathered: Gathered) -> Rules {
    let mut rules = bearing(1, 99);
    rules.holds.gathered = gathered;
    rules
}

#[test]
fn closed_and_busy_clinics_hold_nothing_and_a_jump_host_only_where_every_one_behind_it_is_out_of_reach() {
    for class in [FailureClass::Unreachable, FailureClass::Occupied] {
        assert_eq!(held_after(&vec![EndFacts::failed(class); 5], &bearing(1, 99), one_firmware(5)), []);
    }
    let away = || EndFacts::failed(FailureClass::Unreachable);
    let behind =
        |of: usize| move |number| vec![Trait::JumpHost(if number < of { "jump-a" } else { "jump-b" }.to_owned())];
    assert_eq!(held_after(&[EndFacts::done(), away(), away(), away()], &bearing(1, 99), behind(4)), []);
    assert_eq!(held_after(&vec![away(); 3], &bearing(1, 99), behind(3)).len(), 1);
    let refused = || EndFacts { wrong_password: true, ..away() };
    assert_eq!(held_after(&vec![refused(); 3], &bearing(1, 99), behind(3)), [], "it led to those that refused us");
    let of_each = [away(), away(), failed_so(FailureClass::LineRefused, "router.refused-line")];
    assert_eq!(held_after(&of_each, &bearing(1, 99), behind(3)), [], "two that count for nothing, and one that does");
}

#[test]
fn two_lost_routers_hold_no_group_that_the_rules_name() {
    let lost = vec![EndFacts::failed(FailureClass::Lost); 2];
    let group = |number| vec![Trait::Group(if number < 2 { "west" } else { "east" }.to_owned())];
    assert_eq!(held_after(&lost, &bearing(1, 99), group), []);
}

#[test]
fn a_router_that_says_another_firmware_than_it_was_taken_for_does_not_fail_for_that_one() {
    let refused = || failed_so(FailureClass::LineRefused, "router.refused-line");
    let says = |firmware: &str| EndFacts { learned: vec![Trait::Firmware(firmware.to_owned())], ..refused() };
    let ends = [says("9.9"), refused(), refused()];
    assert_eq!(held_after(&ends, &only(Gathered { firmware: Some(3), ..Gathered::NEVER }), one_firmware(3)), []);
}

/// A router of this firmware, of a site or alone.
fn at_site(site: Option<&str>, firmware: &str) -> Needs {
    Needs { group: site.map(str::to_owned), ..of(&[Trait::Firmware(firmware.to_owned())]) }
}

#[test]
fn a_site_is_held_for_any_of_its_routers_also_while_it_is_to_be_tried_again() {
    let tasks = [
        at_site(None, "10.8"),
        at_site(None, "10.8"),
        at_site(None, "10.8"),
        at_site(Some("a"), "10.7"),
        at_site(Some("a"), "10.8"),
        at_site(None, "10.8"),
    ];
    let rules = Rules { come_back: Some(ComeBack::default()), ..bearing(4, 99) };
    let mut run = Dispatcher::new(tasks, &rules);
    assert_eq!(steps(&mut run), [0, 1, 2, 3, 4].map(Decision::Begin));
    (0..3).for_each(|number| run.ended(number, &failed_so(FailureClass::CheckFailed, "check.failed"), NOW));
    // The site was in flight when its firmware was held, and is not tried again.
    run.ended(3, &EndFacts::failed(FailureClass::Unreachable), NOW);
    run.ended(4, &EndFacts::default(), NOW);
    assert!(!run.take_notes().iter().any(|note| matches!(note, Note::ComesBack(..))));
    let decided = steps(&mut run);
    assert!(matches!(decided.as_slice(), [Decision::Hold(5, _)]), "{decided:?}");
    assert!(run.is_over());
}

#[test]
fn a_site_with_one_router_of_a_held_firmware_does_not_begin() {
    let tasks = [
        at_site(None, "10.8"),
        at_site(None, "10.8"),
        at_site(None, "10.8"),
        at_site(Some("a"), "10.7"),
        at_site(Some("a"), "10.8"),
    ];
    let mut run = Dispatcher::new(tasks, &bearing(1, 99));
    for number in 0..3 {
        assert_eq!(steps(&mut run), [Decision::Begin(number)]);
        run.ended(number, &failed_so(FailureClass::CheckFailed, &format!("check.{number}")), NOW);
    }
    let decided = steps(&mut run);
    assert!(matches!(decided.as_slice(), [Decision::Hold(3, _), Decision::Hold(4, _)]), "{decided:?}");
}

#[test]
fn a_held_jump_host_explains_no_failure_of_a_firmware() {
    let traits = |number: usize| {
        let firmware = if number.is_multiple_of(3) { "10.8" } else { "10.7" };
        let host = if number < 20 { "jump-a" } else { "jump-b" };
        [Trait::JumpHost(host.to_owned()), Trait::Firmware(firmware.to_owned())]
    };
    let mut run = Dispatcher::new((0..30).map(|number| of(&traits(number))), &bearing(25, 99));
    assert_eq!(steps(&mut run).len(), 25);
    let refused = failed_so(FailureClass::LineRefused, "router.refused-line");
    // Behind one jump host either firmware fails, so that it is held; behind the other one it is this firmware alone.
    for number in [1, 2, 3, 6, 21] {
        run.ended(number, &refused, NOW);
    }
    let is_held = |one: &Decision| matches!(one, Decision::Hold(27, hold) if is_of_the_firmware(hold));
    let decided = steps(&mut run);
    assert!(decided.iter().any(is_held), "{decided:?}");
}
