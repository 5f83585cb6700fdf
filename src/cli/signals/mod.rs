//! What the operator's key and the system's signals ask of the program. What they mean in the middle of work is decided in
//! `cancel`.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

pub use platform::Signals;

/// One wish that came from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopSignal {
    /// Ctrl-C, by an operator who sees the screen.
    Key,
    /// The system, or another program: a closed window, a cancelled job, a service that is stopped.
    Stop,
    #[cfg_attr(not(windows), expect(dead_code, reason = "other systems give a program all the time it needs"))]
    /// The system ends the program within seconds, whatever it does.
    Closing,
}
