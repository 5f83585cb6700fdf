//! The conversation with a router, over any transport.
//!
//! Synchronous: one thread per session, every wait ends on bytes or a deadline, every exchange within its total bound (`bounds`). A session is at a known prompt between two
//! calls, or it is given up. It never types Ctrl-C, Ctrl-Z, BREAK, `?` or TAB, and nothing at all while a save runs.

mod awaited;
mod bounds;
mod channel;
mod config;
mod echo;
mod error;
mod exchange;
mod find;
mod line;
mod line_name;
mod listen;
mod meter;
pub mod milliseconds;
mod pipelined_show;
mod program;
mod recorder;
mod recording;
mod review;
mod screen;
mod settings;
mod tail;
mod typing;
mod unmasked;
mod window;

use std::sync::Arc;

pub use self::awaited::Awaited;
pub use self::bounds::{Bound, Bounds, Exchange, MEMORY};
use self::channel::Channel;
pub use self::channel::{NoTap, SessionTap};
pub use self::config::{ReloadReply, SaveReply, Take};
pub use self::error::SessionError;
use self::exchange::{Answer, Ask, End};
pub use self::line::{ExpectedLine, ExpectedMode, Reply, SendLine};
pub use self::line_name::LineName;
pub use self::listen::{Listening, listen};
pub use self::recorder::Recorder;
pub use self::recording::{RecordedEvent, Recording, RecordingError};
pub use self::review::{Reviewed, review};
pub use self::screen::Screen;
pub use self::settings::{Deadlines, Settings};
use self::tail::TailKind;
pub use self::unmasked::{row_of_line, unmasked_lines};
use self::window::TypeAhead;
use crate::dialect::diagnostic::{DeviceDiagnostic, DiagnosticKind};
use crate::dialect::prompt::{Mode, Prompt, Right};
use crate::dialect::{Commands, Dialect};
use crate::message::CodeEntry;
use crate::secret::{CredentialName, Secret};
use crate::transport::ssh::HostKey;
use crate::transport::{LinkKind, Transport};

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[SessionError::CODES, RecordingError::CODES];

/// Who logs in where a login is asked for; over SSH the transport has done that already.
#[derive(Debug, Clone, Default)]
pub struct Login {
    /// The user.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Arc<Secret>>,
}

/// Whether the session may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// At a known prompt.
    Ready,
    /// An error left it in an unknown place; [`Session::resync`] may bring it back.
    Unknown,
    /// Nothing may be typed any more: gone, or a save may still run.
    Over,
}

/// An open conversation.
pub struct Session {
    talk: Channel,
    login: Login,
    /// The credential whose value the password of the login is, where that alone proves the user.
    credential: Option<CredentialName>,
    /// The host key that the other side has proven to have; nothing where the path has none.
    host_key: Option<HostKey>,
    prompt: Prompt,
    standing: Condition,
    prepared: bool,
    /// The pager is off, as the router has accepted.
    unpaged: bool,
    /// How many lines of how many bytes will be in flight together, as far as the caller knows.
    foreseen: (usize, usize),
    type_ahead: TypeAhead,
}

impl Session {
    /// Finds the way to operation mode from wherever the router is.
    ///
    /// # Errors
    /// [`SessionError`] saying where it is stuck; the transport is closed then.
    pub fn open(
        transport: Box<dyn Transport>,
        dialect: &Arc<Dialect>,
        login: Login,
        settings: Settings,
        wire: Box<dyn SessionTap>,
    ) -> Result<Self, SessionError> {
        let mut talk = Channel::new(transport, Arc::clone(dialect), settings, wire);
        let prompt = talk.find(&login).inspect_err(|_| talk.close())?;
        Ok(Self {
            talk,
            login,
            credential: None,
            host_key: None,
            prompt,
            standing: Condition::Ready,
            prepared: false,
            unpaged: false,
            foreseen: (0, 0),
            type_ahead: TypeAhead::default(),
        })
    }

    /// The router's host name, as its prompt shows it.
    pub fn host(&self) -> &str {
        &self.prompt.host
    }

    /// Whether the router has just accepted the login's password. A console on which someone else was still logged in, or one
    /// that asks for no login, has proven nothing.
    pub fn has_proven_login(&self) -> bool {
        self.talk.kind() == LinkKind::Ssh || self.talk.logged_in
    }

    /// The same session, whose login had the value of this credential and nothing else to prove its user.
    #[must_use]
    pub fn with_credential(mut self, credential: CredentialName) -> Self {
        self.credential = Some(credential);
        self
    }

