//! What libssh2 takes as a socket on Windows.

use std::os::windows::io::AsRawSocket;

/// Anything with a socket handle.
pub(super) trait Socket: 'static + AsRawSocket {}

impl<T: 'static + AsRawSocket> Socket for T {}
