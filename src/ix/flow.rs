//! Which packets the filters of an interface let pass: a small evaluator of access lists.
//!
//! Lists are judged in the order of their entries, filters in the order of their numbers; a list that does not match falls through
//! to the next filter, and once a direction has a filter, what none decides is dropped (fact sheet 7 and 11). What is not known of
//! the router is a parameter. Judges one packet at a time and keeps no state: a stateful list counts as passing what it tracks.

use std::collections::HashMap;
use std::net::IpAddr;

use super::{Config, Node};
use crate::dialect::grammar::{CommandKind, words};

/// What a filter that names a missing or empty list does: not attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingList {
    /// It matches nothing: the next filter decides.
    #[default]
    MatchesNothing,
    /// It lets everything pass.
    PassesAll,
    /// It drops everything.
    DropsAll,
}

/// A transport protocol with what an entry can ask of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// TCP, from and to these ports.
    Tcp(u16, u16),
    /// UDP, from and to these ports.
    Udp(u16, u16),
    /// ICMP or ICMPv6 of this type.
    Icmp(u8),
    /// Another protocol by number.
    Other(u8),
}

/// A packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Packet {
    /// Where it comes from.
    pub source: IpAddr,
    /// Where it goes.
    pub destination: IpAddr,
    /// What it carries.
    pub transport: Transport,
}

/// What a list says about a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FilterResult {
    Permit,
    Deny,
    NoMatch,
}

/// One entry of a list: its number where it has one, whether it permits, and what it matches.
type Entry<'c> = (Option<u64>, bool, Vec<&'c str>);

/// The lists of one protocol family.
#[derive(Debug, Default)]
struct Lists<'c> {
    entries: HashMap<&'c str, Vec<Entry<'c>>>,
    /// Stateful lists, with the lists they look into.
    dynamic: HashMap<&'c str, Vec<&'c str>>,
}

/// The lists of a configuration, ready to judge packets.
#[derive(Debug, Default)]
pub struct Filters<'c> {
    v4: Lists<'c>,
    v6: Lists<'c>,
}

impl<'c> Filters<'c> {
    /// Reads the lists of a configuration.
    pub fn of(config: &'c Config) -> Self {
        let mut filters = Self::default();
        for node in &config.nodes {
            let split = words(&node.text);
            let lists = match split.as_slice() {
                ["ip", "access-list", ..] => &mut filters.v4,
                ["ipv6", "access-list", ..] => &mut filters.v6,
                _ => continue,
            };
            match split.get(2..).unwrap_or_default() {
                ["dynamic", name, "access", looked_into @ ..] => {
                    lists.dynamic.insert(name, looked_into.to_vec());
                }
                [name, entry @ ..] if node.kind() == Some(CommandKind::List) => {
                    let Some(action) = entry.iter().position(|word| matches!(*word, "permit" | "deny")) else {
                        continue;
                    };
                    let permits = entry.get(action) == Some(&"permit");
                    let rest = entry.get(action + 1..).unwrap_or_default().to_vec();
                    let number = entry.get(..action).and_then(|before| before.first()?.parse().ok());
                    lists.entries.entry(name).or_default().push((number, permits, rest));
                }
                _ => {}
            }
        }
        // Numbered entries are judged by number, the others as they were entered.
        for entries in filters.v4.entries.values_mut().chain(filters.v6.entries.values_mut()) {
            entries.sort_by_key(|(number, ..)| *number);
        }
        filters
    }

    /// Whether the filters of this block, in this direction, let the packet pass; nothing is filtered where there is no filter.
    pub fn pass(&self, block: &Node, direction: &str, packet: &Packet, missing: MissingList) -> bool {
        let (bind, lists) = if packet.source.is_ipv4() { ("ip", &self.v4) } else { ("ipv6", &self.v6) };
        let mut row: Vec<(u64, &str)> = block
            .children
            .iter()
            .filter(|node| node.kind() == Some(CommandKind::Chain) && !node.off)
            .filter_map(|node| match words(&node.text).as_slice() {
                [family, "filter", list, number, way, ..] if *family == bind && *way == direction => {
                    Some((number.parse().ok()?, *list))
                }
                _ => None,
            })
            .collect();
        row.sort_unstable();
        if row.is_empty() {
            return true;
        }
        for (_, list) in row {
            match lists.judge(list, packet, missing) {
                FilterResult::Permit => return true,
                FilterResult::Deny => return false,
                FilterResult::NoMatch => {}
            }
        }
        false
    }
}

impl Lists<'_> {
    fn judge(&self, name: &str, packet: &Packet, missing: MissingList) -> FilterResult {
        // A stateful list of the same name wins (fact sheet 7); it looks into lists, not into itself.
        if let Some(looked_into) = self.dynamic.get(name) {
            let tracked =
                looked_into.iter().any(|list| self.entries_say(list, packet, missing) == FilterResult::Permit);
            return if tracked { FilterResult::Permit } else { FilterResult::NoMatch };
        }
        self.entries_say(name, packet, missing)
    }

    fn entries_say(&self, name: &str, packet: &Packet, missing: MissingList) -> FilterResult {
        let Some(entries) = self.entries.get(name) else {
            return match missing {
                MissingList::MatchesNothing => FilterResult::NoMatch,
                MissingList::PassesAll => FilterResult::Permit,
                MissingList::DropsAll => FilterResult::Deny,
            };
        };
        match entries.iter().find(|(_, _, entry)| matches(entry, packet)) {
            Some((_, true, _)) => FilterResult::Permit,
            Some((_, false, _)) => FilterResult::Deny,
            None => FilterResult::NoMatch,
        }
    }
}

