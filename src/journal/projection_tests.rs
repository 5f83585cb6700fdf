//! Many sessions on one journal: shared syncs, and lists that come from the projection.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, OnceLock};
use std::thread;

use rusqlite::Connection;
use tempfile::TempDir;

use super::tests::{answered, begun, half_a_run, open, sending};
use super::{Fault, Journal, JournalHooks, RunLog};
use crate::message::Explain;
use crate::record::{Kind, Readers};
use crate::state::State;

const SESSIONS: usize = 8;

/// Counts syncs; holds the second one until every session waits for the third.
#[derive(Default)]
struct Crowded {
    journal: OnceLock<Arc<Journal>>,
    syncs: AtomicUsize,
    told: AtomicUsize,
    told_too_early: AtomicUsize,
}

impl JournalHooks for Crowded {
    fn before_write(&self) -> std::io::Result<()> {
        let sync = self.syncs.fetch_add(1, Ordering::SeqCst) + 1;
        if sync == 2 {
            while self.journal.get().unwrap().waiting() < SESSIONS {
                thread::yield_now();
            }
        }
        // None of those that wait for the third sync may be told anything yet.
        if sync == 3 {
            self.told_too_early.store(self.told.load(Ordering::SeqCst), Ordering::SeqCst);
        }
        Ok(())
    }
}

#[test]
fn many_that_open_a_new_journal_at_once_wait_for_each_other() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let together = Barrier::new(SESSIONS);
        thread::scope(|scope| {
            for _ in 0..SESSIONS {
                scope.spawn(|| {
                    together.wait();
                    open(&dir)
                });
            }
        });
        half_a_run(&open(&dir));
        assert!(open(&dir).verify(None).unwrap().fault.is_none());
    }
}

#[test]
fn many_sessions_share_one_sync_and_none_is_told_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let hooks = Arc::new(Crowded::default());
    let journal = Arc::new(Journal::open(dir.path(), Arc::clone(&hooks) as _).unwrap());
    assert!(hooks.journal.set(Arc::clone(&journal)).is_ok());
    let log = RunLog::begin(Arc::clone(&journal), &Readers::default(), begun()).unwrap();
    thread::scope(|scope| {
        let log = &log;
        scope.spawn(move || log.router_journal(&Readers::default(), "first", "s", 1).record(sending(1)).unwrap());
        while hooks.syncs.load(Ordering::SeqCst) < 2 {
            thread::yield_now();
        }
        for session in 0..SESSIONS {
            let hooks = &hooks;
            scope.spawn(move || {
                log.router_journal(&Readers::default(), &format!("r{session}"), "s", 1).record(sending(1)).unwrap();
                hooks.told.fetch_add(1, Ordering::SeqCst);
            });
        }
    });
    assert_eq!(hooks.syncs.load(Ordering::SeqCst), 3, "one for the run, one for the first, one for all others");
    assert_eq!(hooks.told_too_early.load(Ordering::SeqCst), 0);
    let verified = journal.verify(None).unwrap();
    assert_eq!((verified.fault, verified.records), (None, 2 + i64::try_from(SESSIONS).unwrap()));
}

/// Three runs of three routers: one saved, one undone, one left open on its first router.
pub(super) fn three_runs(journal: &Arc<Journal>) -> Vec<String> {
    let ends = [[State::Saved; 3], [State::Undone; 3], [State::Applying, State::Saved, State::Undone]];
    let runs = ends.iter().map(|ends| {
        let log = RunLog::begin(Arc::clone(journal), &Readers::default(), begun()).unwrap();
        for (router, end) in ["r1", "r2", "r3"].iter().zip(ends) {
            let ledger = log.router_journal(&Readers::default(), router, "s", 1);
            let kept = serde_json::json!({ "commands": ["a", "b"] });
            ledger.record(Kind::Intended { site: "s".to_owned(), kept, adopt: false, take_over: false }).unwrap();
            ledger.record(Kind::Moved { state: State::Applying }).unwrap();
            ledger.record(sending(1)).unwrap();
            ledger.record(answered(1)).unwrap();
            ledger.record(Kind::Moved { state: *end }).unwrap();
        }
        log.run().as_str().to_owned()
    });
    runs.collect()
}

