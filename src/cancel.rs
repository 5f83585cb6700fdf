//! A person's wish to stop, as something every wait can end on.
//!
//! Set once by the first Ctrl-C: the line under way is finished, then the change is taken back.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

/// Shared by everything that waits or sends.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    inner: Arc<(Mutex<bool>, Condvar)>,
}

impl Cancel {
    /// Asks everybody to stop.
    pub fn ask(&self) {
        let (asked, changed) = &*self.inner;
        *asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Whether somebody asked.
    pub fn is_asked(&self) -> bool {
        *self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the wish or the moment, whichever comes first; true when it was the wish.
    pub fn wait_until(&self, moment: Instant) -> bool {
        let (asked, changed) = &*self.inner;
        let guard = asked.lock().unwrap_or_else(PoisonError::into_inner);
        let left = moment.saturating_duration_since(Instant::now());
        let (guard, _) =
            changed.wait_timeout_while(guard, left, |asked| !*asked).unwrap_or_else(PoisonError::into_inner);
        *guard
    }
}

#[cfg(test)]
mod tests {
    use super::Cancel;
    use std::time::{Duration, Instant};

    #[test]
    fn a_wait_ends_on_the_wish_before_its_moment() {
        let cancel = Cancel::default();
        assert!(!cancel.wait_until(Instant::now()), "the moment has come, nobody asked");
        let other = cancel.clone();
        let asking = std::thread::spawn(move || other.ask());
        assert!(cancel.wait_until(Instant::now() + Duration::from_secs(60)));
        assert!(asking.join().is_ok());
        assert!(cancel.is_asked());
    }
}
