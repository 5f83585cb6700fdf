//! Entering and leaving configuration mode, saving, restarting, the host key, saying goodbye.

use super::awaited::Awaited;
use super::bounds::Exchange;
use super::channel::{Channel, Heard};
use super::error::SessionError;
use super::exchange::{Ask, End};
use super::line::{ExpectedLine, ExpectedMode, SendLine};
use super::{Condition, Session};
use crate::dialect::diagnostic::DiagnosticKind;
use crate::dialect::prompt::{Mode, Prompt, Right};
use crate::transport::Transport;

/// How to get configuration mode while someone else holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Take {
    /// Ask, and accept a no.
    #[default]
    Ask,
    /// Ask, and throw the holder out: only at the operator's explicit request.
    Steal,
}

/// What a save said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveReply {
    /// The router's lines. That it said nothing wrong proves nothing: saved is what `show startup-config` shows.
    pub output: Vec<String>,
}

/// What a reload said before it happened.
pub struct ReloadReply {
    /// Whether the router warned that running was not saved.
    pub not_saved: bool,
    /// The path, where it survives a restart (a console); the next session over it waits for the boot.
    pub transport: Option<Box<dyn Transport>>,
}

impl Session {
    /// Enters configuration mode and prepares the session: no pager, a wide terminal, no log lines on a console. Nothing of
    /// this is part of the configuration. Returns whether it was taken from someone.
    ///
    /// # Errors
    /// [`SessionError::Occupied`], [`SessionError::MonitorRight`], or why the session stopped.
    pub fn enter_config(&mut self, take: Take) -> Result<bool, SessionError> {
        if self.prompt.right == Right::Monitor && !self.talk.settings.monitor {
            return Err(SessionError::MonitorRight { peer: self.peer() });
        }
        let mut stolen = false;
        if self.prompt.mode == Mode::Operation {
            stolen = self.take_config(take).map_err(|error| match error {
                // The facts say that this right may come in and look; a firmware that does not allow it reports so
                // here.
                SessionError::Refused { peer, .. } if self.prompt.right == Right::Monitor => {
                    SessionError::MonitorRight { peer }
                }
                error => error,
            })?;
        } else if self.prompt.mode != Mode::Global {
            self.run(&SendLine::own(self.commands().top), &ExpectedMode::Global)?;
        }
        if !self.prepared {
            let around = self.talk.begin(Exchange::SetUp);
            let prepared = self.prepare();
            self.talk.end(around);
            prepared?;
            self.prepared = true;
        }
        Ok(stolen)
    }

    fn take_config(&mut self, take: Take) -> Result<bool, SessionError> {
        match (self.enter_by(self.commands().enable_config), take) {
            (Err(SessionError::Occupied { .. }), Take::Steal) => {
                self.enter_by(self.commands().steal_config).map(|()| true)
            }
            (entered, _) => entered.map(|()| false),
        }
    }

    fn enter_by(&mut self, command: &'static str) -> Result<(), SessionError> {
        let line = SendLine::own(command);
        let ask = Ask::prompt(&self.talk.dialect, &line, Exchange::Line);
        let answer = self.ask(&line, &ask)?;
        // Occupied leaves us in operation mode, so that the words come before the mode.
        let refusal = self.talk.dialect.diagnostics().refusal(answer.lines.iter().map(String::as_str), line.text());
        if refusal.is_some_and(|refusal| refusal.kind == DiagnosticKind::Occupied) {
            self.stay(&line, &answer)?;
            return self.refuse(&line, &answer);
        }
        self.conclude(&line, &ExpectedMode::Global, answer).map(|_| ())
    }

    /// A refused set-up line is harmless: pages are turned, folds undone and log lines recognised anyway. So they go together.
    fn prepare(&mut self) -> Result<(), SessionError> {
        let (lines, length) = self.foreseen;
        self.prove_type_ahead(lines, length)?;
        let own = self.commands();
        let console = self.talk.is_console().then_some(own.no_events);
        let commands = [own.no_pager, own.wide].into_iter().chain(console);
        let lines: Vec<_> = commands
            .map(|command| ExpectedLine { line: SendLine::own(command), expect: ExpectedMode::Global })
            .collect();
        let mut left = lines.as_slice();
        while !left.is_empty() {
            let together = left.len() > 1 && self.type_ahead.lines() > 0;
            let mut answered = 0;
            for (ExpectedLine { line, .. }, result) in left.iter().zip(self.run_window(left)) {
                match result {
                    Ok(_) => self.unpaged |= line.text() == own.no_pager,
                    Err(SessionError::Refused { text, .. }) if self.prompt.mode == Mode::Global => {
                        tracing::debug!(line = %line.name(), ?text, "a set-up line was refused");
                    }
                    // Outside of config mode every line is refused: someone has taken it since.
                    Err(SessionError::Refused { peer, line, .. }) => {
                        return Err(SessionError::Evicted { peer, line, typed: true });
                    }
                    Err(error) if together => {
                        self.type_alone_after(error)?;
                        break;
                    }
                    Err(error) => return Err(error),
                }
                answered += 1;
            }
            left = left.get(answered..).unwrap_or_default();
        }
        Ok(())
    }

