//! Over telnet: the router's own server, or a console server in front of it.

use super::ConnectError;
use super::way::Way;
use crate::inventory::{Baud, ConsoleServer, ConsoleService, Telnet};
use crate::session::{Login, Session};
use crate::transport::telnet::{self, Service, TelnetTarget};

/// Opens a session with the router's own telnet server, which answers at `host`.
pub(super) fn open(way: &Way, declared: &Telnet, host: &str, login: Login) -> Result<Session, ConnectError> {
    dial(way, target(way, host, declared.port, Service::Router), Baud::default(), login)
}

/// Opens a session with the console behind a console server.
pub(super) fn open_console(way: &Way, declared: &ConsoleServer, login: Login) -> Result<Session, ConnectError> {
    dial(way, target(way, &declared.host.value, declared.port, service(declared)), declared.baud, login)
}

fn target(way: &Way, host: &str, port: u16, service: Service) -> TelnetTarget {
    TelnetTarget { host: host.to_owned(), port, service, connect: way.connect_within() }
}

fn dial(way: &Way, target: TelnetTarget, baud: Baud, login: Login) -> Result<Session, ConnectError> {
    let console_lock = way.take_console_lock()?;
    way.converse_locked(telnet::open(&target)?, login, baud, console_lock)
}

fn service(server: &ConsoleServer) -> Service {
    let speed = server.baud.first();
    match server.service {
        ConsoleService::Rfc2217 => Service::Rfc2217 { speed },
        ConsoleService::Telnet => Service::Console { speed },
        ConsoleService::Raw => Service::Raw { speed },
    }
}
