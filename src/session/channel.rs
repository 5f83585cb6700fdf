//! Bytes in both directions, the screen they make, and every wait.
//!
//! The one place that reads from and writes to the transport. A wait ends on bytes or on its deadline, which counts from the last
//! byte. Below all waits a meter holds the exchange they belong to: whatever comes, it ends within its total bound.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::awaited::Awaited;
use super::bounds::{Bounds, Exchange};
use super::error::SessionError;
use super::find::BootWatch;
use super::line::SendLine;
use super::meter::Meter;
use super::program::Shown;
use super::screen::Screen;
use super::settings::Settings;
use super::tail::{self, TailKind};
use crate::dialect::Dialect;
use crate::ix::mask;
use crate::transport::{LinkKind, Received, Terminal, Transport};

/// Sees every byte in both directions.
pub trait SessionTap: Send {
    /// The router sent this.
    fn received(&mut self, bytes: &[u8]);
    /// We sent this.
    fn sent(&mut self, bytes: &[u8]);
    /// From here to [`SessionTap::shows`] everything belongs to a secret line that is being typed; `shown` may be shown in its place, and
    /// is empty for what is not echoed. A session that breaks off in between never says so.
    fn hides(&mut self, text: &[u8], shown: &str) {
        let _ = (text, shown);
    }
    /// The secret line and its answer are over.
    fn shows(&mut self) {}
}

/// Sees nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTap;

impl SessionTap for NoTap {
    fn received(&mut self, _bytes: &[u8]) {}
    fn sent(&mut self, _bytes: &[u8]) {}
}

/// What one read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Bytes; the screen has changed.
    More,
    /// The deadline came first.
    Quiet,
    /// The other side closed.
    End,
}

/// A judgement over the screen.
pub(super) enum Judgement<T> {
    /// This is what was waited for.
    Done(T),
    /// It would be, if nothing more comes for a moment; asked again then with `quiet`.
    IfQuiet,
    /// The same, after a longer moment: something we typed is still unanswered.
    IfSilent,
    /// Not yet.
    Wait,
}

/// How much of the last received bytes a message shows.
const SHOWN: usize = 240;

pub(super) struct Channel {
    transport: Box<dyn Transport>,
    wire: Box<dyn SessionTap>,
    pub(super) screen: Screen,
    /// What the router speaks, as far as is known.
    pub(super) dialect: Arc<Dialect>,
    pub(super) settings: Settings,
    /// The last bytes received, for messages.
    recent: Vec<u8>,
    /// They begin in the middle of a line.
    recent_is_cut: bool,
    /// What came last belongs to a secret line and is shown in no message.
    hidden: bool,
    /// The observers were told to look away.
    veiled: bool,
    pub(super) unreadable: bool,
    /// What a program shows that still asks for itself.
    pub(super) program_shows: Option<Shown>,
    /// Our password was accepted in this conversation.
    pub(super) logged_in: bool,
    /// The current exchange.
    meter: Option<Meter>,
    /// What holds a loop that has begun no exchange.
    stray: Option<Meter>,
    /// What messages say is being waited for.
    pub(super) awaited: Awaited,
    pub(super) boot: BootWatch,
}

impl Channel {
    pub(super) fn new(
        transport: Box<dyn Transport>,
        dialect: Arc<Dialect>,
        settings: Settings,
        wire: Box<dyn SessionTap>,
    ) -> Self {
        Self {
            transport,
            wire,
            screen: Screen::default(),
            dialect,
            settings,
            recent: Vec::new(),
            recent_is_cut: false,
            hidden: false,
            veiled: false,
            unreadable: false,
            program_shows: None,
            logged_in: false,
            meter: None,
            stray: None,
            awaited: Awaited::Life,
            boot: BootWatch::default(),
        }
    }

    /// The bounds of this session's exchanges.
    pub(super) fn bounds(&self) -> Bounds {
        let speed = self.line_speed().or_else(|| self.is_console().then_some(self.dialect.strings().console_speed));
        Bounds::of(&self.settings, self.kind(), speed)
    }

    /// What is at the cursor.
    pub(super) fn sight(&self) -> TailKind {
        tail::kind_of(&self.dialect, self.screen.tail())
    }

