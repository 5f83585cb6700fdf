//! Serial ports on Windows: how they are read, what the errors of opening mean, who may open, which names are shown.

use std::io::{self, Read};

use serialport::{Error, ErrorKind, SerialPort, SerialPortBuilder};

use super::SerialError;
use super::error::reason;
use crate::message::Text;

/// Opens the port; no one else may have it meanwhile: so it is with every port here.
pub(super) fn open(port: SerialPortBuilder) -> Result<Box<dyn SerialPort>, Error> {
    port.open()
}

/// Waits for bytes until the port's timeout, and takes those that have come.
///
/// One byte ends the wait; then as many are taken as the driver says it holds. Asked for a whole buffer, Windows returns what has
/// come (the three read timeouts that the library sets say so), but a driver may know these timeouts by halves, as Wine does, and
/// wait for the whole buffer until the timeout: then each prompt costs its whole deadline.
pub(super) fn read(port: &mut dyn SerialPort, buf: &mut [u8]) -> io::Result<usize> {
    take(port, |port| port.bytes_to_read().unwrap_or(0), buf)
}

fn take<P: Read + ?Sized>(port: &mut P, queued: impl FnOnce(&P) -> u32, buf: &mut [u8]) -> io::Result<usize> {
    let Some((first, rest)) = buf.split_at_mut_checked(1) else { return Ok(0) };
    let count = port.read(first)?;
    let queued = usize::try_from(queued(port)).unwrap_or(usize::MAX).min(rest.len());
    let more = match rest.get_mut(..queued) {
        // What has come is ours, whatever is wrong now: the next read meets it again.
        Some(rest) if count == 1 && queued > 0 => port.read(rest).unwrap_or(0),
        _ => 0,
    };
    Ok(count + more)
}

/// What an error of opening means: a port in use and one that is missing share a kind, only their names differ by the list.
pub(super) fn open_error(port: &str, error: &Error) -> SerialError {
    let port = port.to_owned();
    if error.kind != ErrorKind::NoDevice {
        return SerialError::Open { port, reason: reason(error) };
    }
    if exists(&port) {
        SerialError::Busy { port }
    } else {
        SerialError::NotFound { wanted: port, ports: super::port::seen() }
    }
}

/// How a user comes to the right to open a port.
pub(super) fn permission_hint() -> Text {
    Text::new("look at the port in the device manager", "デバイスマネージャーでポートの状態を確認してください")
}

/// What to look at when the system shows no port.
pub(super) fn unseen_hint() -> Text {
    Text::new(
        "does Windows know the cable? It is in the device manager under \"Ports (COM & LPT)\", or with a warning sign where its driver is missing",
        "Windows がケーブルを認識しているか確認してください。デバイスマネージャーの「ポート(COM と LPT)」に表示されます。警告マークが付く場合はドライバが必要です",
    )
}

/// The device behind a name: `\\.\COM12`, as some programs want it, is `COM12` to the library that opens it.
pub(super) fn device(name: &str) -> &str {
    name.strip_prefix(r"\\.\").unwrap_or(name)
}

/// Every port is shown.
pub(super) fn is_listed(_name: &str) -> bool {
    true
}

/// Whether a port of this name is certainly not there: the system lists its ports, and not this one.
pub(super) fn is_missing(name: &str) -> bool {
    super::list_ports().is_ok_and(|ports| !ports.iter().any(|port| port.name.eq_ignore_ascii_case(device(name))))
}

/// Whether a port of this name is there.
pub(super) fn exists(name: &str) -> bool {
    let ports = super::list_ports().unwrap_or_default();
    ports.iter().any(|port| port.name.eq_ignore_ascii_case(device(name)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::VecDeque;
    use std::io::{self, Read};

    use super::take;

    /// A driver that fills the whole buffer or waits until the timeout.
    struct Patient {
        bytes: VecDeque<u8>,
        waits: usize,
    }

    impl Patient {
        fn holding(bytes: &[u8]) -> Self {
            Self { bytes: bytes.iter().copied().collect(), waits: 0 }
        }

        fn queued(&self) -> u32 {
            u32::try_from(self.bytes.len()).unwrap()
        }
    }

    impl Read for Patient {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.waits += usize::from(buf.len() > self.bytes.len());
            match self.bytes.read(buf)? {
                0 => Err(io::ErrorKind::TimedOut.into()),
                count => Ok(count),
            }
        }
    }

    #[test]
    fn a_read_takes_what_has_come_and_waits_for_no_more() {
        let mut buf = [0; 8];
        for (held, taken) in [(&b"x"[..], 1), (b"Router# ", 8), (b"more than fits", 8)] {
            let mut port = Patient::holding(held);
            let count = take(&mut port, Patient::queued, &mut buf).unwrap();
            assert_eq!((count, port.waits), (taken, 0));
            assert_eq!(buf[..count], held[..count]);
        }
    }

    #[test]
    fn nothing_is_taken_where_nothing_came() {
        let mut port = Patient::holding(b"");
        let error = take(&mut port, Patient::queued, &mut [0; 8]).unwrap_err();
        assert_eq!((error.kind(), port.waits), (io::ErrorKind::TimedOut, 1));
    }

    #[test]
    fn a_byte_that_has_come_is_kept_although_the_driver_fails_then() {
        let mut port = Patient::holding(b"x");
        assert_eq!(take(&mut port, |_| 4, &mut [0; 8]).unwrap(), 1);
    }
}
