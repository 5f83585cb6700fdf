//! SSH servers that mean harm, in every phase of a connection.

mod cut;
mod server;
mod setup;
mod shell;

use std::time::Duration;

use ixdeploy::secret::Secret;
use ixdeploy::transport::TransportError;
use ixdeploy::transport::ssh::{self, Credentials, Endpoint, FirstUse, KnownHosts, SshLink, SshTarget};

/// What `connect:` says in these tests.
const CONNECT: Duration = Duration::from_secs(2);
/// How much later than its bound a wait may end: the tests of a whole machine run beside it.
const LATE: Duration = Duration::from_secs(1);

fn endpoint(port: u16) -> Endpoint {
    Endpoint {
        host: "127.0.0.1".into(),
        port,
        user: "admin".into(),
        credentials: Credentials { password: Some(Secret::new("a password".into()).into()), ..Credentials::default() },
        fingerprint: None,
        legacy: false,
    }
}

fn open_within(connect: Duration, router: Endpoint, jump: Vec<Endpoint>) -> Result<SshLink, TransportError> {
    let folder = tempfile::tempdir().unwrap();
    let hosts = KnownHosts::new(folder.path().join("known_hosts"), FirstUse::Record);
    ssh::open(&SshTarget { router, jump, connect, keepalive: Duration::from_secs(30) }, &hosts)
}
