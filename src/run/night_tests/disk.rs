//! A disk that may go away.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::journal::JournalHooks;

/// The disk of a controller that may be killed: nothing is written after that.
pub struct Disk(pub Arc<AtomicBool>);

impl JournalHooks for Disk {
    fn before_write(&self) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) { Err(io::Error::other("killed")) } else { Ok(()) }
    }
}
