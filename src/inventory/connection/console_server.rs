//! A serial console behind a console server on the network.

use crate::inventory::source::Located;
use crate::inventory::yaml::{Field, Table};

use super::finding::ConnectionFinding;
use super::{Baud, DeclaredLogin, baud, host, login, port};

/// A console server's port; the router's console is on its other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleServer {
    /// The console server's name or address.
    pub host: Located<String>,
    /// The TCP port that leads to the serial port.
    pub port: u16,
    /// What it speaks there.
    pub service: ConsoleService,
    /// The serial line's speed: set by us over RFC 2217, else the one that is set on the console server.
    pub baud: Baud,
    /// The login on the router; `None` for a box that has no administrator yet and lets everyone in.
    pub login: Option<DeclaredLogin>,
}

/// What a console server speaks on the TCP port of a console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsoleService {
    /// Telnet with the options of RFC 2217: we set the line's speed.
    Rfc2217,
    /// Telnet; the line's speed is set on the console server.
    Telnet,
    /// Bytes and nothing else; the line's speed is set on the console server.
    Raw,
}

/// What `defaults` may hold too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Common {
    host: Option<Located<String>>,
    service: Option<ConsoleService>,
    baud: Option<Baud>,
    login: Option<DeclaredLogin>,
}

/// Reads what `defaults` may hold too.
pub(super) fn common(table: &mut Table<'_>) -> Common {
    const SERVICES: [(&str, ConsoleService); 3] =
        [("rfc2217", ConsoleService::Rfc2217), ("telnet", ConsoleService::Telnet), ("raw", ConsoleService::Raw)];
    Common {
        host: table.get("host").and_then(|f| host(&f).map(|h| f.located(h))),
        service: table.get("service").and_then(|f| f.choice(SERVICES)),
        baud: table.get("baud").and_then(|f| baud(&f)),
        login: table.get("login").and_then(|f| login(&f)),
    }
}

/// Reads `console_server:` of a router.
pub(super) fn read(field: &Field<'_>, defaults: &Common) -> Option<ConsoleServer> {
    let mut table = field.table("a console server", "コンソールサーバ")?;
    let port = table.require("port").and_then(|f| port(&f));
    let own = common(&mut table);
    // The two that have no value of their own and may be set in the defaults.
    for (key, given) in [("host", defaults.host.is_some()), ("service", defaults.service.is_some())] {
        if !given {
            table.require(key);
        }
    }
    table.finish();
    let service = own.service.or(defaults.service)?;
    let baud = own.baud.or(defaults.baud).unwrap_or_default();
    if baud == Baud::Auto && service != ConsoleService::Rfc2217 {
        field.refuse(&ConnectionFinding::AutoNeedsRfc2217);
    }
    Some(ConsoleServer {
        host: own.host.or_else(|| defaults.host.clone())?,
        port: port?,
        service,
        baud,
        login: own.login.or_else(|| defaults.login.clone()),
    })
}
