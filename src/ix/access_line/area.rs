//! The two areas of NTT's closed network, and the servers by which one is told from the other.

use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};

use crate::message::Text;

/// An area of NTT's closed network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// NTT East.
    East,
    /// NTT West.
    West,
}

impl Area {
    /// Both.
    pub const ALL: [Self; 2] = [Self::East, Self::West];

    /// Its name for people.
    pub fn name(self) -> Text {
        match self {
            Self::East => Text::new("NTT East", "NTT 東日本"),
            Self::West => Text::new("NTT West", "NTT 西日本"),
        }
    }

    /// The DNS servers of the eligibility service in it, from the vendor's document (2021, unchanged as far as seen in November 2026).
    pub fn servers(self) -> [Ipv6Addr; 2] {
        let server = |last| match self {
            Self::East => Ipv6Addr::new(0x2404, 0x1a8, 0xf583, 0xd00, 0, 0, 0x53, last),
            Self::West => Ipv6Addr::new(0x2001, 0xa7ff, 0xf014, 0xd00, 0, 0, 0x53, last),
        };
        [server(1), server(2)]
    }

    /// The area whose servers an address is among: by the first 32 bits that all known servers of an area share, which is inferred.
    pub fn of(address: Ipv6Addr) -> Option<Self> {
        let network = |address: Ipv6Addr| address.to_bits() >> 96;
        Self::ALL.into_iter().find(|area| area.servers().iter().any(|server| network(*server) == network(address)))
    }
}
