//! The file: opened once per process, and written one synced transaction at a time, whichever session has something to write.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rusqlite::{Connection, ErrorCode, MAIN_DB, OptionalExtension, Params, params};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::append::{self, Entry, Prepared, last};
use super::chain::{self, ChainCheck, Fault};
use super::commit::GroupCommit;
use super::error::{JournalError, WriteFailure};
use super::files::{FILE, KEY, check_files, copy_to, full, log_of, make};
use super::hooks::JournalHooks;
use super::projection;
use super::schema;
use super::seal::Key;
use super::walk;
use crate::message::{Explain, Text, system_words};
use crate::private::{self, Access};
use crate::record::Stored;

/// How long another process's transaction may keep the file from us.
const BUSY: Duration = Duration::from_secs(10);

/// The journal.
pub struct Journal {
    path: PathBuf,
    key_path: PathBuf,
    access: Access,
    connection: Mutex<Connection>,
    key: OnceLock<Result<Key, Text>>,
    disk: Arc<dyn JournalHooks>,
    writing: GroupCommit<Prepared, WriteFailure>,
    /// The folder of the copy that was opened instead of the file: it goes after the connection, and takes no records.
    copy: Option<TempDir>,
}

impl Journal {
    /// Whether a state folder has one.
    pub fn is_in(state_dir: &Path) -> bool {
        state_dir.join(FILE).exists()
    }

    /// Opens the journal of a state folder, and makes it where it is missing.
    ///
    /// # Errors
    /// [`JournalError`] when folder or file are open to others, or when the file cannot be opened or is of a later form.
    pub fn open(state_dir: &Path, disk: Arc<dyn JournalHooks>) -> Result<Self, JournalError> {
        let path = state_dir.join(FILE);
        let opened = || {
            let access =
                private::state_folder(state_dir).map_err(|refusal| JournalError::refused(state_dir, refusal))?;
            check_files(&path, access)?;
            make(&path, access)
                .map_err(|error| JournalError::Open { path: path.clone(), cause: system_words(&error) })?;
            Self::opened(state_dir, &path, access, Arc::clone(&disk))
        };
        opened().map_err(|error| match (error, full(state_dir, &*disk)) {
            (JournalError::Open { .. } | JournalError::Write { .. }, Some(full)) => WriteFailure::of_disk(&full).into(),
            (error, _) => error,
        })
    }

    /// Opens the journal of a state folder to be read, where nothing can be written: a copy of it is opened.
    ///
    /// # Errors
    /// As [`Journal::open`], or when it cannot be copied.
    pub fn open_copy(state_dir: &Path) -> Result<Self, JournalError> {
        let path = state_dir.join(FILE);
        let bad = |error: io::Error| JournalError::Open { path: path.clone(), cause: system_words(&error) };
        let access = private::access_of(&std::fs::metadata(state_dir).map_err(bad)?);
        check_files(&path, access)?;
        let scratch = tempfile::tempdir().map_err(bad)?;
        let copy = scratch.path().join(FILE);
        copy_to(&path, &copy).map_err(bad)?;
        // What was committed and not yet moved into the file is in its log.
        let log = log_of(&path);
        if log.exists() {
            copy_to(&log, &log_of(&copy)).map_err(bad)?;
        }
        let opened = Self::opened(state_dir, &copy, access, Arc::new(()))?;
        Ok(Self { path, copy: Some(scratch), ..opened })
    }

