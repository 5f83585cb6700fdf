//! One line typed, its echo followed, its answer read up to the prompt.
//!
//! On a serial line Return goes out only after the whole echo has matched (`typing`); elsewhere the line goes out at once, and
//! its echo is checked in the same pass as its answer, so that a line costs one round trip.

use super::awaited::Awaited;
use super::bounds::Exchange;
use super::channel::{Channel, Judgement};
use super::echo::{Echo, Follower};
use super::error::SessionError;
use super::line::SendLine;
use super::tail::{self, TailKind};
use crate::dialect::Dialect;
use crate::dialect::prompt::{Mode, Prompt};
use crate::ix::line;
use crate::transport::LinkKind;

/// How an answer may look.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) awaited: Awaited,
    /// What bounds the whole and every silence in it.
    pub(super) exchange: Exchange,
    /// The host name the prompt may change to; `Some(None)` for any.
    pub(super) renames: Option<Option<String>>,
    /// The answer is long text: its end must be followed by silence, and its log-like lines are kept.
    pub(super) is_text: bool,
    /// The pager may be answered.
    pub(super) pages: bool,
    /// Return is pressed once, even when no sign of it comes: a second one would answer a question or disturb a save.
    pub(super) one_return: bool,
    /// A recorded question ends the answer.
    pub(super) question: bool,
    /// A login prompt or the end of the session ends the answer.
    pub(super) leaves: bool,
}

impl Ask {
    /// The answer of an ordinary line.
    pub(super) fn prompt(dialect: &Dialect, line: &SendLine, exchange: Exchange) -> Self {
        let awaited = Awaited::Prompt(line.name());
        let renames = dialect.words().renames(line.text().trim_start()).map(|name| name.map(str::to_owned));
        Self {
            awaited,
            exchange,
            renames,
            is_text: false,
            pages: true,
            one_return: false,
            question: false,
            leaves: false,
        }
    }
}

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Prompt(Prompt),
    Question,
    Login,
    Closed,
}

/// An answer without its echo.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) lines: Vec<String>,
    pub(super) logs: Vec<String>,
    pub(super) end: End,
}

impl Channel {
    /// Whether the path is a console: silent until Return, nothing but the echo tells what arrived.
    pub(super) fn is_console(&self) -> bool {
        self.kind() == LinkKind::Serial
    }

