//! What an SSH session runs over: a TCP connection, or a tunnel through a jump host.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::task::{Context, Poll};

use rustix::fd::{AsFd, BorrowedFd};

use super::platform::{Local, TokioLocal};

/// What bytes are taken from and given to without waiting.
pub(super) trait Outer {
    /// Takes what is there; `WouldBlock` when nothing is.
    fn take(&mut self, buf: &mut [u8]) -> io::Result<usize>;

    /// Gives as much as is accepted at once; `WouldBlock` when nothing is.
    fn give(&mut self, bytes: &[u8]) -> io::Result<usize>;
}

/// A connected socket.
pub(super) enum Carrier {
    /// Straight to the host.
    Tcp(TcpStream),
    /// Through a jump host.
    Tunnel(Local),
}

impl Carrier {
    /// Lets no call on it wait any more.
    pub(super) fn never_wait(&self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.set_nonblocking(true),
            Self::Tunnel(socket) => socket.set_nonblocking(true),
        }
    }

    /// The socket, to wait for it.
    pub(super) fn handle(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tcp(socket) => socket.as_fd(),
            Self::Tunnel(socket) => socket.as_fd(),
        }
    }

    /// Ends it in both directions.
    pub(super) fn shutdown(&self) {
        // The other side may be gone already.
        let _ = match self {
            Self::Tcp(socket) => socket.shutdown(Shutdown::Both),
            Self::Tunnel(socket) => socket.shutdown(Shutdown::Both),
        };
    }

    /// The same socket watched by tokio.
    pub(super) fn watched(self) -> io::Result<Watched> {
        Ok(match self {
            Self::Tcp(socket) => Watched::Tcp(tokio::net::TcpStream::from_std(socket)?),
            Self::Tunnel(socket) => Watched::Tunnel(TokioLocal::from_std(socket)?),
        })
    }
}

impl Outer for Carrier {
    fn take(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.read(buf),
            Self::Tunnel(socket) => socket.read(buf),
        }
    }

    fn give(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.write(bytes),
            Self::Tunnel(socket) => socket.write(bytes),
        }
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
}

impl Outer for Watched {
    fn take(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.try_read(buf),
            Self::Tunnel(socket) => socket.try_read(buf),
        }
    }

    fn give(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.try_write(bytes),
            Self::Tunnel(socket) => socket.try_write(bytes),
        }
    }
}
