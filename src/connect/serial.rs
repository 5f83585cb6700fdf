//! Over a serial console of this machine.

use super::ConnectError;
use super::way::Way;
use crate::inventory::{Serial, SerialPort};
use crate::session::{Login, Session};
use crate::transport::TransportError;
use crate::transport::serial::{self, PortChoice, SerialTarget};

/// Opens a session over the declared port.
pub(super) fn open(way: &Way, declared: &Serial, login: Login) -> Result<Session, ConnectError> {
    let console_lock = way.take_console_lock()?;
    let target = SerialTarget { port: port_choice(&declared.port), speed: declared.baud.first() };
    let link = serial::open(&target).map_err(TransportError::from)?;
    way.converse_locked(link, login, declared.baud, console_lock)
}

/// The transport's word for a declared port.
pub(super) fn port_choice(port: &SerialPort) -> PortChoice {
    match port {
        SerialPort::Name(name) => PortChoice::Name(name.clone()),
        SerialPort::Usb { vendor, product, serial_number } => {
            PortChoice::Usb { vendor: *vendor, product: Some(*product), serial_number: serial_number.clone() }
        }
        SerialPort::Auto => PortChoice::Auto,
    }
}
