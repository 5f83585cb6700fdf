//! Runs that have no end yet: which they are, how many of their routers have begun, and what other runs have done since. Read from the
//! projection.

use std::collections::BTreeSet;

use rusqlite::params;

use super::error::JournalError;
use super::run_summary::RunSummary;
use super::store::Journal;
use crate::state::State;

/// Routers of a run that have begun and not ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InFlight {
    /// How many.
    pub routers: usize,
    /// How many of them could be resumed if no process worked on them.
    pub open: usize,
}

impl Journal {
    /// The runs that were begun and have no end, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs_without_end(&self) -> Result<Vec<String>, JournalError> {
        self.listed(
            "SELECT run FROM run_state WHERE begun IS NOT NULL AND json_extract(body, '$.exit') IS NULL ORDER BY begun",
            params![],
            |row| row.get(0),
        )
    }

    /// The runs that began after another one and were given the same command, the oldest first, each without its parts.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn later_runs(&self, earlier: &RunSummary) -> Result<Vec<RunSummary>, JournalError> {
        let runs = self.listed(
            "SELECT run FROM run_state WHERE begun > ?1 AND json_extract(body, '$.action') = ?2 ORDER BY begun",
            params![earlier.begun, earlier.action],
            |row| row.get::<_, String>(0),
        )?;
        runs.iter().map(|run| self.run_alone(run)).collect()
    }

    /// The routers that a run has saved, all of it proven.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn proven_routers(&self, run: &str) -> Result<BTreeSet<String>, JournalError> {
        let sql = "SELECT router FROM router_state WHERE run = ?1 AND state = ?2
                   AND json_extract(body, '$.unverified') IS NULL";
        Ok(self.listed(sql, params![run, State::Saved.word()], |row| row.get(0))?.into_iter().collect())
    }

    /// The routers of which a run has a record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn routers_with_record(&self, run: &str) -> Result<BTreeSet<String>, JournalError> {
        let found = self.listed("SELECT router FROM router_state WHERE run = ?1", params![run], |row| row.get(0))?;
        Ok(found.into_iter().collect())
    }

    /// The routers of a run that have shown it a host key which it has not enrolled.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn routers_that_showed_a_host_key(&self, run: &str) -> Result<BTreeSet<String>, JournalError> {
        let sql = "SELECT DISTINCT router FROM record AS one WHERE run = ?1 AND kind = 'checked'
                   AND json_extract(body, '$.host_key') IS NOT NULL AND NOT EXISTS
                     (SELECT 1 FROM record WHERE run = ?1 AND router = one.router AND kind = 'host-key-enrolled')";
        Ok(self.rows(sql, params![run], |row| row.get(0))?.into_iter().collect())
    }

    /// The routers of a run that have begun and not ended.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn in_flight(&self, run: &str) -> Result<InFlight, JournalError> {
        let sql = "SELECT count(*), ifnull(sum(is_open), 0) FROM router_state WHERE run = ?1 AND ended = 0";
        let number = |number: i64| usize::try_from(number).unwrap_or_default();
        let counts = self.listed(sql, params![run], |row| {
            Ok(InFlight { routers: number(row.get(0)?), open: number(row.get(1)?) })
        })?;
        Ok(counts.into_iter().next().unwrap_or_default())
    }
}
