//! One session on a router: login, prompt, modes, one line after the other. Bytes in, bytes and pauses out.
//!
//! It holds no clock and no connection: the transport's loop feeds it, writes what it says and waits as long as it asks.

mod execute;
mod help;
mod login;

use std::collections::VecDeque;
use std::time::Duration;

use crate::device::Mode;
use crate::event::{Outcome, What, masked};
use crate::router::signal::Signal;
use crate::router::{Right, Router, Strikes, Via};
use crate::terminal::{Editor, Key, Pager, Turn};

/// What the session waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// A console no one has pressed Return on yet.
    Quiet(u32),
    /// A user name.
    Name,
    /// The password of this user, after this many failures.
    Password(String),
    /// A command.
    Shell,
    /// A key at `--More--`.
    Paging,
    /// The answer to a yes-or-no question.
    Question(Question),
    /// Nothing: it does not answer any more.
    Dead,
}

/// The questions the router asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Reload,
    Erase,
}

/// What goes on when a pause is over.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pending {
    Line(String, Strikes),
    /// What ran when the save was ordered: that is what it writes.
    Save(Vec<String>),
    Boot,
    /// The next `x`, and how many milliseconds to the one after it.
    Drip(u64),
}

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It logged out or was logged out.
    Logout,
    /// The link is cut without a word.
    Cut,
}

/// A session.
#[derive(Debug)]
pub struct Session {
    /// Its number.
    pub id: u64,
    via: Via,
    right: Right,
    mode: Mode,
    state: State,
    editor: Editor,
    pager: Pager,
    length: usize,
    silent_events: bool,
    failures: u32,
    out: Vec<u8>,
    pending: Option<Pending>,
    wait: Option<Duration>,
    typed: VecDeque<u8>,
    spoiled: bool,
    end: Option<End>,
}

impl Session {
    /// A session that has just come in. SSH users are known already; `width` is that of their terminal.
    pub fn open(router: &mut Router, via: Via, known: Option<Right>, width: usize) -> Self {
        let mut session = Self {
            id: router.open_session(via),
            via,
            right: known.unwrap_or(Right::Administrator),
            mode: Mode::Operation,
            state: State::Shell,
            editor: Editor::new(width, router.spec.readings.max_line),
            pager: Pager::default(),
            length: 24,
            silent_events: false,
            failures: 0,
            out: Vec::new(),
            pending: None,
            wait: None,
            typed: VecDeque::new(),
            spoiled: false,
            end: None,
        };
        session.begin(router, known.is_some());
        session
    }

    /// Feeds bytes as they were typed.
    pub fn feed(&mut self, router: &mut Router, bytes: &[u8]) {
        for byte in bytes {
            let count = if self.via == Via::Console { router.arrivals() } else { 1 };
            for _ in 0..count {
                self.arrive(router, *byte);
            }
        }
        self.work(router);
    }

    fn arrive(&mut self, router: &mut Router, byte: u8) {
        if matches!(self.pending, Some(Pending::Save(_))) && byte == 0x1a {
            self.spoiled = true;
        }
        if self.typed.len() < router.spec.readings.type_ahead.max(1) {
            self.typed.push_back(byte);
        }
        if self.pending.is_none() {
            self.work(router);
        }
    }

    /// Goes on after a pause.
    pub fn resume(&mut self, router: &mut Router) {
        match self.pending.take() {
            Some(Pending::Line(line, strikes)) => self.carry_out(router, &line, strikes),
            Some(Pending::Save(body)) => self.finish_save(router, body),
            Some(Pending::Boot) => self.booted(router),
            Some(Pending::Drip(millis)) => {
                self.out.push(b'x');
                self.drip(millis);
            }
            None => {}
        }
        self.work(router);
    }

    /// From now on it only drips.
    fn drip(&mut self, millis: u64) {
        self.wait = Some(Duration::from_millis(millis));
        self.pending = Some(Pending::Drip(millis));
    }

    /// Takes a message from the router.
    pub fn signal(&mut self, router: &mut Router, signal: Signal) {
        match signal {
            Signal::Cut => self.finish(router, End::Cut, "cut"),
            Signal::Hang => self.state = State::Dead,
            Signal::Evicted => self.evict(router),
            Signal::LogLine(text) => {
                if !self.silent_events {
                    self.interrupt_with(router, &text);
                }
            }
            Signal::Restart if self.via == Via::Console || self.via == Via::Channel => self.reboot(router),
            Signal::Restart => self.finish(router, End::Cut, "restart"),
        }
    }

    /// Someone else has configuration mode now. A session that was told so before has left it already.
    fn evict(&mut self, router: &mut Router) {
        if self.mode == Mode::Operation {
            return;
        }
        self.mode = Mode::Operation;
        self.record_mode(router);
        let text = router.spec.readings.texts.evicted.clone();
        self.interrupt_with(router, &text);
    }

    /// A line out of nowhere: below what is there, then the prompt again.
    fn interrupt_with(&mut self, router: &mut Router, text: &str) {
        if matches!(self.state, State::Dead | State::Quiet(_)) || self.pending.is_some() {
            return;
        }
        self.out.extend_from_slice(b"\r\n");
        if !text.is_empty() {
            self.say(text);
        }
        if self.state == State::Shell || self.state == State::Paging {
            self.pager.clear();
            self.state = State::Shell;
            self.prompt(router);
        } else {
            self.editor.show(&mut self.out);
        }
    }

