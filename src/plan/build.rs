//! The difference of two configurations as units of steps, each with its inverse and what it needs.
//!
//! Knows the relations the grammar tells (what a line defines, needs and destroys) and nothing about single commands. The order
//! is found elsewhere.

use std::collections::HashMap;

use super::carried::AllCarried;
use super::lifeline_guard::LifelineGuard;
use super::mentions::Mention;
use super::monitors::Monitor;
use super::note::Note;
use super::objects::Objects;
use super::pairing::{PairedLine, Pairing};
use super::paths::Joining;
use super::plan_note::PlanNote;
use super::rebuilds::Rebuilds;
use super::state::opposite;
use super::unit::{Maker, Order, Resource, Section, Unit};
use crate::dialect::grammar::{CommandKind, Grammar, Object};
use crate::ix::Node;
use crate::ix::mask::mask_path;
use crate::ix::place::Place;

/// Puts units together.
pub struct Builder<'a> {
    pub(super) grammar: &'a Grammar,
    pub(super) watch: &'a LifelineGuard<'a>,
    pub(super) old: &'a Objects<'a>,
    pub(super) new: &'a Objects<'a>,
    pub(super) rebuilds: &'a Rebuilds,
    /// The lines of the global mode, old and new.
    pub(super) outer: [&'a [Node]; 2],
    /// The units found.
    pub units: Vec<Unit<'a>>,
    /// Pairs that must keep an order beside what objects demand.
    pub before: Vec<(usize, usize)>,
    /// Pairs that keep an order if any order allows it.
    pub(super) preferences: Vec<(usize, usize)>,
    /// Interfaces that are shut meanwhile, with the units that shut and open them.
    pub(super) shut: HashMap<String, [usize; 2]>,
    /// Interfaces that change their VRF or bridge.
    pub(super) joining: Vec<Joining<'a>>,
    /// What watches by itself, and changes.
    pub(super) monitors: Vec<Monitor<'a>>,
    /// Interfaces that new lines name, where their command does not say so; and those that lines name no longer.
    pub(super) named: Vec<Mention>,
    pub(super) released: Vec<Mention>,
    /// What is removed and entered again, and may remove others with it.
    pub(super) carried: AllCarried<'a>,
    /// What the reviewer should know.
    pub notes: Vec<Note>,
}

/// A block whose lines are being compared.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    pub path: Vec<&'a Node>,
    pub section: Section,
    pub places: Vec<&'a Place>,
    /// What the block itself is.
    pub owned: Vec<Resource>,
    /// The lines of the block, old and new.
    pub lines: [&'a [Node]; 2],
}

impl<'a> Scope<'a> {
    pub fn outer() -> Self {
        Self { path: Vec::new(), section: Section::from([]), places: Vec::new(), owned: Vec::new(), lines: [&[]; 2] }
    }

    /// The headers of the block with one of its lines.
    pub fn place_of(&self, line: &Node) -> String {
        mask_path(self.section.iter().chain([&line.text]))
    }

