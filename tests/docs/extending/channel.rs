//! The worked example of `docs/extending/transport.md`: a path over two channels, with a mock router at its end.

use std::time::Instant;

use ixdeploy::message::Text;
use ixdeploy::transport::{LinkKind, Received, Terminal, Transport, TransportError};
use mock_device::{Heard, Wire};

/// A path that ends inside this process.
pub struct Channel {
    wire: Wire,
    rest: Vec<u8>,
}

impl Channel {
    /// A path over this wire.
    pub fn new(wire: Wire) -> Self {
        Self { wire, rest: Vec::new() }
    }
}

impl Transport for Channel {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if self.rest.is_empty() {
            match self.wire.receive(until.saturating_duration_since(Instant::now())) {
                Heard::Bytes(bytes) => self.rest = bytes,
                Heard::Nothing => return Ok(Received::Deadline),
                Heard::End => return Ok(Received::End),
            }
        }
        let count = self.rest.len().min(buf.len());
        buf[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        Ok(Received::Bytes(count))
    }

    fn write(&mut self, bytes: &[u8], _: Instant) -> Result<(), TransportError> {
        let gone = || TransportError::Lost {
            peer: self.peer(),
            reason: Text::new("closed", "閉じられています"),
            cable: false,
        };
        if self.wire.send(bytes) { Ok(()) } else { Err(gone()) }
    }

    fn kind(&self) -> LinkKind {
        LinkKind::Telnet
    }

    fn peer(&self) -> String {
        "channel".to_owned()
    }

    fn terminal(&self) -> Option<Terminal> {
        None
    }

    fn close(&mut self) {}
}