/// Everything that lists say.
pub(super) fn lists(journal: &Journal) -> String {
    let histories: Vec<_> = ["r1", "r2", "r3"].iter().map(|router| journal.history(router).unwrap()).collect();
    format!("{histories:#?}\n{:#?}", journal.runs(10).unwrap())
}

/// A change to the file by another program.
fn altered(dir: &TempDir, sql: &str) {
    let connection = Connection::open(dir.path().join("journal.sqlite")).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn lists_of_runs_and_routers_do_not_read_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let runs = three_runs(&open(&dir));
    let journal = open(&dir);
    let before = lists(&journal);
    let listed = journal.runs(2).unwrap();
    assert_eq!(listed.iter().map(|one| one.run.run.as_str()).collect::<Vec<_>>(), [runs[2].as_str(), &runs[1]]);
    assert_eq!(journal.open_router_runs().unwrap().len(), 1);
    let ends: Vec<_> = listed[1].ends.iter().map(|end| (end.state, end.routers)).collect();
    assert_eq!(ends, [(Some(State::Undone), 3)]);
    assert_eq!(journal.history("r2").unwrap().len(), 3);
    let open_part = &journal.open_router_runs().unwrap()[0];
    assert_eq!((open_part.run.as_str(), open_part.router.as_str()), (runs[2].as_str(), "r1"));
    // Without every record but the last and those of the open part all of it is still known.
    drop(journal);
    let gone = format!(
        "DROP TRIGGER record_stays; DELETE FROM record WHERE number < (SELECT MAX(number) FROM record)
         AND NOT (run = '{}' AND router = 'r1');",
        runs[2]
    );
    altered(&dir, &gone);
    let journal = open(&dir);
    assert_eq!(lists(&journal), before);
    assert_eq!(journal.open_router_runs().unwrap().len(), 1);
    assert!(journal.unfinished("r1").unwrap().is_some() && journal.unfinished("r2").unwrap().is_none());
}

#[test]
fn a_projection_that_is_missing_behind_or_of_another_version_is_made_anew() {
    for spoiled in [
        "DELETE FROM projection",
        "UPDATE projection SET version = version + 1",
        "UPDATE projection SET version = 0; DROP TABLE run_state; DROP TABLE router_state; CREATE TABLE router_state (x)",
        "UPDATE projection SET number = number - 1; DELETE FROM router_state",
        "UPDATE projection SET head = 'another'; UPDATE router_state SET body = '{}'",
        // A file of the form before.
        "DROP TABLE projection; DROP TABLE run_state; DROP TABLE router_state; PRAGMA user_version = 1",
    ] {
        let dir = tempfile::tempdir().unwrap();
        three_runs(&open(&dir));
        let before = lists(&open(&dir));
        altered(&dir, spoiled);
        let journal = open(&dir);
        assert_eq!(lists(&journal), before, "{spoiled}");
        assert_eq!(journal.verify(None).unwrap().fault, None, "{spoiled}");
    }
}

#[test]
fn what_is_behind_or_unreadable_when_something_is_written_is_made_anew_with_it() {
    for spoiled in
        ["DELETE FROM projection; DELETE FROM router_state", "UPDATE router_state SET body = 'x' WHERE router = 'r1'"]
    {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let runs = three_runs(&journal);
        // By another program while we have it open.
        altered(&dir, spoiled);
        RunLog::of(Arc::clone(&journal), &runs[2])
            .router_journal(&Readers::default(), "r1", "s", 1)
            .record(Kind::Moved { state: State::Undone })
            .unwrap();
        assert!(journal.open_router_runs().unwrap().is_empty(), "{spoiled}");
        assert_eq!(journal.verify(None).unwrap().fault, None, "{spoiled}");
    }
}

#[test]
fn what_is_open_is_not_taken_from_a_projection_that_another_program_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    three_runs(&journal);
    let places =
        || journal.open_router_runs().unwrap().into_iter().map(|part| (part.run, part.router)).collect::<Vec<_>>();
    let open_before = places();
    assert!(open_before.iter().any(|(_, router)| router == "r1"), "{open_before:?}");
    // As a program that knows no projection leaves it: the mark is that of an earlier record.
    altered(&dir, "DELETE FROM router_state; UPDATE projection SET number = number - 1");
    assert!(journal.unfinished("r1").unwrap().is_some());
    altered(&dir, "DELETE FROM router_state; UPDATE projection SET number = number - 1");
    assert_eq!(places(), open_before);
}