    fn opened(
        state_dir: &Path,
        file: &Path,
        access: Access,
        disk: Arc<dyn JournalHooks>,
    ) -> Result<Self, JournalError> {
        let path = file.to_owned();
        // Looked at first: another process may make both right now, the journal before its key.
        let key_path = state_dir.join(KEY);
        let has_key = key_path.exists();
        let bad = |cause: String| JournalError::Open { path: path.clone(), cause: Text::untranslated(cause) };
        let mut connection = Connection::open(&path).map_err(|error| bad(error.to_string()))?;
        // SQLite takes a file that it may not write for one that is only read, and says so when the first record is due.
        if connection.is_readonly(MAIN_DB).map_err(|error| bad(error.to_string()))? {
            private::open(&path, access)
                .map_err(|error| JournalError::Open { path: path.clone(), cause: system_words(&error) })?;
        }
        connection.busy_timeout(BUSY).map_err(|error| bad(error.to_string()))?;
        prepare(&connection).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                JournalError::Damaged { path: path.clone(), cause: error.to_string() }
            }
            _ => bad(error.to_string()),
        })?;
        if has_key && schema::is_empty(&connection)? {
            return Err(JournalError::Emptied { path });
        }
        schema::migrate(&mut connection, &*disk)?;
        projection::refresh(&mut connection).map_err(|error| JournalError::write(&error))?;
        Ok(Self {
            key_path,
            path,
            access,
            connection: Mutex::new(connection),
            key: OnceLock::new(),
            disk,
            writing: GroupCommit::new(),
            copy: None,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that it is in.
    pub fn state_dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Whether several people share it: its folder is declared a group's.
    pub fn is_a_groups(&self) -> bool {
        self.access.is_a_groups()
    }

    /// The hash of the last record.
    ///
    /// # Errors
    /// [`JournalError::Read`].
    pub fn head(&self) -> Result<String, JournalError> {
        last(&self.connection()).map(|(_, hash)| hash).map_err(|error| JournalError::read(&error))
    }

    /// The time, by this machine's clock: for people. Order is by number.
    pub(super) fn now(&self) -> SystemTime {
        self.disk.now()
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends records: all of them, or none. Returns when they are on the disk, by a sync that is shared with others that write.
    pub(super) fn append(&self, entries: &[Entry<'_>]) -> Result<(), JournalError> {
        if entries.is_empty() {
            return Ok(());
        }
        if self.copy.is_some() {
            return Err(JournalError::Write { cause: "it was opened to be read".to_owned(), full: false });
        }
        let prepared = entries.iter().map(Entry::prepare).collect::<Result<Vec<_>, _>>()?;
        let stopped = || WriteFailure { cause: "the thread that wrote for several died".to_owned(), full: false };
        Ok(self.writing.commit(prepared, |batch| self.write(&batch), stopped)?)
    }

    /// Writes what several have brought.
    fn write(&self, batch: &[Prepared]) -> Result<(), WriteFailure> {
        let mut connection = self.connection();
        self.disk.before_write().map_err(|error| WriteFailure::of_disk(&error))?;
        append::commit(&mut connection, batch).map_err(|error| WriteFailure::of_database(&error))?;
        self.disk.after_write();
        Ok(())
    }

    /// How many records wait for the next sync.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.writing.waiting()
    }

    fn key(&self) -> Result<&Key, JournalError> {
        let loaded = self.key.get_or_init(|| {
            // A key that was lost must not be replaced silently: what it sealed could never be opened again.
            let sealed = self.connection().query_row("SELECT 1 FROM sealed LIMIT 1", [], |_| Ok(())).optional();
            let unused = sealed.is_ok_and(|found| found.is_none());
            Key::load(&self.key_path, self.access, unused).map_err(|error| match error {
                JournalError::Key { cause, .. } => cause,
                other => other.text(),
            })
        });
        loaded.as_ref().map_err(|cause| JournalError::Key { path: self.key_path.clone(), cause: cause.clone() })
    }

    /// Seals bytes for a place in the journal.
    pub(super) fn seal(&self, run: &str, router: &str, name: &str, plain: &[u8]) -> Result<Vec<u8>, JournalError> {
        let sealed = self.key()?.seal(&place(run, router, name), plain);
        sealed.ok_or_else(|| JournalError::Key {
            path: self.key_path.clone(),
            cause: Text::new("no random bytes", "乱数を取得できません"),
        })
    }

    /// What was sealed for a router in a run.
    ///
    /// # Errors
    /// When nothing was, or it cannot be opened.
    pub fn unseal(&self, run: &str, router: &str, name: &str) -> Result<Zeroizing<Vec<u8>>, JournalError> {
        let found: Option<Vec<u8>> = self
            .connection()
            .query_row(
                "SELECT bytes FROM sealed WHERE run = ?1 AND router = ?2 AND name = ?3",
                params![run, router, name],
                |row| row.get(0),
            )
            .optional()
            .map_err(|error| JournalError::read(&error))?;
        let sealed = found.ok_or_else(|| JournalError::NotKept { run: run.to_owned(), name: name.to_owned() })?;
        let plain = self.key()?.open(&place(run, router, name), &sealed);
        plain.ok_or_else(|| JournalError::Unsealable { run: run.to_owned(), name: name.to_owned() })
    }

    /// The names of what was sealed for a router in a run, or for the run where no router is named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sealed_names(&self, run: &str, router: &str) -> Result<Vec<String>, JournalError> {
        self.rows("SELECT name FROM sealed WHERE run = ?1 AND router = ?2 ORDER BY name", params![run, router], |row| {
            row.get(0)
        })
    }

    /// Whether anything can be sealed: there is a key.
    ///
    /// # Errors
    /// Why there is none.
    pub fn can_seal(&self) -> Result<(), JournalError> {
        self.key().map(drop)
    }

    /// Every record that our condition chooses, in order.
    pub(super) fn select(&self, condition: &str, values: &[&str]) -> Result<Vec<Stored>, JournalError> {
        let sql =
            format!("SELECT number, at_ms, run, router, body, hash FROM record WHERE {condition} ORDER BY number");
        self.rows(&sql, rusqlite::params_from_iter(values), stored)
    }

    /// Every row that answers our query.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        self.try_rows(sql, values, read).map_err(|error| JournalError::read(&error))
    }

    /// Likewise, with the error of the database.
    pub(super) fn try_rows<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.connection().prepare_cached(sql)?.query_map(values, read)?.collect()
    }

    /// Walks the whole chain; with `head`, also looks for a record that has this hash. Then compares the projection with the records,
    /// and rebuilds it if they differ.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn verify(&self, head: Option<&str>) -> Result<ChainCheck, JournalError> {
        let mut connection = self.connection();
        let verified = whole(&connection, head).map_err(|error| JournalError::read(&error))?;
        if matches!(verified.fault, Some(Fault::Projection { .. }))
            && let Err(error) = projection::rebuild_now(&mut connection)
        {
            tracing::warn!(%error, "the projection could not be rebuilt");
        }
        Ok(verified)
    }

    /// Makes sure that a run can be relied on: from its first record on every record is what was written after the previous one,
    /// and what was sealed for the run is what its records say.
    ///
    /// # Errors
    /// [`JournalError::Edited`], or when the file cannot be read.
    pub fn trust(&self, run: &str) -> Result<(), JournalError> {
        match walk::of_run(&self.connection(), run).map_err(|error| JournalError::read(&error))? {
            None => Ok(()),
            Some(fault) => Err(JournalError::Edited { run: run.to_owned(), fault }),
        }
    }
}

