//! A process of its own on Windows: without our console, and in a group of its own.

use std::io;
use std::os::windows::process::CommandExt as _;
use std::process::Command;

/// It has no console: closing ours does not reach it.
const DETACHED_PROCESS: u32 = 0x0000_0008;
/// Nor does our Ctrl-C.
const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;

/// It begins without our console.
pub(super) fn on_its_own(command: &mut Command) {
    command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
}

/// Nothing: it was started without one.
#[expect(clippy::unnecessary_wraps, reason = "other systems may refuse")]
pub(super) fn leave_terminal() -> io::Result<()> {
    Ok(())
}
