//! The projection: where each run and each router's part in it is, kept beside the chain so that a list needs not read the record.
//!
//! It is written in the same transaction as the records it follows and rebuilt from them when it is missing or damaged, does not
//! belong to the last record, or is of another version. The chain is the truth: nothing is recovered, undone or restored from the
//! projection alone, no record waits for it to be repaired, and `journal verify` compares it with the records.

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;

use super::append::{Prepared, last};
use super::chain::Fault;
use super::router_run::RouterRun;
use super::run_summary::RunSummary;
use crate::record::Kind;
use crate::state::{FailureClass, State};

/// Counts the changes of what the tables hold, and of what [`RouterRun`] and [`RunSummary`] make of records.
const VERSION: i64 = 11;

/// Which record it belongs to, and its version.
pub(super) const MARK_TABLE: &str = "
    CREATE TABLE projection (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        version  INTEGER NOT NULL,
        number   INTEGER NOT NULL,
        head     TEXT NOT NULL
    ) STRICT;
";

const NO_TABLES: &str = "
    DROP TABLE IF EXISTS projection;
    DROP TABLE IF EXISTS run_state;
    DROP TABLE IF EXISTS router_state;
";

/// The same where a table cannot even be dropped, since its pages are damaged: they are left alone until the next `VACUUM`.
const FORGET_TABLES: &str = "
    PRAGMA writable_schema = ON;
    DELETE FROM sqlite_schema WHERE tbl_name IN ('projection', 'run_state', 'router_state');
    PRAGMA writable_schema = RESET;
";

const TABLES: &str = "
    CREATE TABLE run_state (
        run   TEXT PRIMARY KEY,
        begun INTEGER,
        body  TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_state_by_time ON run_state (begun);
    CREATE TABLE router_state (
        run      TEXT NOT NULL,
        router   TEXT NOT NULL,
        intended INTEGER,
        touched  INTEGER,
        state    TEXT,
        class    TEXT,
        planned  INTEGER NOT NULL,
        is_open  INTEGER NOT NULL,
        ended    INTEGER NOT NULL,
        tells_login INTEGER NOT NULL,
        body     TEXT NOT NULL,
        PRIMARY KEY (run, router)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX router_state_by_router ON router_state (router, touched);
    CREATE INDEX router_state_login ON router_state (router, intended) WHERE tells_login = 1;
    CREATE INDEX router_state_open ON router_state (touched) WHERE is_open = 1;
";

/// A row of either table.
enum Row {
    Run(Box<RunSummary>),
    Router(Box<RouterRun>),
}

/// Whether it belongs to this last record, is of this version, and has its tables.
pub(super) fn is_current(connection: &Connection, number: i64, head: &str) -> rusqlite::Result<bool> {
    let is_marked = || -> rusqlite::Result<bool> {
        // Asked, not only prepared: a statement prepared before does not see what another program did to the tables.
        for columns in [
            "run, begun, body FROM run_state",
            "run, router, touched, state, class, planned, is_open, tells_login, body FROM router_state",
        ] {
            connection.prepare_cached(&format!("SELECT {columns} LIMIT 0"))?.exists([])?;
        }
        connection
            .prepare_cached("SELECT 1 FROM projection WHERE version = ?1 AND number = ?2 AND head = ?3")?
            .exists(params![VERSION, number, head])
    };
    unless_damaged(is_marked(), false)
}

/// What was read or written of the projection; `damaged` where its tables are not as this version writes them.
fn unless_damaged<T>(result: rusqlite::Result<T>, damaged: T) -> rusqlite::Result<T> {
    match result {
        Err(error) if is_damage(&error) => Ok(damaged),
        result => result,
    }
}

/// Whether it is the tables that are wrong, and not the disk, another process or this machine.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    // Without a code it is a value of a kind that is never written.
    error.sqlite_error_code().is_none_or(|code| {
        matches!(
            code,
            // A table or a column that is not there.
            ErrorCode::Unknown
                | ErrorCode::SchemaChanged
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::TypeMismatch
                | ErrorCode::ConstraintViolation
        )
    })
}

/// Says to which record it belongs.
pub(super) fn mark(transaction: &Transaction<'_>, number: i64, head: &str) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO projection (only_row, version, number, head) VALUES (1, ?1, ?2, ?3)")?
        .execute(params![VERSION, number, head])
        .map(drop)
}

/// Does something in a transaction. Where that fails because pages of the file are damaged, the tables of the projection are forgotten
/// and it is done once more: the records may be whole.
pub(super) fn forgetting_damaged_pages(
    connection: &mut Connection,
    act: impl Fn(&mut Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    match act(connection) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
            connection.flush_prepared_statement_cache();
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(FORGET_TABLES)?;
            transaction.commit()?;
            act(connection)
        }
        done => done,
    }
}

