//! Tree to text: the canonical form, in the order the router shows its sections.
//!
//! The order is the table's. A line the grammar does not know stays after the line it stood after. Printing what was printed
//! changes nothing.

use std::sync::Arc;

use super::grammar::Kind;
use super::model::interface_order;
use super::tree::{Config, Node};

/// Where a line stands among the lines of its block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    section: usize,
    name: Option<Arc<str>>,
    number: (u64, u64, u64),
    rank: usize,
}

/// The place of a known line; nothing for a line the grammar does not know.
pub fn place(node: &Node) -> Option<Place> {
    let row = node.row.as_ref()?;
    let mut place = Place { section: row.section, name: None, number: (0, 0, 0), rank: row.rank };
    match row.kind {
        Kind::List | Kind::Head | Kind::Follow => {
            // Lists are shown by name in byte order, a list's head lines before its entries (fact sheet 6).
            place.name = node.list.clone();
            if row.kind != Kind::Head {
                place.rank = usize::MAX;
            }
        }
        Kind::Chain => {
            let direction = u64::from(node.arg("DIRECTION").as_deref() == Some("out"));
            place.number = (direction, number(node.arg("SEQ")), 0);
        }
        Kind::Block if row.opens.as_deref() == Some("interface") => {
            place.number = interface_order(&node.arg("IF").unwrap_or_default());
        }
        Kind::Block if row.opens.as_deref() == Some("device") => {
            place.number = interface_order(&node.arg("DEVICE").unwrap_or_default());
        }
        Kind::Keyed if row.vlan_group => place.number = (number(node.arg("GROUP")), 0, 0),
        _ => {}
    }
    Some(place)
}

fn number(text: Option<String>) -> u64 {
    text.and_then(|text| text.parse().ok()).unwrap_or(u64::MAX)
}

/// Puts lines into the canonical order, blocks included.
pub fn sort(nodes: &mut Vec<Node>) {
    let mut last = Place::default();
    let mut placed: Vec<(Place, Node)> = std::mem::take(nodes)
        .into_iter()
        .map(|mut node| {
            sort(&mut node.children);
            if let Some(place) = place(&node) {
                last = place;
            }
            (last.clone(), node)
        })
        .collect();
    placed.sort_by(|(left, _), (right, _)| left.cmp(right));
    nodes.extend(placed.into_iter().map(|(_, node)| node));
}

impl Config {
    /// The same lines in canonical order.
    pub fn sorted(&self) -> Self {
        let mut nodes = self.nodes.clone();
        sort(&mut nodes);
        Self::from_nodes(self.grammar(), nodes)
    }

    /// The canonical text: the router's order of sections, two blanks of indentation, `!` after each block. Bytes that are not
    /// UTF-8 stand in it as `line::to_text` carries them; `print_bytes` gives them back.
    pub fn print(&self) -> String {
        let sorted = self.sorted();
        let mut text = String::new();
        let mut before_blocks = false;
        for node in &sorted.nodes {
            if node.is_block() && before_blocks {
                text.push_str("!\n");
            }
            before_blocks = !node.is_block();
            print_node(node, 0, &mut text);
            if node.is_block() {
                text.push_str("!\n");
            }
        }
        text
    }

    /// The canonical text as bytes, those that are not UTF-8 as they were read.
    pub fn print_bytes(&self) -> Vec<u8> {
        super::line::to_bytes(&self.print())
    }
}

fn print_node(node: &Node, depth: usize, text: &mut String) {
    for _ in 0..depth {
        text.push_str("  ");
    }
    text.push_str(&node.text);
    text.push('\n');
    for child in &node.children {
        print_node(child, depth + 1, text);
    }
}

#[cfg(test)]
mod tests {
    use crate::ix::Config;

    const FLAT: &str = "\
ipv6 dhcp enable
ipv6 access-list v6-deny-list deny ip src any dest any
!
ipv6 dhcp client-profile pd6c
option-request dns-servers
ia-pd subscriber GigaEthernet2.0
!
interface GigaEthernet0.0
description ## WAN ##
no ip address
ipv6 filter v6-permit-list 100 out
ipv6 filter v6-deny-list 200 in
no shutdown
!
hostname late
";
    const PRINTED: &str = "\
hostname late
ipv6 dhcp enable
ipv6 access-list v6-deny-list deny ip src any dest any
!
ipv6 dhcp client-profile pd6c
  option-request dns-servers
  ia-pd subscriber GigaEthernet2.0
!
interface GigaEthernet0.0
  description ## WAN ##
  no ip address
  ipv6 filter v6-deny-list 200 in
  ipv6 filter v6-permit-list 100 out
  no shutdown
!
";

    #[test]
    fn the_canonical_form_is_stable_and_needs_no_indentation() {
        assert_eq!(Config::parse(FLAT).print(), PRINTED);
        assert_eq!(Config::parse(PRINTED).print(), PRINTED);
    }

    #[test]
    fn a_display_loses_its_frame() {
        let display = "Router(config)# show running-config\n! NEC Portable\n! Current time x\n!\ntimezone +09 00\n!\r\n!       \n\
                       device USB0\n  shutdown\n!\nRouter(config)# \n";
        assert_eq!(Config::parse(display).print(), "timezone +09 00\n!\ndevice USB0\n  shutdown\n!\n");
        let startup = "Using 2539 out of 1048576 bytes\n\n! Last updated x\nhostname a\n";
        assert_eq!(Config::parse(startup).print(), "hostname a\n");
    }

    #[test]
    fn a_repeated_block_merges_and_the_last_value_wins() {
        let text = "interface GigaEthernet0.0\n  ip address 10.0.0.1/24\n  no shutdown\n!\nhostname a\n!\n\
                    interface GigaEthernet0.0\n  no ip address\n  shutdown\n";
        assert_eq!(
            Config::parse(text).print(),
            "hostname a\n!\ninterface GigaEthernet0.0\n  no ip address\n  shutdown\n!\n"
        );
    }

    #[test]
    fn what_is_not_known_stays_where_it_was() {
        let text = "hostname a\nflux-capacitor level 3\n  charge now\nip dhcp enable\n!\ninterface GigaEthernet0.0\n  warp 9\n";
        let printed = Config::parse(text).print();
        assert_eq!(
            printed,
            "hostname a\n!\nflux-capacitor level 3\n  charge now\n!\nip dhcp enable\n!\ninterface GigaEthernet0.0\n  warp 9\n!\n"
        );
        assert_eq!(Config::parse(&printed).print(), printed);
        assert_eq!(Config::parse(text).unrecognised().len(), 3);
    }
}
