//! Passes what happens to the archive and the readers, in the order that its kind demands.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::durability::Durability;
use super::envelope::{Envelope, Scope};
use super::kind::Kind;
use super::outcome::Outcome;
use super::reader::{Readers, Sink};
use super::router_result::RouterResult;

/// What keeps envelopes for good.
pub trait Archive: Send + Sync {
    /// Why it could not.
    type Error: std::fmt::Display;

    /// Makes these durable, all or none, and returns when they are.
    ///
    /// # Errors
    /// When it cannot; none of them is kept then.
    fn keep(&self, envelopes: &[&Envelope]) -> Result<(), Self::Error>;

    /// Whether anything is kept at all.
    fn keeps(&self) -> bool {
        true
    }

    /// The time that is written beside what is recorded.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Nothing is kept: a command that only reads routers.
impl Archive for () {
    type Error = Infallible;

    fn keep(&self, _: &[&Envelope]) -> Result<(), Infallible> {
        Ok(())
    }

    fn keeps(&self) -> bool {
        false
    }
}

/// Records what happens to one router, or to a run: makes it durable where its kind says so, and shows it to the readers. What is
/// about to be done is durable before anyone is told of it.
pub struct Recorder<A: Archive = ()> {
    scope: Scope,
    readers: Readers,
    archive: A,
    /// What is kept with the next that must be durable.
    waiting: Mutex<Vec<Envelope>>,
    /// What came of the router so far, by what was recorded of it.
    result: Mutex<RouterResult>,
}

impl<A: Archive> Recorder<A> {
    /// A recorder for a scope.
    pub fn new(scope: Scope, readers: Readers, archive: A) -> Self {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        let result = RouterResult::new(&name(&scope.router), &name(&scope.site));
        Self { scope, readers, archive, waiting: Mutex::default(), result: Mutex::new(result) }
    }

    /// What it records of.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Where it is kept.
    pub fn archive(&self) -> &A {
        &self.archive
    }

    /// Who is shown it.
    pub fn readers(&self) -> &Readers {
        &self.readers
    }

    /// How the router ended, or where it is: what its records say, and nothing else.
    pub fn outcome(&self) -> Outcome {
        self.result().outcome().clone()
    }

    /// Whether a failure was recorded of whose code this is true.
    pub fn has_failed(&self, is: impl Fn(&str) -> bool) -> bool {
        self.result().outcome().causes.iter().any(|cause| is(&cause.code))
    }

    /// Records one thing. What is about to be done and cannot be kept is not shown, and must not be done; anything else has
    /// happened and is shown in any case.
    ///
    /// # Errors
    /// When it must be durable and cannot be kept. What waited goes on waiting.
    pub fn record(&self, kind: Kind) -> Result<(), A::Error> {
        let durability = kind.durability();
        let envelope = self.envelope(kind);
        let kept = match durability {
            Durability::Transient => Ok(()),
            Durability::Deferred => {
                self.wait(&envelope);
                Ok(())
            }
            Durability::Immediate => self.keep_or_wait(&envelope),
            Durability::WriteAhead => self.keep(&[&envelope]),
        };
        if kept.is_ok() || durability != Durability::WriteAhead {
            self.show(envelope);
        }
        kept
    }

    /// Records what is done, or is to be done, even if it cannot be kept: during an undo a full disk on a laptop must not come
    /// between a router and its backup.
    ///
    /// # Errors
    /// When it cannot be kept now. It is shown all the same, and waits.
    pub fn record_regardless(&self, kind: Kind) -> Result<(), A::Error> {
        if kind.durability() != Durability::WriteAhead {
            return self.record(kind);
        }
        let envelope = self.envelope(kind);
        let kept = self.keep_or_wait(&envelope);
        self.show(envelope);
        kept
    }

    /// Records things that are done together: all of them durable, then all of them shown.
    ///
    /// # Errors
    /// When they cannot be kept; none is shown then.
    pub fn record_together(&self, kinds: impl IntoIterator<Item = Kind>) -> Result<(), A::Error> {
        let envelopes: Vec<Envelope> = kinds.into_iter().map(|kind| self.envelope(kind)).collect();
        self.keep(&envelopes.iter().collect::<Vec<_>>())?;
        envelopes.into_iter().for_each(|envelope| self.show(envelope));
        Ok(())
    }

    /// Keeps what waits.
    ///
    /// # Errors
    /// When it cannot be kept. It goes on waiting.
    pub fn flush(&self) -> Result<(), A::Error> {
        self.keep(&[])
    }

    /// Shows something without keeping it: it was kept, or waits for that.
    pub(crate) fn show(&self, envelope: Envelope) {
        self.result().take(&envelope.kind);
        self.readers.show(envelope);
    }

    /// An envelope of this scope.
    pub(crate) fn envelope(&self, kind: Kind) -> Envelope {
        Envelope::new(&self.scope, self.archive.now(), kind)
    }

    /// Keeps these after everything that waits.
    fn keep(&self, envelopes: &[&Envelope]) -> Result<(), A::Error> {
        let mut waiting = self.waiting();
        let all: Vec<&Envelope> = waiting.iter().chain(envelopes.iter().copied()).collect();
        if all.is_empty() {
            return Ok(());
        }
        self.archive.keep(&all)?;
        waiting.clear();
        Ok(())
    }

    fn keep_or_wait(&self, envelope: &Envelope) -> Result<(), A::Error> {
        let kept = self.keep(&[envelope]);
        if kept.is_err() {
            self.wait(envelope);
        }
        kept
    }

    fn wait(&self, envelope: &Envelope) {
        if self.archive.keeps() {
            self.waiting().push(envelope.clone());
        }
    }

    fn result(&self) -> MutexGuard<'_, RouterResult> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Envelope>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorder {
    /// A recorder of a command that keeps nothing.
    pub fn unkept(scope: Scope, readers: &Readers) -> Self {
        Self::new(scope, readers.clone(), ())
    }
}

impl<A: Archive> Sink for Recorder<A> {
    fn emit(&self, kind: Kind) {
        if let Err(error) = self.record_regardless(kind) {
            tracing::warn!(router = self.scope.router.as_deref().unwrap_or("-"), %error, "not kept yet: it waits for the next record");
        }
    }
}

#[cfg(test)]
#[path = "recorder_tests.rs"]
mod tests;
