//! Writing: one run's hand in the journal, and one router's.
//!
//! What must be on the disk before something is done is written with [`RouterJournal::write`], which returns only when it is. What has
//! already happened may wait for the next such write with [`RouterJournal::note`]: after a crash the doubt is at most one line either way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::error::JournalError;
use super::record::Record;
use super::run_id::RunId;
use super::store::{Entry, Journal, digest};

/// A run's hand in the journal.
#[derive(Clone)]
pub struct RunLog {
    journal: Arc<Journal>,
    run: RunId,
}

impl RunLog {
    /// Begins a run. Nothing may be sent to any router before this has returned.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(journal: Arc<Journal>, begun: &Record) -> Result<Self, JournalError> {
        let run =
            RunId::new(journal.now()).map_err(|error| JournalError::Write { cause: error.to_string(), full: false })?;
        let log = Self { journal, run };
        log.write(begun)?;
        Ok(log)
    }

    /// Comes back to a run that had not ended.
    pub fn of(journal: Arc<Journal>, run: &str) -> Self {
        Self { journal, run: RunId::known(run) }
    }

    /// The run's name.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// The journal.
    pub fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Writes a record of the run itself.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, record: &Record) -> Result<(), JournalError> {
        let at = self.journal.now();
        self.journal.append(&[Entry { at, run: self.run.as_str(), router: "", record, sealed: None }])
    }

    /// The hand of one router in this run.
    pub fn ledger(&self, router: &str) -> RouterJournal {
        RouterJournal { log: self.clone(), router: router.to_owned(), waiting: Mutex::default() }
    }
}

/// One router's hand in a run.
pub struct RouterJournal {
    log: RunLog,
    router: String,
    waiting: Mutex<Vec<(SystemTime, Record)>>,
}

impl RouterJournal {
    /// The run's name.
    pub fn run(&self) -> &RunId {
        &self.log.run
    }

    /// Keeps a record until the next write.
    pub fn note(&self, record: Record) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((self.log.journal.now(), record));
    }

    /// Writes a record, behind everything that waits; returns when all of it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written. What waited goes on waiting.
    pub fn write(&self, record: Record) -> Result<(), JournalError> {
        self.note(record);
        self.flush()
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// When it cannot be written. What waited goes on waiting.
    pub fn flush(&self) -> Result<(), JournalError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let entries: Vec<Entry<'_>> = waiting.iter().map(|(at, record)| self.entry(*at, record, None)).collect();
        self.log.journal.append(&entries)?;
        waiting.clear();
        Ok(())
    }

    /// Seals bytes beside a record of it. Without a usable key it says so in the chain and returns why.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<Option<JournalError>, JournalError> {
        self.flush()?;
        let run = self.log.run.as_str();
        match self.log.journal.seal(run, &self.router, name, plain) {
            Ok(bytes) => {
                let record = Record::Sealed { name: name.to_owned(), sha256: digest(&bytes) };
                let entry = self.entry(self.log.journal.now(), &record, Some((name, &bytes)));
                self.log.journal.append(&[entry]).map(|()| None)
            }
            Err(error) => {
                self.write(Record::NotSealed { name: name.to_owned(), why: error.to_string() })?;
                Ok(Some(error))
            }
        }
    }

    fn entry<'a>(&'a self, at: SystemTime, record: &'a Record, sealed: Option<(&'a str, &'a [u8])>) -> Entry<'a> {
        Entry { at, run: self.log.run.as_str(), router: &self.router, record, sealed }
    }
}
