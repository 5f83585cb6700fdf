//! Writes down a session: bytes with times, secrets masked, in the format of asciinema (version 2).
//!
//! What the router prints is held back until its line is complete, so that a line is masked as a whole. While a secret line is
//! in flight nothing is written; afterwards its masked form takes its place, whether its echo was folded or not. Bytes that are
//! not text are kept in a reversible form (`ix::line::to_text`).

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use zeroize::Zeroizing;

use super::channel::SessionTap;
use super::echo::{self, Echo};
use super::screen::{Rows, Screen};
use super::tail::{self, TailKind};
use crate::dialect::Dialect;
use crate::dialect::diagnostic::DiagnosticKind;
use crate::ix::{line, mask};
use crate::visible;

/// The width written into the file; players show no folds then that the router did not make.
const WIDTH: u32 = 132;
/// The height written into the file.
const HEIGHT: u32 = 40;
/// Bytes of an unfinished line held back at most: of a longer one the rest is not written, since nothing says any more what it is.
const LONGEST: usize = 16 * 1024;

/// A secret line in flight.
struct Hidden {
    text: Zeroizing<Vec<u8>>,
    shown: String,
    lead: String,
    screen: Screen,
}

/// Records a session into anything that takes bytes. A failure to write stops the recording, never the session.
pub struct Recorder<W: Write + Send> {
    out: Option<W>,
    dialect: Arc<Dialect>,
    started: Instant,
    /// The unfinished line, as it came.
    pending: Vec<u8>,
    /// The part of the unfinished line that is written already, as text.
    tail: Screen,
    /// The unfinished line is too long to be held back.
    too_long: bool,
    hidden: Option<Hidden>,
}

impl<W: Write + Send> Recorder<W> {
    /// Starts a recording of a router that speaks this dialect. `timestamp` is Unix time in seconds; `title` names the router and the run.
    ///
    /// # Errors
    /// When the header cannot be written.
    pub fn new(mut out: W, dialect: &Arc<Dialect>, timestamp: u64, title: &str) -> io::Result<Self> {
        let header = json!({
            "version": 2, "width": WIDTH, "height": HEIGHT, "timestamp": timestamp, "title": title,
            "env": {"TERM": "vt100"},
        });
        writeln!(out, "{}", visible::in_json(&header.to_string()))?;
        Ok(Self {
            out: Some(out),
            dialect: Arc::clone(dialect),
            started: Instant::now(),
            pending: Vec::new(),
            tail: Screen::default(),
            too_long: false,
            hidden: None,
        })
    }

    fn event(&mut self, kind: &str, text: &str) {
        let Some(out) = &mut self.out else { return };
        let seconds = (self.started.elapsed().as_micros() as f64) / 1e6;
        if let Err(error) = writeln!(out, "{}", visible::in_json(&json!([seconds, kind, text]).to_string())) {
            tracing::warn!(%error, "the recording of this session ends here");
            self.out = None;
        }
    }

    /// How many bytes at the end of an unfinished display must wait, although something is typed: a word that a later `@` may turn
    /// into a user's name and password. What follows a prompt is the echo of a line that was judged when it was typed.
    fn held_back(&self, pending: &[u8]) -> usize {
        let TailKind::Text(shown) = tail::kind_of(&self.dialect, self.tail.tail()) else { return 0 };
        if pending.ends_with(b"\n") || !mask::behind_prompt(&shown).0.is_empty() {
            return 0;
        }
        let word = pending.iter().rev().take_while(|byte| !matches!(byte, b' ' | b'\t')).count();
        let may_go_on = pending.iter().rev().take(word).any(|byte| matches!(byte, b':' | b'%'));
        if may_go_on && pending.len() <= LONGEST { word } else { 0 }
    }

    /// Writes what is held back: a complete line, or the unfinished one before something is typed.
    fn write_pending(&mut self) {
        let bytes = std::mem::take(&mut self.pending);
        self.write_out(&bytes);
    }

