//! The lines on their way: each written down, sent, and insisted upon.
//!
//! What is sent, and in which order, is the plan's business; what a failure means is the transaction's. A line that the router
//! refuses ends the push at once.

use std::ops::Range;

use super::draft::enables_ssh;
use super::phases::{Backup, Transaction};
use super::read::show_if_accepted;
use super::verify::Applied;
use super::{ChangeError, RehearsalError, TransactionError};
use crate::dialect::diagnostic::DiagnosticKind;
use crate::ix::{display, line, mask};
use crate::plan::Command;
use crate::record::Kind;
use crate::secret;
use crate::session::{ExpectedLine, Reply, SendLine, Session, SessionError};
use crate::state::State;

impl Transaction<'_> {
    /// Sends the plan, and proves that the router is as declared then.
    pub(super) fn apply(&mut self) -> Result<Applied, TransactionError> {
        self.have_every_secret()?;
        let needs_host_key = self.needs_host_key()?;
        self.expect_config_mode()?;
        self.enter(State::Applying)?;
        if needs_host_key {
            self.generate_host_key()?;
        }
        self.send_plan()?;
        self.retry_other_forms()?;
        let applied = self.verify_desired()?;
        self.enter(State::Applied)?;
        Ok(applied)
    }

    /// Someone may have taken config mode since the last answer: then nothing of ours was written, and nothing is.
    fn expect_config_mode(&mut self) -> Result<(), TransactionError> {
        let first = self.approved.plan.commands.first();
        let Some(first) = first.map(|command| SendLine::new(command.number, &*command.text, false)) else {
            return Ok(());
        };
        self.session()?.expect_still_here(&first).map_err(TransactionError::Session)
    }

    /// Every secret is had, and every line is one that may be typed, before the first of them changes anything.
    pub(super) fn have_every_secret(&self) -> Result<(), TransactionError> {
        for command in &self.approved.plan.commands {
            let filled = secret::fill(&command.text, self.env.vault)?;
            let text = filled.expose();
            let dialect = self.intent.dialect();
            let typable = line::check(text, self.intent.terms.max_line).and_then(|()| {
                // How a section is left; no line of a configuration says it.
                if text == dialect.commands().exit {
                    return Ok(());
                }
                line::check_command(dialect.grammar(), None, text)
            });
            typable.map_err(|error| {
                TransactionError::Rehearsal(RehearsalError::Untypable {
                    router: self.intent.router.clone(),
                    number: command.number,
                    error,
                })
            })?;
        }
        Ok(())
    }

    /// An SSH server needs a host key, which is no configuration line. A router that does not say whether it has one is left
    /// alone: a second key would replace the first, and every host that knows the router would refuse it.
    fn needs_host_key(&mut self) -> Result<bool, TransactionError> {
        if !enables_ssh(&self.approved.plan) {
            return Ok(false);
        }
        let router = self.intent.router.clone();
        let show_flash = self.intent.dialect().commands().show_flash;
        let flash = show_if_accepted(self.session()?, show_flash)?;
        let flash = flash.ok_or(TransactionError::Unreadable { router, what: show_flash })?;
        Ok(!display::has_host_key(&flash))
    }

    fn generate_host_key(&mut self) -> Result<(), TransactionError> {
        let answer = self.session()?.generate_host_key().map_err(TransactionError::Session)?;
        self.emit(Kind::HostKeyMade { text: answer.join(" ") });
        Ok(())
    }

    fn send_plan(&mut self) -> Result<(), TransactionError> {
        let commands = self.approved.plan.commands.clone();
        for window in self.windows()? {
            let window = commands.get(window).unwrap_or_default();
            let Some(first) = window.first() else { continue };
            if self.env.cancel.is_asked() {
                return Err(TransactionError::Change(ChangeError::Stopped {
                    router: self.intent.router.clone(),
                    number: Some(first.number),
                }));
            }
            match window {
                [command] => self.send_or_other_form(command, commands.len(), false)?,
                _ => self.send_together(window, commands.len())?,
            }
        }
        Ok(())
    }

    /// Lines that may be in flight together: only if the router has just proven that it takes as many, and only if that saves
    /// more than the proof costs.
    fn windows(&mut self) -> Result<Vec<Range<usize>>, TransactionError> {
        let plan = &self.approved.plan;
        let most = self.session.as_ref().map_or(1, Session::widest_window);
        let windows = plan.windows(most);
        let saved = plan.commands.len() - windows.len();
        if saved < 2 {
            return Ok(plan.windows(1));
        }
        let (lines, length) = self.widest();
        if self.session()?.prove_type_ahead(lines, length).map_err(TransactionError::Session)? {
            return Ok(windows);
        }
        tracing::debug!(router = %self.intent.router, "the router does not take lines ahead: they go one by one");
        Ok(self.approved.plan.windows(1))
    }

    /// Sends one line and insists on its acceptance.
    pub(super) fn send(&mut self, command: &Command, total: usize, undo: bool) -> Result<(), TransactionError> {
        if !undo {
            self.machine.may_send()?;
        }
        let filled = secret::fill(&command.text, self.env.vault)?;
        self.write_sending(command, total, &mask::mask_line(&command.text), undo)?;
        self.forget_refusals_at(command);
        if undo {
            self.machine.send_undo();
            self.sent.begin_undo(command);
        } else {
            self.sent.begin(command.number);
        }
        let line = SendLine::new(command.number, filled.expose(), command.secret);
        let result = self.session()?.run(&line, &command.expect);
        self.take_answer(command, result, undo)
    }

    /// Sends lines that do not depend on each other, all of them before the first answer is read. The router also carries out
    /// lines after a refused one, so every answer counts: what was accepted, what was not, and what is in doubt.
    fn send_together(&mut self, window: &[Command], total: usize) -> Result<(), TransactionError> {
        self.machine.may_send()?;
        self.write_sending_together(window, total)?;
        window.iter().for_each(|command| self.sent.begin(command.number));
        let lines: Vec<_> = window
            .iter()
            .map(|command| ExpectedLine {
                line: SendLine::new(command.number, &*command.text, command.secret),
                expect: (&command.expect).into(),
            })
            .collect();
        let results = self.session()?.run_window(&lines);
        let mut causes = Vec::new();
        for (command, result) in window.iter().zip(results) {
            causes.extend(self.take_answer(command, result, false).err());
        }
        // A session that stopped decides what happens next; what was refused before it is told too.
        let stop = causes.iter().position(|cause| matches!(cause, TransactionError::Session(_)));
        causes.truncate(stop.map_or(causes.len(), |stop| stop + 1));
        let Some(last) = causes.pop() else { return Ok(()) };
        for cause in &causes {
            self.record(cause);
        }
        Err(last)
    }

    /// Keeps book of what came of a line.
    fn take_answer(
        &mut self,
        command: &Command,
        result: Result<Reply, SessionError>,
        undo: bool,
    ) -> Result<(), TransactionError> {
        let reply = match result {
            Ok(reply) => reply,
            Err(SessionError::Refused { text, .. }) => {
                if !undo {
                    self.sent.refuse(command.number);
                }
                return Err(self.refused(command, mask::mask_line(&command.text), text, undo));
            }
            Err(error) => return Err(TransactionError::Session(error)),
        };
        // The answer to a secret line is shown only if its form is known to repeat nothing of the line.
        let shown =
            |kind| !command.secret || matches!(kind, DiagnosticKind::UserAdded | DiagnosticKind::RestartRequired);
        let notices: Vec<_> = reply.diagnostics.iter().filter(|notice| shown(notice.kind)).collect();
        let said: Vec<String> = notices.iter().map(|notice| mask::mask_line(&notice.text)).collect();
        self.note_answer(command, undo, true, &said.join(" / "));
        if !undo {
            self.sent.accept(command.number);
            self.sent.wait_for_restart(reply.restart_required().then_some(command.number));
            self.remember_secret(command.number);
        }
        Ok(())
    }

    /// The router quotes a refused line, so what it said about a secret one is not repeated.
    fn refused(&mut self, command: &Command, masked: String, answer: Option<String>, undo: bool) -> TransactionError {
        let answer = answer.filter(|_| !command.secret).map(|answer| mask::mask_line(&answer));
        self.note_answer(command, undo, false, answer.as_deref().unwrap_or_default());
        TransactionError::Change(ChangeError::Refused {
            router: self.intent.router.clone(),
            number: command.number,
            line: (!command.secret).then_some(masked),
            answer,
            origin: command.origin.clone(),
            undo,
        })
    }
}

