//! A restart in its window: for lines that take effect only then. The router must start with what it had saved.

use std::time::{Duration, Instant};

use super::approved::Approved;
use super::boot::{Boot, BootComparison};
use super::phases::{Transaction, TransactionEnv};
use super::reconnect_wait::Seen;
use super::who::read_identity;
use super::{ChangeError, Intent, Outcome, RecoveryError, TransactionError};
use crate::message::{Explain, Text};
use crate::record::{Awaited, ComparedWith, Kind};
use crate::state::State;

/// How long after an order that the router took it may still be up; then it is told once more.
const UNTIL_REPEATED: Duration = Duration::from_secs(10);

/// Restarts a router whose running configuration is saved, waits for it, and verifies it again.
pub fn restart(intent: &Intent, env: TransactionEnv<'_>) -> Outcome {
    let approved = Approved::nothing();
    match Transaction::new(intent, &approved, env).observe() {
        Err(ended) => *ended,
        Ok(mut transaction) => {
            if let Err(cause) = transaction.restart() {
                transaction.fail_restart(cause);
            }
            transaction.end()
        }
    }
}

/// What is known of the order to restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// It may have arrived, or not: a router that is still up at the end did not get it.
    Unknown,
    /// The router took it: one that has not restarted yet still may.
    Taken,
    /// It was given once more then, and a router that took it may still be up.
    JustRepeated(Instant),
    /// It was given once more so long ago that a router which took it would be down.
    Repeated,
}

impl Order {
    /// Whether a router that is still up at the end has not restarted, and will not.
    fn is_decided_by_looking(self) -> bool {
        matches!(self, Self::Unknown | Self::Repeated)
    }

    /// The router had as long since as one that took the order may still be up.
    fn may_have_arrived(&mut self, until_down: Duration) {
        if matches!(self, Self::JustRepeated(at) if at.elapsed() >= until_down) {
            *self = Self::Repeated;
        }
    }
}

