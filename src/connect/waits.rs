//! How long the sessions of a router may take, by what the inventory says about its connection.

use crate::inventory::{Baud, Connection, Deadlines, Router};
use crate::session::{Bounds, Exchange, Settings};
use crate::transport::LinkKind;

/// The settings of a session over this connection.
pub(super) fn settings(connection: &Connection, declared: &Deadlines) -> Settings {
    let mut settings = Settings::default();
    settings.window = connection.window().unwrap_or(settings.window);
    let waits = &mut settings.deadlines;
    waits.connect = declared.connect.unwrap_or(waits.connect);
    waits.boot = declared.reload.unwrap_or(waits.boot);
    for (exchange, wait) in [
        (Exchange::Login, declared.login),
        (Exchange::Line, declared.command),
        (Exchange::Show, declared.read),
        (Exchange::Save, declared.save),
    ] {
        waits.declare(exchange, wait.silence, wait.total);
    }
    settings
}

/// The bounds of every exchange with this router, over its first way in.
pub fn bounds(router: &Router) -> Bounds {
    let (kind, speed) = path(&router.connection);
    Bounds::of(&settings(&router.connection, &router.deadlines), kind, speed)
}

/// What the transport of a connection will be, and the speed of its line where it has one.
fn path(connection: &Connection) -> (LinkKind, Option<u32>) {
    match connection {
        Connection::Serial(serial) => (LinkKind::Serial, Some(serial.baud.first())),
        Connection::ConsoleServer(server) => (LinkKind::Serial, Some(server.baud.first())),
        Connection::Command(command) if command.console.is_some() => (LinkKind::Serial, command.console),
        Connection::Command(_) => (LinkKind::Command, None),
        Connection::Telnet(_) => (LinkKind::Telnet, None),
        Connection::Mock(_) if connection.is_console() => (LinkKind::Serial, Some(Baud::default().first())),
        Connection::Ssh(_) | Connection::Mock(_) => (LinkKind::Ssh, None),
    }
}
