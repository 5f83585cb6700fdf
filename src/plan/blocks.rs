//! What is special inside a block: rows of filters, lines that destroy others, up and down.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::build::{Builder, Scope, ids};
use super::chain::{self, Change, Filter};
use super::paths::LinesAndLists;
use super::unit::{Filtering, Order, Outage, Placed, Resource, Step, Unit};
use crate::dialect::grammar::{CommandKind, Object, Remove, Row};
use crate::ix::Node;
use crate::ix::place::Place;

/// A row of filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RowName<'a> {
    /// The words before the list.
    family: &'a str,
    direction: &'a str,
}

/// How a row of filters changes.
struct RowChange<'a, 'r> {
    name: RowName<'a>,
    /// One of its lines: all are judged alike.
    like: &'a Node,
    /// Its interface is up before and afterwards.
    stays_up: bool,
    from: &'r [Filter<'a>],
    to: &'r [Filter<'a>],
    changes: &'r [Change<'a>],
}

impl<'a> Builder<'a> {
    /// Rows of filters, each direction by itself.
    pub(super) fn chains(&mut self, scope: &Scope<'a>, old: &'a [Node], new: &'a [Node]) {
        let row = |nodes: &'a [Node]| nodes.iter().filter(|node| node.kind() == Some(CommandKind::Chain));
        let touched = |node: &Node| node.refers().first().is_some_and(|object| self.rebuilds.contains(object.id()));
        if row(old).eq(row(new)) && !row(old).any(touched) {
            return;
        }
        let (before, after) = (rows(old), rows(new));
        let stays_up = is_up(old) && is_up(new);
        let mut names: Vec<RowName<'a>> = before.keys().chain(after.keys()).copied().collect();
        names.sort();
        names.dedup();
        for name in names {
            let empty = Vec::new();
            let old_row = before.get(&name).unwrap_or(&empty);
            let new_row = after.get(&name).unwrap_or(&empty);
            let Some(like) = new_row.first().or(old_row.first()).map(|(_, node)| *node) else { continue };
            let filters = |row: &[(Filter<'a>, &'a Node)]| row.iter().map(|(filter, _)| *filter).collect::<Vec<_>>();
            let (old_filters, new_filters) = (filters(old_row), filters(new_row));
            let temporary = |node: &Node| node.refers().first().and_then(|list| self.rebuilds.temporary(list.id()));
            // A stateful list that looks into a rebuilt one holds it fast too.
            let holds = |(_, node): &(Filter<'a>, &'a Node)| {
                let list = node.refers().first().and_then(|list| self.old.lists.get(list.id()));
                let below = list.and_then(|list| list.dynamic).map(|node| node.refers()).unwrap_or_default();
                temporary(node).is_some() || below.iter().any(|list| self.rebuilds.temporary(list.id()).is_some())
            };
            // A list that leaves another row is here before it goes there, and goes there before it is rebuilt.
            let comes = |node: &Node| node.refers().first().is_some_and(|list| self.rebuilds.leaves(list.id()));
            let held = old_row.iter().any(holds) || new_row.iter().any(|(_, node)| comes(node));
            if held && new_row.iter().any(|(_, node)| temporary(node).is_some()) {
                let meanwhile: Vec<Filter<'a>> = new_row
                    .iter()
                    .map(|(filter, node)| Filter { list: temporary(node).unwrap_or(filter.list), ..*filter })
                    .collect();
                let (row, first) = chain::to_stand_in(&old_filters, &meanwhile);
                let second = chain::from_stand_in(&row, &new_filters);
                let part = RowChange { name, like, stays_up, from: &old_filters, to: &row, changes: &first };
                let first = self.filter_unit(scope, &part);
                let part = RowChange { name, like, stays_up, from: &row, to: &new_filters, changes: &second };
                let second = self.filter_unit(scope, &part);
                self.before.push((first, second));
            } else if old_filters != new_filters {
                let changes = chain::change(&old_filters, &new_filters);
                let whole = RowChange { name, like, stays_up, from: &old_filters, to: &new_filters, changes: &changes };
                self.filter_unit(scope, &whole);
            }
        }
    }

