//! Results from records.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use serde_json::json;

use super::RunResult;
use crate::message::Text;
use crate::record::{Attempts, CauseRecord, CheckResult, Ending, Kind, Outcome, Place, Stored, Unverified};
use crate::state::{FailureClass, State, Verdict};

fn begun(places: &[&str]) -> Kind {
    let place = |router: &&str| Place { router: (*router).to_owned(), site: format!("site of {router}") };
    Kind::Begun {
        action: "apply".to_owned(),
        by: String::new(),
        machine: String::new(),
        version: String::new(),
        inventory: String::new(),
        source: String::new(),
        title: None,
        plan_sha256: Some("hash of the plan".to_owned()),
        routers: Vec::new(),
        places: places.iter().map(place).collect(),
        policy: None,
    }
}

/// Records of one run, each of a router; of the run where that is empty.
fn stored(records: Vec<(&str, Kind)>) -> Vec<Stored> {
    (1..)
        .zip(records)
        .map(|(number, (router, kind))| Stored {
            number,
            at_ms: 0,
            run: "run".to_owned(),
            router: router.to_owned(),
            record: Some(kind),
            hash: format!("hash {number}"),
        })
        .collect()
}

fn intended(commands: usize) -> Kind {
    let kept = json!({ "commands": vec!["x"; commands] });
    Kind::Intended { site: "s".to_owned(), kept, adopt: false, take_over: false }
}

fn failed(code: &str, for_person: bool) -> Kind {
    let cause = CauseRecord { code: code.to_owned(), text: Text::default(), hints: vec![Text::new("do it", "する")] };
    Kind::Failed { cause, for_person }
}

fn checked(number: usize, name: &str, passed: bool) -> Kind {
    let result = CheckResult {
        name: name.to_owned(),
        role: "r".to_owned(),
        title: Text::default(),
        passed: Some(passed),
        required: true,
        command: "show".to_owned(),
        unmet: Text::default(),
        recorded: false,
        answer: Some("what it said".to_owned()),
        host_key: None,
    };
    Kind::checked(number, &result)
}

fn ended(state: State) -> Kind {
    Kind::Ended(Box::new(Ending::of(&Outcome { sent: 1, planned: 2, ..Outcome::new("", "", state) })))
}

#[test]
fn routers_come_in_the_order_of_the_run_whichever_ended_first() {
    let records = stored(vec![
        ("", begun(&["r1", "r2", "r3"])),
        ("r3", ended(State::Undone)),
        ("r2", ended(State::Saved)),
        ("r1", ended(State::NotStarted)),
        ("", Kind::RunEnded { exit: 3 }),
    ]);
    let result = RunResult::of(&records);
    let routers: Vec<(&str, &str, State)> =
        result.routers.iter().map(|one| (one.router.as_str(), one.site.as_str(), one.state)).collect();
    assert_eq!(
        routers,
        [
            ("r1", "site of r1", State::NotStarted),
            ("r2", "site of r2", State::Saved),
            ("r3", "site of r3", State::Undone)
        ]
    );
    let said = serde_json::to_value(&result).unwrap();
    assert_eq!((&said["run"], &said["journal_head"]), (&json!("run"), &json!("hash 5")));
    assert_eq!((result.exit, said["plan_sha256"].as_str()), (Some(3), Some("hash of the plan")));
}

#[test]
fn only_the_last_inspection_counts_and_a_good_answer_is_left_out() {
    let records = stored(vec![
        ("r1", intended(2)),
        ("r1", checked(1, "a", false)),
        ("r1", checked(2, "b", false)),
        ("r1", checked(1, "a", true)),
        ("r1", checked(2, "b", false)),
    ]);
    let checks = RunResult::of(&records).routers.remove(0).checks;
    let seen: Vec<(&str, Option<&str>)> =
        checks.iter().map(|check| (check.name.as_str(), check.answer.as_deref())).collect();
    assert_eq!(seen, [("a", None), ("b", Some("what it said"))]);
}

#[test]
fn advice_ends_when_the_router_no_longer_needs_a_person() {
    let hint = |state| {
        let records = stored(vec![("r1", intended(1)), ("r1", failed("router.x", true)), ("r1", ended(state))]);
        RunResult::of(&records).routers.remove(0).causes.remove(0).hints.remove(0).en
    };
    assert_eq!(hint(State::UndoFailed), "do it");
    assert!(hint(State::Undone).starts_with("nothing to do"));
}

#[test]
fn of_several_attempts_the_last_one_counts_whole() {
    // Occupied, then saved: the second attempt begins with what is wanted.
    let tried = vec![("r1", intended(2)), ("r1", failed("session.occupied", true)), ("r1", ended(State::Occupied))];
    let again = vec![("r1", intended(2)), ("r1", ended(State::Saved))];
    let outcome = RunResult::of(&stored([tried.clone(), again].concat())).routers.remove(0);
    assert_eq!((outcome.state, outcome.causes), (State::Saved, Vec::new()));

    // Occupied, then unreachable: of that no record was made until the run ended.
    let cause = CauseRecord { code: "ssh.unreachable".to_owned(), text: Text::default(), hints: Vec::new() };
    let attempts = Attempts { count: 3, last_at: "2026-11-30T03:12:07.000Z".to_owned() };
    let last = Outcome { attempts: Some(attempts), causes: vec![cause], ..Outcome::new("r1", "s", State::Unreachable) };
    let ending = Kind::Ended(Box::new(Ending { causes: last.causes.clone(), ..Ending::of(&last) }));
    let outcome = RunResult::of(&stored([tried, vec![("r1", ending)]].concat())).routers.remove(0);
    assert_eq!((outcome.state, &outcome.causes, &outcome.attempts), (last.state, &last.causes, &last.attempts));
    let told = outcome.attempts.map(|attempts| attempts.text().en);
    assert_eq!(told.as_deref(), Some("tried 3 times, last at 2026-11-30T03:12:07.000Z"));
}

