//! The lines on their way: each written down, sent, and insisted upon.
//!
//! What is sent, and in which order, is the plan's business; what a failure means is the transaction's. A line that the router
//! refuses ends the push at once.

use super::Cause;
use super::execute::Run;
use super::observe::show_if_accepted;
use crate::event::Event;
use crate::ix::diagnostic::DiagnosticKind;
use crate::ix::{line, mask, show, wire};
use crate::plan::{self, Command};
use crate::secret;
use crate::session::{SendLine, SessionError};

impl Run<'_> {
    /// Every secret is had, and every line is one that may be typed, before the first of them changes anything.
    pub(super) fn have_every_secret(&self) -> Result<(), Cause> {
        for command in &self.approved.plan.commands {
            let filled = secret::fill(&command.text, self.means.vault)?;
            line::check(filled.expose(), self.job.options.max_line).map_err(|error| Cause::Untypable {
                router: self.job.router.clone(),
                number: command.number,
                error,
            })?;
        }
        Ok(())
    }

    /// An SSH server needs a host key, which is no configuration line. A router that does not say whether it has one is left
    /// alone: a second key would replace the first, and every host that knows the router would refuse it.
    pub(super) fn needs_host_key(&mut self) -> Result<bool, Cause> {
        if !enables_ssh(&self.approved.plan) {
            return Ok(false);
        }
        let router = self.job.router.clone();
        let flash = show_if_accepted(self.session()?, wire::SHOW_FLASH)?;
        let flash = flash.ok_or(Cause::Unreadable { router, what: wire::SHOW_FLASH })?;
        Ok(!show::has_host_key(&flash))
    }

    pub(super) fn generate_host_key(&mut self) -> Result<(), Cause> {
        let router = self.job.router.clone();
        let answer = self.session()?.generate_host_key().map_err(Cause::Session)?;
        self.emit(&Event::Answered { router, number: 0, answer: answer.join(" "), refused: false });
        Ok(())
    }

    pub(super) fn push(&mut self) -> Result<(), Cause> {
        let commands = self.approved.plan.commands.clone();
        let mut owners = Owners::default();
        for command in &commands {
            if self.means.cancel.is_asked() {
                return Err(Cause::Stopped { router: self.job.router.clone(), number: Some(command.number) });
            }
            self.send(command, commands.len(), false)?;
            self.sent = command.number;
            self.pushed.extend(owners.after(command));
        }
        Ok(())
    }

    /// Sends one line and insists on its acceptance.
    pub(super) fn send(&mut self, command: &Command, total: usize, undo: bool) -> Result<(), Cause> {
        let masked = mask::mask_line(&command.text);
        self.emit(&Event::Sending {
            router: self.job.router.clone(),
            number: command.number,
            total,
            line: masked.clone(),
            undo,
        });
        let filled = secret::fill(&command.text, self.means.vault)?;
        self.write_sending(command, total, &masked, undo)?;
        if undo {
            self.undo_begun = true;
        } else {
            self.attempted = command.number;
        }
        let line = SendLine::new(command.number, filled.expose(), command.secret);
        let reply = match self.session()?.run(&line, &command.expect) {
            Ok(reply) => reply,
            Err(SessionError::Refused { text, .. }) => return Err(self.refused(command, masked, text, undo)),
            Err(error) => return Err(Cause::Session(error)),
        };
        // What is said of a secret line is shown only where its form is known to repeat nothing of it.
        let shown =
            |kind| !command.secret || matches!(kind, DiagnosticKind::UserAdded | DiagnosticKind::RestartRequired);
        let notices: Vec<_> = reply.diagnostics.iter().filter(|notice| shown(notice.kind)).collect();
        let said: Vec<String> = notices.iter().map(|notice| mask::mask_line(&notice.text)).collect();
        self.note_answer(command, undo, true, &said.join(" / "));
        self.restart_pending |= reply.restart_required() && !undo;
        for notice in notices {
            self.emit(&Event::Answered {
                router: self.job.router.clone(),
                number: command.number,
                answer: mask::mask_line(&notice.text),
                refused: false,
            });
        }
        Ok(())
    }

    /// The router quotes a refused line, so what it said about a secret one is not repeated.
    fn refused(&mut self, command: &Command, masked: String, answer: Option<String>, undo: bool) -> Cause {
        let answer = answer.filter(|_| !command.secret).map(|answer| mask::mask_line(&answer));
        self.note_answer(command, undo, false, answer.as_deref().unwrap_or_default());
        self.emit(&Event::Answered {
            router: self.job.router.clone(),
            number: command.number,
            answer: answer.clone().unwrap_or_default(),
            refused: true,
        });
        Cause::Refused {
            router: self.job.router.clone(),
            number: command.number,
            line: (!command.secret).then_some(masked),
            answer,
            undo,
        }
    }
}

/// Which secret each line of a plan enters: what stands before it, with the blocks around it.
#[derive(Default)]
pub(super) struct Owners {
    path: Vec<String>,
}

impl Owners {
    /// The secret that this line, the next of its plan, has entered.
    pub(super) fn after(&mut self, command: &Command) -> Option<String> {
        self.path.truncate(command.depth);
        if command.opener {
            self.path.push(command.text.clone());
            return None;
        }
        let owner = mask::secret_owner(&command.text)?;
        Some(self.path.iter().map(String::as_str).chain([owner.as_str()]).collect::<Vec<_>>().join(" / "))
    }
}

/// Whether a plan turns the SSH server on.
pub(crate) fn enables_ssh(plan: &plan::Plan) -> bool {
    plan.commands.iter().any(|command| command.text == wire::SSH_SERVER)
}
