//! From wherever the router is to operation mode, or to an error that says where it is stuck.
//!
//! Starting states: a silent console, a login, a half-typed line, any submode, the pager, an open question, the boot monitor,
//! a boot in progress. Ctrl-U goes before every Return whose line is not ours: a half-typed `erase startup-config` must not run.

use std::time::Duration;

use super::Login;
use super::awaited::Awaited;
use super::bounds::{BOOT_PAUSES, Exchange};
use super::channel::{Channel, Heard};
use super::error::SessionError;
use super::exchange::{Ask, End};
use super::line::SendLine;
use super::tail::{self, TailKind};
use crate::dialect::DeviceStrings;
use crate::dialect::prompt::{Mode, Prompt};
use crate::transport::LinkKind;

/// Returns typed into silence before a console counts as dead: two or three are usual (fact sheet 1).
const WAKES: u32 = 4;
/// Levels left at most: deeper nesting is not known.
const LEVELS: u32 = 8;

/// What was found out on the way.
#[derive(Debug, Default)]
struct Way {
    wakes: u32,
    nudges: u32,
    user_typed: bool,
    password_typed: bool,
    booting: bool,
    cleared: bool,
    speeds: Vec<u32>,
}

/// What the rows so far say about a boot.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BootWatch {
    resets: u64,
    seen: usize,
    standing: bool,
}

fn is_boot(strings: &DeviceStrings, row: &[u8]) -> bool {
    strings.is_boot_line(&tail::shown(row))
}

fn is_banner(strings: &DeviceStrings, row: &[u8]) -> bool {
    row.starts_with(strings.banner.as_bytes())
}

impl Channel {
    /// Finds operation mode.
    pub(super) fn find(&mut self, login: &Login) -> Result<Prompt, SessionError> {
        // Over SSH, and through a program, the router speaks first. A busy one takes its time, and a Return would only come on top.
        let waits = matches!(self.kind(), LinkKind::Ssh | LinkKind::Command);
        let patience = if waits { self.settings.deadlines.login } else { self.settings.deadlines.wake };
        self.within(Exchange::Login, |talk| {
            let prompt = talk.find_prompt_after(login, patience)?;
            talk.leave_to_operation(prompt)
        })
    }

    /// Leaves submodes one by one.
    pub(super) fn leave_to_operation(&mut self, mut prompt: Prompt) -> Result<Prompt, SessionError> {
        let exit = SendLine::own(self.dialect.commands().exit);
        for _ in 0..LEVELS {
            if prompt.mode == Mode::Operation {
                return Ok(prompt);
            }
            let ask = Ask { awaited: Awaited::OperationMode, ..Ask::prompt(&self.dialect, &exit, Exchange::Line) };
            match self.exchange(&prompt, &exit, &ask)?.end {
                End::Prompt(next) => prompt = next,
                _ => break,
            }
        }
        Err(SessionError::Stuck { peer: self.peer(), place: self.written(&prompt) })
    }

    /// Finds any prompt whose line is empty.
    pub(super) fn find_prompt(&mut self, login: &Login) -> Result<Prompt, SessionError> {
        let patience = self.settings.deadlines.wake;
        self.within(Exchange::Look, |talk| talk.find_prompt_after(login, patience))
    }

