//! What is typed holds instead of what the playbook says, and nothing that means nothing is taken.

use std::time::Duration;

use super::{OverrideError, Overrides};
use crate::message::Explain;
use crate::playbook::rollout::{Amount, Bake, Budget, Budgets, CANARY, HoldKey, Match, Rollout, Step};
use crate::state::FailureClass;

fn written() -> Rollout {
    let canary = Match { amount: Amount::Count(5), ..Match::default() };
    let bake = Some(Bake { time: Duration::from_secs(600), every: None });
    let steps = vec![Step { bake, ..Step::new(CANARY, canary) }, Step::new("others", Match::default())];
    Rollout { steps, ..Rollout::simple(8, 1) }
}

fn changed(overrides: &Overrides) -> Rollout {
    let mut rollout = written();
    overrides.change(&mut rollout).unwrap_or_else(|error| panic!("{error}"));
    rollout
}

#[test]
fn nothing_typed_changes_nothing() {
    assert_eq!(changed(&Overrides::default()), written());
}

#[test]
fn each_option_replaces_one_limit_of_the_whole_run() {
    let text = |text: &str| Some(text.to_owned());
    let all = Overrides {
        concurrency: Some(3),
        max_failures: text("5%"),
        canary: Some(2),
        budgets: vec!["unreachable=7".to_owned(), "occupied=unlimited".to_owned()],
        logins_per_second: Some(4),
        bake: text("1m"),
        holds: vec!["5".to_owned(), "firmware=2".to_owned(), "share=20%".to_owned()],
        steps_off: false,
    };
    let rollout = changed(&all);
    assert_eq!((rollout.concurrency, rollout.logins_per_second), (3, Some(4)));
    assert_eq!(rollout.max_failures, Some(Budget::Share(50)));
    let mut budgets = Budgets::default();
    budgets.set(FailureClass::Unreachable, Budget::Routers(7));
    budgets.set(FailureClass::Occupied, Budget::Unlimited);
    assert_eq!(rollout.budgets, budgets);
    let held = |key| rollout.hold.of(key);
    assert_eq!((held(HoldKey::Models), held(HoldKey::Firmware)), (Some(Budget::Routers(5)), Some(Budget::Routers(2))));
    assert_eq!((held(HoldKey::Share), held(HoldKey::Lost)), (Some(Budget::Share(200)), None));
    let [canary, others] = rollout.steps.as_slice() else { panic!("{rollout:?}") };
    assert_eq!(canary.fits.amount, Amount::Count(2));
    assert_eq!(canary.bake.map(|bake| bake.time), Some(Duration::from_secs(60)));
    assert_eq!(others.bake, None);
}

#[test]
fn a_canary_of_another_size_keeps_what_the_playbook_says_of_it() {
    let rollout = changed(&Overrides { canary: Some(2), ..Overrides::default() });
    let [canary, _] = rollout.steps.as_slice() else { panic!("{rollout:?}") };
    assert_eq!(canary.fits.amount, Amount::Count(2));
    assert_eq!(canary.bake, written().steps[0].bake);
}

#[test]
fn no_canary_no_bake_time_and_no_steps_can_be_asked_for() {
    assert_eq!(changed(&Overrides { canary: Some(0), ..Overrides::default() }).steps.len(), 1);
    let bake = Some("0s".to_owned());
    assert!(changed(&Overrides { bake, ..Overrides::default() }).steps.iter().all(|step| step.bake.is_none()));
    assert!(changed(&Overrides { steps_off: true, ..Overrides::default() }).steps.is_empty());
    let canary_alone = Overrides { steps_off: true, canary: Some(1), ..Overrides::default() };
    assert_eq!(changed(&canary_alone).steps.len(), 1, "a canary of its own after all");
}

#[test]
fn what_means_nothing_is_refused_with_what_to_type() {
    let budget = |text: &str| Overrides { budgets: vec![text.to_owned()], ..Overrides::default() };
    let hold = |text: &str| Overrides { holds: vec![text.to_owned()], ..Overrides::default() };
    let cases = [
        (Overrides { max_failures: Some("0".to_owned()), ..Overrides::default() }, "rollout.option"),
        (Overrides { max_failures: Some("unlimited".to_owned()), ..Overrides::default() }, "rollout.option"),
        (Overrides { bake: Some("10".to_owned()), ..Overrides::default() }, "rollout.option"),
        (budget("unreachable"), "rollout.option"),
        (budget("unreachable=x"), "rollout.option"),
        (budget("mixed=unlimited"), "rollout.option"),
        (budget("unreachabel=5"), "rollout.class"),
        (hold("many"), "rollout.option"),
        (hold("routers=5"), "rollout.option"),
        (hold("passwords=99"), "rollout.option"),
        (hold("firmware=5%"), "rollout.option"),
    ];
    for (overrides, code) in cases {
        let error = overrides.change(&mut written()).err();
        assert_eq!(error.as_ref().map(Explain::code), Some(code), "{overrides:?}");
        let says_what = |error: &OverrideError| error.text().en.contains(" takes ");
        assert!(error.is_some_and(|error| says_what(&error) || !error.hints().is_empty()), "{code}");
    }
}
