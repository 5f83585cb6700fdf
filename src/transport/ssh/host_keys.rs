//! Whose host key is trusted: a file in OpenSSH's format, a pinned fingerprint, and nothing else.
//!
//! An unknown key is refused unless the router has shown its fingerprint on its console, or the caller says that first use is recorded. A changed key is refused unless the caller says
//! that the box was replaced ([`NewKeys`]). Comments and foreign entries of the file stay.

use std::path::PathBuf;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use md5::Md5;
use sha2::{Digest, Sha256};

use super::host_name::{entry, is_host_name};
use super::known::{self, Record};
use super::shared_file::SharedFile;
use super::{EnrolledKey, EnrolledKeys, LearnedKey, NewKeys, SshError};
use crate::inventory::Fingerprint;

/// A host key as a server showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKey {
    blob: Vec<u8>,
}

impl HostKey {
    /// A key from its wire form.
    pub fn new(blob: &[u8]) -> Self {
        Self { blob: blob.to_vec() }
    }

    /// Its wire form.
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// The key's type, `ssh-rsa`: the first string of its wire form.
    pub fn algorithm(&self) -> String {
        let length = self.blob.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize);
        let name = self.blob.get(4..4 + length.min(64)).unwrap_or_default();
        String::from_utf8_lossy(name).chars().filter(char::is_ascii_graphic).collect()
    }

    /// `SHA256:` and the digest, as OpenSSH prints it.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", BASE64_STANDARD_NO_PAD.encode(Sha256::digest(&self.blob)))
    }

    /// Whether this is the key's fingerprint.
    pub fn is_of(&self, fingerprint: &Fingerprint) -> bool {
        match fingerprint {
            Fingerprint::Sha256(digest) => Sha256::digest(&self.blob) == *digest,
            Fingerprint::Md5(digest) => Md5::digest(&self.blob) == *digest,
        }
    }

    pub(super) fn line(&self, host: &str, port: u16) -> String {
        format!("{} {} {}\n", entry(host, port), self.algorithm(), BASE64_STANDARD.encode(&self.blob))
    }
}

/// Why a key was trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It is in the file.
    Known,
    /// It was seen for the first time and recorded, because the caller asked for that.
    Recorded,
    /// It was seen for the first time and recorded: the router has shown its fingerprint on its console.
    Enrolled,
    /// It is that of a new box, because the caller says that the box was replaced; in the file it takes the other one's place once that is agreed to.
    Replaced,
    /// It is the pinned one.
    Pinned,
}

/// A key that was trusted, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// The key.
    pub key: HostKey,
    /// Why.
    pub trust: Trust,
}

/// Decides about host keys.
pub trait HostKeys: Send + Sync {
    /// Whether the key may be trusted for this host.
    ///
    /// # Errors
    /// [`SshError::HostKeyUnknown`], [`SshError::HostKeyChanged`] or [`SshError::HostKeyFile`].
    fn check(&self, host: &str, port: u16, key: &HostKey) -> Result<Trust, SshError>;

    /// The types of the keys that are known of this host; it is asked for these first.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    fn known_types(&self, _host: &str, _port: u16) -> Result<Vec<String>, SshError> {
        Ok(Vec::new())
    }

    /// Refuses a key that was withdrawn, wherever else it may be recorded or pinned.
    ///
    /// # Errors
    /// [`SshError::HostKeyRevoked`] or [`SshError::HostKeyFile`].
    fn refuse_revoked(&self, _host: &str, _port: u16, _key: &HostKey) -> Result<(), SshError> {
        Ok(())
    }
}

/// What happens to a host that is not in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FirstUse {
    /// Refused.
    #[default]
    Refuse,
    /// Recorded and trusted.
    Record,
}

/// A file of known hosts in OpenSSH's format.
#[derive(Debug, Clone)]
pub struct KnownHosts {
    file: SharedFile,
    enrolled: EnrolledKeys,
    first_use: FirstUse,
    new_keys: Option<NewKeys>,
    learned: Option<LearnedKey>,
}

impl KnownHosts {
    /// The file and what to do with a new host. The file need not exist.
    pub fn new(file: impl Into<PathBuf>, first_use: FirstUse) -> Self {
        let file = file.into();
        let enrolled = EnrolledKeys::beside(&file);
        Self { file: SharedFile::new(file), enrolled, first_use, new_keys: None, learned: None }
    }

