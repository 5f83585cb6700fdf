//! The journal on a real file.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use super::{Fault, Journal, JournalError, JournalHooks, RunLog};
use crate::record::{Durability, Envelope, Kind, Reader, Readers, fixtures};
use crate::state::State;

pub(super) fn begun() -> Kind {
    fixtures::begun(["r1"])
}

pub(super) fn open(dir: &tempfile::TempDir) -> Arc<Journal> {
    Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap())
}

pub(super) fn sending(number: usize) -> Kind {
    Kind::Sending { number, total: 3, line: format!("line {number}"), undo: false }
}

pub(super) fn answered(number: usize) -> Kind {
    Kind::Answered { number, undo: false, accepted: true, text: String::new() }
}

/// A run that stopped after its second line.
pub(super) fn half_a_run(journal: &Arc<Journal>) -> String {
    let log = RunLog::begin(Arc::clone(journal), &Readers::default(), begun()).unwrap();
    let ledger = log.router_journal(&Readers::default(), "r1", "s", 1);
    ledger
        .record(Kind::Intended {
            site: "s".to_owned(),
            kept: serde_json::json!({"a": 1}),
            adopt: false,
            take_over: false,
        })
        .unwrap();
    assert!(ledger.seal("before", b"hostname old").unwrap().is_none());
    ledger.record(Kind::Moved { state: State::Applying }).unwrap();
    ledger.record(sending(1)).unwrap();
    ledger.record(answered(1)).unwrap();
    ledger.record(sending(2)).unwrap();
    log.run().as_str().to_owned()
}

#[test]
fn a_run_without_an_end_is_found_again_with_its_doubt() {
    let dir = tempfile::tempdir().unwrap();
    let run = half_a_run(&open(&dir));
    let journal = open(&dir);
    let part = journal.unfinished("r1").unwrap().unwrap();
    assert_eq!((part.run.as_str(), part.wrote), (run.as_str(), true));
    assert_eq!((part.accepted, part.in_doubt), (BTreeSet::from([1]), BTreeSet::from([2])));
    assert_eq!(journal.unseal(&run, "r1", "before").unwrap().as_slice(), b"hostname old");
    assert!(journal.unfinished("r2").unwrap().is_none());
    assert_eq!(journal.open_router_runs().unwrap().len(), 1);
    RunLog::of(Arc::clone(&journal), &run)
        .router_journal(&Readers::default(), "r1", "s", 1)
        .record(Kind::Moved { state: State::Undone })
        .unwrap();
    assert!(journal.unfinished("r1").unwrap().is_none());
    assert!(journal.open_router_runs().unwrap().is_empty());
    assert_eq!(journal.history("r1").unwrap().len(), 1);
}

#[test]
fn edits_gaps_and_truncation_show() {
    let dir = tempfile::tempdir().unwrap();
    half_a_run(&open(&dir));
    let journal = open(&dir);
    let good = journal.verify(None).unwrap();
    assert_eq!((good.fault.clone(), good.records), (None, 7));
    assert_eq!(journal.head().unwrap(), good.head);
    assert_eq!(journal.verify(Some(&good.head)).unwrap().fault, None);
    drop(journal);
    let spoil = |sql: &str| {
        let copy = tempfile::tempdir().unwrap();
        let path = copy.path().join("journal.sqlite");
        std::fs::copy(dir.path().join("journal.sqlite"), &path).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("DROP TRIGGER record_is_final; DROP TRIGGER record_stays;").unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        let journal = open(&copy);
        (journal.verify(None).unwrap().fault, journal.verify(Some(&good.head)).unwrap().fault)
    };
    let edited = spoil("UPDATE record SET body = replace(body, 'line 1', 'line 9') WHERE kind = 'sending'");
    assert_eq!(edited.0, Some(Fault::Edited { number: 5 }));
    assert_eq!(spoil("UPDATE record SET at_ms = at_ms + 1 WHERE number = 2").0, Some(Fault::Edited { number: 2 }));
    assert_eq!(spoil("DELETE FROM record WHERE number = 3").0, Some(Fault::Gap { missing: 3 }));
    // Only a head that was noted elsewhere shows a cut end.
    let cut = spoil("DELETE FROM record WHERE number = 7");
    assert_eq!(cut, (None, Some(Fault::HeadUnknown { head: good.head.clone() })));
    let sealed = spoil("UPDATE sealed SET bytes = zeroblob(40)").0;
    assert!(matches!(sealed, Some(Fault::Sealed { .. })), "{sealed:?}");
}

#[test]
fn records_cannot_be_changed_by_accident() {
    let dir = tempfile::tempdir().unwrap();
    half_a_run(&open(&dir));
    let connection = Connection::open(dir.path().join("journal.sqlite")).unwrap();
    assert!(connection.execute("UPDATE record SET run = 'x'", []).is_err());
    assert!(connection.execute("DELETE FROM record", []).is_err());
}

