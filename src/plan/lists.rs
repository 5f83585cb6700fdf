//! Lists in their order: made, removed, lengthened, or rebuilt while a temporary list is used.

use std::sync::Arc;

use foldhash::HashSet;

use super::build::{Builder, Scope, ids};
use super::objects::Definition;
use super::paths::is_address;
use super::plan_note::PlanNote;
use super::rebuilds::ListChange;
use super::unit::{Maker, Order, Placed, Resource, Section, Step, Unit};
use crate::dialect::grammar::CommandKind;
use crate::ix::Node;
use crate::ix::place::Place;

impl<'a> Builder<'a> {
    /// Every list of the two configurations.
    pub(super) fn lists(&mut self) {
        let (before, after) = (self.old, self.new);
        let mut all: Vec<&Arc<str>> = before.lists.keys().chain(after.lists.keys()).collect();
        all.sort();
        all.dedup();
        let none = Definition::default();
        for id in all {
            let old = before.lists.get(id).unwrap_or(&none);
            let new = after.lists.get(id).unwrap_or(&none);
            if self.rebuilds.contains(id) {
                self.rebuilt(id, old, new);
                continue;
            }
            match (old.entries.is_empty(), new.entries.is_empty()) {
                (true, true) => {}
                (true, false) => self.made(id, &new.entries),
                (false, true) => self.gone(id, &old.entries),
                (false, false) => self.grown(id, &old.entries, &new.entries),
            }
        }
    }

