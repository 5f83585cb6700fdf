//! The records of one run as the chain holds them, byte for byte, so that another machine can prove them again.
//!
//! Where another run wrote in between, a record is not bound to the one before it here: it names the hash that it follows. Nothing here
//! knows a file.

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::RunListing;
use super::append::Entry;
use super::chain::{self, GENESIS, Row};
use super::error::JournalError;
use super::router_run::RouterRun;
use super::run_summary::{OWN, RunSummary, followed};
use super::store::Journal;
use crate::record::{EndCount, Kind, Stored};
use crate::state::{FailureClass, State};

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainRecord {
    /// Its place in the chain.
    pub number: i64,
    /// Milliseconds since 1970 by its machine's clock.
    pub at_ms: i64,
    /// The run; empty for what belongs to the journal itself.
    pub run: String,
    /// The router; empty for records of the run.
    pub router: String,
    /// The name of its kind.
    pub kind: String,
    /// What it is, as JSON.
    pub body: String,
    /// The hash of the record before it, where that one is not the one before it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Its hash.
    pub hash: String,
}

impl ChainRecord {
    /// Whether its hash is the one that it and this predecessor give.
    pub fn follows(&self, previous: &str) -> bool {
        let Self { number, at_ms, run, router, kind, body, hash, .. } = self;
        chain::link(previous, &Row { number: *number, at_ms: *at_ms, run, router, kind, body }) == *hash
    }

    /// What it means; nothing where this version does not know its kind.
    pub fn meaning(&self) -> Option<Kind> {
        serde_json::from_str(&self.body).ok()
    }

    /// The same as a reader of the journal has it.
    pub fn into_stored(self) -> Stored {
        let record = self.meaning();
        let Self { number, at_ms, run, router, hash, .. } = self;
        Stored { number, at_ms, run, router, record, hash }
    }
}

/// Follows the records of one run in their order.
#[derive(Debug)]
pub struct ChainWalk {
    run: String,
    last: Option<Link>,
}

#[derive(Debug)]
struct Link {
    number: i64,
    hash: String,
}

impl ChainWalk {
    /// Before the first record of this run.
    pub fn of(run: &str) -> Self {
        Self { run: run.to_owned(), last: None }
    }

    /// Whether this is the run's next record, and what was written.
    pub fn takes(&mut self, record: &ChainRecord) -> bool {
        let is_next = match (&self.last, &record.previous) {
            (Some(last), None) => last.number.checked_add(1) == Some(record.number) && record.follows(&last.hash),
            (Some(last), Some(previous)) => {
                last.number.checked_add(1).is_some_and(|next| next < record.number) && record.follows(previous)
            }
            (None, Some(previous)) => record.number > 0 && record.follows(previous),
            (None, None) => false,
        };
        self.last = Some(Link { number: record.number, hash: record.hash.clone() });
        is_next && record.run == self.run
    }
}

impl Journal {
    /// Every record of a run as it is stored.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn chain_of(&self, run: &str) -> Result<Vec<ChainRecord>, JournalError> {
        self.chain_after(run, 0)
    }

    /// Those of them that come after this number; the first one says what it follows.
    fn chain_after(&self, run: &str, number: i64) -> Result<Vec<ChainRecord>, JournalError> {
        // The hash before the first record of all is in no row.
        let sql = "SELECT number, at_ms, run, router, kind, body, hash,
               (SELECT hash FROM record AS before WHERE before.number = one.number - 1)
             FROM record AS one WHERE run = ?1 AND number > ?2 ORDER BY number";
        let mut last = None;
        self.rows(sql, params![run, number], |row| {
            let (number, previous): (i64, Option<String>) = (row.get(0)?, row.get(7)?);
            let is_bound = last.replace(number) == Some(number - 1);
            let previous = (!is_bound).then(|| previous.unwrap_or_else(|| GENESIS.to_owned()));
            Ok(ChainRecord {
                number,
                at_ms: row.get(1)?,
                run: row.get(2)?,
                router: row.get(3)?,
                kind: row.get(4)?,
                body: row.get(5)?,
                hash: row.get(6)?,
                previous,
            })
        })
    }

    /// Records what concerns the journal itself, and gives it back as it is stored. Its hash is the head at that moment.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(&self, record: &Kind) -> Result<ChainRecord, JournalError> {
        let before = self.mark()?.record;
        self.append(&[Entry { at: self.now(), run: OWN, router: "", record, sealed: None }])?;
        let since = self.chain_after(OWN, before)?;
        let written = since.into_iter().rev().find(|one| one.meaning().as_ref() == Some(record));
        let mut written = written.ok_or_else(|| JournalError::Read { cause: "a record is not there".to_owned() })?;
        if written.previous.is_none() {
            written.previous = self.hash_of(written.number - 1)?;
        }
        Ok(written)
    }

    /// Makes sure that what concerns the journal itself can be relied on: from its first record of that on every record is what was
    /// written after the previous one.
    ///
    /// # Errors
    /// [`JournalError::Edited`], or when the file cannot be read.
    pub fn trust_own(&self) -> Result<(), JournalError> {
        self.trust(OWN)
    }

    /// The hash of a record.
    fn hash_of(&self, number: i64) -> Result<Option<String>, JournalError> {
        let found = self.rows("SELECT hash FROM record WHERE number = ?1", params![number], |row| row.get(0))?;
        Ok(found.into_iter().next())
    }
}

