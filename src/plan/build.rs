//! The difference of two configurations as units of steps, each with its inverse and what it needs.
//!
//! Knows the relations the grammar tells (what a line defines, needs and destroys) and nothing about single commands. The order
//! is found elsewhere.

use std::collections::HashMap;

use super::administrator::is_administrator;
use super::note::Note;
use super::objects::{Objects, Rebuilds};
use super::unit::{Maker, Order, Section, Step, Unit};
use super::watch::Watch;
use crate::ix::grammar::{Grammar, Kind};
use crate::ix::print::{Place, place};
use crate::ix::{Config, Node};

/// Puts units together.
pub struct Builder<'a> {
    pub(super) grammar: &'a Grammar,
    pub(super) watch: &'a Watch<'a>,
    pub(super) old: Objects<'a>,
    pub(super) new: Objects<'a>,
    pub(super) rebuilds: &'a Rebuilds,
    /// The units found.
    pub units: Vec<Unit>,
    /// Pairs that must keep an order beside what objects demand.
    pub before: Vec<(usize, usize)>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A block whose lines are being compared.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    pub path: Vec<&'a Node>,
    pub section: Section,
    pub places: Vec<Place>,
    /// Objects the block itself is.
    pub owned: Vec<String>,
}

impl Scope<'_> {
    pub fn outer() -> Self {
        Self { path: Vec::new(), section: Vec::new(), places: Vec::new(), owned: Vec::new() }
    }

    pub fn at(&self, place: &Place) -> Vec<Place> {
        let mut places = self.places.clone();
        places.push(place.clone());
        places
    }
}

