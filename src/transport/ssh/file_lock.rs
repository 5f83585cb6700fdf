//! A lock on a file that several processes write, waited for no longer than its bound.

use std::fs::File;
use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long the file is waited for while another process writes it: each holds it for an instant.
const LOCK_WAIT: Duration = Duration::from_secs(10);
/// What is said when that was too long.
const HELD: &str = "another process keeps it locked";

/// Locks a file that each process holds for an instant.
///
/// # Errors
/// When the system does not lock it, or another process keeps it locked.
pub(super) fn lock(file: File) -> io::Result<File> {
    within(file, LOCK_WAIT)
}

/// Locks a file, at the latest after this long. The system's lock knows no deadline, so that it runs on a thread of its own that is abandoned;
/// what it locks after that is unlocked at once.
fn within(file: File, wait: Duration) -> io::Result<File> {
    let (send, receive) = mpsc::sync_channel(1);
    let lock = move || {
        // The receiver may have given up.
        let _ = send.send(file.lock().map(|()| file));
    };
    thread::Builder::new().name("known-hosts".to_owned()).spawn(lock)?;
    receive.recv_timeout(wait).map_err(|_| io::Error::new(io::ErrorKind::TimedOut, HELD))?
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::within;

    #[test]
    fn a_file_that_another_keeps_locked_is_waited_for_no_longer_than_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known_hosts.lock");
        let another = File::create(&path).unwrap();
        another.lock().unwrap();
        let own = || File::options().write(true).open(&path).unwrap();
        let held = within(own(), Duration::from_millis(50)).unwrap_err();
        assert_eq!(held.kind(), std::io::ErrorKind::TimedOut);
        drop(another);
        drop(within(own(), Duration::from_secs(10)).unwrap());
    }
}
