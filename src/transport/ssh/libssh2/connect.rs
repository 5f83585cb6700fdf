//! From an address to an open shell, each step under the same deadline.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use ssh2::{BlockDirections, Channel, ErrorCode, ExtendedData, Session};

use super::SshLink;
use super::algorithms::{self, KeyTypes, Negotiated};
use super::authenticate;
use super::carrier::Carrier;
use super::meter::Flood;
use super::wire::{AGAIN, Connected, Stop, Wire};
use crate::transport::ssh::{Endpoint, HostKey, HostKeys, SshError, Stage, Trust, TrustedKey};
use crate::transport::tcp::{self, ConnectFailure};

/// Columns asked for: the echo of a line does not fold then, where the router honours it.
const COLUMNS: u32 = 512;
/// Rows asked for: what worked on a recorded router.
const ROWS: u32 = 24;

/// Types of host keys asked for at most until one is the pinned one: more are not in use.
const KEY_TYPES: usize = 4;

// Error numbers of libssh2, from its public header.
const KEX_FAILURE: i32 = -5;
const METHOD_NONE: i32 = -17;
const METHOD_NOT_SUPPORTED: i32 = -33;

/// Connects a socket within the deadline.
pub(super) fn socket(endpoint: &Endpoint, deadline: Instant) -> Result<TcpStream, SshError> {
    let peer = endpoint.peer();
    tcp::connect(&endpoint.host, endpoint.port, deadline).map_err(|failure| match failure {
        ConnectFailure::HostName(host) => SshError::HostName { host },
        ConnectFailure::Resolve(reason) => SshError::Resolve { host: endpoint.host.clone(), reason },
        ConnectFailure::Timeout => SshError::Timeout { peer, during: Stage::Connect },
        ConnectFailure::Refused(reason) => SshError::Unreachable { peer, reason },
    })
}

/// Agrees, checks the host key, authenticates, opens a shell.
pub(super) fn shell(
    endpoint: &Endpoint,
    dial: &Dial<'_>,
    host_keys: &dyn HostKeys,
    deadline: Instant,
) -> Result<SshLink, SshError> {
    let peer = endpoint.peer();
    let (mut connected, host_key) = handshake(endpoint, dial, host_keys, deadline)?;
    authenticate::authenticate(&mut connected, endpoint, deadline)?;
    let opened = |stop| failed(&peer, Stage::Shell, stop);
    let mut channel = connected.drive(deadline, Session::channel_session).map_err(opened)?;
    connected.drive(deadline, |_| channel.handle_extended_data(ExtendedData::Merge)).map_err(opened)?;
    terminal_and_shell(&mut connected, &mut channel, deadline).map_err(opened)?;
    let negotiated = Negotiated::of(&connected.session);
    if !negotiated.legacy_names().is_empty() {
        tracing::warn!(%peer, methods = ?negotiated.legacy_names(), "old SSH algorithms are in use with this router");
    }
    connected.wire.meter.established();
    let next_keepalive = Instant::now() + Duration::from_secs(30);
    Ok(SshLink { connected, channel, peer, negotiated, host_key, next_keepalive, open: true })
}

/// Asks for a terminal and for a shell on it, without waiting for the first answer before the second question: one round trip. Both
/// must be granted, so that it does not matter which answer is taken for which.
fn terminal_and_shell(connected: &mut Connected, channel: &mut Channel, deadline: Instant) -> Result<(), Stop> {
    let terminal = |channel: &mut Channel| channel.request_pty("vt100", None, Some((COLUMNS, ROWS, 0, 0)));
    let waits = |error: &ssh2::Error| error.code() == ErrorCode::Session(AGAIN);
    let mut shell = None;
    match terminal(channel) {
        Err(error) if waits(&error) => {
            // The library takes the second question only once the first has left it whole.
            let directions = connected.session.block_directions();
            if !matches!(directions, BlockDirections::Outbound | BlockDirections::Both) {
                shell = Some(channel.shell());
            }
            connected.drive(deadline, |_| terminal(channel))?;
        }
        asked => asked.map_err(Stop::Library)?,
    }
    match shell {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) if !waits(&error) => Err(Stop::Library(error)),
        _ => connected.drive(deadline, |_| channel.shell()),
    }
}

/// Dials the host: once, or again to ask for another of its keys.
pub(super) type Dial<'a> = dyn Fn() -> Result<Carrier, SshError> + 'a;

