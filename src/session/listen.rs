//! Listening to a console before a byte is typed on it: what already speaks there, and whether a byte may be typed at all.
//!
//! It types nothing. What was heard is not lost: the session that follows hears it first.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::awaited::Awaited;
use super::error::SessionError;
use super::tail::{self, TailKind};
use crate::dialect::Dialect;
use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// What is kept of what was heard: the last screens.
const KEPT: usize = 16 * 1024;

/// How long a console is listened to.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    /// So long a silence ends it.
    pub quiet: Duration,
    /// So long it lasts at most, however much is said.
    pub total: Duration,
}

impl Default for Listening {
    /// A line of text at 9600 bit/s takes a tenth of a second: who says nothing for longer waits for us.
    fn default() -> Self {
        Self { quiet: Duration::from_millis(800), total: Duration::from_secs(5) }
    }
}

/// Listens, and returns the path with what was heard still to be read.
///
/// # Errors
/// [`SessionError::BootMonitor`] where that is what waits: nothing may be typed into it. Else that the path is gone.
pub fn listen(
    mut link: Box<dyn Transport>,
    dialect: &Dialect,
    listening: Listening,
) -> Result<Box<dyn Transport>, SessionError> {
    let mut heard = VecDeque::new();
    let end = Instant::now() + listening.total;
    let mut buffer = [0; 1024];
    loop {
        let until = end.min(Instant::now() + listening.quiet);
        match link.read(&mut buffer, until)? {
            Received::Bytes(count) => heard.extend(buffer.iter().take(count)),
            Received::Deadline => break,
            Received::End => {
                return Err(SessionError::Closed { peer: link.peer(), awaited: Awaited::Life });
            }
        }
        heard.drain(..heard.len().saturating_sub(KEPT));
        if Instant::now() >= end {
            break;
        }
    }
    if is_boot_monitor(dialect, heard.make_contiguous()) {
        let peer = link.peer();
        link.close();
        return Err(SessionError::BootMonitor { peer });
    }
    Ok(Box::new(Heard { bytes: heard, link }))
}

/// Whether the line under the cursor is the boot monitor's.
fn is_boot_monitor(dialect: &Dialect, heard: &[u8]) -> bool {
    let last = heard.rsplit(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    tail::kind_of(dialect, last) == TailKind::BootMonitor
}

/// A path of which something was heard that has not been read yet.
struct Heard {
    bytes: VecDeque<u8>,
    link: Box<dyn Transport>,
}

impl Transport for Heard {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if self.bytes.is_empty() {
            return self.link.read(buf, until);
        }
        let count = buf.len().min(self.bytes.len());
        for (place, byte) in buf.iter_mut().zip(self.bytes.drain(..count)) {
            *place = byte;
        }
        Ok(Received::Bytes(count))
    }
    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        self.link.write(bytes, until)
    }
    fn kind(&self) -> LinkKind {
        self.link.kind()
    }
    fn peer(&self) -> String {
        self.link.peer()
    }
    fn line_speed(&self) -> Option<u32> {
        self.link.line_speed()
    }
    fn set_line_speed(&mut self, speed: u32) -> Result<bool, TransportError> {
        self.link.set_line_speed(speed)
    }
    fn terminal(&self) -> Option<Terminal> {
        self.link.terminal()
    }
    fn close(&mut self) {
        self.link.close();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::time::Instant;

    use super::{Listening, listen};
    use crate::dialect::Dialect;
    use crate::session::SessionError;
    use crate::transport::fake::Fake;
    use crate::transport::{LinkKind, Received};

    #[test]
    fn nothing_is_typed_into_a_boot_monitor() {
        // A script that wants no byte fails where one is typed.
        let link = Fake::new(LinkKind::Serial, 7).says("\r\nNEC Bootstrap\r\nboot[0]> ").quiet(1);
        let heard = listen(Box::new(link), Dialect::any(), Listening::default());
        assert!(matches!(heard, Err(SessionError::BootMonitor { .. })));
    }

    #[test]
    fn what_was_heard_is_read_first_and_silence_is_no_error() {
        let link = Fake::new(LinkKind::Serial, 3).says("login: ").quiet(2);
        let mut link = listen(Box::new(link), Dialect::any(), Listening::default()).unwrap();
        let mut buffer = [0; 64];
        assert_eq!(link.read(&mut buffer, Instant::now()).unwrap(), Received::Bytes(7));
        assert_eq!(buffer.get(..7).unwrap(), b"login: ");
        assert_eq!(link.read(&mut buffer, Instant::now()).unwrap(), Received::Deadline);
    }
}
