//! Over a serial console of this machine.

use super::ConnectError;
use super::way::Way;
use crate::inventory::Serial;
use crate::session::{Login, Session};
use crate::transport::TransportError;
use crate::transport::serial::{self, SerialTarget};

/// Refuses a declared port that is certainly not there; none is opened.
pub(super) fn expect_port(declared: &Serial) -> Result<(), ConnectError> {
    Ok(declared.port.expect_there().map_err(TransportError::from)?)
}

/// Opens a session over the declared port.
pub(super) fn open(way: &Way, declared: &Serial, login: Login) -> Result<Session, ConnectError> {
    let console_lock = way.take_console_lock()?;
    let target = SerialTarget { port: declared.port.clone(), speed: declared.baud.first() };
    let link = serial::open(&target).map_err(TransportError::from)?;
    way.converse_locked(link, login, declared.baud, console_lock)
}
