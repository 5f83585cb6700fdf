//! What an unconfigured box may hold, of a model whose factory lines are not attested.
//!
//! Recognised by the grammar's table alone: the rows marked `factory`, and the blocks of the box with what a fresh block shows.
//! Nothing here decides what to do with a line.

use std::collections::HashSet;

use super::mask::{mask_line, mask_path};
use super::{Config, Node};
use crate::dialect::grammar::Grammar;
use crate::dialect::model::Parts;

/// The lines that an unconfigured box is not known to print, masked, each with the header of its block.
pub fn odd_lines(running: &Config) -> Vec<String> {
    let mut odd = Vec::new();
    for node in &running.nodes {
        if !is_block_of_box(node) {
            if !is_factory_line(node) {
                odd.push(mask_line(&node.text));
            }
            continue;
        }
        let defaults = defaults(running.grammar(), node.context());
        let strange = node.children.iter().filter(|line| !defaults.contains(&*line.text) || !line.children.is_empty());
        odd.extend(strange.map(|line| mask_path([&node.text, &line.text])));
    }
    odd
}

/// The factory lines of the box that runs this, as far as they are known: its own blocks as a fresh box shows them, what an
/// unconfigured box may hold of them anyway, and those lines of `fact` that it still holds. Nothing is added that no row of the table
/// allows.
pub fn assumed(running: &Config, fact: Option<&Config>) -> Config {
    let grammar = running.grammar();
    let factual = |header: Option<&Node>| -> HashSet<&str> {
        let Some(fact) = fact else { return HashSet::new() };
        let lines = match header {
            None => Some(&fact.nodes),
            Some(header) => fact.find(&header.key).map(|block| &*block.children),
        };
        lines.into_iter().flatten().filter(|line| !line.is_block()).map(|line| &*line.text).collect()
    };
    let outer = factual(None);
    let mut nodes = Vec::new();
    for node in &running.nodes {
        if !is_block_of_box(node) {
            if !node.is_block() && (is_factory_line(node) || outer.contains(&*node.text)) {
                nodes.push(node.clone());
            }
            continue;
        }
        let (defaults, inner) = (defaults(grammar, node.context()), factual(Some(node)));
        let known = |line: &&Node| defaults.contains(&*line.text) || inner.contains(&*line.text);
        let mut block: Vec<Node> = node.children.iter().filter(known).cloned().collect();
        for line in grammar.fresh(&node.text) {
            let line = Node::new(grammar, node.context(), line, 0);
            if !block.iter().any(|known| known.key == line.key) {
                block.push(line);
            }
        }
        nodes.push(node.with_block(block));
    }
    Config::from_nodes(running.dialect(), nodes)
}

/// The interfaces of the box that a configuration mentions and that this one does not print.
pub fn missing_interfaces(running: &Config, wanted: &Config) -> Vec<String> {
    let names = |config: &Config| -> Vec<String> {
        let interfaces = config.nodes.iter().filter(|node| is_block_of_box(node) && node.context() == "interface");
        interfaces.filter_map(|node| node.arg("IF")).map(str::to_owned).collect()
    };
    let printed = names(running);
    // A file that holds a part of a configuration says nothing of what it leaves out.
    if printed.is_empty() {
        return Vec::new();
    }
    names(wanted).into_iter().filter(|name| !printed.contains(name)).collect()
}

/// Whether a block is there whatever the configuration says.
fn is_block_of_box(node: &Node) -> bool {
    match node.context() {
        "device" => true,
        "interface" => {
            let parts = node.arg("IF").and_then(Parts::of);
            parts.is_some_and(|parts| !parts.is_made() && parts.group.is_none())
        }
        _ => false,
    }
}

fn is_factory_line(node: &Node) -> bool {
    !node.off && node.row.as_ref().is_some_and(|row| row.factory)
}

/// What any fresh block of a mode shows.
fn defaults<'g>(grammar: &'g Grammar, context: &'g str) -> HashSet<&'g str> {
    grammar.all_fresh(context).collect()
}

#[cfg(test)]
mod tests {
    use super::{assumed, missing_interfaces, odd_lines};
    use crate::dialect::Dialect;
    use crate::dialect::model;
    use crate::ix::Config;

    const INVENTED: &str = "timezone +09 00\n!\ndevice GigaEthernet0\n!\ndevice MobileEthernet0\n  shutdown\n!\n\
        interface GigaEthernet0.0\n  no ip address\n  shutdown\n!\ninterface MobileEthernet0.0\n  encapsulation ppp\n  \
        no auto-connect\n  no ip address\n  shutdown\n!\ninterface Null0.0\n  no ip address\n";

    #[test]
    fn a_box_from_the_factory_is_recognised_by_what_it_may_hold() {
        let attested = model::find("IX2215").and_then(|model| model.factory()).unwrap_or_default();
        assert!(!attested.is_empty());
        for text in [attested, INVENTED] {
            assert_eq!(odd_lines(&Config::parse(Dialect::ix(), text)), Vec::<String>::new());
        }
        let odd = format!(
            "{INVENTED}!\nhostname somebody\ninterface GigaEthernet1.0\n  ip address 192.0.2.1/24\n  no shutdown\n"
        );
        assert_eq!(
            odd_lines(&Config::parse(Dialect::ix(), odd)),
            [
                "hostname somebody",
                "interface GigaEthernet1.0 / ip address 192.0.2.1/24",
                "interface GigaEthernet1.0 / no shutdown"
            ]
        );
    }

    #[test]
    fn the_factory_lines_of_a_configured_box_are_its_own_blocks_and_its_time_zone() {
        let configured = INVENTED.replace(
            "GigaEthernet0.0\n  no ip address\n  shutdown",
            "GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown",
        );
        let configured =
            Config::parse(Dialect::ix(), format!("{configured}!\nip route default 192.0.2.2\nntp interval 600\n"));
        let lines =
            |config: &Config| config.print().lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(lines(&assumed(&configured, None)), lines(&Config::parse(Dialect::ix(), INVENTED)));
        let fact = Config::parse(Dialect::ix(), format!("{INVENTED}!\nntp interval 600\nntp retry 3\n"));
        let with_fact = assumed(&configured, Some(&fact)).print();
        assert!(with_fact.contains("ntp interval 600"), "what the fact says and the box holds stays");
        assert!(!with_fact.contains("ntp retry"), "what the box does not hold is not typed");
    }

    #[test]
    fn an_interface_that_the_box_does_not_print_is_named() {
        let wanted =
            Config::parse(Dialect::ix(), "interface GigaEthernet0.0\ninterface GigaEthernet2.0\ninterface Tunnel0.0\n");
        assert_eq!(missing_interfaces(&Config::parse(Dialect::ix(), INVENTED), &wanted), ["GigaEthernet2.0"]);
        assert!(missing_interfaces(&Config::parse(Dialect::ix(), "hostname a\n"), &wanted).is_empty());
    }
}
