//! A pure model of the router: what its running configuration becomes when lines are typed.
//!
//! For rehearsing a plan and its undo before a router sees them, and for proving both in tests. It refuses what a careful router
//! would refuse: removing what is not there, using what does not exist, deleting what is in use, opening what cannot be. The
//! depth of a line follows from its command, and what opens a mode from reading a text. Of unknown lines it believes everything
//! that a text may hold. It shares the grammar with the planner and nothing else.

mod belief;

use std::collections::HashSet;
use std::sync::Arc;

use belief::{Unmet, may_be_opened, unmade, without_absences};

use super::command::Command;
use super::refusal::{Reason, Refusal};
use super::state::{complete, fill_fresh, is_fixed, made_by_group, opposite, removal, same};
use crate::dialect::grammar::{CommandKind, GLOBAL, Grammar, Object, words};
use crate::dialect::model::Parts;
use crate::ix::mask::mask_line;
use crate::ix::{Config, Node};

/// What the router does when a filter number that is in use is bound again: not attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rebind {
    /// The new filter takes the number.
    #[default]
    Replaces,
    /// Both are at that number.
    Adds,
    /// The line is refused.
    Refused,
}

/// What the router does with an IPv4 address whose network another line of the VRF has: not attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlap {
    /// It takes it.
    #[default]
    Accepted,
    /// It refuses it.
    Refused,
}

/// What happens to lines that need what another defines, when that one is removed: not attested where the table says that it may
/// remove them too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DependentLines {
    /// They stay.
    #[default]
    Stay,
    /// They go with it.
    Go,
}

/// The model: a configuration, and the mode the session is in.
#[derive(Debug, Clone)]
pub struct Router {
    config: Config,
    at: Vec<Arc<str>>,
    /// What is used, and defined in neither configuration: that the router takes all the same.
    unmet: Arc<Unmet>,
    rebind: Rebind,
    overlap: Overlap,
    along: DependentLines,
}

impl Router {
    /// A router that runs this configuration, in the global mode.
    pub fn new(config: &Config) -> Self {
        Self {
            config: complete(config, config),
            at: Vec::new(),
            unmet: Arc::default(),
            rebind: Rebind::default(),
            overlap: Overlap::default(),
            along: DependentLines::default(),
        }
    }

    /// The same, going to another configuration. What either uses without defining it is wanted that way.
    pub fn on_the_way_to(mut self, wanted: &Config) -> Self {
        self.unmet = Arc::new(Unmet::of([&self.config, wanted]));
        self
    }

    /// The same with another reading of a number bound twice.
    pub fn rebinding(mut self, rebind: Rebind) -> Self {
        self.rebind = rebind;
        self
    }

    /// The same with another reading of a network that is used twice.
    pub fn overlapping(mut self, overlap: Overlap) -> Self {
        self.overlap = overlap;
        self
    }

    /// The same with another reading of what a line takes along.
    pub fn taking(mut self, along: DependentLines) -> Self {
        self.along = along;
        self
    }

    /// What it runs.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether it runs this. That something is absent which the grammar does not know whole, a router may show or not.
    pub fn runs(&self, wanted: &Config) -> bool {
        same(&self.config, wanted) || same(&without_absences(&self.config), &without_absences(wanted))
    }

    /// Back to the global mode.
    pub fn configure(&mut self) {
        self.at.clear();
    }

    /// Types one line of a plan in the mode that the plan names.
    pub fn enter(&mut self, command: &Command) -> Result<(), Refusal> {
        let refused = |why| Refusal { line: mask_line(&command.text), why };
        if *command.text == *self.config.dialect().commands().exit {
            self.at.truncate(command.depth);
            return Ok(());
        }
        if command.depth > self.at.len() {
            return Err(refused(Reason::BlockNotOpen));
        }
        // A mode that is still open is asked first, as on the router.
        let split = words(&command.text);
        for depth in command.depth + 1..=self.at.len() {
            let context = self.context(depth);
            if context.is_empty() || self.config.grammar().look_up(&context, &split).is_some() {
                return Err(refused(Reason::TakenByMode));
            }
        }
        self.at.truncate(command.depth);
        self.enter_here(command).map_err(refused)
    }

