//! An undo over many sites is a rollout: its steps and limits, those that are typed, and what others have changed since.

use std::fs;
use std::sync::Arc;

use ixdeploy::message::Explain as _;
use ixdeploy::record::Kind;
use ixdeploy::run::{self, ApplyRequest, Exit, Overrides, RunEnv, RunOptions, UndoRequest};
use mock_device::{Fault, When};
use test_support::harness::Bench;

use crate::again::{ends, four_with_one_off, naming_book, run_of, switch_on};
use crate::going_on::{apply, go_on, until_one_is_off};
use crate::operator::Scripted;
use crate::{apply_request, env, on_bench};

/// The names of the steps that a run began.
fn steps_of(env: &RunEnv, run: &str) -> Vec<String> {
    let records = env.journal().unwrap().own_records(run).unwrap();
    let begun = records.into_iter().filter_map(|stored| match stored.record {
        Some(Kind::StepBegun(step)) => Some(step.step_name),
        _ => None,
    });
    begun.collect()
}

/// The naming playbook with these steps.
fn in_steps(bench: &Bench, rollout: &str) -> std::path::PathBuf {
    let book = naming_book(bench);
    fs::write(&book, fs::read_to_string(&book).unwrap() + rollout).unwrap();
    book
}

fn unasked(rollout: Overrides) -> RunOptions {
    RunOptions { assume_yes: true, rollout, ..on_bench() }
}

#[test]
fn a_run_is_undone_in_its_own_steps_unless_others_are_typed() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let book = in_steps(&bench, "rollout: { max_failures: 2, canary: 1 }\n");
    let before = ["c1", "c2", "c3", "c4"].map(|id| bench.snapshot(id));
    let applied = apply(&env, &bench, book);
    assert_eq!((applied.exit, steps_of(&env, &run_of(&applied)).len()), (Exit::Done, 2));

    let one = UndoRequest {
        run: run_of(&applied),
        limit: Some("c[1-2]".to_owned()),
        options: unasked(Overrides::default()),
        ..UndoRequest::default()
    };
    let first = run::undo(&env, &one).unwrap();
    assert_eq!(ends(&first), ["c1 saved", "c2 saved"]);
    assert_eq!(steps_of(&env, &run_of(&first)), ["canary", "rest"]);
    // Of all four, two are as before already, which is no error.
    let all =
        UndoRequest { limit: None, options: unasked(Overrides { steps_off: true, ..Overrides::default() }), ..one };
    let second = run::undo(&env, &all).unwrap();
    assert_eq!((ends(&second).len(), second.exit), (4, Exit::Done), "{second:?}");
    assert_eq!(second.result.routers.iter().map(|one| one.sent > 0).collect::<Vec<_>>(), [false, false, true, true]);
    assert!(steps_of(&env, &run_of(&second)).is_empty());
    assert_eq!(["c1", "c2", "c3", "c4"].map(|id| bench.snapshot(id)), before);
}

#[test]
fn what_others_have_changed_since_is_skipped_and_listed_and_stops_nothing() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let applied = apply(&env, &bench, naming_book(&bench));
    assert_eq!(applied.exit, Exit::Done);
    // Later one of them was given another name.
    let template = bench.path("roles/naming/name.ix.j2");
    fs::write(&template, "hostname {{ router.name }}-day\n").unwrap();
    let later = ApplyRequest {
        limit: Some("c1".to_owned()),
        options: until_one_is_off(),
        ..apply_request(&bench, bench.path("naming.yaml"))
    };
    assert_eq!(ends(&run::apply(&env, &later).unwrap()), ["c1 saved"]);
    for options in [unasked(Overrides::default()), on_bench()] {
        let is_asked = !options.assume_yes;
        let undo = UndoRequest { run: run_of(&applied), options, ..UndoRequest::default() };
        let finished = run::undo(&env, &undo).unwrap();
        assert_eq!(ends(&finished), ["c1 refused", "c2 saved", "c3 saved", "c4 saved"], "asked: {is_asked}");
        assert_eq!(finished.exit, Exit::NotDone);
        let conflict = &finished.result.routers[0];
        assert_eq!((conflict.causes[0].code.as_str(), conflict.failure_class()), ("undo.touched", None));
        assert!(bench.running("c1").contains("hostname c1-day"), "nothing was written to it");
        // What takes no part is known before anything is sent: a crash then loses no one.
        let records = env.journal().unwrap().records(&run_of(&finished)).unwrap();
        let place = |router: &str, word: &str| {
            records.iter().position(|stored| {
                stored.router == router && stored.record.as_ref().is_some_and(|kind| kind.name() == word)
            })
        };
        assert!(!is_asked || place("c1", "ended").unwrap() < place("c2", "sending").unwrap_or(usize::MAX));
    }
}

