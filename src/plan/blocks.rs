//! What is special inside a block: rows of filters, lines that destroy others, groups of switch ports, up and down.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::build::{Builder, Scope, ids};
use super::chain::{self, Change, Filter};
use super::state::made_by_group;
use super::unit::{Gone, Order, Placed, Step, Thing, Unit};
use crate::ix::Node;
use crate::ix::grammar::{Kind, Object, Remove, Row, words};
use crate::ix::place::Place;
use crate::ix::print::places;

/// A row of filters: the words before the list, and the direction.
type RowName<'a> = (&'a str, &'a str);

impl<'a> Builder<'a> {
    /// Rows of filters, each direction by itself.
    pub(super) fn chains(&mut self, scope: &Scope<'a>, old: &'a [Node], new: &'a [Node]) {
        let row = |nodes: &'a [Node]| nodes.iter().filter(|node| node.kind() == Some(Kind::Chain));
        let touched = |node: &Node| node.refers().first().is_some_and(|object| self.rebuilds.contains(object.id()));
        if row(old).eq(row(new)) && !row(old).any(touched) {
            return;
        }
        let (before, after) = (rows(old), rows(new));
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
            let stands_in = old_row.iter().any(holds) && new_row.iter().any(|(_, node)| temporary(node).is_some());
            if stands_in {
                let meanwhile: Vec<Filter<'a>> = new_row
                    .iter()
                    .map(|(filter, node)| Filter { list: temporary(node).unwrap_or(filter.list), ..*filter })
                    .collect();
                let (row, first) = chain::to_stand_in(&old_filters, &meanwhile);
                let second = chain::from_stand_in(&row, &new_filters);
                let first = self.filter_unit(scope, name, like, (&old_filters, &row), &first);
                let second = self.filter_unit(scope, name, like, (&row, &new_filters), &second);
                self.before.push((first, second));
            } else if old_filters != new_filters {
                let changes = chain::change(&old_filters, &new_filters);
                let unit = self.filter_unit(scope, name, like, (&old_filters, &new_filters), &changes);
                let gap = (old_filters.is_empty() || new_filters.is_empty()) && changes.len() > 1;
                if let Some(unit) = self.units.get_mut(unit).filter(|_| gap && is_up(old) && is_up(new)) {
                    unit.gap(Gone::Filters, format!("{} {}", scope.section.join(" / "), name.1));
                }
            }
        }
    }

    fn filter_unit(
        &mut self,
        scope: &Scope<'a>,
        (family, direction): RowName<'a>,
        like: &'a Node,
        (from, to): (&[Filter<'a>], &[Filter<'a>]),
        changes: &[Change<'a>],
    ) -> usize {
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
        // A list that is bound only within the unit is needed, and not let go of.
        let kind = like.refers().first().map(Object::kind).unwrap_or_default();
        let list = |filter: &Filter<'_>| Thing::Object(format!("{kind}:{}", filter.list).into());
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
            old.iter().chain(new).filter(|node| node.row.as_ref().is_some_and(|row| row.deletes.is_some())).collect();
        destroyers.sort_by_key(|node| &node.key);
        destroyers.dedup_by_key(|node| &node.key);
        for destroyer in destroyers {
            let Some(slot) = destroyer.row.as_ref().and_then(|row| row.deletes.clone()) else { continue };
            let (before, after) = (find(old, &destroyer.key), find(new, &destroyer.key));
            if before.map(|node| &node.text) == after.map(|node| &node.text) {
                continue;
            }
            let (had, has) = (find(old, &slot), find(new, &slot));
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
            // Taking the line back destroys again: the old line follows, or its absence is said.
            let none = self.off_text("interface", &slot);
            let restore = had.map(|node| node.text.clone()).or_else(|| has.and(none.clone()));
            step.inverse.extend(restore.map(|text| Placed { section: scope.section.clone(), text }));
            let mut steps = vec![step];
            match (had, has) {
                (_, Some(has)) => steps.push(maker.add_covered(has)),
                (Some(had), None) => steps.extend(none.map(|text| {
                    let step = maker.line(had, text, Vec::new());
                    Step { irreversible: false, ..step }
                })),
                (None, None) => {}
            }
            let at = scope.at(destroyer.place().unwrap_or(Place::first()));
            let mut unit = Unit::new(Order::forward(at), steps);
            if had.is_some() && has.is_some() {
                unit.gap(Gone::Address, scope.section.join(" / "));
            }
            unit.needs = after.map(|node| ids(node.refers())).unwrap_or_default();
            unit.needs.extend(has.map(|node| ids(node.refers())).unwrap_or_default());
            unit.frees = before.map(|node| ids(node.refers())).unwrap_or_default();
            unit.frees.extend(had.map(|node| ids(node.refers())).unwrap_or_default());
            self.push(scope, unit);
            handled.insert(&*destroyer.key);
            handled.extend(had.map(|node| &*node.key));
            handled.extend(has.map(|node| &*node.key));
        }
        handled
    }

    /// What says that a slot of a mode is empty, whichever of its commands filled it: always accepted.
    fn off_text(&self, context: &str, slot: &str) -> Option<Arc<str>> {
        let rows = self.grammar.rows().iter().filter(|row| row.context == context && &*row.slot == slot);
        rows.filter_map(|row| row.off.as_deref()).find(|text| !text.contains('{')).map(Arc::from)
    }

    /// Groups of switch ports: a port is given back before another group takes it.
    pub(super) fn vlan_groups(
        &mut self,
        scope: &Scope<'a>,
        old: &'a [Node],
        new: &'a [Node],
        handled: &mut HashSet<&'a str>,
    ) {
        let Some(device) = scope.path.last().copied() else { return };
        let made = |group: &Node| -> Vec<Thing> {
            made_by_group(device, group)
                .map(|name| Thing::Group(format!("interface:{name}").into()))
                .into_iter()
                .collect()
        };
        let groups = |nodes: &'a [Node]| {
            places(nodes)
                .filter(|(node, _)| node.row.as_ref().is_some_and(|row| row.vlan_group))
                .map(|(node, at)| (&*node.key, (node, at)))
                .collect::<BTreeMap<&'a str, (&'a Node, &'a Place)>>()
        };
        let (before, after) = (groups(old), groups(new));
        // Which port is whose while the plan goes on.
        let mut holds: BTreeMap<&str, Vec<String>> =
            before.iter().map(|(key, (node, _))| (*key, ports(node))).collect();
        let mut waiting: Vec<(&'a str, &'a Node, &'a Place)> = Vec::new();
        let mut last: Vec<usize> = Vec::new();
        let mut gone: Vec<(&'a str, usize)> = Vec::new();
        for (key, (node, at)) in &before {
            handled.insert(key);
            if !after.contains_key(key) {
                let Some(step) = self.maker(scope).remove(node) else { continue };
                let mut unit = Unit::new(Order::backward(scope.at(at)), vec![step]);
                unit.drops = made(node);
                gone.push((key, self.push(scope, unit)));
            }
        }
        for (key, (node, at)) in &after {
            handled.insert(key);
            if before.get(key).is_none_or(|(old, _)| old.text != node.text) {
                waiting.push((key, node, at));
            }
        }
        for (key, _) in &gone {
            holds.remove(key);
        }
        let mut given_back: Vec<(&str, usize)> = gone;
        while !waiting.is_empty() {
            let free = |key: &str, node: &Node, holds: &BTreeMap<&str, Vec<String>>| {
                ports(node).iter().all(|port| !holds.iter().any(|(other, held)| *other != key && held.contains(port)))
            };
            // The group that carries our session waits as long as it can.
            let ours = |node: &Node| self.watch.carried_by(&scope.path, node);
            let ready = (0..waiting.len())
                .filter(|at| waiting.get(*at).is_some_and(|(key, node, _)| free(key, node, &holds)))
                .min_by_key(|at| waiting.get(*at).is_some_and(|(_, node, _)| ours(node)));
            let (key, node, at, text) = match ready {
                Some(index) => {
                    let (key, node, at) = waiting.remove(index);
                    (key, node, at, node.text.to_string())
                }
                None => {
                    // A circle of ports: a group that keeps some ports gives the others back first.
                    let shrunk = waiting.iter().find_map(|(key, node, at)| {
                        let wanted = ports(node);
                        let held = holds.get(key)?;
                        let kept: Vec<String> = held.iter().filter(|port| wanted.contains(port)).cloned().collect();
                        (!kept.is_empty() && kept.len() < held.len()).then_some((*key, *node, *at, kept))
                    });
                    match shrunk {
                        Some((key, node, at, kept)) => {
                            let group = node.arg("GROUP").unwrap_or_default();
                            (key, node, at, format!("vlan-group {group} port {}", kept.join(" ")))
                        }
                        None => {
                            // Nothing can move: every group needs the other's port first. The order step names the circle.
                            let circle: Vec<usize> = waiting
                                .iter()
                                .map(|(_, node, at)| {
                                    let unit =
                                        Unit::new(Order::forward(scope.at(at)), vec![self.maker(scope).add(node)]);
                                    self.push(scope, unit)
                                })
                                .collect();
                            for (index, unit) in circle.iter().enumerate() {
                                if let Some(next) = circle.get((index + 1) % circle.len()) {
                                    self.before.push((*unit, *next));
                                }
                            }
                            return;
                        }
                    }
                }
            };
            let now = Node::new(self.grammar, "device", &text, 0);
            let maker = self.maker(scope);
            let step = match holds.get(key) {
                Some(held) => {
                    let group = node.arg("GROUP").unwrap_or_default();
                    let was =
                        Node::new(self.grammar, "device", &format!("vlan-group {group} port {}", held.join(" ")), 0);
                    maker.replace(&was, &now)
                }
                None => maker.add(&now),
            };
            let mut unit = Unit::new(Order::forward(scope.at(at)), vec![step]);
            if !before.contains_key(key) {
                unit.provides = made(node);
            }
            holds.insert(key, ports(&now));
            let index = self.push(scope, unit);
            for (_, earlier) in &given_back {
                self.before.push((*earlier, index));
            }
            self.before.extend(last.iter().map(|earlier| (*earlier, index)));
            if before.contains_key(key) {
                given_back.push((key, index));
            }
            last = vec![index];
        }
    }

    /// What opens an interface comes last in its block, what closes it first; filters stand before an address does, and as long.
    pub(super) fn up_and_down(&mut self, from: usize, old: &[Node], new: &[Node]) {
        if from == self.units.len() {
            return;
        }
        let (was_up, will_be_up) = (is_up(old), is_up(new));
        let all: Vec<usize> = (from..self.units.len()).collect();
        let switch = |unit: &Unit<'_>| {
            unit.steps.len() == 1
                && unit.steps.first().is_some_and(|step| matches!(&*step.line.text, "shutdown" | "no shutdown"))
        };
        let (old_lists, new_lists) = (self.lists_bound(old, true), self.lists_bound(new, false));
        if let Some(switch) = all.iter().copied().find(|index| self.units.get(*index).is_some_and(switch)) {
            for other in all.iter().copied().filter(|other| *other != switch) {
                self.before.push(if will_be_up { (other, switch) } else { (switch, other) });
            }
            self.after_lists(switch, will_be_up, &old_lists, &new_lists);
        }
        if !(was_up && will_be_up) {
            return;
        }
        for family in ["ip ", "ipv6 "] {
            let addressed = |nodes: &[Node]| {
                nodes.iter().any(|node| {
                    node.row
                        .as_ref()
                        .is_some_and(|row| if family == "ip " { &*row.slot == "ip-address" } else { row.address6 })
                })
            };
            let (had, has) = (addressed(old), addressed(new));
            let about = |step: &Step, words: &[&str]| {
                words.iter().any(|word| {
                    let text = step.line.text.strip_prefix("no ").unwrap_or(&step.line.text);
                    text.strip_prefix(family).is_some_and(|rest| rest.starts_with(word))
                })
            };
            let units = |select: &dyn Fn(&Step) -> bool| {
                let has_step = |index: &usize| self.units.get(*index).is_some_and(|unit| unit.steps.iter().any(select));
                all.iter().copied().filter(has_step).collect::<Vec<_>>()
            };
            let addresses = units(&|step| about(step, &["address", "unnumbered", "enable", "vrf forwarding"]));
            if had == has {
                // IPv6 has many lines that give an address: the next one comes before the last one goes.
                let goes = |index: &usize| {
                    let steps = self.units.get(*index).map(|unit| unit.steps.as_slice()).unwrap_or_default();
                    steps.iter().all(|step| step.line.text.starts_with("no "))
                };
                let (going, coming): (Vec<usize>, Vec<usize>) = addresses.iter().partition(|index| goes(index));
                if family == "ipv6 " {
                    self.before.extend(coming.iter().flat_map(|first| going.iter().map(|then| (*first, *then))));
                }
                continue;
            }
            let chains = units(&|step| about(step, &["filter"]));
            for address in addresses {
                for chain in chains.iter().copied().filter(|chain| *chain != address) {
                    self.before.push(if has { (chain, address) } else { (address, chain) });
                }
                self.after_lists(address, has, &old_lists, &new_lists);
            }
        }
    }

    /// What opens an interface waits for the new content of its lists; what closes it goes before the old content does.
    fn after_lists(&mut self, unit: usize, opens: bool, old: &[Arc<str>], new: &[Arc<str>]) {
        let Some(unit) = self.units.get_mut(unit) else { return };
        if opens {
            unit.needs.extend(new.iter().cloned().map(Thing::Content));
        } else {
            unit.frees.extend(old.iter().cloned().map(Thing::OldContent));
        }
    }

    /// The lists that the filters of a block use, those that stateful lists look into included.
    fn lists_bound(&self, nodes: &[Node], old: bool) -> Vec<Arc<str>> {
        let objects = if old { self.old } else { self.new };
        let chains = nodes.iter().filter(|node| node.kind() == Some(Kind::Chain));
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
fn is_up(nodes: &[Node]) -> bool {
    !nodes.iter().any(|node| node.row.as_ref().is_some_and(|row| row.up))
}

/// The rows of filters of a block, each in the order of its numbers.
fn rows(nodes: &[Node]) -> BTreeMap<RowName<'_>, Vec<(Filter<'_>, &Node)>> {
    let mut rows: BTreeMap<RowName<'_>, Vec<(Filter<'_>, &Node)>> = BTreeMap::new();
    for node in nodes.iter().filter(|node| node.kind() == Some(Kind::Chain) && !node.off) {
        let arg = |name: &str| node.arg(name).unwrap_or_default();
        let leading = node.row.as_ref().map(|row| row.leading.as_str()).unwrap_or_default();
        let filter = Filter { seq: arg("SEQ").parse().unwrap_or(u64::MAX), list: arg("LIST"), options: arg("OPTIONS") };
        rows.entry((leading, arg("DIRECTION"))).or_default().push((filter, node));
    }
    for row in rows.values_mut() {
        row.sort_by_key(|(filter, _)| filter.seq);
    }
    rows
}

fn ports(group: &Node) -> Vec<String> {
    words(group.arg("PORTS").unwrap_or_default()).into_iter().map(str::to_owned).collect()
}
