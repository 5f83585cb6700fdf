//! What libssh2 takes as a socket on Unix.

use std::os::fd::AsRawFd;

/// Anything with a file descriptor.
pub(super) trait Socket: 'static + AsRawFd {}

impl<T: 'static + AsRawFd> Socket for T {}
