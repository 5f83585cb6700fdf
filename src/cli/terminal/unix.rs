//! The terminal of a process on Unix.

use std::io::{self, stdin};

use nix::errno::Errno;
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};

/// Its name, whatever the streams of the process are.
pub const TERMINAL: &str = "/dev/tty";

/// Whether it is still there.
#[cfg(feature = "field")]
pub(super) fn is_there() -> bool {
    tcgetattr(stdin()).is_ok()
}

/// Whether this is how a terminal refuses bytes that is gone.
pub(super) fn hung_up(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::EIO as i32)
}

/// Never: a terminal there belongs to the shell that starts a program.
pub(super) fn has_own_window() -> bool {
    false
}

/// Standard input shows nothing of what is typed, but for the end of the line, until this is dropped.
pub(super) struct Silent(Termios);

impl Silent {
    /// From now on; nothing where the terminal refuses it.
    pub(super) fn begin() -> Option<Self> {
        let before = tcgetattr(stdin()).ok()?;
        let mut silent = before.clone();
        silent.local_flags.remove(LocalFlags::ECHO);
        silent.local_flags.insert(LocalFlags::ECHONL);
        tcsetattr(stdin(), SetArg::TCSANOW, &silent).ok()?;
        Some(Self(before))
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // A terminal that is gone shows nothing either.
        let _ = tcsetattr(stdin(), SetArg::TCSANOW, &self.0);
    }
}
