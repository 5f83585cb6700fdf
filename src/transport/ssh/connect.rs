//! From an address to an open shell, each step under the same deadline.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use ssh2::{BlockDirections, Channel, ErrorCode, ExtendedData, Session};

use super::algorithms::{self, Negotiated};
use super::authenticate;
use super::carrier::Carrier;
use super::host_keys::{self, HostKey};
use super::platform::Socket;
use super::{Endpoint, HostKeys, SshError, SshLink};
use crate::transport::tcp::{self, ConnectFailure};

/// Columns asked for: the echo of a line does not fold then, where the router honours it.
const COLUMNS: u32 = 512;
/// Rows asked for: what worked on a recorded router.
const ROWS: u32 = 24;

// Error numbers of libssh2, from its public header.
const TIMEOUT: i32 = -9;
const AGAIN: i32 = -37;
const KEX_FAILURE: i32 = -5;
const METHOD_NONE: i32 = -17;
const METHOD_NOT_SUPPORTED: i32 = -33;

/// Connects a socket within the deadline.
pub(super) fn socket(endpoint: &Endpoint, deadline: Instant) -> Result<TcpStream, SshError> {
    let peer = endpoint.peer();
    tcp::connect(&endpoint.host, endpoint.port, deadline).map_err(|failure| match failure {
        ConnectFailure::HostName(host) => SshError::HostName { host },
        ConnectFailure::Resolve(reason) => SshError::Resolve { host: endpoint.host.clone(), reason },
        ConnectFailure::Timeout => SshError::Timeout { peer, during: "connect" },
        ConnectFailure::Refused(reason) => SshError::Unreachable { peer, reason },
    })
}

/// Gives the library what is left of the time; at least a millisecond, since zero means "for ever" to it.
pub(super) fn limit(session: &Session, deadline: Instant) {
    let left = deadline.saturating_duration_since(Instant::now());
    session.set_timeout(u32::try_from(left.as_millis()).unwrap_or(u32::MAX).max(1));
}

/// Agrees, checks the host key, authenticates, opens a shell.
pub(super) fn shell(
    endpoint: &Endpoint,
    carrier: Carrier,
    host_keys: &dyn HostKeys,
    deadline: Instant,
) -> Result<SshLink, SshError> {
    let peer = endpoint.peer();
    let own = carrier.try_clone().map_err(|error| SshError::Library { reason: error.to_string() })?;
    let (session, trust) = handshake(endpoint, carrier, host_keys, deadline)?;
    authenticate::authenticate(&session, endpoint, deadline)?;
    let during = "shell";
    limit(&session, deadline);
    let mut channel = session.channel_session().map_err(|error| failed(&peer, during, &error))?;
    channel.handle_extended_data(ExtendedData::Merge).map_err(|error| failed(&peer, during, &error))?;
    terminal_and_shell(&session, &mut channel, deadline).map_err(|error| failed(&peer, during, &error))?;
    let negotiated = Negotiated::of(&session);
    if !negotiated.legacy_names().is_empty() {
        tracing::warn!(%peer, methods = ?negotiated.legacy_names(), "old SSH algorithms are in use with this router");
    }
    let next_keepalive = Instant::now() + Duration::from_secs(30);
    Ok(SshLink { session, channel, carrier: own, peer, negotiated, trust, next_keepalive, open: true })
}

/// Asks for a terminal and for a shell on it, without waiting for the first answer before the second question: one round trip. Both
/// must be granted, so that it does not matter which answer is taken for which.
fn terminal_and_shell(session: &Session, channel: &mut Channel, deadline: Instant) -> Result<(), ssh2::Error> {
    let terminal = |channel: &mut Channel| channel.request_pty("vt100", None, Some((COLUMNS, ROWS, 0, 0)));
    session.set_blocking(false);
    let asked = terminal(channel);
    // The library takes the second question only once the first has left it whole.
    let left = !matches!(session.block_directions(), BlockDirections::Outbound | BlockDirections::Both);
    let (granted, shell) = match asked {
        Err(error) if error.code() == ErrorCode::Session(AGAIN) && left => (false, channel.shell()),
        Err(error) if error.code() == ErrorCode::Session(AGAIN) => (false, Err(error)),
        asked => (asked.map(|()| true)?, channel.shell()),
    };
    session.set_blocking(true);
    if !granted {
        limit(session, deadline);
        terminal(channel)?;
    }
    match shell {
        Err(error) if error.code() == ErrorCode::Session(AGAIN) => {
            limit(session, deadline);
            channel.shell()
        }
        shell => shell,
    }
}

/// Agrees on algorithms and checks the host key: no credential goes out before.
pub(super) fn handshake(
    endpoint: &Endpoint,
    carrier: Carrier,
    host_keys: &dyn HostKeys,
    deadline: Instant,
) -> Result<(Session, host_keys::Trust), SshError> {
    let peer = endpoint.peer();
    let mut session = Session::new().map_err(|error| SshError::Library { reason: error.to_string() })?;
    algorithms::ask_for(&session, endpoint.legacy)?;
    match carrier {
        Carrier::Tcp(socket) => give(&mut session, socket),
        Carrier::Tunnel(socket) => give(&mut session, socket),
    }
    limit(&session, deadline);
    session.handshake().map_err(|error| match error.code() {
        ErrorCode::Session(KEX_FAILURE | METHOD_NONE | METHOD_NOT_SUPPORTED) => {
            SshError::Algorithms { peer: peer.clone(), reason: error.message().to_owned(), legacy: endpoint.legacy }
        }
        _ => failed(&peer, "handshake", &error),
    })?;
    let blob = session.host_key().map(|(blob, _)| blob.to_vec());
    let key = HostKey::new(&blob.ok_or_else(|| SshError::Library { reason: "no host key".to_owned() })?);
    let trust = match &endpoint.fingerprint {
        Some(pinned) => host_keys::check_pin(&endpoint.host, pinned, &key)?,
        None => host_keys.check(&endpoint.host, endpoint.port, &key)?,
    };
    Ok((session, trust))
}

fn give(session: &mut Session, socket: impl Socket) {
    session.set_tcp_stream(socket);
}

/// What an error of the library means while a connection is being set up.
pub(super) fn failed(peer: &str, during: &'static str, error: &ssh2::Error) -> SshError {
    let peer = peer.to_owned();
    match error.code() {
        ErrorCode::Session(TIMEOUT | AGAIN) => SshError::Timeout { peer, during },
        _ => SshError::Broken { peer, during, reason: error.message().to_owned() },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use crate::transport::TransportError;
    use crate::transport::ssh::{Credentials, Endpoint, FirstUse, KnownHosts, SshError, SshTarget, open};

    fn endpoint(port: u16) -> Endpoint {
        Endpoint {
            host: "127.0.0.1".into(),
            port,
            user: "admin".into(),
            credentials: Credentials::default(),
            fingerprint: None,
            legacy: false,
        }
    }

    #[test]
    fn a_silent_server_and_a_closed_port_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = SshTarget {
            router: endpoint(port),
            jump: Vec::new(),
            connect: Duration::from_millis(200),
            keepalive: Duration::from_secs(30),
        };
        let keys = KnownHosts::new("/nonexistent/known_hosts", FirstUse::Refuse);
        let silent = open(&target, &keys).map(|_| ());
        assert!(
            matches!(silent, Err(TransportError::Ssh(SshError::Timeout { during: "handshake", .. }))),
            "{silent:?}"
        );
        drop(listener);
        let closed = open(&target, &keys).map(|_| ());
        assert!(matches!(closed, Err(TransportError::Ssh(SshError::Unreachable { .. }))), "{closed:?}");
    }
}