/// What is wrong with the chain, or else with the projection, at one moment: others may be writing.
fn whole(connection: &Connection, head: Option<&str>) -> rusqlite::Result<ChainCheck> {
    let moment = connection.unchecked_transaction()?;
    let mut verified = walk::whole(&moment, head)?;
    if verified.fault.is_none() {
        verified.fault = projection::difference(&moment)?;
    }
    Ok(verified)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // Each commit reaches the disk before the next byte reaches a router; a power cut leaves whole transactions.
    write_ahead(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", "OFF")
}

/// Keeps committed pages in a log beside the file, from the first one who opens it on.
///
/// SQLite does not wait for another one that does the same to a new file: it says at once that the file is busy. A transaction does
/// wait for it, up to [`BUSY`], and finds it done.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && begun.elapsed() < BUSY => {
                connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
            }
            set => return set,
        }
    }
}

fn place(run: &str, router: &str, name: &str) -> String {
    format!("ixdeploy journal 1\n{run}\n{router}\n{name}")
}

/// A row of number, time, run, router, body and hash.
pub(super) fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    let body: String = row.get(4)?;
    Ok(Stored {
        number: row.get(0)?,
        at_ms: row.get(1)?,
        run: row.get(2)?,
        router: row.get(3)?,
        record: serde_json::from_str(&body).ok(),
        hash: row.get(5)?,
    })
}

/// SHA-256 in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    chain::hex(&Sha256::digest(bytes))
}