    /// The mode at a depth; the empty name where no one knows one.
    fn context(&self, depth: usize) -> String {
        let mut nodes = &self.config.nodes;
        let mut context = GLOBAL.to_owned();
        for key in self.at.iter().take(depth) {
            let Some(node) = nodes.iter().find(|node| node.key == *key) else { return String::new() };
            node.context().clone_into(&mut context);
            nodes = &node.children;
        }
        context
    }

    fn level(&mut self, depth: usize) -> Option<&mut Vec<Node>> {
        let mut nodes = &mut self.config.nodes;
        for key in self.at.iter().take(depth) {
            nodes = &mut nodes.iter_mut().find(|node| node.key == *key)?.children;
        }
        Some(nodes)
    }

    fn enter_here(&mut self, command: &Command) -> Result<(), Reason> {
        let dialect = Arc::clone(self.config.dialect());
        let grammar = dialect.grammar();
        let depth = self.at.len();
        let context = self.context(depth);
        let node = Node::new(grammar, &context, &command.text, 0);
        let split = words(&command.text);
        let opens = grammar.opens(&context, &split).below().filter(|mode| !mode.is_empty() || command.opener);
        let is_negated = split.first() == Some(&"no");
        if is_negated && !(node.off && node.row.as_ref().is_some_and(|row| row.off.is_some())) {
            return self.remove(depth, grammar, &context, &node);
        }
        self.needs_exist(&node)?;
        if node.context() == "interface" && !node.off {
            self.may_open_interface(&node)?;
        }
        if node.row.as_ref().is_some_and(|row| row.vlan_group) {
            self.ports_are_free(depth, &node)?;
        }
        if self.overlap == Overlap::Refused && !node.off {
            self.network_is_free(depth, &node)?;
        }
        let rebind = self.rebind;
        let nodes = self.level(depth).ok_or(Reason::BlockGone)?;
        if opens.is_some() {
            let key = node.key.clone();
            if !nodes.iter().any(|known| known.key == key && !known.off) {
                // What said that it is absent gives way.
                nodes.retain(|known| known.key != key);
                let mut block = node;
                fill_fresh(grammar, &mut block);
                nodes.push(block);
            }
            self.at.push(key);
            return Ok(());
        }
        let deletes = node.row.as_ref().map(|row| row.deletes.clone()).unwrap_or_default();
        let made = node.row.as_ref().is_some_and(|row| row.vlan_group);
        if node.row.is_none() {
            let absence = opposite(&node.text);
            nodes.retain(|known| *known.text != *absence);
        }
        put(nodes, node.clone(), rebind)?;
        for slot in deletes {
            delete_slot(grammar, nodes, &context, &slot);
        }
        if made {
            self.make_group_interface(depth, &node);
        }
        Ok(())
    }

    fn needs_exist(&self, node: &Node) -> Result<(), Reason> {
        for object in node.refers().iter().filter(|object| !object.soft) {
            let of_the_box = object.kind() == "interface"
                && Parts::of(object.name()).is_some_and(|parts| !parts.is_made() && parts.group.is_none());
            if !of_the_box && !self.defines(object.id()) && !self.unmet.contains(object.id()) {
                return Err(Reason::NoSuchObject);
            }
        }
        Ok(())
    }

    fn defines(&self, id: &str) -> bool {
        let mut found = false;
        self.config.walk(&mut |_, node| {
            if !found && node.row.as_ref().is_some_and(|row| !row.defines.is_empty()) {
                found = node.defines().iter().any(|object| object.id() == id);
            }
        });
        found
    }

    fn used(&self, id: &str) -> bool {
        let mut found = false;
        self.config.walk(&mut |_, node| {
            if !found && node.row.as_ref().is_some_and(|row| !row.refers.is_empty()) {
                found = node.refers().iter().any(|object| !object.soft && object.id() == id);
            }
        });
        found
    }

    fn may_open_interface(&self, node: &Node) -> Result<(), Reason> {
        may_be_opened(&self.config, node).or_else(|why| {
            let is_unmade = node.defines().iter().any(|object| self.unmet.contains(&unmade(object)));
            if is_unmade { Ok(()) } else { Err(why) }
        })
    }

