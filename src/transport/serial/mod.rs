//! A serial console through a USB cable or a built-in port.
//!
//! 9600 bit/s, 8N1, no flow control unless told otherwise (fact sheet 1). The port is opened exclusively. A cable that is
//! pulled is noticed at the next read or write and reported as such; nothing is reopened without the session's knowledge.

mod error;
mod port;
pub mod survey;

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

#[cfg_attr(windows, path = "survey_windows.rs")]
#[cfg_attr(not(windows), path = "survey_unix.rs")]
mod survey_platform;

use std::io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
use std::io::{self, Write};
use std::time::{Duration, Instant};

use serialport::{DataBits, FlowControl, Parity, SerialPort, StopBits};

pub use self::error::SerialError;
pub use self::port::{Port, Usb, console_ports, list_ports};
use super::{LinkKind, Received, Terminal, Transport, TransportError};
pub use crate::inventory::PortChoice;
use crate::message::Text;

/// Which port, at which speed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialTarget {
    /// The port.
    pub port: PortChoice,
    /// Its speed in bit/s.
    pub speed: u32,
}

/// An open console port.
pub struct SerialLink {
    port: Option<Box<dyn SerialPort>>,
    name: String,
    speed: u32,
}

/// Opens a console port exclusively.
///
/// # Errors
/// [`SerialError`] when no port or more than one fits the choice, when it is in use, or when the system refuses it.
pub fn open(target: &SerialTarget) -> Result<SerialLink, SerialError> {
    let name = target.port.resolve(&list_ports)?;
    let declared = serialport::new(&name, target.speed)
        .data_bits(DataBits::Eight)
        .parity(Parity::None)
        .stop_bits(StopBits::One)
        .flow_control(FlowControl::None)
        .timeout(Duration::from_millis(100));
    let port = platform::open(declared).map_err(|error| platform::open_error(&name, &error))?;
    Ok(SerialLink { port: Some(port), name, speed: target.speed })
}

impl SerialLink {
    fn lost(&self, reason: impl Into<Text>) -> TransportError {
        TransportError::Lost { peer: self.name.clone(), reason: reason.into(), cable: true }
    }
}

/// Time left, at least a little: a wait of nothing would mean "forever" to some libraries, and bytes that are there are taken.
fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}

/// Reads until bytes come (their number) or the deadline does. `read` is told how long it may wait; where it gives up earlier it is
/// asked again, since drivers of USB cables do so under Windows, at the price of a busy processor.
fn patiently(until: Instant, mut read: impl FnMut(Duration) -> io::Result<usize>) -> io::Result<Option<usize>> {
    loop {
        match read(left(until)) {
            Err(error) if !matches!(error.kind(), TimedOut | Interrupted | WouldBlock) => return Err(error),
            Err(_) if Instant::now() < until => {}
            Err(_) => return Ok(None),
            Ok(count) => return Ok(Some(count)),
        }
    }
}

impl Transport for SerialLink {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        let Some(port) = self.port.as_mut() else { return Ok(Received::End) };
        let result = patiently(until, |wait| {
            port.set_timeout(wait)?;
            platform::read(port.as_mut(), buf)
        });
        match result {
            // Zero bytes from a terminal device mean that its other side hung up.
            Ok(Some(0)) => Err(self.lost(Text::new("it hung up", "切断されました"))),
            Ok(Some(count)) => Ok(Received::Bytes(count)),
            Ok(None) => Ok(Received::Deadline),
            Err(error) => Err(self.lost(&error)),
        }
    }

    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let Some(port) = self.port.as_mut() else {
                return Err(self.lost(Text::new("it is closed", "閉じられています")));
            };
            let result = port.set_timeout(left(until)).map_err(io::Error::from).and_then(|()| port.write(rest));
            match result {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) => match error.kind() {
                    TimedOut | Interrupted | WouldBlock => {}
                    _ => return Err(self.lost(&error)),
                },
            }
            // Also where it takes a byte now and then.
            if !rest.is_empty() && Instant::now() >= until {
                return Err(TransportError::Stuck { peer: self.name.clone() });
            }
        }
        Ok(())
    }

    fn kind(&self) -> LinkKind {
        LinkKind::Serial
    }

    fn peer(&self) -> String {
        self.name.clone()
    }

    fn line_speed(&self) -> Option<u32> {
        Some(self.speed)
    }

    fn set_line_speed(&mut self, speed: u32) -> Result<bool, TransportError> {
        let Some(port) = self.port.as_mut() else {
            return Err(self.lost(Text::new("it is closed", "閉じられています")));
        };
        port.set_baud_rate(speed).map_err(|error| SerialError::Speed {
            port: self.name.clone(),
            speed,
            reason: error::reason(&error),
        })?;
        self.speed = speed;
        Ok(true)
    }

    fn terminal(&self) -> Option<Terminal> {
        None
    }

    fn close(&mut self) {
        self.port = None;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::{self, ErrorKind};
    use std::time::{Duration, Instant};

    use super::patiently;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[test]
    fn a_driver_that_gives_up_before_the_deadline_is_asked_again() {
        let mut answers =
            [Err(ErrorKind::TimedOut), Err(ErrorKind::WouldBlock), Err(ErrorKind::Interrupted), Ok(7)].into_iter();
        let count = patiently(soon(), |_| answers.next().unwrap().map_err(io::Error::from)).unwrap();
        assert_eq!((count, answers.next()), (Some(7), None));
    }

    #[test]
    fn at_the_deadline_what_is_there_is_taken_and_nothing_is_waited_for() {
        assert_eq!(patiently(Instant::now(), |_| Ok(7)).unwrap(), Some(7));
        let mut asked = 0;
        let nothing = patiently(Instant::now(), |_| {
            asked += 1;
            Err(ErrorKind::TimedOut.into())
        });
        assert_eq!((nothing.unwrap(), asked), (None, 1));
    }

    #[test]
    fn a_lost_cable_ends_the_wait_at_once() {
        let error = patiently(soon(), |_| Err(ErrorKind::BrokenPipe.into())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
}
