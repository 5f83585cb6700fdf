//! An SSH shell on a router, by libssh2.
//!
//! One shell per session, on a wide terminal. Reads come back within a quarter of a second so that the caller's deadlines, its
//! wish to stop and our keepalives are honoured. The router closes without an exit status, so that success is never read from
//! one. Nothing is typed here.

mod algorithms;
mod authenticate;
mod carrier;
mod connect;
mod error;
mod host_keys;
mod jump;
mod pump;

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ssh2::{Channel, Session};

pub use self::algorithms::{Negotiated, Supported, missing_algorithms, supported_algorithms};
use self::carrier::Carrier;
pub use self::error::SshError;
pub use self::host_keys::{FirstUse, HostKey, HostKeys, KnownHosts, Trust};
pub use self::jump::JumpHosts;
use super::{Kind, Received, Transport, TransportError};
use crate::secret::Secret;

/// How long one blocking call into the library may last.
const SLICE: Duration = Duration::from_millis(250);

/// One SSH server and how we show ourselves there.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User.
    pub user: String,
    /// What proves the user.
    pub credentials: Credentials,
    /// The pinned host key, `SHA256:...`; the known hosts decide when there is none.
    pub fingerprint: Option<String>,
    /// Whether algorithms of old firmware may be used.
    pub legacy: bool,
}

impl Endpoint {
    /// `user@host:port`, for messages.
    pub fn peer(&self) -> String {
        format!("{}@{}:{}", self.user, self.host, self.port)
    }
}

/// What proves a user, tried in this order: key, agent, password (then keyboard-interactive with the same password).
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// A private key.
    pub key: Option<KeyFile>,
    /// Whether the agent's keys are tried.
    pub agent: bool,
    /// A password.
    pub password: Option<Arc<Secret>>,
}

/// A private key in a file.
#[derive(Debug, Clone)]
pub struct KeyFile {
    /// The file.
    pub path: PathBuf,
    /// What opens it.
    pub passphrase: Option<Arc<Secret>>,
}

/// A router behind SSH, and the hosts on the way to it.
#[derive(Debug, Clone)]
pub struct SshTarget {
    /// The router.
    pub router: Endpoint,
    /// Hosts to go through, the nearest first.
    pub jump: Vec<Endpoint>,
    /// Time for everything from the first packet to the open shell.
    pub connect: Duration,
    /// How often a silent connection is probed.
    pub keepalive: Duration,
}

/// An open shell.
pub struct SshLink {
    session: Session,
    channel: Channel,
    carrier: Carrier,
    peer: String,
    negotiated: Negotiated,
    trust: Trust,
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
    let carrier = jump.reach(&target.router, &target.jump, host_keys, target.keepalive, deadline)?;
    let mut link = connect::shell(&target.router, carrier, host_keys, deadline)?;
    link.session.set_keepalive(true, u32::try_from(target.keepalive.as_secs()).unwrap_or(u32::MAX));
    link.next_keepalive = Instant::now() + target.keepalive;
    Ok(link)
}

impl SshLink {
    /// The algorithms that were agreed on.
    pub fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    /// Why the host key was trusted.
    pub fn trust(&self) -> Trust {
        self.trust
    }

    fn lost(&self, reason: &std::io::Error) -> TransportError {
        let detail = ssh2::Error::last_session_error(&self.session);
        let reason = detail.map_or_else(|| reason.to_string(), |detail| detail.message().to_owned());
        TransportError::Lost { peer: self.peer.clone(), reason, cable: false }
    }

    fn keep_alive(&mut self) {
        if Instant::now() >= self.next_keepalive {
            // A failure here shows itself at the next read; the library answers with the seconds until the next one.
            let seconds = self.session.keepalive_send().unwrap_or(1);
            self.next_keepalive = Instant::now() + Duration::from_secs(u64::from(seconds.max(1)));
        }
    }

    fn limit(&self, until: Instant) {
        let left = until.saturating_duration_since(Instant::now()).min(SLICE);
        // Zero would mean "for ever" to the library.
        self.session.set_timeout(u32::try_from(left.as_millis()).unwrap_or(250).max(1));
    }
}

impl Transport for SshLink {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if !self.open {
            return Ok(Received::End);
        }
        loop {
            self.keep_alive();
            let only_look = Instant::now() >= until;
            self.limit(until);
            // A look at what has come already must not cost the library's shortest wait of a millisecond.
            self.session.set_blocking(!only_look);
            let result = self.channel.read(buf);
            self.session.set_blocking(true);
            match result {
                Ok(0) => return Ok(Received::End),
                Ok(count) => return Ok(Received::Bytes(count)),
                Err(error)
                    if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
                {
                    if Instant::now() >= until {
                        return Ok(Received::Deadline);
                    }
                }
                Err(error) => return Err(self.lost(&error)),
            }
        }
    }

    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            self.limit(until);
            match self.channel.write(rest) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error)
                    if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
                {
                    if Instant::now() >= until {
                        return Err(TransportError::Stuck { peer: self.peer.clone() });
                    }
                }
                Err(error) => return Err(self.lost(&error)),
            }
        }
        Ok(())
    }

    fn kind(&self) -> Kind {
        Kind::Ssh
    }

    fn peer(&self) -> String {
        self.peer.clone()
    }

    fn close(&mut self) {
        if self.open {
            self.open = false;
            // Best effort and short: the other side may be gone. One that has said that it ends is not waited for.
            self.session.set_blocking(!self.channel.eof());
            self.session.set_timeout(100);
            let _ = self.channel.close();
            let _ = self.session.disconnect(None, "done", None);
            self.carrier.shutdown();
        }
    }
}

impl Drop for SshLink {
    fn drop(&mut self) {
        self.close();
    }
}
