//! Telnet to a router, and console servers: telnet with RFC 2217, telnet without, or a bare TCP port.
//!
//! A console server's port is a console: silent, paced, without flow control. The target distinguishes it from a router's
//! own telnet server, since the wire does not. Nothing here is encrypted, which the caller has to tell its user.

mod busy;
mod error;
mod options;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use self::busy::Greeting;
pub use self::error::TelnetError;
use self::options::Options;
use super::{LinkKind, Received, Terminal, Transport, TransportError, tcp};
use crate::message::Text;

/// Text kept while a console server's port is set: what its console said last. More of it is noise, and pushes out the oldest.
const KEPT: usize = 16 * 1024;
/// How long an answer to an option may wait for the socket beyond the read that brought the option.
const ANSWER: Duration = Duration::from_millis(100);

/// What answers at the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The router's own telnet server.
    Router,
    /// A console server that can set its port's speed (RFC 2217).
    Rfc2217 {
        /// The speed to set, in bit/s.
        speed: u32,
    },
    /// A console server that speaks telnet; its port's speed is set there.
    Console {
        /// The speed its port has, in bit/s: it decides the pace.
        speed: u32,
    },
    /// A console server's bare TCP port.
    Raw {
        /// The speed its port has, in bit/s: it decides the pace.
        speed: u32,
    },
}

/// Where to call, and what answers there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelnetTarget {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What answers there.
    pub service: Service,
    /// Time until the connection is open and the port is set.
    pub connect: Duration,
}

/// An open telnet connection.
pub struct TelnetLink {
    socket: TcpStream,
    service: Service,
    options: Options,
    /// Text that has arrived and was not read yet.
    text: Vec<u8>,
    peer: String,
    speed: Option<u32>,
    greeting: Greeting,
    /// Whether the other side has closed.
    ended: bool,
    open: bool,
}

/// Connects, and sets the port of a console server that can.
///
/// # Errors
/// [`TransportError`] when no one answers, or when the console server does not do what the target says.
pub fn open(target: &TelnetTarget) -> Result<TelnetLink, TransportError> {
    let deadline = Instant::now() + target.connect;
    let peer = format!("{}:{}", target.host, target.port);
    let socket = tcp::connect(&target.host, target.port, deadline)
        .map_err(|failure| TelnetError::Connect { peer: peer.clone(), failure })?;
    let (options, speed) = match target.service {
        Service::Router => (Options::default(), None),
        Service::Console { speed } | Service::Raw { speed } => (Options::default(), Some(speed)),
        Service::Rfc2217 { speed } => (Options::with_com_port(), Some(speed)),
    };
    let (text, greeting) = (Vec::new(), Greeting::new());
    let service = target.service;
    let mut link = TelnetLink { socket, service, options, text, peer, speed, greeting, ended: false, open: true };
    if let Service::Rfc2217 { speed } = service {
        link.set_port(speed, deadline).map_err(|error| link.why(error))?;
    }
    Ok(link)
}

impl TelnetLink {
    fn lost(&self, reason: impl Into<Text>) -> TransportError {
        TransportError::Lost { peer: self.peer.clone(), reason: reason.into(), cable: false }
    }

    /// Agrees with the console server that it sets its port, and has it set.
    fn set_port(&mut self, speed: u32, deadline: Instant) -> Result<(), TransportError> {
        self.send(&Options::opening(), deadline)?;
        self.settle(deadline, |options| options.com_port.is_some())?;
        if self.options.com_port != Some(true) {
            return Err(TelnetError::NoRfc2217 { peer: self.peer.clone() }.into());
        }
        self.send(&Options::set_port(speed), deadline)?;
        self.confirm_speed(speed, deadline)
    }

    /// What stopped us: the error, or someone else on this console.
    fn why(&mut self, error: TransportError) -> TransportError {
        let gone = matches!(error, TransportError::Lost { .. });
        // What was said before the end is still there.
        for _ in 0..4 {
            if !gone || !matches!(self.receive(Instant::now()), Ok(Received::Bytes(_))) {
                break;
            }
        }
        self.turned_away(gone).unwrap_or(error)
    }

    /// Whether a console server has closed its port to us because someone else is using it.
    fn turned_away(&self, gone: bool) -> Option<TransportError> {
        if !(self.ended || gone) || self.service == Service::Router {
            return None;
        }
        let said = self.greeting.turned_away(&self.text)?;
        Some(TelnetError::Busy { peer: self.peer.clone(), said }.into())
    }

