//! Addresses that do not go together: two interfaces in one network, and the next hop of a route in none.
//!
//! Says nothing where an address is learnt, a routing protocol runs or another route leads on: only what the lines themselves decide.

use std::net::IpAddr;

use super::remark::Remark;
use super::{Finding, Level, finding};
use crate::ix::mask::mask_line;
use crate::ix::{Config, Node};

pub(super) fn judge(config: &Config, findings: &mut Vec<Finding>) {
    let interfaces: Vec<Interface> = config.nodes.iter().filter_map(Interface::of).collect();
    overlapping(&interfaces, findings);
    delegated(config, findings);
    next_hops(config, &interfaces, findings);
}

/// The addresses whose first bits are these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    bits: u128,
    length: u32,
    width: u32,
}

impl Network {
    /// Of an address with a length.
    fn of(address: &str) -> Option<Self> {
        let (address, length) = address.split_once('/')?;
        let (bits, width) = number(address.parse().ok()?);
        let length = length.parse::<u32>().ok().filter(|length| *length <= width)?;
        Some(Self { bits: bits & mask(length, width), length, width })
    }

    fn holds(self, address: IpAddr) -> bool {
        let (bits, width) = number(address);
        width == self.width && bits & mask(self.length, width) == self.bits
    }

    fn overlaps(self, other: Self) -> bool {
        let shorter = mask(self.length.min(other.length), self.width);
        self.width == other.width && self.bits & shorter == other.bits & shorter
    }

    /// Whether other devices are in it: not the one address of a line, not the two ends of one.
    fn has_neighbours(self) -> bool {
        self.length > 0 && self.length + 2 <= self.width
    }
}

fn number(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    }
}

/// The first bits of an address of this width.
fn mask(length: u32, width: u32) -> u128 {
    let all = u128::MAX >> (128 - width);
    all & !all.checked_shr(length).unwrap_or(0)
}

/// What an interface says of its networks.
struct Interface<'c> {
    name: &'c str,
    vrf: Option<&'c str>,
    /// Each line that gives one of them.
    networks: Vec<(&'c Node, Network)>,
    /// It may have others that no line names: learnt, of another interface, of the other end of a line.
    may_have_more: bool,
    open: bool,
    bridged: bool,
}

impl<'c> Interface<'c> {
    fn of(block: &'c Node) -> Option<Self> {
        let name = block.arg("IF").filter(|_| block.context() == "interface")?;
        let lines = || block.children.iter().filter(|line| !line.off);
        let begins = |start: &str| lines().find(|line| line.text.starts_with(start));
        let gives = |line: &&Node| line.row.as_ref().is_some_and(|row| row.address || row.address6);
        let named = |line: &'c Node| Some((line, Network::of(line.arg("ADDRESS")?.split(' ').next()?)?));
        let networks: Vec<(&Node, Network)> = lines().filter(gives).filter_map(named).collect();
        let addresses = lines().filter(gives).filter(|line| line.text.starts_with("ip "));
        let learnt =
            addresses.filter(|line| !networks.iter().any(|(known, _)| std::ptr::eq(*known, *line))).count() > 0;
        let of_a_line =
            ["ppp binding ", "encapsulation ppp", "tunnel mode "].iter().any(|start| begins(start).is_some());
        let unknown = lines().any(|line| line.row.as_ref().is_none_or(|row| row.family));
        Some(Self {
            name,
            vrf: begins("ip vrf forwarding ").and_then(|line| line.arg("VRF")),
            may_have_more: learnt || of_a_line || unknown,
            open: block.children.iter().any(|line| &*line.text == "no shutdown"),
            bridged: begins("bridge-group ").is_some(),
            networks,
        })
    }
}

