//! Opening on Unix: without waiting for the other end of a pipe, and without becoming a terminal's process.

use std::fs::{File, FileType, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use nix::libc;

/// Opens for reading.
///
/// # Errors
/// When the system will not.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Opens for appending.
///
/// # Errors
/// When the system will not, or a pipe has no reader.
pub(super) fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Whether what is open is a pipe.
pub(super) fn is_pipe(kind: FileType) -> bool {
    kind.is_fifo()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use crate::file::{append, read};
    use crate::message::Explain;

    #[test]
    fn a_pipe_and_a_device_are_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let error = read(&pipe, 1024).unwrap_err();
        assert_eq!(error.code(), "file.not-regular");
        assert!(error.text().en.ends_with("it is a pipe, not a file"), "{error}");
        assert!(append(&pipe).is_err(), "no one reads it");
        for device in ["/dev/zero", "/dev/null"] {
            assert_eq!(read(Path::new(device), 1024).unwrap_err().code(), "file.not-regular", "{device}");
        }
    }
}