/// Rebuilds it if it does not belong to the last record.
pub(super) fn refresh(connection: &mut Connection) -> rusqlite::Result<()> {
    forgetting_damaged_pages(connection, refresh_once)
}

fn refresh_once(connection: &mut Connection) -> rusqlite::Result<()> {
    let reading = connection.transaction()?;
    let is_current_now = is_last_current(&reading)?;
    drop(reading);
    if is_current_now {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have rebuilt it meanwhile, or appended records.
    if !is_last_current(&transaction)? {
        rebuild_and_mark(&transaction)?;
    }
    transaction.commit()
}

fn is_last_current(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    let (number, head) = last(transaction)?;
    is_current(transaction, number, &head)
}

/// Rebuilds it from the records, in one transaction.
pub(super) fn rebuild_now(connection: &mut Connection) -> rusqlite::Result<()> {
    forgetting_damaged_pages(connection, |connection| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        rebuild_and_mark(&transaction)?;
        transaction.commit()
    })
}

fn rebuild_and_mark(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    rebuild(transaction)?;
    let (number, head) = last(transaction)?;
    mark(transaction, number, &head)
}

/// Follows records that were written after the record `before`; rebuilds it if it did not belong to that one, or is damaged.
pub(super) fn follow(
    transaction: &Transaction<'_>,
    before: i64,
    entries: &[Prepared],
    is_current: bool,
) -> rusqlite::Result<()> {
    if is_current && unless_damaged(update(transaction, before, entries), false)? {
        return Ok(());
    }
    rebuild(transaction)
}

/// Whether every row that these records concern could be read and was brought up to date.
fn update(transaction: &Transaction<'_>, before: i64, entries: &[Prepared]) -> rusqlite::Result<bool> {
    let place = |entry: &Prepared| (entry.run.clone(), entry.router.clone());
    let mut numbered: Vec<(i64, &Prepared)> = (before + 1..).zip(entries).collect();
    // Stable: the records of one part stay in their order.
    numbered.sort_by_key(|(_, entry)| place(entry));
    for part in numbered.chunk_by(|(_, one), (_, other)| (&one.run, &one.router) == (&other.run, &other.router)) {
        let Some((_, first)) = part.first() else { continue };
        let Ok(mut row) = stored(transaction, &first.run, &first.router)? else { return Ok(false) };
        for (number, entry) in part {
            row.take(*number, entry.at_ms, Some(&entry.record));
        }
        row.write(transaction)?;
    }
    Ok(true)
}

fn rebuild(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(NO_TABLES)?;
    transaction.execute_batch(MARK_TABLE)?;
    transaction.execute_batch(TABLES)?;
    each(transaction, |row| row.write(transaction).map(|()| true))
}

/// The first row that is not what the records say; no row in particular where its tables are damaged.
pub(super) fn difference(connection: &Connection) -> rusqlite::Result<Option<Fault>> {
    let damaged = Fault::Projection { run: String::new(), router: String::new() };
    unless_damaged(first_difference(connection), Some(damaged))
}

fn first_difference(connection: &Connection) -> rusqlite::Result<Option<Fault>> {
    connection.prepare_cached("SELECT version, number, head FROM projection LIMIT 0")?.exists([])?;
    let mut found = None;
    let (mut runs, mut routers) = (0_i64, 0_i64);
    each(connection, |row| {
        match row {
            Row::Run(_) => runs += 1,
            Row::Router(_) => routers += 1,
        }
        if !row.is_stored(connection)? {
            found = Some(row.fault());
        }
        Ok(found.is_none())
    })?;
    let count = |table: &str| connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
    if found.is_none() && (runs, routers) != (count("run_state")?, count("router_state")?) {
        found = Some(Fault::Projection { run: String::new(), router: String::new() });
    }
    Ok(found)
}

/// Every row as the records make it, one after the other; `found` says whether to go on.
fn each(connection: &Connection, mut found: impl FnMut(&Row) -> rusqlite::Result<bool>) -> rusqlite::Result<()> {
    // Part by part, so that one is in memory at a time, however many there are.
    let mut statement = connection.prepare(
        "SELECT run, router, number, at_ms, body FROM record INDEXED BY record_by_run ORDER BY run, router, number",
    )?;
    let mut rows = statement.query([])?;
    let mut current: Option<Row> = None;
    while let Some(row) = rows.next()? {
        let (run, router): (String, String) = (row.get(0)?, row.get(1)?);
        if let Some(ended) = current.take_if(|current| !current.is_of(&run, &router))
            && !found(&ended)?
        {
            return Ok(());
        }
        let body: String = row.get(4)?;
        let record: Option<Kind> = serde_json::from_str(&body).ok();
        current.get_or_insert_with(|| Row::new(&run, &router)).take(row.get(2)?, row.get(3)?, record.as_ref());
    }
    if let Some(last) = current {
        found(&last)?;
    }
    Ok(())
}

