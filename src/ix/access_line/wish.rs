//! What a configuration asks of the access line: read from its lines, whether they are desired or run.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};

use super::area::Area;
use super::probes::Probes;
use crate::ix::{Config, Node};

/// How a configuration wants to get its IPv6 addresses from the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WantedSupply {
    /// A prefix that is delegated by DHCPv6.
    Delegation,
    /// A prefix that the line's router advertises (RA).
    Advertisement,
}

/// What a configuration asks of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineWish {
    /// The interface of the line.
    pub interface: String,
    /// How it wants its addresses.
    pub supply: WantedSupply,
    /// An advertised prefix is handed on to an interface inside, too (`ipv6 nd proxy`).
    pub hands_on_advertised: bool,
    /// The DNS servers that it names.
    pub servers: Vec<Ipv6Addr>,
    /// The interface is shut, so nothing of the line can be seen.
    pub is_shut: bool,
}

impl LineWish {
    /// What this configuration asks; nothing where no interface of it asks a line for IPv6.
    pub fn of(config: &Config) -> Option<Self> {
        let interfaces = || config.nodes.iter().filter(|node| node.context() == "interface");
        let asking =
            |supply| interfaces().find(|node| supply_of(config, node) == Some(supply)).map(|node| (node, supply));
        let (node, supply) = asking(WantedSupply::Delegation).or_else(|| asking(WantedSupply::Advertisement))?;
        Some(Self {
            interface: node.arg("IF")?.to_owned(),
            supply,
            hands_on_advertised: has(node, "ipv6 nd proxy"),
            servers: servers(config),
            is_shut: node.children.iter().any(|line| &*line.text == "shutdown"),
        })
    }

    /// The areas whose servers it names.
    pub fn areas(&self, probes: &Probes) -> BTreeSet<Area> {
        self.servers.iter().filter_map(|server| probes.area_of(*server)).collect()
    }

    /// Whether another configuration asks the same, of an interface that may be shut in one of them.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        let open = |wish: &Self| Self { is_shut: false, ..wish.clone() };
        open(self) == open(other)
    }
}

/// What an interface asks of a line that would be on it.
fn supply_of(config: &Config, interface: &Node) -> Option<WantedSupply> {
    let client = interface.children.iter().find_map(|line| line.text.strip_prefix("ipv6 dhcp client "));
    if let Some(profile) = client.and_then(|name| profile(config, name)) {
        let delegation = profile.children.iter().any(|line| line.text.starts_with("ia-pd "));
        return Some(if delegation { WantedSupply::Delegation } else { WantedSupply::Advertisement });
    }
    let advertised = has(interface, "ipv6 address autoconfig") || has(interface, "ipv6 nd proxy");
    advertised.then_some(WantedSupply::Advertisement)
}

/// A profile of the DHCPv6 client.
fn profile<'c>(config: &'c Config, name: &str) -> Option<&'c Node> {
    config.nodes.iter().find(|node| node.text.strip_prefix("ipv6 dhcp client-profile ") == Some(name))
}

/// Whether a block has a line that begins with these words.
fn has(block: &Node, words: &str) -> bool {
    block
        .children
        .iter()
        .any(|line| line.text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// The addresses behind `proxy-dns server`, each once.
fn servers(config: &Config) -> Vec<Ipv6Addr> {
    let named = config.nodes.iter().filter_map(|node| node.text.strip_prefix("proxy-dns server "));
    let addresses = named.filter_map(|rest| rest.split(' ').next()?.parse().ok());
    addresses.collect::<BTreeSet<_>>().into_iter().collect()
}