    pub fn at(&self, place: &'a Place) -> Vec<&'a Place> {
        self.places.iter().copied().chain([place]).collect()
    }
}

impl<'a> Builder<'a> {
    /// A builder for the way from the objects of one configuration to those of another.
    pub fn new(
        grammar: &'a Grammar,
        old: &'a Objects<'a>,
        new: &'a Objects<'a>,
        rebuilds: &'a Rebuilds,
        watch: &'a LifelineGuard<'a>,
    ) -> Self {
        Self {
            grammar,
            watch,
            old,
            new,
            rebuilds,
            outer: [&[]; 2],
            units: Vec::new(),
            before: Vec::new(),
            preferences: Vec::new(),
            shut: HashMap::new(),
            joining: Vec::new(),
            monitors: Vec::new(),
            named: Vec::new(),
            released: Vec::new(),
            carried: AllCarried::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn maker<'s>(&self, scope: &'s Scope<'a>) -> Maker<'s>
    where
        'a: 's,
    {
        Maker { watch: self.watch, path: &scope.path, section: &scope.section }
    }

    /// Keeps a unit, and returns where it is kept.
    pub(super) fn push(&mut self, scope: &Scope<'_>, mut unit: Unit<'a>) -> usize {
        // An interface made by a group of switch ports exists as long as the group does.
        for list in [&mut unit.needs, &mut unit.frees] {
            list.extend(list.iter().filter_map(group).collect::<Vec<_>>());
        }
        // A line that begins to use a list finds it in its final form.
        let begins = |resource: &Resource| match resource {
            Resource::Object(id) if self.new.lists.contains_key(id) && !unit.frees.contains(resource) => {
                Some(Resource::Content(id.clone()))
            }
            _ => None,
        };
        let contents: Vec<Resource> = unit.needs.iter().filter_map(begins).collect();
        unit.needs.extend(contents);
        // A line inside a block needs the block, and releases it when the block is removed after it.
        unit.needs.extend(scope.owned.iter().cloned());
        unit.frees.extend(scope.owned.iter().cloned());
        unit.drops.retain(|resource| !self.is_in(self.new, resource));
        unit.provides.retain(|resource| !self.is_in(self.old, resource));
        self.units.push(unit);
        self.units.len() - 1
    }

    /// Pairs that put all of these units before all of those; by way of a unit without a line where they are many.
    pub(super) fn all_before(&mut self, first: &[usize], then: &[usize]) -> Vec<(usize, usize)> {
        if first.len() == 1 || then.len() == 1 {
            return first.iter().flat_map(|first| then.iter().map(|then| (*first, *then))).collect();
        }
        self.units.push(Unit::default());
        let gate = self.units.len() - 1;
        first.iter().map(|first| (*first, gate)).chain(then.iter().map(|then| (gate, *then))).collect()
    }

    /// Whether one of the configurations has the object, and keeps it throughout.
    fn is_in(&self, objects: &Objects<'_>, resource: &Resource) -> bool {
        matches!(resource, Resource::Object(id) if objects.defined.contains(id)) && !self.is_rebuilt(resource)
    }

    /// Whether the object is there before, after and in between.
    pub(super) fn stays(&self, resource: &Resource) -> bool {
        self.is_in(self.old, resource) && self.is_in(self.new, resource)
    }

    /// Compares the lines of one block, or of the global mode.
    pub(super) fn level(&mut self, scope: &Scope<'a>, old: &'a [Node], new: &'a [Node]) {
        let pairing = Pairing::of(old, new);
        let from = self.units.len();
        if scope.path.is_empty() {
            self.outer = [old, new];
        }
        let mut handled = self.side_effects(scope, old, new);
        if scope.path.is_empty() {
            self.lists();
            self.rebuilt_blocks();
        }
        if scope.path.last().is_some_and(|header| header.context() == "device") {
            self.vlan_groups(scope, old, new, &mut handled);
        }
        self.chains(scope, old, new);
        let unknown = |nodes: &'a [Node]| -> HashMap<&'a str, &'a Node> {
            nodes.iter().filter(|node| node.row.is_none()).map(|node| (&*node.text, node)).collect()
        };
        let (unknown_before, unknown_after) = (unknown(old), unknown(new));
        // The new line is the very one that takes the old one away.
        let said = |node: &Node| node.row.is_none() && unknown_after.contains_key(&*opposite(&node.text));
        let (mut going, mut coming) = (Vec::new(), Vec::new());
        let lines = self.units.len();
        for PairedLine { node, at, twin } in pairing.old {
            if twin.is_none() && said(node) {
                continue;
            }
            if self.is_elsewhere(node) || handled.contains(&&*node.key) {
                continue;
            }
            match twin {
                Some(new) if node.is_block() || new.is_block() => self.both(scope, at, node, new),
                Some(new) if !node.same_text(new) => self.changed(scope, at, node, new),
                Some(_) => self.pointed_elsewhere(scope, at, node),
                None if node.is_block() => going.extend(self.destroyed(scope, at, node).map(|unit| (node, unit))),
                None => going.extend(self.removed(scope, at, node).map(|unit| (node, unit))),
            }
        }
        for PairedLine { node, at, twin } in pairing.new {
            if twin.is_some() || self.is_elsewhere(node) || handled.contains(&&*node.key) {
                continue;
            }
            let taken_away =
                if node.row.is_none() { unknown_before.get(&*opposite(&node.text)).copied() } else { None };
            if node.is_block() {
                coming.push((node, self.created(scope, at, node)));
            } else if let Some(block) = taken_away.filter(|before| before.is_block()) {
                // The new line is the removal of the old block, and takes its lines along.
                going.extend(self.destroyed(scope, at, block).map(|unit| (block, unit)));
            } else {
                coming.push((node, self.added(scope, at, node, taken_away)));
            }
        }
        self.make_and_break(scope, from, &going, &coming);
        self.old_first(scope, lines, &going, &coming);
        self.never_missing(scope, &going, &coming);
        self.carry(scope, &going, &coming);
        self.on_bases(scope, from);
        if scope.path.last().is_some_and(|header| matches!(header.context(), "interface" | "device")) {
            self.up_and_down(scope, from, old, new);
        }
        if let Some(name) = scope.path.last().and_then(|header| header.arg("IF")) {
            self.between_ports(from, name);
        }
    }

    /// Lines that are compared as lists or rows of filters.
    fn is_elsewhere(&self, node: &Node) -> bool {
        let rebuilt_dynamic = || {
            node.row.as_ref().is_some_and(|row| row.dynamic)
                && node.defines().iter().any(|object| self.rebuilds.contains(object.id()))
        };
        matches!(node.kind(), Some(CommandKind::List | CommandKind::Follow | CommandKind::Head | CommandKind::Chain))
            || rebuilt_dynamic()
            || self.is_rebuilt_block(node)
    }

    /// A new line; `before` is the line of the same words, unknown like it, that it removes.
    pub(super) fn added(&mut self, scope: &Scope<'a>, at: &'a Place, node: &'a Node, before: Option<&Node>) -> usize {
        let maker = self.maker(scope);
        let step = before.map_or_else(|| maker.add(node), |before| maker.replace(before, node));
        let mut unit = Unit::new(Order::forward(scope.at(at)), vec![step]);
        unit.provides = ids(node.defines());
        unit.needs = ids(node.refers());
        self.note(node);
        let unit = self.push(scope, unit);
        self.joins(scope, unit, None, Some(node));
        self.comes_and_goes(unit, None, Some(node));
        unit
    }

    /// A line that goes; nothing where no line can take it away.
    pub(super) fn removed(&mut self, scope: &Scope<'a>, at: &'a Place, node: &'a Node) -> Option<usize> {
        let Some(step) = self.maker(scope).remove(node) else {
            self.notes.push(PlanNote::CannotRemove { line: &node.text }.into());
            return None;
        };
        // Inside a block a removal is typed at the place of its line: the block is opened once.
        let places = scope.at(at);
        let order = if scope.path.is_empty() { Order::backward(places) } else { Order::forward(places) };
        let mut unit = Unit::new(order, vec![step]);
        unit.drops = ids(node.defines());
        unit.frees = ids(node.refers());
        self.note(node);
        let unit = self.push(scope, unit);
        self.joins(scope, unit, Some(node), None);
        self.comes_and_goes(unit, Some(node), None);
        Some(unit)
    }

    /// What decides the turn of a line besides what it needs.
    pub(super) fn comes_and_goes(&mut self, unit: usize, old: Option<&'a Node>, new: Option<&'a Node>) {
        self.watches(unit, old, new);
        self.mentions(unit, old, new);
    }

    /// Whether the thing is a list that is rebuilt.
    pub(super) fn is_rebuilt(&self, resource: &Resource) -> bool {
        matches!(resource, Resource::Object(id) if self.rebuilds.contains(id))
    }

    pub(super) fn note(&mut self, node: &Node) {
        if node.row.is_none() {
            self.notes.push(PlanNote::Unrecognised { line: &node.text }.into());
        } else if node.row.as_ref().is_some_and(|row| row.restart) {
            self.notes.push(PlanNote::Restart { line: &node.text }.into());
        }
    }
}

/// Objects as things that units wait for.
pub(super) fn ids(objects: &[Object]) -> Vec<Resource> {
    objects.iter().map(|object| Resource::Object(object.shared())).collect()
}

/// The group of switch ports that makes an interface such as `GigaEthernet2:1.0`.
pub(super) fn group(resource: &Resource) -> Option<Resource> {
    match resource {
        Resource::Object(id) if id.strip_prefix("interface:").is_some_and(|name| name.contains(':')) => {
            Some(Resource::Group(id.clone()))
        }
        _ => None,
    }
}

/// The name of the interface that one with this name belongs to, if it is a subinterface.
pub(super) fn parent_of(name: &str) -> Option<String> {
    let (device, sub) = name.rsplit_once('.')?;
    (sub != "0").then(|| format!("{device}.0"))
}