impl Transaction<'_> {
    fn restart(&mut self) -> Result<(), TransactionError> {
        self.enter(State::Verifying)?;
        // A request to stop counts until now; a later one waits until the router is back.
        if self.env.cancel.is_asked() {
            return Err(TransactionError::Change(ChangeError::Stopped {
                router: self.intent.router.clone(),
                number: None,
            }));
        }
        self.machine.may_restart()?;
        self.write_ahead(Kind::Restarting, false)?;
        self.machine.order_restart();
        let mut order = Order::Unknown;
        if let Some(session) = self.session.take() {
            // The reply holds the console's path: it is dropped, so that it can be opened again.
            match session.reload().map(drop) {
                Ok(()) => order = Order::Taken,
                // The order may have arrived all the same: the router itself says whether it restarted.
                Err(error) => self.record(&TransactionError::Session(error)),
            }
        }
        self.verify_restarted(order)?;
        self.enter(State::Confirmed)?;
        self.enter(State::Saved)?;
        self.close();
        Ok(())
    }

    /// The router is up again, with what it had saved; what its checks say is said.
    fn verify_restarted(&mut self, order: Order) -> Result<(), TransactionError> {
        let started_at = self.wait_for_return(order)?;
        self.write_now(Kind::Restarted { started_at });
        self.verify_equals_backup()?;
        self.inspect_restarted()
    }

    /// A restart that was ordered in a run that did not see its end.
    pub(super) fn resume_restart(&mut self) {
        if self.machine.state() != State::Lost {
            self.enter_or_record(State::Lost);
        }
        match self.verify_restarted(Order::Unknown) {
            Ok(()) => {
                self.close();
                for state in [State::Applied, State::Verifying, State::Confirmed, State::Saved] {
                    self.enter_or_record(state);
                }
            }
            Err(cause) => self.fail_restart(cause),
        }
    }

    /// Connects until the deadline, to a router that says it started later than before. One that took the order and is still up after
    /// a while is told once more.
    fn wait_for_return(&mut self, mut order: Order) -> Result<Option<String>, TransactionError> {
        let router = self.intent.router.clone();
        let before = self.backup.boot.clone();
        let until_down = UNTIL_REPEATED.min(self.intent.bounds.patience / 3);
        let repeat_at = Instant::now() + until_down;
        let mut wait = self.begin_wait(Awaited::Restart, Instant::now() + self.intent.bounds.patience);
        loop {
            let looked = match self.has_restarted(&before, &wait.seen) {
                Ok(Some(started_at)) => {
                    self.note_reconnected(&wait);
                    return Ok(started_at);
                }
                other => other,
            };
            let repeats = looked.is_ok() && order == Order::Taken && Instant::now() >= repeat_at;
            let looked = if repeats && !self.env.cancel.is_asked() {
                self.order_again(&wait.seen, &mut order).map(|()| None)
            } else {
                looked
            };
            self.close();
            if let Err(cause) = &looked {
                self.note_another_box(&mut wait, cause);
            }
            let last = match &looked {
                Ok(_) => Text::new("it has not restarted yet", "まだ再起動していません"),
                Err(cause) => cause.text(),
            };
            // A request to stop changes nothing here: the router restarts anyway, so it only ends the wait.
            if self.may_log_in() && self.wait_for_retry(&mut wait, &last) {
                order.may_have_arrived(until_down);
                continue;
            }
            if looked.is_ok() && order.is_decided_by_looking() {
                return Err(TransactionError::Recovery(RecoveryError::NotRestarted { router }));
            }
            return Err(TransactionError::Recovery(RecoveryError::StayedLost { router, last, occupied: false }));
        }
    }

    /// The same order once more, to the box that was read before, which still runs what it ran then; in an undo, where a restart brings
    /// back what is saved, it may run what is ours, and what is saved is read again.
    fn order_again(&mut self, seen: &Seen, order: &mut Order) -> Result<(), TransactionError> {
        let (intent, cancel) = (self.intent, self.env.cancel);
        self.expect_same_box(seen)?;
        super::read::enter_to_look(intent, self.session()?, cancel)?;
        let is_harmless = match self.machine.is_undoing() {
            true => self.restart_brings_backup()?,
            false => crate::plan::same(&self.read_running()?, &self.backup.running),
        };
        if !is_harmless {
            return Ok(());
        }
        self.emit(Kind::Warned {
            warning: Text::new(
                "the router took the order to restart and is still up: it is told once more",
                "再起動の指示を受け付けたルータがまだ再起動していないため、もう一度指示します",
            ),
        });
        *order = Order::JustRepeated(Instant::now());
        match self.session.take() {
            Some(session) => session.reload().map(drop).map_err(TransactionError::Session),
            None => Ok(()),
        }
    }

    /// `None` if the router has not restarted, even if its clock was set meanwhile; else its new start. A router that shows nothing
    /// to distinguish the two counts as restarted.
    fn has_restarted(&mut self, before: &Boot, seen: &Seen) -> Result<Option<Option<String>>, TransactionError> {
        self.open()?;
        let intent = self.intent;
        let boot = read_identity(intent, self.session()?, seen)?.boot;
        let tells = before.started_at.is_some() || before.uptime_minutes.is_some();
        let same = tells && matches!(boot.since(before), BootComparison::Up | BootComparison::ClockSet);
        Ok((!same).then_some(boot.started_at))
    }

    /// The last thing that the tool can do where the undo by lines failed: a restart without a save brings up what was saved. The
    /// startup configuration was read and equals the backup.
    pub(super) fn reload_unsaved(&mut self) -> Result<(), TransactionError> {
        self.machine.may_restart()?;
        self.write_ahead(Kind::Restarting, true)?;
        self.machine.order_restart();
        if let Some(session) = self.session.take() {
            session.reload().map(drop).map_err(TransactionError::Session)?;
        }
        let started_at = self.wait_for_return(Order::Taken)?;
        self.write_now(Kind::Restarted { started_at });
        self.verify_equals_backup()
    }

    /// What runs after the restart is what was saved before it.
    fn verify_equals_backup(&mut self) -> Result<(), TransactionError> {
        let (intent, cancel) = (self.intent, self.env.cancel);
        super::read::enter(intent, self.session()?, cancel)?;
        let running = self.read_running()?;
        let backup = &self.backup.running;
        let same = crate::plan::same(&running, backup);
        self.compared(ComparedWith::Backup, usize::from(!same));
        if same {
            return Ok(());
        }
        let diff = crate::plan::unified(backup, &running, "backup", "running");
        Err(TransactionError::Recovery(RecoveryError::Mixed { router: intent.router.clone(), diff }))
    }

    /// Before the restart was ordered nothing happened; afterwards only reading the router says how it is.
    fn fail_restart(&mut self, cause: TransactionError) {
        if !self.machine.is_restart_ordered() {
            self.fail(cause);
            return;
        }
        self.record(&cause);
        self.close();
        if self.machine.state() != State::Lost {
            self.enter_or_record(State::Lost);
        }
        match cause {
            TransactionError::Recovery(RecoveryError::Mixed { .. }) => self.enter_or_record(State::Mixed),
            // It still runs what it ran: nothing but the order was sent, and that did not arrive.
            TransactionError::Recovery(RecoveryError::NotRestarted { .. }) => self.enter_or_record(State::Undone),
            _ => {}
        }
    }
}
