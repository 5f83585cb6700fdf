//! Blocks that get another header and may be the same block to the router, such as an entry of a route map that denies instead of
//! permitting: all blocks of the name are removed and made again, while copies under a temporary name are in their place.
//!
//! Knows the relations the grammar tells, and no single command. Which they are is found in `rebuilds`.

use std::sync::Arc;

use super::build::{Builder, Scope, ids};
use super::lifeline_guard::LifelineGuard;
use super::unit::{Maker, Order, Resource, Section, Step, Unit, section_inside};
use crate::dialect::grammar::{CommandKind, Object};
use crate::ix::Node;

impl<'a> Builder<'a> {
    /// Every block that is made again.
    pub(super) fn rebuilt_blocks(&mut self) {
        let rebuilds = self.rebuilds;
        for id in &rebuilds.blocks {
            let of = |nodes: &'a [Node]| -> Vec<&'a Node> {
                nodes.iter().filter(|node| is_block_of(node, |object| object.id() == &**id)).collect()
            };
            let [old, new] = self.outer.map(of);
            if let Some(temporary) = rebuilds.temporary(id) {
                self.copied(id, &new, temporary);
            }
            self.made_again(id, &old, &new);
        }
    }

    /// Whether the line is the header of a block that is made again.
    pub(super) fn is_rebuilt_block(&self, node: &Node) -> bool {
        !self.rebuilds.blocks.is_empty() && is_block_of(node, |object| self.rebuilds.contains(object.id()))
    }

    /// The new blocks under a temporary name, and their removal.
    fn copied(&mut self, id: &str, new: &[&'a Node], temporary: &str) {
        let copies: Vec<Node> = new.iter().map(|node| self.copy(node, temporary)).collect();
        let copies: Vec<&Node> = copies.iter().collect();
        let mut make = unit(Order::forward(place_of(new)), entering(self.watch, &copies));
        let mut drop = unit(Order::backward(place_of(new)), leaving(self.watch, &copies));
        (make.needs, drop.frees) = (needs(&copies), needs(&copies));
        // What is used under its own name here is rebuilt already.
        drop.frees.retain(|resource| !self.is_rebuilt(resource));
        let kind = id.split_once(':').map(|(kind, _)| kind).unwrap_or_default();
        let stand_in = Resource::Object(format!("{kind}:{temporary}").into());
        (make.provides, drop.drops) = (vec![stand_in.clone()], vec![stand_in]);
        let pair = (self.push(&Scope::outer(), make), self.push(&Scope::outer(), drop));
        self.before.push(pair);
    }

    /// The blocks under their own name, gone and back.
    fn made_again(&mut self, id: &Arc<str>, old: &[&'a Node], new: &[&'a Node]) {
        let mut away = unit(Order::forward(place_of(old)), leaving(self.watch, old));
        let mut again = unit(Order::forward(place_of(new)), entering(self.watch, new));
        (away.frees, again.needs) = (needs(old), needs(new));
        (away.drops, again.provides) = (vec![Resource::Object(id.clone())], vec![Resource::Object(id.clone())]);
        let (away, again) = (self.push(&Scope::outer(), away), self.push(&Scope::outer(), again));
        self.before.push((away, again));
        for node in old {
            self.comes_and_goes(away, Some(node), None);
        }
        for node in new {
            self.comes_and_goes(again, None, Some(node));
            node.children.iter().for_each(|line| self.note(line));
        }
    }

    /// The same block under a temporary name, with the temporary names of lists in it.
    fn copy(&self, node: &Node, temporary: &str) -> Node {
        let header = Node::new(self.grammar, "global", &node.with_defined(|_| Some(temporary)), 0);
        let line = |line: &Node| {
            let text = line.with_referred(|object| self.rebuilds.temporary(object.id()));
            Node::new(self.grammar, node.context(), &text, 0).with_block(line.children.to_vec())
        };
        header.with_block(node.children.iter().map(line).collect::<Vec<_>>())
    }
}

/// Whether the line is the header of a block that brings such an object into being.
fn is_block_of(node: &Node, object: impl Fn(&Object) -> bool) -> bool {
    node.kind() == Some(CommandKind::Block) && node.defines().iter().any(object)
}

fn unit(order: Order<'_>, steps: Vec<Step>) -> Unit<'_> {
    Unit::new(order, steps)
}

/// The place of blocks: that of the first one.
fn place_of<'n>(blocks: &[&'n Node]) -> Vec<&'n crate::ix::place::Place> {
    blocks.first().and_then(|node| node.place()).into_iter().collect()
}

/// What the lines of blocks need.
fn needs(blocks: &[&Node]) -> Vec<Resource> {
    let inside = |node: &&Node| [ids(node.refers()), needs(&node.children.iter().collect::<Vec<_>>())].concat();
    blocks.iter().flat_map(inside).collect()
}

/// Enters blocks; the removal of its header undoes all lines of one.
fn entering(watch: &LifelineGuard<'_>, blocks: &[&Node]) -> Vec<Step> {
    fn inside<'n>(
        watch: &LifelineGuard<'_>,
        path: &[&'n Node],
        section: &Section,
        node: &'n Node,
        steps: &mut Vec<Step>,
    ) {
        let maker = Maker { watch, path, section };
        steps.push(if path.is_empty() { maker.add(node) } else { maker.add_covered(node) });
        let (path, section) = ([path, &[node]].concat(), section_inside(section, node));
        node.children.iter().for_each(|line| inside(watch, &path, &section, line, steps));
    }
    let mut steps = Vec::new();
    blocks.iter().for_each(|node| inside(watch, &[], &Section::from([]), node, &mut steps));
    steps
}

/// Removes blocks; entering it again undoes the removal of one.
fn leaving(watch: &LifelineGuard<'_>, blocks: &[&Node]) -> Vec<Step> {
    let section = Section::from([]);
    let maker = Maker { watch, path: &[], section: &section };
    let gone = |node: &&Node| {
        let inverse = entering(watch, &[node]).into_iter().map(|step| step.line).collect();
        Some(Step { inverse, ..maker.remove(node)? })
    };
    blocks.iter().rev().filter_map(gone).collect()
}
