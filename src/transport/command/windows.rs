//! There is no terminal to run a program on that this transport could use.

use std::time::Instant;

use super::CommandTarget;
use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// Never made on this system.
pub enum CommandLink {}

/// Says that this transport does not exist here.
///
/// # Errors
/// Always [`TransportError::Unsupported`].
pub fn open(_target: &CommandTarget) -> Result<CommandLink, TransportError> {
    Err(TransportError::Unsupported { what: "a program on a terminal" })
}

impl Transport for CommandLink {
    fn read(&mut self, _buf: &mut [u8], _until: Instant) -> Result<Received, TransportError> {
        match *self {}
    }

    fn write(&mut self, _bytes: &[u8], _until: Instant) -> Result<(), TransportError> {
        match *self {}
    }

    fn kind(&self) -> LinkKind {
        match *self {}
    }

    fn peer(&self) -> String {
        match *self {}
    }

    fn terminal(&self) -> Option<Terminal> {
        match *self {}
    }

    fn close(&mut self) {
        match *self {}
    }
}
