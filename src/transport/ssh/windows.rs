//! What libssh2 takes as a socket on Windows, and how two ends are joined inside this process.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::windows::io::AsRawSocket;

/// Anything with a socket handle.
pub(super) trait Socket: 'static + AsRawSocket {}

impl<T: 'static + AsRawSocket> Socket for T {}

/// One end of a pair inside this process.
pub(super) type Local = TcpStream;
/// The same end, for tokio.
pub(super) type TokioLocal = tokio::net::TcpStream;

/// Two joined ends: this system has no socket pairs, so that the loopback joins them. Whoever else connects in between is
/// turned away by its address.
pub(super) fn pair() -> io::Result<(Local, Local)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let own = near.local_addr()?;
    loop {
        let (far, from) = listener.accept()?;
        if from == own {
            near.set_nodelay(true)?;
            far.set_nodelay(true)?;
            return Ok((near, far));
        }
    }
}
