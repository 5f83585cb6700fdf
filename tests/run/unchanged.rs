//! Where nothing is to be written no one is asked and no one is put out, and a box that is not proven proves nothing.

use std::sync::Arc;

use ixdeploy::run::{self, ApplyRequest, Exit, PlanRequest, RunOptions, VerifyRequest};
use ixdeploy::state::State;
use mock_device::Fault;

use crate::operator::Scripted;
use crate::{apply, apply_request, end, env, on_bench, one_router, shipped, source};

/// What was asked about, without what was only told.
fn questions(operator: &Scripted) -> Vec<String> {
    let is_question = |asked: &String| asked.starts_with("which router") || asked.starts_with("change");
    operator.asked().into_iter().filter(is_question).collect()
}

#[test]
fn a_proven_router_with_nothing_to_change_passes_its_checks_without_a_question() {
    let bench = one_router(Vec::new());
    assert_eq!(end(&apply(&bench, &Arc::new(Scripted::default()), shipped())).0, State::Saved);
    let silent = Arc::new(Scripted::refusing());
    let again = apply(&bench, &silent, shipped());
    assert_eq!(questions(&silent), [""; 0]);
    let [outcome] = again.result.routers.as_slice() else { panic!("{again:?}") };
    assert_eq!((outcome.state, outcome.planned, again.exit), (State::Saved, 0, Exit::Done));
    assert!(!outcome.box_unproven && !outcome.checks.is_empty(), "{outcome:?}");
}

#[cfg(unix)]
#[test]
fn a_box_that_is_as_declared_and_not_proven_is_not_asked_about_and_is_no_evidence() {
    use mock_device::{RouterSpec, TransportSpec};
    use test_support::harness::{Declared, prepared, router3};

    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
    let declared = Declared { serial_number: None, console_login: true, lifeline: None, ..router3("r3") };
    let bench = crate::bench(spec, declared);
    let number = RouterSpec::new("r3").serial();
    let right = Arc::new(Scripted::typing(&number[number.len() - 4..]));
    assert_eq!(end(&apply(&bench, &right, shipped())).0, State::Saved);

    let silent = Arc::new(Scripted::refusing());
    let again = apply(&bench, &silent, shipped());
    assert_eq!(questions(&silent), [""; 0]);
    let [outcome] = again.result.routers.as_slice() else { panic!("{again:?}") };
    assert_eq!((outcome.state, outcome.box_unproven, again.exit), (State::Saved, true, Exit::Done));
    assert_eq!((&outcome.serial_number, again.result.journalled.is_none()), (&None, true));
    // The journal knows its number from the run before: that is said, and proves nothing.
    assert_eq!(outcome.box_of_last_save, Some(true));
    let words = outcome.unproven_words().unwrap();
    assert_eq!(words.en, "as declared, box known from the last save, not declared");
    assert_eq!(words.ja, "宣言どおり(前回保存した機器。製造番号は宣言なし)");
}

#[test]
fn a_reading_that_no_change_follows_takes_config_mode_from_no_one_whatever_was_allowed() {
    let bench = one_router(vec![Fault::LockHeld { attempts: None }]);
    let env = env(&bench, Arc::new(Scripted::default()));
    let options = RunOptions { take_over: true, ..on_bench() };
    let request = PlanRequest { source: source(&bench), from_backup: None, reason: None, options: options.clone() };
    assert_eq!(run::plan(&env, &request).unwrap().exit, Exit::NotDone);
    let verified = run::verify(&env, &VerifyRequest { source: source(&bench), options: options.clone() }).unwrap();
    assert_eq!(verified.routers[0].plan.result.as_ref().err().map(|end| end.state), Some(State::Occupied));
    // A change is what it was allowed for.
    let change = ApplyRequest { options, ..apply_request(&bench, shipped()) };
    assert_eq!(end(&run::apply(&env, &change).unwrap()).0, State::Saved);
}
