//! What the router enters by itself, where two configurations are compared.
//!
//! Neither its presence nor its absence is a difference that anyone has to do something about. Says nothing about which lines
//! those are: `ix::made` does.

use crate::ix::made::{IN_BLOCK, makes_lines, router_made};
use crate::ix::{Config, Node};

/// A wanted configuration with the lines of `running` that the router makes because of what is wanted, where what is wanted says
/// nothing about them.
pub fn accepting(wanted: &Config, running: &Config) -> Option<Config> {
    let mut changed = false;
    let nodes = wanted.nodes.iter().map(|block| {
        let made = made_in(block, running);
        changed |= !made.is_empty();
        if made.is_empty() { block.clone() } else { block.with_block([&**block.children, &made].concat()) }
    });
    let nodes: Vec<Node> = nodes.collect();
    changed.then(|| Config::from_nodes(wanted.dialect(), nodes))
}

/// The lines of the same block of `running` that the router makes because of this block's lines.
fn made_in(wanted: &Node, running: &Config) -> Vec<Node> {
    if !makes_lines(&wanted.children) {
        return Vec::new();
    }
    let Some(block) = running.find(&wanted.key) else { return Vec::new() };
    let said = |line: &&Node| wanted.children.iter().any(|known| known.key == line.key);
    let made = block.children.iter().filter(|line| !said(line) && router_made(&wanted.children, line).is_some());
    made.map(as_ours).collect()
}

/// The line as one that no source holds: no rendering mentions it.
fn as_ours(line: &Node) -> Node {
    let mut made = line.clone();
    made.line = 0;
    made
}

/// What runs as it would be had the router entered nothing by itself since `before`: to tell which of our lines it accepted.
pub fn as_typed(running: &Config, before: &Config) -> Config {
    let nodes = running.nodes.iter().map(|block| {
        if !makes_lines(&block.children) {
            return block.clone();
        }
        let there = before.find(&block.key).map(|block| &block.children);
        let known = |line: &Node| there.is_some_and(|lines| lines.iter().any(|known| known.text == line.text));
        let typed = block.children.iter().filter(|line| known(line) || router_made(&block.children, line).is_none());
        block.with_block(typed.cloned().collect::<Vec<_>>())
    });
    Config::from_nodes(running.dialect(), nodes.collect())
}

/// Whether a reviewed fact calls a line the router's own: anywhere, or in this place.
pub(super) fn is_factual(facts: &[String], text: &str, place: &str) -> bool {
    facts.iter().any(|fact| fact == text || fact == place)
}

/// A wanted configuration with the lines of `running` that a fact calls the router's own, if the wanted configuration says
/// nothing about them: they are neither typed nor removed.
pub fn with_facts(wanted: Config, running: &Config, facts: &[String]) -> Config {
    if facts.is_empty() {
        return wanted;
    }
    let blocks = wanted.nodes.iter().map(|block| {
        let there = running.find(&block.key).filter(|there| there.is_block() && !block.off);
        let made = there.map(|there| factual(&block.children, &there.children, Some(&there.text), facts));
        let made = made.unwrap_or_default();
        if made.is_empty() { block.clone() } else { block.with_block([&**block.children, &made].concat()) }
    });
    let mut nodes: Vec<Node> = blocks.collect();
    nodes.extend(factual(&wanted.nodes, &running.nodes, None, facts));
    Config::from_nodes(wanted.dialect(), nodes)
}

fn factual(wanted: &[Node], running: &[Node], header: Option<&str>, facts: &[String]) -> Vec<Node> {
    let made = running.iter().filter(|line| is_fact_in(line, header, facts));
    made.filter(|line| !wanted.iter().any(|known| known.key == line.key)).map(as_ours).collect()
}

fn is_fact_in(line: &Node, header: Option<&str>, facts: &[String]) -> bool {
    let place = header.map(|header| format!("{header}{IN_BLOCK}{}", line.text));
    !line.is_block() && is_factual(facts, &line.text, place.as_deref().unwrap_or(&line.text))
}

/// What runs, without the new lines that a fact calls the router's own.
pub fn without_facts(running: Config, before: &Config, facts: &[String]) -> Config {
    if facts.is_empty() {
        return running;
    }
    let kept = |lines: &[Node], old: &[Node], header: Option<&str>| -> Vec<Node> {
        let stays = |line: &&Node| !is_fact_in(line, header, facts) || old.iter().any(|known| known.text == line.text);
        lines.iter().filter(stays).cloned().collect()
    };
    let blocks = kept(&running.nodes, &before.nodes, None).into_iter().map(|block| {
        let old: &[Node] = before.find(&block.key).map_or(&[], |old| &old.children);
        let lines = kept(&block.children, old, Some(&block.text));
        if lines.len() == block.children.len() { block } else { block.with_block(lines) }
    });
    Config::from_nodes(running.dialect(), blocks.collect())
}

#[cfg(test)]
mod tests {
    use super::{accepting, as_typed, with_facts, without_facts};
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::same;

    const TYPED: &str = "interface GigaEthernet0.1\n  encapsulation dot1q 10\n  no ip address\n  shutdown\n";
    const MADE: &str =
        "interface GigaEthernet0.1\n  encapsulation dot1q 10\n  auto-connect\n  no ip address\n  shutdown\n";

    #[test]
    fn a_line_that_the_router_makes_is_accepted_and_one_that_it_does_not_make_is_not_missed() {
        let [typed, made] = [TYPED, MADE].map(|text| Config::parse(Dialect::ix(), text));
        assert!(accepting(&typed, &made).is_some_and(|accepted| same(&accepted, &made)));
        assert!(accepting(&made, &typed).is_none());
        assert!(same(&as_typed(&made, &Config::empty(Dialect::ix())), &typed));
        assert!(same(&as_typed(&made, &made), &made), "what was there before is not new");
    }

    #[test]
    fn a_line_that_somebody_declared_off_is_not_accepted_on() {
        let off = Config::parse(Dialect::ix(), TYPED.replace("no ip address", "no auto-connect").as_str());
        assert!(accepting(&off, &Config::parse(Dialect::ix(), MADE)).is_none());
    }

    #[test]
    fn a_line_of_a_fact_is_neither_wanted_nor_unwanted_and_what_is_declared_wins() {
        let typed = Config::parse(Dialect::ix(), TYPED.replace("dot1q 10", "ppp"));
        let made = Config::parse(Dialect::ix(), format!("frobnicate on\n{}", MADE.replace("dot1q 10", "ppp")));
        let facts = ["interface GigaEthernet0.1 / auto-connect".to_owned(), "frobnicate on".to_owned()];
        assert!(same(&with_facts(typed.clone(), &made, &facts), &made));
        assert!(same(&without_facts(made.clone(), &Config::empty(Dialect::ix()), &facts), &typed));
        assert!(same(&without_facts(made.clone(), &made, &facts), &made), "what was there before is not new");
        assert!(!same(&with_facts(typed.clone(), &made, &facts[..1]), &made), "the other line is in no fact");
        let elsewhere = ["interface GigaEthernet0.0 / auto-connect".to_owned()];
        assert!(same(&with_facts(typed.clone(), &made, &elsewhere), &typed), "it holds in its section alone");
        let off = Config::parse(Dialect::ix(), TYPED.replace("encapsulation dot1q 10", "no auto-connect"));
        assert!(same(&with_facts(off.clone(), &made, &facts[..1]), &off));
    }
}