    /// Begins an exchange and gives back the one around it, for [`Channel::end`].
    pub(super) fn begin(&mut self, exchange: Exchange) -> Option<Meter> {
        self.stray = None;
        let meter = Meter::start(self.bounds().bound(exchange), self.meter.as_ref());
        self.meter.replace(meter)
    }

    /// Ends the current exchange; the one around it goes on.
    pub(super) fn end(&mut self, around: Option<Meter>) {
        let inner = std::mem::replace(&mut self.meter, around);
        if let (Some(around), Some(inner)) = (&mut self.meter, &inner) {
            around.take_in(inner);
        }
    }

    /// Holds everything that the work waits for to the bound of one exchange.
    pub(super) fn within<T>(&mut self, exchange: Exchange, work: impl FnOnce(&mut Self) -> T) -> T {
        let around = self.begin(exchange);
        let result = work(self);
        self.end(around);
        result
    }

    /// The current exchange: a loop that has begun none is bounded all the same, and bounds nothing that begins after it.
    fn meter(&mut self) -> Meter {
        let stray = Meter::start(self.bounds().bound(Exchange::Look), None);
        self.meter.unwrap_or_else(|| *self.stray.get_or_insert(stray))
    }

    /// A router that boots may take longer to its login.
    pub(super) fn allow_boot(&mut self) {
        let boot = self.settings.deadlines.boot;
        if let Some(meter) = &mut self.meter {
            meter.extend(boot);
        }
    }

    pub(super) fn kind(&self) -> LinkKind {
        self.transport.kind()
    }

    pub(super) fn peer(&self) -> String {
        self.transport.peer()
    }

    pub(super) fn terminal(&self) -> Option<Terminal> {
        self.transport.terminal()
    }

    pub(super) fn line_speed(&self) -> Option<u32> {
        self.transport.line_speed()
    }

    pub(super) fn set_line_speed(&mut self, speed: u32) -> Result<bool, SessionError> {
        Ok(self.transport.set_line_speed(speed)?)
    }

    /// From now on everything belongs to this line, and neither a message nor a recording shows it. A line that no one marked may
    /// hold a secret all the same.
    pub(super) fn hide(&mut self, line: &SendLine) {
        let masked = mask::mask_line(line.text());
        let changed = masked != line.text();
        if line.is_secret() || changed {
            let shown = if changed { masked.as_str() } else { mask::MASK };
            self.wire.hides(&line.bytes(), shown);
            self.hidden = true;
            self.veiled = true;
        }
    }

    /// From now on everything is typed blind: a password that is not echoed.
    pub(super) fn hide_password(&mut self, password: &str) {
        self.wire.hides(password.as_bytes(), "");
        self.veiled = true;
    }

    /// The line and its answer are over.
    pub(super) fn show(&mut self) {
        if self.veiled {
            self.wire.shows();
            self.veiled = false;
        }
        if self.hidden {
            self.recent.clear();
            self.recent_is_cut = false;
            self.hidden = false;
        }
    }

    /// One read, at the latest until the current exchange has used up its bound: then that is the error, whatever comes.
    pub(super) fn hear(&mut self, wait: Duration) -> Result<Heard, SessionError> {
        let now = Instant::now();
        let meter = self.meter();
        let end = meter.until();
        if let Some(limit) = meter.exceeded() {
            return Err(self.too_long(limit));
        }
        if now >= end {
            return Err(self.endless(&meter));
        }
        let mut buffer = [0_u8; 4096];
        match self.transport.read(&mut buffer, end.min(now + wait))? {
            Received::Bytes(count) => {
                let bytes = buffer.get(..count).unwrap_or_default();
                if let Some(meter) = self.meter.as_mut().or(self.stray.as_mut()) {
                    meter.count(count);
                }
                self.wire.received(bytes);
                self.screen.feed(bytes);
                self.program_shows.iter_mut().for_each(|shown| shown.take(bytes));
                self.remember(bytes);
                if self.screen.size() > self.settings.max_output {
                    return Err(self.too_long(self.settings.max_output));
                }
                Ok(Heard::More)
            }
            Received::Deadline if Instant::now() >= end => Err(self.endless(&meter)),
            Received::Deadline => Ok(Heard::Quiet),
            Received::End => Ok(Heard::End),
        }
    }

    fn too_long(&self, limit: usize) -> SessionError {
        SessionError::TooLong { peer: self.peer(), awaited: self.awaited.clone(), limit }
    }

