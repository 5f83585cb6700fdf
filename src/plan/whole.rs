//! Whole blocks: compared inside, made with all their lines, removed by one line.
//!
//! Knows the relations the grammar tells, and no single command.

use super::build::{Builder, Scope, group, ids, parent_of};
use super::unit::{Gap, Order, Outage, Resource, Unit, section_inside};
use crate::ix::Node;
use crate::ix::place::Place;

impl<'a> Builder<'a> {
    /// Whether a line of the block uses something that is rebuilt.
    fn uses_rebuilt(&self, node: &Node) -> bool {
        node.refers().iter().any(|object| self.rebuilds.contains(object.id()))
            || node.children.iter().any(|child| self.uses_rebuilt(child))
    }

    /// A line of both configurations that opens a block in one of them at least.
    pub(super) fn both(&mut self, scope: &Scope<'a>, at: &'a Place, old: &'a Node, new: &'a Node) {
        if old == new && !self.uses_rebuilt(old) {
            return;
        }
        // An unknown line may have lines below it on one side only.
        if old.same_text(new) {
            self.inside(scope, at, new, &old.children, &new.children);
            return;
        }
        // The header has another value: the router holds one such block, and the old one is removed before the new one is entered.
        // For a command known by its first words, the other side may hold its `no`.
        let from = self.units.len();
        if old.is_block() {
            self.destroyed(scope, at, old);
        }
        let gone = self.units.len();
        if new.is_block() {
            self.created(scope, at, new);
        }
        if old.is_block() && new.is_block() {
            self.says_block_gap(scope, old, from, gone);
        }
        self.before.extend((from..gone).flat_map(|first| (gone..self.units.len()).map(move |then| (first, then))));
    }

    /// What a block does stops until its new form is there: `gone` is the first unit of that, `from` the one that removes the old one.
    fn says_block_gap(&mut self, scope: &Scope<'_>, old: &Node, from: usize, gone: usize) {
        let (place, section) = (scope.place_of(old), Some(scope.section.join(" / ")));
        let [goes, comes] = [from..gone, gone..self.units.len()];
        if let Some(step) = self.units.get_mut(goes).into_iter().flatten().find_map(|unit| unit.steps.last_mut()) {
            step.gap = Some(Box::new(Gap { what: Outage::Line, place, steps: None, section }));
        }
        if let Some(step) = self.units.get_mut(comes).into_iter().flatten().find_map(|unit| unit.steps.first_mut()) {
            step.back = true;
        }
    }

    fn inside(&mut self, scope: &Scope<'a>, at: &'a Place, header: &'a Node, old: &'a [Node], new: &'a [Node]) {
        let mut inner = scope.clone();
        inner.path.push(header);
        inner.section = section_inside(&scope.section, header);
        inner.places.push(at);
        inner.lines = [old, new];
        for resource in ids(header.defines()) {
            inner.owned.extend(group(&resource));
            // No one waits for what is there before and after.
            inner.owned.extend(Some(resource).filter(|resource| !self.stays(resource)));
        }
        self.level(&inner, old, new);
    }

    /// A block that does not exist yet: its header and its lines, undone by removing the block.
    pub(super) fn created(&mut self, scope: &Scope<'a>, at: &'a Place, node: &'a Node) -> usize {
        let maker = self.maker(scope);
        let mut unit = Unit::new(Order::forward(scope.at(at)), vec![maker.add(node)]);
        unit.provides = ids(node.defines());
        unit.needs = ids(node.refers());
        self.fill_block(scope, node, &mut unit);
        unit.judge();
        // A subinterface of a group of switch ports needs the group.
        unit.needs.extend(parent_interface(node));
        self.note(node);
        let unit = self.push(scope, unit);
        self.comes_and_goes(unit, None, Some(node));
        unit
    }

    fn fill_block(&mut self, scope: &Scope<'a>, node: &'a Node, unit: &mut Unit<'a>) {
        let mut inner = scope.clone();
        inner.path.push(node);
        inner.section = section_inside(&scope.section, node);
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
        // A fresh interface is shut and prints it; a block that must be up says so, although that says nothing elsewhere.
        let opens = fresh.iter().find(|line| line.row.as_ref().is_some_and(|row| row.up) && !line.off);
        if let Some(down) = opens
            && !node.children.iter().any(|child| child.key == down.key)
            && let Some(text) = super::state::removal(down)
        {
            let up = Node::new(grammar, context, &text, 0);
            unit.steps.push(maker.add_covered(&up));
        }
    }

    /// A whole block removed by one line, undone by entering it again; line by line, without a note, if no line can.
    pub(super) fn destroyed(&mut self, scope: &Scope<'a>, at: &'a Place, node: &'a Node) -> Option<usize> {
        let Some(mut step) = self.maker(scope).remove(node) else {
            self.inside(scope, at, node, &node.children, &[]);
            return None;
        };
        let mut again = Unit::default();
        self.fill_block(scope, node, &mut again);
        step.inverse.extend(again.steps.iter().map(|step| step.line.clone()));
        let mut unit = Unit::new(Order::backward(scope.at(at)), vec![step]);
        unit.drops = again.provides;
        unit.drops.extend(ids(node.defines()));
        unit.frees = again.needs;
        unit.frees.extend(ids(node.refers()));
        unit.frees.extend(parent_interface(node));
        self.note(node);
        let unit = self.push(scope, unit);
        self.comes_and_goes(unit, Some(node), None);
        Some(unit)
    }
}

/// The interface a subinterface belongs to.
fn parent_interface(node: &Node) -> Option<Resource> {
    let name = node.arg("IF").filter(|_| node.context() == "interface")?;
    parent_of(name).map(|parent| Resource::Object(format!("interface:{parent}").into()))
}
