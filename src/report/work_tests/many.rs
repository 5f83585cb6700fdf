//! The record of many routers, whose records are read one router after the other: it says what one says that held them all, and the rows
//! that are kept of each are enough for every form but that for programs.

use std::convert::Infallible;

use super::formats::formats;
use super::{PLAIN, Records, Typed, answered, begun, checked, ended, sent};
use crate::record::{Kind, Outcome, Stored};
use crate::report::WorkRecord;
use crate::report::work::Depth;
use crate::run::Evidence;
use crate::state::State;

/// A run over thirty routers: a third is saved, a third undone, a third lost.
fn run() -> Evidence {
    let mut records = Records::default();
    records.add("", begun(&PLAIN));
    for number in 0..30 {
        let (router, site) = (format!("r{number}"), format!("s{}", number / 2));
        let typed = Typed { router: &router, site: &site, ..PLAIN };
        let state = [State::Saved, State::Undone, State::Lost][number % 3];
        sent(&mut records, &typed);
        let is_saved = state == State::Saved;
        let mut check = checked(&typed);
        if let Kind::Checked { passed, .. } = &mut check {
            *passed = Some(is_saved);
        }
        let outcome = Outcome { sent: 1, planned: 1, ..Outcome::new(&router, &site, state) };
        records
            .add(&router, answered(is_saved, false, ""))
            .add(&router, check)
            .add(&router, Kind::Moved { state })
            .add(&router, ended(&outcome));
    }
    records.add("", Kind::RunEnded { exit: 4 });
    records.evidence()
}

/// The record of the same run, read router by router.
fn read(evidence: &Evidence, depth: Depth) -> WorkRecord {
    let (own, of_routers): (Vec<Stored>, Vec<Stored>) =
        evidence.records.iter().cloned().partition(|stored| stored.router.is_empty());
    let many = Evidence {
        run: evidence.run.clone(),
        records: own,
        read_until: Some(i64::MAX),
        result: evidence.result.clone(),
        ..Evidence::default()
    };
    let read = |router: &str| {
        Ok::<_, Infallible>(of_routers.iter().filter(|stored| stored.router == router).cloned().collect())
    };
    let Ok(record) = WorkRecord::of_many(&many, depth, read);
    record
}

#[test]
fn a_record_that_is_read_router_by_router_says_the_same() {
    let evidence = run();
    let held = WorkRecord::of(&evidence);
    assert!(!held.is_detailed && held.routers.len() == 30);
    let json = |record: &WorkRecord| serde_json::to_string(record).unwrap();
    assert_eq!(json(&read(&evidence, Depth::Whole)), json(&held));
}

#[test]
fn the_rows_of_many_routers_are_enough_for_every_form_but_that_for_programs() {
    let evidence = run();
    let (held, rows) = (WorkRecord::of(&evidence), read(&evidence, Depth::Rows));
    let (expected, found) = (formats(&held), formats(&rows));
    assert!(expected.len() > 10);
    let for_people = expected.iter().zip(&found).filter(|((format, _), _)| *format != "json");
    for ((format, expected), (_, found)) in for_people {
        assert_eq!(expected, found, "{format}");
    }
    assert!(rows.routers.iter().all(|one| one.steps.len() == 2 && one.commands.is_empty()));
}
