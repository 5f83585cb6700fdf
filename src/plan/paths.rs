//! Paths besides the filters: addresses, routes, tunnels, VRFs, bridges. None that both configurations keep closed is open for
//! a moment.
//!
//! What passes is what a path lets through and its filters pass. Filters that begin come before a path that opens, a path closes
//! before filters end: what passes in between passes before or afterwards as well. Where both change, neither order is safe by
//! itself, and the row of filters alone is kept between old and new (`chain`). Two interfaces that exchange their VRF or bridge
//! never meet: one is shut meanwhile. Knows the table's mark of what can open or close a path, and no single command.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::blocks::is_up;
use super::build::{Builder, Scope};
use super::plan_note::PlanNote;
use super::routes;
use super::unit::{Filtering, Outage, Passage, Path, Step, Unit};
use crate::dialect::grammar::{GLOBAL, Object};
use crate::ix::Node;

/// The lines of a block, old or new, and the lists that its filters use, those that stateful lists look into included.
pub(super) struct LinesAndLists<'n> {
    pub lines: &'n [Node],
    pub lists: Vec<Arc<str>>,
}

/// An interface that changes its VRF or its bridge.
pub(super) struct Joining<'a> {
    /// The interface.
    header: &'a Node,
    /// The line that does it.
    unit: usize,
    /// Where it was, and where it will be; nothing where no other interface can be reached from.
    places: [Option<Arc<str>>; 2],
    /// It is up before and afterwards.
    stays_up: bool,
}

impl<'a> Builder<'a> {
    /// The order of the filters and the paths of an interface that stays up; `all` are the units about it.
    pub(super) fn paths(&mut self, all: &[usize], old: &LinesAndLists<'_>, new: &LinesAndLists<'_>) {
        let rows: Vec<(usize, Filtering, String)> = all
            .iter()
            .filter_map(|index| {
                let unit = self.units.get(*index)?;
                Some((*index, unit.filters?, unit.steps.first()?.line.text.to_string()))
            })
            .collect();
        let (mut going, mut coming) = (Vec::new(), Vec::new());
        for index in all.iter().copied() {
            let Some(unit) = self.units.get(index) else { continue };
            let Some(mut passage) = unit.passage() else { continue };
            let family = family(unit);
            if unit.is_about(Path::Address) || unit.is_about(Path::Vrf) {
                let had = |nodes: &[Node]| nodes.iter().any(|node| is_address(node, family));
                passage = match (had(old.lines), had(new.lines)) {
                    (false, true) => Passage::Opens,
                    (true, false) => Passage::Closes,
                    // Another address opens nothing that the last one did not.
                    _ if unit.is_about(Path::Vrf) => Passage::Moves,
                    _ if passage == Passage::Closes => {
                        going.push((index, family));
                        continue;
                    }
                    _ => {
                        coming.push((index, family));
                        continue;
                    }
                };
            }
            let concerned = rows.iter().filter(|(_, _, text)| family.is_none_or(|family| is_of(text, family)));
            for (row, filtering, _) in concerned {
                self.before.extend(in_turn(*row, *filtering, index, passage));
            }
            match passage {
                Passage::Opens => self.after_lists(index, true, &old.lists, &new.lists),
                Passage::Closes => self.after_lists(index, false, &old.lists, &new.lists),
                Passage::Moves => {}
            }
        }
        // IPv6 has many lines that give an address: the next one comes before the last one goes.
        for (first, _) in coming.iter().filter(|(_, family)| *family == Some("ipv6")) {
            let then = going.iter().filter(|(_, family)| *family == Some("ipv6"));
            self.before.extend(then.map(|(then, _)| (*first, *then)));
        }
    }

    /// Takes note of an interface that joins, leaves or changes a VRF or a bridge with this unit.
    pub(super) fn joins(&mut self, scope: &Scope<'a>, unit: usize, old: Option<&Node>, new: Option<&Node>) {
        let about = |is: fn(&Node) -> bool| [old, new].into_iter().flatten().any(is);
        if about(|line| table(line, true).is_some()) {
            self.joins_as(scope, unit, true);
        } else if about(|line| table(line, false).is_some() || is_address(line, Some("ip"))) {
            self.joins_as(scope, unit, false);
        }
    }