    /// Says that the input has been quiet for too long.
    pub fn idle(&mut self, router: &mut Router) {
        router.free_lock(self.id);
        self.log_out(router, "idle");
    }

    /// What is to be written now.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// How long to wait before `resume`.
    pub fn take_wait(&mut self) -> Option<Duration> {
        self.wait.take()
    }

    /// Whether and how it has ended.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// The connection is gone without a logout. A save that it has ordered may go on; its lock is given back all the same.
    pub fn lost(&mut self, router: &mut Router) {
        let saves = matches!(self.pending, Some(Pending::Save(_)));
        if saves && router.spec.readings.save_goes_on && self.via != Via::Console {
            router.free_lock(self.id);
        } else if self.end.is_none() {
            self.finish(router, End::Cut, "link");
        }
    }

    /// The client told its terminal's width.
    pub fn resized(&mut self, columns: usize) {
        self.editor.set_width(columns);
    }

    fn work(&mut self, router: &mut Router) {
        while self.pending.is_none() && self.end.is_none() {
            let Some(byte) = self.typed.pop_front() else { return };
            if self.state == State::Dead {
                continue;
            }
            let strike = router.strikes_byte(self.id);
            if let Some(strikes) = &strike
                && strikes.cut == Some(false)
            {
                self.finish(router, End::Cut, "cut");
                return;
            }
            let before = self.out.len();
            self.byte(router, byte);
            if let Some(strikes) = strike {
                self.out.truncate(before);
                if strikes.freeze {
                    self.state = State::Dead;
                } else {
                    self.finish(router, End::Cut, "cut");
                }
            }
        }
    }

    fn byte(&mut self, router: &mut Router, byte: u8) {
        if self.state == State::Paging {
            let erase = router.spec.readings.pager_erase;
            if self.pager.key(byte, self.length, erase, &mut self.out) == Turn::Done {
                self.state = State::Shell;
                self.prompt(router);
            }
            return;
        }
        if let State::Quiet(left) = self.state {
            if byte == b'\r' || byte == b'\n' {
                if left > 0 {
                    self.state = State::Quiet(left - 1);
                } else {
                    self.wake(router);
                }
            }
            return;
        }
        match self.editor.key(byte, &mut self.out) {
            Key::Line(line) => self.line(router, &String::from_utf8_lossy(&line)),
            Key::Help if self.state == State::Shell => self.help(),
            Key::Complete if self.state == State::Shell => self.complete(router),
            Key::Leave if self.state == State::Shell => {
                self.out.extend_from_slice(b"\r\n");
                self.leave_config(router);
                self.prompt(router);
            }
            Key::Interrupt if self.state == State::Shell => {
                self.out.extend_from_slice(b"\r\n");
                self.prompt(router);
            }
            _ => {}
        }
    }

    fn line(&mut self, router: &mut Router, line: &str) {
        match self.state.clone() {
            State::Name => self.name(router, line),
            State::Password(user) => self.password(router, &user, line),
            State::Question(question) => self.answer(router, question, line),
            State::Shell => {
                let typed = line.trim();
                if typed.is_empty() {
                    return self.prompt(router);
                }
                let is_config = Router::is_config(self.mode.place(), line);
                let strikes = router.strikes(self.id, line, is_config);
                if strikes.millis > 0 {
                    self.wait = Some(Duration::from_millis(strikes.millis));
                    self.pending = Some(Pending::Line(line.to_owned(), strikes));
                    return;
                }
                self.carry_out(router, line, strikes);
            }
            _ => {}
        }
    }

    fn prompt(&mut self, router: &Router) {
        let host = router.device.config.hostname();
        let sign = if self.right == Right::Administrator { '#' } else { '%' };
        let prompt = match self.mode.label() {
            Some(label) => format!("{host}({label}){sign} "),
            None => format!("{host}{sign} "),
        };
        self.editor.start(&prompt, true, &mut self.out);
    }

    fn say(&mut self, line: &str) {
        self.out.extend_from_slice(line.as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    /// Shows an answer through the pager, then the prompt.
    fn show(&mut self, router: &Router, lines: Vec<String>) {
        match self.pager.show(lines, self.length, &mut self.out) {
            Turn::Done => self.prompt(router),
            Turn::More => self.state = State::Paging,
        }
    }

    fn leave_config(&mut self, router: &mut Router) {
        if self.mode != Mode::Operation {
            self.mode = Mode::Operation;
            self.record_mode(router);
        }
        router.free_lock(self.id);
    }

    fn record_mode(&self, router: &mut Router) {
        router.record(self.id, What::Mode { mode: self.mode.label().unwrap_or_default() });
    }

    fn record_line(&self, router: &mut Router, line: &str, outcome: Outcome) {
        let mode = self.mode.label().unwrap_or_default();
        router.record(self.id, What::Line { mode, line: masked(line), outcome });
    }

    /// Ends the connection. A console's session does not notice that its cable is gone.
    fn finish(&mut self, router: &mut Router, end: End, how: &str) {
        self.end = Some(end);
        if self.via != Via::Console {
            router.close_session(self.id, how);
            self.state = State::Dead;
        }
    }

    /// The console's cable is back.
    #[cfg(unix)]
    pub fn plug_in(&mut self) {
        self.end = None;
        self.out.clear();
    }
}

#[cfg(test)]
mod tests;
