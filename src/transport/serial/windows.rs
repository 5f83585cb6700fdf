//! Serial ports on Windows: what the errors of opening mean, who may open, which names are shown.

use serialport::{Error, ErrorKind};

use super::SerialError;
use crate::message::Text;

/// What an error of opening means: a port in use and one that is missing share a kind, only their names differ by the list.
pub(super) fn open_error(port: &str, error: &Error) -> SerialError {
    let port = port.to_owned();
    if error.kind != ErrorKind::NoDevice {
        return SerialError::Open { port, reason: error.description.clone() };
    }
    let ports = super::list_ports().unwrap_or_default();
    if ports.iter().any(|listed| listed.name.eq_ignore_ascii_case(&port)) {
        SerialError::Busy { port }
    } else {
        SerialError::NotFound { wanted: port, ports: ports.iter().map(ToString::to_string).collect() }
    }
}

/// How a user comes to the right to open a port.
pub(super) fn permission_hint() -> Text {
    Text::new("look at the port in the device manager", "デバイスマネージャーでポートの状態を確認してください")
}

/// Every port is shown.
pub(super) fn is_listed(_name: &str) -> bool {
    true
}

/// Whether a port of this name is there.
pub(super) fn exists(name: &str) -> bool {
    super::list_ports().unwrap_or_default().iter().any(|port| port.name.eq_ignore_ascii_case(name))
}