    /// The same, which writes beside a key that it records when that was, and who answers for it.
    #[must_use]
    pub fn noting(self, learned: LearnedKey) -> Self {
        Self { learned: Some(learned), ..self }
    }

    /// The same for a box that was replaced: the key that it shows is trusted, and waits among these to be recorded.
    pub fn of_new_box(file: impl Into<PathBuf>, new_keys: NewKeys) -> Self {
        Self { new_keys: Some(new_keys), ..Self::new(file, FirstUse::Refuse) }
    }

    /// The keys that the file has of a host.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn keys_of(&self, host: &str, port: u16) -> Result<Vec<HostKey>, SshError> {
        Ok(self.read(host, port)?.keys)
    }

    /// When this key of a host was accepted at first use, and by whom; nothing where the file does not say so.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn learned(&self, host: &str, port: u16, key: &HostKey) -> Result<Option<LearnedKey>, SshError> {
        let text = self.file.read().map_err(|error| self.failed(error))?;
        let comment = known::comment_of(&String::from_utf8_lossy(&text), &entry(host, port), key);
        Ok(comment.map_err(|error| self.failed(error))?.as_deref().and_then(LearnedKey::read))
    }

    fn failed(&self, reason: impl ToString) -> SshError {
        self.file.failed(reason)
    }

    /// What the file says about a host.
    fn read(&self, host: &str, port: u16) -> Result<Record, SshError> {
        let text = self.file.read().map_err(|error| self.failed(error))?;
        known::of_host(&String::from_utf8_lossy(&text), &entry(host, port)).map_err(|error| self.failed(error))
    }

    fn look_up(&self, host: &str, port: u16, key: &HostKey) -> Result<Known, SshError> {
        let record = self.read(host, port)?;
        if record.keys.iter().any(|known| known == key) {
            return Ok(Known::Yes);
        }
        Ok(record.keys.first().map_or(Known::No, |other| Known::Other(other.fingerprint())))
    }

    /// Appends the key, after looking again under a lock: another process may have been first. A key that nothing has proven is noted so.
    fn record(&self, host: &str, port: u16, key: &HostKey, unproven: Option<&LearnedKey>) -> Result<(), SshError> {
        if !is_host_name(host) {
            return Err(self.failed("it has no entry for such a name"));
        }
        let _lock = self.file.lock().map_err(|error| self.failed(error))?;
        match self.look_up(host, port, key)? {
            Known::Yes => Ok(()),
            Known::Other(known) => Err(self.changed(host, known, key)),
            Known::No => {
                let mut line = key.line(host, port);
                if let Some(learned) = unproven {
                    line.insert_str(line.len() - 1, &format!(" {}", learned.comment()));
                }
                self.file.append(line).map_err(|error| self.failed(error))
            }
        }
    }

    /// The keys that hosts have shown on their consoles.
    pub(super) fn enrolled(&self) -> &EnrolledKeys {
        &self.enrolled
    }

    /// What is said of the first key of a host that was enrolled: only the key that the router has shown on its console.
    fn check_enrolled(&self, host: &str, port: u16, key: &HostKey, enrolled: EnrolledKey) -> Result<Trust, SshError> {
        if key.is_of(&enrolled.fingerprint) {
            return self.record(host, port, key, None).map(|()| Trust::Enrolled);
        }
        Err(SshError::HostKeyNotEnrolled {
            host: host.to_owned(),
            enrolled: enrolled.fingerprint.to_string(),
            run: enrolled.run.into(),
            offered: key.fingerprint(),
            place: self.enrolled.place(),
        })
    }

    /// Takes every key of this host out of the file: another box is in its place.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn forget(&self, host: &str, port: u16) -> Result<(), SshError> {
        if self.read(host, port)?.keys.is_empty() {
            return Ok(());
        }
        self.exchange(host, port, "")
    }

    /// Takes every key of this host out of the file and writes these.
    pub(super) fn replace(&self, host: &str, port: u16, keys: &[HostKey]) -> Result<(), SshError> {
        if !is_host_name(host) {
            return Err(self.failed("it has no entry for such a name"));
        }
        self.exchange(host, port, &keys.iter().map(|key| key.line(host, port)).collect::<String>())
    }

    /// The file is exchanged whole, under the lock.
    fn exchange(&self, host: &str, port: u16, line: &str) -> Result<(), SshError> {
        let exchange = |text: &str| known::without_host(text, &entry(host, port)).map(|kept| kept + line);
        self.file.exchange(exchange).map_err(|error| self.failed(error))
    }

    fn changed(&self, host: &str, known: String, key: &HostKey) -> SshError {
        SshError::HostKeyChanged { host: host.to_owned(), known, offered: key.fingerprint(), place: self.file.place() }
    }
}