#[test]
fn a_projection_that_is_not_what_the_records_say_is_found_and_made_anew() {
    for (spoiled, concerns) in [
        (
            "UPDATE router_state SET body = replace(body, '\"accepted\":[[1,1]]', '\"accepted\":[]') WHERE router = 'r2'",
            "r2",
        ),
        ("UPDATE router_state SET is_open = 0 WHERE router = 'r1'", "r1"),
        ("UPDATE router_state SET state = 'saved' WHERE state = 'undone' AND router = 'r1'", "r1"),
        ("DELETE FROM router_state WHERE router = 'r3'", "r3"),
        ("UPDATE run_state SET body = replace(body, 'tanaka', 'sato')", ""),
        ("INSERT INTO run_state VALUES ('20200101-000000-zzzz', NULL, '{}')", ""),
    ] {
        let dir = tempfile::tempdir().unwrap();
        three_runs(&open(&dir));
        let before = lists(&open(&dir));
        altered(&dir, spoiled);
        let journal = open(&dir);
        let fault = journal.verify(None).unwrap().fault;
        assert!(matches!(&fault, Some(Fault::Projection { router, .. }) if router == concerns), "{spoiled}: {fault:?}");
        assert_eq!(journal.verify(None).unwrap().fault, None, "{spoiled}: it was made anew");
        assert_eq!(lists(&journal), before, "{spoiled}");
    }
}