/// Two open interfaces of one router are in two networks.
fn overlapping(interfaces: &[Interface], findings: &mut Vec<Finding>) {
    let judged = || {
        let judged = interfaces.iter().filter(|interface| interface.open && !interface.bridged);
        judged.flat_map(|interface| interface.networks.iter().map(move |(line, network)| (interface, *line, *network)))
    };
    let local: Option<Network> = Network::of("fe80::/10");
    let on_a_link = |network: Network| local.is_some_and(|local| local.overlaps(network));
    let mut before: Vec<(&Interface, &Node, Network)> = Vec::new();
    for (interface, line, network) in judged().filter(|(.., network)| network.has_neighbours() && !on_a_link(*network))
    {
        let same = before.iter().find(|(other, _, known)| {
            other.name != interface.name && other.vrf == interface.vrf && known.overlaps(network)
        });
        if let Some((other, first, _)) = same {
            let remark = Remark::NetworksOverlap {
                line: line.text.to_string(),
                first: first.text.to_string(),
                interface: other.name.to_owned(),
            };
            findings.push(Finding { first: first.line, ..finding(Level::Warning, line.line, &remark) });
        } else {
            before.push((interface, line, network));
        }
    }
}

/// Two interfaces that are given one part of a delegated prefix.
fn delegated(config: &Config, findings: &mut Vec<Finding>) {
    for profile in config.nodes.iter().filter(|node| node.context() == "dhcpv6-client") {
        let mut before: Vec<(&Node, Network)> = Vec::new();
        for line in profile.children.iter().filter(|line| !line.off && line.text.starts_with("ia-pd subscriber ")) {
            let part = line.arg("PREFIX").and_then(|prefix| Network::of(prefix.split(' ').next()?));
            let Some(part) = part else { continue };
            match before.iter().find(|(other, known)| *known == part && other.arg("IF") != line.arg("IF")) {
                Some((first, _)) => {
                    let remark = Remark::NetworksOverlap {
                        line: line.text.to_string(),
                        first: first.text.to_string(),
                        interface: first.arg("IF").unwrap_or_default().to_owned(),
                    };
                    findings.push(Finding { first: first.line, ..finding(Level::Warning, line.line, &remark) });
                }
                None => before.push((line, part)),
            }
        }
    }
}

