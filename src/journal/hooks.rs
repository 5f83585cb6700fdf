//! What is between the journal and its machine, so that a test decides what the disk and the clock do. It writes nothing itself.

use std::io;
use std::time::SystemTime;

/// Between the journal and its machine, to see in tests what happens when the disk fails, the process dies there, or
/// the clock is set.
pub trait JournalHooks: Send + Sync {
    /// Called before records are made permanent, and before a file of an older form becomes one of the present form; an error is
    /// taken for the disk's.
    ///
    /// # Errors
    /// The error the disk is taken to have returned; nothing is written then.
    fn before_write(&self) -> io::Result<()> {
        Ok(())
    }
    /// Called after they are.
    fn after_write(&self) {}
    /// The time that is written beside what is recorded.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The disk alone.
impl JournalHooks for () {}
