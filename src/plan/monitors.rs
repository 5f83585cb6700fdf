//! What watches by itself comes after what it watches, and goes before it.
//!
//! A watch fires at once where the interface it looks at is not there yet, or is about to go: such lines have their turn after
//! all others, and before all others where they go. Knows the table's mark for watches, and no single command.

use foldhash::{HashMap, HashMapExt};

use super::addresses::by_header;
use super::build::{Builder, parent_of};
use super::unit::OrderClass;
use crate::ix::Node;

/// A unit that enters or removes a watch.
pub(super) struct Monitor<'a> {
    unit: usize,
    /// What watches before, if it does.
    old: Option<&'a Node>,
    /// What watches afterwards.
    new: Option<&'a Node>,
}

/// Blocks with lines that watch, by the objects they are.
type Watching<'a> = HashMap<&'a str, Vec<&'a Node>>;

impl<'a> Builder<'a> {
    /// Gives a unit its turn if its line, or one of its block, watches.
    pub(super) fn watches(&mut self, unit: usize, old: Option<&'a Node>, new: Option<&'a Node>) {
        let (old, new) = (old.filter(|node| is_watching(node)), new.filter(|node| is_watching(node)));
        if old.is_none() && new.is_none() {
            return;
        }
        if let Some(unit) = self.units.get_mut(unit) {
            let turn = if new.is_some() { OrderClass::Last } else { OrderClass::First };
            unit.order = std::mem::take(&mut unit.order).at_turn(turn);
        }
        self.monitors.push(Monitor { unit, old, new });
    }

    /// Pairs of units: those about the watched object before what begins to watch it, and after what no longer does.
    pub(super) fn around_monitors(&self) -> Vec<(usize, usize)> {
        if self.monitors.is_empty() {
            return Vec::new();
        }
        let units = by_header(self);
        let [before, after] = self.outer.map(watching);
        let mut pairs = Vec::new();
        for Monitor { unit, old, new } in &self.monitors {
            let new = new.map(|node| watched(node, &after)).unwrap_or_default();
            let old = old.map(|node| watched(node, &before)).unwrap_or_default();
            let about =
                |header: &String| units.get(header.as_str()).into_iter().flatten().filter(|other| *other != unit);
            pairs.extend(new.iter().flat_map(about).map(|other| (*other, *unit)));
            pairs
                .extend(old.iter().filter(|header| !new.contains(header)).flat_map(about).map(|other| (*unit, *other)));
        }
        pairs
    }
}

/// Whether a line, or one of its block, watches.
fn is_watching(node: &Node) -> bool {
    let watches = |node: &Node| !node.off && node.row.as_ref().is_some_and(|row| row.watches);
    watches(node) || node.children.iter().any(watches)
}

fn watching(nodes: &[Node]) -> Watching<'_> {
    let mut found = Watching::new();
    for node in nodes.iter().filter(|node| !node.children.is_empty() && is_watching(node)) {
        for object in node.defines() {
            found.entry(object.id()).or_default().push(node);
        }
    }
    found
}

/// The headers of the blocks that a line looks at: interfaces, the ones they depend on, and the groups that say
/// which.
fn watched(node: &Node, groups: &Watching<'_>) -> Vec<String> {
    let mut headers = Vec::new();
    let mut look_at = |node: &Node| {
        for object in node.refers().iter().filter(|object| object.kind() == "interface") {
            headers.extend(parent_of(object.name()).into_iter().map(|name| format!("interface {name}")));
            headers.push(format!("interface {}", object.name()));
        }
    };
    let inside = |node: &Node, look_at: &mut dyn FnMut(&Node)| {
        node.children.iter().filter(|line| is_watching(line)).for_each(look_at);
    };
    look_at(node);
    inside(node, &mut look_at);
    let named: Vec<&&Node> = node.refers().iter().filter_map(|object| groups.get(object.id())).flatten().collect();
    for group in &named {
        inside(group, &mut look_at);
    }
    headers.extend(named.iter().map(|group| group.text.to_string()));
    headers
}
