//! A TCP connection within a deadline, name resolution included.

use std::borrow::Cow;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use crate::message::wording::Localised;
use crate::message::{Lang, Text, system_words};

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The host name holds something no host name holds.
    HostName(String),
    /// The name has no address; the system's resolver says why, in its own language.
    Resolve(String),
    /// No one answered in time.
    Timeout,
    /// The connection was refused: the system's words.
    Refused(Text),
}

impl Localised for ConnectFailure {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        match (self, lang) {
            (Self::HostName(host), Lang::En) => format!("\"{host}\" is not a host name").into(),
            (Self::HostName(host), Lang::Ja) => format!("「{host}」はホスト名として使えません").into(),
            (Self::Resolve(reason), Lang::En) => format!("no address: {reason}").into(),
            (Self::Resolve(reason), Lang::Ja) => format!("アドレスを解決できません({reason})").into(),
            (Self::Timeout, _) => lang.pick("no answer in time", "期限内に応答がありません").into(),
            (Self::Refused(reason), _) => reason.localised(lang),
        }
    }
}

/// Refuses what no host name holds, before a C library sees it: a zero byte there ends the program.
pub(super) fn check_host(host: &str) -> Result<(), ConnectFailure> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    if !host.is_empty() && host.len() <= 253 && !host.starts_with('-') && host.chars().all(fits) {
        Ok(())
    } else {
        Err(ConnectFailure::HostName(host.escape_debug().to_string()))
    }
}

/// Connects; every address of the name is tried within the deadline.
pub(super) fn connect(host: &str, port: u16, deadline: Instant) -> Result<TcpStream, ConnectFailure> {
    check_host(host)?;
    let mut failure = ConnectFailure::Timeout;
    for address in resolve(host, port, deadline)? {
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
            Err(error) if error.kind() == io::ErrorKind::TimedOut => failure = ConnectFailure::Timeout,
            Err(error) => failure = ConnectFailure::Refused(system_words(&error)),
        }
    }
    Err(failure)
}

/// The addresses of a name. The system's resolver knows no deadline, so that it runs on a thread of its own that is abandoned.
fn resolve(host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, ConnectFailure> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let failed = |error: io::Error| ConnectFailure::Resolve(error.to_string());
    let (send, receive) = mpsc::sync_channel(1);
    let name = host.to_owned();
    let look_up = move || {
        let addresses = (name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // The receiver may have given up.
        let _ = send.send(addresses);
    };
    thread::Builder::new().name("resolver".to_owned()).spawn(look_up).map_err(failed)?;
    let left = deadline.saturating_duration_since(Instant::now());
    receive.recv_timeout(left).map_err(|_| ConnectFailure::Timeout)?.map_err(failed)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::net::TcpListener;
    use std::time::{Duration, Instant};

    use super::{ConnectFailure, check_host, connect};

    #[test]
    fn only_host_names_reach_a_library() {
        for host in ["10.0.0.1", "router-1.clinic.example", "fe80::1%eth0"] {
            check_host(host).unwrap();
        }
        for host in ["", "-oProxyCommand=x", "a\0b", "a b", "日本"] {
            assert!(check_host(host).is_err(), "{host:?}");
        }
    }

    #[test]
    fn a_closed_port_is_refused_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let closed = connect("127.0.0.1", port, Instant::now() + Duration::from_secs(2));
        assert!(matches!(closed, Err(ConnectFailure::Refused(_))), "{closed:?}");
    }
}
