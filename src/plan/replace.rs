//! One line in the place of another: replaced at once, the new one before the old one, or the old one first where it must be.
//!
//! Knows the relations of the grammar, and no single command. What stops meanwhile is noted.

use foldhash::{HashMap, HashMapExt};

use super::administrator::is_administrator;
use super::build::{Builder, Scope, ids};
use super::routes;
use super::state::made_by_group;
use super::unit::{Gap, Maker, Order, Outage, Step, Unit};
use crate::dialect::grammar::Object;
use crate::ix::Node;
use crate::ix::place::Place;

/// Objects that decide what passes.
const LISTS: [&str; 5] = ["ip-acl", "ipv6-acl", "url-list", "prefix-list", "route-map"];

impl<'a> Builder<'a> {
    /// Lines of one command that are added and removed. If each line is its own key and uses a list, the new one is added before
    /// the old one is removed. Where part of what names them may be left out, no one knows whether the router holds one or many:
    /// the old one is removed first.
    pub(super) fn make_and_break(
        &mut self,
        scope: &Scope<'a>,
        from: usize,
        going: &[(&'a Node, usize)],
        coming: &[(&'a Node, usize)],
    ) {
        if going.is_empty() || coming.is_empty() {
            return;
        }
        let outer = scope.path.is_empty();
        // Where filters change too, what closes goes before them, and what opens comes after them.
        let filters = self.units.iter().skip(from).any(|unit| unit.filters.is_some());
        let uses_list = |node: &Node| {
            let free = !filters || node.row.as_ref().is_none_or(|row| !row.cuts);
            free && node.refers().iter().any(|object| LISTS.contains(&object.kind()))
        };
        let group = |node: &'a Node| match &node.row {
            Some(row) if row.loosely_named => node.stem(),
            Some(row) if !row.family => (!outer && uses_list(node)).then_some(&*row.id),
            _ => None,
        };
        let old_first = |node: &Node| node.row.as_ref().is_some_and(|row| row.loosely_named);
        let mut groups: HashMap<(&str, bool), [Vec<usize>; 2]> = HashMap::new();
        for (at, lines) in [going, coming].into_iter().enumerate() {
            for (group, node, unit) in lines.iter().filter_map(|(node, unit)| Some((group(node)?, node, *unit))) {
                groups.entry((group, old_first(node))).or_default()[at].push(unit);
            }
        }
        // In the order of the lines, so that the same request gives the same plan.
        let mut groups: Vec<_> =
            groups.into_iter().filter(|(_, units)| units.iter().all(|units| !units.is_empty())).collect();
        groups.sort_by(|(_, one), (_, other)| one.cmp(other));
        for ((_, old_first), [go, come]) in groups {
            let pairs = if old_first { self.all_before(&go, &come) } else { self.all_before(&come, &go) };
            self.preferences.extend(pairs);
        }
    }

    pub(super) fn changed(&mut self, scope: &Scope<'a>, at: &'a Place, old: &'a Node, new: &'a Node) {
        if self.carries(scope, at, old, new) {
            return;
        }
        if self.between_groups(old, new) || self.is_carried(scope, old, new) || self.stands_on_it(scope, new) {
            self.off_and_on(scope, at, old, new);
            return;
        }
        let steps = self.change_steps(scope, old, new);
        let places = scope.at(at);
        // A user that loses the administrator's right waits until the one that gains it has it.
        let demoted = is_administrator(old) && !is_administrator(new);
        let order = if demoted { Order::backward(places) } else { Order::forward(places) };
        let mut unit = Unit::new(order, steps);
        unit.provides = ids(new.defines());
        unit.needs = ids(new.refers());
        unit.drops = ids(old.defines()).into_iter().filter(|id| !unit.provides.contains(id)).collect();
        unit.frees = ids(old.refers());
        // Going from one rebuilt list to another, each would wait for the other's end: both by way of the temporary
        // list.
        let stands_in = |node: &Node, object: &Object| self.stand_in(node, object).is_some();
        let holds = |object: &Object| {
            let dynamic = self.old.lists.get(object.id()).and_then(|list| list.dynamic);
            stands_in(old, object) || dynamic.is_some_and(|node| node.refers().iter().any(|list| stands_in(node, list)))
        };
        if new.refers().iter().any(|object| stands_in(new, object)) && old.refers().iter().any(holds) {
            self.through_stand_in(scope, at, old, new);
            return;
        }
        says_gap(&mut unit, scope, old, new);
        self.note(new);
        let unit = self.push(scope, unit);
        self.joins(scope, unit, Some(old), Some(new));
        self.comes_and_goes(unit, Some(old), Some(new));
    }

    /// The lines that turn one line into another of the same key.
    pub(super) fn change_steps(&self, scope: &Scope<'a>, old: &Node, new: &Node) -> Vec<Step> {
        let maker = Maker { watch: self.watch, path: &scope.path, section: &scope.section };
        if is_replaced(old, new) {
            return vec![maker.replace(old, new)];
        }
        // A line that says `no` takes the old one away itself, and the other way round.
        if old.off != new.off {
            return vec![maker.replace(old, new)];
        }
        // Two lines that are their own keys: the new one is added before the old one is removed.
        if old.key != new.key {
            return [maker.add(new)].into_iter().chain(maker.remove(old)).collect();
        }
        let lines = if scope.path.is_empty() { self.outer } else { scope.lines };
        if let Some(steps) = routes::by_halves(&maker, self.grammar, old, new, lines) {
            return steps;
        }
        maker.remove(old).into_iter().chain([maker.add(new)]).collect()
    }

    /// Whether a line goes from an interface whose group of switch ports goes to one whose group comes.
    fn between_groups(&self, old: &Node, new: &Node) -> bool {
        let has = |nodes: &[Node], name: &str| {
            let devices = nodes.iter().filter(|node| node.context() == "device");
            devices
                .flat_map(|device| device.children.iter().filter_map(|group| made_by_group(device, group)))
                .any(|made| made == name)
        };
        let [before, after] = self.outer;
        let only = |node: &Node, here: &[Node], there: &[Node]| {
            let names = node.refers().iter().filter(|object| object.kind() == "interface").map(Object::name);
            names.filter(|name| name.contains(':')).any(|name| has(here, name) && !has(there, name))
        };
        only(old, before, after) && only(new, after, before)
    }

    /// Takes a line away, and enters its new form once what it needs is there: what it used may have to go before that.
    fn off_and_on(&mut self, scope: &Scope<'a>, at: &'a Place, old: &'a Node, new: &'a Node) {
        let (Some(going), coming) = (self.removed(scope, at, old), self.added(scope, at, new, None)) else { return };
        let section = scope.section.join(" / ");
        let (what, place, section) = if old.row.as_ref().is_some_and(|row| row.address) {
            (Outage::Address, section, None)
        } else {
            (Outage::Line, scope.place_of(old), Some(section))
        };
        if let Some(step) = self.units.get_mut(going).and_then(|unit| unit.steps.last_mut()) {
            step.gap = Some(Box::new(Gap { what, place, steps: None, section }));
        }
        if let Some(step) = self.units.get_mut(coming).and_then(|unit| unit.steps.first_mut()) {
            step.back = true;
        }
        self.before.push((going, coming));
    }

    /// A line that stays as it is, and uses something that is rebuilt meanwhile.
    pub(super) fn pointed_elsewhere(&mut self, scope: &Scope<'a>, at: &'a Place, node: &'a Node) {
        if node.refers().iter().any(|object| self.stand_in(node, object).is_some()) {
            self.through_stand_in(scope, at, node, node);
        }
    }

    /// First points a line at the temporary list, then at the rebuilt one.
    fn through_stand_in(&mut self, scope: &Scope<'a>, at: &'a Place, old: &Node, new: &Node) {
        let meanwhile = self.renamed(scope, new);
        let mut first = Unit::new(Order::forward(scope.at(at)), self.change_steps(scope, old, &meanwhile));
        first.needs = ids(meanwhile.refers());
        first.frees = ids(old.refers());
        first.drops = ids(old.defines());
        first.drops.retain(|resource| !ids(new.defines()).contains(resource));
        says_gap(&mut first, scope, old, &meanwhile);
        let mut second = Unit::new(Order::forward(scope.at(at)), self.change_steps(scope, &meanwhile, new));
        second.needs = ids(new.refers());
        second.frees = ids(meanwhile.refers());
        second.frees.retain(|resource| !self.is_rebuilt(resource));
        second.provides = ids(new.defines());
        says_gap(&mut second, scope, &meanwhile, new);
        let first = self.push(scope, first);
        let second = self.push(scope, second);
        self.before.push((first, second));
    }

    /// The same line with temporary names for lists that have one.
    pub(super) fn renamed(&self, scope: &Scope<'_>, node: &Node) -> Node {
        let context = scope.path.last().map_or("global", |header| header.context());
        let text = node.with_referred(|object| self.stand_in(node, object));
        Node::new(self.grammar, context, &text, 0)
    }

    /// The temporary name of what a line uses. Where it is not known whether the line means a block of that name at all, it has none.
    fn stand_in(&self, node: &Node, object: &Object) -> Option<&'a str> {
        let unsure = node.row.as_ref().is_some_and(|row| row.loosely_named) && self.rebuilds.is_block(object.id());
        self.rebuilds.temporary(object.id()).filter(|_| !unsure)
    }
}

/// Whether entering the new line is all that is needed.
pub(super) fn is_replaced(old: &Node, new: &Node) -> bool {
    let same_row = match (&old.row, &new.row) {
        (Some(old), Some(new)) => old.id == new.id && new.replaces,
        _ => false,
    };
    same_row && !old.off && !new.off
}

/// Notes what stops while a line is missing until it is entered in another form.
fn says_gap(unit: &mut Unit<'_>, scope: &Scope<'_>, old: &Node, new: &Node) {
    let Some(row) = new.row.as_ref().filter(|_| unit.steps.len() == 2 && old.key == new.key) else { return };
    if &*row.slot == "ip-address" {
        unit.gap(Outage::Address, scope.section.join(" / "));
    } else if row.cuts || !new.refers().is_empty() {
        unit.gap(Outage::Line, scope.place_of(old));
    }
}
