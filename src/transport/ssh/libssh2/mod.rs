//! SSH by libssh2.
//!
//! One shell per session, on a wide terminal. The library never waits and never has the network's socket (see `wire`): every
//! wait has the caller's deadline, whatever comes meanwhile, and what comes is counted. The router closes without an exit status,
//! so that success is never read from one. Nothing is typed here.

mod agent;
mod algorithms;
mod authenticate;
mod carrier;
mod connect;
mod hashed;
mod jump;
mod meter;
mod pump;
mod tunnel;
mod wire;

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use ssh2::Channel;

pub use self::algorithms::{Negotiated, missing_algorithms, supported_algorithms};
pub use self::hashed::HashedNames;
pub use self::jump::JumpHosts;
use self::meter::Flood;
use self::wire::{Connected, Stop};
use crate::message::Text;
use crate::transport::ssh::{HostKeys, SshError, SshTarget, TrustedKey};
use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// Whether this build has SSH.
pub const BUILT_IN: bool = true;

/// How long the other side may take to agree to our goodbye.
const GOODBYE: Duration = Duration::from_millis(100);

/// An open shell.
pub struct SshLink {
    connected: Connected,
    channel: Channel,
    peer: String,
    negotiated: Negotiated,
    host_key: TrustedKey,
    next_keepalive: Instant,
    open: bool,
}

/// Opens a shell: connect, agree, check the host key, authenticate, ask for a terminal. Jump hosts get a connection of their own.
///
/// # Errors
/// [`TransportError::Ssh`] with the step that failed. A host key that is not trusted fails before any credential is sent.
pub fn open(target: &SshTarget, host_keys: &dyn HostKeys) -> Result<SshLink, TransportError> {
    open_through(target, host_keys, &JumpHosts::new())
}

/// As [`open`], over connections to jump hosts that are shared with other sessions.
///
/// # Errors
/// As [`open`].
pub fn open_through(target: &SshTarget, host_keys: &dyn HostKeys, jump: &JumpHosts) -> Result<SshLink, TransportError> {
    let deadline = Instant::now() + target.connect;
    let dial = || jump.reach(&target.router, &target.jump, host_keys, target.keepalive, deadline);
    let mut link = connect::shell(&target.router, &dial, host_keys, deadline)?;
    let seconds = u32::try_from(target.keepalive.as_secs()).unwrap_or(u32::MAX);
    link.connected.session.set_keepalive(true, seconds);
    link.next_keepalive = Instant::now() + target.keepalive;
    Ok(link)
}

impl SshLink {
    /// The algorithms that were agreed on.
    pub fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    /// The host key, and why it was trusted.
    pub fn host_key(&self) -> &TrustedKey {
        &self.host_key
    }

    /// What an end of the work with the library means for an open shell; nothing at a deadline.
    fn over(&self, stop: Stop) -> Option<TransportError> {
        let lost = |reason: &str| {
            let reason = Text::untranslated(reason);
            TransportError::Lost { peer: self.peer.clone(), reason, cable: false }
        };
        match stop {
            Stop::Deadline => None,
            Stop::Ended(reason) => Some(lost(&reason)),
            Stop::Flood(Flood { bytes }) => Some(SshError::Flood { peer: self.peer.clone(), bytes }.into()),
            Stop::Library(error) => Some(lost(error.message())),
        }
    }

    fn lost(&self, error: &std::io::Error) -> TransportError {
        let detail = ssh2::Error::last_session_error(&self.connected.session);
        let words = || detail.map_or_else(|| Text::from(error), |detail| Text::untranslated(detail.message()));
        let reason = self.connected.wire.ended().map_or_else(words, Text::untranslated);
        TransportError::Lost { peer: self.peer.clone(), reason, cable: false }
    }

    fn keep_alive(&mut self) {
        if Instant::now() >= self.next_keepalive {
            // A failure here shows itself at the next read; the library answers with the seconds until the next one.
            let seconds = self.connected.session.keepalive_send().unwrap_or(1);
            self.next_keepalive = Instant::now() + Duration::from_secs(u64::from(seconds.max(1)));
        }
    }

    /// Waits for the next portion, and no longer than our own next sign of life; `false` at the deadline.
    fn receive(&mut self, until: Instant) -> Result<bool, TransportError> {
        self.keep_alive();
        match self.connected.wire.receive(until.min(self.next_keepalive)) {
            Ok(()) => Ok(true),
            Err(stop) => self.over(stop).map_or_else(|| Ok(Instant::now() < until), Err),
        }
    }

    fn say_goodbye(&mut self) {
        // Best effort and short: the other side may be gone. One that has said that it ends is not waited for.
        let until = Instant::now() + if self.channel.eof() { Duration::ZERO } else { GOODBYE };
        let channel = &mut self.channel;
        let _ = self.connected.drive(until, |_| channel.close());
        let _ = self.connected.session.disconnect(None, "done", None);
        self.connected.wire.carry_out();
        self.connected.wire.close();
    }
}

fn would_wait(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

impl Transport for SshLink {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if !self.open {
            return Ok(Received::End);
        }
        let mut more = true;
        loop {
            let result = self.channel.read(buf);
            match result {
                Ok(0) => return Ok(Received::End),
                Ok(count) => {
                    self.connected.wire.meter.delivered(count);
                    // The library may have opened the window.
                    self.connected.wire.carry_out();
                    return Ok(Received::Bytes(count));
                }
                Err(error) if would_wait(&error) => {}
                Err(error) => return Err(self.lost(&error)),
            }
            if !more {
                return Ok(Received::Deadline);
            }
            // After the deadline one portion that is there already is still taken, and no second.
            more = Instant::now() < until;
            if !self.receive(until)? {
                return Ok(Received::Deadline);
            }
        }
    }

    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.channel.write(rest) {
                Ok(count @ 1..) => {
                    self.connected.wire.meter.typed(count);
                    rest = rest.get(count..).unwrap_or_default();
                    continue;
                }
                Ok(_) => {}
                Err(error) if would_wait(&error) => {}
                Err(error) => return Err(self.lost(&error)),
            }
            if Instant::now() >= until || !self.receive(until)? {
                return Err(TransportError::Stuck { peer: self.peer.clone() });
            }
        }
        let flushed = self.connected.wire.flush(until);
        let stuck = || TransportError::Stuck { peer: self.peer.clone() };
        flushed.map_err(|stop| self.over(stop).unwrap_or_else(stuck))
    }

    fn kind(&self) -> LinkKind {
        LinkKind::Ssh
    }

    fn peer(&self) -> String {
        self.peer.clone()
    }

    fn terminal(&self) -> Option<Terminal> {
        None
    }

    fn close(&mut self) {
        if self.open {
            self.open = false;
            self.say_goodbye();
        }
    }
}

impl Drop for SshLink {
    fn drop(&mut self) {
        self.close();
    }
}
