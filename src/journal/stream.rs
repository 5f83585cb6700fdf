//! Reading a run record by record, or router by router: a run of thousands is never in memory whole.

use rusqlite::params;

use super::error::JournalError;
use super::store::{Journal, stored};
use crate::record::Stored;

impl Journal {
    /// Gives every record of a run away, one after the other in their order; none is held.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn each_record(&self, run: &str, mut take: impl FnMut(Stored)) -> Result<(), JournalError> {
        // Along the chain: by the index of runs the records would have to be put in order first, all of them.
        let sql = "SELECT number, at_ms, run, router, body, hash FROM record WHERE +run = ?1
             AND number BETWEEN (SELECT MIN(number) FROM record WHERE run = ?1) AND (SELECT MAX(number) FROM record WHERE run = ?1)
             ORDER BY number";
        let connection = self.connection();
        let mut each = || -> rusqlite::Result<()> {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params![run])?;
            while let Some(row) = rows.next()? {
                take(stored(row)?);
            }
            Ok(())
        };
        each().map_err(|error| JournalError::read(&error))
    }

    /// The records of one router of a run, up to this number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn records_of(&self, run: &str, router: &str, until: i64) -> Result<Vec<Stored>, JournalError> {
        let condition = "run = ?1 AND router = ?2 AND number <= CAST(?3 AS INTEGER)";
        self.select(condition, &[run, router, &until.to_string()])
    }
}
