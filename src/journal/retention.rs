//! How long sealed backups stay: the records are kept forever, what is sealed beside them may be deleted when no one needs
//! it any more.
//!
//! A deletion leaves a record in the chain, so that a verification tells a backup that was deleted by us from one that is missing.

use std::time::{Duration, SystemTime};

use rusqlite::{Connection, TransactionBehavior, params};
use serde::Serialize;

use super::append::{Entry, Prepared, append};
use super::error::JournalError;
use super::store::Journal;
use crate::record::{Kind, milliseconds};

/// What was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Pruned {
    /// Sealed things.
    pub count: usize,
    /// Their size in bytes.
    pub bytes: i64,
}

/// One sealed thing.
struct Sealed {
    run: String,
    router: String,
    name: String,
    bytes: i64,
}

impl Journal {
    /// Deletes what was sealed in parts of runs whose last record is `age` old or older. Each router's last run stays whole, the last
    /// one that was verified too, and so does every run without a known end or that a person is still needed for: all of
    /// them may be needed to bring the router back.
    ///
    /// # Errors
    /// When the file cannot be read or written; nothing is deleted then.
    pub fn prune(&self, age: Duration) -> Result<Pruned, JournalError> {
        let now = self.now();
        let before = milliseconds(now.checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH));
        let candidates = old(&self.connection(), before).map_err(|error| JournalError::read(&error))?;
        let open = self.open_router_runs()?;
        let mut going = Vec::new();
        for sealed in candidates {
            // What belongs to a run as a whole is needed as long as any part of it is open.
            let of_run = sealed.router.is_empty();
            let is_open = open.iter().any(|part| part.run == sealed.run && (of_run || part.router == sealed.router));
            if !is_open && (of_run || !self.router_run(&sealed.run, &sealed.router)?.is_unfinished()) {
                going.push(sealed);
            }
        }
        let prepare = |Sealed { run, router, name, .. }: &Sealed| {
            let record = Kind::Pruned { name: name.clone() };
            Entry { at: now, run, router, record: &record, sealed: None }.prepare()
        };
        let records = going.iter().map(prepare).collect::<Result<Vec<Prepared>, _>>()?;
        let mut connection = self.connection();
        let deleted = (|| -> rusqlite::Result<Pruned> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            append(&transaction, &records)?;
            let mut pruned = Pruned::default();
            for Sealed { run, router, name, bytes } in &going {
                transaction.execute(
                    "DELETE FROM sealed WHERE run = ?1 AND router = ?2 AND name = ?3",
                    params![run, router, name],
                )?;
                pruned.count += 1;
                pruned.bytes += bytes;
            }
            transaction.commit()?;
            if pruned.count > 0 {
                // The room goes back to the disk, and nothing of it stays readable in free pages.
                connection.execute_batch("VACUUM")?;
            }
            Ok(pruned)
        })();
        deleted.map_err(|error| JournalError::write(&error))
    }
}

/// What was sealed in parts that ended before a time and are neither their router's last nor its last verified.
fn old(connection: &Connection, before_ms: i64) -> rusqlite::Result<Vec<Sealed>> {
    let mut statement = connection.prepare(
        "SELECT run, router, name, length(bytes) FROM sealed AS one
         WHERE (SELECT MAX(at_ms) FROM record WHERE record.run = one.run AND record.router = one.router) <= ?1
           AND (SELECT MAX(number) FROM record WHERE record.run = one.run AND record.router = one.router AND kind = 'sealed')
             < (SELECT MAX(number) FROM record WHERE record.router = one.router AND kind = 'sealed')
           AND run IS NOT (SELECT run FROM record WHERE record.router = one.router AND kind = 'sealed'
             AND json_extract(body, '$.name') = 'after' ORDER BY number DESC LIMIT 1)
         ORDER BY run, router, name",
    )?;
    let rows = statement.query_map(params![before_ms], |row| {
        Ok(Sealed { run: row.get(0)?, router: row.get(1)?, name: row.get(2)?, bytes: row.get(3)? })
    })?;
    rows.collect()
}
