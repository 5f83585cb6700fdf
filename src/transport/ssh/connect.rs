//! From an address to an open shell, each step under the same deadline.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use ssh2::{ErrorCode, ExtendedData, Session};

use super::algorithms::{self, Negotiated};
use super::authenticate;
use super::host_keys::{self, HostKey};
use super::{Endpoint, HostKeys, SshError, SshLink};

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

/// Refuses what no host name holds, before the C library sees it: a zero byte there ends the program.
pub(super) fn check_host(host: &str) -> Result<(), SshError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    if !host.is_empty() && host.len() <= 253 && !host.starts_with('-') && host.chars().all(fits) {
        Ok(())
    } else {
        Err(SshError::HostName { host: host.escape_debug().to_string() })
    }
}

/// Connects a socket; every address of the name is tried within the deadline.
pub(super) fn tcp(endpoint: &Endpoint, deadline: Instant) -> Result<TcpStream, SshError> {
    check_host(&endpoint.host)?;
    let mut reason = "no address".to_owned();
    for address in resolve(&endpoint.host, endpoint.port, deadline)? {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(socket) => {
                // Small packets go out at once; a system that refuses this is only slower.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                return Err(SshError::Timeout { peer: endpoint.peer(), during: "connect" });
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Err(SshError::Unreachable { peer: endpoint.peer(), reason })
}

/// The addresses of a name. The system's resolver knows no deadline, so that it runs on a thread of its own that is left behind.
fn resolve(host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, SshError> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let failed = |reason: String| SshError::Resolve { host: host.to_owned(), reason };
    let (send, receive) = mpsc::channel();
    let name = host.to_owned();
    let spawned = thread::Builder::new().name("resolver".to_owned()).spawn(move || {
        let addresses = (name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // The receiver may have given up.
        let _ = send.send(addresses);
    });
    spawned.map_err(|error| failed(error.to_string()))?;
    let left = deadline.saturating_duration_since(Instant::now());
    let answer = receive.recv_timeout(left).map_err(|_| failed("no answer in time".to_owned()))?;
    answer.map_err(|error| failed(error.to_string()))
}

/// Gives the library what is left of the time; at least a millisecond, since zero means "for ever" to it.
pub(super) fn limit(session: &Session, deadline: Instant) {
    let left = deadline.saturating_duration_since(Instant::now());
    session.set_timeout(u32::try_from(left.as_millis()).unwrap_or(u32::MAX).max(1));
}

/// Agrees, checks the host key, authenticates, opens a shell.
pub(super) fn shell(
    endpoint: &Endpoint,
    socket: TcpStream,
    host_keys: &dyn HostKeys,
    deadline: Instant,
) -> Result<SshLink, SshError> {
    let peer = endpoint.peer();
    let own = socket.try_clone().map_err(|error| SshError::Library { reason: error.to_string() })?;
    let (session, trust) = handshake(endpoint, socket, host_keys, deadline)?;
    authenticate::authenticate(&session, endpoint, deadline)?;
    let during = "shell";
    limit(&session, deadline);
    let mut channel = session.channel_session().map_err(|error| failed(&peer, during, &error))?;
    let size = Some((COLUMNS, ROWS, 0, 0));
    limit(&session, deadline);
    channel.request_pty("vt100", None, size).map_err(|error| failed(&peer, during, &error))?;
    channel.handle_extended_data(ExtendedData::Merge).map_err(|error| failed(&peer, during, &error))?;
    limit(&session, deadline);
    channel.shell().map_err(|error| failed(&peer, during, &error))?;
    let negotiated = Negotiated::of(&session);
    if !negotiated.legacy_names().is_empty() {
        tracing::warn!(%peer, methods = ?negotiated.legacy_names(), "old SSH algorithms are in use with this router");
    }
    let next_keepalive = Instant::now() + Duration::from_secs(30);
    Ok(SshLink { session, channel, socket: own, peer, negotiated, trust, next_keepalive, open: true })
}

/// Agrees on algorithms and checks the host key: no credential goes out before.
pub(super) fn handshake<S: connect_stream::Stream>(
    endpoint: &Endpoint,
    socket: S,
    host_keys: &dyn HostKeys,
    deadline: Instant,
) -> Result<(Session, host_keys::Trust), SshError> {
    let peer = endpoint.peer();
    let mut session = Session::new().map_err(|error| SshError::Library { reason: error.to_string() })?;
    algorithms::ask_for(&session, endpoint.legacy)?;
    session.set_tcp_stream(socket);
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

/// What an error of the library means while a connection is being set up.
pub(super) fn failed(peer: &str, during: &'static str, error: &ssh2::Error) -> SshError {
    let peer = peer.to_owned();
    match error.code() {
        ErrorCode::Session(TIMEOUT | AGAIN) => SshError::Timeout { peer, during },
        _ => SshError::Broken { peer, during, reason: error.message().to_owned() },
    }
}

/// What the library takes as a socket, which differs by system.
pub(super) mod connect_stream {
    /// A socket of this system.
    #[cfg(unix)]
    pub trait Stream: 'static + std::os::fd::AsRawFd {}
    #[cfg(unix)]
    impl<T: 'static + std::os::fd::AsRawFd> Stream for T {}
    /// A socket of this system.
    #[cfg(windows)]
    pub trait Stream: 'static + std::os::windows::io::AsRawSocket {}
    #[cfg(windows)]
    impl<T: 'static + std::os::windows::io::AsRawSocket> Stream for T {}
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::net::TcpListener;
    use std::time::{Duration, Instant};

    use super::{check_host, tcp};
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
    fn only_host_names_reach_the_library() {
        for host in ["10.0.0.1", "router-1.clinic.example", "fe80::1%eth0"] {
            check_host(host).unwrap();
        }
        for host in ["", "-oProxyCommand=x", "a\0b", "a b", "日本"] {
            assert!(check_host(host).is_err(), "{host:?}");
        }
    }

    #[test]
    fn a_closed_port_and_a_silent_server_are_told_apart() {
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
        let closed = tcp(&endpoint(port), Instant::now() + Duration::from_secs(2));
        assert!(matches!(closed, Err(SshError::Unreachable { .. })), "{closed:?}");
    }
}