    /// What ends a line: SSH and programs take a line feed, consoles and telnet a carriage return (fact sheet 1).
    pub(super) fn line_end(&self) -> &'static [u8] {
        match self.kind() {
            LinkKind::Serial | LinkKind::Telnet => b"\r",
            LinkKind::Ssh | LinkKind::Command | LinkKind::Fake => b"\n",
        }
    }

    /// Types a line at a known prompt and reads its answer.
    pub(super) fn exchange(&mut self, prompt: &Prompt, line: &SendLine, ask: &Ask) -> Result<Answer, SessionError> {
        line.check(&self.dialect, &prompt.mode)?;
        self.within(ask.exchange, |talk| talk.type_and_read(prompt, line, ask))
    }

    fn type_and_read(&mut self, prompt: &Prompt, line: &SendLine, ask: &Ask) -> Result<Answer, SessionError> {
        self.awaited = ask.awaited.clone();
        self.expect_still_at(prompt, line)?;
        self.screen.reset();
        let lead = String::from_utf8_lossy(self.screen.tail()).into_owned();
        self.hide(line);
        if self.is_console() {
            self.type_checked(&lead, line).map_err(|error| match self.sight() {
                TailKind::Prompt(found) if found != *prompt => self.moved(prompt, found, line, false),
                _ => error,
            })?;
            self.press_return(&lead, line, ask.one_return)?;
        } else {
            let typed = zeroize::Zeroizing::new([line.bytes().as_slice(), self.line_end()].concat());
            self.write(&typed)?;
        }
        let answer = self.answer(prompt, &lead, line, ask)?;
        self.show();
        Ok(answer)
    }

    /// Makes sure that nothing has moved since the prompt was read.
    pub(super) fn expect_still_at(&mut self, prompt: &Prompt, line: &SendLine) -> Result<(), SessionError> {
        let awaited = Awaited::Prompt(line.name());
        if !self.drain(&awaited)? {
            return Ok(());
        }
        let silence = self.bounds().bound(Exchange::Line).silence;
        self.wait(&awaited, silence, |talk, quiet| {
            if !quiet {
                return Ok(Judgement::IfQuiet);
            }
            match talk.sight() {
                TailKind::Prompt(found) if found == *prompt => Ok(Judgement::Done(())),
                TailKind::Prompt(found) => Err(talk.moved(prompt, found, line, false)),
                TailKind::Login | TailKind::Password | TailKind::NamedPassword(_) => {
                    Err(SessionError::LoggedOut { peer: talk.peer(), line: line.name() })
                }
                TailKind::BootMonitor => Err(SessionError::BootMonitor { peer: talk.peer() }),
                _ => Ok(Judgement::Wait),
            }
        })
    }

    /// Whether a row since the last answer begins with this prompt.
    pub(super) fn has_shown(&self, prompt: &Prompt) -> bool {
        let written = self.written(prompt);
        let prompt = written.trim_end().as_bytes();
        let (rows, tail) = (self.screen.rows(), self.screen.tail());
        rows.iter().any(|row| row.starts_with(prompt)) || tail.starts_with(prompt)
    }

    /// A prompt as the router writes it.
    pub(super) fn written(&self, prompt: &Prompt) -> String {
        self.dialect.prompts().write(prompt)
    }

    /// What a prompt means that is not the one we were at.
    fn moved(&self, prompt: &Prompt, found: Prompt, line: &SendLine, typed: bool) -> SessionError {
        let (peer, line) = (self.peer(), line.name());
        if found.host != prompt.host {
            SessionError::HostChanged { peer, line, expected: prompt.host.clone(), found: found.host }
        } else if prompt.mode.is_config() && found.mode == Mode::Operation {
            SessionError::Evicted { peer, line, typed }
        } else {
            SessionError::UnexpectedMode { peer, line, expected: self.written(prompt), found: self.written(&found) }
        }
    }

    fn answer(&mut self, prompt: &Prompt, lead: &str, line: &SendLine, ask: &Ask) -> Result<Answer, SessionError> {
        let (mut start, sent) = (0, line.bytes());
        let strings = self.dialect.strings();
        let mut echo = Follower::at(strings, 0, lead, &sent);
        let silence = self.bounds().bound(ask.exchange).silence;
        let result =
            self.wait(&ask.awaited, silence, |talk, quiet| match echo.follow(talk.screen.rows(), talk.screen.tail()) {
                Echo::Done(first) => {
                    start = first;
                    talk.judge_end(prompt, line, ask, quiet)
                }
                _ => talk.judge_without_echo(prompt, lead, line, quiet),
            });
        let end = match result {
            Ok(end) => end,
            Err(SessionError::Closed { .. }) if ask.leaves => End::Closed,
            Err(SessionError::Timeout { last, .. }) if self.is_asked(start) => {
                return Err(SessionError::Question { peer: self.peer(), question: last });
            }
            Err(error) => return Err(error),
        };
        let (mut lines, mut logs) = (Vec::new(), Vec::new());
        let prompt_alone = lead.trim_end().as_bytes();
        for row in self.screen.rows().from(start).iter() {
            // The prompt once more, after a log line or a second Return, is no answer.
            if row.trim_ascii_end() == prompt_alone && !row.is_empty() {
                continue;
            }
            let text = line::to_text(row).into_owned();
            if !ask.is_text && strings.is_log_line(&text) { logs.push(text) } else { lines.push(text) }
        }
        // The answer is the caller's now: it is not kept twice.
        self.screen.reset();
        Ok(Answer { lines, logs, end })
    }

    /// Whether the unfinished line looks like a question, after the whole echo.
    fn is_asked(&self, start: usize) -> bool {
        start > 0 && tail::may_be_question(&tail::shown(self.screen.tail()))
    }

    /// Whether an answer whose echo was whole has ended.
    pub(super) fn judge_end(
        &mut self,
        prompt: &Prompt,
        line: &SendLine,
        ask: &Ask,
        quiet: bool,
    ) -> Result<Judgement<End>, SessionError> {
        let tail = self.screen.tail();
        let blank_follows = tail.last() == Some(&b' ');
        let sight = self.sight();
        if matches!(sight, TailKind::Nothing | TailKind::Text(_) | TailKind::Password | TailKind::NamedPassword(_)) {
            return Ok(Judgement::Wait);
        }
        // The usual end costs no waiting: our own prompt, complete, after a line whose answer is no long text.
        let pinned = matches!(&sight, TailKind::Prompt(found) if is_expected(found, prompt, ask));
        let certain = pinned && blank_follows && !ask.is_text;
        if !quiet && !certain {
            return Ok(Judgement::IfQuiet);
        }
        match sight {
            TailKind::Prompt(found) if pinned => Ok(Judgement::Done(End::Prompt(found))),
            TailKind::Prompt(found) => Err(self.moved(prompt, found, line, true)),
            TailKind::Pager if ask.pages => {
                self.write(&[self.dialect.strings().pager_next])?;
                Ok(Judgement::Wait)
            }
            TailKind::Question(_) if ask.question => Ok(Judgement::Done(End::Question)),
            TailKind::Question(_) => Err(SessionError::Question { peer: self.peer(), question: self.last() }),
            TailKind::Login if ask.leaves => Ok(Judgement::Done(End::Login)),
            TailKind::Login => Err(SessionError::LoggedOut { peer: self.peer(), line: line.name() }),
            TailKind::BootMonitor => Err(SessionError::BootMonitor { peer: self.peer() }),
            TailKind::Pager
            | TailKind::Nothing
            | TailKind::Text(_)
            | TailKind::Password
            | TailKind::NamedPassword(_) => Ok(Judgement::Wait),
        }
    }

    /// The echo has not come whole: only what explains that ends the wait, and only after silence.
    pub(super) fn judge_without_echo(
        &mut self,
        prompt: &Prompt,
        lead: &str,
        line: &SendLine,
        quiet: bool,
    ) -> Result<Judgement<End>, SessionError> {
        let tail = self.screen.tail();
        if tail == lead.as_bytes() {
            // Nothing has come yet, or a log line has shown the prompt again.
            return Ok(Judgement::Wait);
        }
        let sight = self.sight();
        if !matches!(sight, TailKind::Prompt(_) | TailKind::Login | TailKind::BootMonitor) {
            return Ok(Judgement::Wait);
        }
        if !quiet {
            return Ok(Judgement::IfSilent);
        }
        match sight {
            TailKind::Prompt(found) if found != *prompt => Err(self.moved(prompt, found, line, true)),
            TailKind::Login => Err(SessionError::LoggedOut { peer: self.peer(), line: line.name() }),
            TailKind::BootMonitor => Err(SessionError::BootMonitor { peer: self.peer() }),
            _ => Err(SessionError::Echo { peer: self.peer(), line: line.name(), returned: true, last: self.last() }),
        }
    }
}

/// Whether a prompt carries the pinned host name, or the one that our own line gives.
pub(super) fn is_expected(found: &Prompt, prompt: &Prompt, ask: &Ask) -> bool {
    let renamed = match &ask.renames {
        None => false,
        Some(None) => true,
        // A router that shortens long names still shows their beginning.
        Some(Some(name)) => name == &found.host || name.len() > found.host.len() && name.starts_with(&found.host),
    };
    found.host == prompt.host || renamed
}