impl RunListing {
    /// A run as a list has it, from its records alone.
    pub fn of_records(run: &str, records: &[Stored]) -> Self {
        let (summary, parts) = followed(run, records);
        let mut ends: Vec<EndCount> = Vec::new();
        for part in &parts {
            let RouterRun { state, failure_class, planned, .. } = part;
            let one = EndCount {
                state: *state,
                failure_class: *failure_class,
                as_declared: *state == Some(State::Saved) && *planned == 0,
                is_open: part.can_be_resumed(),
                routers: 1,
            };
            let same = |end: &&mut EndCount| EndCount { routers: 1, ..(**end).clone() } == one;
            match ends.iter_mut().find(same) {
                Some(end) => end.routers += 1,
                None => ends.push(one),
            }
        }
        let words = |end: &EndCount| (end.state.map(State::word), end.failure_class.map(FailureClass::word));
        ends.sort_by_key(|end| (words(end), end.as_declared, end.is_open));
        Self { run: summary, ends, imported: None }
    }
}

impl RouterRun {
    /// A router's part in a run, from the run's records alone.
    pub fn of_records(run: &str, router: &str, records: &[Stored]) -> Self {
        let mut part = Self::new(run, router);
        for stored in records.iter().filter(|stored| stored.router == router) {
            part.take(stored.number, stored.at_ms, stored.record.as_ref());
        }
        part
    }
}

impl RunSummary {
    /// A run with all its parts, from its records alone.
    pub fn of_records(run: &str, records: &[Stored]) -> Self {
        let (mut summary, parts) = followed(run, records);
        // Of a router that was never begun there is an end and no intent: the run has no part of it.
        summary.parts = parts.into_iter().filter(|part| part.intended.is_some()).collect();
        summary
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{ChainRecord, ChainWalk};
    use crate::journal::tests::{half_a_run, open};
    use crate::journal::{RunListing, RunLog};
    use crate::record::{ExportRecord, Kind, Readers};
    use crate::state::State;

    fn walked(run: &str, records: &[ChainRecord]) -> bool {
        let mut walk = ChainWalk::of(run);
        records.iter().all(|record| walk.takes(record))
    }

    #[test]
    fn the_records_of_a_run_are_proven_again_also_around_those_of_another_run() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let first = half_a_run(&journal);
        let second = half_a_run(&journal);
        let again =
            RunLog::of(std::sync::Arc::clone(&journal), &first).router_journal(&Readers::default(), "r1", "s", 1);
        again.record(Kind::Moved { state: State::Undone }).unwrap();
        for run in [&first, &second] {
            let records = journal.chain_of(run).unwrap();
            assert!(walked(run, &records), "{records:?}");
            let told = records.iter().filter(|record| record.previous.is_some()).count();
            assert_eq!(told, if run == &first { 2 } else { 1 }, "where the chain goes through another run");
            for at in 0..records.len() {
                let mut without = records.clone();
                without.remove(at);
                // What is before a record of another run is bound by the other run's.
                let is_bound = records.get(at + 1).is_some_and(|next| next.previous.is_none());
                assert!(!is_bound || !walked(run, &without), "record {at} is missing");
                let mut edited = records.clone();
                edited[at].body = edited[at].body.replacen("\"kind\"", "\"Kind\"", 1);
                assert!(!walked(run, &edited), "record {at} is another");
            }
            assert!(!walked("another", &records));
        }
    }

    #[test]
    fn a_note_of_the_journal_itself_belongs_to_no_run_and_its_hash_is_the_head() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let word = || "word".to_owned();
        let kind = Kind::Exported(ExportRecord {
            exported: word(),
            manifest_sha256: word(),
            by: word(),
            machine: word(),
            version: word(),
        });
        // Also as the very first record, and right after another one of its kind.
        for _ in 0..2 {
            let note = journal.note(&kind).unwrap();
            assert!(note.follows(note.previous.as_deref().unwrap()));
            assert_eq!(journal.head().unwrap(), note.hash);
        }
        assert!(journal.runs(5).unwrap().is_empty() && journal.run_alone("").is_err() && journal.run("").is_err());
        assert_eq!(journal.verify(None).unwrap().fault, None);
    }

    #[test]
    fn a_run_is_listed_alike_from_its_records_and_from_the_projection() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let run = half_a_run(&journal);
        // A router of which nothing is known but that it has a record.
        let other = RunLog::of(std::sync::Arc::clone(&journal), &run).router_journal(&Readers::default(), "r2", "s", 1);
        other.record(Kind::Abandoned).unwrap();
        let (listed, read) =
            (journal.listing(&run).unwrap(), RunListing::of_records(&run, &journal.records(&run).unwrap()));
        assert_eq!((listed.ends, listed.run.begun_ms), (read.ends, read.run.begun_ms));
    }
}
