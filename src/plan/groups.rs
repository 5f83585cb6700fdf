//! Groups of switch ports: a port is given back before another group takes it, and meets only the filters of its old and of its
//! new group.
//!
//! Where a group and the filters of its interface both change, the ports that leave go first, then the filters change, then the
//! ports that come are taken. Where one line changes every port, the interface is shut meanwhile. Knows nothing of what the filters
//! of an interface say.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::blocks::is_up;
use super::build::{Builder, Scope, group, ids};
use super::plan_note::PlanNote;
use super::state::made_by_group;
use super::unit::{Gap, Order, Outage, Resource, Unit, section_inside};
use crate::dialect::grammar::words;
use crate::dialect::model::Parts;
use crate::ix::Node;
use crate::ix::place::Place;
use crate::ix::print::places;

/// The groups of a device, by their keys.
type Groups<'a> = BTreeMap<&'a str, Group<'a>>;

/// A group of switch ports.
#[derive(Clone, Copy)]
struct Group<'a> {
    key: &'a str,
    node: &'a Node,
    at: &'a Place,
}

/// Which port is whose while the plan goes on, and which unit made it so.
struct Moves<'a> {
    holds: BTreeMap<&'a str, Vec<String>>,
    /// The last line about each group.
    last: BTreeMap<&'a str, usize>,
    /// Ports that were given back, and by which line.
    given_back: Vec<(String, usize)>,
    /// The groups that are removed: before any port is taken.
    gone: Vec<usize>,
}

/// An interface whose lines open or close other paths than before.
struct Changing {
    was_up: bool,
    will_be_up: bool,
}