impl<'a> Builder<'a> {
    /// A builder for the way from one configuration to another.
    pub fn new(old: &'a Config, new: &'a Config, rebuilds: &'a Rebuilds, watch: &'a Watch<'a>) -> Self {
        Self {
            grammar: old.grammar(),
            watch,
            old: Objects::of(old),
            new: Objects::of(new),
            rebuilds,
            units: Vec::new(),
            before: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn maker<'s>(&self, scope: &'s Scope<'a>) -> Maker<'s>
    where
        'a: 's,
    {
        Maker { watch: self.watch, path: scope.path.clone(), section: scope.section.clone() }
    }

    /// Keeps a unit, and returns where it is kept.
    pub(super) fn push(&mut self, scope: &Scope<'_>, mut unit: Unit) -> usize {
        // A line inside a block needs the block, and lets go of it when the block goes after it.
        unit.needs.extend(scope.owned.iter().cloned());
        unit.frees.extend(scope.owned.iter().cloned());
        // An interface made by a group of switch ports exists as long as the group does.
        for list in [&mut unit.needs, &mut unit.frees] {
            let groups: Vec<String> =
                list.iter().filter(|id| id.starts_with("interface:")).map(|id| format!("group-{id}")).collect();
            list.extend(groups);
        }
        // Whoever begins to use a list finds it as it shall be.
        let contents: Vec<String> =
            unit.needs.iter().filter(|id| !unit.frees.contains(id)).map(|id| format!("content of {id}")).collect();
        unit.needs.extend(contents);
        let (old, new, rebuilds) = (&self.old, &self.new, self.rebuilds);
        unit.drops.retain(|id| !new.defined.contains(id) || rebuilds.contains(id));
        unit.provides.retain(|id| !old.defined.contains(id) || rebuilds.contains(id));
        self.units.push(unit);
        self.units.len() - 1
    }

    /// Compares the lines of one block, or of the global mode.
    pub(super) fn level(&mut self, scope: &Scope<'a>, old: &'a [Node], new: &'a [Node]) {
        let wanted: HashMap<&str, &'a Node> = new.iter().map(|node| (&*node.key, node)).collect();
        let known: HashMap<&str, &'a Node> = old.iter().map(|node| (&*node.key, node)).collect();
        let from = self.units.len();
        let mut handled = self.side_effects(scope, &known, &wanted);
        if scope.path.is_empty() {
            self.lists();
        }
        if scope.path.last().is_some_and(|header| header.context() == "device") {
            self.vlan_groups(scope, old, new, &mut handled);
        }
        self.chains(scope, old, new);
        for (node, at) in placed(old) {
            if self.is_elsewhere(node) || handled.contains(&&*node.key) {
                continue;
            }
            match wanted.get(&*node.key) {
                Some(new) if node.is_block() || new.is_block() => self.block(scope, &at, Some(node), Some(new)),
                Some(new) if node.text != new.text => self.changed(scope, &at, node, new),
                Some(_) => self.pointed_elsewhere(scope, &at, node),
                None if node.is_block() => self.block(scope, &at, Some(node), None),
                None => self.removed(scope, &at, node),
            }
        }
        for (node, at) in placed(new) {
            if known.contains_key(&*node.key) || self.is_elsewhere(node) || handled.contains(&&*node.key) {
                continue;
            }
            if node.is_block() {
                self.block(scope, &at, None, Some(node));
            } else {
                self.added(scope, &at, node);
            }
        }
        if scope.path.last().is_some_and(|header| matches!(header.context(), "interface" | "device")) {
            self.up_and_down(from, old, new);
        }
    }

    /// Lines that are compared as lists or rows of filters.
    fn is_elsewhere(&self, node: &Node) -> bool {
        let rebuilt_dynamic = || {
            node.row.as_ref().is_some_and(|row| row.dynamic)
                && node.defines().iter().any(|object| self.rebuilds.contains(&object.id()))
        };
        matches!(node.kind(), Some(Kind::List | Kind::Follow | Kind::Head | Kind::Chain)) || rebuilt_dynamic()
    }

    fn added(&mut self, scope: &Scope<'a>, at: &Place, node: &'a Node) {
        let maker = self.maker(scope);
        let mut unit = Unit::new(Order::forward(&scope.at(at)), vec![maker.add(node)]);
        unit.provides = ids(node.defines());
        unit.needs = ids(node.refers());
        self.note(node);
        self.push(scope, unit);
    }

    fn removed(&mut self, scope: &Scope<'a>, at: &Place, node: &'a Node) {
        let Some(step) = self.maker(scope).remove(node) else {
            self.notes.push(Note::cannot_remove(&node.text));
            return;
        };
        // Inside a block a removal stands where its line stood: the block is opened once.
        let places = scope.at(at);
        let order = if scope.path.is_empty() { Order::backward(&places) } else { Order::forward(&places) };
        let mut unit = Unit::new(order, vec![step]);
        unit.drops = ids(node.defines());
        unit.frees = ids(node.refers());
        self.note(node);
        self.push(scope, unit);
    }

    fn changed(&mut self, scope: &Scope<'a>, at: &Place, old: &'a Node, new: &'a Node) {
        let steps = self.change_steps(scope, old, new);
        let places = scope.at(at);
        // Who loses the administrator's right waits until whoever gains it has it.
        let demoted = is_administrator(old) && !is_administrator(new);
        let order = if demoted { Order::backward(&places) } else { Order::forward(&places) };
        let mut unit = Unit::new(order, steps);
        unit.provides = ids(new.defines());
        unit.needs = ids(new.refers());
        unit.drops = ids(old.defines()).into_iter().filter(|id| !unit.provides.contains(id)).collect();
        unit.frees = ids(old.refers());
        // Going from one rebuilt list to another, each would wait for the other's end: both by way of what stands in.
        let stands_in = |id: &String| self.rebuilds.temporary(id).is_some();
        let holds = |id: &String| {
            let dynamic = self.old.lists.get(id).and_then(|list| list.dynamic);
            stands_in(id) || dynamic.is_some_and(|node| ids(node.refers()).iter().any(stands_in))
        };
        if unit.needs.iter().any(stands_in) && unit.frees.iter().any(holds) {
            self.through_stand_in(scope, at, old, new);
            return;
        }
        if unit.steps.len() > 1 && new.row.as_ref().is_some_and(|row| row.slot == "ip-address") {
            self.notes.push(Note::address_gap(&scope.section.join(" / ")));
        }
        self.note(new);
        self.push(scope, unit);
    }

    /// The lines that turn one line into another of the same key.
    pub(super) fn change_steps(&self, scope: &Scope<'a>, old: &Node, new: &Node) -> Vec<Step> {
        let maker = Maker { watch: self.watch, path: scope.path.clone(), section: scope.section.clone() };
        let same_row = match (&old.row, &new.row) {
            (Some(old), Some(new)) => old.id == new.id && new.replaces,
            _ => false,
        };
        if same_row && !old.off && !new.off {
            return vec![maker.replace(old, new)];
        }
        maker.remove(old).into_iter().chain([maker.add(new)]).collect()
    }

    /// A line that stays as it is, and uses something that is rebuilt meanwhile.
    fn pointed_elsewhere(&mut self, scope: &Scope<'a>, at: &Place, node: &'a Node) {
        let rebuilt = node.refers().iter().any(|object| self.rebuilds.temporary(&object.id()).is_some());
        if rebuilt {
            self.through_stand_in(scope, at, node, node);
        }
    }

    /// First points a line at the temporary list, then at the rebuilt one.
    fn through_stand_in(&mut self, scope: &Scope<'a>, at: &Place, old: &Node, new: &Node) {
        let meanwhile = self.renamed(scope, new);
        let places = scope.at(at);
        let mut first = Unit::new(Order::forward(&places), self.change_steps(scope, old, &meanwhile));
        first.needs = ids(meanwhile.refers());
        first.frees = ids(old.refers());
        first.drops = ids(old.defines()).into_iter().filter(|id| !ids(new.defines()).contains(id)).collect();
        let mut second = Unit::new(Order::forward(&places), self.change_steps(scope, &meanwhile, new));
        second.needs = ids(new.refers());
        second.frees = ids(meanwhile.refers());
        second.frees.retain(|id| !self.rebuilds.contains(id));
        second.provides = ids(new.defines());
        let first = self.push(scope, first);
        let second = self.push(scope, second);
        self.before.push((first, second));
    }

    /// The same line with temporary names for lists that have one.
    pub(super) fn renamed(&self, scope: &Scope<'_>, node: &Node) -> Node {
        let context = scope.path.last().map_or("global", |header| header.context());
        let refers = node.refers();
        let text: Vec<String> = crate::ix::grammar::words(&node.text)
            .iter()
            .map(|word| {
                let object = refers.iter().find(|object| object.name == *word);
                let temporary = object.and_then(|object| self.rebuilds.temporary(&object.id()));
                temporary.unwrap_or(word).to_owned()
            })
            .collect();
        Node::new(self.grammar, context, &text.join(" "), 0)
    }

    fn block(&mut self, scope: &Scope<'a>, at: &Place, old: Option<&'a Node>, new: Option<&'a Node>) {
        let Some(header) = new.or(old) else { return };
        match (old, new) {
            (Some(old), Some(new)) if old.is_block() && new.is_block() => {
                self.inside(scope, at, header, &old.children, &new.children);
            }
            (Some(old), Some(new)) => self.changed(scope, at, old, new),
            (None, Some(new)) => self.created(scope, at, new),
            (Some(old), None) => self.destroyed(scope, at, old),
            (None, None) => {}
        }
    }

    fn inside(&mut self, scope: &Scope<'a>, at: &Place, header: &'a Node, old: &'a [Node], new: &'a [Node]) {
        let mut inner = scope.clone();
        inner.path.push(header);
        inner.section.push(header.text.to_string());
        inner.places.push(at.clone());
        inner.owned.extend(ids(header.defines()));
        self.level(&inner, old, new);
    }

    /// A block that does not exist yet: its header and its lines, undone by removing the block.
    fn created(&mut self, scope: &Scope<'a>, at: &Place, node: &'a Node) {
        let maker = self.maker(scope);
        let mut unit = Unit::new(Order::forward(&scope.at(at)), vec![maker.add(node)]);
        unit.provides = ids(node.defines());
        unit.needs = ids(node.refers());
        self.fill_block(scope, node, &mut unit);
        unit.judge();
        // A subinterface of a group of switch ports needs the group.
        unit.needs.extend(parent_interface(node));
        self.note(node);
        self.push(scope, unit);
    }

    fn fill_block(&mut self, scope: &Scope<'a>, node: &'a Node, unit: &mut Unit) {
        let mut inner = scope.clone();
        inner.path.push(node);
        inner.section.push(node.text.to_string());
        let maker = self.maker(&inner);
        let grammar = self.grammar;
        let context = node.context();
        let fresh: Vec<Node> =
            grammar.fresh(&node.text).iter().map(|line| Node::new(grammar, context, line, 0)).collect();
        let mut children: Vec<&Node> = node.children.iter().collect();
        // A fresh interface is shut: what opens it comes last by the table, what it shows anyway is not typed.
        children.retain(|child| !fresh.iter().any(|line| line.text == child.text));
        for child in children {
            unit.needs.extend(ids(child.refers()));
            unit.provides.extend(ids(child.defines()));
            if child.is_block() {
                unit.steps.push(maker.add_covered(child));
                self.fill_block(&inner, child, unit);
            } else {
                unit.steps.push(maker.add_covered(child));
            }
            self.note(child);
        }
        // A fresh interface is shut and prints it; a block that shall be up says so, although that says nothing elsewhere.
        let opens = fresh.iter().find(|line| line.row.as_ref().is_some_and(|row| row.up) && !line.off);
        if let Some(down) = opens
            && !node.children.iter().any(|child| child.key == down.key)
            && let Some(text) = super::state::removal(down)
        {
            let up = Node::new(grammar, context, &text, 0);
            unit.steps.push(maker.add_covered(&up));
        }
    }

    /// A whole block taken away by one line, undone by entering it again.
    fn destroyed(&mut self, scope: &Scope<'a>, at: &Place, node: &'a Node) {
        let Some(mut step) = self.maker(scope).remove(node) else {
            self.inside(scope, at, node, &node.children, &[]);
            return;
        };
        let mut again = Unit::default();
        self.fill_block(scope, node, &mut again);
        step.inverse.extend(again.steps.iter().map(|step| step.line.clone()));
        let mut unit = Unit::new(Order::backward(&scope.at(at)), vec![step]);
        unit.drops = again.provides;
        unit.drops.extend(ids(node.defines()));
        unit.frees = again.needs;
        unit.frees.extend(ids(node.refers()));
        unit.frees.extend(parent_interface(node));
        self.note(node);
        self.push(scope, unit);
    }

    pub(super) fn note(&mut self, node: &Node) {
        if node.row.is_none() {
            self.notes.push(Note::unrecognised(&crate::ix::mask::mask_line(&node.text)));
        } else if node.row.as_ref().is_some_and(|row| row.restart) {
            self.notes.push(Note::restart(&node.text));
        }
    }
}

pub(super) fn ids(objects: Vec<crate::ix::grammar::Object>) -> Vec<String> {
    objects.into_iter().map(|object| object.id()).collect()
}

/// The interface a subinterface belongs to.
fn parent_interface(node: &Node) -> Option<String> {
    let name = node.arg("IF").filter(|_| node.context() == "interface")?;
    let (device, sub) = name.rsplit_once('.')?;
    (sub != "0").then(|| format!("interface:{device}.0"))
}

/// Lines with their places; one the grammar does not know stands after the line before it.
pub(super) fn placed(nodes: &[Node]) -> Vec<(&Node, Place)> {
    let mut last = Place::default();
    nodes
        .iter()
        .map(|node| {
            if let Some(place) = place(node) {
                last = place;
            }
            (node, last.clone())
        })
        .collect()
}