    /// Hands out what has come.
    fn take(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        while self.text.is_empty() {
            match self.receive(until)? {
                // Options without any text count as silence.
                Received::Bytes(_) if self.text.is_empty() && Instant::now() >= until => return Ok(Received::Deadline),
                Received::Bytes(_) => {}
                other => return Ok(other),
            }
        }
        let count = self.text.len().min(buf.len());
        for (place, byte) in buf.iter_mut().zip(self.text.drain(..count)) {
            *place = byte;
        }
        Ok(Received::Bytes(count))
    }

    /// Reads until the options say so, at most until the deadline, whatever else comes; the last text that arrives meanwhile is
    /// kept.
    fn settle(&mut self, deadline: Instant, done: impl Fn(&Options) -> bool) -> Result<(), TransportError> {
        while !done(&self.options) {
            let received = self.receive(deadline)?;
            let excess = self.text.len().saturating_sub(KEPT);
            self.text.drain(..excess);
            if !matches!(received, Received::Bytes(_)) || Instant::now() >= deadline && !done(&self.options) {
                return Err(TelnetError::NoRfc2217 { peer: self.peer.clone() }.into());
            }
        }
        Ok(())
    }

    fn confirm_speed(&mut self, speed: u32, deadline: Instant) -> Result<(), TransportError> {
        self.settle(deadline, |options| options.speed.is_some())?;
        let set = self.options.speed.unwrap_or_default();
        if set != speed {
            return Err(TelnetError::Speed { peer: self.peer.clone(), wanted: speed, set }.into());
        }
        self.speed = Some(speed);
        Ok(())
    }

    /// Reads once from the socket, answers options, keeps text.
    fn receive(&mut self, until: Instant) -> Result<Received, TransportError> {
        let mut buffer = [0_u8; 4096];
        loop {
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            let result = self.socket.set_read_timeout(Some(left)).and_then(|()| self.socket.read(&mut buffer));
            match result {
                Ok(0) => {
                    self.ended = true;
                    return Ok(Received::End);
                }
                Ok(count) => {
                    let bytes = buffer.get(..count).unwrap_or_default();
                    if matches!(self.service, Service::Raw { .. }) {
                        self.text.extend_from_slice(bytes);
                    } else {
                        let mut answers = Vec::new();
                        self.options.take(bytes, &mut self.text, &mut answers);
                        self.send(&answers, until.max(Instant::now() + ANSWER))?;
                    }
                    return Ok(Received::Bytes(count));
                }
                Err(error) => match error.kind() {
                    ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted if Instant::now() < until => {}
                    ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted => {
                        return Ok(Received::Deadline);
                    }
                    _ => return Err(self.lost(&error)),
                },
            }
        }
    }

    fn send(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            let result = self.socket.set_write_timeout(Some(left)).and_then(|()| self.socket.write(rest));
            match result {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) => match error.kind() {
                    ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted => {}
                    _ => return Err(self.lost(&error)),
                },
            }
            // Also where it takes a byte now and then.
            if !rest.is_empty() && Instant::now() >= until {
                return Err(TransportError::Stuck { peer: self.peer.clone() });
            }
        }
        Ok(())
    }
}

impl Transport for TelnetLink {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if !self.open {
            return Ok(Received::End);
        }
        let received = match self.take(buf, until) {
            Err(error) => return Err(self.why(error)),
            Ok(received) => received,
        };
        match received {
            Received::Bytes(count) => self.greeting.hears(buf.get(..count).unwrap_or_default()),
            Received::End => return self.turned_away(false).map_or(Ok(Received::End), Err),
            Received::Deadline => {}
        }
        Ok(received)
    }

    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        if !self.open {
            return Err(self.lost(Text::new("it is closed", "閉じられています")));
        }
        let sent = if matches!(self.service, Service::Raw { .. }) {
            self.send(bytes, until)
        } else {
            let escaped = zeroize::Zeroizing::new(self.options.escape(bytes));
            self.send(&escaped, until)
        };
        sent.map_err(|error| self.why(error))
    }

    fn kind(&self) -> LinkKind {
        if self.service == Service::Router { LinkKind::Telnet } else { LinkKind::Serial }
    }

    fn peer(&self) -> String {
        self.peer.clone()
    }

    fn line_speed(&self) -> Option<u32> {
        self.speed
    }

    fn set_line_speed(&mut self, speed: u32) -> Result<bool, TransportError> {
        if !matches!(self.service, Service::Rfc2217 { .. }) {
            return Ok(false);
        }
        let deadline = Instant::now() + Duration::from_secs(5);
        self.options.speed = None;
        self.send(&options::set_speed(speed), deadline)?;
        self.confirm_speed(speed, deadline).map(|()| true)
    }

    fn terminal(&self) -> Option<Terminal> {
        None
    }

    fn close(&mut self) {
        if self.open {
            self.open = false;
            // The other side may be gone already.
            let _ = self.socket.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for TelnetLink {
    fn drop(&mut self) {
        self.close();
    }
}
