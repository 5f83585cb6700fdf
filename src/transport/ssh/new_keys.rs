//! The host keys of boxes in the place of others. Such a key is trusted in this process alone until its box was agreed to; then it takes the
//! old one's place in the file, what the old box has shown on its console counts no more, and where the new one was not kept after all
//! both come back.
//!
//! Decides nothing: when a box was agreed to, and when it was not kept, is the caller's to say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{EnrolledKey, HostKey, KnownHosts, SshError};

/// The keys of new boxes, shared by every connection of a run.
#[derive(Debug, Clone, Default)]
pub struct NewKeys(Arc<Mutex<BTreeMap<(String, u16), NewKey>>>);

#[derive(Debug)]
struct NewKey {
    key: HostKey,
    /// Once it is recorded: in whose place it is.
    was: Option<OldBox>,
}

/// What was known of a box before another one took its place.
#[derive(Debug)]
struct OldBox {
    keys: Vec<HostKey>,
    /// What it had shown on its console, where that is not the new box's.
    enrolled: Option<EnrolledKey>,
}

impl NewKeys {
    /// The key that a new box shows; the first one holds for every later session.
    ///
    /// # Errors
    /// The key that was seen before, where it is another one.
    pub(super) fn accept(&self, host: &str, port: u16, key: &HostKey) -> Result<(), HostKey> {
        let mut keys = self.keys();
        let new = || NewKey { key: key.clone(), was: None };
        let seen = keys.entry((host.to_owned(), port)).or_insert_with(new);
        if seen.key == *key { Ok(()) } else { Err(seen.key.clone()) }
    }

    /// Whether this host's key was recorded in another one's place.
    pub fn is_recorded(&self, host: &str, port: u16) -> bool {
        self.keys().get(&(host.to_owned(), port)).is_some_and(|new| new.was.is_some())
    }

    /// The boxes were agreed to: from now on the file has their keys, and no more those of the boxes before them.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn record(&self, file: &KnownHosts) -> Result<(), SshError> {
        for ((host, port), new) in self.keys().iter_mut().filter(|(_, new)| new.was.is_none()) {
            let keys = file.keys_of(host, *port)?;
            file.replace(host, *port, std::slice::from_ref(&new.key))?;
            let enrolled = file.enrolled().forget_but(host, *port, |shown| new.key.is_of(shown))?;
            new.was = Some(OldBox { keys, enrolled });
        }
        Ok(())
    }

    /// The boxes were not kept: the file has the keys that it had before.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn take_back(&self, file: &KnownHosts) -> Result<(), SshError> {
        for ((host, port), new) in self.keys().iter_mut() {
            let Some(OldBox { keys, enrolled }) = new.was.take() else { continue };
            file.replace(host, *port, &keys)?;
            if let Some(enrolled) = &enrolled {
                file.enrolled().enrol(host, *port, enrolled)?;
            }
        }
        Ok(())
    }

    fn keys(&self) -> MutexGuard<'_, BTreeMap<(String, u16), NewKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::path::Path;

    use super::NewKeys;
    use crate::inventory::Fingerprint;
    use crate::transport::ssh::{EnrolledKey, FirstUse, HostKey, HostKeys as _, KnownHosts, SshError, Trust};

    fn key(last: u8) -> HostKey {
        let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
        blob.extend([last; 32]);
        HostKey::new(&blob)
    }

    /// A file with a comment and two hosts.
    fn recorded(file: &Path) -> KnownHosts {
        std::fs::write(file, "# a comment\n").unwrap();
        let record = KnownHosts::new(file, FirstUse::Record);
        for (host, last) in [("10.0.0.1", 1), ("10.0.0.2", 2)] {
            record.check(host, 22, &key(last)).unwrap();
        }
        KnownHosts::new(file, FirstUse::Refuse)
    }

    #[test]
    fn the_key_of_a_new_box_is_in_no_file_before_the_box_was_agreed_to() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        let strict = recorded(&file);
        let before = std::fs::read_to_string(&file).unwrap();
        let new_keys = NewKeys::default();
        let new_box = KnownHosts::of_new_box(&file, new_keys.clone());
        assert_eq!(new_box.check("10.0.0.1", 22, &key(3)).unwrap(), Trust::Replaced);
        assert_eq!(new_box.check("10.0.0.1", 22, &key(3)).unwrap(), Trust::Replaced, "a second session");
        assert_eq!(new_box.check("10.0.0.3", 22, &key(4)).unwrap(), Trust::Replaced);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
        assert!(!new_keys.is_recorded("10.0.0.1", 22));
        new_keys.record(&strict).unwrap();
        for (host, last) in [("10.0.0.1", 3), ("10.0.0.2", 2), ("10.0.0.3", 4)] {
            assert_eq!(strict.check(host, 22, &key(last)).unwrap(), Trust::Known, "{host}");
        }
        assert!(strict.check("10.0.0.1", 22, &key(1)).is_err(), "the old box is forgotten");
        assert!(new_keys.is_recorded("10.0.0.1", 22) && !new_keys.is_recorded("10.0.0.2", 22));
        assert!(std::fs::read_to_string(&file).unwrap().starts_with("# a comment\n"));
    }

    #[test]
    fn a_new_box_that_was_not_kept_leaves_the_keys_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        let strict = recorded(&file);
        let shown = |last: u8| EnrolledKey {
            fingerprint: Fingerprint::read(&key(last).fingerprint()).unwrap(),
            at: "2026-12-01T00:10:00Z".to_owned(),
            run: "r1".to_owned(),
            serial_number: None,
        };
        let enrolled = |host: &str| strict.enrolled().of(host, 22).unwrap();
        strict.enrolled().enrol("10.0.0.1", 22, &shown(1)).unwrap();
        strict.enrolled().enrol("10.0.0.3", 22, &shown(4)).unwrap();
        let new_keys = NewKeys::default();
        let new_box = KnownHosts::of_new_box(&file, new_keys.clone());
        new_box.check("10.0.0.1", 22, &key(3)).unwrap();
        new_box.check("10.0.0.3", 22, &key(4)).unwrap();
        new_keys.record(&strict).unwrap();
        assert_eq!((enrolled("10.0.0.1"), enrolled("10.0.0.3")), (None, Some(shown(4))), "that of the new box stays");
        new_keys.take_back(&strict).unwrap();
        assert_eq!(enrolled("10.0.0.1"), Some(shown(1)));
        strict.enrolled().forget("10.0.0.3", 22).unwrap();
        assert_eq!(strict.check("10.0.0.1", 22, &key(1)).unwrap(), Trust::Known);
        assert!(strict.check("10.0.0.1", 22, &key(3)).is_err());
        assert!(matches!(strict.check("10.0.0.3", 22, &key(4)), Err(SshError::HostKeyUnknown { .. })));
    }

    #[test]
    fn another_key_between_two_sessions_with_a_new_box_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let new_box = KnownHosts::of_new_box(folder.path().join("known_hosts"), NewKeys::default());
        new_box.check("10.0.0.1", 22, &key(3)).unwrap();
        assert!(matches!(new_box.check("10.0.0.1", 22, &key(5)), Err(SshError::HostKeyChanged { .. })));
    }
}
