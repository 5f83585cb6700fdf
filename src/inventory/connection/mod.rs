//! How a router is reached, as declared: one file per kind of connection, here what they share.

mod command;
mod console_server;
mod finding;
mod mock;
mod serial;
mod ssh;
mod telnet;

use std::net::Ipv4Addr;
use std::path::Path;

use crate::dialect::Dialect;
use crate::secret::CredentialName;

use super::finding::ValueFinding;
use super::source::Located;
use super::value::read_credential_name;
use super::yaml::{Content, Field};

pub use self::command::CommandConnection;
pub use self::console_server::{ConsoleServer, ConsoleService};
pub use self::mock::Mock;
pub use self::serial::{PortChoice, Serial};
pub use self::ssh::{Hop, KeyFile, Proof, Ssh};
pub use self::telnet::Telnet;

pub(super) use self::finding::CODES;
use self::finding::ConnectionFinding;

/// The way to a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// A serial console.
    Serial(Serial),
    /// SSH.
    Ssh(Ssh),
    /// The router's own telnet server.
    Telnet(Telnet),
    /// A serial console behind a console server.
    ConsoleServer(ConsoleServer),
    /// A program that leads to the router.
    Command(CommandConnection),
    /// A router that the tool simulates.
    Mock(Mock),
}

/// The keys that name the kinds.
const KINDS: [&str; 6] = ["serial", "ssh", "telnet", "console_server", "command", "mock"];

impl Connection {
    /// The key that names this kind in an inventory.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Serial(_) => "serial",
            Self::Ssh(_) => "ssh",
            Self::Telnet(_) => "telnet",
            Self::ConsoleServer(_) => "console_server",
            Self::Command(_) => "command",
            Self::Mock(_) => "mock",
        }
    }

    /// Whether it is a console: nothing that we write on the router can cut it, and no address says which box it is.
    pub fn is_console(&self) -> bool {
        match self {
            Self::Serial(_) | Self::ConsoleServer(_) => true,
            Self::Command(command) => command.console.is_some(),
            Self::Mock(mock) => mock.serial,
            Self::Ssh(_) | Self::Telnet(_) => false,
        }
    }

    /// The address that is dialled on the router itself.
    pub fn dialled(&self) -> Option<(&Located<String>, u16)> {
        match self {
            Self::Ssh(ssh) => Some((&ssh.host, ssh.port)),
            Self::Telnet(telnet) => Some((&telnet.host, telnet.port)),
            Self::Serial(_) | Self::ConsoleServer(_) | Self::Command(_) | Self::Mock(_) => None,
        }
    }

    /// The hosts to go through, the first one first.
    pub fn jump(&self) -> &[Hop] {
        if let Self::Ssh(ssh) = self { &ssh.jump } else { &[] }
    }

    /// The login that is typed at the router's prompts; SSH logs in before there are any.
    pub fn login(&self) -> Option<&DeclaredLogin> {
        match self {
            Self::Serial(serial) => serial.login.as_ref(),
            Self::Telnet(telnet) => telnet.login.as_ref(),
            Self::ConsoleServer(server) => server.login.as_ref(),
            Self::Command(command) => command.login.as_ref(),
            Self::Mock(mock) => mock.login.as_ref(),
            Self::Ssh(_) => None,
        }
    }

    /// The user and the password that would be typed at the router's own prompts, where it has a password.
    pub fn password_login(&self) -> Option<DeclaredLogin> {
        match self {
            Self::Ssh(ssh) => {
                let password = ssh.proof.password.clone()?;
                Some(DeclaredLogin { user: ssh.user.clone(), password })
            }
            _ => self.login().cloned(),
        }
    }

    /// The most lines in flight together, if set: 1 for one at a time.
    pub fn window(&self) -> Option<usize> {
        match self {
            Self::Ssh(ssh) => ssh.window,
            Self::Telnet(telnet) => telnet.window,
            Self::Serial(_) | Self::ConsoleServer(_) | Self::Command(_) | Self::Mock(_) => None,
        }
    }

    /// The credentials that this way needs.
    pub fn credentials(&self) -> Vec<&Located<CredentialName>> {
        match self {
            Self::Ssh(ssh) => ssh.credentials().collect(),
            _ => self.login().map(|login| &login.password).into_iter().collect(),
        }
    }
}

/// A user and the name of the credential that holds the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredLogin {
    /// The user.
    pub user: String,
    /// The password's credential.
    pub password: Located<CredentialName>,
}

/// The speed of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baud {
    /// Bits per second.
    Fixed(u32),
    /// Whatever the console answers at; the usual speed is tried first.
    Auto,
}

impl Baud {
    /// The speed to begin with.
    pub fn first(self) -> u32 {
        match self {
            Self::Fixed(speed) => speed,
            Self::Auto => usual_speed(),
        }
    }
}

/// What a console is set to when the router leaves the factory.
fn usual_speed() -> u32 {
    Dialect::any().strings().console_speed
}

impl Default for Baud {
    fn default() -> Self {
        Self::Fixed(usual_speed())
    }
}

