//! Over the mock router inside this process, by a pseudo-terminal or by SSH to this machine.

use super::ConnectError;
use super::mock_router::MockRouter;
use super::ssh::KEEPALIVE;
use super::way::Way;
use crate::inventory::Baud;
use crate::session::{Login, Session};
use crate::transport::TransportError;
use crate::transport::serial::{self, PortChoice, SerialTarget};
use crate::transport::ssh::{self, Credentials, Endpoint, FirstUse, KnownHosts, SshTarget};

/// Opens a session with the mock, which is started where it does not run yet.
pub(super) fn open(way: &Way, mock: &MockRouter, login: Login) -> Result<Session, ConnectError> {
    let (end, login) = mock.answer(login)?;
    if let Some(path) = end.path {
        let target =
            SerialTarget { port: PortChoice::Name(path.display().to_string()), speed: Baud::default().first() };
        return way.converse(serial::open(&target).map_err(TransportError::from)?, login, Baud::default());
    }
    let router = Endpoint {
        host: end.host.unwrap_or_default(),
        port: end.port.unwrap_or_default(),
        user: login.user.clone().unwrap_or_default(),
        credentials: Credentials { password: login.password.clone(), ..Credentials::default() },
        fingerprint: end.fingerprint,
        legacy: false,
    };
    let target = SshTarget { router, jump: Vec::new(), connect: way.connect_within(), keepalive: KEEPALIVE };
    let host_keys = KnownHosts::new(&way.options.known_hosts, FirstUse::Refuse);
    let link = ssh::open(&target, &host_keys)?;
    let key = link.host_key().key.clone();
    Ok(way.converse(link, login, Baud::default())?.with_host_key(key))
}
