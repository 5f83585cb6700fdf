//! Writing: records one after the other in the chain, and the projection with them, in one transaction of the
//! database. It is a write-ahead log: what is about to be done is written, and synced, before it is done.
//!
//! Each session prepares its own records; the one that writes the batch adds only the chain and the rows.

use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::chain::{self, GENESIS, Row};
use super::error::WriteFailure;
use super::projection;
use crate::record::{Kind, milliseconds};

/// A record to be written.
pub(super) struct Entry<'a> {
    pub(super) at: SystemTime,
    pub(super) run: &'a str,
    pub(super) router: &'a str,
    pub(super) record: &'a Kind,
    /// Sealed bytes that are kept beside it, and their name.
    pub(super) sealed: Option<(&'a str, &'a [u8])>,
}

/// A record ready to be written by any thread.
pub(super) struct Prepared {
    pub(super) at_ms: i64,
    pub(super) run: String,
    pub(super) router: String,
    pub(super) record: Kind,
    body: String,
    sealed: Option<(String, Vec<u8>)>,
}

impl Entry<'_> {
    pub(super) fn prepare(&self) -> Result<Prepared, WriteFailure> {
        let body = serde_json::to_string(self.record).map_err(|error| WriteFailure::of(&error))?;
        Ok(Prepared {
            at_ms: milliseconds(self.at),
            run: self.run.to_owned(),
            router: self.router.to_owned(),
            record: self.record.clone(),
            body,
            sealed: self.sealed.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())),
        })
    }
}

/// Writes records in one synced transaction: all of them, or none.
pub(super) fn commit(connection: &mut Connection, entries: &[Prepared]) -> rusqlite::Result<()> {
    projection::forgetting_damaged_pages(connection, |connection| {
        // At once for writing: the last record must not change between reading and following it.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        append(&transaction, entries)?;
        transaction.commit()
    })
}

/// Writes records within a transaction that was begun for writing.
pub(super) fn append(transaction: &Transaction<'_>, entries: &[Prepared]) -> rusqlite::Result<()> {
    let (before, mut hash) = last(transaction)?;
    let is_current = projection::is_current(transaction, before, &hash)?;
    let mut number = before;
    for entry in entries {
        number += 1;
        hash = insert(transaction, number, &hash, entry)?;
    }
    projection::follow(transaction, before, entries, is_current)?;
    projection::mark(transaction, number, &hash)
}

/// Number and hash of the last record.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<(i64, String)> {
    let mut statement = connection.prepare_cached("SELECT number, hash FROM record ORDER BY number DESC LIMIT 1")?;
    let found = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.unwrap_or_else(|| (0, GENESIS.to_owned())))
}

fn insert(transaction: &Transaction<'_>, number: i64, previous: &str, entry: &Prepared) -> rusqlite::Result<String> {
    let Prepared { at_ms, run, router, record, body, sealed } = entry;
    let kind = record.name();
    let hash = chain::link(previous, &Row { number, at_ms: *at_ms, run, router, kind, body });
    transaction
        .prepare_cached(
            "INSERT INTO record (number, at_ms, run, router, kind, body, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![number, at_ms, run, router, kind, body, hash])?;
    if let Some((name, bytes)) = sealed {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO sealed (run, router, name, bytes) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![run, router, name, bytes])?;
    }
    Ok(hash)
}
