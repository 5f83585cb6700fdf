//! Waiting for a router that cannot be reached: said at once, counted while it lasts, and ended by its return, its deadline or
//! the operator. Each try is a retry of the connection, after a pause that does not grow: the deadline bounds them.
//!
//! The person at the router is told what to do; whether it is the right router is decided by what it says about
//! itself.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::phases::{Loss, Transaction};
use super::{IdentityError, TransactionError};
use crate::message::Text;
use crate::plan::Lifeline;
use crate::record::{Awaited, Kind, Sink};

/// How long we wait between two attempts to reach a router whose session was lost.
const RETRY: Duration = Duration::from_secs(2);

/// The first pause between two lines that count in a log; each is twice as long as the one before.
const FIRST_LINE: Duration = Duration::from_secs(10);

/// One wait for one router.
pub(super) struct ReconnectWait {
    begun: Instant,
    until: Instant,
    /// After how long the next line of a log is due.
    line_at: Duration,
    /// Other boxes that answered, by serial number: each is reported once.
    others: BTreeSet<String>,
    /// The serial number that answered last.
    pub(super) seen: Seen,
}

/// Notes what a box says about itself.
#[derive(Default)]
pub(super) struct Seen(Mutex<Option<String>>);

impl Sink for Seen {
    fn emit(&self, kind: Kind) {
        if let Kind::Identified { identity, .. } = kind {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = identity.serial_number;
        }
    }
}

impl Transaction<'_> {
    /// Begins to wait and reports it.
    pub(super) fn begin_wait(&self, awaited: Awaited, until: Instant) -> ReconnectWait {
        let begun = Instant::now();
        let wait = ReconnectWait { begun, until, line_at: FIRST_LINE, others: BTreeSet::new(), seen: Seen::default() };
        self.emit(Kind::Waiting {
            awaited,
            peer: self.env.connect.peer(),
            seconds: rounded_up(until.saturating_duration_since(begun)),
        });
        wait
    }

    /// What a lost router is waited for.
    pub(super) fn awaited(&self) -> Awaited {
        match self.recovery.loss {
            Loss::Process => Awaited::Resumed,
            Loss::Cable => Awaited::Cable,
            Loss::Session if self.intent.path.lifeline == Lifeline::Console => Awaited::Console,
            Loss::Session => Awaited::Session,
        }
    }

    /// Waits before the next attempt; false when it was the last one.
    pub(super) fn wait_for_retry(&self, wait: &mut ReconnectWait, last: &Text) -> bool {
        let again = Instant::now() + RETRY;
        if again >= wait.until || self.env.cancel.is_asked() {
            return false;
        }
        let (waited, left) = (wait.begun.elapsed(), wait.until.saturating_duration_since(Instant::now()));
        let is_line = waited >= wait.line_at;
        while wait.line_at <= waited {
            wait.line_at = wait.line_at.saturating_mul(2);
        }
        self.emit(Kind::StillWaiting {
            seconds: waited.as_secs(),
            seconds_left: rounded_up(left),
            last: last.clone(),
            is_line,
        });
        !self.env.cancel.wait_until(again)
    }

    /// Says that another box answers, with both serial numbers; once for each box.
    pub(super) fn note_another_box(&self, wait: &mut ReconnectWait, cause: &TransactionError) {
        if !matches!(
            cause,
            TransactionError::Identity(IdentityError::WrongSerialNumber { .. })
                | TransactionError::Identity(IdentityError::WrongModel { .. })
                | TransactionError::Identity(IdentityError::OldFirmware { .. })
                | TransactionError::Identity(IdentityError::WrongHostName { .. })
        ) {
            return;
        }
        let expected = self.backup.identity.serial_number().to_owned();
        let found = wait.seen.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        if found != expected && wait.others.insert(found.clone()) {
            self.emit(Kind::AnotherBox { expected, found });
        }
    }

    /// Says that the router is there again.
    pub(super) fn note_reconnected(&self, wait: &ReconnectWait) {
        self.emit(Kind::FoundAgain {
            serial_number: self.backup.identity.serial_number().to_owned(),
            seconds: wait.begun.elapsed().as_secs(),
        });
    }
}

/// Whole seconds, never fewer than there are.
fn rounded_up(length: Duration) -> u64 {
    length.as_secs().saturating_add(u64::from(length.subsec_nanos() > 0))
}
