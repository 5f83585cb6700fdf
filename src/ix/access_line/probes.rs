//! Which addresses are asked for an answer, and what an answer would tell.

use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};

use super::area::Area;

/// Addresses to ping. An answer tells something; silence tells nothing, since it is not known which of them answer a ping at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probes {
    /// They answer in the area of NTT East.
    pub east: Vec<Ipv6Addr>,
    /// They answer in the area of NTT West.
    pub west: Vec<Ipv6Addr>,
    /// They answer on the Internet alone. There is none by default: a router of a clinic asks no one whom its owner has not named.
    pub internet: Vec<Ipv6Addr>,
}

/// One server of each area, from the vendor's document.
impl Default for Probes {
    fn default() -> Self {
        let first = |area: Area| area.servers().into_iter().take(1).collect();
        Self { east: first(Area::East), west: first(Area::West), internet: Vec::new() }
    }
}

impl Probes {
    /// All of them.
    pub fn addresses(&self) -> impl Iterator<Item = Ipv6Addr> {
        self.east.iter().chain(&self.west).chain(&self.internet).copied()
    }

    /// The area of an address: as it was declared, else as its network says.
    pub fn area_of(&self, address: Ipv6Addr) -> Option<Area> {
        match (self.east.contains(&address), self.west.contains(&address)) {
            (true, false) => Some(Area::East),
            (false, true) => Some(Area::West),
            _ => Area::of(address),
        }
    }
}
