//! A process of its own on Unix: a session that no terminal belongs to.

use std::io;
use std::process::Command;

/// Nothing before it begins: it leaves our session by itself.
pub(super) fn on_its_own(_: &mut Command) {}

/// Leaves the session of the terminal that this process was started from.
///
/// # Errors
/// When it leads a group of processes, as one that a shell started does.
pub(super) fn leave_terminal() -> io::Result<()> {
    Ok(nix::unistd::setsid().map(drop)?)
}