    /// The exchange has used up its bound. Where nothing has come for a while, that is silence and no stream.
    fn endless(&self, meter: &Meter) -> SessionError {
        let (peer, awaited, last) = (self.peer(), self.awaited.clone(), self.last());
        let seconds = meter.age().as_secs();
        if meter.quiet_for() >= self.settings.deadlines.wake {
            SessionError::Timeout { peer, awaited, seconds, last }
        } else {
            SessionError::Endless { peer, awaited, seconds, last }
        }
    }

    fn remember(&mut self, bytes: &[u8]) {
        let printable = |byte: &u8| matches!(byte, b' '..=b'~' | b'\r' | b'\n' | 0x07 | 0x08 | b'\t' | 0x1b);
        self.unreadable |= bytes.iter().filter(|byte| !printable(byte)).count() * 3 > bytes.len();
        self.recent.extend_from_slice(bytes);
        let excess = self.recent.len().saturating_sub(4 * SHOWN);
        self.recent.drain(..excess);
        self.recent_is_cut |= excess > 0;
    }

    /// The last bytes received as a message may show them.
    pub(super) fn last(&self) -> String {
        if self.hidden {
            return "(***)".to_owned();
        }
        let text = String::from_utf8_lossy(&self.recent).into_owned();
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        // The end of a line that has lost its beginning may be a secret, and nothing announces it any more.
        let text = if self.recent_is_cut {
            format!("{}{}", mask::MASK, text.find('\n').and_then(|end| text.get(end..)).unwrap_or_default())
        } else {
            text
        };
        let masked = (self.settings.mask)(&text);
        let start = masked.char_indices().rev().nth(SHOWN - 1).map_or(0, |(index, _)| index);
        let shown = masked.get(start..).unwrap_or_default().trim();
        if shown.is_empty() { "(nothing)".to_owned() } else { format!("\"{}\"", shown.escape_debug()) }
    }

    /// Types bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), SessionError> {
        self.wire.sent(bytes);
        let until = (Instant::now() + self.settings.deadlines.write).min(self.meter().until());
        Ok(self.transport.write(bytes, until)?)
    }

    /// Takes in what has already come, without waiting. A path whose other side has closed is not silent: nothing is typed into it.
    pub(super) fn drain(&mut self, awaited: &Awaited) -> Result<bool, SessionError> {
        let mut any = false;
        loop {
            match self.hear(Duration::ZERO)? {
                Heard::More => any = true,
                Heard::Quiet => return Ok(any),
                Heard::End => return Err(SessionError::Closed { peer: self.peer(), awaited: awaited.clone() }),
            }
        }
    }

    /// Waits until `judge` is satisfied, at most for `silence` without a byte, and at most until the exchange has used up its bound.
    ///
    /// `judge` sees the screen after every read. When it says [`Judgement::IfQuiet`] it is asked again, with `true`, as soon as
    /// nothing has come for the settling time.
    pub(super) fn wait<T>(
        &mut self,
        awaited: &Awaited,
        silence: Duration,
        mut judge: impl FnMut(&mut Self, bool) -> Result<Judgement<T>, SessionError>,
    ) -> Result<T, SessionError> {
        let deadlines = self.settings.deadlines;
        self.awaited = awaited.clone();
        let mut quiet = false;
        loop {
            let pause = match judge(self, quiet)? {
                Judgement::Done(value) => return Ok(value),
                Judgement::IfQuiet if !quiet => deadlines.settle.min(silence),
                Judgement::IfSilent if !quiet => deadlines.echo.min(silence),
                Judgement::IfQuiet | Judgement::IfSilent | Judgement::Wait => silence,
            };
            match self.hear(pause)? {
                Heard::More => quiet = false,
                Heard::Quiet if pause < silence => quiet = true,
                Heard::Quiet => {
                    let (peer, last) = (self.peer(), self.last());
                    return Err(SessionError::Timeout {
                        peer,
                        awaited: awaited.clone(),
                        seconds: silence.as_secs(),
                        last,
                    });
                }
                Heard::End => return Err(SessionError::Closed { peer: self.peer(), awaited: awaited.clone() }),
            }
        }
    }

    pub(super) fn close(&mut self) {
        self.transport.close();
    }

    pub(super) fn into_transport(self) -> Box<dyn Transport> {
        self.transport
    }
}
