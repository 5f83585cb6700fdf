//! Serial ports on Unix: how they are read, what the errors of opening mean, who may open, which names are shown.

use std::io::{self, ErrorKind as Io};
use std::os::fd::{AsRawFd, BorrowedFd};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use serialport::{Error, ErrorKind, SerialPort, SerialPortBuilder, TTYPort};

use super::SerialError;
use super::error::reason;
use crate::message::Text;

/// Opens the port for us alone, and so that no call waits inside the system.
///
/// The library polls until the port's timeout and then calls a port that blocks. What the poll promised may be gone by then, and
/// a port may take fewer bytes than are written: the call would wait without a deadline, and no signal would end it.
pub(super) fn open(port: SerialPortBuilder) -> Result<Box<dyn SerialPort>, Error> {
    let port = port.exclusive(true).open_native()?;
    never_blocking(&port)?;
    Ok(Box::new(port))
}

fn never_blocking(port: &TTYPort) -> Result<(), io::Error> {
    #[expect(unsafe_code, reason = "the library lends no handle: this one ends before the port does")]
    let handle = unsafe { BorrowedFd::borrow_raw(port.as_raw_fd()) };
    let flags = OFlag::from_bits_retain(fcntl(handle, FcntlArg::F_GETFL)?);
    fcntl(handle, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}

/// Waits for bytes until the port's timeout, and takes those that have come.
pub(super) fn read(port: &mut dyn SerialPort, buf: &mut [u8]) -> io::Result<usize> {
    port.read(buf)
}

/// What an error of opening means.
pub(super) fn open_error(port: &str, error: &Error) -> SerialError {
    let port = port.to_owned();
    match error.kind {
        ErrorKind::Io(Io::PermissionDenied) => SerialError::Denied { port },
        ErrorKind::Io(Io::NotFound) => SerialError::NotFound { wanted: port, ports: super::port::seen() },
        // The kernel's exclusive flag and the advisory lock both end here.
        ErrorKind::NoDevice => SerialError::Busy { port },
        _ => SerialError::Open { port, reason: reason(error) },
    }
}

/// How a user comes to the right to open a port.
pub(super) fn permission_hint() -> Text {
    Text::new(
        "add the user to the group that owns the port (`dialout` on Debian: `sudo usermod -aG dialout $USER`; `uucp` on Arch) and log in again",
        "ポートを所有するグループ(Debian 系は `dialout`: `sudo usermod -aG dialout $USER`、Arch は `uucp`)にユーザを追加し、ログインし直してください",
    )
}

/// What to look at when the system shows no port.
pub(super) fn unseen_hint() -> Text {
    Text::new(
        "does the system know the cable? `sudo dmesg | tail` right after plugging it in (Linux), `ls /dev/cu.*` (macOS); it may need a driver, and a virtual machine must be given the USB device",
        "OS がケーブルを認識しているか確認してください: 接続直後の `sudo dmesg | tail`(Linux)、`ls /dev/cu.*`(macOS)。ドライバが必要な場合や、仮想マシンへの USB 割り当てが必要な場合があります",
    )
}

/// The device behind a name: the name itself.
pub(super) fn device(name: &str) -> &str {
    name
}

/// Whether a port is worth showing: macOS lists every port twice, and the `tty` one blocks until a carrier comes.
pub(super) fn is_listed(name: &str) -> bool {
    !(cfg!(target_os = "macos") && name.starts_with("/dev/tty."))
}

/// Whether a port of this name is certainly not there.
pub(super) fn is_missing(name: &str) -> bool {
    matches!(std::path::Path::new(name).try_exists(), Ok(false))
}

/// Whether a port of this name is there.
pub(super) fn exists(name: &str) -> bool {
    std::path::Path::new(name).exists()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::fs::File;
    use std::io::Write;
    use std::time::{Duration, Instant};

    use nix::pty::{OpenptyResult, openpty};
    use nix::sys::termios::{SetArg, SpecialCharacterIndices as Index, tcgetattr, tcsetattr};

    use crate::transport::serial::{PortChoice, SerialLink, SerialTarget};
    use crate::transport::{Received, Transport, TransportError};

    /// A console port, its other side, and what keeps the terminal between them.
    fn port() -> (SerialLink, OpenptyResult) {
        let terminal = openpty(None, None).unwrap();
        let name = nix::unistd::ttyname(&terminal.slave).unwrap();
        let target = SerialTarget { port: PortChoice::Name(name.to_str().unwrap().to_owned()), speed: 9600 };
        (crate::transport::serial::open(&target).unwrap(), terminal)
    }

    #[test]
    fn a_port_that_promised_more_than_it_has_ends_no_later_than_the_deadline() {
        let (mut link, terminal) = port();
        // Ready with one byte, it would hold a blocking read until 255 have come or none has come for 25.5 s.
        let mut settings = tcgetattr(&terminal.slave).unwrap();
        settings.control_chars[Index::VMIN as usize] = 255;
        settings.control_chars[Index::VTIME as usize] = 255;
        tcsetattr(&terminal.slave, SetArg::TCSANOW, &settings).unwrap();
        File::from(terminal.master.try_clone().unwrap()).write_all(b"#").unwrap();
        let until = Instant::now() + Duration::from_secs(15);
        assert!(matches!(link.read(&mut [0; 64], until), Ok(Received::Bytes(1))));
        assert!(Instant::now() < until);
    }

    #[test]
    fn a_port_that_takes_no_more_bytes_ends_a_write_at_the_deadline() {
        let (mut link, _terminal) = port();
        let error = link.write(&[b'#'; 1 << 20], Instant::now() + Duration::from_millis(300)).unwrap_err();
        assert!(matches!(error, TransportError::Stuck { .. }), "{error:?}");
    }
}
