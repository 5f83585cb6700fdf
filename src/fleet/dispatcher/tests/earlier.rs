//! What failed before a run counts in its budgets as what fails in it.

use super::rollout::{alone, bearing, begun, decided, step};
use super::*;
use crate::fleet::dispatcher::{Note, Scope};
use crate::fleet::rules::{Budget, Earlier, GroupRules, StepRules};

/// A failure from before the run, of a router that would be in this step.
fn earlier(class: FailureClass, step: Option<usize>) -> Earlier {
    Earlier { class, step, groups: Vec::new() }
}

#[test]
fn failures_from_before_a_run_count_in_its_budgets() {
    let rules = Rules::simple(1, 3);
    let after =
        |classes: &[FailureClass]| rules.clone().after(classes.iter().map(|class| earlier(*class, None)).collect());
    assert!(after(&[FailureClass::Unreachable; 9]).is_some() && after(&[FailureClass::Lost]).is_none());
    let mut run = Dispatcher::new(alone(2), &after(&[FailureClass::Drifted; 2]).unwrap_or_else(|| Rules::simple(1, 9)));
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &failed(), NOW);
    assert_eq!(decided(&mut run, 0).0, [Decision::Skip(1, Skipped::UsedUp)]);
    let used_up = Note::UsedUp { scope: Scope::Run, class: FailureClass::CheckFailed, failures: 3 };
    assert_eq!(run.take_notes(), [Note::StepBegun(0), used_up], "it bore three");
}

#[test]
fn failures_from_before_a_run_count_in_the_budgets_of_their_step() {
    let bears = |failures, members: [usize; 2]| StepRules {
        budgets: vec![Budget { classes: FailureClass::ALL.into(), failures }],
        ..step(members)
    };
    let rules = Rules { steps: vec![bears(2, [0, 1]), bears(2, [2, 3])], ..bearing(1, 99) };
    let drifted = |step| earlier(FailureClass::Drifted, Some(step));
    assert_eq!(rules.clone().after(vec![drifted(0); 2]), None, "the first step would begin nothing");
    // One of the first step: one more is too many.
    let mut run = Dispatcher::new(alone(4), &rules.clone().after(vec![drifted(0)]).unwrap_or_else(|| rules.clone()));
    assert_eq!(begun(&mut run, 0), [0]);
    run.ended(0, &failed(), NOW);
    assert_eq!(decided(&mut run, 0).0, [1, 2, 3].map(|one| Decision::Skip(one, Skipped::UsedUp)));
    // Two of the second: the first goes out, and nothing after it.
    let mut run = Dispatcher::new(alone(4), &rules.clone().after(vec![drifted(1); 2]).unwrap_or_else(|| rules.clone()));
    for number in [0, 1] {
        assert_eq!(begun(&mut run, 0), [number]);
        run.ended(number, &done(), NOW);
    }
    assert_eq!(decided(&mut run, 0).0, [2, 3].map(|one| Decision::Skip(one, Skipped::UsedUp)));
    let used_up = Note::UsedUp { scope: Scope::Step(1), class: FailureClass::Drifted, failures: 2 };
    assert_eq!(run.take_notes().last(), Some(&used_up));
    assert!(run.is_over());
}

#[test]
fn failures_from_before_a_run_count_in_the_budgets_of_their_groups() {
    let east = Trait::Group("east".to_owned());
    let group = GroupRules {
        of: east.clone(),
        members: vec![0, 2],
        concurrency: None,
        budgets: vec![Budget { classes: FailureClass::ALL.into(), failures: 2 }],
    };
    let rules = Rules { groups: vec![group], ..bearing(9, 99) };
    let of_east = || Earlier { groups: vec![east.clone()], ..earlier(FailureClass::Drifted, None) };
    let mut run = Dispatcher::new(alone(3), &Rules { earlier: vec![of_east()], ..rules.clone() });
    assert_eq!(begun(&mut run, 0), [0, 1, 2], "one is borne");
    run.ended(0, &failed(), NOW);
    assert!(matches!(run.take_notes().last(), Some(Note::Held(Hold { why: HoldReason::UsedUp(_), .. }))));
    let mut run = Dispatcher::new(alone(3), &Rules { earlier: vec![of_east(), of_east()], ..rules });
    let hold = Hold { of: Some(east), why: HoldReason::UsedUp(FailureClass::Drifted), tasks: vec![] };
    let held = |number| Decision::Hold(number, hold.clone());
    assert_eq!(decided(&mut run, 0).0, [held(0), Decision::Begin(1), held(2)], "the rest goes on");
}

#[test]
fn a_step_of_which_all_failed_before_the_run_lets_nothing_after_it_begin() {
    let canary = StepRules { budgets: vec![Budget { classes: FailureClass::ALL.into(), failures: 1 }], ..step([]) };
    let rules = Rules { steps: vec![canary, step([0, 1])], ..bearing(1, 99) };
    let failed = vec![earlier(FailureClass::Drifted, Some(0))];
    assert_eq!(rules.clone().after(failed.clone()), None, "nothing could begin");
    let mut run = Dispatcher::new(alone(2), &Rules { earlier: failed, ..rules });
    assert_eq!(decided(&mut run, 0).0, [0, 1].map(|one| Decision::Skip(one, Skipped::UsedUp)));
}