enum Known {
    Yes,
    No,
    Other(String),
}

impl HostKeys for KnownHosts {
    fn known_types(&self, host: &str, port: u16) -> Result<Vec<String>, SshError> {
        // Of a box that was replaced the old key's type says nothing.
        if self.new_keys.is_some() {
            return Ok(Vec::new());
        }
        Ok(self.read(host, port)?.keys.iter().map(HostKey::algorithm).collect())
    }

    fn refuse_revoked(&self, host: &str, port: u16, key: &HostKey) -> Result<(), SshError> {
        if self.read(host, port)?.revoked.contains(key) {
            return Err(SshError::HostKeyRevoked {
                host: host.to_owned(),
                fingerprint: key.fingerprint(),
                place: self.file.place(),
            });
        }
        Ok(())
    }

    fn check(&self, host: &str, port: u16, key: &HostKey) -> Result<Trust, SshError> {
        let known = self.look_up(host, port, key)?;
        if let (Some(new_keys), false) = (&self.new_keys, matches!(known, Known::Yes)) {
            return match new_keys.accept(host, port, key) {
                Ok(()) => Ok(Trust::Replaced),
                Err(before) => Err(self.changed(host, before.fingerprint(), key)),
            };
        }
        match known {
            Known::Yes => return Ok(Trust::Known),
            Known::Other(known) => return Err(self.changed(host, known, key)),
            Known::No => {}
        }
        if let Some(enrolled) = self.enrolled.of(host, port)? {
            return self.check_enrolled(host, port, key, enrolled);
        }
        match self.first_use {
            FirstUse::Record => self.record(host, port, key, self.learned.as_ref()).map(|()| Trust::Recorded),
            FirstUse::Refuse => Err(SshError::HostKeyUnknown {
                host: host.to_owned(),
                algorithm: key.algorithm(),
                fingerprint: key.fingerprint(),
            }),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{FirstUse, HostKey, HostKeys, KnownHosts, SshError, Trust};

    fn key(last: u8) -> HostKey {
        // A real ed25519 wire form: the library checks the type's name when it reads the file.
        let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
        blob.extend([last; 32]);
        HostKey::new(&blob)
    }

    #[test]
    fn first_use_is_recorded_only_when_asked_and_a_change_is_refused_always() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state").join("known_hosts");
        let strict = KnownHosts::new(&file, FirstUse::Refuse);
        let lenient = KnownHosts::new(&file, FirstUse::Record);
        let fingerprint = key(1).fingerprint();
        let refused = strict.check("10.0.0.1", 22, &key(1));
        assert!(matches!(refused, Err(SshError::HostKeyUnknown { fingerprint: shown, .. }) if shown == fingerprint));
        assert!(!file.exists(), "a refusal leaves nothing behind");
        assert_eq!(lenient.check("10.0.0.1", 22, &key(1)).unwrap(), Trust::Recorded);
        assert_eq!(strict.check("10.0.0.1", 22, &key(1)).unwrap(), Trust::Known);
        for policy in [&strict, &lenient] {
            let changed = policy.check("10.0.0.1", 22, &key(2));
            let Err(SshError::HostKeyChanged { known, offered, .. }) = changed else { panic!("{changed:?}") };
            assert_eq!((known, offered), (fingerprint.clone(), key(2).fingerprint()));
        }
    }

    #[test]
    fn many_at_once_record_a_host_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| KnownHosts::new(&file, FirstUse::Record).check("router", 22, &key(1)).unwrap());
            }
        });
        assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 1);
        // The lock's holder leaves the file itself readable.
        assert!(folder.path().join("known_hosts.lock").exists());
    }

    #[test]
    fn another_port_is_another_host() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        std::fs::write(&file, "# kept, without a newline").unwrap();
        let hosts = KnownHosts::new(&file, FirstUse::Record);
        assert_eq!(hosts.check("router", 2201, &key(1)).unwrap(), Trust::Recorded);
        assert_eq!(hosts.check("router", 2202, &key(2)).unwrap(), Trust::Recorded);
        assert_eq!(hosts.check("router", 2201, &key(1)).unwrap(), Trust::Known);
        assert!(
            std::fs::read_to_string(&file)
                .unwrap()
                .starts_with("# kept, without a newline\n[router]:2201 ssh-ed25519 ")
        );
    }
}