#[test]
fn of_two_ends_of_a_router_the_first_counts() {
    let cause = CauseRecord { code: "router.x".to_owned(), text: Text::default(), hints: Vec::new() };
    let late = Ending { causes: vec![cause], ..Ending::of(&Outcome::new("r1", "s", State::NotStarted)) };
    let records = stored(vec![("r1", intended(2)), ("r1", ended(State::Saved)), ("r1", Kind::Ended(Box::new(late)))]);
    let outcome = RunResult::of(&records).routers.remove(0);
    assert_eq!((outcome.state, outcome.causes), (State::Saved, Vec::new()));
}

#[test]
fn a_resume_replaces_the_earlier_judgement() {
    let unverified = Kind::Unverified { checks: Vec::new(), reason: "startup-not-shown".to_owned() };
    let resumed = Kind::Resumed { by: String::new(), machine: String::new() };
    let records = stored(vec![
        ("r1", intended(2)),
        ("r1", failed("router.lost", true)),
        ("r1", ended(State::Lost)),
        ("r1", resumed),
        ("r1", unverified),
        ("r1", ended(State::Saved)),
    ]);
    let outcome = RunResult::of(&records).routers.remove(0);
    assert_eq!((outcome.state, outcome.causes.len(), outcome.planned), (State::Saved, 0, 2));
    assert_eq!(outcome.unverified, Some(Unverified::StartupNotShown));
}

#[test]
fn a_saved_router_that_did_not_pass_its_checks_again_is_not_done() {
    let unverified = Kind::Unverified { checks: Vec::new(), reason: "failed-later".to_owned() };
    let records = stored(vec![
        ("r1", intended(2)),
        ("r1", ended(State::Saved)),
        ("r1", failed("check.failed-later", false)),
        ("r1", unverified),
        ("r1", ended(State::Saved)),
    ]);
    let outcome = RunResult::of(&records).routers.remove(0);
    assert_eq!((outcome.state, outcome.verdict()), (State::Saved, Verdict::NotDone));
    assert_eq!((outcome.unverified, outcome.causes.len()), (Some(Unverified::FailedLater), 1));
}

#[test]
fn a_line_that_is_not_open_yet_is_no_failure_and_hides_none() {
    let unverified = |reason: &str| ("r1", Kind::Unverified { checks: Vec::new(), reason: reason.to_owned() });
    let outcome = |reasons: &[&str]| {
        let mut records = vec![("r1", intended(2))];
        records.extend(reasons.iter().map(|reason| unverified(reason)));
        records.push(("r1", ended(State::Saved)));
        RunResult::of(&stored(records)).routers.remove(0)
    };
    let pending = outcome(&["line-pending: opens on Friday"]);
    assert_eq!(pending.unverified, Some(Unverified::LinePending("opens on Friday".to_owned())));
    assert_eq!((pending.verdict(), pending.failure_class()), (Verdict::NotDone, None));
    let unproven = outcome(&["line-pending: opens on Friday", "startup-not-shown"]);
    assert_eq!(unproven.failure_class(), Some(FailureClass::Unverified));
    assert_eq!(outcome(&["failed-before"]).failure_class(), Some(FailureClass::Unverified));
}

#[test]
fn a_run_that_did_not_end_says_how_far_it_came() {
    let records =
        stored(vec![("", begun(&["r1"])), ("r1", intended(3)), ("r1", Kind::Moved { state: State::Applying })]);
    let result = RunResult::of(&records);
    assert_eq!((result.exit, result.journalled.unwrap().journal_head), (None, None));
    assert_eq!((result.routers[0].state, result.routers[0].planned), (State::Applying, 3));
}

#[test]
fn a_record_of_a_later_version_is_skipped() {
    let mut records = stored(vec![("r1", intended(1)), ("r1", ended(State::Saved))]);
    records.insert(1, Stored { record: None, ..records[0].clone() });
    assert_eq!(RunResult::of(&records).routers[0].state, State::Saved);
}

#[test]
fn a_router_that_is_met_when_the_run_goes_on_has_the_end_that_it_comes_to_then() {
    let cause = |code: &str| CauseRecord { code: code.to_owned(), text: Text::default(), hints: Vec::new() };
    let end = |state, code: &str| {
        Kind::Ended(Box::new(Ending { causes: vec![cause(code)], ..Ending::of(&Outcome::new("r1", "s", state)) }))
    };
    let left = ("r1", end(State::NotStarted, "run.not-started"));
    let met = [
        // In a session, and without one.
        vec![
            ("r1", failed("ssh.unreachable", false)),
            ("r1", Kind::Moved { state: State::Unreachable }),
            ("r1", ended(State::Unreachable)),
        ],
        vec![("r1", end(State::Unreachable, "ssh.unreachable"))],
    ];
    for met in met {
        let outcome = RunResult::of(&stored([vec![left.clone()], met].concat())).routers.remove(0);
        let codes: Vec<&str> = outcome.causes.iter().map(|cause| cause.code.as_str()).collect();
        assert_eq!((outcome.state, codes.as_slice()), (State::Unreachable, ["ssh.unreachable"].as_slice()));
        assert!(outcome.failure_class().is_some());
    }
    // What could not be written down is said behind the end, and begins nothing.
    let records =
        stored(vec![("r1", intended(2)), ("r1", ended(State::Undone)), ("r1", failed("journal.incomplete", false))]);
    assert_eq!(RunResult::of(&records).routers.remove(0).state, State::Undone);
}
