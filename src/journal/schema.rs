//! The form of the file, and the way from every older form to the present one.

use rusqlite::Connection;

use super::error::{JournalError, WriteFailure};
use super::hooks::JournalHooks;
use super::projection;

/// Each step leads from the form of its index to the next; none is ever changed once released.
const STEPS: [&str; 2] = [
    "
    CREATE TABLE record (
        number INTEGER PRIMARY KEY,
        at_ms  INTEGER NOT NULL,
        run    TEXT NOT NULL,
        router TEXT NOT NULL,
        kind   TEXT NOT NULL,
        body   TEXT NOT NULL,
        hash   TEXT NOT NULL
    ) STRICT;
    CREATE INDEX record_by_run ON record (run, router, number);
    CREATE INDEX record_by_router ON record (router, number);
    CREATE TABLE sealed (
        run    TEXT NOT NULL,
        router TEXT NOT NULL,
        name   TEXT NOT NULL,
        bytes  BLOB NOT NULL,
        PRIMARY KEY (run, router, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER record_is_final BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records are only appended'); END;
    CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'records are only appended'); END;
    ",
    // The tables of the projection are its own: they are rebuilt, not migrated.
    projection::MARK_TABLE,
];

/// The present form.
pub(super) const FORM: u32 = 2;

/// Brings a file to the present form, in one step that happens wholly or not at all.
///
/// A file of the present form is only looked at: opening it waits for no one who writes.
pub(super) fn migrate(connection: &mut Connection, disk: &dyn JournalHooks) -> Result<(), JournalError> {
    let before = form(connection)?;
    if before == FORM {
        return Ok(());
    }
    if before > 0 {
        disk.before_write().map_err(|error| WriteFailure::of_disk(&error))?;
    }
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(|error| JournalError::write(&error))?;
    let found = form(&transaction)?;
    if found > FORM {
        return Err(JournalError::Newer { found, known: FORM });
    }
    if found == FORM {
        return Ok(());
    }
    let write = |error: rusqlite::Error| JournalError::write(&error);
    for step in STEPS.iter().skip(found as usize) {
        transaction.execute_batch(step).map_err(write)?;
    }
    transaction.pragma_update(None, "user_version", FORM).map_err(write)?;
    transaction.commit().map_err(write)
}

/// Whether the file is no journal yet: it was just made, or everything was taken out of it.
pub(super) fn is_empty(connection: &Connection) -> Result<bool, JournalError> {
    form(connection).map(|form| form == 0)
}

fn form(connection: &Connection) -> Result<u32, JournalError> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|error| JournalError::read(&error))
}
