//! Tree to text: the canonical form, in the order the router shows its sections.
//!
//! The order is the table's. A line the grammar does not know stays after the line it followed. Printing what was printed
//! changes nothing.

use super::place::Place;
use super::tree::{Config, Node};

/// Puts lines into the canonical order, blocks included; a line the grammar does not know stays after the line before it.
pub fn sort(nodes: &mut Vec<Node>) {
    if let Some(order) = order(nodes) {
        let mut unordered: Vec<Option<Node>> = std::mem::take(nodes).into_iter().map(Some).collect();
        nodes.extend(order.iter().filter_map(|index| unordered.get_mut(*index)?.take()));
    }
    for node in nodes.iter_mut().filter(|node| !is_sorted(&node.children)) {
        sort(&mut node.children);
    }
}

/// Whether lines are in the canonical order, blocks included: a block that does is not copied.
fn is_sorted(nodes: &[Node]) -> bool {
    places(nodes).is_sorted_by_key(|(_, place)| place) && nodes.iter().all(|node| is_sorted(&node.children))
}

/// The canonical order of lines, as their indices; nothing if they are in it already.
fn order(nodes: &[Node]) -> Option<Vec<usize>> {
    let places: Vec<&Place> = places(nodes).map(|(_, place)| place).collect();
    if places.is_sorted() {
        return None;
    }
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|index| places.get(*index));
    Some(order)
}

/// Lines with their places; one the grammar does not know has the place of the line before it.
pub fn places(nodes: &[Node]) -> impl Iterator<Item = (&Node, &Place)> {
    let mut last = Place::first();
    nodes.iter().map(move |node| {
        last = node.place().unwrap_or(last);
        (node, last)
    })
}

impl Config {
    /// The same lines in canonical order.
    pub fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sort(&mut sorted.nodes);
        sorted
    }

    /// The canonical text: the router's order of sections, two blanks of indentation, `!` after each block. Bytes that are not
    /// UTF-8 are in it as `line::to_text` carries them; `print_bytes` gives them back.
    pub fn print(&self) -> String {
        self.printed(|node| &node.text)
    }

    /// The same with its secrets masked.
    pub fn print_masked(&self) -> String {
        self.printed(|node| node.masked())
    }

    fn printed(&self, shown: impl Fn(&Node) -> &str) -> String {
        let sorted = self.sorted();
        let mut text = String::new();
        let mut before_blocks = false;
        for (index, node) in sorted.nodes.iter().enumerate() {
            if node.is_block() && before_blocks {
                text.push_str("!\n");
            }
            before_blocks = !node.is_block();
            print_node(node, 0, &shown, &mut text);
            if node.is_block() {
                // The mode of the block may know a line that the global mode does not.
                let doubtful = sorted.nodes.get(index + 1).is_some_and(|next| next.row.is_none());
                text.push_str(if doubtful { "exit\n" } else { "!\n" });
            }
        }
        text
    }

    /// The canonical text as bytes, those that are not UTF-8 as they were read.
    pub fn print_bytes(&self) -> Vec<u8> {
        super::line::to_bytes(&self.print())
    }
}

fn print_node(node: &Node, depth: usize, shown: &impl Fn(&Node) -> &str, text: &mut String) {
    for _ in 0..depth {
        text.push_str("  ");
    }
    text.push_str(shown(node));
    text.push('\n');
    for (index, child) in node.children.iter().enumerate() {
        print_node(child, depth + 1, shown, text);
        // The next line is as deep as this header, and its mode may know it.
        if child.is_block() && child.children.is_empty() && index + 1 < node.children.len() {
            text.push_str(&"  ".repeat(depth + 1));
            text.push_str("exit\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
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
        assert_eq!(Config::parse(Dialect::ix(), FLAT).print(), PRINTED);
        assert_eq!(Config::parse(Dialect::ix(), PRINTED).print(), PRINTED);
    }

    #[test]
    fn a_display_loses_its_frame() {
        let display = "Router(config)# show running-config\n! NEC Portable\n! Current time x\n!\ntimezone +09 00\n!\r\n!       \n\
                       device USB0\n  shutdown\n!\nRouter(config)# \n";
        assert_eq!(Config::parse(Dialect::ix(), display).print(), "timezone +09 00\n!\ndevice USB0\n  shutdown\n!\n");
        let startup = "Using 2539 out of 1048576 bytes\n\n! Last updated x\nhostname a\n";
        assert_eq!(Config::parse(Dialect::ix(), startup).print(), "hostname a\n");
    }

    #[test]
    fn a_repeated_block_merges_and_the_last_value_wins() {
        let text = "interface GigaEthernet0.0\n  ip address 10.0.0.1/24\n  no shutdown\n!\nhostname a\n!\n\
                    interface GigaEthernet0.0\n  no ip address\n  shutdown\n";
        assert_eq!(
            Config::parse(Dialect::ix(), text).print(),
            "hostname a\n!\ninterface GigaEthernet0.0\n  no ip address\n  shutdown\n!\n"
        );
    }

    #[test]
    fn a_block_without_lines_takes_none_of_those_behind_it() {
        let text = "router bgp 65001\n  address-family ipv4 unicast\n  exit\n  flux x\nexit\nwarp 1\n";
        let config = Config::parse(Dialect::ix(), text);
        assert_eq!(config.nodes.first().map(|node| node.children.len()), Some(2));
        assert_eq!(config.print(), text);
        assert_eq!(Config::parse(Dialect::ix(), config.print()), config);
    }

    #[test]
    fn a_removed_block_is_gone() {
        for (text, printed) in [
            ("interface Tunnel0.0\n  ip address 10.0.0.1/24\n!\nno interface Tunnel0.0\n", "no interface Tunnel0.0\n"),
            (
                "interface Tunnel0.0\n  ip mtu 1400\n!\nno interface Tunnel0.0\ninterface Tunnel0.0\n  shutdown\n",
                "interface Tunnel0.0\n  shutdown\n!\n",
            ),
            ("no ip dhcp profile a\n  d\n", "no ip dhcp profile a\nd\n"),
        ] {
            let config = Config::parse(Dialect::ix(), text);
            assert_eq!(config.print(), printed);
            assert_eq!(Config::parse(Dialect::ix(), printed), config);
        }
    }

    #[test]
    fn unknown_lines_keep_their_place() {
        let text = "hostname a\nflux-capacitor level 3\n  charge now\nip dhcp enable\n!\ninterface GigaEthernet0.0\n  warp 9\n";
        let printed = Config::parse(Dialect::ix(), text).print();
        assert_eq!(
            printed,
            "hostname a\n!\nflux-capacitor level 3\n  charge now\n!\nip dhcp enable\n!\ninterface GigaEthernet0.0\n  warp 9\n!\n"
        );
        assert_eq!(Config::parse(Dialect::ix(), &printed).print(), printed);
        assert_eq!(Config::parse(Dialect::ix(), text).unrecognised().len(), 3);
    }
}
