//! What a run needs from the program around it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::exit::Exit;
use super::operator::Operator;
use super::target::Target;
use crate::cancel::Cancel;
use crate::fleet::{Clock, ExecutorEnv, WallClock};
use crate::journal::{Journal, JournalError, JournalHooks};
use crate::record::{Kind, Readers, Sink};
use crate::transaction::Decisions;

/// The surroundings of a run.
#[derive(Clone)]
pub struct RunEnv {
    /// Known host keys, locks and the journal.
    pub state_dir: PathBuf,
    /// Who is asked and told.
    pub operator: Arc<dyn Operator>,
    /// Who reads what happens.
    pub readers: Readers,
    /// The request to stop.
    pub cancel: Cancel,
    /// The clock that windows are kept by: this machine's.
    pub clock: Arc<dyn Clock>,
    /// What is called around the journal's writes.
    pub hooks: Arc<dyn JournalHooks>,
    journal: OpenedJournal,
}

/// The journal of a state folder, opened once, when it is first needed.
#[derive(Clone, Default)]
pub struct OpenedJournal {
    opened: Arc<Mutex<Option<Arc<Journal>>>>,
    /// When this process first saw a record, by its number, whose time is still to come.
    ahead: Arc<Mutex<HashMap<i64, Instant>>>,
}

impl OpenedJournal {
    /// The journal.
    ///
    /// # Errors
    /// When it cannot be opened: nothing is changed without it.
    pub fn get(&self, state_dir: &Path, hooks: &Arc<dyn JournalHooks>) -> Result<Arc<Journal>, JournalError> {
        // Who comes second waits for the first: a file is not opened twice by one process.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(journal) = &*opened {
            return Ok(Arc::clone(journal));
        }
        let journal = Arc::new(Journal::open(state_dir, Arc::clone(hooks))?);
        *opened = Some(Arc::clone(&journal));
        Ok(journal)
    }

    /// For how long this process has known a record whose time is still to come: the clock was set back since it was written.
    fn known_for(&self, number: i64) -> Duration {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner).entry(number).or_insert_with(Instant::now).elapsed()
    }
}

impl RunEnv {
    /// Surroundings with a journal of their own, which may never be opened.
    pub fn new(state_dir: PathBuf, operator: Arc<dyn Operator>, readers: Readers, cancel: Cancel) -> Self {
        let (clock, hooks, journal) = (Arc::new(WallClock), Arc::new(()), OpenedJournal::default());
        Self { state_dir, operator, readers, cancel, clock, hooks, journal }
    }

    /// The same by another clock.
    #[must_use]
    pub fn by_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The time by its clock.
    pub(super) fn now(&self) -> Timestamp {
        let millis = i64::try_from(self.clock.now().millis()).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
    }

    /// The same, with a journal that others use too.
    #[must_use]
    pub fn with_journal(self, journal: OpenedJournal, hooks: Arc<dyn JournalHooks>) -> Self {
        Self { journal, hooks, ..self }
    }

    /// The journal.
    ///
    /// # Errors
    /// When it cannot be opened: nothing is changed without it.
    pub fn journal(&self) -> Result<Arc<Journal>, JournalError> {
        self.journal.get(&self.state_dir, &self.hooks)
    }

    /// How long ago a record was written. Where the clock was set back since, so long as this process has known it.
    pub(super) fn since(&self, number: i64, at_ms: i64) -> Duration {
        match u64::try_from(self.now().as_millisecond().saturating_sub(at_ms)) {
            Ok(passed) => Duration::from_millis(passed),
            Err(_) => self.journal.known_for(number),
        }
    }

    /// Whether there is a journal already: what only looks into it needs not make one.
    pub(super) fn has_journal(&self) -> bool {
        Journal::is_in(&self.state_dir)
    }

    /// What tasks on these routers are carried out with.
    pub(super) fn executor_env<'a>(&self, targets: impl IntoIterator<Item = &'a Target>) -> ExecutorEnv {
        ExecutorEnv {
            connectors: Target::connectors(targets),
            readers: self.readers.clone(),
            state_dir: self.state_dir.clone(),
            cancel: self.cancel.clone(),
        }
    }

    /// Tells the readers that something is over which is no run of the journal.
    pub(super) fn run_ended(&self, exit: Exit) {
        self.readers.emit(Kind::RunEnded { exit: exit.status() });
    }

    /// A file in the state folder.
    pub fn state_file(&self, name: &str) -> PathBuf {
        self.state_dir.join(name)
    }

    /// Who decides in the middle of a transaction: the operator, or no one where everything was approved beforehand.
    pub fn decisions(&self, assume_yes: bool) -> Arc<dyn Decisions> {
        if assume_yes { Arc::new(()) } else { Arc::clone(&self.operator) as _ }
    }
}
