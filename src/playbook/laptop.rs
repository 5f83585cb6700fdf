//! Tests from the engineer's laptop: what no router can show of itself, tried out from a port in one of its networks.
//!
//! Here is what is tried, for one router, and its words. It is carried out in [`crate::laptop`].

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::finding::RoleFinding;
use super::phase::Phase;
use crate::inventory::yaml::{Field, Table};
use crate::inventory::{Diagnostic, Located};
use crate::message::Text;

/// Where a name server answers that is named without a port.
const DNS: u16 = 53;
/// How long a test is repeated where its role does not say, in seconds.
const USUAL: u64 = 10;
/// The longest that it may be, in seconds.
pub(super) const LONGEST: u64 = 600;

/// A test of one router's networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaptopCheck {
    /// Its name, unique among the checks of its role.
    pub name: String,
    /// The role it comes from.
    pub role: String,
    /// What it proves.
    pub title: Text,
    /// Where it makes sense.
    pub phase: Phase,
    /// What is tried.
    pub test: LaptopTest,
}

/// What is tried, from where, and how it must end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaptopTest {
    /// The network that the laptop's port must be in.
    pub lan: IpNet,
    /// What is tried.
    pub attempt: Attempt,
    /// It must fail.
    pub is_negative: bool,
    /// It is repeated until it ends as it must, at most so long altogether.
    pub within: Duration,
}

/// What is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// A DNS server is asked for a name's addresses.
    Resolve {
        /// The name.
        name: String,
        /// IPv4 or IPv6 addresses.
        record: AddressKind,
        /// The server.
        server: SocketAddr,
    },
    /// A TCP connection is opened, and closed at once.
    Connect {
        /// To where.
        to: SocketAddr,
    },
}

/// The kind of addresses that a name is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AddressKind {
    /// IPv4.
    A,
    /// IPv6.
    Aaaa,
}

impl fmt::Display for AddressKind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
        })
    }
}

impl Attempt {
    /// Whom it speaks to.
    pub fn peer(&self) -> SocketAddr {
        match self {
            Self::Resolve { server, .. } => *server,
            Self::Connect { to } => *to,
        }
    }

    /// Whether it is a connection that is opened.
    pub fn is_connection(&self) -> bool {
        matches!(self, Self::Connect { .. })
    }
}

impl LaptopTest {
    /// What must be found, in words.
    pub fn describe(&self) -> Text {
        let lan = self.lan;
        let (en, ja) = match (&self.attempt, self.is_negative) {
            (Attempt::Resolve { name, record, server }, false) => (
                format!("{server} resolves {name} ({record})"),
                format!("{server} で {name} ({record}) が名前解決できる"),
            ),
            (Attempt::Resolve { name, record, server }, true) => (
                format!("{server} does not resolve {name} ({record})"),
                format!("{server} で {name} ({record}) が名前解決できない"),
            ),
            (Attempt::Connect { to }, false) => {
                (format!("a TCP connection to {to} opens"), format!("{to} へ TCP 接続できる"))
            }
            (Attempt::Connect { to }, true) => {
                (format!("no TCP connection to {to} opens"), format!("{to} へ TCP 接続できない"))
            }
        };
        Text::new(format!("{en}, from a port in {lan}"), format!("{lan} のポートから {ja}"))
    }
}

/// A test as a role declares it: its texts may name variables.
#[derive(Debug, Clone)]
pub(super) struct DeclaredTest {
    lan: Located<String>,
    attempt: DeclaredAttempt,
    is_negative: bool,
    within: Duration,
}

#[derive(Debug, Clone)]
enum DeclaredAttempt {
    Resolve { name: Located<String>, record: AddressKind, server: Located<String> },
    Connect { to: Located<String> },
}

/// Reads `laptop:` of a check, with the check's `within:`.
pub(super) fn read(field: &Field<'_>, within: Option<&Field<'_>>) -> Option<DeclaredTest> {
    let mut table = field.table("a test from the laptop", "PC からの試験")?;
    let lan = table.require("lan").and_then(|f| text(&f, network));
    let found = table.exactly_one(&["resolve", "connect", "not"]);
    let found = match found {
        Some(("not", inner)) => {
            table.finish();
            let mut inner = inner.table("a test from the laptop", "PC からの試験")?;
            let found = inner.exactly_one(&["resolve", "connect"]);
            found.and_then(|(kind, value)| attempt(inner, kind, &value)).map(|attempt| (attempt, true))
        }
        Some((kind, value)) => attempt(table, kind, &value).map(|attempt| (attempt, false)),
        None => {
            table.finish();
            None
        }
    };
    let seconds = within.map_or(Some(USUAL), |field| field.integer(1, LONGEST));
    let (attempt, is_negative) = found?;
    Some(DeclaredTest { lan: lan?, attempt, is_negative, within: Duration::from_secs(seconds?) })
}