/// Whether the filters of one block of a configuration let a packet pass.
pub fn passes(config: &Config, block: &Node, direction: &str, packet: &Packet, missing: MissingList) -> bool {
    Filters::of(config).pass(block, direction, packet, missing)
}

/// Whether the words after `permit` or `deny` match a packet; conditions this evaluator does not know match.
fn matches(entry: &[&str], packet: &Packet) -> bool {
    let mut rest = entry.iter().copied();
    let Some(protocol) = rest.next() else { return false };
    let number = match packet.transport {
        Transport::Tcp(..) => 6,
        Transport::Udp(..) => 17,
        Transport::Icmp(_) if packet.source.is_ipv4() => 1,
        Transport::Icmp(_) => 58,
        Transport::Other(number) => number,
    };
    let by_protocol = match protocol {
        "ip" => true,
        "tcp" => matches!(packet.transport, Transport::Tcp(..)),
        "udp" => matches!(packet.transport, Transport::Udp(..)),
        "icmp" => matches!(packet.transport, Transport::Icmp(_)),
        "esp" => number == 50,
        "ah" => number == 51,
        other => other.parse() == Ok(number),
    };
    if !by_protocol {
        return false;
    }
    let ports = match packet.transport {
        Transport::Tcp(from, to) | Transport::Udp(from, to) => Some((from, to)),
        _ => None,
    };
    let mut rest = rest.peekable();
    while let Some(word) = rest.next() {
        let holds = match word {
            "type" => {
                let wanted = rest.next().and_then(|word| word.parse::<u8>().ok());
                matches!((packet.transport, wanted), (Transport::Icmp(kind), Some(wanted)) if kind == wanted)
            }
            "src" | "dest" => {
                let address = if word == "src" { packet.source } else { packet.destination };
                let wanted = rest.next().unwrap_or("any");
                let mask = rest.peek().copied().filter(|word| word.parse::<IpAddr>().is_ok());
                if mask.is_some() {
                    rest.next();
                }
                covers(wanted, mask, address)
            }
            "sport" | "dport" => {
                let port = ports.map(|(from, to)| if word == "sport" { from } else { to });
                let number = |word: Option<&str>| word.and_then(|word| word.parse::<u16>().ok());
                match rest.next() {
                    Some("eq") => number(rest.next()).is_some_and(|wanted| port == Some(wanted)),
                    Some("range") => {
                        let (low, high) = (number(rest.next()), number(rest.next()));
                        matches!((low, high, port), (Some(low), Some(high), Some(port)) if (low..=high).contains(&port))
                    }
                    _ => true,
                }
            }
            _ => true,
        };
        if !holds {
            return false;
        }
    }
    true
}

fn covers(wanted: &str, wildcard: Option<&str>, address: IpAddr) -> bool {
    if wanted == "any" {
        return true;
    }
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128_u32),
    };
    let (network, length) = match wanted.split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()),
        None => (wanted, None),
    };
    let Ok(network) = network.parse::<IpAddr>() else { return false };
    let ((network, width), (address, other)) = (bits(network), bits(address));
    if width != other {
        return false;
    }
    let free = match wildcard.and_then(|word| word.parse::<IpAddr>().ok()) {
        Some(wildcard) => bits(wildcard).0,
        None => {
            let length = length.unwrap_or(width).min(width);
            1_u128.checked_shl(width - length).map_or(u128::MAX, |free| free - 1)
        }
    };
    (network ^ address) & !free == 0
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at once")]
mod tests {
    use super::{MissingList, Packet, Transport, passes};
    use crate::dialect::Dialect;
    use crate::ix::Config;

    #[test]
    fn filters_are_asked_in_order() {
        let config = Config::parse(
            Dialect::ix(),
            "ipv6 access-list deny deny ip src any dest any\n\
             ipv6 access-list permit permit udp src any sport any dest any dport eq 546\n\
             ipv6 access-list permit permit icmp src any dest any\n\
             interface GigaEthernet0.0\n  ipv6 filter permit 100 in\n  ipv6 filter deny 200 in\n  ipv6 filter gone 1 out\n",
        );
        let block = config.interface("GigaEthernet0.0").expect("there");
        let packet = |transport| Packet {
            source: "fe80::1".parse().expect("address"),
            destination: "fe80::2".parse().expect("address"),
            transport,
        };
        for (transport, expected) in [
            (Transport::Udp(547, 546), true),
            (Transport::Udp(547, 547), false),
            (Transport::Icmp(134), true),
            (Transport::Tcp(1, 22), false),
        ] {
            assert_eq!(
                passes(&config, block, "in", &packet(transport), MissingList::default()),
                expected,
                "{transport:?}"
            );
        }
        let out = |missing| passes(&config, block, "out", &packet(Transport::Icmp(1)), missing);
        assert!(!out(MissingList::MatchesNothing) && out(MissingList::PassesAll) && !out(MissingList::DropsAll));
    }
}