    /// The same of an interface that this unit opens or shuts.
    pub(super) fn joins_by_switch(&mut self, scope: &Scope<'a>, unit: usize) {
        self.joins_as(scope, unit, true);
        self.joins_as(scope, unit, false);
    }

    fn joins_as(&mut self, scope: &Scope<'a>, unit: usize, bridge: bool) {
        let Some(header) = scope.path.last().copied().filter(|header| header.context() == "interface") else { return };
        let mut places = [None, None];
        for (place, lines) in places.iter_mut().zip(scope.lines) {
            let of_block = lines.iter().find_map(|line| table(line, bridge)).map(Object::shared);
            // Who has no address is in no VRF, and who is in no VRF is with all others that are in none.
            let addressed = lines.iter().any(|line| is_address(line, Some("ip")));
            let there = if bridge { of_block } else { addressed.then(|| of_block.unwrap_or_else(|| "vrf".into())) };
            *place = there.filter(|_| is_up(lines));
        }
        if places[0] != places[1] {
            let stays_up = scope.lines.into_iter().all(is_up);
            self.joining.push(Joining { header, unit, places, stays_up });
        }
    }

    /// Pairs of units so that no two interfaces meet in a VRF or bridge which neither configuration has them share. Where they
    /// exchange them, one is shut meanwhile.
    pub(super) fn never_meet(&mut self) -> Vec<(usize, usize)> {
        let mut waiting = std::mem::take(&mut self.joining);
        let blocks = |there: &Joining<'_>, comes: &Joining<'_>| {
            there.header.key != comes.header.key && comes.places[1].is_some() && there.places[0] == comes.places[1]
        };
        let mut pairs = Vec::new();
        while !waiting.is_empty() {
            let free = waiting.iter().position(|comes| !waiting.iter().any(|there| blocks(there, comes)));
            if let Some(free) = free {
                let comes = waiting.remove(free);
                pairs.extend(waiting.iter().filter(|next| blocks(&comes, next)).map(|next| (comes.unit, next.unit)));
                continue;
            }
            let shut = (0..waiting.len()).find_map(|at| {
                let comes = waiting.get(at).filter(|comes| comes.stays_up)?;
                Some((at, self.shut_meanwhile(comes.header.arg("IF")?, Outage::Exchange)?))
            });
            let comes = waiting.remove(shut.map_or(0, |(at, _)| at));
            let Some((_, [down, up])) = shut else {
                self.notes.push(PlanNote::Meeting { place: &comes.header.text }.into());
                continue;
            };
            self.before.extend([(down, comes.unit), (comes.unit, up)]);
            for other in &waiting {
                if blocks(&comes, other) {
                    self.before.push((down, other.unit));
                }
                if blocks(other, &comes) {
                    self.before.push((other.unit, up));
                }
            }
        }
        pairs
    }

