//! How two ends are joined inside this process on Unix.

use std::io;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How often a pump looks even though nothing has said that it moves: for its keepalives.
pub(super) const BEAT: Duration = Duration::from_secs(1);

/// One end of a pair inside this process.
pub(super) type Local = UnixStream;
/// The same end, for tokio.
pub(super) type TokioLocal = tokio::net::UnixStream;

/// Two joined ends.
pub(super) fn pair() -> io::Result<(Local, Local)> {
    UnixStream::pair()
}

/// What has to be watched besides the network: nothing. What goes into one end of a pair is at the other at once.
pub(super) fn watched_too(_near: &Local) -> io::Result<Option<Local>> {
    Ok(None)
}
