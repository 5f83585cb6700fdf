//! One router of an inventory.

use std::path::Path;

use crate::ix::Identity;

use super::connection::{self, Baud, Connection, ConnectionDefaults, Mock, PortChoice, Serial};
use super::deadlines::{self, Deadlines};
use super::finding::{InventoryFinding, ValueFinding};
use super::name;
use super::source::Located;
use super::support::{self, Support};
use super::value::{Variables, read_variables};
use super::yaml::{Field, Table};

/// A router as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Router {
    /// Its name, unique in the inventory.
    pub name: Located<String>,
    /// The name for people.
    pub title: Option<String>,
    /// The model, such as `IX2215`.
    pub model: Located<String>,
    /// The roles it has.
    pub roles: Vec<Located<String>>,
    /// How it is reached.
    pub connection: Connection,
    /// Another way in, for when the first one is lost: a console server.
    pub second_way: Option<Connection>,
    /// What must be on the other end.
    pub identity: DeclaredIdentity,
    /// The path that our own session uses, where declared.
    pub lifeline: Option<Located<DeclaredLifeline>>,
    /// How long to wait, the inventory's defaults included.
    pub deadlines: Deadlines,
    /// Its own variables; [`super::Inventory::variables`] adds the weaker ones.
    pub variables: Variables,
}

/// What tells this router from any other, with its places in the inventory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredIdentity {
    /// The serial number that `show hardware` prints.
    pub serial_number: Option<Located<String>>,
    /// The host name it has after our first deployment.
    pub hostname: Option<Located<String>>,
}

/// A declared lifeline: everything that, changed, may cut our own session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredLifeline {
    /// The interface the session comes in on.
    pub interface: Option<Located<String>>,
    /// The router's address, without prefix length, that the session ends on.
    pub address: Option<Located<String>>,
    /// The switch port.
    pub switch_port: Option<u8>,
    /// The names of the access lists it passes.
    pub filters: Vec<String>,
    /// The routes it needs, as they are written on the router, without `ip route`.
    pub routes: Vec<String>,
    /// The way to the router from outside, in words for people.
    pub outer_path: Option<String>,
    /// The routers of the same site that carry this path: they are changed and saved after this one.
    pub through: Vec<Located<String>>,
}

/// What all routers of the inventory share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The weakest variables.
    pub variables: Variables,
    /// Connection settings.
    pub connection: ConnectionDefaults,
    /// How long to wait.
    pub deadlines: Deadlines,
    /// Whom to call about any of them.
    pub support: Option<Support>,
}

/// Reads `defaults:`.
pub(super) fn read_defaults(field: &Field<'_>, base: &Path) -> Defaults {
    let Some(mut table) = field.table("the defaults", "既定値") else { return Defaults::default() };
    let defaults = Defaults {
        variables: table.get("vars").map(|f| read_variables(&f)).unwrap_or_default(),
        connection: table.get("connection").map(|f| connection::read_defaults(&f, base)).unwrap_or_default(),
        deadlines: table.get("deadlines").map(|f| deadlines::read(&f)).unwrap_or_default(),
        support: table.get("support").and_then(|f| support::read(&f)),
    };
    table.finish();
    defaults
}

/// A console of this machine over which a router is reached, whatever the inventory says of its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleHere {
    /// The port's name.
    pub port: String,
    /// Its speed in bit/s.
    pub speed: u32,
}

impl Router {
    /// The same router on a console of this machine: with the login that its declared connection has, and no other way to it.
    #[must_use]
    pub fn on_console(&self, console: &ConsoleHere) -> Self {
        let serial = Serial {
            port: PortChoice::Name(console.port.clone()),
            baud: Baud::Fixed(console.speed),
            login: self.connection.password_login(),
        };
        Self { connection: Connection::Serial(serial), second_way: None, ..self.clone() }
    }

    /// Which box it must be, as far as the inventory says.
    pub fn expected_identity(&self) -> Identity {
        let text = |said: &Option<Located<String>>| said.as_ref().map(|said| said.value.clone());
        Identity {
            model: Some(self.model.value.clone()),
            serial_number: text(&self.identity.serial_number),
            firmware: None,
            host_name: text(&self.identity.hostname),
        }
    }
}

