//! How two ends are joined inside this process on Windows.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

/// How often a pump looks even though nothing has said that it moves: bytes on their way between two joined ends say nothing.
pub(super) const BEAT: Duration = Duration::from_millis(10);

/// One end of a pair inside this process.
pub(super) type Local = TcpStream;
/// The same end, for tokio.
pub(super) type TokioLocal = tokio::net::TcpStream;

/// Two joined ends: this system has no socket pairs, so that the loopback joins them. Any other connection in between is
/// refused by its address.
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

/// What has to be watched besides the network: bytes given to one of two joined ends may come to the other a moment later.
pub(super) fn watched_too(near: &Local) -> io::Result<Option<Local>> {
    near.try_clone().map(Some)
}
