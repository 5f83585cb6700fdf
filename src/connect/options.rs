//! What all connections of one run share.

use std::path::PathBuf;
use std::sync::Arc;

use super::{ConsoleLocks, Recordings};
use crate::secret::Vault;
use crate::transport::ssh::{FirstUse, JumpHosts};

/// What all connections of one run share.
#[derive(Clone)]
pub struct ConnectOptions {
    /// The file of known host keys.
    pub known_hosts: PathBuf,
    /// What an unknown host key means.
    pub first_use: FirstUse,
    /// Where secrets come from.
    pub vault: Arc<dyn Vault>,
    /// The connections to jump hosts, each shared by all routers behind it.
    pub jump_hosts: Arc<JumpHosts>,
    /// Which consoles are in use.
    pub console_locks: ConsoleLocks,
    /// Where every session is recorded, if it is.
    pub recordings: Option<Recordings>,
    /// The folder in which mock routers keep their configurations.
    pub mock_routers: PathBuf,
}