/// Connection settings that hold unless a router says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionDefaults {
    ssh: ssh::Common,
    serial: serial::Common,
    telnet: telnet::Common,
    console_server: console_server::Common,
    command: command::Common,
}

/// Reads `defaults.connection`.
pub(super) fn read_defaults(field: &Field<'_>, base: &Path) -> ConnectionDefaults {
    let mut defaults = ConnectionDefaults::default();
    let Some(mut table) = field.table("the connection defaults", "接続の既定値") else { return defaults };
    if let Some(mut ssh) = table.get("ssh").and_then(|f| f.table("the SSH defaults", "SSH の既定値")) {
        defaults.ssh = ssh::common(&mut ssh, base);
        ssh.finish();
    }
    if let Some(mut serial) = table.get("serial").and_then(|f| f.table("the serial defaults", "シリアルの既定値"))
    {
        defaults.serial = serial::common(&mut serial);
        serial.finish();
    }
    if let Some(mut telnet) = table.get("telnet").and_then(|f| f.table("the telnet defaults", "telnet の既定値")) {
        defaults.telnet = telnet::common(&mut telnet);
        telnet.finish();
    }
    let server = table.get("console_server");
    if let Some(mut server) = server.and_then(|f| f.table("the console server defaults", "コンソールサーバの既定値"))
    {
        defaults.console_server = console_server::common(&mut server);
        server.finish();
    }
    if let Some(mut command) = table.get("command").and_then(|f| f.table("the command defaults", "コマンドの既定値"))
    {
        defaults.command = command::common(&mut command);
        command.finish();
    }
    table.finish();
    defaults
}

/// Reads `connection:` of a router.
pub(super) fn read(field: &Field<'_>, defaults: &ConnectionDefaults, base: &Path) -> Option<Connection> {
    if let Content::Scalar { text, .. } = field.content() {
        return one_word(field, text);
    }
    let mut table = field.table("a connection", "接続")?;
    let found = table.exactly_one(&KINDS);
    table.finish();
    let (kind, field) = found?;
    match kind {
        "serial" => serial::read(&field, &defaults.serial).map(Connection::Serial),
        "ssh" => ssh::read(&field, &defaults.ssh, base).map(Connection::Ssh),
        "telnet" => telnet::read(&field, &defaults.telnet).map(Connection::Telnet),
        "console_server" => console_server::read(&field, &defaults.console_server).map(Connection::ConsoleServer),
        "command" => command::read(&field, &defaults.command).map(Connection::Command),
        _ => mock::read(&field, base).map(Connection::Mock),
    }
}

/// `connection: mock` says all there is to say; any other kind needs more than its name.
fn one_word(field: &Field<'_>, text: &str) -> Option<Connection> {
    if text == "mock" {
        return Some(Connection::Mock(Mock::default()));
    }
    let example = match text {
        "serial" => "connection: { serial: { auto: true } }",
        _ => "connection: { ssh: { host: 192.0.2.1, user: admin, password: CREDENTIAL } }",
    };
    field.refuse(&ConnectionFinding::OneWord { text: text.to_owned(), example });
    None
}

/// A speed in bit/s, or `auto`.
fn baud(field: &Field<'_>) -> Option<Baud> {
    // In quotes too: every writer of JSON puts them.
    if matches!(field.content(), Content::Scalar { text, .. } if text == "auto") {
        return Some(Baud::Auto);
    }
    speed(field).map(Baud::Fixed)
}

/// A speed in bit/s.
fn speed(field: &Field<'_>) -> Option<u32> {
    field.integer(300, 921_600).and_then(|speed| u32::try_from(speed).ok())
}

fn login(field: &Field<'_>) -> Option<DeclaredLogin> {
    let mut table = field.table("a login", "ログイン")?;
    let user = table.require("user").and_then(|f| user(&f));
    let password = table.require("password").and_then(|f| read_credential_name(&f));
    table.finish();
    Some(DeclaredLogin { user: user?, password: password? })
}

/// A user name: one word, at most 16 characters on a router (fact sheet 1, M); jump hosts may have longer ones.
fn user(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    if (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'?') {
        return Some(text);
    }
    field.refuse(&ConnectionFinding::NoUser { text });
    None
}

/// Lines in flight together; more would save nothing and put more in doubt.
fn window(field: &Field<'_>) -> Option<usize> {
    field.integer(1, 64).and_then(|lines| usize::try_from(lines).ok())
}

fn port(field: &Field<'_>) -> Option<u16> {
    field.integer(1, 65_535).and_then(|p| u16::try_from(p).ok())
}

/// A host name or an address; what looks like an IPv4 address must be one.
fn host(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    let numeric = text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let good = if numeric {
        text.parse::<Ipv4Addr>().is_ok()
    } else if text.contains(':') {
        text.split('%').next().is_some_and(|a| a.parse::<std::net::Ipv6Addr>().is_ok())
    } else {
        (1..=253).contains(&text.len())
            && !text.starts_with('-')
            && !text.contains("..")
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    if good {
        return Some(text);
    }
    let port = text.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).filter(|_| !text.contains("::"));
    field.refuse(&ValueFinding::NoHost { text, port });
    None
}

#[cfg(test)]
mod tests;
