//! How many routers a password is tried on at once that has let no one in yet: a wrong one must not lock the administrator out of many.
//!
//! Sites are bounded where they are admitted; here are the routers of one that has begun. Those beyond the bound wait until one of the
//! others has logged in, or has ended: the end itself may wait for them.

use super::{Dispatcher, Turn};

impl Dispatcher {
    /// The router of a task in flight has let it in, with the password of this credential where that is known: the end of the task may
    /// wait for others of its site, which may wait for this.
    pub fn logged_in(&mut self, number: usize, credential: Option<&str>) {
        if self.in_flight(number).is_none() {
            return;
        }
        let Some(slot) = self.slots.get(number) else { return };
        self.cohorts.note_login(&slot.cohorts, credential);
        self.tries_no_longer(number);
    }

    /// Whether the password of a task's router may be tried on one more router now: one large site alone is bounded, too.
    pub(super) fn may_try_password(&self, number: usize) -> bool {
        let slot = self.slots.get(number);
        slot.is_none_or(|slot| self.cohorts.may_try_password(&slot.cohorts, &self.rules.holds))
    }

    /// A task begins, and with it an attempt at its router's password.
    pub(super) fn tries_password(&mut self, number: usize) {
        if let Some(slot) = self.slots.get_mut(number) {
            slot.tries_password = true;
            self.cohorts.note_trying(&slot.cohorts, true);
        }
    }

    /// A router has let its task in, or that has ended or was deferred: those that wait for its password have their turn, if they may.
    pub(super) fn tries_no_longer(&mut self, number: usize) {
        let Some(slot) = self.slots.get_mut(number) else { return };
        if std::mem::take(&mut slot.tries_password) {
            self.cohorts.note_trying(&slot.cohorts, false);
            self.quiet = None;
            self.ready.extend(self.unproven.iter().map(|number| Turn::Begin(*number)));
        }
    }
}
