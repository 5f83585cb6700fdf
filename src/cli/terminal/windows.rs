//! The console of a process on Windows.

/// Its name, whatever the streams of the process are.
pub const TERMINAL: &str = "CONOUT$";