    /// The network of an address, which no other line of the VRF may have.
    fn network_is_free(&self, depth: usize, node: &Node) -> Result<(), Reason> {
        let network = |line: &Node| {
            let (address, length) = line.arg("ADDRESS")?.split_once('/')?;
            let (address, length) = (address.parse::<std::net::Ipv4Addr>().ok()?, length.parse::<u32>().ok()?);
            (!line.off).then_some((u32::from(address), length))
        };
        let here = depth.checked_sub(1).and_then(|at| self.at.get(at));
        let vrf = |block: &Node| block.children.iter().find_map(|line| line.arg("VRF")).map(str::to_owned);
        let blocks = || self.config.nodes.iter().filter(|block| block.context() == "interface");
        let Some(own) = blocks().find(|block| Some(&block.key) == here) else { return Ok(()) };
        let Some((wanted, length)) = network(node) else { return Ok(()) };
        let meets = |other: &Node| {
            network(other).is_some_and(|(network, other)| {
                (network ^ wanted).checked_shr(32_u32.saturating_sub(length.min(other))).unwrap_or(0) == 0
            })
        };
        let replaced = |block: &Node, line: &Node| block.key == own.key && line.key == node.key;
        let taken = blocks()
            .filter(|block| vrf(block) == vrf(own))
            .any(|block| block.children.iter().any(|line| !replaced(block, line) && meets(line)));
        if taken { Err(Reason::NetworkTaken) } else { Ok(()) }
    }

    fn ports_are_free(&mut self, depth: usize, node: &Node) -> Result<(), Reason> {
        let ports = |node: &Node| {
            words(node.arg("PORTS").unwrap_or_default()).into_iter().map(str::to_owned).collect::<HashSet<_>>()
        };
        let wanted = ports(node);
        let nodes = self.level(depth).ok_or(Reason::BlockGone)?;
        let taken = nodes.iter().any(|other| {
            other.key != node.key
                && other.row.as_ref().is_some_and(|row| row.vlan_group)
                && !ports(other).is_disjoint(&wanted)
        });
        if taken { Err(Reason::PortTaken) } else { Ok(()) }
    }

    fn make_group_interface(&mut self, depth: usize, group: &Node) {
        let dialect = Arc::clone(self.config.dialect());
        let grammar = dialect.grammar();
        let Some(key) = self.at.get(depth.saturating_sub(1)) else { return };
        let Some(device) = self.config.nodes.iter().find(|node| node.key == *key) else { return };
        let Some(name) = made_by_group(device, group) else { return };
        let mut block = Node::new(grammar, "global", &format!("interface {name}"), 0);
        fill_fresh(grammar, &mut block);
        if !self.config.nodes.iter().any(|node| node.key == block.key) {
            self.config.nodes.push(block);
        }
    }

    fn remove(&mut self, depth: usize, grammar: &Grammar, context: &str, node: &Node) -> Result<(), Reason> {
        let split = words(&node.text);
        let found: Vec<Node> = self
            .level(depth)
            .ok_or(Reason::BlockGone)?
            .iter()
            .filter(|known| is_removed_by(known, &split))
            .cloned()
            .collect();
        if found.is_empty() {
            // That something is absent which is not known whole may be a line of its own.
            if node.row.as_ref().is_some_and(|row| !row.family) {
                return Err(Reason::NothingThere);
            }
            let rebind = self.rebind;
            return put(self.level(depth).ok_or(Reason::BlockGone)?, node.clone(), rebind);
        }
        for gone in &found {
            if is_fixed(gone) {
                return Err(Reason::PartOfBox);
            }
        }
        let keys: HashSet<Arc<str>> = found.iter().map(|node| node.key.clone()).collect();
        let slots: Vec<String> =
            found.iter().filter_map(|node| node.row.as_ref()).flat_map(|row| row.deletes.clone()).collect();
        let device = depth.checked_sub(1).and_then(|at| self.at.get(at)).cloned();
        let interfaces: Vec<String> = found
            .iter()
            .filter_map(|group| {
                let device = self.config.nodes.iter().find(|node| Some(&node.key) == device.as_ref())?;
                made_by_group(device, group)
            })
            .collect();
        let nodes = self.level(depth).ok_or(Reason::BlockGone)?;
        nodes.retain(|known| !keys.contains(&known.key));
        for slot in slots {
            delete_slot(grammar, nodes, context, &slot);
        }
        if self.along == DependentLines::Go {
            let carriers = found.iter().filter(|node| node.row.as_ref().is_some_and(|row| row.carries));
            let gone: HashSet<Arc<str>> = carriers.flat_map(|node| node.defines()).map(Object::shared).collect();
            take_along(self.level(depth).ok_or(Reason::BlockGone)?, &gone);
        }
        for name in interfaces {
            if self.used(&format!("interface:{name}")) {
                return Err(Reason::GroupInUse);
            }
            let stem = name.trim_end_matches('0').to_owned();
            self.config.nodes.retain(|node| {
                !(node.context() == "interface" && node.arg("IF").is_some_and(|interface| interface.starts_with(&stem)))
            });
        }
        let defined: HashSet<Arc<str>> = found.iter().flat_map(|node| node.defines()).map(Object::shared).collect();
        for id in defined {
            let soft = id.ends_with(":*");
            if !soft && !self.defines(&id) && self.used(&id) && !self.unmet.contains(&id) {
                return Err(Reason::InUse);
            }
        }
        // Fresh blocks print what is off.
        if let Some(key) = depth.checked_sub(1).and_then(|at| self.at.get(at)).cloned()
            && let Some(block) = self.config.nodes.iter_mut().find(|node| node.key == key)
            && block.context() == "interface"
        {
            for line in grammar.fresh(&block.text) {
                let off = Node::new(grammar, "interface", line, 0);
                if off.off && !block.children.iter().any(|child| child.key == off.key) {
                    block.children.push(off);
                }
            }
        }
        Ok(())
    }
}