    /// As [`Channel::find_prompt`]; so long the first words of a router that speaks first are waited for.
    fn find_prompt_after(&mut self, login: &Login, first: Duration) -> Result<Prompt, SessionError> {
        let mut way = Way::default();
        self.screen.clear();
        way.password_typed = self.pass_program(login)?;
        if self.types_first() {
            self.listen(&mut way)?;
            if matches!(self.sight(), TailKind::BootMonitor) {
                return Err(SessionError::BootMonitor { peer: self.peer() });
            }
            // Nothing on a console's line is ours. Erased twice: one character may be lost.
            self.write(&[self.dialect.strings().erase_line; 2])?;
        }
        let mut patience = if self.types_first() { self.settings.deadlines.echo } else { first };
        loop {
            let logging_in = way.password_typed || way.user_typed;
            self.awaited = if logging_in { Awaited::LoginVerdict } else { Awaited::OperationMode };
            let sight = match self.look(patience, &mut way) {
                // Time is up without any answer: that says more than the timeout.
                Err(SessionError::Timeout { .. }) => return Err(self.overdue(&way)),
                sight => sight?,
            };
            self.show();
            let asks = matches!(&sight, TailKind::Text(text) if self.is_asking(text));
            patience = self.settings.deadlines.wake;
            self.expect_login(&sight, asks, login, &way)?;
            match sight {
                TailKind::Prompt(prompt) if self.is_ours(&way) => {
                    self.logged_in |= way.password_typed;
                    return Ok(prompt);
                }
                TailKind::Login => self.answer_login(login, &mut way)?,
                TailKind::Password => self.answer_password(login, &mut way)?,
                // A program on the router's side: whatever it is, the login is not for it.
                TailKind::NamedPassword(owner) => {
                    return Err(SessionError::ForeignPassword { peer: self.peer(), owner: Some(owner) });
                }
                TailKind::Pager => {
                    self.write(&[self.dialect.strings().pager_quit])?;
                    self.screen.clear();
                    way.cleared = false;
                }
                TailKind::Question(_) => self.answer_no(&mut way)?,
                TailKind::BootMonitor => return Err(SessionError::BootMonitor { peer: self.peer() }),
                TailKind::Prompt(_) => self.nudge(&mut way)?,
                TailKind::Nothing => self.wake(&mut way)?,
                TailKind::Text(_) if asks => {
                    return Err(SessionError::Question { peer: self.peer(), question: self.last() });
                }
                TailKind::Text(_) => self.nudge(&mut way)?,
            }
            if way.password_typed || way.user_typed {
                patience = self.settings.deadlines.login;
            }
        }
    }

    /// Waits until a console is silent for a moment: while something comes, the router or a person is at work on it, and nothing is typed.
    fn listen(&mut self, way: &mut Way) -> Result<(), SessionError> {
        self.awaited = Awaited::Life;
        loop {
            match self.hear(self.settings.deadlines.settle)? {
                Heard::More => self.watch_boot(way),
                Heard::Quiet => return Ok(()),
                Heard::End => return Err(SessionError::Closed { peer: self.peer(), awaited: Awaited::Life }),
            }
        }
    }

    /// A boot pauses for long between its texts, and prints its first prompt by itself.
    fn watch_boot(&mut self, way: &mut Way) {
        if !way.booting && self.is_booting() {
            way.booting = true;
            self.allow_boot();
        }
    }

    /// Whether a text looks like a question: Return would answer it. What a boot prints, and what a wrong speed makes of bytes,
    /// may end like one.
    fn is_asking(&mut self, text: &str) -> bool {
        !self.unreadable
            && !self.is_booting()
            && tail::may_be_question(text)
            && !tail::is_half_typed(&self.dialect, text)
    }

    /// Stops if a password would reach someone else, or a command would run although the declared login was never asked for.
    fn expect_login(&self, sight: &TailKind, is_question: bool, login: &Login, way: &Way) -> Result<(), SessionError> {
        let peer = || self.peer();
        let asks = matches!(sight, TailKind::Login | TailKind::Password);
        match self.kind() {
            // SSH has proven the user already: what asks again is not the router.
            // The router's own console has one word for it; another one is a console server's.
            LinkKind::Serial
                if *sight == TailKind::Login && !self.dialect.strings().is_console_login(self.screen.tail()) =>
            {
                Err(SessionError::ForeignPassword { peer: peer(), owner: None })
            }
            LinkKind::Ssh if asks => Err(SessionError::ForeignPassword { peer: peer(), owner: None }),
            LinkKind::Command if login.password.is_some() && !self.logged_in && !way.password_typed => match sight {
                TailKind::Login => Ok(()),
                TailKind::Password if way.user_typed => Ok(()),
                TailKind::Password => Err(SessionError::ForeignPassword { peer: peer(), owner: None }),
                TailKind::NamedPassword(_) | TailKind::BootMonitor => Ok(()),
                TailKind::Prompt(_) => Err(SessionError::LoginNotAsked { peer: peer() }),
                TailKind::Text(_) if is_question => Ok(()),
                TailKind::Nothing | TailKind::Pager | TailKind::Question(_) | TailKind::Text(_) => {
                    Err(self.overdue(way))
                }
            },
            _ => Ok(()),
        }
    }