impl<'a> Builder<'a> {
    /// Compares the groups of switch ports of a device.
    pub(super) fn vlan_groups(
        &mut self,
        scope: &Scope<'a>,
        old: &'a [Node],
        new: &'a [Node],
        handled: &mut HashSet<&'a str>,
    ) {
        let Some(device) = scope.path.last().copied() else { return };
        let (before, after) = (groups(old), groups(new));
        handled.extend(before.keys().chain(after.keys()));
        let mut moves = Moves {
            holds: before.values().map(|group| (group.key, ports(group.node))).collect(),
            last: BTreeMap::new(),
            given_back: Vec::new(),
            gone: Vec::new(),
        };
        self.note_ports_between(device, &before, &after);
        let changes = |group: &&Group<'a>| before.get(group.key).is_none_or(|old| old.node.text != group.node.text);
        let mut waiting: Vec<Group<'a>> = after.values().filter(changes).copied().collect();
        self.leave_first(scope, &mut waiting, &mut moves);
        for Group { key, node, at } in before.values().filter(|group| !after.contains_key(group.key)) {
            let Some(step) = self.maker(scope).remove(node) else { continue };
            let mut unit = Unit::new(Order::backward(scope.at(at)), vec![step]);
            unit.drops = made(device, node);
            let unit = self.push(scope, unit);
            moves.gone.push(unit);
            moves.given_back.extend(ports(node).into_iter().map(|port| (port, unit)));
            moves.holds.remove(key);
        }
        while !waiting.is_empty() {
            let free = |group: &Group<'a>| {
                let taken = |port| moves.holds.iter().any(|(other, held)| *other != group.key && held.contains(port));
                !ports(group.node).iter().any(taken)
            };
            // The group that carries our session waits as long as it can.
            let ours = |group: &Group<'a>| self.watch.carried_by(&scope.path, group.node);
            let ready = (0..waiting.len())
                .filter(|at| waiting.get(*at).is_some_and(free))
                .min_by_key(|at| waiting.get(*at).is_some_and(ours));
            if let Some(ready) = ready {
                let group = waiting.remove(ready);
                self.group_line(scope, group, &group.node.text, &mut moves);
                continue;
            }
            // A circle of ports: a group that keeps some ports gives the others back first.
            let shrunk = waiting.iter().find_map(|group| {
                let held = moves.holds.get(group.key)?;
                let kept = kept(held, group.node);
                (!kept.is_empty() && kept.len() < held.len()).then(|| (*group, with_ports(group.node, &kept)))
            });
            match shrunk {
                Some((group, text)) => self.group_line(scope, group, &text, &mut moves),
                None => return self.circle_of_groups(scope, &waiting, &after, &moves.holds),
            }
        }
    }

    /// Ports leave a group before the lines of its interface change: they never meet the new ones.
    fn leave_first(&mut self, scope: &Scope<'a>, waiting: &mut Vec<Group<'a>>, moves: &mut Moves<'a>) {
        for group @ Group { key, node, .. } in waiting.clone() {
            let Some(held) = moves.holds.get(key) else { continue };
            let kept = kept(held, node);
            if kept.is_empty() || kept.len() == held.len() || !self.stays_up_and_changes(scope, node) {
                continue;
            }
            let last = kept.len() == ports(node).len();
            let text = if last { node.text.to_string() } else { with_ports(node, &kept) };
            self.group_line(scope, group, &text, moves);
            waiting.retain(|other| !(last && other.key == key));
        }
    }

    /// A line that gives a group these ports, after the lines that release them.
    fn group_line(&mut self, scope: &Scope<'a>, Group { key, node, at }: Group<'a>, text: &str, moves: &mut Moves<'a>) {
        let Some(device) = scope.path.last() else { return };
        let now = Node::new(self.grammar, "device", text, 0);
        let maker = self.maker(scope);
        let held = moves.holds.get(key).cloned();
        let step = match &held {
            Some(held) => maker.replace(&Node::new(self.grammar, "device", &with_ports(node, held), 0), &now),
            None => maker.add(&now),
        };
        let mut unit = Unit::new(Order::forward(scope.at(at)), vec![step]);
        if held.is_none() {
            unit.provides = made(device, node);
        }
        let (had, has) = (held.unwrap_or_default(), ports(&now));
        let gives: Vec<&String> = had.iter().filter(|port| !has.contains(port)).collect();
        let takes: Vec<&String> = has.iter().filter(|port| !had.contains(port)).collect();
        // A group is never removed to make it smaller: its interface would disappear with it.
        if !gives.is_empty() {
            let group = &format!("vlan-group {}", node.arg("GROUP").unwrap_or_default());
            self.notes.push(PlanNote::GroupAgain { group }.into());
        }
        let interface = made_by_group(device, node).unwrap_or_default();
        let changing = self.changing(&interface);
        let stays_up = changing_stays_up(changing.as_ref());
        let mut shut = None;
        if stays_up && !gives.is_empty() && !takes.is_empty() {
            shut = self.shut_meanwhile(&interface, Outage::Interface);
            if let (None, Some(step)) = (shut, unit.steps.first_mut()) {
                let place = format!("interface {interface}");
                step.gap = Some(Box::new(Gap { what: Outage::Fit, place, steps: Some(0), section: None }));
            }
        }
        if let Some(Changing { was_up, will_be_up }) = changing.filter(|_| shut.is_none()) {
            if !takes.is_empty() && was_up {
                unit.needs.push(ready(&interface));
            } else if !gives.is_empty() && will_be_up {
                unit.provides.push(left(&interface));
            }
        }
        let index = self.push(scope, unit);
        if stays_up && shut.is_none() {
            let [old_lists, new_lists] = self.lists_of(&interface);
            self.after_lists(index, !takes.is_empty(), &old_lists, &new_lists);
        }
        if let Some([down, up]) = shut {
            self.before.extend([(down, index), (index, up)]);
        }
        if !takes.is_empty() {
            self.before.extend(moves.gone.iter().map(|gone| (*gone, index)));
        }
        let from = moves.given_back.iter().filter(|(port, _)| has.contains(port)).map(|(_, from)| *from);
        self.before.extend(from.chain(moves.last.get(key).copied()).map(|from| (from, index)));
        moves.given_back.extend(gives.into_iter().map(|port| (port.clone(), index)));
        moves.last.insert(key, index);
        moves.holds.insert(key, has);
    }

    /// Nothing can move: every group needs the other's port first, or a port of a group that keeps it. The order step names the circle.
    fn circle_of_groups(
        &mut self,
        scope: &Scope<'a>,
        waiting: &[Group<'a>],
        after: &Groups<'a>,
        holds: &BTreeMap<&'a str, Vec<String>>,
    ) {
        let takes = |port: &String| waiting.iter().any(|group| ports(group.node).contains(port));
        let keeps = |group: &&Group<'a>| {
            let still_waits = waiting.iter().any(|waiting| waiting.key == group.key);
            !still_waits && holds.get(group.key).is_some_and(|held| held.iter().any(takes))
        };
        let mut circle = Vec::new();
        for Group { node, at, .. } in waiting.iter().chain(after.values().filter(keeps)) {
            let unit = Unit::new(Order::forward(scope.at(at)), vec![self.maker(scope).add(node)]);
            circle.push(self.push(scope, unit));
        }
        for (index, unit) in circle.iter().enumerate() {
            if let Some(next) = circle.get((index + 1) % circle.len()) {
                self.before.push((*unit, *next));
            }
        }
    }

    /// The lines of an interface change between the ports that leave its group and those that come.
    pub(super) fn between_ports(&mut self, from: usize, name: &str) {
        // Only what a group makes has ports that come and go; a large configuration has many other interfaces.
        let made = Parts::of(name).is_some_and(|parts| parts.group.is_some());
        let Some(Changing { was_up, will_be_up }) = made.then(|| self.changing(name)).flatten() else { return };
        for unit in self.units.iter_mut().skip(from) {
            let switch = unit.steps.iter().any(|step| matches!(&*step.line.text, "shutdown" | "no shutdown"));
            // Nothing passes an interface before it is opened, or after it is shut.
            if will_be_up && (was_up || switch) {
                unit.needs.push(left(name));
            }
            if was_up && (will_be_up || switch) {
                unit.provides.push(ready(name));
            }
        }
    }

    /// Lines that shut an interface, and open it again; none where that may cut our session.
    pub(super) fn shut_meanwhile(&mut self, name: &str, gone: Outage) -> Option<[usize; 2]> {
        if let Some(shut) = self.shut.get(name) {
            return Some(*shut);
        }
        let [_, new] = self.outer;
        let (header, at) = places(new).find(|(node, _)| is_interface(node, name))?;
        let mut scope = Scope::outer();
        scope.section = section_inside(&scope.section, header);
        scope.path.push(header);
        scope.places.push(at);
        scope.owned.extend(ids(header.defines()));
        scope.owned.extend(scope.owned.iter().filter_map(group).collect::<Vec<_>>());
        let place = scope.at(Place::first());
        let unit = |text: &str| {
            let node = Node::new(self.grammar, "interface", text, 0);
            Unit::new(Order::forward(place.clone()), vec![self.maker(&scope).add(&node)])
        };
        let (mut down, mut up) = (unit("shutdown"), unit("no shutdown"));
        let (first, last) = (down.steps.first_mut()?, up.steps.first_mut()?);
        if first.may_cut || first.lifeline {
            return None;
        }
        first.gap = Some(Box::new(Gap { what: gone, place: scope.section.join(" / "), steps: None, section: None }));
        last.back = true;
        down.provides.push(left(name));
        up.needs.push(ready(name));
        let [old_lists, new_lists] = self.lists_of(name);
        let (down, up) = (self.push(&scope, down), self.push(&scope, up));
        self.after_lists(down, false, &old_lists, &new_lists);
        self.after_lists(up, true, &old_lists, &new_lists);
        self.before.push((down, up));
        self.shut.insert(name.to_owned(), [down, up]);
        Some([down, up])
    }

    /// How an interface changes what it lets pass; nothing where it stays as it is.
    fn changing(&self, name: &str) -> Option<Changing> {
        let [old, new] = self.outer.map(|nodes| nodes.iter().find(|node| is_interface(node, name)));
        let [old, new] = [old?, new?].map(|node| node.children.as_slice());
        // Another address opens nothing that the last one did not.
        let paths = |nodes: &'a [Node]| {
            let open = nodes.iter().filter(|node| node.row.as_ref().is_none_or(|row| row.cuts));
            open.map(|node| match &node.row {
                Some(row) if row.address => row.id.as_str(),
                _ => &node.text,
            })
        };
        let held = |id: &Arc<str>| {
            let list = |lists: &BTreeMap<Arc<str>, super::objects::Definition<'a>>| {
                lists.get(id).map(|list| (list.entries.clone(), list.dynamic))
            };
            list(&self.old.lists) != list(&self.new.lists)
        };
        let changes = !paths(old).eq(paths(new)) || self.lists_of(name).iter().flatten().any(held);
        changes.then(|| Changing { was_up: is_up(old), will_be_up: is_up(new) })
    }

    fn stays_up_and_changes(&self, scope: &Scope<'a>, group: &Node) -> bool {
        let name = scope.path.last().and_then(|device| made_by_group(device, group));
        changing_stays_up(name.and_then(|name| self.changing(&name)).as_ref())
    }

    /// The lists that the filters of an interface use, old and new.
    fn lists_of(&self, name: &str) -> [Vec<Arc<str>>; 2] {
        let lines = self.outer.map(|nodes| nodes.iter().find(|node| is_interface(node, name)));
        let bound =
            |node: Option<&Node>, old| node.map(|node| self.lists_bound(&node.children, old)).unwrap_or_default();
        [bound(lines[0], true), bound(lines[1], false)]
    }

    /// A port that moves from one group to another belongs meanwhile to the device's own interface, which may be up.
    fn note_ports_between(&mut self, device: &Node, before: &Groups<'a>, after: &Groups<'a>) {
        let Some(name) = device.arg("DEVICE").map(|device| format!("{device}.0")) else { return };
        let open = |nodes: &[Node]| nodes.iter().any(|node| is_interface(node, &name) && is_up(&node.children));
        if !self.outer.iter().any(|nodes| open(nodes)) {
            return;
        }
        let moved = |port: &String| {
            after.values().any(|group| {
                let held = |old: &Group<'a>| ports(old.node).contains(port);
                ports(group.node).contains(port) && !before.get(group.key).is_some_and(held)
            })
        };
        let between: Vec<String> = before.values().flat_map(|group| ports(group.node)).filter(moved).collect();
        if !between.is_empty() {
            self.notes.push(PlanNote::PortBetween { interface: &name, ports: &between.join(" ") }.into());
        }
    }
}