    fn filter_unit(&mut self, scope: &Scope<'a>, row: &RowChange<'a, '_>) -> usize {
        let RowChange { name: RowName { family, direction }, like, stays_up, from, to, changes } = *row;
        let maker = self.maker(scope);
        // Every filter of a row is judged alike: its line is written without being read again.
        let line = |Filter { seq, list, options }: &Filter<'_>| -> Arc<str> {
            let blank = if options.is_empty() { "" } else { " " };
            format!("{family} {list} {seq} {direction}{blank}{options}").into()
        };
        let no = |filter: &Filter<'_>| -> Arc<str> {
            let said = |name: &str| match name {
                "LIST" => Some(filter.list.to_owned()),
                "SEQ" => Some(filter.seq.to_string()),
                "DIRECTION" => Some(direction.to_owned()),
                _ => None,
            };
            match like.row.as_deref() {
                Some(row @ Row { remove: Remove::Words(words), .. }) => row.fill(words, said).into(),
                _ => format!("no {}", line(filter)).into(),
            }
        };
        let steps = changes.iter().map(|change| match change {
            Change::Bind(filter) => maker.line(like, line(filter), vec![no(filter)]),
            Change::Unbind(filter) => maker.line(like, no(filter), vec![line(filter)]),
        });
        let at = like.place().unwrap_or(Place::first());
        let mut unit = Unit::new(Order::forward(scope.at(at)), steps.collect());
        unit.filters = stays_up.then_some(match (from, to) {
            ([], _) => Filtering::Begins,
            (_, []) => Filtering::Ends,
            _ => Filtering::Changes,
        });
        if changes.len() > 1 && matches!(unit.filters, Some(Filtering::Begins | Filtering::Ends)) {
            unit.gap(Outage::Filters, format!("{} {direction}", scope.section.join(" / ")));
        }
        // A list that is bound only within the unit is needed, and not released.
        let kind = like.refers().first().map(Object::kind).unwrap_or_default();
        let list = |filter: &Filter<'_>| Resource::Object(format!("{kind}:{}", filter.list).into());
        let bound = |row: &[Filter<'_>], list: &str| row.iter().any(|filter| filter.list == list);
        for change in changes {
            match change {
                Change::Bind(filter) if !bound(from, filter.list) => unit.needs.push(list(filter)),
                Change::Unbind(filter) if bound(from, filter.list) && !bound(to, filter.list) => {
                    unit.frees.push(list(filter));
                }
                _ => {}
            }
        }
        self.push(scope, unit)
    }

    /// Lines that destroy others, with what must be entered again after them. Returns the keys that are dealt with.
    pub(super) fn side_effects(&mut self, scope: &Scope<'a>, old: &'a [Node], new: &'a [Node]) -> HashSet<&'a str> {
        let mut handled = HashSet::new();
        let find = |nodes: &'a [Node], key: &str| nodes.iter().find(|node| &*node.key == key);
        let mut destroyers: Vec<&'a Node> =
            old.iter().chain(new).filter(|node| node.row.as_ref().is_some_and(|row| !row.deletes.is_empty())).collect();
        destroyers.sort_by_key(|node| &node.key);
        destroyers.dedup_by_key(|node| &node.key);
        for destroyer in destroyers {
            let slots = destroyer.row.as_ref().map(|row| row.deletes.as_slice()).unwrap_or_default();
            let Some((slot, others)) = slots.split_first() else { continue };
            let (before, after) = (find(old, &destroyer.key), find(new, &destroyer.key));
            if before.map(|node| &node.text) == after.map(|node| &node.text) {
                continue;
            }
            let (had, has) = (find(old, slot), find(new, slot));
            let of_others = |nodes: &'a [Node]| {
                let in_slot = |node: &&Node| {
                    node.row.as_ref().is_some_and(|row| others.iter().any(|slot| **slot == *row.slot)) && !node.off
                };
                nodes.iter().filter(in_slot).collect::<Vec<&'a Node>>()
            };
            let (had_more, has_more) = (of_others(old), of_others(new));
            let stays = |node: &&Node| has_more.iter().any(|other| other.key == node.key);
            let maker = self.maker(scope);
            let mut step = match (before, after) {
                (None, Some(after)) => maker.add(after),
                (Some(before), Some(after)) => maker.replace(before, after),
                (Some(before), None) => match maker.remove(before) {
                    Some(step) => step,
                    None => continue,
                },
                (None, None) => continue,
            };
            // Undoing the line destroys again: the old line follows, or its removal.
            let none = self.off_text("interface", slot);
            let restore = had.map(|node| node.text.clone()).or_else(|| has.and(none.clone()));
            let restore =
                restore.into_iter().chain(had_more.iter().copied().filter(stays).map(|node| node.text.clone()));
            step.inverse.extend(restore.map(|text| Placed { section: scope.section.clone(), text }));
            // Whether leaving deletes as joining does is not known: what must not be there is removed first.
            let goes = had_more.iter().copied().filter(|node| !stays(node)).filter_map(|node| maker.remove(node));
            let mut steps: Vec<Step> = goes.chain([step]).collect();
            match (had, has) {
                (_, Some(has)) => steps.push(maker.add_covered(has)),
                (Some(had), None) => steps.extend(none.map(|text| {
                    let step = maker.line(had, text, Vec::new());
                    Step { irreversible: false, ..step }
                })),
                (None, None) => {}
            }
            steps.extend(has_more.iter().map(|node| maker.add_covered(node)));
            let at = scope.at(destroyer.place().unwrap_or(Place::first()));
            let mut unit = Unit::new(Order::forward(at), steps);
            if had.is_some() && has.is_some() {
                unit.gap(Outage::Address, scope.section.join(" / "));
            }
            unit.needs = after.map(|node| ids(node.refers())).unwrap_or_default();
            unit.needs.extend(has.map(|node| ids(node.refers())).unwrap_or_default());
            unit.frees = before.map(|node| ids(node.refers())).unwrap_or_default();
            unit.frees.extend(had.map(|node| ids(node.refers())).unwrap_or_default());
            let unit = self.push(scope, unit);
            self.joins(scope, unit, before, after);
            handled.insert(&*destroyer.key);
            handled.extend(had.map(|node| &*node.key));
            handled.extend(has.map(|node| &*node.key));
            handled.extend(had_more.iter().chain(&has_more).map(|node| &*node.key));
        }
        handled
    }

    /// What says that a slot of a mode is empty, whichever of its commands filled it: always accepted.
    pub(super) fn off_text(&self, context: &str, slot: &str) -> Option<Arc<str>> {
        let rows = self.grammar.rows().iter().filter(|row| row.context == context && &*row.slot == slot);
        rows.filter_map(|row| row.off.as_deref()).find(|text| !text.contains('{')).map(Arc::from)
    }

    /// What opens an interface comes last in its block, what closes it first; while it stays up, its filters and its paths are
    /// put in order.
    pub(super) fn up_and_down(&mut self, scope: &Scope<'a>, from: usize, old: &[Node], new: &[Node]) {
        // Groups of switch ports shut interfaces beside their device.
        let inside = |index: &usize| {
            let first = self.units.get(*index).and_then(|unit| unit.steps.first());
            first.is_some_and(|step| step.line.section.starts_with(&scope.section))
        };
        let all: Vec<usize> = (from..self.units.len()).filter(inside).collect();
        if all.is_empty() {
            return;
        }
        let (was_up, will_be_up) = (is_up(old), is_up(new));
        let switch = |unit: &Unit<'_>| {
            unit.steps.len() == 1
                && unit.steps.first().is_some_and(|step| matches!(&*step.line.text, "shutdown" | "no shutdown"))
        };
        let old = LinesAndLists { lines: old, lists: self.lists_bound(old, true) };
        let new = LinesAndLists { lines: new, lists: self.lists_bound(new, false) };
        if let Some(switch) = all.iter().copied().find(|index| self.units.get(*index).is_some_and(switch)) {
            for other in all.iter().copied().filter(|other| *other != switch) {
                self.before.push(if will_be_up { (other, switch) } else { (switch, other) });
            }
            self.after_lists(switch, will_be_up, &old.lists, &new.lists);
            self.joins_by_switch(scope, switch);
        }
        if !(was_up && will_be_up) {
            return;
        }
        self.paths(&all, &old, &new);
    }

    /// What opens an interface waits for the new content of its lists; what closes it goes before the old content does.
    pub(super) fn after_lists(&mut self, unit: usize, opens: bool, old: &[Arc<str>], new: &[Arc<str>]) {
        let Some(unit) = self.units.get_mut(unit) else { return };
        if opens {
            unit.needs.extend(new.iter().cloned().map(Resource::Content));
        } else {
            unit.frees.extend(old.iter().cloned().map(Resource::OldContent));
        }
    }

    /// The lists that the filters of a block use, those that stateful lists look into included.
    pub(super) fn lists_bound(&self, nodes: &[Node], old: bool) -> Vec<Arc<str>> {
        let objects = if old { self.old } else { self.new };
        let chains = nodes.iter().filter(|node| node.kind() == Some(CommandKind::Chain));
        let mut lists: Vec<Arc<str>> = chains.flat_map(|node| node.refers().iter().map(Object::shared)).collect();
        let inside = |id: &Arc<str>| {
            let dynamic = objects.lists.get(id).and_then(|list| list.dynamic);
            dynamic.map(|node| node.refers()).unwrap_or_default().iter().map(Object::shared)
        };
        let below: Vec<Arc<str>> = lists.iter().flat_map(inside).collect();
        lists.extend(below);
        lists
    }
}

/// Whether an interface with these lines is up.
pub(super) fn is_up(nodes: &[Node]) -> bool {
    !nodes.iter().any(|node| node.row.as_ref().is_some_and(|row| row.up))
}

/// The rows of filters of a block, each in the order of its numbers.
fn rows(nodes: &[Node]) -> BTreeMap<RowName<'_>, Vec<(Filter<'_>, &Node)>> {
    let mut rows: BTreeMap<RowName<'_>, Vec<(Filter<'_>, &Node)>> = BTreeMap::new();
    for node in nodes.iter().filter(|node| node.kind() == Some(CommandKind::Chain) && !node.off) {
        let arg = |name: &str| node.arg(name).unwrap_or_default();
        let leading = node.row.as_ref().map(|row| row.leading.as_str()).unwrap_or_default();
        let filter = Filter { seq: arg("SEQ").parse().unwrap_or(u64::MAX), list: arg("LIST"), options: arg("OPTIONS") };
        rows.entry(RowName { family: leading, direction: arg("DIRECTION") }).or_default().push((filter, node));
    }
    for row in rows.values_mut() {
        row.sort_by_key(|(filter, _)| filter.seq);
    }
    rows
}