#[test]
fn a_later_form_is_refused_and_a_file_that_is_none_too() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(&dir));
    let path = dir.path().join("journal.sqlite");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let newer = Journal::open(dir.path(), Arc::new(())).err().unwrap();
    assert!(matches!(newer, JournalError::Newer { found: 99, .. }), "{newer}");
    std::fs::write(&path, "this is no journal, and long enough to be read as a header of a database file").unwrap();
    assert!(matches!(Journal::open(dir.path(), Arc::new(())), Err(JournalError::Damaged { .. })));
}

#[test]
fn a_journal_that_was_emptied_or_taken_away_is_not_taken_for_a_new_one() {
    // To SQLite a file of one byte is an empty one on Unix alone; on Windows it is a damaged one.
    let one_byte = cfg!(unix).then_some(Some("\n"));
    for left in [None, Some("")].into_iter().chain(one_byte) {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        half_a_run(&journal);
        journal.seal("run", "r1", "backup", b"hostname r1").unwrap();
        drop(journal);
        let path = dir.path().join("journal.sqlite");
        std::fs::remove_file(&path).unwrap();
        if let Some(left) = left {
            std::fs::write(&path, left).unwrap();
            #[cfg(unix)]
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        }
        for again in ["once", "and again"] {
            let refused = Journal::open(dir.path(), Arc::new(())).err();
            assert!(matches!(refused, Some(JournalError::Emptied { .. })), "{left:?} {again}: {refused:?}");
        }
        // Where no run had anything to seal there is nothing to miss.
        std::fs::remove_file(dir.path().join("journal.key")).unwrap();
        drop(open(&dir));
    }
}

#[test]
fn a_clock_that_goes_back_changes_no_order() {
    let dir = tempfile::tempdir().unwrap();
    let run = half_a_run(&open(&dir));
    let journal = open(&dir);
    let before: Vec<i64> = journal.records(&run).unwrap().iter().map(|stored| stored.number).collect();
    assert_eq!(before, (1..=7).collect::<Vec<_>>());
    // The next record, by a clock that was set back by a year, still comes after them.
    let record = Kind::Moved { state: State::Lost };
    let past = std::time::SystemTime::now() - std::time::Duration::from_secs(365 * 86_400);
    journal
        .append(&[super::append::Entry { at: past, run: &run, router: "r1", record: &record, sealed: None }])
        .unwrap();
    assert_eq!(journal.router_run(&run, "r1").unwrap().state, Some(State::Lost));
    assert_eq!(journal.verify(None).unwrap().fault, None);
}

/// A disk that fails from a certain write on.
struct FullFrom(usize, AtomicUsize);

impl JournalHooks for FullFrom {
    fn before_write(&self) -> std::io::Result<()> {
        if self.1.fetch_add(1, Ordering::SeqCst) < self.0 {
            return Ok(());
        }
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    }
}

#[test]
fn what_could_not_be_written_waits_for_the_next_write() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(dir.path(), Arc::new(FullFrom(1, AtomicUsize::new(0)))).unwrap());
    let log = RunLog::begin(Arc::clone(&journal), &Readers::default(), begun()).unwrap();
    let error = log.router_journal(&Readers::default(), "r1", "s", 1).record(sending(1)).unwrap_err();
    assert!(matches!(error, JournalError::Write { full: true, .. }));
    assert_eq!(open(&dir).verify(None).unwrap().records, 1);
}

#[test]
fn two_processes_write_one_chain() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(&dir));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let journal = open(&dir);
                let ledger = RunLog::begin(Arc::clone(&journal), &Readers::default(), begun()).unwrap().router_journal(
                    &Readers::default(),
                    "r1",
                    "s",
                    1,
                );
                for number in 1..=10 {
                    ledger.record(sending(number)).unwrap();
                }
            });
        }
    });
    let verified = open(&dir).verify(None).unwrap();
    assert_eq!((verified.fault, verified.records), (None, 44));
}

#[test]
fn a_save_without_a_line_before_it_is_a_doubt_too() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    // Nothing but someone's unsaved changes was to be saved, and the process died.
    let log = RunLog::begin(Arc::clone(&journal), &Readers::default(), begun()).unwrap();
    let ledger = log.router_journal(&Readers::default(), "r1", "s", 1);
    ledger
        .record(Kind::Intended { site: "s".to_owned(), kept: serde_json::json!({}), adopt: false, take_over: false })
        .unwrap();
    ledger.record(Kind::Saving).unwrap();
    assert_eq!(journal.unfinished("r1").unwrap().unwrap().run, log.run().as_str());
    assert_eq!(journal.open_router_runs().unwrap().len(), 1);
}

