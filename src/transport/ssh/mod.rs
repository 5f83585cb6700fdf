//! An SSH shell on a router.
//!
//! What leads there and whom we trust is plain data, and is here in every build. What talks is `client`: a C library, with the feature `ssh`;
//! without it a few items of the same names, by which nothing connects.

mod enrolled;
mod error;
mod file_lock;
mod host_keys;
mod host_name;
mod known;
mod learned_key;
mod new_keys;
mod shared_file;
mod target;

#[cfg_attr(feature = "ssh", path = "libssh2/mod.rs")]
#[cfg_attr(not(feature = "ssh"), path = "absent.rs")]
mod client;

pub use self::client::{
    BUILT_IN, JumpHosts, Negotiated, SshLink, missing_algorithms, open, open_through, supported_algorithms,
};
pub use self::enrolled::{EnrolledKey, EnrolledKeys};
pub use self::error::{SshError, Stage};
pub use self::host_keys::{FirstUse, HostKey, HostKeys, KnownHosts, Trust, TrustedKey};
pub use self::host_name::is_host_name;
pub use self::learned_key::LearnedKey;
pub use self::new_keys::NewKeys;
pub use self::target::{Credentials, Endpoint, KeyFile, SshTarget};

/// One kind of algorithm with the names the library was compiled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supported {
    /// `kex`, `host key`, `cipher` or `mac`.
    pub kind: &'static str,
    /// The names.
    pub names: Vec<String>,
}
