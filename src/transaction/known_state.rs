//! What is known of a router from elsewhere, and what it has beyond that: lines that someone entered since, which nothing takes away
//! without a person. Compares; reads nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::dialect::Dialect;
use crate::ix::mask::mask_line;
use crate::ix::{Config, ConfigText, Node};

/// What a router ran when it was looked at last, before this machine was given what it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownState {
    /// The day for which that was packed, for people.
    pub day: String,
    /// What it ran then, secrets included.
    pub configuration: ConfigText,
    /// A person is shown the plan and asked before anything is written.
    pub is_asked: bool,
}

impl KnownState {
    /// The lines of a router that it did not have then and that a change takes away, masked, each with the header of its block.
    pub(super) fn newer_lines(&self, dialect: &Arc<Dialect>, running: &Config, expected: &Config) -> Vec<String> {
        let (then, kept) = (Lines::of(self.configuration.tree(dialect)), Lines::of(expected));
        let newer = Lines::of(running).0.into_iter().filter(|line| !then.0.contains(line) && !kept.0.contains(line));
        newer.map(|line| shown(&line)).collect()
    }
}

/// Every line with the headers of its blocks.
struct Lines<'c>(BTreeSet<Vec<&'c str>>);

impl<'c> Lines<'c> {
    fn of(config: &'c Config) -> Self {
        let mut lines = Self(BTreeSet::new());
        lines.take(&config.nodes, &[]);
        lines
    }

    fn take(&mut self, nodes: &'c [Node], headers: &[&'c str]) {
        for node in nodes {
            let mut line = headers.to_vec();
            line.push(&*node.text);
            if !node.children.is_empty() {
                self.take(&node.children, &line);
            }
            self.0.insert(line);
        }
    }
}

/// A line for people.
fn shown(line: &[&str]) -> String {
    line.iter().map(|part| mask_line(part)).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::KnownState;
    use crate::dialect::Dialect;
    use crate::ix::{Config, ConfigText};

    fn newer(then: &str, running: &str, expected: &str) -> Vec<String> {
        let parse = |text: &str| Config::parse(Dialect::any(), text);
        let known = KnownState { day: String::new(), configuration: ConfigText::new(then), is_asked: true };
        known.newer_lines(Dialect::any(), &parse(running), &parse(expected))
    }

    #[test]
    fn what_someone_entered_since_and_a_change_takes_away_is_newer() {
        let then = "hostname r1\ninterface GigaEthernet0.0\n  no shutdown\n";
        let running = "hostname r1\nip route default 192.0.2.1\ninterface GigaEthernet0.0\n  ip address 192.0.2.2/24\n  no shutdown\n";
        let found = newer(then, running, then);
        assert_eq!(found, ["interface GigaEthernet0.0 / ip address 192.0.2.2/24", "ip route default 192.0.2.1"]);
        assert!(newer(then, running, running).is_empty(), "what stays is not taken away");
        assert!(newer(running, running, then).is_empty(), "what was known may be taken away");
    }

    #[test]
    fn a_newer_line_with_a_secret_is_masked() {
        let found = newer("", "username bob password plain CanaryNewer1 operator\n", "");
        assert!(!found.is_empty() && !found.concat().contains("Canary"), "{found:?}");
    }
}
