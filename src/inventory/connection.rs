//! How a router is reached, as declared.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use crate::message::Text;
use crate::secret::CredentialName;

use super::source::Located;
use super::value::read_credential_name;
use super::yaml::Field;

/// The way to a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// A serial console.
    Serial(Serial),
    /// SSH.
    Ssh(Ssh),
    /// A router that the tool simulates.
    Mock(Mock),
}

impl Connection {
    /// The key that names this kind in an inventory.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Serial(_) => "serial",
            Self::Ssh(_) => "ssh",
            Self::Mock(_) => "mock",
        }
    }

    /// The credentials that this way needs.
    pub fn credentials(&self) -> Vec<&Located<CredentialName>> {
        match self {
            Self::Serial(serial) => serial.login.iter().map(|login| &login.password).collect(),
            Self::Ssh(ssh) => {
                ssh.password.iter().chain(ssh.jump.iter().filter_map(|hop| hop.password.as_ref())).collect()
            }
            Self::Mock(mock) => mock.login.iter().map(|login| &login.password).collect(),
        }
    }
}

/// A user and the name of the credential that holds the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password's credential.
    pub password: Located<CredentialName>,
}

/// A serial console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serial {
    /// Which port.
    pub port: SerialPort,
    /// Bits per second; an IX2215 leaves the factory with 9600 (fact sheet 1, T).
    pub baud: u32,
    /// The login; `None` for a box that has no administrator yet and lets everyone in.
    pub login: Option<Login>,
}

/// Which serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialPort {
    /// By name: `/dev/ttyUSB0`, `COM3`.
    Name(String),
    /// By what the USB adapter says of itself.
    Usb {
        /// Vendor id.
        vendor: u16,
        /// Product id.
        product: u16,
        /// The adapter's own serial number.
        serial_number: Option<String>,
    },
    /// The only one there is.
    Auto,
}

/// SSH to a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssh {
    /// Host name or address.
    pub host: Located<String>,
    /// TCP port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The password's credential. An IX takes nothing but a password (fact sheet 9, T).
    pub password: Option<Located<CredentialName>>,
    /// The pinned host key, `SHA256:` and 43 characters; else `known_hosts` decides.
    pub host_key: Option<String>,
    /// Whether algorithms older than the observed router's may be used.
    pub legacy_algorithms: bool,
    /// Hosts to go through, the first one first.
    pub jump: Vec<Hop>,
}

/// A host on the way to a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The password's credential.
    pub password: Option<Located<CredentialName>>,
    /// A private key file.
    pub key_file: Option<PathBuf>,
    /// The pinned host key.
    pub host_key: Option<String>,
}

/// A simulated router.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mock {
    /// Whether it is reached over a simulated serial console; else over SSH.
    pub serial: bool,
    /// Whether it starts as it left the factory; else prepared with administrator, SSH and an address.
    pub factory_default: bool,
    /// What it should do wrong.
    pub scenario: Option<PathBuf>,
    /// The login of a prepared one.
    pub login: Option<Login>,
}