#[test]
fn an_undo_that_was_shown_goes_on_with_what_was_shown() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let applied = apply(&env, &bench, naming_book(&bench));
    assert_eq!(applied.exit, Exit::Done);
    // The first one refuses, and nothing more begins.
    bench.mock.inject("c1", Fault::refuse(When::matching("hostname"))).unwrap();
    let undo = UndoRequest { run: "last".to_owned(), options: one_by_one(false), ..UndoRequest::default() };
    let first = run::undo(&env, &undo).unwrap();
    assert_eq!(ends(&first), ["c1 undone", "c2 not-started", "c3 not-started", "c4 not-started"]);
    let kept = fs::read_to_string(bench.path("state/plans").join(format!("{}.json", run_of(&first)))).unwrap();
    assert!(kept.contains(&format!("undo {}", run_of(&applied))), "{kept}");
    let operator = Arc::new(Scripted::default());
    let second = go_on(&crate::env(&bench, Arc::clone(&operator) as _), &run_of(&first)).unwrap();
    assert_eq!(ends(&second), ["c1 undone", "c2 saved", "c3 saved", "c4 saved"]);
    let said = operator.asked();
    assert!(said.contains(&"reviewed before".to_owned()), "{said:?}");
    assert!(!said.iter().any(|said| said.starts_with("late plan")), "what was shown is not shown again: {said:?}");
}

/// One site after the other, and none any more after the first that fails.
fn one_by_one(assume_yes: bool) -> RunOptions {
    let rollout = Overrides { concurrency: Some(1), max_failures: Some("1".to_owned()), ..Overrides::default() };
    RunOptions { assume_yes, rollout, ..on_bench() }
}

#[test]
fn an_undo_of_an_undo_is_called_one_and_is_not_begun_by_the_word_last_and_yes_alone() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let apply = ApplyRequest {
        limit: Some("c1".to_owned()),
        options: until_one_is_off(),
        ..apply_request(&bench, naming_book(&bench))
    };
    run::apply(&env, &apply).unwrap();
    let last = UndoRequest { run: "last".to_owned(), options: unasked(Overrides::default()), ..UndoRequest::default() };
    let undone = run::undo(&env, &last).unwrap();
    assert_eq!(ends(&undone), ["c1 saved"]);
    let before = bench.snapshot("c1");
    assert_eq!(run::undo(&env, &last).unwrap_err().code(), "undo.of-an-undo");
    // The question says what it would do.
    let refusing = Arc::new(Scripted::refusing());
    let asked = UndoRequest { options: on_bench(), ..last.clone() };
    assert_eq!(ends(&run::undo(&crate::env(&bench, Arc::clone(&refusing) as _), &asked).unwrap()), ["c1 declined"]);
    let question = "change 1 of 1 at 1, which undoes an undo".to_owned();
    assert!(refusing.asked().contains(&question), "{:?}", refusing.asked());
    assert_eq!(bench.snapshot("c1"), before);
    // By its name it is meant.
    let named = UndoRequest { run: run_of(&undone), ..last };
    assert_eq!(ends(&run::undo(&env, &named).unwrap()), ["c1 saved"]);
    assert!(bench.startup("c1").contains("hostname c1-night"));
}

#[test]
fn a_router_that_is_named_and_that_the_run_did_not_change_is_said_to_stay_as_it_is() {
    let bench = four_with_one_off();
    let operator = Arc::new(Scripted::default());
    let env = env(&bench, Arc::clone(&operator) as _);
    let request = ApplyRequest {
        limit: Some("c1".to_owned()),
        options: until_one_is_off(),
        ..apply_request(&bench, naming_book(&bench))
    };
    let applied = run::apply(&env, &request).unwrap();
    assert_eq!(ends(&applied), ["c1 saved"]);
    let undo = UndoRequest {
        run: run_of(&applied),
        limit: Some("c[1-2]".to_owned()),
        options: unasked(Overrides::default()),
        ..UndoRequest::default()
    };
    assert_eq!(ends(&run::undo(&env, &undo).unwrap()), ["c1 saved"]);
    let warned = operator.warned();
    assert!(
        warned.iter().any(|warning| warning.ends_with("changed and saved nothing on c2: they stay as they are")),
        "{warned:?}"
    );
}
