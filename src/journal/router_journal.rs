//! Writing: a run's part of the journal, and one router's.
//!
//! They are where a [`Recorder`] keeps what happens: what is about to be done is on disk before it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::append::Entry;
use super::error::JournalError;
use super::lock::RunLock;
use super::store::{Journal, digest};
use crate::record::{Archive, Ending, Envelope, Kind, Outcome, Readers, Recorder, RunId, Scope};
use crate::state::State;

/// A run's part of the journal.
#[derive(Clone)]
pub struct RunLog {
    journal: Arc<Journal>,
    run: RunId,
    /// The run is carried out by this process; nothing where it only records what belongs to a run of another time.
    _lock: Option<Arc<RunLock>>,
    /// It goes on after it had stopped.
    goes_on: bool,
    /// Where it goes on: what it had claimed of each router before.
    claimed: Arc<OnceLock<BTreeMap<String, u64>>>,
}

/// One router's part of a run.
pub type RouterJournal = Recorder<RunLog>;

impl RunLog {
    /// Begins a run. Nothing may be sent to any router before this has returned.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(journal: Arc<Journal>, readers: &Readers, begun: Kind) -> Result<Self, JournalError> {
        let run =
            RunId::new(journal.now()).map_err(|error| JournalError::Write { cause: error.to_string(), full: false })?;
        Self::begin_named(journal, run, readers, begun)
    }

    /// The same under a name that was told before.
    ///
    /// # Errors
    /// As [`RunLog::begin`].
    pub fn begin_named(
        journal: Arc<Journal>,
        run: RunId,
        readers: &Readers,
        begun: Kind,
    ) -> Result<Self, JournalError> {
        let log = Self::carried_out(journal, run)?;
        log.recorder(readers).record(begun)?;
        Ok(log)
    }

    /// Goes on with a run of the journal, which no other process may do meanwhile.
    ///
    /// # Errors
    /// When another process carries it out, or it cannot be locked.
    pub fn again(journal: Arc<Journal>, run: &str) -> Result<Self, JournalError> {
        Ok(Self { goes_on: true, ..Self::carried_out(journal, RunId::known(run))? })
    }

    /// Records that it goes on; what it had claimed of its routers is known from here on.
    ///
    /// # Errors
    /// When that cannot be read, or this cannot be written: nothing may be changed then.
    pub fn go_on(&self, readers: &Readers, continued: Kind) -> Result<(), JournalError> {
        let claimed = self.journal.claimed_before(self.run.as_str())?;
        self.recorder(readers).record(continued)?;
        self.claimed.get_or_init(|| claimed);
        Ok(())
    }

    /// How many claims on a router there were before the run went on: each one that follows is higher.
    pub fn claimed(&self, router: &str) -> u64 {
        self.claimed.get().and_then(|claimed| claimed.get(router)).copied().unwrap_or_default()
    }

    /// Whether it goes on after it had stopped: it has records from before.
    pub fn goes_on(&self) -> bool {
        self.goes_on
    }

    fn carried_out(journal: Arc<Journal>, run: RunId) -> Result<Self, JournalError> {
        let lock = Arc::new(RunLock::take(journal.state_dir(), run.as_str())?);
        Ok(Self { journal, run, _lock: Some(lock), goes_on: false, claimed: Arc::default() })
    }

    /// Resumes a run that had not ended.
    pub fn of(journal: Arc<Journal>, run: &str) -> Self {
        Self { journal, run: RunId::known(run), _lock: None, goes_on: false, claimed: Arc::default() }
    }

    /// The run's name.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// The journal.
    pub fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Records what happens to the run itself.
    pub fn recorder(&self, readers: &Readers) -> Recorder<Self> {
        Recorder::new(Scope::default().in_run(self.run.clone()), readers.clone(), self.clone())
    }

    /// Records what happens to one router in this run, under a claim ([`Scope::fence`]).
    pub fn router_journal(&self, readers: &Readers, router: &str, site: &str, fence: u64) -> RouterJournal {
        let scope = Scope::router(router, site).in_run(self.run.clone()).fenced(fence);
        Recorder::new(scope, readers.clone(), self.clone())
    }

    /// Records that the program ends in the middle of a router's part. Where nothing was written and no restart was ordered, nothing
    /// is left open by that, and nothing is recorded.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn abandon(&self, router: &str) -> Result<(), JournalError> {
        // What is about to be done is recorded before: what follows this look says by itself that it was begun.
        let part = self.journal.router_run(self.run.as_str(), router);
        if part.is_ok_and(|part| !part.is_unfinished()) {
            return Ok(());
        }
        // The screen names the state in which each was left, so this is shown to no reader.
        let recorder = self.router_journal(&Readers::default(), router, "", 0);
        recorder.record_together([Kind::Abandoned, Kind::Moved { state: State::Lost }])
    }

    /// Records the ends of routers that take no part in the run, before it begins with the others: whatever becomes of it, they are known.
    ///
    /// # Errors
    /// When they cannot be written; the end of the run tries again.
    pub fn leave_out(&self, readers: &Readers, outcomes: &[Outcome]) -> Result<(), JournalError> {
        let ends: Vec<Envelope> = outcomes.iter().map(|outcome| self.ending(outcome)).collect();
        self.keep(&ends.iter().collect::<Vec<_>>())?;
        ends.into_iter().for_each(|envelope| readers.show(envelope));
        Ok(())
    }

    fn ending(&self, outcome: &Outcome) -> Envelope {
        let ending = Ending { causes: outcome.causes.clone(), ..Ending::of(outcome) };
        let scope = Scope::router(&outcome.router, &outcome.site).in_run(self.run.clone());
        Envelope::new(&scope, self.now(), Kind::Ended(Box::new(ending)))
    }

    /// Records the end of each router that was never begun, or was tried several times, then the end of the run: its whole result can be rebuilt from the
    /// journal.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(&self, readers: &Readers, outcomes: &[Outcome], exit: u8) -> Result<(), JournalError> {
        // Where that cannot be read, a router's end is written twice, and the first counts.
        let ended = self.journal.ended_routers(self.run.as_str()).unwrap_or_default();
        // One that the run left as not begun, and met when it went on, has its end only now.
        let is_known = |outcome: &Outcome| {
            ended.get(&outcome.router).is_some_and(|state| *state != State::NotStarted || *state == outcome.state)
        };
        let last_word = |outcome: &&Outcome| !is_known(outcome) || outcome.attempts.is_some();
        let endings = outcomes.iter().filter(last_word).map(|outcome| self.ending(outcome));
        let run_ended = self.recorder(readers).envelope(Kind::RunEnded { exit });
        let last: Vec<Envelope> = endings.chain([run_ended]).collect();
        // It is over even if it cannot be recorded, and the readers are told, of each end once.
        let kept = self.keep(&last.iter().collect::<Vec<_>>());
        let told: BTreeSet<&str> = outcomes.iter().filter(|one| is_known(one)).map(|one| one.router.as_str()).collect();
        let is_new = |envelope: &Envelope| envelope.router().is_none_or(|router| !told.contains(router));
        last.into_iter().filter(is_new).for_each(|envelope| readers.show(envelope));
        kept
    }
}

