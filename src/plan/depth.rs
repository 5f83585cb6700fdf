//! How deep in blocks the lines of a plan are, where only their texts were kept.
//!
//! For display alone: nothing is typed by it.

use crate::dialect::Dialect;
use crate::dialect::grammar::{GLOBAL, words};

/// A command with its depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandAtDepth<'t> {
    /// What is typed.
    pub text: &'t str,
    /// In how many blocks.
    pub depth: usize,
}

/// The commands of a plan, or of its undo, with their depth: both start in the global mode. A block that the grammar does not know is
/// not seen.
pub fn with_depth<'t>(dialect: &Dialect, commands: &'t [String]) -> Vec<CommandAtDepth<'t>> {
    let grammar = dialect.grammar();
    let opened = |mode: &str, text: &str| {
        let known = grammar.look_up(mode, &words(text)).filter(|known| !known.off)?;
        known.row.opens.as_deref()
    };
    let mut open: Vec<&str> = Vec::new();
    let mut found = Vec::with_capacity(commands.len());
    for text in commands {
        if *text == dialect.commands().exit {
            open.pop();
            found.push(CommandAtDepth { text, depth: open.len() });
            continue;
        }
        // One block follows another without an `exit` between them.
        let is_of_the_block = open.last().is_some_and(|mode| grammar.look_up(mode, &words(text)).is_some());
        if !is_of_the_block && opened(GLOBAL, text).is_some() {
            open.clear();
        }
        found.push(CommandAtDepth { text, depth: open.len() });
        open.extend(opened(open.last().copied().unwrap_or(GLOBAL), text));
    }
    found
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::with_depth;
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::{Lifeline, between};

    #[test]
    fn depths_found_in_the_texts_are_those_of_the_plan() {
        let old = "ntp retry 3\ninterface GigaEthernet1.0\n  description a\n  no shutdown\n!\n";
        let new = "ntp interval 60\ninterface GigaEthernet0.0\n  description b\n  no shutdown\n!\ninterface GigaEthernet1.0\n  description c\n  \
                   no shutdown\n!\nrouter bgp 64500\n  neighbor 192.0.2.1 remote-as 64501\n  address-family ipv4 unicast\n    network 10.0.0.0/8\n!\n";
        let [old, new] = [old, new].map(|text| Config::parse(Dialect::ix(), text));
        let plan = between(&old, &new, &Lifeline::Console, 255).expect("a plan");
        for commands in [plan.commands.clone(), plan.undo(plan.commands.len())] {
            let texts: Vec<String> = commands.iter().map(|command| command.text.to_string()).collect();
            let depths: Vec<usize> = with_depth(Dialect::ix(), &texts).iter().map(|one| one.depth).collect();
            let planned: Vec<usize> = commands.iter().map(|command| command.depth).collect();
            assert_eq!(depths, planned, "{texts:#?}");
        }
        assert!(plan.commands.iter().any(|command| command.depth == 2));
    }
}
