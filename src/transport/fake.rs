//! A scripted other side for tests: says bytes in chunks of a chosen size and insists on what is typed.
//!
//! Deadlines pass at once when the script has nothing to say, so that a test of a long silence takes no time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::{LinkKind, Received, Terminal, Transport, TransportError};
use crate::message::Text;

/// One step of a script.
#[derive(Debug, Clone)]
enum ScriptStep {
    Says(Vec<u8>),
    Wants(Vec<u8>),
    Quiet(u32),
    End,
    Breaks(String),
    Terminal(Terminal),
}

/// A scripted transport.
#[derive(Debug)]
pub struct Fake {
    steps: VecDeque<ScriptStep>,
    typed: Vec<u8>,
    all_typed: Arc<Mutex<Vec<u8>>>,
    chunk: usize,
    kind: LinkKind,
    speed: Option<u32>,
    wrong: Option<String>,
    terminal: Option<Terminal>,
}

impl Fake {
    /// An empty script over a path of this kind that hands out at most `chunk` bytes a read.
    pub fn new(kind: LinkKind, chunk: usize) -> Self {
        Self {
            steps: VecDeque::new(),
            typed: Vec::new(),
            all_typed: Arc::default(),
            chunk: chunk.max(1),
            kind,
            speed: (kind == LinkKind::Serial).then_some(9600),
            wrong: None,
            terminal: None,
        }
    }

    /// The router says this.
    #[must_use]
    pub fn says(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.steps.push_back(ScriptStep::Says(bytes.as_ref().to_vec()));
        self
    }

    /// From here on a program holds its terminal like this.
    #[must_use]
    pub fn holds(mut self, terminal: Terminal) -> Self {
        self.steps.push_back(ScriptStep::Terminal(terminal));
        self.take_terminal();
        self
    }

    /// Exactly this must be typed before the script goes on.
    #[must_use]
    pub fn wants(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.steps.push_back(ScriptStep::Wants(bytes.as_ref().to_vec()));
        self
    }

    /// The next `deadlines` waits end at their deadline.
    #[must_use]
    pub fn quiet(mut self, deadlines: u32) -> Self {
        self.steps.push_back(ScriptStep::Quiet(deadlines));
        self
    }

    /// The router closes.
    #[must_use]
    pub fn ends(mut self) -> Self {
        self.steps.push_back(ScriptStep::End);
        self
    }

    /// The path breaks with this reason.
    #[must_use]
    pub fn breaks(mut self, reason: &str) -> Self {
        self.steps.push_back(ScriptStep::Breaks(reason.to_owned()));
        self
    }

    /// A line typed by us as a network session types it: the whole line with its Return wanted, echoed, answered.
    #[must_use]
    pub fn line(self, line: &str, answer: &str) -> Self {
        self.wants(format!("{line}\n")).says(format!("{line}\r\n{answer}"))
    }

    /// A line typed by us as a serial session types it: the text wanted and echoed before Return.
    #[must_use]
    pub fn console_line(self, line: &str, answer: &str) -> Self {
        self.wants(line).says(line).wants("\r").says(format!("\r\n{answer}"))
    }

    /// Everything typed so far; stays readable after the transport was given away.
    pub fn typed(&self) -> Arc<Mutex<Vec<u8>>> {
        Arc::clone(&self.all_typed)
    }

    fn lost(&self, reason: String) -> TransportError {
        let reason = Text::untranslated(reason);
        TransportError::Lost { peer: self.peer(), reason, cable: self.kind == LinkKind::Serial }
    }

    fn take_terminal(&mut self) {
        while let Some(ScriptStep::Terminal(terminal)) = self.steps.front() {
            self.terminal = Some(*terminal);
            self.steps.pop_front();
        }
    }

    /// Moves past what was typed as wanted; the first difference ends the script.
    fn settle(&mut self) {
        self.take_terminal();
        while let Some(ScriptStep::Wants(wanted)) = self.steps.front() {
            if self.typed.len() < wanted.len() && wanted.starts_with(&self.typed) {
                return;
            }
            if !self.typed.starts_with(wanted) {
                let (wanted, typed) = (wanted.escape_ascii().to_string(), self.typed.escape_ascii().to_string());
                self.wrong = Some(format!("the script wanted \"{wanted}\", typed was \"{typed}\""));
                return;
            }
            self.typed.drain(..wanted.len());
            self.steps.pop_front();
            self.take_terminal();
        }
    }
}

impl Transport for Fake {
    fn read(&mut self, buf: &mut [u8], _until: Instant) -> Result<Received, TransportError> {
        self.settle();
        if let Some(wrong) = self.wrong.clone() {
            return Err(self.lost(wrong));
        }
        match self.steps.front_mut() {
            Some(ScriptStep::Says(bytes)) => {
                let count = bytes.len().min(self.chunk).min(buf.len());
                buf[..count].copy_from_slice(&bytes[..count]);
                bytes.drain(..count);
                if bytes.is_empty() {
                    self.steps.pop_front();
                }
                Ok(if count == 0 { Received::Deadline } else { Received::Bytes(count) })
            }
            Some(ScriptStep::Quiet(left)) => {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.steps.pop_front();
                }
                Ok(Received::Deadline)
            }
            Some(ScriptStep::End) => Ok(Received::End),
            Some(ScriptStep::Breaks(reason)) => {
                let reason = reason.clone();
                Err(self.lost(reason))
            }
            Some(ScriptStep::Wants(_) | ScriptStep::Terminal(_)) | None => Ok(Received::Deadline),
        }
    }

    fn write(&mut self, bytes: &[u8], _until: Instant) -> Result<(), TransportError> {
        self.all_typed.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        if let Some(ScriptStep::Breaks(reason)) = self.steps.front() {
            let reason = reason.clone();
            return Err(self.lost(reason));
        }
        self.typed.extend_from_slice(bytes);
        // Wanted bytes may come after answers that were not read yet: only what is next is compared now.
        self.settle();
        match &self.wrong {
            Some(wrong) => Err(self.lost(wrong.clone())),
            None => Ok(()),
        }
    }

    fn kind(&self) -> LinkKind {
        self.kind
    }

    fn peer(&self) -> String {
        "script".to_owned()
    }

    fn line_speed(&self) -> Option<u32> {
        self.speed
    }

    fn set_line_speed(&mut self, speed: u32) -> Result<bool, TransportError> {
        let paced = self.speed.is_some();
        if paced {
            self.speed = Some(speed);
        }
        Ok(paced)
    }

    fn terminal(&self) -> Option<Terminal> {
        self.terminal
    }

    fn close(&mut self) {
        self.steps.clear();
    }
}
