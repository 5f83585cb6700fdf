//! The router's own telnet server.

use crate::inventory::source::Located;
use crate::inventory::yaml::{Field, Table};

use super::{DeclaredLogin, host, login, port, window};

/// Telnet to a router: everything goes over the network in clear, passwords included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telnet {
    /// Host name or address.
    pub host: Located<String>,
    /// TCP port.
    pub port: u16,
    /// The login; `None` for a router that has no administrator yet and lets everyone in.
    pub login: Option<DeclaredLogin>,
    /// The most lines in flight together; else the engine's own bound.
    pub window: Option<usize>,
}

/// What `defaults` may hold too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Common {
    port: Option<u16>,
    login: Option<DeclaredLogin>,
    window: Option<usize>,
}

/// Reads what `defaults` may hold too.
pub(super) fn common(table: &mut Table<'_>) -> Common {
    Common {
        port: table.get("port").and_then(|f| port(&f)),
        login: table.get("login").and_then(|f| login(&f)),
        window: table.get("window").and_then(|f| window(&f)),
    }
}

/// Reads `telnet:` of a router.
pub(super) fn read(field: &Field<'_>, defaults: &Common) -> Option<Telnet> {
    let mut table = field.table("a telnet connection", "telnet 接続")?;
    let host = table.require("host").and_then(|f| host(&f).map(|h| f.located(h)));
    let own = common(&mut table);
    table.finish();
    Some(Telnet {
        host: host?,
        port: own.port.or(defaults.port).unwrap_or(23),
        login: own.login.or_else(|| defaults.login.clone()),
        window: own.window.or(defaults.window),
    })
}