    /// Writes bytes of one line.
    fn write_out(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        // What the screen would show decides; erased text counts too, since the raw bytes would show it.
        let mut screen = Screen::default();
        screen.feed(bytes);
        let visible = screen.rows().get(0).unwrap_or(screen.tail());
        let raw = line::to_text(bytes).into_owned();
        let seen = line::to_text(visible).into_owned();
        let masked = mask::mask_line(&seen);
        let plain: String = raw.chars().filter(|c| !c.is_control()).collect();
        let end = if bytes.ends_with(b"\n") { "\r\n" } else { "" };
        // What is written of the line already may announce what comes now.
        let whole = line::to_text(self.tail.rows().get(0).unwrap_or(self.tail.tail())).into_owned();
        if whole != seen && mask::mask_line(&whole) != whole {
            self.event("o", &format!("{}{end}", mask::MASK));
        } else if masked != seen || mask::mask_line(&plain) != plain {
            self.event("o", &format!("{masked}{end}"));
        } else {
            self.event("o", &raw);
        }
    }
}

/// An answer to a secret line: only recorded, harmless texts are kept, since a refusal quotes the line.
fn harmless(dialect: &Dialect, row: &str) -> bool {
    let harmless = |kind| !matches!(kind, DiagnosticKind::Refused | DiagnosticKind::Unknown);
    row.trim().is_empty() || dialect.diagnostics().classify(row, "").is_some_and(|found| harmless(found.kind))
}

impl<W: Write + Send> SessionTap for Recorder<W> {
    fn received(&mut self, bytes: &[u8]) {
        if let Some(hidden) = &mut self.hidden {
            hidden.screen.feed(bytes);
            return;
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let ends = piece.ends_with(b"\n");
            if self.too_long {
                if ends {
                    self.event("o", &format!("{}\r\n", mask::MASK));
                    self.too_long = false;
                }
                continue;
            }
            self.tail.feed(piece);
            self.pending.extend_from_slice(piece);
            if ends || self.pending.len() > LONGEST {
                self.write_pending();
                self.tail.clear();
                self.too_long = !ends;
            }
        }
    }

    fn sent(&mut self, bytes: &[u8]) {
        if self.hidden.is_none() {
            let mut shown = std::mem::take(&mut self.pending);
            self.pending = shown.split_off(shown.len() - self.held_back(&shown));
            self.write_out(&shown);
            let text = line::to_text(bytes).into_owned();
            self.event("i", &text);
        }
    }

    fn hides(&mut self, text: &[u8], shown: &str) {
        self.write_pending();
        let lead = line::to_text(self.tail.tail()).into_owned();
        let mut screen = Screen::default();
        screen.feed(self.tail.tail());
        self.hidden = Some(Hidden { text: Zeroizing::new(text.to_vec()), shown: shown.to_owned(), lead, screen });
    }

    fn shows(&mut self) {
        let Some(hidden) = self.hidden.take() else { return };
        self.event("i", &format!("{}\r", hidden.shown));
        let rows = hidden.screen.rows();
        let mut written = "";
        let answer = match echo::follow(self.dialect.strings(), rows, hidden.screen.tail(), &hidden.lead, &hidden.text)
        {
            Echo::Done(start) => {
                self.event("o", &format!("{}\r\n", hidden.shown));
                rows.from(start)
            }
            // No echo, as after a password: nothing of the line is in the answer.
            _ if hidden.shown.is_empty() => {
                // The question is on the recording already; the rest of its row follows.
                written = &hidden.lead;
                rows
            }
            _ => Rows::default(),
        };
        for row in answer.iter() {
            let text = line::to_text(row);
            let kept = hidden.shown.is_empty() || harmless(&self.dialect, &text);
            let shown = if kept { mask::mask_line(&text) } else { mask::MASK.to_owned() };
            // Masked as a whole row first: the question is what announces the secret.
            let rest = shown.strip_prefix(std::mem::take(&mut written)).unwrap_or(&shown);
            self.event("o", &format!("{rest}\r\n"));
        }
        let last = line::to_text(hidden.screen.tail()).into_owned();
        if self.dialect.prompts().read(&last).is_some() {
            self.event("o", &last);
        }
        self.tail.clear();
        self.tail.feed(hidden.screen.tail());
    }
}

impl<W: Write + Send> Drop for Recorder<W> {
    fn drop(&mut self) {
        // An unfinished line that is no prompt has been judged by nothing: it is dropped with us.
        let at_prompt =
            self.hidden.is_none() && !matches!(tail::kind_of(&self.dialect, self.tail.tail()), TailKind::Text(_));
        if at_prompt {
            self.write_pending();
        }
        if let Some(out) = &mut self.out {
            // No one is left to tell.
            let _ = out.flush();
        }
    }
}
