//! What all connections of one run share.

use std::path::PathBuf;
use std::sync::Arc;

use super::{ConsoleLocks, Recordings, SaveWatch};
use crate::secret::Vault;
use crate::transport::ssh::{EnrolledKey, EnrolledKeys, FirstUse, HostKey, JumpHosts, KnownHosts, NewKeys, SshError};

/// What all connections of one run share.
#[derive(Clone)]
pub struct ConnectOptions {
    /// The file of known host keys.
    pub known_hosts: PathBuf,
    /// What an unknown host key means.
    pub first_use: FirstUse,
    /// Who answers for a host key that is recorded at first use, `user@machine`.
    pub learned_by: String,
    /// Where the box is in another one's place: the host keys of new boxes.
    pub new_keys: Option<NewKeys>,
    /// Where secrets come from.
    pub vault: Arc<dyn Vault>,
    /// The connections to jump hosts, each shared by all routers behind it.
    pub jump_hosts: Arc<JumpHosts>,
    /// Which consoles are in use.
    pub console_locks: ConsoleLocks,
    /// Who knows which saves may be running at the end of a console; nothing where no journal is.
    pub save_watch: Option<Arc<dyn SaveWatch>>,
    /// Where every session is recorded, if it is.
    pub recordings: Option<Recordings>,
    /// The folder in which mock routers keep their configurations.
    pub mock_routers: PathBuf,
}

impl ConnectOptions {
    /// The new boxes were agreed to: their host keys are the known ones from now on.
    ///
    /// # Errors
    /// When that cannot be recorded.
    pub fn record_new_keys(&self) -> Result<(), SshError> {
        self.new_keys.as_ref().map_or(Ok(()), |keys| keys.record(&self.known_hosts()))
    }

    /// The new boxes were not kept: the known host keys are those of before.
    ///
    /// # Errors
    /// When that cannot be recorded.
    pub fn take_new_keys_back(&self) -> Result<(), SshError> {
        self.new_keys.as_ref().map_or(Ok(()), |keys| keys.take_back(&self.known_hosts()))
    }

    /// What is known of these hosts, by name and port, counts no more, but for what was recorded of new boxes.
    ///
    /// # Errors
    /// When it cannot be forgotten.
    pub fn forget_but_new(&self, hosts: &[(String, u16)]) -> Result<(), SshError> {
        let (file, enrolled) = (self.known_hosts(), EnrolledKeys::beside(&self.known_hosts));
        let is_new = |host: &str, port| self.new_keys.as_ref().is_some_and(|keys| keys.is_recorded(host, port));
        hosts.iter().filter(|(host, port)| !is_new(host, *port)).try_for_each(|(host, port)| {
            enrolled.forget(host, *port)?;
            file.forget(host, *port)
        })
    }

    /// What these hosts have shown on their consoles counts no more, but where it is the key that is known of them.
    ///
    /// # Errors
    /// When it cannot be forgotten.
    pub fn forget_enrolled_but_known(&self, hosts: &[(String, u16)]) -> Result<(), SshError> {
        let (file, enrolled) = (self.known_hosts(), EnrolledKeys::beside(&self.known_hosts));
        hosts.iter().try_for_each(|(host, port)| {
            let known = file.keys_of(host, *port)?;
            enrolled.forget_but(host, *port, |shown| known.iter().any(|key| key.is_of(shown))).map(drop)
        })
    }

    /// From now on the first contact with this host is held to this key. Another one that is known already stays: its fingerprint.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub fn enrol(&self, host: &str, port: u16, key: &EnrolledKey) -> Result<Option<String>, SshError> {
        EnrolledKeys::beside(&self.known_hosts).enrol(host, port, key)?;
        let known = self.known_hosts().keys_of(host, port)?;
        let is_known = known.iter().any(|known| known.is_of(&key.fingerprint));
        Ok(known.first().filter(|_| !is_known).map(HostKey::fingerprint))
    }

    fn known_hosts(&self) -> KnownHosts {
        KnownHosts::new(&self.known_hosts, FirstUse::Refuse)
    }
}
