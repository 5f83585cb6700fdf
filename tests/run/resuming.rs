//! A run that was left open is resumed: as the operator decides, and nothing else of it or of another run is touched.

use std::fs;
use std::sync::Arc;

use ixdeploy::journal::RunLock;
use ixdeploy::message::Explain as _;
use ixdeploy::run::{self, Exit, ResumeRequest, RunOptions, UndoRequest};
use ixdeploy::state::State;
use ixdeploy::transaction::RecoveryChoice;
use mock_device::{Fault, When};

use crate::operator::Scripted;
use crate::{apply, asking_when_lost, end, env, on_bench, one_router, shipped};

#[test]
fn an_unfinished_run_is_resumed_as_the_operator_decides() {
    for (choice, ends) in [(RecoveryChoice::Finish, State::Saved), (RecoveryChoice::Undo, State::Undone)] {
        let bench = one_router(vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))]);
        let before = bench.snapshot("r3");
        let book = asking_when_lost(&bench);
        let undecided = apply(&bench, &Arc::new(Scripted::default()), book);
        assert_eq!((end(&undecided).0, undecided.exit), (State::Lost, Exit::NeedsPerson));
        assert_eq!(bench.startup("r3"), before.1, "nothing was decided, nothing was saved");

        let operator = Arc::new(Scripted::deciding(choice));
        let elsewhere = |limit: &str| {
            let limit = Some(limit.to_owned());
            let request = ResumeRequest { limit, options: on_bench(), ..ResumeRequest::default() };
            run::resume(&env(&bench, Arc::clone(&operator) as _), &request).unwrap_err().code().to_owned()
        };
        assert_eq!(elsewhere("!r3"), "limit.nothing");
        assert_eq!(elsewhere("r4"), "limit.unknown");
        let limit = Some("r3".to_owned());
        let request = ResumeRequest { limit, options: on_bench(), ..ResumeRequest::default() };
        let resumed = run::resume(&env(&bench, Arc::clone(&operator) as _), &request).unwrap().unwrap();
        assert_eq!(end(&resumed).0, ends);
        assert!(operator.asked().contains(&"recover 1".to_owned()), "{:?}", operator.asked());
        if choice == RecoveryChoice::Undo {
            assert_eq!(bench.snapshot("r3"), before);
        } else {
            assert_eq!(bench.running("r3"), bench.startup("r3"));
            assert_ne!(bench.running("r3"), before.0);
        }
        let env = env(&bench, operator);
        assert!(run::resume(&env, &ResumeRequest::default()).unwrap().is_none(), "every run has ended");
    }
}

#[test]
fn a_router_that_ended_lost_is_recovered_although_the_rest_of_its_run_goes_on() {
    let bench = one_router(vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))]);
    let book = asking_when_lost(&bench);
    let lost = apply(&bench, &Arc::new(Scripted::default()), book);
    let (state, run) = end(&lost);
    assert_eq!(state, State::Lost);
    let run = run.unwrap().to_owned();
    // Another process carries out the rest.
    let _rest = RunLock::take(&bench.path("state"), &run).unwrap();
    for named in [None, Some(run)] {
        let operator = Arc::new(Scripted::deciding(RecoveryChoice::Undo));
        let again = named.is_some();
        let request = ResumeRequest { run: named, options: on_bench(), ..ResumeRequest::default() };
        let resumed = run::resume(&env(&bench, operator), &request);
        if again {
            assert_eq!(resumed.unwrap_err().code(), "lock.run-held", "nothing of it is left unknown");
        } else {
            assert_eq!(end(&resumed.unwrap().unwrap()).0, State::Undone);
        }
    }
}

#[test]
fn a_router_that_another_run_left_unfinished_during_the_question_is_not_touched() {
    let bench = Arc::new(one_router(Vec::new()));
    let elsewhere = Arc::clone(&bench);
    let operator = Arc::new(Scripted::taking_time(move || {
        elsewhere.mock.inject("r3", Fault::drop_link(When::matching("bridge 1 bridge-only"))).unwrap();
        let book = asking_when_lost(&elsewhere);
        assert_eq!(end(&apply(&elsewhere, &Arc::new(Scripted::default()), book)).0, State::Lost);
    }));
    let finished = apply(&bench, &operator, shipped());
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Lost, Exit::NeedsPerson));
    assert_eq!(outcome.causes[0].code, "journal.unfinished", "{:?}", outcome.causes);
    // The last run has changed nothing, and still there is something to take back.
    let options = RunOptions { assume_yes: true, ..on_bench() };
    let undo = UndoRequest { run: "last".to_owned(), options, ..UndoRequest::default() };
    let refused = run::undo(&self::env(&bench, Arc::new(Scripted::default())), &undo).unwrap_err();
    assert_eq!(refused.code(), "undo.unfinished", "{refused}");
    let journal = env(&bench, Arc::new(Scripted::default())).journal().unwrap();
    let runs: Vec<String> = journal.runs(2).unwrap().into_iter().map(|listing| listing.run.run).collect();
    assert!(refused.hints()[0].en.starts_with(&format!("`ixdeploy resume {} --undo`", runs[1])), "{runs:?}");
    let env = env(&bench, Arc::new(Scripted::deciding(RecoveryChoice::Undo)));
    let request = ResumeRequest { options: on_bench(), ..ResumeRequest::default() };
    let resumed = run::resume(&env, &request).unwrap().unwrap();
    assert_eq!(end(&resumed).0, State::Undone, "the other run is open as before");
}

#[test]
fn a_router_that_the_inventory_does_not_have_stays_as_unknown_as_it_was() {
    let bench = one_router(vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))]);
    let book = asking_when_lost(&bench);
    assert_eq!(end(&apply(&bench, &Arc::new(Scripted::default()), book)).0, State::Lost);
    let other = bench.path("other.yaml");
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    fs::write(&other, inventory.replace("      r3:\n", "      r9:\n")).unwrap();
    let env = env(&bench, Arc::new(Scripted::deciding(RecoveryChoice::Undo)));
    let request = ResumeRequest { inventory: Some(other), options: on_bench(), ..ResumeRequest::default() };
    let resumed = run::resume(&env, &request).unwrap().unwrap();
    assert_eq!((end(&resumed).0, resumed.exit), (State::Lost, Exit::NeedsPerson));
}

#[test]
fn a_terminal_that_goes_away_at_the_question_leaves_the_router_lost_for_a_person() {
    let bench = one_router(vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))]);
    let book = asking_when_lost(&bench);
    assert_eq!(end(&apply(&bench, &Arc::new(Scripted::default()), book)).0, State::Lost);
    let options = RunOptions { assume_yes: true, ..on_bench() };
    let undo = UndoRequest { run: "last".to_owned(), options, ..UndoRequest::default() };
    let refused = run::undo(&self::env(&bench, Arc::new(Scripted::default())), &undo).unwrap_err();
    assert_eq!(refused.code(), "undo.unfinished", "there is something to take back, by `resume`");
    let env = env(&bench, Arc::new(Scripted::gone()));
    let request = ResumeRequest { options: on_bench(), ..ResumeRequest::default() };
    let resumed = run::resume(&env, &request).unwrap().unwrap();
    assert_eq!((end(&resumed).0, resumed.exit), (State::Lost, Exit::NeedsPerson));
}