/// Reads one router.
pub(super) fn read(key: &str, field: &Field<'_>, defaults: &Defaults, base: &Path) -> Option<Router> {
    let good = name::check_key(field, key);
    let mut table = field.table("a router", "ルータ")?;
    let mut named = field.located(key.to_owned());
    named.place = field.key_place();
    let title = table.get("title").and_then(|f| f.text());
    let model = table.require("model").and_then(|f| name::read(&f).map(|m| f.located(m)));
    let roles = roles(&mut table);
    let connection = table.require("connection").and_then(|f| connection::read(&f, &defaults.connection, base));
    let second_way = table.get("second_way").and_then(|f| connection::read(&f, &defaults.connection, base));
    let identity = table.get("identity").map(|f| identity(&f)).unwrap_or_default();
    let lifeline = table.get("lifeline").and_then(|f| lifeline(&f));
    let deadlines = table.get("deadlines").map(|f| deadlines::read(&f)).unwrap_or_default();
    let variables = table.get("vars").map(|f| read_variables(&f)).unwrap_or_default();
    table.finish_except(|key, child| {
        let stray = matches!(key, "host" | "port" | "user" | "password" | "baud" | "usb");
        if stray {
            child.report(child.key_error(&InventoryFinding::KeyOfConnection { key: key.to_owned() }));
        }
        stray
    });
    // What is missing has been reported; the router stays, so that its variables are judged in the same run.
    let model = model.unwrap_or_else(|| named.clone().map(|_| String::new()));
    let connection = connection.unwrap_or(Connection::Mock(Mock::default()));
    good.then_some(Router {
        name: named,
        title,
        model,
        roles,
        connection,
        second_way,
        identity,
        lifeline,
        deadlines: deadlines.or(defaults.deadlines),
        variables,
    })
}

/// `role: NAME` or `roles: [NAME, ...]`; a router may have none.
fn roles(table: &mut Table<'_>) -> Vec<Located<String>> {
    let one = table.get("role");
    let many = table.get("roles");
    if let (Some(one), Some(_)) = (&one, &many) {
        one.refuse(&InventoryFinding::RoleAndRoles);
    }
    let fields = one.into_iter().chain(many.iter().flat_map(Field::list));
    fields.filter_map(|f| name::read(&f).map(|role| f.located(role))).collect()
}

fn identity(field: &Field<'_>) -> DeclaredIdentity {
    let Some(mut table) = field.table("an identity", "機器の識別情報") else {
        return DeclaredIdentity::default();
    };
    let mut word = |key| {
        table.get(key).and_then(|f: Field<'_>| {
            let text = f.text()?;
            if !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_graphic() && b != b'?') {
                return Some(f.located(text));
            }
            f.refuse(&ValueFinding::NoWord { text });
            None
        })
    };
    let identity = DeclaredIdentity { serial_number: word("serial_number"), hostname: word("hostname") };
    table.finish();
    identity
}

fn lifeline(field: &Field<'_>) -> Option<Located<DeclaredLifeline>> {
    let mut table = field.table("a lifeline", "管理経路(lifeline)")?;
    let interface = table.require("interface").and_then(|f| f.text().map(|t| f.located(t)));
    let address = table.get("address").and_then(|f| {
        let text = f.text()?;
        if text.parse::<std::net::IpAddr>().is_ok() {
            return Some(f.located(text));
        }
        f.refuse(&ValueFinding::NoAddress { text });
        None
    });
    let switch_port = table.get("switch_port").and_then(|f| f.integer(1, 64)).and_then(|p| u8::try_from(p).ok());
    let mut texts = |key| -> Vec<String> {
        table.get(key).map(|f| f.list().iter().filter_map(Field::text).collect()).unwrap_or_default()
    };
    let (filters, routes) = (texts("filters"), texts("routes"));
    let outer_path = table.get("outer_path").and_then(|f| f.text());
    let through = table.get("through").map(|f| f.list()).unwrap_or_default();
    let through = through.iter().filter_map(|f| name::read(f).map(|router| f.located(router))).collect();
    table.finish();
    let interface = Some(interface?);
    Some(field.located(DeclaredLifeline { interface, address, switch_port, filters, routes, outer_path, through }))
}
