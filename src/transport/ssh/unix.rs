//! What libssh2 takes as a socket on Unix, and how two ends are joined inside this process.

use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

/// Anything with a file descriptor.
pub(super) trait Socket: 'static + AsRawFd {}

impl<T: 'static + AsRawFd> Socket for T {}

/// One end of a pair inside this process.
pub(super) type Local = UnixStream;
/// The same end, for tokio.
pub(super) type TokioLocal = tokio::net::UnixStream;

/// Two joined ends.
pub(super) fn pair() -> io::Result<(Local, Local)> {
    UnixStream::pair()
}