    /// A router may take comments ahead and lose what it gets while it carries out a command: from here on lines go one at a time, if
    /// the session can be brought back to its prompt.
    fn type_alone_after(&mut self, error: SessionError) -> Result<(), SessionError> {
        self.never_type_ahead();
        if self.standing != Condition::Unknown || self.resync().is_err() {
            return Err(error);
        }
        tracing::debug!(%error, "a line of the set-up was lost: one line at a time from here on");
        Ok(())
    }

    /// Leaves configuration mode, so that others can have it.
    ///
    /// # Errors
    /// [`SessionError::Evicted`] where someone had taken it, or why the session stopped.
    pub fn leave_config(&mut self) -> Result<(), SessionError> {
        if self.prompt.mode == Mode::Operation {
            return Ok(());
        }
        if self.standing != Condition::Ready {
            return Err(SessionError::GivenUp { peer: self.peer() });
        }
        if matches!(self.prompt.mode, Mode::Sub(_)) {
            self.run(&SendLine::own(self.commands().top), &ExpectedMode::Global)?;
        }
        let exit = SendLine::own(self.commands().exit);
        match self.run(&exit, &ExpectedMode::Operation) {
            Ok(_) => Ok(()),
            // The same word logs out where someone had just moved us to operation mode.
            Err(SessionError::Closed { .. } | SessionError::LoggedOut { .. })
                if self.talk.has_shown(&Prompt { mode: Mode::Operation, ..self.prompt.clone() }) =>
            {
                Err(SessionError::Evicted { peer: self.peer(), line: exit.name(), typed: true })
            }
            Err(error) => Err(error),
        }
    }

    /// Saves running to startup. No byte is typed until the prompt is back; without the prompt none ever is.
    ///
    /// # Errors
    /// [`SessionError::Refused`], [`SessionError::Timeout`], or why the session stopped.
    pub fn save(&mut self) -> Result<SaveReply, SessionError> {
        let line = SendLine::own(self.commands().save);
        self.need_config(self.commands().save)?;
        let ask = Ask {
            awaited: Awaited::SaveEnd,
            pages: false,
            one_return: true,
            ..Ask::prompt(&self.talk.dialect, &line, Exchange::Save)
        };
        let answer = self.ask(&line, &ask);
        if answer.as_ref().is_err_and(|error| !error.is_before_return()) {
            self.standing = Condition::Over;
        }
        let answer = answer?;
        self.stay(&line, &answer)?;
        self.refuse(&line, &answer)?;
        if let Some(said) = self.talk.dialect.diagnostics().save_failure(answer.lines.iter().map(String::as_str)) {
            let text = Some((self.talk.settings.mask)(said));
            return Err(SessionError::Refused { peer: self.peer(), line: line.name(), text });
        }
        Ok(SaveReply { output: answer.lines })
    }

    /// Generates the SSH host key; slow on small routers. Gives back the router's words.
    ///
    /// # Errors
    /// [`SessionError::Question`] when the router asks first (then nothing was answered), or why the session stopped.
    pub fn generate_host_key(&mut self) -> Result<Vec<String>, SessionError> {
        let line = SendLine::own(self.commands().generate_host_key);
        self.need_config(self.commands().generate_host_key)?;
        let ask = Ask {
            awaited: Awaited::HostKey,
            one_return: true,
            ..Ask::prompt(&self.talk.dialect, &line, Exchange::HostKey)
        };
        let answer = self.ask(&line, &ask)?;
        self.stay(&line, &answer)?;
        self.refuse(&line, &answer)?;
        Ok(answer.lines)
    }

