//! Types a line on a serial console: at the pace of its echo, repaired with Ctrl-U, never with Return.
//!
//! A console has no flow control: only as many characters are in flight as a small receive buffer holds, the echo opens the
//! window for more. Full speed is kept, since the echo comes back while the next characters go out.

use std::time::Duration;

use super::awaited::Awaited;
use super::channel::{Channel, Heard};
use super::echo::{self, Echo, Follower};
use super::error::SessionError;
use super::line::SendLine;

/// The fewest characters in flight: the usual receive buffer of a serial chip holds 16, two of them cover a USB cable's
/// delay.
const WINDOW: usize = 32;
/// How long a USB cable may hold bytes back, in milliseconds: the window must cover it at higher speeds.
const CABLE_DELAY: usize = 20;
/// How often Return is pressed for one line that shows no sign of it.
const RETURNS: u32 = 3;
/// How often Ctrl-U is typed for one damaged line.
const ERASURES: u32 = 3;

impl Channel {
    /// Types the text of a line and follows its echo to the end; Return is left to the caller.
    pub(super) fn type_checked(&mut self, lead: &str, line: &SendLine) -> Result<(), SessionError> {
        for attempt in 0..=self.settings.repairs {
            if self.type_once(lead, line)? {
                return Ok(());
            }
            tracing::debug!(peer = %self.peer(), line = %line.name(), attempt, "the echo was damaged");
            if !self.erase_line(lead)? {
                break;
            }
        }
        Err(SessionError::Echo { peer: self.peer(), line: line.name(), returned: false, last: self.last() })
    }

    /// One attempt; `false` when the echo was damaged or stopped.
    fn type_once(&mut self, lead: &str, line: &SendLine) -> Result<bool, SessionError> {
        let bytes = line.bytes();
        let text = bytes.as_slice();
        let window = WINDOW.max(self.line_speed().map_or(0, |speed| speed as usize / 10_000 * CABLE_DELAY));
        let mut sent = 0;
        let mut echo = Follower::at(self.dialect.strings(), 0, lead, text);
        self.awaited = Awaited::Echo(line.name());
        loop {
            // Damage, or a log line that is still coming: silence decides.
            let mut different = true;
            match echo.follow(self.screen.rows(), self.screen.tail()) {
                Echo::Typed | Echo::Done(_) => return Ok(true),
                Echo::Partial(matched) => {
                    different = false;
                    let end = text.len().min(matched + window);
                    if end > sent {
                        self.write(text.get(sent..end).unwrap_or_default())?;
                        sent = end;
                    }
                }
                Echo::Different => {}
            }
            let patience =
                if different { self.flight(window) } else { self.settings.deadlines.echo + self.flight(window) };
            match self.hear(patience)? {
                Heard::More => {}
                Heard::Quiet => return Ok(false),
                Heard::End => {
                    return Err(SessionError::Closed { peer: self.peer(), awaited: self.awaited.clone() });
                }
            }
        }
    }

    /// Presses Return, once more when the router shows no sign of it: a console may lose that character too. Not
    /// where a second Return would answer a question or disturb a save: then `once`.
    pub(super) fn press_return(&mut self, lead: &str, line: &SendLine, once: bool) -> Result<(), SessionError> {
        for _ in 0..if once { 1 } else { RETURNS } {
            self.write(b"\r")?;
            if self.hear(self.settings.deadlines.echo + self.flight(WINDOW))? != Heard::Quiet {
                break;
            }
            let seen =
                echo::follow(self.dialect.strings(), self.screen.rows(), self.screen.tail(), lead, &line.bytes());
            if seen != Echo::Typed {
                break;
            }
        }
        Ok(())
    }

    /// Time that everything in flight needs to come back, with some to spare.
    fn flight(&self, window: usize) -> Duration {
        let speed = u64::from(self.line_speed().unwrap_or(self.dialect.strings().console_speed).max(300));
        self.settings.deadlines.settle + Duration::from_millis(window as u64 * 20_000 / speed)
    }

    /// Erases what is on the line until nothing but the prompt is left; `false` when that cannot be seen.
    pub(super) fn erase_line(&mut self, lead: &str) -> Result<bool, SessionError> {
        for _ in 0..ERASURES {
            self.write(&[self.dialect.strings().erase_line])?;
            while self.hear(self.flight(WINDOW))? == Heard::More {}
            if self.screen.tail() == lead.as_bytes() {
                self.screen.reset();
                return Ok(true);
            }
        }
        // A log line may have torn the line off its prompt. Three erasures have emptied it, so that Return runs nothing.
        self.write(&[self.dialect.strings().erase_line, b'\r'])?;
        while self.hear(self.settings.deadlines.echo)? == Heard::More {}
        let clean = self.screen.tail() == lead.as_bytes();
        if clean {
            self.screen.reset();
        }
        Ok(clean)
    }
}