/// Agrees on algorithms and checks the host key: no credential goes out before.
///
/// A pin or an enrolled fingerprint names a key, not its type. If the host first offers a key of another type, we ask once more without that
/// type before the key counts as another one.
pub(super) fn handshake(
    endpoint: &Endpoint,
    dial: &Dial<'_>,
    host_keys: &dyn HostKeys,
    deadline: Instant,
) -> Result<(Connected, TrustedKey), SshError> {
    let first = match endpoint.fingerprint {
        Some(_) => Vec::new(),
        None => host_keys.known_types(&endpoint.host, endpoint.port)?,
    };
    let mut types = KeyTypes { first, without: Vec::new() };
    let (connected, key) = agree(endpoint, dial()?, &types, deadline)?;
    let refused = match judge(endpoint, host_keys, &key) {
        Ok(trust) => return Ok((connected, TrustedKey { key, trust })),
        Err(refused) => refused,
    };
    drop(connected);
    types.without.push(key.algorithm());
    let names_one_key = match refused {
        SshError::HostKeyChanged { .. } => endpoint.fingerprint.is_some(),
        SshError::HostKeyNotEnrolled { .. } => true,
        _ => false,
    };
    while names_one_key && types.without.len() < KEY_TYPES {
        // It has no other key, or does not answer any more: what it showed first is what there is to say.
        let Ok((connected, key)) = dial().and_then(|carrier| agree(endpoint, carrier, &types, deadline)) else { break };
        if let Ok(trust) = judge(endpoint, host_keys, &key) {
            return Ok((connected, TrustedKey { key, trust }));
        }
        types.without.push(key.algorithm());
    }
    Err(refused)
}

fn judge(endpoint: &Endpoint, host_keys: &dyn HostKeys, key: &HostKey) -> Result<Trust, SshError> {
    host_keys.refuse_revoked(&endpoint.host, endpoint.port, key)?;
    match &endpoint.fingerprint {
        Some(pinned) => check_pin(&endpoint.host, pinned, key),
        None => host_keys.check(&endpoint.host, endpoint.port, key),
    }
}

/// Compares with a pinned fingerprint, `SHA256:...`.
fn check_pin(host: &str, pinned: &str, key: &HostKey) -> Result<Trust, SshError> {
    let offered = key.fingerprint();
    if pinned.trim_end_matches('=') == offered {
        return Ok(Trust::Pinned);
    }
    Err(SshError::HostKeyChanged {
        host: host.to_owned(),
        known: pinned.to_owned(),
        offered,
        place: "inventory".to_owned(),
    })
}

/// Agrees on algorithms; what came of the other side's key.
fn agree(
    endpoint: &Endpoint,
    carrier: Carrier,
    types: &KeyTypes,
    deadline: Instant,
) -> Result<(Connected, HostKey), SshError> {
    let peer = endpoint.peer();
    let library = |reason: String| SshError::Library { reason };
    let mut session = Session::new().map_err(|error| library(error.to_string()))?;
    algorithms::ask_for(&session, endpoint.legacy, types)?;
    let (mut wire, near) = Wire::over(carrier).map_err(|error| library(error.to_string()))?;
    session.set_blocking(false);
    session.set_tcp_stream(near);
    wire.drive(deadline, || session.handshake()).map_err(|stop| match stop {
        // With a connection that has ended the library says the same.
        Stop::Library(error)
            if matches!(error.code(), ErrorCode::Session(KEX_FAILURE | METHOD_NONE | METHOD_NOT_SUPPORTED)) =>
        {
            SshError::Algorithms { peer: peer.clone(), reason: error.message().to_owned(), legacy: endpoint.legacy }
        }
        stop => failed(&peer, Stage::Handshake, stop),
    })?;
    let blob = session.host_key().map(|(blob, _)| blob.to_vec());
    let key = HostKey::new(&blob.ok_or_else(|| library("no host key".to_owned()))?);
    Ok((Connected { wire, session }, key))
}

/// What it means that work with the library came to no answer while a connection is being set up.
pub(super) fn failed(peer: &str, during: Stage, stop: Stop) -> SshError {
    let peer = peer.to_owned();
    match stop {
        Stop::Deadline => SshError::Timeout { peer, during },
        Stop::Ended(reason) => SshError::Broken { peer, during, reason },
        Stop::Flood(Flood { bytes }) => SshError::Flood { peer, bytes },
        Stop::Library(error) => SshError::Broken { peer, during, reason: error.message().to_owned() },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use super::check_pin;
    use crate::transport::TransportError;
    use crate::transport::ssh::{
        Credentials, Endpoint, FirstUse, HostKey, KnownHosts, SshError, SshTarget, Stage, Trust, open,
    };

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
            matches!(silent, Err(TransportError::Ssh(SshError::Timeout { during: Stage::Handshake, .. }))),
            "{silent:?}"
        );
        drop(listener);
        let closed = open(&target, &keys).map(|_| ());
        assert!(matches!(closed, Err(TransportError::Ssh(SshError::Unreachable { .. }))), "{closed:?}");
    }

    fn key(last: u8) -> HostKey {
        let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
        blob.extend([last; 32]);
        HostKey::new(&blob)
    }

    #[test]
    fn a_pin_is_compared_whole() {
        assert_eq!(check_pin("r", &key(1).fingerprint(), &key(1)).unwrap(), Trust::Pinned);
        assert!(check_pin("r", &key(2).fingerprint(), &key(1)).is_err());
        assert!(check_pin("r", "SHA256:", &key(1)).is_err());
    }
}
