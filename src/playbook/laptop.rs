//! Tests from the engineer's laptop: what no router can show of itself, tried out from a port in one of its networks.
//!
//! Here is what is tried, for one router, and its words. It is carried out in [`crate::laptop`].

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;

use super::check::Phase;
use crate::message::Text;

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
        /// Of which kind.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