fn attempt(mut table: Table<'_>, kind: &str, value: &Field<'_>) -> Option<DeclaredAttempt> {
    if kind == "connect" {
        table.finish();
        return text(value, peer).map(|to| DeclaredAttempt::Connect { to });
    }
    let name = text(value, host_name);
    let record = table.require("type").and_then(|f| f.choice([("A", AddressKind::A), ("AAAA", AddressKind::Aaaa)]));
    let server = table.require("server").and_then(|f| text(&f, name_server));
    table.finish();
    Some(DeclaredAttempt::Resolve { name: name?, record: record?, server: server? })
}

/// A text of a test. One that waits for no value is looked at here already.
fn text<T>(field: &Field<'_>, read: fn(&str) -> Result<T, RoleFinding>) -> Option<Located<String>> {
    let text = field.text()?;
    if !text.contains("{{")
        && let Err(finding) = read(&text)
    {
        field.refuse(&finding);
        return None;
    }
    Some(field.located(text))
}

/// A network, or the address of a router in it.
pub(super) fn network(text: &str) -> Result<IpNet, RoleFinding> {
    text.parse().map(|lan: IpNet| lan.trunc()).map_err(|_| RoleFinding::NoTestNetwork { text: text.to_owned() })
}

pub(super) fn peer(text: &str) -> Result<SocketAddr, RoleFinding> {
    let found = text.parse().ok().filter(|to: &SocketAddr| is_tested(to));
    found.ok_or_else(|| RoleFinding::NoTestPeer { text: text.to_owned() })
}

pub(super) fn name_server(text: &str) -> Result<SocketAddr, RoleFinding> {
    let usual = || text.parse().ok().map(|address: IpAddr| SocketAddr::new(address, DNS)).filter(is_tested);
    peer(text).or_else(|finding| usual().ok_or(finding))
}

/// An address on a link alone says nothing without the port of the machine that it is behind.
fn is_tested(to: &SocketAddr) -> bool {
    let on_link = match to.ip() {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    !on_link && !to.ip().is_unspecified() && !to.ip().is_multicast() && to.port() != 0
}

pub(super) fn host_name(text: &str) -> Result<String, RoleFinding> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    match text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(is_label) {
        true => Ok(text.to_owned()),
        false => Err(RoleFinding::NoTestName { text: text.to_owned() }),
    }
}

impl DeclaredTest {
    /// Its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Located<String>> {
        let [first, second] = match &self.attempt {
            DeclaredAttempt::Resolve { name, server, .. } => [Some(name), Some(server)],
            DeclaredAttempt::Connect { to } => [Some(to), None],
        };
        std::iter::once(&self.lan).chain(first).chain(second)
    }

    /// The test of one router, its texts filled in by `print`.
    ///
    /// # Errors
    /// A text that cannot be filled in, or that means nothing with the router's values.
    pub(super) fn build(
        &self,
        print: impl Fn(&Located<String>) -> Result<String, Diagnostic>,
    ) -> Result<LaptopTest, Diagnostic> {
        fn filled<T>(
            text: &Located<String>,
            print: impl Fn(&Located<String>) -> Result<String, Diagnostic>,
            read: fn(&str) -> Result<T, RoleFinding>,
        ) -> Result<T, Diagnostic> {
            let at = |finding| Diagnostic::error(&finding).at(text.place.clone(), &*text.path);
            read(&print(text)?).map_err(at)
        }
        let attempt = match &self.attempt {
            DeclaredAttempt::Resolve { name, record, server } => Attempt::Resolve {
                name: filled(name, &print, host_name)?,
                record: *record,
                server: filled(server, &print, name_server)?,
            },
            DeclaredAttempt::Connect { to } => Attempt::Connect { to: filled(to, &print, peer)? },
        };
        let lan = filled(&self.lan, &print, network)?;
        Ok(LaptopTest { lan, attempt, is_negative: self.is_negative, within: self.within })
    }
}
