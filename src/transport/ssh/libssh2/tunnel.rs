//! One tunnel through a jump host: bytes between a channel of the library's session and our end of a socket pair.
//!
//! Waits for nothing; the pump that owns it calls when something can move.

use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use ssh2::{Channel, ErrorCode};

use super::platform::TokioLocal;
use super::wire::AGAIN;

/// Bytes kept of one direction of one tunnel at most.
const BUFFER: usize = 64 * 1024;
/// Time for the other side to agree to the end of a tunnel.
const GOODBYE: Duration = Duration::from_secs(2);

/// One tunnel: a channel of the session and our end of a socket pair.
pub(super) struct Tunnel {
    channel: Channel,
    pub(super) local: TokioLocal,
    outgoing: Vec<u8>,
    pub(super) incoming: Vec<u8>,
    local_ended: bool,
    remote_ended: bool,
    closing: Option<Instant>,
    /// It has ended.
    pub(super) over: bool,
    /// Bytes that the session at our end took since they were counted last.
    pub(super) taken: u64,
}

impl Tunnel {
    /// A new one.
    pub(super) fn new(channel: Channel, local: TokioLocal) -> Self {
        Self {
            channel,
            local,
            outgoing: Vec::new(),
            incoming: Vec::new(),
            local_ended: false,
            remote_ended: false,
            closing: None,
            over: false,
            taken: 0,
        }
    }

    /// Whether more is taken from our own end now.
    pub(super) fn takes_from_local(&self) -> bool {
        !self.local_ended && self.outgoing.len() < BUFFER
    }

    /// Moves bytes both ways; whether anything moved. Fails when the connection itself is gone.
    pub(super) fn work(&mut self) -> io::Result<bool> {
        if let Some(since) = self.closing {
            let waits = matches!(self.channel.close(), Err(error) if error.code() == ErrorCode::Session(AGAIN));
            self.over = !waits || since.elapsed() > GOODBYE;
            return Ok(self.over);
        }
        let mut moved = self.take_local();
        moved |= self.give_remote()?;
        moved |= self.take_remote()?;
        moved |= self.give_local();
        let drained = self.remote_ended && self.incoming.is_empty();
        if drained || self.local_ended && self.outgoing.is_empty() {
            // A session that has ended on either side has nothing more to say: no half-open tunnels.
            self.closing = Some(Instant::now());
            moved = true;
        }
        Ok(moved)
    }

    fn take_local(&mut self) -> bool {
        let mut buffer = [0_u8; 8192];
        if !self.takes_from_local() {
            return false;
        }
        match self.local.try_read(&mut buffer) {
            Ok(count @ 1..) => {
                self.outgoing.extend_from_slice(buffer.get(..count).unwrap_or_default());
                true
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
            Ok(_) | Err(_) => {
                self.local_ended = true;
                true
            }
        }
    }

    fn give_remote(&mut self) -> io::Result<bool> {
        if self.outgoing.is_empty() || self.remote_ended {
            return Ok(false);
        }
        match self.channel.write(&self.outgoing) {
            Ok(0) => Ok(false),
            Ok(count) => {
                self.outgoing.drain(..count);
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn take_remote(&mut self) -> io::Result<bool> {
        let mut buffer = [0_u8; 8192];
        if self.remote_ended || self.incoming.len() >= BUFFER {
            return Ok(false);
        }
        match self.channel.read(&mut buffer) {
            Ok(0) if self.channel.eof() => {
                self.remote_ended = true;
                Ok(true)
            }
            Ok(0) => Ok(false),
            Ok(count) => {
                self.incoming.extend_from_slice(buffer.get(..count).unwrap_or_default());
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn give_local(&mut self) -> bool {
        if self.incoming.is_empty() {
            return false;
        }
        match self.local.try_write(&self.incoming) {
            Ok(count @ 1..) => {
                self.incoming.drain(..count);
                self.taken += count as u64;
                true
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
            Ok(_) | Err(_) => {
                self.incoming.clear();
                self.remote_ended = true;
                true
            }
        }
    }
}
