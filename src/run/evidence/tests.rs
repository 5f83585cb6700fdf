//! Of many routers an evidence holds the run's own records alone; what is read of each site afterwards is what would have been held.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::sync::Arc;

use super::{Evidence, EvidenceRequest, by_site, evidence, records_of};
use crate::journal::{Journal, RunLog};
use crate::record::fixtures::begun;
use crate::record::{Ending, Kind, Outcome, Place, Readers};
use crate::state::State;

/// A run over so many routers, two at each site.
fn journal(routers: usize) -> (tempfile::TempDir, Arc<Journal>, String) {
    let dir = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(&dir.path().join("state"), Arc::new(())).unwrap());
    let readers = Readers::default();
    let names: Vec<String> = (0..routers).map(|number| format!("r{number:02}")).collect();
    let site = |number: usize| format!("s{:02}", number / 2);
    let mut begun = begun(names.iter().cloned());
    if let Kind::Begun { places, .. } = &mut begun {
        let place = |(number, router): (usize, &String)| Place { router: router.clone(), site: site(number) };
        *places = names.iter().enumerate().map(place).collect();
    }
    let log = RunLog::begin(Arc::clone(&journal), &readers, begun).unwrap();
    for (number, name) in names.iter().enumerate() {
        let ledger = log.router_journal(&readers, name, &site(number), 1);
        let kept = serde_json::json!({ "commands": ["hostname new"], "undo": ["hostname old"] });
        ledger.record(Kind::Intended { site: site(number), kept, adopt: false, take_over: false }).unwrap();
        ledger.record(Kind::Moved { state: State::Saved }).unwrap();
        let outcome = Outcome::new(name, &site(number), State::Saved);
        ledger.record(Kind::Ended(Box::new(Ending::of(&outcome)))).unwrap();
    }
    log.recorder(&readers).record(Kind::RunEnded { exit: 0 }).unwrap();
    let run = log.run().as_str().to_owned();
    (dir, journal, run)
}

fn found(journal: &Journal, run: &str, limit: Option<&str>, whole: bool) -> Evidence {
    let limit = limit.map(str::to_owned);
    evidence(journal, &EvidenceRequest { run: run.to_owned(), limit, whole, ..EvidenceRequest::default() }).unwrap()
}

#[test]
fn of_many_routers_the_records_of_each_are_read_when_they_are_asked_for() {
    let (_dir, journal, run) = journal(21);
    let (many, whole) = (found(&journal, &run, None, false), found(&journal, &run, None, true));
    assert_eq!((many.result.clone(), whole.read_until), (whole.result.clone(), None));
    assert!(many.read_until.is_some() && many.records.iter().all(|stored| stored.router.is_empty()));
    for outcome in &many.result.routers {
        let read = |evidence: &Evidence| records_of(&journal, evidence, &outcome.router).unwrap();
        assert_eq!(read(&many), read(&whole));
        assert_eq!(read(&many).len(), 3);
    }
    let sites = |evidence: Evidence| -> Vec<_> {
        by_site(&journal, evidence).map(Result::unwrap).map(|site| (site.records, site.result)).collect()
    };
    let (many, whole) = (sites(many), sites(whole));
    assert_eq!((many.len(), &many), (11, &whole));
}

#[test]
fn what_is_recorded_after_an_evidence_was_read_is_not_in_it() {
    let (_dir, journal, run) = journal(21);
    let many = found(&journal, &run, None, false);
    let log = RunLog::of(Arc::clone(&journal), &run);
    log.router_journal(&Readers::default(), "r00", "s00", 2).record(Kind::Moved { state: State::Undone }).unwrap();
    assert_eq!(records_of(&journal, &many, "r00").unwrap().len(), 3);
}

#[test]
fn few_routers_of_many_are_held_in_the_order_of_the_journal() {
    let (_dir, journal, run) = journal(21);
    let (few, whole) = (found(&journal, &run, Some("s03,r00"), false), found(&journal, &run, None, true));
    let names = ["r00", "r06", "r07"];
    let mut expected = whole.records;
    expected.retain(|stored| stored.router.is_empty() || names.contains(&stored.router.as_str()));
    assert_eq!((few.read_until, few.records), (None, expected));
}