    /// Whether something must be typed before anything comes, and the line may hold what others typed.
    fn types_first(&self) -> bool {
        self.is_console()
    }

    /// Whether a prompt's line is surely empty: on a console only after our own Ctrl-U and Return.
    fn is_ours(&self, way: &Way) -> bool {
        !self.types_first() || way.cleared
    }

    /// Reads until the line under the cursor is something, or until nothing comes for `patience`.
    fn look(&mut self, patience: Duration, way: &mut Way) -> Result<TailKind, SessionError> {
        let settle = self.settings.deadlines.settle;
        loop {
            let sight = self.sight();
            let definite = !matches!(sight, TailKind::Nothing | TailKind::Text(_));
            // The banner before it makes a network session's first prompt certain.
            if definite && self.is_after_banner() && self.screen.tail().ends_with(b" ") {
                return Ok(sight);
            }
            self.watch_boot(way);
            let wait = if definite {
                settle
            } else if way.booting {
                self.settings.deadlines.boot / BOOT_PAUSES
            } else {
                patience
            };
            match self.hear(wait)? {
                Heard::More => {}
                Heard::Quiet => return Ok(sight),
                Heard::End if way.password_typed => return Err(self.wrong_password(None, false)),
                Heard::End => return Err(SessionError::Closed { peer: self.peer(), awaited: Awaited::OperationMode }),
            }
        }
    }

    fn is_after_banner(&self) -> bool {
        let strings = self.dialect.strings();
        !self.types_first() && self.screen.rows().iter().rev().take(8).any(|row| is_banner(strings, row))
    }

    /// Whether the last sign of a boot has no banner after it. Each row is looked at once.
    fn is_booting(&mut self) -> bool {
        let (rows, strings) = (self.screen.rows(), self.dialect.strings());
        if self.boot.resets != self.screen.resets() {
            self.boot = BootWatch { resets: self.screen.resets(), ..BootWatch::default() };
        }
        for row in rows.from(self.boot.seen).iter() {
            self.boot.standing = is_boot(strings, row) || self.boot.standing && !is_banner(strings, row);
        }
        self.boot.seen = rows.len();
        self.boot.standing || is_boot(strings, self.screen.tail())
    }

    /// Empties the line and presses Return.
    fn clear_line(&mut self, way: &mut Way) -> Result<(), SessionError> {
        self.screen.clear();
        let mut keys = vec![self.dialect.strings().erase_line];
        keys.extend_from_slice(self.line_end());
        self.write(&keys)?;
        way.cleared = true;
        Ok(())
    }

    /// Nothing came: one more Return.
    fn wake(&mut self, way: &mut Way) -> Result<(), SessionError> {
        if way.password_typed || way.user_typed || way.wakes >= WAKES || self.unreadable && self.settings.detect_speed {
            return self.try_next_speed(way);
        }
        way.wakes += 1;
        self.clear_line(way)
    }

    /// Something is there that is not a prompt: empty the line and look again.
    fn nudge(&mut self, way: &mut Way) -> Result<(), SessionError> {
        way.nudges += 1;
        if way.nudges > WAKES || self.unreadable && self.settings.detect_speed {
            return self.try_next_speed(way);
        }
        way.user_typed = false;
        self.clear_line(way)
    }

