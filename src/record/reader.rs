//! Who is shown what happens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::envelope::{Envelope, Scope};
use super::kind::Kind;

/// Takes what happens to one router, or to the run: the side of those that see it happen.
pub trait Sink: Send + Sync {
    /// Takes one thing that happened. What is about to be done is recorded with a [`Recorder`](super::Recorder) instead.
    fn emit(&self, kind: Kind);
}

/// A sink for what is of no interest.
impl Sink for () {
    fn emit(&self, _: Kind) {}
}

/// A reader of what happens. It is called from the thread of each router's session, so it must not wait.
pub trait Reader: Send + Sync {
    /// Reads one envelope.
    fn read(&self, envelope: &Envelope);
}

/// A shared reader.
impl<R: Reader + ?Sized> Reader for Arc<R> {
    fn read(&self, envelope: &Envelope) {
        (**self).read(envelope);
    }
}

/// The readers of a command: each is shown everything, in one order, with a number that has no gaps.
#[derive(Clone, Default)]
pub struct Readers {
    shared: Arc<Shared>,
    /// One that is shown only what goes through this value and its copies.
    beside: Option<Arc<dyn Reader>>,
}

#[derive(Default)]
struct Shared {
    readers: Vec<Box<dyn Reader>>,
    last: Mutex<u64>,
}

impl Readers {
    /// These readers.
    pub fn new(readers: Vec<Box<dyn Reader>>) -> Self {
        Self { shared: Arc::new(Shared { readers, last: Mutex::default() }), beside: None }
    }

    /// The same, and one more that is shown only what goes through these: what happens to one router, say.
    #[must_use]
    pub fn with(&self, reader: impl Reader + 'static) -> Self {
        Self { shared: Arc::clone(&self.shared), beside: Some(Arc::new(reader)) }
    }

    /// Shows an envelope to each of them in turn.
    pub fn show(&self, envelope: Envelope) {
        self.show_next(self.shared.last.lock().unwrap_or_else(PoisonError::into_inner), envelope);
    }

    /// The same, unless one is being shown: the last word of a program that ends in the middle of everything waits for no one.
    pub fn show_if_free(&self, envelope: Envelope) {
        if let Ok(last) = self.shared.last.try_lock() {
            self.show_next(last, envelope);
        }
    }

    fn show_next(&self, mut last: MutexGuard<'_, u64>, mut envelope: Envelope) {
        *last += 1;
        envelope.number = *last;
        self.shared.readers.iter().for_each(|reader| reader.read(&envelope));
        self.beside.iter().for_each(|reader| reader.read(&envelope));
    }
}

/// What happens to no router in particular, and in no run that is journalled.
impl Sink for Readers {
    fn emit(&self, kind: Kind) {
        self.show(Envelope::new(&Scope::default(), SystemTime::now(), kind));
    }
}