    /// Routes, and filters that go from one interface to another: pairs by way of units without a line, which come between what
    /// closes, filters that begin, what changes, filters that end, and what opens. The removal of a route that may cut our session
    /// stays where it is, after everything else.
    pub(super) fn in_stages(&mut self) -> Vec<(usize, usize)> {
        let numbered = || self.units.iter().enumerate();
        let rows: Vec<(usize, Filtering)> = numbered().filter_map(|(at, unit)| Some((at, unit.filters?))).collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let mut routes: Vec<(usize, Passage)> =
            numbered().filter_map(|(at, unit)| Some((at, passage_of_route(unit)?))).collect();
        // A route that comes and one that goes, of one network, are one change: the new one is there before the old one goes.
        let mut networks: BTreeMap<String, [Vec<usize>; 2]> = BTreeMap::new();
        for (at, passage) in routes.iter().filter(|(_, passage)| *passage != Passage::Moves) {
            if let Some(network) = self.units.get(*at).and_then(|unit| self.network(unit)) {
                let [come, go] = networks.entry(network).or_default();
                if *passage == Passage::Opens { come.push(*at) } else { go.push(*at) }
            }
        }
        networks.retain(|_, [come, go]| !come.is_empty() && !go.is_empty());
        let exchanged: HashSet<usize> = networks.values().flatten().flatten().copied().collect();
        for (_, passage) in routes.iter_mut().filter(|(at, _)| exchanged.contains(at)) {
            *passage = Passage::Moves;
        }
        let may_cut = |at: usize| self.units.get(at).is_some_and(|unit| unit.steps.iter().any(|step| step.may_cut));
        routes.retain(|(at, passage)| *passage != Passage::Closes || !may_cut(*at));
        let first = self.units.len();
        self.units.extend(std::iter::repeat_with(Unit::default).take(4));
        let [closed, begun, moved, ended] = [first, first + 1, first + 2, first + 3];
        let mut pairs = vec![(closed, begun), (begun, moved), (moved, ended)];
        for [come, go] in networks.values() {
            pairs.extend(self.all_before(come, go));
        }
        for (row, filtering) in rows {
            pairs.extend(match filtering {
                Filtering::Begins => [(closed, row), (row, begun)],
                Filtering::Changes => [(closed, row), (row, ended)],
                Filtering::Ends => [(moved, row), (row, ended)],
            });
        }
        for (route, passage) in routes {
            match passage {
                Passage::Closes => pairs.push((route, closed)),
                Passage::Moves => pairs.extend([(begun, route), (route, moved)]),
                Passage::Opens => pairs.push((ended, route)),
            }
        }
        pairs
    }

    /// The network of the route that a unit is about.
    fn network(&self, unit: &Unit<'_>) -> Option<String> {
        let text = &unit.steps.first()?.line.text;
        let route = Node::new(self.grammar, GLOBAL, text.strip_prefix("no ").unwrap_or(text), 0);
        let (kind, vrf, network) = routes::network(&route)?;
        Some(format!("{kind:?} {} {network}", vrf.unwrap_or_default()))
    }
}

/// What a unit does to the paths of the whole router, if it is about nothing else and not our own path.
fn passage_of_route(unit: &Unit<'_>) -> Option<Passage> {
    let route = |step: &Step| step.path.is_some() && step.line.section.is_empty() && !step.lifeline;
    let alone = unit.provides.is_empty() && unit.drops.is_empty() && unit.steps.iter().all(route);
    unit.passage().filter(|_| alone)
}

/// The bridge, or the VRF, that a line puts its interface into.
fn table(line: &Node, bridge: bool) -> Option<&Object> {
    let kind = if bridge { "bridge" } else { "vrf" };
    line.refers().iter().find(|object| object.kind() == kind && object.name() != "*")
}

/// Which goes first of a row of filters and a path of its interface.
fn in_turn(row: usize, filtering: Filtering, path: usize, passage: Passage) -> Option<(usize, usize)> {
    match (passage, filtering) {
        (Passage::Opens, _) | (Passage::Moves, Filtering::Begins) => Some((row, path)),
        (Passage::Closes, _) | (Passage::Moves, Filtering::Ends) => Some((path, row)),
        (Passage::Moves, Filtering::Changes) => None,
    }
}

/// Whether a line gives an address of a protocol, or of any.
pub(super) fn is_address(node: &Node, family: Option<&str>) -> bool {
    node.row.as_ref().is_some_and(|row| match family {
        Some("ip") => &*row.slot == "ip-address",
        Some(_) => row.address6,
        None => &*row.slot == "ip-address" || row.address6,
    })
}

/// The protocol that all lines of a unit are of, if it is one.
pub(super) fn family(unit: &Unit<'_>) -> Option<&'static str> {
    ["ip", "ipv6"].into_iter().find(|family| unit.steps.iter().all(|step| is_of(&step.line.text, family)))
}

fn is_of(line: &str, family: &str) -> bool {
    let positive = line.strip_prefix("no ").unwrap_or(line);
    let of = |words: &str| words.strip_prefix(family).is_some_and(|rest| rest.starts_with(' '));
    of(positive) || positive.strip_prefix("bridge ").is_some_and(of)
}
