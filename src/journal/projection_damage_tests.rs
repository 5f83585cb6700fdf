//! Damaged tables of the projection: rebuilt from the records, and no record waits for that.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed test is the point")]

use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;

use super::projection_tests::{lists, three_runs};
use super::tests::{begun, open};
use super::{Fault, RunLog};
use crate::record::{Ending, Kind, Outcome, Readers};
use crate::state::State;

/// What is done to the tables of the projection while its mark says that it belongs to the last record.
const DAMAGES: [&str; 4] = [
    "DROP TABLE router_state",
    "DROP TABLE run_state; CREATE TABLE run_state (x)",
    "DROP TABLE projection",
    "ALTER TABLE router_state DROP COLUMN body",
];

/// Damages as much of it as is whole.
fn damaged(dir: &TempDir, damage: &str) {
    let _ = Connection::open(dir.path().join("journal.sqlite")).unwrap().execute_batch(damage);
}

#[test]
fn no_record_waits_for_damaged_tables_of_the_projection_to_be_repaired() {
    for damage in DAMAGES {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = open(&dir);
        let runs = three_runs(&journal);
        // While it is open, and where it is opened afterwards.
        for state in [State::Undoing, State::Undone] {
            damaged(&dir, damage);
            RunLog::of(Arc::clone(&journal), &runs[2])
                .router_journal(&Readers::default(), "r1", "s", 1)
                .record(Kind::Moved { state })
                .unwrap_or_else(|error| panic!("{damage}: {error}"));
            assert_eq!(journal.open_router_runs().unwrap().len(), usize::from(state == State::Undoing), "{damage}");
            assert_eq!(journal.verify(None).unwrap().fault, None, "{damage}");
            damaged(&dir, damage);
            journal = open(&dir);
        }
    }
}

#[test]
fn lists_of_damaged_tables_are_made_anew_when_they_are_asked_for() {
    for damage in DAMAGES {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let runs = three_runs(&journal);
        let before = lists(&journal);
        damaged(&dir, damage);
        assert_eq!(lists(&journal), before, "{damage}");
        damaged(&dir, damage);
        assert_eq!(journal.ended_routers(&runs[0]).unwrap().len(), 0, "{damage}");
        damaged(&dir, damage);
        assert_eq!(journal.open_router_runs().unwrap().len(), 1, "{damage}");
        damaged(&dir, damage);
        let fault = journal.verify(None).unwrap().fault;
        assert!(matches!(fault, Some(Fault::Projection { .. })), "{damage}: {fault:?}");
        assert_eq!((journal.verify(None).unwrap().fault, lists(&journal)), (None, before), "{damage}: made anew");
    }
}

/// Overwrites the page that a table of the projection begins on.
fn overwrite_page(dir: &TempDir, table: &str) {
    let file = dir.path().join("journal.sqlite");
    let connection = Connection::open(&file).unwrap();
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let root = number(&format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"));
    let size = number("SELECT page_size FROM pragma_page_size()");
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[usize::try_from((root - 1) * size).unwrap()..usize::try_from(root * size).unwrap()].fill(0xff);
    std::fs::write(&file, bytes).unwrap();
}

#[test]
fn tables_whose_pages_are_damaged_are_made_anew_too() {
    for table in ["router_state", "run_state", "router_state_by_router", "projection"] {
        let dir = tempfile::tempdir().unwrap();
        let runs = three_runs(&open(&dir));
        let before = lists(&open(&dir));
        overwrite_page(&dir, table);
        assert_eq!(lists(&open(&dir)), before, "{table}: read");
        overwrite_page(&dir, table);
        let journal = open(&dir);
        RunLog::of(Arc::clone(&journal), &runs[2])
            .router_journal(&Readers::default(), "r1", "s", 1)
            .record(Kind::Abandoned)
            .unwrap_or_else(|error| panic!("{table}: {error}"));
        assert_eq!(journal.runs(10).unwrap().len(), 3, "{table}: written");
        drop(journal);
        assert_eq!(open(&dir).verify(None).unwrap().fault, None, "{table}: it stays so");
    }
}

#[test]
fn a_run_whose_projection_was_damaged_ends_each_router_once() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir);
    let log = RunLog::begin(Arc::clone(&journal), &Readers::default(), begun()).unwrap();
    let outcome = Outcome::new("r1", "s", State::Saved);
    let ended = Kind::Ended(Box::new(Ending::of(&outcome)));
    log.router_journal(&Readers::default(), "r1", "s", 1).record(ended).unwrap();
    damaged(&dir, "DROP TABLE router_state");
    log.end(&Readers::default(), &[outcome], 0).unwrap();
    let records = journal.records(log.run().as_str()).unwrap();
    assert_eq!(records.iter().filter(|one| matches!(one.record, Some(Kind::Ended(_)))).count(), 1);
    assert_eq!(journal.verify(None).unwrap().fault, None);
}
