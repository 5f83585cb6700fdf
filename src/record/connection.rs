//! How a router was reached, and what proved that its host key is the right one.

use serde::{Deserialize, Serialize};

use crate::inventory::Fingerprint;

/// How a router was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRecord {
    /// `serial`, `ssh`, ...
    pub transport: String,
    /// The port or the host it was reached by.
    pub peer: String,
    /// The host key that it showed, and what proved it; nothing where the transport has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_key: Option<ProvenHostKey>,
    /// Whose password the router accepted; nothing where a key or no login at all was enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginRecord>,
}

impl ConnectionRecord {
    /// Whether it was the mock router that is built into this program: what was done on it is no evidence of work.
    pub fn is_mock(&self) -> bool {
        self.transport == "mock"
    }
}

/// The password that a router takes from a user, by the name of its credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginRecord {
    /// The user.
    pub user: String,
    /// The credential; nothing where the password is set and none is known to have its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// A host key, and what proved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenHostKey {
    /// Its type, `ssh-rsa`.
    pub algorithm: String,
    /// `SHA256:` and the digest, as OpenSSH prints it.
    pub fingerprint: String,
    /// What proved it.
    pub proof: HostKeyProof,
    /// Where it is known: when it was accepted at first use, by an earlier command, and by whom; nothing where the file does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_use: Option<FirstUseRecord>,
}

/// A host key that was read on a router's console, and holds for it over SSH.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolledRecord {
    /// Its fingerprint, as the router has shown it: `SHA256:...` or `MD5:...`.
    pub fingerprint: Fingerprint,
    /// The router's names for SSH, each `HOST:PORT`.
    pub hosts: Vec<String>,
    /// The serial number of the box; nothing where it did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
}

/// When a host key was accepted that nothing had proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstUseRecord {
    /// The time, RFC 3339 in UTC.
    pub at: String,
    /// Who answers for it, `user@machine`.
    pub by: String,
}

/// What proved a host key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostKeyProof {
    /// The inventory names its fingerprint.
    Pinned,
    /// It is in the file of known hosts.
    KnownHosts,
    /// It was not yet, and has the fingerprint that the router has shown on its console: recorded.
    Enrolled,
    /// Nothing: it was seen for the first time and recorded, as the operator asked.
    FirstUse,
    /// Nothing: it was recorded instead of another one, since the operator said that the box was replaced.
    Replaced,
}

impl HostKeyProof {
    /// The word for it, as it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::KnownHosts => "known-hosts",
            Self::Enrolled => "enrolled",
            Self::FirstUse => "first-use",
            Self::Replaced => "replaced",
        }
    }
}
