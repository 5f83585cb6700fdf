//! A router that is met more than once in one run: each attempt is judged by itself.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::sync::Arc;

use super::tests::{answered, begun, open, sending};
use super::{Journal, RouterRun, RunLog};
use crate::message::Text;
use crate::record::{CauseRecord, Ending, FailureClass, Kind, Outcome, Readers};
use crate::state::State;

fn moved(state: State) -> Kind {
    Kind::Moved { state }
}

fn failed(code: &str) -> Kind {
    Kind::Failed {
        cause: CauseRecord { code: code.to_owned(), text: Text::default(), hints: Vec::new() },
        for_person: false,
    }
}

fn ended(state: State) -> Kind {
    Kind::Ended(Box::new(Ending::of(&Outcome::new("r1", "s", state))))
}

/// Written to, and undone with proof.
fn undone() -> Vec<Kind> {
    let written = [moved(State::Locked), moved(State::BackedUp), moved(State::Applying), sending(1), answered(1)];
    let back = [failed("session.lost"), moved(State::Undoing), moved(State::Undone), ended(State::Undone)];
    written.into_iter().chain(back).collect()
}

fn begin(journal: &Arc<Journal>) -> RunLog {
    RunLog::begin(Arc::clone(journal), &Readers::default(), begun()).unwrap()
}

fn record(log: &RunLog, kinds: impl IntoIterator<Item = Kind>) {
    let ledger = log.router_journal(&Readers::default(), "r1", "s", 1);
    kinds.into_iter().for_each(|kind| ledger.record(kind).unwrap());
    ledger.flush().unwrap();
}

fn part(log: &RunLog) -> RouterRun {
    log.journal().router_run(log.run().as_str(), "r1").unwrap()
}

#[test]
fn an_attempt_after_an_undone_one_that_finds_no_router_leaves_nothing_open() {
    let dir = tempfile::tempdir().unwrap();
    let log = begin(&open(&dir));
    record(&log, undone());
    record(&log, [failed("ssh.unreachable"), moved(State::Unreachable), ended(State::Unreachable)]);
    let last = part(&log);
    assert_eq!((last.state, last.wrote, last.is_unfinished()), (Some(State::Unreachable), false, false));
    assert_eq!(last.causes.len(), 1, "of the last attempt alone");
    assert!(log.journal().unfinished("r1").unwrap().is_none() && log.journal().open_router_runs().unwrap().is_empty());
    assert_eq!(log.journal().verify(None).unwrap().fault, None);
}

#[test]
fn an_attempt_after_an_undone_one_that_is_cut_off_while_it_writes_is_open_by_its_own_lines() {
    let dir = tempfile::tempdir().unwrap();
    let log = begin(&open(&dir));
    record(&log, undone());
    record(&log, [moved(State::Locked), moved(State::BackedUp)]);
    assert!(!part(&log).is_unfinished(), "it was only read so far");
    record(&log, [moved(State::Applying), sending(2)]);
    let last = part(&log);
    assert!(last.is_unfinished() && last.accepted.is_empty() && !last.undo_begun && !last.during_undo);
}

#[test]
fn what_could_not_be_written_down_is_said_behind_an_end_and_begins_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let log = begin(&open(&dir));
    record(&log, undone().into_iter().chain([failed("journal.incomplete")]));
    assert_eq!((part(&log).state, part(&log).wrote), (Some(State::Undone), true));
}

#[test]
fn a_router_that_is_left_while_it_is_read_is_not_lost_and_one_that_is_written_to_is() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    let log = begin(&journal);
    record(&log, [moved(State::Locked)]);
    log.abandon("r1").unwrap();
    assert_eq!(part(&log).state, Some(State::Locked));
    record(&log, [moved(State::BackedUp), moved(State::Applying), sending(1)]);
    log.abandon("r1").unwrap();
    assert_eq!(part(&log).state, Some(State::Lost));
    assert_eq!(journal.open_router_runs().unwrap().len(), 1);
    // A second attempt that has recorded nothing yet follows one that is proven.
    let another = begin(&journal);
    record(&another, undone());
    another.abandon("r1").unwrap();
    assert_eq!(part(&another).state, Some(State::Undone));
}

#[test]
fn the_end_of_a_run_that_went_on_is_that_of_each_router_which_it_had_left() {
    let dir = tempfile::tempdir().unwrap();
    let log = begin(&open(&dir));
    let cause = |code: &str| CauseRecord { code: code.to_owned(), text: Text::default(), hints: Vec::new() };
    let outcome = |state, code| Outcome { causes: vec![cause(code)], ..Outcome::new("r1", "s", state) };
    log.end(&Readers::default(), &[outcome(State::NotStarted, "run.not-started")], 3).unwrap();
    assert_eq!((part(&log).state, part(&log).failure_class), (Some(State::NotStarted), None));
    log.end(&Readers::default(), &[outcome(State::Unreachable, "ssh.unreachable")], 3).unwrap();
    assert_eq!(part(&log).state, Some(State::Unreachable));
    assert_eq!(part(&log).failure_class, Some(FailureClass::Unreachable));
}

#[test]
fn every_claim_on_a_router_is_higher_than_those_before_it_whatever_cut_them_off() {
    let dir = tempfile::tempdir().unwrap();
    let log = begin(&open(&dir));
    let (journal, run) = (log.journal(), log.run().as_str());
    let goes_on = || Kind::Continued { by: "sato".into(), machine: "desk".into(), routers: Vec::new(), policy: None };
    // Two attempts; the second is cut off while it reads.
    record(&log, [moved(State::Locked), moved(State::Unreachable), ended(State::Unreachable), moved(State::Locked)]);
    assert_eq!(journal.next_fence(&part(&log)).unwrap(), 3);
    // The run goes on with attempts 3 and 4; the last one is cut off while it writes.
    let again = || RunLog::of(Arc::clone(journal), run);
    let second = again();
    second.go_on(&Readers::default(), goes_on()).unwrap();
    assert_eq!((second.claimed("r1") + 1, second.claimed("r2")), (3, 0));
    record(&log, [moved(State::Locked), moved(State::Unreachable), ended(State::Unreachable), moved(State::Locked)]);
    record(&log, [moved(State::BackedUp), moved(State::Applying), sending(1)]);
    assert!(journal.next_fence(&part(&log)).unwrap() > 4);
    record(&log, [Kind::Resumed { by: "sato".to_owned(), machine: "desk".to_owned() }]);
    let resumed = journal.next_fence(&part(&log)).unwrap() - 1;
    assert!(resumed > 4);
    let third = again();
    third.go_on(&Readers::default(), goes_on()).unwrap();
    assert!(third.claimed("r1") + 1 > resumed);
}

#[test]
fn a_run_whose_claims_cannot_be_read_does_not_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let log = begin(&open(&dir));
    let unknown = RunLog::of(Arc::clone(log.journal()), "20200101-000000-aaaa");
    let continued = Kind::Continued { by: "sato".into(), machine: "desk".into(), routers: Vec::new(), policy: None };
    assert!(unknown.go_on(&Readers::default(), continued).is_err());
    let written = log.journal().records("20200101-000000-aaaa");
    assert!(written.map_or(true, |records| records.is_empty()), "nothing says that it went on");
}