#[test]
fn a_save_is_in_doubt_until_its_end_is_recorded_or_the_router_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    let run = half_a_run(&journal);
    let ledger = RunLog::of(Arc::clone(&journal), &run).router_journal(&Readers::default(), "r1", "s", 1);
    let saving = |record: Kind| {
        ledger.record(record).unwrap();
        journal.router_run(&run, "r1").unwrap().saving
    };
    let lost = || Kind::Moved { state: State::Lost };
    assert!(saving(Kind::Saving));
    assert!(!saving(lost()), "who gave up on it said so");
    assert!(saving(Kind::Saving) && saving(Kind::Abandoned) && saving(lost()), "no one looked");
    assert!(!saving(Kind::Resumed { by: "tanaka".to_owned(), machine: "laptop".to_owned() }));
}

#[test]
fn secrets_in_advice_and_in_the_last_verified_text_stay_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    let ledger = |run: &str| RunLog::of(Arc::clone(&journal), run).router_journal(&Readers::default(), "r1", "s", 1);
    let (saved, mixed) = (half_a_run(&journal), half_a_run(&journal));
    ledger(&saved).seal("after", b"hostname verified").unwrap();
    ledger(&saved).record(Kind::Moved { state: State::Saved }).unwrap();
    ledger(&mixed).record(Kind::Moved { state: State::Mixed }).unwrap();
    // A run that was refused before its first line took the newest backup, and decided nothing.
    let refused = RunLog::begin(Arc::clone(&journal), &Readers::default(), begun()).unwrap();
    refused.router_journal(&Readers::default(), "r1", "s", 1).seal("before", b"hostname colleague").unwrap();
    refused.router_journal(&Readers::default(), "r1", "s", 1).record(Kind::Moved { state: State::Drifted }).unwrap();
    journal.prune(Duration::ZERO).unwrap();
    assert!(journal.unseal(&mixed, "r1", "before").is_ok(), "`resume` of it is still possible");
    assert_eq!(journal.unseal(&saved, "r1", "after").unwrap().as_slice(), b"hostname verified");
    assert!(journal.unseal(refused.run().as_str(), "r1", "before").is_ok());
}

#[test]
fn old_backups_go_and_the_chain_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    let end = |run: &str, state| {
        RunLog::of(Arc::clone(&journal), run)
            .router_journal(&Readers::default(), "r1", "s", 1)
            .record(Kind::Moved { state })
            .unwrap();
    };
    let (first, open_end, last) = (half_a_run(&journal), half_a_run(&journal), half_a_run(&journal));
    end(&first, State::Undone);
    end(&last, State::Saved);
    assert_eq!(journal.prune(Duration::from_secs(3600)).unwrap().count, 0, "nothing is so old");
    let pruned = journal.prune(Duration::ZERO).unwrap();
    assert_eq!(pruned.count, 1);
    assert!(journal.unseal(&first, "r1", "before").is_err());
    for kept in [&open_end, &last] {
        assert_eq!(journal.unseal(kept, "r1", "before").unwrap().as_slice(), b"hostname old");
    }
    assert_eq!(journal.verify(None).unwrap().fault, None);
    // What goes without a record is found out.
    let file = Connection::open(journal.path()).unwrap();
    file.execute("DELETE FROM sealed WHERE run = ?1", [&last]).unwrap();
    assert!(matches!(journal.verify(None).unwrap().fault, Some(Fault::Sealed { .. })));
}

#[test]
fn what_is_written_ahead_is_in_the_file_when_the_first_reader_sees_it() {
    /// Looks into the file whenever it is shown what is about to be done.
    struct Looks {
        journal: Arc<Journal>,
        seen: AtomicUsize,
    }
    impl Reader for Looks {
        fn read(&self, envelope: &Envelope) {
            if envelope.kind.durability() == Durability::WriteAhead {
                let run = envelope.run.as_ref().unwrap();
                let kept = self.journal.records(run.as_str()).unwrap();
                assert!(kept.iter().any(|stored| stored.record.as_ref() == Some(&envelope.kind)), "{envelope:?}");
                self.seen.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    let looks = Arc::new(Looks { journal: open(&dir), seen: AtomicUsize::new(0) });
    let readers = Readers::new(vec![Box::new(Arc::clone(&looks))]);
    let log = RunLog::begin(Arc::clone(&journal), &readers, begun()).unwrap();
    let recorder = log.router_journal(&readers, "r1", "s", 1);
    recorder.record(sending(1)).unwrap();
    recorder.record_together([sending(2), sending(3)]).unwrap();
    recorder.record(Kind::Saving).unwrap();
    assert_eq!(looks.seen.load(Ordering::SeqCst), 5);
}
