//! Where an SSH connection leads, and what proves us there: plain data.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::secret::Secret;

/// One SSH server and how we show ourselves there.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User.
    pub user: String,
    /// What proves the user.
    pub credentials: Credentials,
    /// The pinned host key, `SHA256:...`; the known hosts decide when nothing is pinned.
    pub fingerprint: Option<String>,
    /// Whether algorithms of old firmware may be used.
    pub legacy: bool,
}

impl Endpoint {
    /// `user@host:port`, for messages.
    pub fn peer(&self) -> String {
        format!("{}@{}:{}", self.user, self.host, self.port)
    }
}

/// What proves a user, tried in this order: key, agent, password (then keyboard-interactive with the same password).
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// A private key.
    pub key: Option<KeyFile>,
    /// Whether the agent's keys are tried.
    pub agent: bool,
    /// A password.
    pub password: Option<Arc<Secret>>,
}

/// A private key in a file.
#[derive(Debug, Clone)]
pub struct KeyFile {
    /// The file.
    pub path: PathBuf,
    /// What opens it.
    pub passphrase: Option<Arc<Secret>>,
}

/// A router behind SSH, and its jump hosts.
#[derive(Debug, Clone)]
pub struct SshTarget {
    /// The router.
    pub router: Endpoint,
    /// Hosts to go through, the nearest first.
    pub jump: Vec<Endpoint>,
    /// Time for everything from the first packet to the open shell.
    pub connect: Duration,
    /// How often a silent connection is probed.
    pub keepalive: Duration,
}