/// Enters a line among others of its block.
fn put(nodes: &mut Vec<Node>, node: Node, rebind: Rebind) -> Result<(), Reason> {
    match node.kind() {
        Some(CommandKind::List | CommandKind::Follow | CommandKind::Head)
            if nodes.iter().any(|known| known.key == node.key) =>
        {
            return Err(Reason::AlreadyThere);
        }
        Some(CommandKind::Chain) => {
            let number = |node: &Node| {
                (
                    node.row.as_ref().map(|row| row.id.clone()),
                    node.arg("SEQ").map(str::to_owned),
                    node.arg("DIRECTION").map(str::to_owned),
                )
            };
            let taken = nodes
                .iter()
                .position(|known| known.kind() == Some(CommandKind::Chain) && number(known) == number(&node));
            if let Some(index) = taken {
                match rebind {
                    Rebind::Refused => return Err(Reason::NumberInUse),
                    Rebind::Replaces => {
                        nodes.remove(index);
                    }
                    Rebind::Adds => {}
                }
            }
        }
        _ => {}
    }
    match nodes.iter_mut().find(|known| known.key == node.key) {
        Some(known) => *known = node,
        None => nodes.push(node),
    }
    Ok(())
}

/// Removes every line of a block, and of the blocks in it, that needs one of these objects.
fn take_along(nodes: &mut Vec<Node>, gone: &HashSet<Arc<str>>) {
    if gone.is_empty() {
        return;
    }
    nodes.retain(|node| node.is_block() || !node.refers().iter().any(|object| gone.contains(object.id())));
    nodes.iter_mut().filter(|node| !node.children.is_empty()).for_each(|node| take_along(&mut node.children, gone));
}

fn delete_slot(grammar: &Grammar, nodes: &mut Vec<Node>, context: &str, slot: &str) {
    if let Some(known) = nodes.iter_mut().find(|node| &*node.key == slot && !node.off)
        && let Some(text) = removal(known)
    {
        *known = Node::new(grammar, context, &text, 0);
    }
    nodes.retain(|node| node.off || node.row.as_ref().is_none_or(|row| &*row.slot != slot));
}

/// Whether this line takes a known line away.
fn is_removed_by(known: &Node, split: &[&str]) -> bool {
    let by_whole_line = || has_words(&known.text, split.get(1..).unwrap_or_default());
    let by_own = || removal(known).is_some_and(|text| has_words(&text, split));
    let fills = |form: &String| has_words(&known.fill(form), split);
    let by_other = || !known.off && known.row.iter().flat_map(|row| &row.other_removals).any(fills);
    let by_list = || known.row.as_ref().and_then(|row| row.whole.as_ref()).is_some_and(fills);
    // The head lines of a list go with it.
    let by_head = || {
        let is_list = known.kind() == Some(CommandKind::Head) && split.len() == 4;
        is_list && split.get(1..) == words(&known.text).get(..3)
    };
    by_whole_line() || by_own() || by_other() || by_list() || by_head()
}

/// Whether a text has these words and no other: most differ in their first one.
fn has_words(text: &str, split: &[&str]) -> bool {
    text.split([' ', '\t']).filter(|word| !word.is_empty()).eq(split.iter().copied())
}
