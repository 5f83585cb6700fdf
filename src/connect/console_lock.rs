//! One session at a time on a console over which several routers are reached.
//!
//! A router's main connection is begun only when its console is free, and the lock is held until that router's part ends. A second
//! connection is opened in the middle of a part: it gets the lock at once or not at all, so that no two parts ever wait for each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// A console is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsoleInUse;

/// What is called when a console is free again.
pub type Freed = Box<dyn FnOnce() + Send>;

/// The consoles in use, by name, each with those that wait until it is free.
#[derive(Clone, Default)]
pub struct ConsoleLocks(Arc<Mutex<HashMap<String, Vec<Freed>>>>);

impl ConsoleLocks {
    /// The lock of a console; nothing where it is in use.
    pub fn try_lock(&self, console: &str) -> Option<ConsoleLock> {
        self.lock_or(console, None)
    }

    /// The same; where it is in use, `freed` is called once, when it no longer is.
    pub fn try_lock_or(&self, console: &str, freed: Freed) -> Option<ConsoleLock> {
        self.lock_or(console, Some(freed))
    }

    fn lock_or(&self, console: &str, freed: Option<Freed>) -> Option<ConsoleLock> {
        let mut in_use = self.in_use();
        if let Some(waiting) = in_use.get_mut(console) {
            waiting.extend(freed);
            return None;
        }
        in_use.insert(console.to_owned(), Vec::new());
        Some(ConsoleLock { locks: self.clone(), console: console.to_owned() })
    }

    fn in_use(&self) -> MutexGuard<'_, HashMap<String, Vec<Freed>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A console in use, until this is dropped.
pub struct ConsoleLock {
    locks: ConsoleLocks,
    console: String,
}

impl Drop for ConsoleLock {
    fn drop(&mut self) {
        // Called without the lock held: a listener may try at once.
        let waiting = self.locks.in_use().remove(&self.console);
        waiting.into_iter().flatten().for_each(|freed| freed());
    }
}

/// A connection over a console that is locked as long as it is open.
pub(super) struct LockedTransport<T> {
    link: T,
    _lock: ConsoleLock,
}

impl<T: Transport> LockedTransport<T> {
    pub(super) fn new(link: T, lock: ConsoleLock) -> Self {
        Self { link, _lock: lock }
    }
}

impl<T: Transport> Transport for LockedTransport<T> {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        self.link.read(buf, until)
    }
    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        self.link.write(bytes, until)
    }
    fn kind(&self) -> LinkKind {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::ConsoleLocks;
    use std::sync::mpsc::channel;

    #[test]
    fn a_console_has_one_user_and_a_waiter_is_told_once_when_it_is_free() {
        let locks = ConsoleLocks::default();
        let (hears, heard) = channel();
        let freed = || {
            let (hears, locks) = (hears.clone(), locks.clone());
            Box::new(move || hears.send(locks.try_lock("COM3").is_some()).unwrap())
        };
        let lock = locks.try_lock("COM3").unwrap();
        assert!(locks.try_lock("COM4").is_some(), "another console");
        assert!(locks.clone().try_lock_or("COM3", freed()).is_none());
        assert!(heard.try_recv().is_err(), "it is in use");
        drop(lock);
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), [true]);
        drop(locks.try_lock_or("COM3", freed()).unwrap());
        assert!(heard.try_recv().is_err(), "the one that got it does not wait");
    }
}