    /// A question someone left open is answered with its harmless default.
    fn answer_no(&mut self, way: &mut Way) -> Result<(), SessionError> {
        way.nudges += 1;
        if way.nudges > WAKES {
            return Err(SessionError::Question { peer: self.peer(), question: self.last() });
        }
        self.screen.clear();
        let mut keys = vec![self.dialect.strings().erase_line];
        keys.extend_from_slice(self.dialect.commands().no.as_bytes());
        keys.extend_from_slice(self.line_end());
        self.write(&keys)?;
        way.cleared = true;
        Ok(())
    }

    /// A console that stays silent or unreadable may be set to another speed.
    fn try_next_speed(&mut self, way: &mut Way) -> Result<(), SessionError> {
        let error = self.overdue(way);
        let (true, SessionError::Silent { speed: Some(speed), .. }) = (self.settings.detect_speed, &error) else {
            return Err(error);
        };
        way.speeds.push(*speed);
        let speeds = self.dialect.strings().console_speeds;
        let Some(next) = speeds.iter().copied().find(|next| !way.speeds.contains(next)) else {
            return Err(error);
        };
        if !self.set_line_speed(next)? {
            return Err(error);
        }
        tracing::debug!(peer = %self.peer(), speed = next, "trying another console speed");
        self.unreadable = false;
        (way.wakes, way.nudges) = (1, 0);
        self.clear_line(way)
    }

    fn overdue(&self, way: &Way) -> SessionError {
        let peer = self.peer();
        if way.password_typed || way.user_typed {
            let seconds = self.settings.deadlines.login.as_secs();
            return SessionError::Timeout { peer, awaited: Awaited::LoginVerdict, seconds, last: self.last() };
        }
        if self.unreadable || (self.screen.rows().is_empty() && self.sight() == TailKind::Nothing) {
            return SessionError::Silent { peer, speed: self.line_speed(), garbage: self.unreadable };
        }
        SessionError::Stuck { peer, place: self.last() }
    }

    fn answer_login(&mut self, login: &Login, way: &mut Way) -> Result<(), SessionError> {
        if way.password_typed {
            // A refused password is not typed a second time, whatever may have come between.
            return Err(self.wrong_password(login.user.as_deref(), true));
        }
        let Some(user) = &login.user else { return Err(SessionError::LoginNeeded { peer: self.peer() }) };
        let line = SendLine::own(user);
        if line.text().is_empty() || line.text().bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'?') {
            return Err(SessionError::Untypable { line: line.name() });
        }
        self.screen.reset();
        let lead = String::from_utf8_lossy(self.screen.tail()).into_owned();
        if self.is_console() {
            self.type_checked(&lead, &line)?;
        } else {
            self.write(line.text().as_bytes())?;
        }
        self.screen.clear();
        let end = self.line_end();
        self.write(end)?;
        way.user_typed = true;
        Ok(())
    }

    fn answer_password(&mut self, login: &Login, way: &mut Way) -> Result<(), SessionError> {
        self.screen.clear();
        if way.password_typed {
            return Err(self.wrong_password(login.user.as_deref(), true));
        }
        if !way.user_typed {
            // Our own Return at the login prompt, or someone's name: let this round fail and start a clean one.
            let end = self.line_end();
            way.nudges += 1;
            return if way.nudges > WAKES { Err(self.overdue(way)) } else { self.write(end) };
        }
        self.type_password(login)?;
        way.user_typed = false;
        way.password_typed = true;
        // A login by prompts starts with an empty line.
        way.cleared = true;
        Ok(())
    }

    /// Types the password, unseen.
    pub(super) fn type_password(&mut self, login: &Login) -> Result<(), SessionError> {
        let Some(password) = &login.password else { return Err(SessionError::LoginNeeded { peer: self.peer() }) };
        if password.expose().bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err(SessionError::LoginNeeded { peer: self.peer() });
        }
        let typed = zeroize::Zeroizing::new([password.expose().as_bytes(), self.line_end()].concat());
        self.hide_password(password.expose());
        self.write(&typed)
    }

    pub(super) fn wrong_password(&self, user: Option<&str>, asked_again: bool) -> SessionError {
        SessionError::WrongPassword { peer: self.peer(), user: user.unwrap_or("?").to_owned(), asked_again }
    }
}
