//! The console of a process on Windows.

/// Its name, whatever the streams of the process are.
pub const TERMINAL: &str = "CONOUT$";

/// What a console cannot do here: a line that is still read may take the first answer, and the question is asked again.
pub(super) struct Silent;

impl Silent {
    /// Never.
    pub(super) fn begin() -> Option<Self> {
        None
    }
}

/// Whether it is still there: a console that closes ends its programs.
#[cfg(feature = "field")]
pub(super) fn is_there() -> bool {
    true
}
