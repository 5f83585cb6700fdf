//! A TCP connection from a chosen address of this machine, within a time.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};

/// What is left until a moment; an error where nothing is: no wait is without an end.
pub fn left_until(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Opens one.
///
/// # Errors
/// What the system says, `TimedOut` where nothing came in time.
pub fn dial(from: IpAddr, to: SocketAddr, until: Instant) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
    socket.bind(&SocketAddr::new(from, 0).into())?;
    socket.connect_timeout(&to.into(), left_until(until)?)?;
    Ok(socket.into())
}
