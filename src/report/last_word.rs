//! Whether what happens has come to its end: every command that meets routers closes its events with how it ended.

use std::sync::{Mutex, PoisonError};

use crate::record::{Envelope, Kind, Reader};

/// Remembers the exit status of an end after which nothing followed.
#[derive(Debug, Default)]
pub struct LastWord {
    exit: Mutex<Option<u8>>,
}

impl LastWord {
    /// The exit status, if the last event was the end.
    pub fn exit(&self) -> Option<u8> {
        *self.exit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader for LastWord {
    fn read(&self, envelope: &Envelope) {
        let exit = match envelope.kind {
            Kind::RunEnded { exit } => Some(exit),
            _ => None,
        };
        *self.exit.lock().unwrap_or_else(PoisonError::into_inner) = exit;
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::LastWord;
    use crate::record::{Envelope, Kind, Reader, Scope};

    #[test]
    fn an_end_is_the_last_word_only_until_something_follows() {
        let last = LastWord::default();
        let read = |kind| last.read(&Envelope::new(&Scope::default(), SystemTime::UNIX_EPOCH, kind));
        assert_eq!(last.exit(), None);
        read(Kind::RunEnded { exit: 3 });
        assert_eq!(last.exit(), Some(3));
        read(Kind::TookOver);
        assert_eq!(last.exit(), None);
    }
}