/// What is stored of a part, or of the run where no router is named: as if nothing was known where it is missing, an error where it
/// cannot be read.
fn stored(connection: &Connection, run: &str, router: &str) -> rusqlite::Result<Result<Row, serde_json::Error>> {
    let body: Option<String> = if router.is_empty() {
        let mut statement = connection.prepare_cached("SELECT body FROM run_state WHERE run = ?1")?;
        statement.query_row(params![run], |row| row.get(0)).optional()?
    } else {
        let mut statement =
            connection.prepare_cached("SELECT body FROM router_state WHERE run = ?1 AND router = ?2")?;
        statement.query_row(params![run, router], |row| row.get(0)).optional()?
    };
    let Some(body) = body else { return Ok(Ok(Row::new(run, router))) };
    Ok(Row::read(run, router, &body))
}

impl Row {
    fn new(run: &str, router: &str) -> Self {
        match router {
            "" => Self::Run(Box::new(RunSummary::new(run))),
            router => Self::Router(Box::new(RouterRun::new(run, router))),
        }
    }

    fn read(run: &str, router: &str, body: &str) -> Result<Self, serde_json::Error> {
        match router {
            "" => read_run(run, body).map(|run| Self::Run(Box::new(run))),
            router => read_router_run(run, router, body).map(|part| Self::Router(Box::new(part))),
        }
    }

    fn is_of(&self, run: &str, router: &str) -> bool {
        match self {
            Self::Run(own) => own.run == run && router.is_empty(),
            Self::Router(own) => own.run == run && own.router == router,
        }
    }

    fn take(&mut self, number: i64, at_ms: i64, record: Option<&Kind>) {
        match self {
            Self::Run(run) => run.take(number, at_ms, record),
            Self::Router(part) => part.take(number, at_ms, record),
        }
    }

    fn fault(&self) -> Fault {
        let (run, router) = match self {
            Self::Run(run) => (run.run.clone(), String::new()),
            Self::Router(part) => (part.run.clone(), part.router.clone()),
        };
        Fault::Projection { run, router }
    }

    fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        match self {
            Self::Run(run) => transaction
                .prepare_cached("INSERT OR REPLACE INTO run_state (run, begun, body) VALUES (?1, ?2, ?3)")?
                .execute(params![run.run, run.begun, json(run)?]),
            Self::Router(part) => transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO router_state
                       (run, router, intended, touched, state, is_open, ended, body, class, planned, tells_login)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute(params![
                    part.run,
                    part.router,
                    part.intended,
                    part.touched,
                    part.state.map(State::word),
                    part.can_be_resumed(),
                    part.ended,
                    json(part.as_ref())?,
                    part.failure_class.map(FailureClass::word),
                    i64::try_from(part.planned).unwrap_or(i64::MAX),
                    part.login().is_some()
                ]),
        }
        .map(drop)
    }

    /// Whether the table holds it as it is.
    fn is_stored(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let found: Option<bool> = match self {
            Self::Run(run) => connection
                .prepare_cached("SELECT begun IS ?2 AND body = ?3 FROM run_state WHERE run = ?1")?
                .query_row(params![run.run, run.begun, json(run)?], |row| row.get(0))
                .optional()?,
            Self::Router(part) => connection
                .prepare_cached(
                    "SELECT intended IS ?3 AND touched IS ?4 AND state IS ?5 AND is_open = ?6 AND ended = ?7 AND body = ?8
                       AND class IS ?9 AND planned = ?10 AND tells_login = ?11
                     FROM router_state WHERE run = ?1 AND router = ?2",
                )?
                .query_row(
                    params![
                        part.run,
                        part.router,
                        part.intended,
                        part.touched,
                        part.state.map(State::word),
                        part.can_be_resumed(),
                    part.ended,
                        json(part.as_ref())?,
                        part.failure_class.map(FailureClass::word),
                        i64::try_from(part.planned).unwrap_or(i64::MAX),
                        part.login().is_some()
                    ],
                    |row| row.get(0),
                )
                .optional()?,
        };
        Ok(found == Some(true))
    }
}

/// A run as it is stored.
pub(super) fn read_run(run: &str, body: &str) -> Result<RunSummary, serde_json::Error> {
    Ok(RunSummary { run: run.to_owned(), ..serde_json::from_str(body)? })
}

/// A part as it is stored.
pub(super) fn read_router_run(run: &str, router: &str, body: &str) -> Result<RouterRun, serde_json::Error> {
    Ok(RouterRun { run: run.to_owned(), router: router.to_owned(), ..serde_json::from_str(body)? })
}

fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