thread_local! {
    /// Another process, in the middle of rebuilding the projection.
    static OTHER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// While we wait for the file, the other process ends what it does.
fn other_ends(_: i32) -> bool {
    let other = OTHER.with(|other| other.borrow_mut().take());
    other.is_some_and(|other| other.execute_batch("COMMIT").is_ok())
}

#[test]
fn a_projection_that_another_process_made_anew_meanwhile_is_not_made_once_more() {
    let dir = tempfile::tempdir().unwrap();
    three_runs(&open(&dir));
    let path = dir.path().join("journal.sqlite");
    let mark: (i64, i64, String) = Connection::open(&path)
        .unwrap()
        .query_row("SELECT version, number, head FROM projection", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    altered(&dir, "DELETE FROM projection");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO run_state VALUES ('made by the other', NULL, '{}')").unwrap();
    other.execute("INSERT INTO projection VALUES (1, ?1, ?2, ?3)", (&mark.0, &mark.1, &mark.2)).unwrap();
    OTHER.with(|slot| *slot.borrow_mut() = Some(other));
    let mut own = Connection::open(&path).unwrap();
    own.busy_handler(Some(other_ends)).unwrap();
    super::projection::refresh(&mut own).unwrap();
    assert!(OTHER.with(|slot| slot.borrow().is_none()), "we waited for it");
    let kept = own.prepare("SELECT 1 FROM run_state WHERE run = 'made by the other'").unwrap().exists([]).unwrap();
    assert!(kept, "what the other process made is used");
}

/// A full disk.
struct Full;

impl JournalHooks for Full {
    fn before_write(&self) -> std::io::Result<()> {
        Err(std::io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn on_a_full_disk_a_journal_of_the_form_before_says_what_helps_and_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    copy_captured(&dir);
    let refused = Journal::open(dir.path(), Arc::new(Full)).err().unwrap();
    assert_eq!(refused.code(), "journal.disk-full");
    assert!(refused.hints()[0].en.contains("free some space"), "{:?}", refused.hints());
    let copy = Journal::open_copy(dir.path()).unwrap();
    let open_runs = copy.open_router_runs().unwrap();
    assert_eq!(open_runs.iter().map(|part| part.router.as_str()).collect::<Vec<_>>(), ["r3"]);
    assert!(copy.unseal(&open_runs[0].run, "r3", "before").is_ok());
    drop(copy);
    assert_eq!(form_of(&dir), 1, "nothing was changed");
    // With room again it is what it was.
    assert_eq!(open(&dir).open_router_runs().unwrap().len(), 1);
    assert_eq!(form_of(&dir), 2);
}

#[cfg(unix)]
#[test]
fn a_journal_that_a_full_disk_keeps_from_being_opened_says_that_the_disk_is_full() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(&dir));
    // What SQLite shares between processes cannot be made beside it.
    std::os::unix::fs::symlink("nowhere", dir.path().join("journal.sqlite-shm")).unwrap();
    let code = |disk: Arc<dyn JournalHooks>| Journal::open(dir.path(), disk).err().unwrap().code();
    assert_eq!((code(Arc::new(Full)), code(Arc::new(()))), ("journal.disk-full", "journal.open"));
}

fn form_of(dir: &TempDir) -> u32 {
    let connection = Connection::open(dir.path().join("journal.sqlite")).unwrap();
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[test]
fn recovery_follows_the_records_and_not_the_projection() {
    let dir = tempfile::tempdir().unwrap();
    let run = half_a_run(&open(&dir));
    altered(&dir, "UPDATE router_state SET body = replace(body, '\"accepted\":[[1,1]]', '\"accepted\":[[1,9]]')");
    let journal = open(&dir);
    assert_eq!(journal.history("r1").unwrap()[0].1.accepted.len(), 9, "it was not altered");
    let accepted = |part: super::RouterRun| part.accepted.into_iter().collect::<Vec<_>>();
    assert_eq!(accepted(journal.open_router_runs().unwrap().remove(0)), [1]);
    assert_eq!(accepted(journal.unfinished("r1").unwrap().unwrap()), [1]);
    assert_eq!(accepted(journal.router_run(&run, "r1").unwrap()), [1]);
}

/// A journal of 0.1.0, with an open run.
fn copy_captured(dir: &TempDir) {
    for name in ["journal.sqlite", "journal.sqlite-wal", "journal.key"] {
        let mut file = crate::private::create_new(&dir.path().join(name), crate::private::Access::Owner).unwrap();
        std::io::copy(&mut std::fs::File::open(captured().join(name)).unwrap(), &mut file).unwrap();
    }
}

fn captured() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/journal-form-1/three-routers")
}

#[test]
fn a_run_is_listed_although_a_router_has_come_to_no_state_yet() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    let log = RunLog::begin(Arc::clone(&journal), &Readers::default(), begun()).unwrap();
    let intended = Kind::Intended {
        site: "s".to_owned(),
        kept: serde_json::json!({ "commands": [] }),
        adopt: false,
        take_over: false,
    };
    log.router_journal(&Readers::default(), "r1", "s", 1).record(intended).unwrap();
    let ends = journal.listing(log.run().as_str()).unwrap().ends;
    assert_eq!(
        ends.iter().map(|end| (end.state, end.as_declared, end.routers)).collect::<Vec<_>>(),
        [(None, false, 1)]
    );
}

#[test]
fn a_journal_of_the_form_before_is_read_with_its_open_run() {
    let dir = tempfile::tempdir().unwrap();
    copy_captured(&dir);
    let journal = open(&dir);
    assert_eq!(journal.verify(None).unwrap().fault, None);
    let runs = journal.runs(10).unwrap();
    assert_eq!(
        runs.iter().map(|one| (one.run.action.as_str(), one.run.exit)).collect::<Vec<_>>(),
        [("apply", None), ("undo", Some(0)), ("apply", Some(3))]
    );
    let states = |router: &str| -> Vec<Option<State>> {
        journal.history(router).unwrap().into_iter().map(|(_, part)| part.state).collect()
    };
    assert_eq!(states("a3"), [Some(State::Saved); 3]);
    assert_eq!(states("b3"), [Some(State::Undone), Some(State::Saved)]);
    assert_eq!(states("r3"), [Some(State::Saved), Some(State::Applying)]);
    let open_router_runs = journal.open_router_runs().unwrap();
    assert_eq!(open_router_runs.iter().map(|part| part.router.as_str()).collect::<Vec<_>>(), ["r3"]);
    assert_eq!((open_router_runs[0].in_doubt.len(), open_router_runs[0].planned()), (1, 2));
    assert!(open_router_runs[0].kept.is_object());
    let saved = journal.saved_router_runs("a3").unwrap();
    assert_eq!(saved.iter().filter(|part| journal.plan_of(part).unwrap().is_object()).count(), 3);
    assert!(journal.unseal(&open_router_runs[0].run, "r3", "before").is_ok());
}
