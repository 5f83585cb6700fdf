//! Serial ports on Windows: what the errors of opening mean, who may open, which names are shown.

use serialport::{Error, ErrorKind, SerialPortBuilder};

use super::SerialError;
use crate::message::Text;

/// No one else may open the port while we have it: so it is with every port here.
pub(super) fn exclusive(port: SerialPortBuilder) -> SerialPortBuilder {
    port
}

/// What an error of opening means: a port in use and one that is missing share a kind, only their names differ by the list.
pub(super) fn open_error(port: &str, error: &Error) -> SerialError {
    let port = port.to_owned();
    if error.kind != ErrorKind::NoDevice {
        return SerialError::Open { port, reason: error.description.clone() };
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

/// Whether a port of this name is there.
pub(super) fn exists(name: &str) -> bool {
    let ports = super::list_ports().unwrap_or_default();
    ports.iter().any(|port| port.name.eq_ignore_ascii_case(device(name)))
}