/// Connection settings that hold unless a router says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionDefaults {
    pub(super) ssh: SshDefaults,
    pub(super) serial: SerialDefaults,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SshDefaults {
    port: Option<u16>,
    user: Option<String>,
    password: Option<Located<CredentialName>>,
    legacy_algorithms: Option<bool>,
    jump: Option<Vec<Hop>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SerialDefaults {
    port: Option<SerialPort>,
    baud: Option<u32>,
    login: Option<Login>,
}

/// Reads `defaults.connection`.
pub(super) fn read_defaults(field: &Field<'_>, base: &Path) -> ConnectionDefaults {
    let mut defaults = ConnectionDefaults::default();
    let Some(mut table) = field.table("the connection defaults", "接続の既定値") else { return defaults };
    if let Some(mut ssh) = table.get("ssh").and_then(|f| f.table("the SSH defaults", "SSH の既定値")) {
        defaults.ssh = ssh_common(&mut ssh, base);
        ssh.finish();
    }
    if let Some(mut serial) = table.get("serial").and_then(|f| f.table("the serial defaults", "シリアルの既定値"))
    {
        defaults.serial = serial_common(&mut serial);
        serial.finish();
    }
    table.finish();
    defaults
}

/// Reads `connection:` of a router.
pub(super) fn read(field: &Field<'_>, defaults: &ConnectionDefaults, base: &Path) -> Option<Connection> {
    let mut table = field.table("a connection", "接続")?;
    let found = table.exactly_one(&["serial", "ssh", "mock"]);
    table.finish();
    let (kind, field) = found?;
    match kind {
        "serial" => serial(&field, &defaults.serial).map(Connection::Serial),
        "ssh" => ssh(&field, &defaults.ssh, base).map(Connection::Ssh),
        _ => mock(&field, base).map(Connection::Mock),
    }
}

fn serial_common(table: &mut super::yaml::Table<'_>) -> SerialDefaults {
    let named = table.get("port").and_then(|f| f.text()).map(SerialPort::Name);
    let usb = table.get("usb").and_then(|f| usb(&f));
    let auto = table.get("auto").and_then(|f| f.boolean()).unwrap_or(false).then_some(SerialPort::Auto);
    let ports: Vec<SerialPort> = [named, usb, auto].into_iter().flatten().collect();
    if ports.len() > 1 {
        let field = table.field();
        field.report(field.error(
            "yaml.exactly-one",
            "a serial console has one of `port`, `usb`, `auto`",
            "シリアルコンソールに指定できるのは `port`、`usb`、`auto` のうち 1 つです",
        ));
    }
    let baud = table.get("baud").and_then(|f| f.integer(300, 921_600)).and_then(|b| u32::try_from(b).ok());
    let login = table.get("login").and_then(|f| login(&f));
    SerialDefaults { port: ports.into_iter().next(), baud, login }
}

fn serial(field: &Field<'_>, defaults: &SerialDefaults) -> Option<Serial> {
    let mut table = field.table("a serial console", "シリアルコンソール")?;
    let own = serial_common(&mut table);
    let port = own.port.or_else(|| defaults.port.clone());
    // A key that is there and wrong has been reported already.
    if port.is_none() && ["port", "usb", "auto"].iter().all(|key| !table.has(key)) {
        field.report(
            field
                .error(
                    "connection.port",
                    "a serial console needs `port`, `usb` or `auto: true`",
                    "シリアルコンソールには `port`、`usb`、`auto: true` のいずれかが必要です",
                )
                .hint("`ixdeploy ports` lists what is plugged in", "`ixdeploy ports` で接続中のポートを一覧できます"),
        );
    }
    table.finish();
    Some(Serial {
        port: port.unwrap_or(SerialPort::Auto),
        baud: own.baud.or(defaults.baud).unwrap_or(9600),
        login: own.login.or_else(|| defaults.login.clone()),
    })
}

fn usb(field: &Field<'_>) -> Option<SerialPort> {
    let mut table = field.table("a USB adapter", "USB アダプタ")?;
    let vendor = table.require("vendor").and_then(|f| usb_id(&f));
    let product = table.require("product").and_then(|f| usb_id(&f));
    let serial_number = table.get("serial_number").and_then(|f| f.text());
    table.finish();
    Some(SerialPort::Usb { vendor: vendor?, product: product?, serial_number })
}

fn usb_id(field: &Field<'_>) -> Option<u16> {
    let text = field.text()?;
    let id = (text.len() == 4).then(|| u16::from_str_radix(&text, 16).ok()).flatten();
    if id.is_none() {
        field.report(
            field
                .error("connection.usb", "a USB id is four hexadecimal digits", "USB の ID は 4 桁の 16 進数です")
                .hint(
                    "in quotes, as `ixdeploy ports` prints it: \"0403\"",
                    "`ixdeploy ports` の表示どおり、引用符で囲んで \"0403\" のように書いてください",
                ),
        );
    }
    id
}

fn login(field: &Field<'_>) -> Option<Login> {
    let mut table = field.table("a login", "ログイン")?;
    let user = table.require("user").and_then(|f| user(&f));
    let password = table.require("password").and_then(|f| read_credential_name(&f));
    table.finish();
    Some(Login { user: user?, password: password? })
}

/// A user name: one word, at most 16 characters on a router (fact sheet 1, M); jump hosts may have longer ones.
fn user(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    if text.len() <= 64 && text.bytes().all(|b| b.is_ascii_graphic() && b != b'?') {
        return Some(text);
    }
    field.report(field.error(
        "connection.user",
        format!("`{text}` is not a user name"),
        format!("`{text}` はユーザ名に使えません"),
    ));
    None
}

fn ssh_common(table: &mut super::yaml::Table<'_>, base: &Path) -> SshDefaults {
    SshDefaults {
        port: table.get("port").and_then(|f| port(&f)),
        user: table.get("user").and_then(|f| user(&f)),
        password: table.get("password").and_then(|f| read_credential_name(&f)),
        legacy_algorithms: table.get("legacy_algorithms").and_then(|f| f.boolean()),
        jump: table.get("jump").map(|f| f.list().iter().filter_map(|f| hop(f, base)).collect()),
    }
}

fn ssh(field: &Field<'_>, defaults: &SshDefaults, base: &Path) -> Option<Ssh> {
    let mut table = field.table("an SSH connection", "SSH 接続")?;
    let host = table.require("host").and_then(|f| host(&f).map(|h| f.located(h)));
    let host_key = table.get("host_key").and_then(|f| host_key(&f));
    let own = ssh_common(&mut table, base);
    let written = |key| table.has(key);
    let (has_user, has_password) = (written("user"), written("password"));
    table.finish();
    let user = own.user.or_else(|| defaults.user.clone());
    let password = own.password.or_else(|| defaults.password.clone());
    for (missing, key) in [(user.is_none() && !has_user, "user"), (password.is_none() && !has_password, "password")] {
        if missing {
            let text = Text::new(
                format!("an SSH connection needs the key `{key}`"),
                format!("SSH 接続には項目 `{key}` が必要です"),
            );
            let diagnostic = super::Diagnostic::error("yaml.missing-key", text).at(field.key_place(), field.path());
            field.report(diagnostic.hint(
                "here, or once for all routers under `defaults.connection.ssh`",
                "ここに書くか、全ルータ共通なら `defaults.connection.ssh` に書いてください",
            ));
        }
    }
    // What is missing has been reported; the rest is still worth checking.
    Some(Ssh {
        host: host.unwrap_or_else(|| field.located(String::new())),
        port: own.port.or(defaults.port).unwrap_or(22),
        user: user.unwrap_or_default(),
        password,
        host_key,
        legacy_algorithms: own.legacy_algorithms.or(defaults.legacy_algorithms).unwrap_or(false),
        jump: own.jump.or_else(|| defaults.jump.clone()).unwrap_or_default(),
    })
}

fn hop(field: &Field<'_>, base: &Path) -> Option<Hop> {
    let mut table = field.table("a jump host", "踏み台ホスト")?;
    let host = table.require("host").and_then(|f| host(&f));
    let user = table.require("user").and_then(|f| user(&f));
    let port = table.get("port").and_then(|f| port(&f)).unwrap_or(22);
    let password = table.get("password").and_then(|f| read_credential_name(&f));
    let key_file = table.get("key_file").and_then(|f| f.text()).map(|path| base.join(path));
    let host_key = table.get("host_key").and_then(|f| host_key(&f));
    table.finish();
    Some(Hop { host: host?, port, user: user?, password, key_file, host_key })
}

fn mock(field: &Field<'_>, base: &Path) -> Option<Mock> {
    let mut table = field.table("a mock router", "模擬ルータ")?;
    let serial = table.get("over").and_then(|f| choice(&f, ["ssh", "serial"])) == Some(1);
    let factory_default = table.get("start").and_then(|f| choice(&f, ["prepared", "factory-default"])) == Some(1);
    let scenario = table.get("scenario").and_then(|f| f.text()).map(|path| base.join(path));
    let login = table.get("login").and_then(|f| login(&f));
    table.finish();
    Some(Mock { serial, factory_default, scenario, login })
}

/// One of two words, by its index.
fn choice(field: &Field<'_>, words: [&'static str; 2]) -> Option<usize> {
    let text = field.text()?;
    let found = words.iter().position(|w| *w == text);
    if found.is_none() {
        let diagnostic = field.error(
            "value.choice",
            format!("`{text}` is none of `{}`, `{}`", words[0], words[1]),
            format!("`{text}` は使えません。`{}` か `{}` を書いてください", words[0], words[1]),
        );
        field.report(diagnostic.hints(super::suggestion(&text, words)));
    }
    found
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
        text.len() <= 253
            && !text.starts_with('-')
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    if good {
        return Some(text);
    }
    let diagnostic = field.error(
        "value.address",
        format!("`{text}` is neither an address nor a host name"),
        format!("`{text}` はアドレスでもホスト名でもありません"),
    );
    field.report(match text.rsplit_once(':') {
        Some((_, port)) if port.parse::<u16>().is_ok() && !text.contains("::") => diagnostic.hint(
            format!("write the port apart: `port: {port}`"),
            format!("ポートは `port: {port}` と分けて書いてください"),
        ),
        _ => diagnostic,
    });
    None
}

fn host_key(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    let digest = text.strip_prefix("SHA256:").unwrap_or_default().trim_end_matches('=');
    if digest.len() == 43 && digest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/') {
        return Some(format!("SHA256:{digest}"));
    }
    field.report(
        field
            .error(
                "connection.host-key",
                "a host key is pinned as `SHA256:` and 43 characters",
                "ホスト鍵は `SHA256:` と 43 文字で指定します",
            )
            .hint(
                "`ssh-keygen -lf` prints it in this form; MD5 fingerprints are not accepted",
                "`ssh-keygen -lf` がこの形式で表示します。MD5 の指紋は使えません",
            ),
    );
    None
}
