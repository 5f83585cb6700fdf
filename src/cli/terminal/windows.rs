//! The console of a process on Windows.

use std::io;

use windows_sys::Win32::System::Console::GetConsoleProcessList;

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

/// Never: a console that closes ends its programs.
pub(super) fn hung_up(_: &io::Error) -> bool {
    false
}

/// Whether no other program uses this console: a shell that had started us would.
pub(super) fn has_own_window() -> bool {
    let mut processes = [0_u32; 1];
    // The system says how many there are, also where the list has no place for all of them; 0 where there is no console.
    #[expect(unsafe_code, reason = "the only way to ask: one call, with a list of the length that it is told")]
    let count = unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 1) };
    count == 1
}