impl<B: Backup> Transaction<'_, B> {
    /// What the router prints of the secret that this line of the plan enters is ours.
    pub(super) fn remember_secret(&mut self, number: usize) {
        let commands = &self.approved.plan.commands;
        let owner = commands.iter().find(|command| command.number == number).and_then(|one| owner_of(commands, one));
        self.sent.enter_secret(owner);
    }

    /// Lets the session prove once, when config mode is entered, what the windows of the plan will need.
    pub(super) fn foresee(&mut self) -> Result<(), TransactionError> {
        let (lines, length) = self.widest();
        self.session()?.foresee(lines, length);
        Ok(())
    }

    /// The most lines of a window of the plan, and the longest of all lines that share one, in bytes.
    fn widest(&self) -> (usize, usize) {
        let plan = &self.approved.plan;
        let windows = plan.windows(self.session.as_ref().map_or(1, Session::widest_window));
        let together = || windows.iter().filter(|window| window.len() > 1);
        let lines = together().map(Range::len).max().unwrap_or_default();
        let longest = together().filter_map(|window| plan.commands.get(window.clone())).flatten();
        (lines, longest.map(|command| command.text.len()).max().unwrap_or_default())
    }
}

/// The secret that a line of a plan enters: the words before it, with the blocks around it.
pub(super) fn owner_of(commands: &[Command], command: &Command) -> Option<String> {
    let owner = mask::secret_owner(&command.text)?;
    let mut path: Vec<&str> = Vec::new();
    for before in commands.iter().take_while(|before| before.number < command.number).filter(|before| before.opener) {
        path.truncate(before.depth);
        path.push(&before.text);
    }
    path.truncate(command.depth);
    path.push(&owner);
    Some(path.join(" / "))
}
