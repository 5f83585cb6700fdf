//! The terminal of a process on Unix.

/// Its name, whatever the streams of the process are.
pub const TERMINAL: &str = "/dev/tty";
