//! What an SSH session runs over: a TCP connection, or a tunnel through a jump host.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::task::{Context, Poll};

use tokio::io::Interest;

use super::platform::{Local, TokioLocal};

/// A connected socket.
pub(super) enum Carrier {
    /// Straight to the host.
    Tcp(TcpStream),
    /// Through a jump host.
    Tunnel(Local),
}

impl Carrier {
    /// A second handle of the same socket.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(socket) => Self::Tcp(socket.try_clone()?),
            Self::Tunnel(socket) => Self::Tunnel(socket.try_clone()?),
        })
    }

    /// Ends it in both directions; whoever waits on it wakes up.
    pub(super) fn shutdown(&self) {
        // The other side may be gone already.
        let _ = match self {
            Self::Tcp(socket) => socket.shutdown(Shutdown::Both),
            Self::Tunnel(socket) => socket.shutdown(Shutdown::Both),
        };
    }

    /// The same socket watched by tokio. Puts it into non-blocking mode, all its handles included.
    pub(super) fn watched(self) -> io::Result<Watched> {
        Ok(match self {
            Self::Tcp(socket) => {
                socket.set_nonblocking(true)?;
                Watched::Tcp(tokio::net::TcpStream::from_std(socket)?)
            }
            Self::Tunnel(socket) => {
                socket.set_nonblocking(true)?;
                Watched::Tunnel(TokioLocal::from_std(socket)?)
            }
        })
    }
}

/// A socket whose readiness tokio knows.
pub(super) enum Watched {
    /// Straight to the host.
    Tcp(tokio::net::TcpStream),
    /// Through a jump host.
    Tunnel(TokioLocal),
}

impl Watched {
    /// Whether something can be read.
    pub(super) fn poll_readable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(socket) => socket.poll_read_ready(context),
            Self::Tunnel(socket) => socket.poll_read_ready(context),
        }
    }

    /// Whether something can be written.
    pub(super) fn poll_writable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(socket) => socket.poll_write_ready(context),
            Self::Tunnel(socket) => socket.poll_write_ready(context),
        }
    }

    /// Runs work that somebody else does on the socket; when it would block, the known readiness is forgotten.
    pub(super) fn try_io<T>(&self, interest: Interest, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match self {
            Self::Tcp(socket) => socket.try_io(interest, work),
            Self::Tunnel(socket) => socket.try_io(interest, work),
        }
    }
}