    fn made(&mut self, id: &Arc<str>, entries: &[&'a Node]) {
        let steps = entering(self.watch, entries);
        let Some(first) = entries.first() else { return };
        let mut unit = Unit::new(Order::forward(place_of(first)), steps);
        unit.provides = vec![Resource::Object(id.clone())];
        self.push(&Scope::outer(), unit);
    }

    fn gone(&mut self, id: &Arc<str>, entries: &[&'a Node]) {
        let steps = leaving(self.watch, entries);
        let Some(first) = entries.first() else { return };
        let mut unit = Unit::new(Order::backward(place_of(first)), steps);
        unit.drops = vec![Resource::Object(id.clone())];
        self.push(&Scope::outer(), unit);
    }

    fn grown(&mut self, id: &Arc<str>, old: &[&'a Node], new: &[&'a Node]) {
        let outer = Scope::outer();
        let maker = self.maker(&outer);
        let [added, removed]: [Vec<Step>; 2] = match self.rebuilds.changes.get(id).copied().unwrap_or(ListChange::None)
        {
            ListChange::None | ListChange::Rebuild => return,
            ListChange::InPlace { keep } => {
                let added = new.iter().skip(keep).map(|node| maker.add(node));
                let removed = old.iter().skip(keep).rev().filter_map(|node| maker.remove(node));
                [added.collect(), removed.collect()]
            }
            ListChange::Loose => {
                let (steps, restores_order) = loose(&maker, old, new);
                let name = new.iter().chain(old).find_map(|node| node.list_name());
                if let Some(name) = name.filter(|_| !restores_order) {
                    self.notes.push(PlanNote::OrderNotRestored { list: name }.into());
                }
                steps
            }
        };
        let Some(first) = new.first().or(old.first()) else { return };
        let (is, was) = (vec![Resource::Content(id.clone())], vec![Resource::OldContent(id.clone())]);
        let whole = |steps| Unit { drops: was.clone(), ..Unit::new(Order::forward(place_of(first)), steps) };
        let carries_us = added.iter().chain(&removed).any(|step| step.lifeline);
        if !carries_us || added.is_empty() || removed.is_empty() || !self.is_where_addresses_change(id) {
            let unit = Unit { provides: is, ..whole([added, removed].concat()) };
            self.push(&Scope::outer(), unit);
            return;
        }
        // What lets our session in today goes once the interface has its new address, which it would never be given otherwise.
        let comes = self.push(&Scope::outer(), whole(added));
        let last = Unit { provides: is, drops: was, ..Unit::new(Order::backward(place_of(first)), removed) };
        let goes = self.push(&Scope::outer(), last);
        self.before.push((comes, goes));
    }

    /// Whether a filter of an interface that gets another IPv4 address uses the list.
    fn is_where_addresses_change(&self, id: &str) -> bool {
        let [before, after] = self.outer;
        let filters = |line: &Node| line.kind() == Some(CommandKind::Chain);
        let uses = |line: &Node| filters(line) && line.refers().iter().any(|list| list.id() == id);
        let addresses = |block: &'a Node| block.children.iter().filter(|line| is_address(line, Some("ip")));
        before.iter().filter(|block| block.children.iter().any(uses)).any(|block| {
            let then = after.iter().find(|other| other.key == block.key);
            then.is_some_and(|then| !addresses(block).eq(addresses(then)))
        })
    }

    /// Removed and made again, with a temporary list if something uses it all the while.
    fn rebuilt(&mut self, id: &Arc<str>, old: &Definition<'a>, new: &Definition<'a>) {
        let scope = Scope::outer();
        let (kind, name) = id.split_once(':').unwrap_or_default();
        if let Some(temporary) = self.rebuilds.temporary(id).map(str::to_owned) {
            let stand_in = format!("{kind}:{temporary}");
            let entries: Vec<Node> = new.entries.iter().map(|node| self.named(node, name, &temporary)).collect();
            let dynamic = new.dynamic.map(|node| self.named(&self.renamed(&scope, node), name, &temporary));
            let entries: Vec<&Node> = entries.iter().collect();
            let at = new.entries.first().copied().or(new.dynamic).map(place_of).unwrap_or_default();
            let mut make = Unit::new(Order::forward(at.clone()), entering(self.watch, &entries));
            let mut drop = Unit::new(Order::backward(at), Vec::new());
            if let Some(dynamic) = &dynamic {
                let maker = Maker { watch: self.watch, path: &[], section: &scope.section };
                make.steps.push(maker.add(dynamic));
                make.needs = ids(dynamic.refers());
                drop.steps.extend(maker.remove(dynamic));
                drop.frees = ids(dynamic.refers());
                // What is used under its own name here is the rebuilt list already.
                drop.frees.retain(|resource| !self.is_rebuilt(resource));
            }
            drop.steps.extend(leaving(self.watch, &entries));
            make.judge();
            drop.judge();
            let stand_in = Resource::Object(stand_in.into());
            make.provides = vec![stand_in.clone()];
            drop.drops = vec![stand_in];
            let make = self.push(&scope, make);
            let drop = self.push(&scope, drop);
            self.before.push((make, drop));
        }
        let at = old.entries.first().copied().or(old.dynamic).map(place_of).unwrap_or_default();
        let maker = self.maker(&scope);
        let mut away = Unit::new(Order::forward(at), Vec::new());
        if let Some(dynamic) = old.dynamic {
            away.steps.extend(maker.remove(dynamic));
            away.frees = ids(dynamic.refers());
        }
        away.steps.extend(leaving(self.watch, &old.entries));
        away.drops = vec![Resource::Object(id.clone())];
        let at = new.entries.first().copied().or(new.dynamic).map(place_of).unwrap_or_default();
        let mut again = Unit::new(Order::forward(at), entering(self.watch, &new.entries));
        if let Some(dynamic) = new.dynamic {
            again.steps.push(maker.add(dynamic));
            again.needs = ids(dynamic.refers());
        }
        again.provides = vec![Resource::Object(id.clone())];
        away.judge();
        again.judge();
        let away = self.push(&scope, away);
        let again = self.push(&scope, again);
        self.before.push((away, again));
    }

    /// The same line with the list's own name replaced.
    fn named(&self, node: &Node, name: &str, temporary: &str) -> Node {
        let text = node.with_defined(|object| (object.name() == name).then_some(temporary));
        Node::new(self.grammar, "global", &text, 0)
    }
}

/// Enters a list; one inverse takes the whole list away where one line can, whichever of its lines the router took.
fn entering(watch: &super::lifeline_guard::LifelineGuard<'_>, entries: &[&Node]) -> Vec<Step> {
    let section = Section::from([]);
    let maker = Maker { watch, path: &[], section: &section };
    let whole: Option<Arc<str>> = entries.iter().find_map(|node| whole(node)).map(Arc::from);
    entries
        .iter()
        .enumerate()
        .map(|(index, node)| match &whole {
            None => maker.add(node),
            Some(whole) => {
                let step = maker.line(node, node.text.clone(), vec![whole.clone()]);
                Step { covered: index > 0, ..step }
            }
        })
        .collect()
}

/// Takes a list away; with one line where one can.
fn leaving(watch: &super::lifeline_guard::LifelineGuard<'_>, entries: &[&Node]) -> Vec<Step> {
    let section = Section::from([]);
    let maker = Maker { watch, path: &[], section: &section };
    match entries.iter().find_map(|node| Some((whole(node)?, *node))) {
        Some((whole, node)) => {
            let again = entries.iter().map(|node| node.text.clone()).collect();
            vec![maker.line(node, whole.into(), again)]
        }
        None => entries.iter().rev().filter_map(|node| maker.remove(node)).collect(),
    }
}

/// The place of a list: that of its first line.
fn place_of(first: &Node) -> Vec<&Place> {
    first.place().into_iter().collect()
}

/// The line that takes the whole list of an entry away, where one can.
fn whole(node: &Node) -> Option<String> {
    Some(node.fill(node.row.as_ref()?.whole.as_ref()?))
}

/// How many lines the inverse of a change may hold to give entries that all permit their old order back.
const MOST_ROTATED: usize = 512;

/// New entries at the end, others removed one by one; undoing a removal enters the entries after it again, so that the old order
/// returns. Returns whether it does: in a very long list, and in one that a filter looks into, it does not, and the order of
/// entries that all permit does not matter.
fn loose(maker: &Maker<'_>, old: &[&Node], new: &[&Node]) -> ([Vec<Step>; 2], bool) {
    let texts = |nodes: &[&Node]| nodes.iter().map(|node| node.text.clone()).collect::<HashSet<_>>();
    let (there, wanted) = (texts(old), texts(new));
    let stays = |node: &&&Node| wanted.contains(&node.text);
    let added: Vec<Step> = new.iter().filter(|node| !there.contains(&node.text)).map(|node| maker.add(node)).collect();
    // What follows an entry when it is removed: of the old ones those that stay, since the others go from the end, and the new.
    let mut behind: Vec<&Node> = old.iter().filter(stays).copied().collect();
    behind.extend(new.iter().filter(|node| !there.contains(&node.text)).copied());
    let mut before = old.iter().filter(stays).count();
    let mut inverse_lines = 0_usize;
    let mut from = Vec::new();
    for node in old.iter().rev() {
        if wanted.contains(&node.text) {
            before = before.saturating_sub(1);
        } else {
            from.push((*node, before));
            inverse_lines = inverse_lines.saturating_add(2 * (behind.len() - before.min(behind.len())));
        }
    }
    // An entry that a filter uses must not be missing for a moment only to be put back.
    let rotates = old.iter().all(|node| node.kind() == Some(CommandKind::Follow));
    let restores_order = rotates && inverse_lines <= MOST_ROTATED || inverse_lines == 0;
    let mut removed = Vec::with_capacity(from.len());
    for (node, before) in from {
        let Some(mut step) = maker.remove(node) else { continue };
        for other in behind.iter().skip(before).filter(|_| restores_order) {
            let again = super::state::removal(other).map(Arc::from).into_iter().chain([other.text.clone()]);
            step.inverse.extend(again.map(|text| Placed { section: maker.section.clone(), text }));
        }
        removed.push(step);
    }
    ([added, removed], restores_order)
}
