//! Whose turn it is on a console over which several routers are reached: one session at a time, as a first way or as a second.
//!
//! Who comes to a router over a first way waits for the turn and keeps it to the end of that router's part. A second way is taken
//! in the middle of a part: it has the turn at once or not at all, so that no two parts ever wait for each other.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::transport::{Kind, Received, Terminal, Transport, TransportError};

/// The turn on one console.
pub type ConsoleLock = Arc<Mutex<()>>;

/// The turns on every console of a run, by what the console is called.
#[derive(Clone, Default)]
pub struct ConsoleLocks(Arc<std::sync::Mutex<HashMap<String, ConsoleLock>>>);

impl ConsoleLocks {
    /// The turn on one of them.
    pub fn of(&self, console: String) -> ConsoleLock {
        let mut console_locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(console_locks.entry(console).or_default())
    }
}

/// A path that has its turn as long as it is held.
pub(super) struct LockedTransport<T> {
    link: T,
    _turn: OwnedMutexGuard<()>,
}

impl<T: Transport> LockedTransport<T> {
    pub(super) fn new(link: T, console_lock: OwnedMutexGuard<()>) -> Self {
        Self { link, _turn: console_lock }
    }
}

impl<T: Transport> Transport for LockedTransport<T> {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        self.link.read(buf, until)
    }
    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        self.link.write(bytes, until)
    }
    fn kind(&self) -> Kind {
        self.link.kind()
    }
    fn peer(&self) -> String {
        self.link.peer()
    }
    fn line_speed(&self) -> Option<u32> {
        self.link.line_speed()
    }
    fn set_line_speed(&mut self, speed: u32) -> Result<bool, TransportError> {
        self.link.set_line_speed(speed)
    }
    fn terminal(&self) -> Option<Terminal> {
        self.link.terminal()
    }
    fn close(&mut self) {
        self.link.close();
    }
}
