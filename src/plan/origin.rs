//! Which line of the rendering asks for a planned command.
//!
//! Found after the plan is made, by the line's text and the block around it: neither the order nor the text of a plan hangs on it.

use std::collections::{HashMap, HashSet};

use super::Command;
use crate::ix::{Config, Node};

/// What a line is known by: how deep it is, the header of its block, its text.
type Key<'t> = (usize, Option<&'t str>, &'t str);

/// Says of each command where the line that asks for it comes from. What the rendering does not say (a removal, `exit`, an entry of
/// a list while the list has another name) has no origin.
pub(super) fn trace(commands: &mut [Command], desired: &Config) {
    let Some(origins) = desired.origins().filter(|_| !commands.is_empty()) else { return };
    let typed: HashSet<&str> = commands.iter().map(|command| &*command.text).collect();
    let mut lines = HashMap::new();
    ask(&desired.nodes, 0, None, &typed, &mut lines);
    let mut open: Vec<&str> = Vec::new();
    let mut found = Vec::with_capacity(commands.len());
    for command in commands.iter() {
        open.truncate(command.depth);
        let line = lines.get(&(command.depth, open.last().copied(), &*command.text));
        found.push(line.and_then(|line| origins.of(*line)).cloned());
        open.push(&command.text);
    }
    for (command, origin) in commands.iter_mut().zip(found) {
        command.origin = origin;
    }
}

/// The lines of a block that have one of these texts, and those of the blocks in it.
fn ask<'c>(
    nodes: &'c [Node],
    depth: usize,
    header: Option<&'c str>,
    typed: &HashSet<&str>,
    lines: &mut HashMap<Key<'c>, u32>,
) {
    for node in nodes {
        if typed.contains(&*node.text) {
            lines.insert((depth, header, &node.text), node.line);
        }
        if !node.children.is_empty() {
            ask(&node.children, depth + 1, Some(&node.text), typed, lines);
        }
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::Arc;

    use super::trace;
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::ix::origin::{Origin, Spot};
    use crate::plan::{Lifeline, between};

    #[test]
    fn a_command_knows_the_line_of_its_own_block_that_asks_for_it() {
        let text = "interface GigaEthernet0.0\n  description a\n!\ninterface GigaEthernet1.0\n  description a\n!\nntp interval 60\n";
        let origin = |line| Some(Origin { template: Spot { file: "t".into(), line }, values: Vec::new() });
        let running = "interface GigaEthernet0.0\n  description a\n!\ninterface GigaEthernet1.0\n  description b\n!\nntp retry 3\n";
        let [running, desired] = [running, text].map(|text| Config::parse(Dialect::ix(), text));
        let desired = desired.with_origins(Arc::new((1..=7).map(origin).collect()));
        let mut plan = between(&running, &desired, &Lifeline::Console, 255).expect("a plan");
        trace(&mut plan.commands, &desired);
        let told: Vec<(&str, Option<u32>)> = plan
            .commands
            .iter()
            .map(|command| (&*command.text, command.origin.as_ref().map(|origin| origin.template.line)))
            .collect();
        for expected in
            [("interface GigaEthernet1.0", Some(4)), ("description a", Some(5)), ("ntp interval 60", Some(7))]
        {
            assert!(told.contains(&expected), "{expected:?} in {told:?}");
        }
        assert!(
            told.iter().filter(|(text, _)| text.starts_with("no ")).all(|(_, origin)| origin.is_none()),
            "{told:?}"
        );
    }
}