fn changing_stays_up(changing: Option<&Changing>) -> bool {
    changing.is_some_and(|changing| changing.was_up && changing.will_be_up)
}

fn is_interface(node: &Node, name: &str) -> bool {
    node.context() == "interface" && node.arg("IF") == Some(name)
}

/// The ports that leave have left an interface.
fn left(interface: &str) -> Resource {
    Resource::Left(interface.into())
}

/// An interface is in its final form for the ports that join.
fn ready(interface: &str) -> Resource {
    Resource::Ready(interface.into())
}

/// The group that makes an interface.
fn made(device: &Node, group: &Node) -> Vec<Resource> {
    made_by_group(device, group).map(|name| Resource::Group(format!("interface:{name}").into())).into_iter().collect()
}

fn groups(nodes: &[Node]) -> Groups<'_> {
    places(nodes)
        .filter(|(node, _)| node.row.as_ref().is_some_and(|row| row.vlan_group))
        .map(|(node, at)| (&*node.key, Group { key: &node.key, node, at }))
        .collect()
}

fn ports(group: &Node) -> Vec<String> {
    words(group.arg("PORTS").unwrap_or_default()).into_iter().map(str::to_owned).collect()
}

/// The ports that a group has and must have.
fn kept(held: &[String], wanted: &Node) -> Vec<String> {
    let wanted = ports(wanted);
    held.iter().filter(|port| wanted.contains(port)).cloned().collect()
}

/// The line of a group with other ports.
fn with_ports(group: &Node, ports: &[String]) -> String {
    format!("vlan-group {} port {}", group.arg("GROUP").unwrap_or_default(), ports.join(" "))
}
