//! Hashed names of a known hosts file: the library knows their hash.

use std::io;

use ssh2::{CheckResult, KnownHostFileKind, Session};

/// Compares hashed names, by one session of the library.
#[derive(Default)]
pub struct HashedNames {
    session: Option<Session>,
}

impl HashedNames {
    /// Whether a hashed name means the host with this entry.
    ///
    /// # Errors
    /// When the library fails.
    pub fn is_named(&mut self, name: &str, entry: &str) -> io::Result<bool> {
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::new()?,
        };
        let named = is_hashed(&session, name, entry);
        self.session = Some(session);
        named
    }
}

fn is_hashed(session: &Session, name: &str, entry: &str) -> io::Result<bool> {
    // Any key: only the name is asked for.
    let line = format!("{name} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    let mut hosts = session.known_hosts()?;
    if hosts.read_str(&line, KnownHostFileKind::OpenSSH).is_err() {
        return Ok(false);
    }
    Ok(matches!(hosts.check(entry, b"-"), CheckResult::Match | CheckResult::Mismatch))
}