/// A route leads to a neighbour: an address in a network of the router.
fn next_hops(config: &Config, interfaces: &[Interface], findings: &mut Vec<Finding>) {
    let routed = config.nodes.iter().any(|node| {
        let mode = node.context();
        mode.starts_with("router-") || node.row.is_none()
    });
    // Learnt routes may lead on, and of a line that is not known no one can say what it does.
    if routed {
        return;
    }
    let routes: Vec<&Node> =
        config.nodes.iter().filter(|node| !node.off && node.text.starts_with("ip route ")).collect();
    for route in &routes {
        let Some(hop) = route.arg("NEXTHOP").and_then(|hop| hop.parse::<IpAddr>().ok()) else { continue };
        let vrf = route.arg("VRF");
        let candidates: Vec<&Interface> = interfaces
            .iter()
            .filter(|interface| match route.arg("VIA") {
                Some(via) => interface.name == via,
                None => interface.vrf == vrf,
            })
            .collect();
        let mut networks = candidates.iter().flat_map(|interface| &interface.networks).map(|(_, network)| *network);
        let certain = candidates.iter().all(|interface| !interface.may_have_more && interface.vrf == vrf)
            && networks.clone().any(|network| network.width == 32);
        // Whether a route may lead over another one is not attested.
        let led_on = || {
            routes.iter().any(|other| {
                let network = other.arg("PREFIX").and_then(Network::of).filter(|network| network.length > 0);
                !std::ptr::eq(*other, *route)
                    && other.arg("VRF") == vrf
                    && network.is_some_and(|network| network.holds(hop))
            })
        };
        if certain && !networks.any(|network| network.holds(hop)) && !led_on() {
            let remark = Remark::NextHopOutside { hop: hop.to_string(), line: mask_line(&route.text) };
            findings.push(finding(Level::Warning, route.line, &remark));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::ix::lint::lint;

    fn found(text: &str) -> Vec<(String, u32, u32)> {
        let all = lint(&Config::parse(Dialect::ix(), text), None, &[]);
        all.into_iter()
            .filter(|finding| ["networks-overlap", "next-hop-outside"].contains(&finding.id.as_str()))
            .map(|finding| (finding.id, finding.line, finding.first))
            .collect()
    }

    #[test]
    fn two_interfaces_are_in_two_networks() {
        let two = |one: &str, other: &str| {
            found(&format!(
                "interface GigaEthernet0.0\n  {one}\n  no shutdown\ninterface GigaEthernet1.0\n  {other}\n  no shutdown\n"
            ))
        };
        let overlap = [("networks-overlap".to_owned(), 5, 2)];
        for (one, other) in [
            ("ip address 192.168.1.1/24", "ip address 192.168.1.254/24"),
            ("ip address 192.168.0.1/16", "ip address 192.168.1.1/24"),
            ("ipv6 address 2001:db8:1::1/64", "ipv6 address 2001:db8:1::2/64"),
        ] {
            assert_eq!(two(one, other), overlap, "{one} {other}");
        }
        for (one, other) in [
            ("ip address 192.168.1.1/24", "ip address 192.168.2.1/24"),
            ("ip address 192.168.1.1/24\n  ip address 192.168.1.2/24 secondary", "ip address 192.168.2.1/24"),
            ("ipv6 address fe80::1/64", "ipv6 address fe80::1/64"),
            // The one address of a line, and the network behind it.
            ("ip address 203.0.113.1/32", "ip address 203.0.113.1/29"),
            ("ip vrf forwarding a\n  ip address 192.168.1.1/24", "ip address 192.168.1.1/24"),
            ("ip address dhcp", "ip address 192.168.1.1/24"),
        ] {
            assert_eq!(two(one, other), [], "{one} {other}");
        }
        let shut = "interface GigaEthernet0.0\n  ip address 192.168.1.1/24\n  shutdown\n";
        assert_eq!(
            found(&format!("{shut}interface GigaEthernet1.0\n  ip address 192.168.1.1/24\n  no shutdown\n")),
            []
        );
    }

    #[test]
    fn a_part_of_a_delegated_prefix_is_of_one_interface() {
        let parts = |other: &str| {
            found(&format!(
                "ipv6 dhcp client-profile p\n  ia-pd subscriber GigaEthernet1.0 ::/64 eui-64\n  \
                 ia-pd subscriber GigaEthernet2.0 {other}\n"
            ))
        };
        assert_eq!(parts("::/64 eui-64"), [("networks-overlap".to_owned(), 3, 2)]);
        assert_eq!(parts("0:0:0:1::/64 eui-64"), []);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn a_next_hop_is_a_neighbour() {
        let route = |route: &str, more: &str| {
            let all = found(&format!(
                "ip route {route}\ninterface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown\n{more}"
            ));
            assert!(all.iter().all(|(id, line, _)| id == "next-hop-outside" && *line == 1), "{all:?}");
            !all.is_empty()
        };
        for outside in
            ["default 198.51.100.1", "10.0.0.0/8 198.51.100.1 metric 10", "default 198.51.100.1 GigaEthernet0.0"]
        {
            assert!(route(outside, ""), "{outside}");
        }
        for known in ["default 192.0.2.254", "default GigaEthernet0.0", "vrf a default 198.51.100.1"] {
            assert!(!route(known, ""), "{known}");
        }
        // Who may have another network, a learnt route or another one to go by.
        for more in [
            "interface GigaEthernet1.0\n  ip address dhcp\n  no shutdown\n",
            "interface GigaEthernet1.0\n  ip address 198.51.100.254/24\n  no shutdown\n",
            "interface GigaEthernet0.1\n  encapsulation pppoe\n  ppp binding p\n  no ip address\n  no shutdown\n",
            "interface Tunnel0.0\n  ip unnumbered GigaEthernet0.0\n  no shutdown\n",
            "ip route 198.51.100.0/24 192.0.2.254\n",
            "router bgp 65000\n",
            "flux-capacitor enable\n",
        ] {
            assert!(!route("default 198.51.100.1", more), "{more}");
        }
        assert!(!found("ip route default 198.51.100.1\n").iter().any(|_| true));
    }
}