impl Archive for RunLog {
    type Error = JournalError;

    fn keep(&self, envelopes: &[&Envelope]) -> Result<(), JournalError> {
        let entries: Vec<Entry<'_>> = envelopes
            .iter()
            .map(|envelope| Entry {
                at: envelope.at,
                run: self.run.as_str(),
                router: envelope.router().unwrap_or_default(),
                record: &envelope.kind,
                sealed: None,
            })
            .collect();
        self.journal.append(&entries)
    }

    fn now(&self) -> SystemTime {
        self.journal.now()
    }
}

impl RouterJournal {
    /// Seals bytes beside a record of it. Without a usable key it says so in the chain and returns why.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<Option<JournalError>, JournalError> {
        self.flush()?;
        let log = self.archive();
        let router = self.scope().router.as_deref().unwrap_or_default();
        match log.journal.seal(log.run.as_str(), router, name, plain) {
            Ok(bytes) => {
                let envelope = self.envelope(Kind::Sealed { name: name.to_owned(), sha256: digest(&bytes) });
                log.journal.append(&[Entry {
                    at: envelope.at,
                    run: log.run.as_str(),
                    router,
                    record: &envelope.kind,
                    sealed: Some((name, &bytes)),
                }])?;
                self.show(envelope);
                Ok(None)
            }
            Err(error) => {
                self.record(Kind::NotSealed { name: name.to_owned(), why: error.to_string() })?;
                Ok(Some(error))
            }
        }
    }
}
