//! A place in a journal: with it, what came later is known whatever the clock did in between. Nothing here knows a file.

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::append::last;
use super::chain::GENESIS;
use super::error::JournalError;
use super::run_summary::RunSummary;
use super::store::Journal;

/// A place in a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The number of the last record before it; 0 where there was none.
    pub record: i64,
    /// The hash of that record.
    pub hash: String,
}

impl Mark {
    /// Before the first record of a journal.
    pub fn start() -> Self {
        Self { record: 0, hash: GENESIS.to_owned() }
    }
}

impl Journal {
    /// The place after the last record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn mark(&self) -> Result<Mark, JournalError> {
        let (record, hash) = last(&self.connection()).map_err(|error| JournalError::read(&error))?;
        Ok(Mark { record, hash })
    }

    /// Whether a place is one of this journal, and not of one that was here before it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn has(&self, mark: &Mark) -> Result<bool, JournalError> {
        if *mark == Mark::start() {
            return Ok(true);
        }
        let sql = "SELECT hash FROM record WHERE number = ?1";
        let found: Vec<String> = self.rows(sql, params![mark.record], |row| row.get(0))?;
        Ok(found == [mark.hash.as_str()])
    }

    /// The runs that began after a record, the first one first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs_after(&self, record: i64) -> Result<Vec<RunSummary>, JournalError> {
        let sql = "SELECT run FROM run_state WHERE begun > ?1 ORDER BY begun";
        let runs: Vec<String> = self.listed(sql, params![record], |row| row.get(0))?;
        runs.iter().map(|run| self.run_alone(run)).collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::Mark;
    use crate::journal::tests::{half_a_run, open};

    #[test]
    fn what_came_after_a_place_is_known_by_number_and_a_place_of_another_journal_is_none() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (journal, other) = (open(&dir), open(&other));
        assert_eq!(journal.mark().unwrap(), Mark::start());
        let first = half_a_run(&journal);
        let mark = journal.mark().unwrap();
        let second = half_a_run(&journal);
        let names =
            |after| -> Vec<String> { journal.runs_after(after).unwrap().into_iter().map(|run| run.run).collect() };
        assert_eq!(names(mark.record), [second.as_str()]);
        assert_eq!(names(0), [first.as_str(), &second]);
        assert!(journal.has(&mark).unwrap() && journal.has(&Mark::start()).unwrap());
        half_a_run(&other);
        assert!(!other.has(&mark).unwrap());
        assert!(!journal.has(&Mark { record: 999, ..mark }).unwrap());
    }
}
