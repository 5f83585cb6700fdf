//! In the place of the SSH server where the mock is built without the feature `ssh`.

use std::io;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::cell::Cell;

/// Serves nothing.
///
/// # Errors
/// Always: this build has no SSH server.
pub fn spawn(_: &Runtime, _: Cell, _: TcpListener) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this build has no SSH; its feature `ssh` is off"))
}
