//! A router whose session is gone: looked for until the deadline, over every connection there is, read again, and resolved by what
//! it runs. In short: reconnect, read, reconcile.
//!
//! Nothing is assumed: not that a line arrived, not that a save ended, not that config mode is free. What our own plan does not
//! explain is never finished and never undone.

use std::collections::BTreeSet;
use std::time::Instant;

use super::boot::{Boot, BootComparison};
use super::classify::Found;
use super::decisions::{LostRouter, RecoveryChoice};
use super::phases::{Loss, Transaction, Uptime};
use super::read::enter;
use super::reconnect_wait::Seen;
use super::verify::Applied;
use super::who::read_identity;
use super::{BarrierMember, ChangeError, IdentityError, Intent, RecoveryError, SaveError, TransactionError};
use crate::cancel::Cancel;
use crate::ix::Config;
use crate::message::Text;
use crate::plan::{Command, Lifeline};
use crate::playbook::OnLoss;
use crate::record::{Awaited, ComparedWith, Kind, Sink};
use crate::session::{SessionError, Take};
use crate::state::State;

/// How often one transaction looks for its router: a path that breaks again and again is left to a person.
const LOOKS: usize = 5;

impl Transaction<'_> {
    /// Looks for a router whose session is gone, until the deadline, and decides by what it reads.
    pub(super) fn reconnect_and_resolve(&mut self) {
        self.session = None;
        self.recovery.looks += 1;
        if self.machine.state() != State::Lost {
            self.enter_or_record(State::Lost);
        }
        if self.may_be_saving_on_console() && !self.wait_for_own_save() {
            return self.leave_console_alone();
        }
        if self.recovery.looks > LOOKS {
            return self.give_up();
        }
        let mut wait = self.begin_wait(self.awaited(), self.reconnect_deadline());
        if self.recovery.loss == Loss::Process {
            self.recovery.loss = Loss::Session;
        }
        let (last, occupied) = loop {
            let cause = match self.read_again(&wait.seen) {
                Ok(running) => {
                    self.note_reconnected(&wait);
                    return self.resolve(&running);
                }
                Err(cause) => cause,
            };
            // A console that is merely closed would stay logged in as administrator.
            self.close();
            self.note_another_box(&mut wait, &cause);
            let last = crate::message::Explain::text(&cause);
            if !self.may_log_in() || !self.wait_for_retry(&mut wait, &last) {
                break (last, matches!(cause, TransactionError::Session(SessionError::Occupied { .. })));
            }
        };
        self.record(&TransactionError::Recovery(RecoveryError::StayedLost {
            router: self.intent.router.clone(),
            last,
            occupied,
        }));
    }

    /// A partner of the site is waited for as long as the site's bound allows; an undo has its own patience.
    fn reconnect_deadline(&self) -> Instant {
        let patience = Instant::now() + self.intent.bounds.patience;
        let bound = self.env.site.filter(|_| !self.machine.is_undoing()).and_then(BarrierMember::until);
        bound.map_or(patience, |bound| bound.min(patience))
    }

    /// Whether a save that this process has ordered may be running on this very line.
    fn may_be_saving_on_console(&self) -> bool {
        self.machine.save().may_be_running() && self.intent.path.lifeline == Lifeline::Console
    }

    /// Waits until that save is over, whatever it does: as long as one takes at most. False where that time has passed already, and at a
    /// request to stop.
    fn wait_for_own_save(&mut self) -> bool {
        let Some(until) = self.recovery.save_ends_by.filter(|until| *until > Instant::now()) else { return false };
        let last = Text::new("a save may still be running", "保存が実行中の可能性があります");
        let mut wait = self.begin_wait(Awaited::Save, until);
        while self.wait_for_retry(&mut wait, &last) {}
        if self.env.cancel.wait_until(until) {
            return false;
        }
        self.machine.save_time_is_over();
        true
    }

    /// A save may still be running on this very line, and nothing may be typed into it: the router stays lost until the operator
    /// has seen its prompt.
    pub(super) fn leave_console_alone(&mut self) {
        self.session = None;
        if self.machine.state() != State::Lost {
            self.enter_or_record(State::Lost);
        }
        let last = Text::new(
            "a save may still be running, and nothing may be typed while it runs; wait until the console shows its prompt, then run `ixdeploy resume`",
            "保存が実行中の可能性があり、その間は何も入力できません。コンソールにプロンプトが表示されるまで待ってから ixdeploy resume を実行してください",
        );
        self.record(&TransactionError::Recovery(RecoveryError::StayedLost {
            router: self.intent.router.clone(),
            last,
            occupied: false,
        }));
    }

    fn give_up(&mut self) {
        let last = Text::new(
            "the session was lost again and again; look at the path, then run `ixdeploy resume`",
            "セッションが繰り返し失われました。経路を確認してから ixdeploy resume を実行してください",
        );
        self.record(&TransactionError::Recovery(RecoveryError::StayedLost {
            router: self.intent.router.clone(),
            last,
            occupied: false,
        }));
    }

    /// Opens a session with the box that was read before our first line: over the first way, or over the second where there is one and the first
    /// is shut or leads elsewhere.
    fn reconnect(&mut self, seen: &Seen) -> Result<Boot, TransactionError> {
        let shut = match self.open().and_then(|()| self.expect_same_box(seen)) {
            Ok(boot) => return Ok(boot),
            Err(shut) => shut,
        };
        self.close();
        // A change of our own path may have given the router another address, and another box may have its old one.
        if let Some(address) = self.new_address()
            && let Ok(session) = self.log_in(self.env.connect, Some(&address))
        {
            self.session = Some(session);
            return self.expect_same_box(seen);
        }
        let Some(second) = self.env.connect.second_way() else { return Err(shut) };
        self.session = Some(self.log_in(second, None)?);
        self.emit(Kind::Warned {
            warning: Text::new(
                format!("the first way is shut, so the second one is used: {}", second.peer()),
                format!("第 1 経路で接続できないため、第 2 経路を使用しています: {}", second.peer()),
            ),
        });
        self.expect_same_box(seen)
    }

    fn read_again(&mut self, seen: &Seen) -> Result<Config, TransactionError> {
        let boot = self.reconnect(seen)?;
        let intent: &Intent = self.intent;
        // Who asked to stop waits for the undo: a dead session of ours may hold config mode for a moment, and that is in its bound.
        enter(intent, self.session()?, &Cancel::default())?;
        self.note_restart(boot);
        self.read_running()
    }

    /// The inventory may name no serial number; the box must still be the one that was read before our first line.
    pub(super) fn expect_same_box(&mut self, sink: &dyn Sink) -> Result<Boot, TransactionError> {
        let intent = self.intent;
        let found = read_identity(intent, self.session()?, sink)?;
        let expected = &self.backup.identity;
        if !expected.is_certainly(&found.identity) {
            return Err(TransactionError::Identity(IdentityError::WrongSerialNumber {
                router: intent.router.clone(),
                expected: expected.serial_number().to_owned(),
                found: found.identity.serial_number().to_owned(),
            }));
        }
        Ok(found.boot)
    }

    /// Says that the router has restarted since it was backed up, or that its clock was set. What it runs decides.
    fn note_restart(&mut self, now: Boot) {
        let Some((since, warning)) = now.told(&self.backup.boot) else { return };
        let record = Kind::RestartFound {
            found: since.word().to_owned(),
            started_at: now.started_at.clone(),
            woke_up_by: now.woke_up_by.clone(),
        };
        // It is reported once: from now on this start is the known one.
        self.backup.boot = now;
        if since != BootComparison::ClockSet {
            self.recovery.uptime = Uptime::MaybeBroken;
            self.recovery.ended_saves |= since == BootComparison::Restarted;
        }
        self.emit(Kind::Warned { warning });
        self.write_now(record);
    }

    fn resolve(&mut self, running: &Config) {
        match self.classify(running) {
            Found::Before => self.end_as_before(),
            Found::After => {
                self.findings.verified = Some(running.clone());
                let all: BTreeSet<usize> = (1..=self.approved.plan.commands.len()).collect();
                self.finish_or_undo(&all.clone(), all);
            }
            Found::Between { surely, perhaps } => self.finish_or_undo(&surely, perhaps),
            Found::Mixed(diff) => {
                self.record(&TransactionError::Recovery(RecoveryError::Mixed {
                    router: self.intent.router.clone(),
                    diff,
                }));
                self.end_mixed();
            }
        }
    }

    /// Someone else's lines are among ours: nothing is finished, nothing is undone.
    pub(super) fn end_mixed(&mut self) {
        self.close();
        if self.machine.state() != State::Lost {
            self.enter_or_record(State::Lost);
        }
        self.enter_or_record(State::Mixed);
    }

    fn end_as_before(&mut self) {
        self.compared(ComparedWith::Backup, 0);
        let backup = self.backup.running.clone();
        if let Err(cause) = self.restore_startup(&backup) {
            let unproven = matches!(
                cause,
                TransactionError::Save(SaveError::StartupNotBack { .. })
                    | TransactionError::Save(SaveError::Refused { .. })
            );
            self.record(&cause);
            if self.may_be_saving_on_console() || self.has_lost_session(&cause) {
                return self.reconnect_and_resolve();
            }
            self.close();
            if unproven {
                self.enter_or_record(State::Undoing);
                self.enter_or_record(State::UndoFailed);
            }
            return;
        }
        self.close();
        self.sent.are_undone();
        self.say_why_undone();
        self.enter_or_record(State::Undone);
    }

    /// A change that is undone only because its process ended says so: no check failed on the router.
    fn say_why_undone(&mut self) {
        if std::mem::take(&mut self.recovery.is_unexplained) {
            let router = self.intent.router.clone();
            self.record(&TransactionError::Recovery(RecoveryError::Interrupted { router }));
        }
    }

    /// What our plan explains is finished or undone.
    fn finish_or_undo(&mut self, surely: &BTreeSet<usize>, perhaps: BTreeSet<usize>) {
        let lost = LostRouter {
            router: self.intent.router.clone(),
            sent: surely.len(),
            planned: self.approved.plan.commands.len(),
        };
        let finished = match self.decide(&lost) {
            Ok(Some(RecoveryChoice::Finish)) => self.finish(surely),
            Ok(Some(RecoveryChoice::Undo)) => {
                self.sent.found(perhaps);
                self.say_why_undone();
                return self.undo_change();
            }
            Ok(None) => {
                let run = self.env.recorder.archive().run().as_str().to_owned();
                self.record(&TransactionError::Recovery(RecoveryError::Undecided { lost, run }));
                return self.close();
            }
            // The session was lost again during the question.
            Err(cause) => Err(cause),
        };
        match finished {
            Ok(()) => self.close(),
            Err(cause) if self.session.is_none() || self.has_lost_session(&cause) => {
                self.record(&cause);
                self.reconnect_and_resolve();
            }
            Err(cause @ TransactionError::Recovery(RecoveryError::Mixed { .. })) => {
                self.record(&cause);
                self.end_mixed();
            }
            Err(cause) => {
                self.record(&cause);
                self.undo_change();
            }
        }
    }

    /// By the playbook's policy. A probe is undone in any case. A change that was being undone is not sent a second time, and one attempt to finish is enough.
    fn decide(&mut self, lost: &LostRouter) -> Result<Option<RecoveryChoice>, TransactionError> {
        let whole = lost.sent == lost.planned;
        if self.intent.terms.probe.is_some() {
            return Ok(Some(RecoveryChoice::Undo));
        }
        if lost.planned == 0 {
            // Of a save alone nothing can be undone.
            return Ok(Some(RecoveryChoice::Finish));
        }
        if self.machine.is_undoing() || self.machine.has_tried_to_finish() && !whole {
            return Ok(Some(RecoveryChoice::Undo));
        }
        Ok(match self.intent.terms.lost {
            OnLoss::Nearest if whole => Some(RecoveryChoice::Finish),
            OnLoss::Nearest | OnLoss::Undo => Some(RecoveryChoice::Undo),
            OnLoss::Finish => Some(RecoveryChoice::Finish),
            OnLoss::Ask => {
                let decisions = self.env.decisions;
                self.keep_alive_while_asking(|| decisions.choose_recovery(lost))?
            }
        })
    }

    /// Sends what is missing, if anything is, and goes on as after any push.
    fn finish(&mut self, carried_out: &BTreeSet<usize>) -> Result<(), TransactionError> {
        self.sent.found(carried_out.clone());
        // What the router said of lines whose answer was lost, or came to another process, is not known: the grammar says it.
        let commands = &self.approved.plan.commands;
        let restarts = commands.iter().filter(|line| line.restart && carried_out.contains(&line.number));
        self.sent.wait_for_restart(restarts.map(|line| line.number));
        let applied = if carried_out.len() < self.approved.plan.commands.len() {
            self.have_every_secret()?;
            self.machine.finish();
            self.enter(State::Applying)?;
            self.send_missing(carried_out)?;
            self.retry_other_forms()?;
            self.verify_desired()?
        } else {
            self.compared(ComparedWith::Desired, 0);
            Applied::as_read_again()
        };
        self.enter(State::Applied)?;
        let verified = self.verify(applied)?;
        self.save(verified)
    }

    /// The lines that are missing, one at a time. Where the line before one was not sent just now, its blocks are entered again.
    fn send_missing(&mut self, carried_out: &BTreeSet<usize>) -> Result<(), TransactionError> {
        let commands = self.approved.plan.commands.clone();
        let total = commands.len();
        let mut previous = None;
        for command in commands.iter().filter(|command| !carried_out.contains(&command.number)) {
            if self.env.cancel.is_asked() {
                return Err(TransactionError::Change(ChangeError::Stopped {
                    router: self.intent.router.clone(),
                    number: Some(command.number),
                }));
            }
            if previous != Some(command.number - 1) {
                // It leads out of a block that we are not in any more: outside it would lead out of config mode.
                if *command.text == *self.intent.dialect().commands().exit {
                    self.sent.accept(command.number);
                    continue;
                }
                self.session()?.enter_config(Take::Ask).map_err(TransactionError::Session)?;
                for opener in blocks_around(&commands, command) {
                    self.send(opener, total, false)?;
                }
            }
            self.send_or_other_form(command, total, false)?;
            previous = Some(command.number);
        }
        Ok(())
    }
}

/// The openers of the blocks around a line, the outermost first.
pub(super) fn blocks_around<'a>(commands: &'a [Command], command: &Command) -> Vec<&'a Command> {
    let mut blocks: Vec<&Command> = Vec::new();
    for before in commands.iter().take_while(|before| before.number < command.number) {
        blocks.truncate(before.depth);
        if before.opener {
            blocks.push(before);
        }
    }
    blocks.truncate(command.depth);
    blocks
}
