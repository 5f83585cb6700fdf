//! Serial ports on Unix: how they are read, what the errors of opening mean, who may open, which names are shown.

use std::io::{self, ErrorKind as Io};

use serialport::{Error, ErrorKind, SerialPort, SerialPortBuilder};

use super::SerialError;
use super::error::reason;
use crate::message::Text;

/// No one else may open the port while we have it.
pub(super) fn exclusive(port: SerialPortBuilder) -> SerialPortBuilder {
    port.exclusive(true)
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