    /// The credential whose value the router has just accepted; nothing where it proved nothing, or something else proved the user.
    pub fn proven_credential(&self) -> Option<&CredentialName> {
        self.credential.as_ref().filter(|_| self.has_proven_login())
    }

    /// The same session, whose other side has proven to have this host key.
    #[must_use]
    pub fn with_host_key(mut self, key: HostKey) -> Self {
        self.host_key = Some(key);
        self
    }

    /// The host key that the other side has proven to have; nothing where the path has none.
    pub fn host_key(&self) -> Option<&HostKey> {
        self.host_key.as_ref()
    }

    /// Whether it is over a console: what is shown there comes from the box at the end of the cable.
    pub fn is_on_console(&self) -> bool {
        self.talk.is_console()
    }

    /// Whether nothing but the router's own answers says which box this is: a console, or whatever a program leads to.
    pub fn needs_identity_first(&self) -> bool {
        matches!(self.talk.kind(), LinkKind::Serial | LinkKind::Command)
    }

    /// What the router speaks.
    pub fn dialect(&self) -> &Arc<Dialect> {
        &self.talk.dialect
    }

    fn commands(&self) -> &'static Commands {
        self.talk.dialect.commands()
    }

    /// The user's right.
    pub fn right(&self) -> Right {
        self.prompt.right
    }

    /// A user with monitor right will do: nothing is to be changed in this session.
    pub fn allow_monitor(&mut self) {
        self.talk.settings.monitor = true;
    }

    /// The mode the session is in.
    pub fn mode(&self) -> &Mode {
        &self.prompt.mode
    }

    /// What is at the other end.
    pub fn peer(&self) -> String {
        self.talk.peer()
    }

    /// The console's speed in bit/s as it was opened or found, where the path has one.
    pub fn line_speed(&self) -> Option<u32> {
        self.talk.line_speed()
    }

    /// The answer of a show command, a ping or a traceroute: no echo, no prompt, lines ended by a line feed.
    ///
    /// # Errors
    /// [`SessionError::Refused`] when the router does not know the command in this mode; else why the session stopped.
    pub fn show(&mut self, command: &str) -> Result<String, SessionError> {
        let given_up = SessionError::GivenUp { peer: self.peer() };
        self.show_all(&[command]).pop().unwrap_or(Err(given_up))
    }

    fn show_alone(&mut self, command: &str) -> Result<String, SessionError> {
        let line = SendLine::own(command);
        let ask = Ask { is_text: true, ..Ask::prompt(&self.talk.dialect, &line, Exchange::Show) };
        let answer = self.ask(&line, &ask)?;
        self.text(&line, answer)
    }

    /// The answer of a line that only shows.
    fn text(&mut self, line: &SendLine, answer: Answer) -> Result<String, SessionError> {
        self.stay(line, &answer)?;
        // A refusal is the whole answer; in a long text such words are content.
        if answer.lines.len() <= 3 {
            self.refuse(line, &answer)?;
        }
        // Line by line, so that no answer is held twice as text.
        let mut text = String::with_capacity(answer.lines.iter().map(|line| line.len() + 1).sum());
        for line in answer.lines {
            text.push_str(&line);
            text.push('\n');
        }
        Ok(text)
    }

    /// Types one line of configuration and checks everything about its answer.
    ///
    /// # Errors
    /// [`SessionError::Refused`] when the router did not take it (the session is usable and can go on); eviction, a changed
    /// host name, an unexpected mode (stop at once); else why the session stopped.
    pub fn run(&mut self, line: &SendLine, expect: impl Into<ExpectedMode>) -> Result<Reply, SessionError> {
        let ask = Ask::prompt(&self.talk.dialect, line, Exchange::Line);
        let answer = self.ask(line, &ask)?;
        self.conclude(line, &expect.into(), answer)
    }

    /// Returns to a known prompt after an error, without leaving the mode it is in: a submode stays a submode.
    ///
    /// # Errors
    /// As [`Session::open`]; [`SessionError::GivenUp`] when nothing may be typed any more.
    pub fn resync(&mut self) -> Result<&Prompt, SessionError> {
        if self.standing == Condition::Over {
            return Err(SessionError::GivenUp { peer: self.peer() });
        }
        match self.talk.find_prompt(&self.login) {
            Ok(prompt) => {
                self.prompt = prompt;
                self.standing = Condition::Ready;
                Ok(&self.prompt)
            }
            Err(error) => Err(self.note(error)),
        }
    }

    /// Makes sure, without a word to the router, that nothing has moved us since its last answer, before the line that is typed next.
    ///
    /// # Errors
    /// Eviction, a changed host name, an unexpected mode; else why the session stopped.
    pub fn expect_still_here(&mut self, next: &SendLine) -> Result<(), SessionError> {
        self.talk.expect_still_at(&self.prompt, next).map_err(|error| self.note(error))
    }

    /// Types a line if the session is usable, and notes where it is afterwards.
    fn ask(&mut self, line: &SendLine, ask: &Ask) -> Result<Answer, SessionError> {
        if self.standing != Condition::Ready {
            return Err(SessionError::GivenUp { peer: self.peer() });
        }
        let answer = self.talk.exchange(&self.prompt, line, ask).map_err(|error| self.note(error))?;
        match &answer.end {
            End::Prompt(_) => {}
            End::Question | End::Login => self.standing = Condition::Unknown,
            End::Closed => self.standing = Condition::Over,
        }
        Ok(answer)
    }

    fn note(&mut self, error: SessionError) -> SessionError {
        let babbles = matches!(error, SessionError::Endless { .. } | SessionError::TooLong { .. });
        match &error {
            SessionError::Link(_) | SessionError::Closed { .. } => self.standing = Condition::Over,
            // To hang up frees a router at once. A console is worth another look: it would stay where it is.
            _ if babbles && !self.talk.is_console() => self.standing = Condition::Over,
            error if error.is_usable() => {}
            _ => self.standing = Condition::Unknown,
        }
        // Someone moved us: the prompt on the screen is where we are now.
        if let SessionError::Evicted { .. } | SessionError::HostChanged { .. } | SessionError::UnexpectedMode { .. } =
            &error
        {
            match self.talk.sight() {
                TailKind::Prompt(prompt) => self.prompt = prompt,
                _ => self.standing = Condition::Unknown,
            }
        }
        error
    }

    /// The answer of a line that changes nothing must end at the prompt it started from.
    fn stay(&mut self, line: &SendLine, answer: &Answer) -> Result<(), SessionError> {
        self.arrive(line, &ExpectedMode::from_mode(&self.prompt.mode), answer)
    }

    /// Takes the prompt over and compares its mode with the expected one.
    fn arrive(&mut self, line: &SendLine, expect: &ExpectedMode, answer: &Answer) -> Result<(), SessionError> {
        let End::Prompt(prompt) = &answer.end else { return Ok(()) };
        let before = std::mem::replace(&mut self.prompt, prompt.clone());
        if expect.fits(&prompt.mode) && prompt.right == before.right {
            return Ok(());
        }
        let (peer, name) = (self.peer(), line.name());
        if before.mode.is_config() && expect.is_config() && prompt.mode == Mode::Operation {
            return Err(SessionError::Evicted { peer, line: name, typed: true });
        }
        let (expected, found) = (expect.to_string(), self.talk.written(prompt));
        Err(SessionError::UnexpectedMode { peer, line: name, expected, found })
    }

    fn refuse(&self, line: &SendLine, answer: &Answer) -> Result<(), SessionError> {
        let Some(refusal) =
            self.talk.dialect.diagnostics().refusal(answer.lines.iter().map(String::as_str), line.text())
        else {
            return Ok(());
        };
        let peer = self.peer();
        if refusal.kind == DiagnosticKind::Occupied {
            return Err(SessionError::Occupied { peer, text: refusal.text });
        }
        let text = (!line.is_secret()).then(|| (self.talk.settings.mask)(&refusal.text));
        Err(SessionError::Refused { peer, line: line.name(), text })
    }

    /// Everything about an answer: eviction first, then a refusal, then the mode.
    fn conclude(&mut self, line: &SendLine, expect: &ExpectedMode, answer: Answer) -> Result<Reply, SessionError> {
        let arrived = self.arrive(line, expect, &answer);
        if let Err(evicted @ SessionError::Evicted { .. }) = arrived {
            return Err(evicted);
        }
        self.refuse(line, &answer)?;
        arrived?;
        let classify = |text: &String| self.talk.dialect.diagnostics().classify(text, line.text());
        let diagnostics: Vec<DeviceDiagnostic> = answer.lines.iter().filter_map(classify).collect();
        Ok(Reply { prompt: self.prompt.clone(), diagnostics, output: answer.lines, logs: answer.logs })
    }
}