    /// Restarts the router: its question is answered with `yes`. The session ends with it, on a network when the router hangs up or
    /// has been silent for some seconds: an answer that it has not read yet is lost with the connection.
    ///
    /// # Errors
    /// [`SessionError::Refused`], or why the session stopped before the answer went out.
    pub fn reload(mut self) -> Result<ReloadReply, SessionError> {
        self.need_config(self.commands().reload)?;
        let line = SendLine::own(self.commands().reload);
        let ask = Ask {
            awaited: Awaited::ReloadQuestion,
            question: true,
            one_return: true,
            ..Ask::prompt(&self.talk.dialect, &line, Exchange::Line)
        };
        let answer = self.ask(&line, &ask)?;
        if answer.end != End::Question {
            self.refuse(&line, &answer)?;
            return Err(SessionError::Stuck { peer: self.peer(), place: self.talk.written(&self.prompt) });
        }
        let not_saved = |text: &String| {
            let found = self.talk.dialect.diagnostics().classify(text, "");
            found.is_some_and(|diagnostic| diagnostic.kind == DiagnosticKind::NotSaved)
        };
        let not_saved = answer.lines.iter().any(not_saved);
        self.talk.screen.reset();
        self.talk.within(Exchange::Line, Channel::confirm)?;
        self.standing = Condition::Over;
        let survives = self.talk.is_console();
        if !survives {
            self.talk.within(Exchange::WayOut, Channel::await_hang_up);
        }
        Ok(ReloadReply { not_saved, transport: survives.then(|| self.talk.into_transport()) })
    }

    fn need_config(&self, what: &'static str) -> Result<(), SessionError> {
        if self.prompt.mode.is_config() {
            return Ok(());
        }
        Err(SessionError::NotHere { peer: self.peer(), what, mode: self.prompt.mode.to_string() })
    }

    /// Leaves the router in operation mode, logged out, and closes the path. Harmless in any state: a session that was
    /// given up is brought back to a prompt first if typing is still allowed.
    ///
    /// # Errors
    /// What went wrong; the path is closed anyway.
    pub fn close(mut self) -> Result<(), SessionError> {
        let around = self.talk.begin(Exchange::WayOut);
        let result = self.say_goodbye();
        self.talk.end(around);
        self.talk.close();
        result
    }

    fn say_goodbye(&mut self) -> Result<(), SessionError> {
        if self.standing == Condition::Over {
            return Ok(());
        }
        if self.standing == Condition::Unknown {
            self.resync()?;
        }
        let line = SendLine::own(self.commands().exit);
        let ways_out = [
            SendLine::own(self.commands().top),
            SendLine::own(self.commands().exit),
            SendLine::own(self.commands().exit),
        ];
        if self.prompt.mode.is_config() && !self.talk.is_console() && self.type_ahead.takes(&ways_out) {
            return self.log_out_at_once(&ways_out);
        }
        self.leave_config()?;
        let ask = Ask { leaves: true, ..Ask::prompt(&self.talk.dialect, &line, Exchange::WayOut) };
        // A box without a login shows its prompt again: that is as far out as it goes.
        self.ask(&line, &ask).map(|_| ())
    }

    /// To the top, out of config mode and out of the router, all in flight together: whatever happened to one of these lines,
    /// the next one leads out and nowhere else.
    fn log_out_at_once(&mut self, ways_out: &[SendLine; 3]) -> Result<(), SessionError> {
        let (answers, error) = self.talk.exchange_window(&self.prompt, &ways_out.each_ref(), Exchange::WayOut);
        for ((line, answer), expect) in
            ways_out.iter().zip(&answers).zip([ExpectedMode::Global, ExpectedMode::Operation])
        {
            self.arrive(line, &expect, answer)?;
        }
        match error {
            Some(SessionError::Closed { .. } | SessionError::LoggedOut { .. }) if answers.len() > 1 => Ok(()),
            // A box without a login shows its prompt again: that is as far out as it goes.
            None => Ok(()),
            Some(error) => Err(self.note(error)),
        }
    }
}

impl Channel {
    /// Answers the question on the line with yes.
    fn confirm(&mut self) -> Result<(), SessionError> {
        if !self.is_console() {
            return self.write(&[self.dialect.commands().yes.as_bytes(), self.line_end()].concat());
        }
        let lead = String::from_utf8_lossy(self.screen.tail()).into_owned();
        self.type_checked(&lead, &SendLine::own(self.dialect.commands().yes))?;
        self.write(b"\r")
    }

    /// Reads until the other side hangs up, or nothing has come for a while. However it ends, the order was given.
    fn await_hang_up(&mut self) {
        let silence = self.bounds().bound(Exchange::WayOut).silence;
        while matches!(self.hear(silence), Ok(Heard::More)) {}
    }
}
