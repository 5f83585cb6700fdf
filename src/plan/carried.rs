//! Lines that may disappear with another: a BGP neighbour that gets another AS is removed first, and its other lines may disappear
//! with it. Such lines are typed again after it, in the plan and its undo; if the router kept them, that changes nothing.
//!
//! Knows the table's mark of what may carry others, and no single command.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::build::{Builder, Scope};
use super::names::Lines;
use super::objects::{Carrier, Side};
use super::replace::is_replaced;
use super::unit::{Maker, Order, Outage, Placed, Resource, Section, Step, Unit, section_inside};
use crate::dialect::grammar::Object;
use crate::ix::Node;
use crate::ix::place::Place;

/// A line and the blocks around it.
type Where<'a> = (Vec<&'a Node>, &'a Node);

/// The lines that stay, or are replaced at once, while what they need is removed and entered again.
#[derive(Default)]
pub(super) struct Carried<'a> {
    /// Those that are typed again after it.
    again: Vec<Where<'a>>,
    /// Those that are typed again when it is undone.
    back: Vec<Where<'a>>,
    /// The units in which it goes, and in which it is back with what it took along.
    units: Option<[usize; 2]>,
}

/// The same for each object that is removed and entered again in a block, by that block's header.
pub(super) type AllCarried<'a> = BTreeMap<Carrier<'a>, Carried<'a>>;

/// Finds what is removed and entered again, with the lines that may disappear with it.
pub(super) fn carried<'a>(from: Side<'a, '_>, to: Side<'a, '_>) -> AllCarried<'a> {
    let mut found = AllCarried::new();
    for (id, old) in &from.objects.carriers {
        if let (Some(old), Some(Some(new))) = (old, to.objects.carriers.get(id))
            && !old.same_text(new)
            && !is_replaced(old, new)
        {
            found.insert(id.clone(), Carried::default());
        }
    }
    if found.is_empty() {
        return found;
    }
    let mut old_lines: HashMap<(String, &str), &'a Node> = HashMap::new();
    let concerned: HashSet<Arc<str>> = found.keys().map(|id| Arc::clone(&id.object)).collect();
    each(&from.config.nodes, &mut Vec::new(), &concerned, &mut |path, node, _| {
        old_lines.insert((place(path), &node.key), node);
    });
    each(&to.config.nodes, &mut Vec::new(), &concerned, &mut |path, node, object| {
        let Some(old) = old_lines.get(&(place(path), &*node.key)).copied() else { return };
        let inside = path
            .iter()
            .find_map(|header| found.get_key_value(&Carrier { object: object.shared(), header: &header.text }));
        let Some(carried) = inside.map(|(id, _)| id.clone()).and_then(|id| found.get_mut(&id)) else { return };
        if old.same_text(node) {
            carried.again.push((path.to_vec(), node));
        } else if !is_replaced(old, node) {
            return;
        }
        carried.back.push((path.to_vec(), old));
    });
    found
}

fn place(path: &[&Node]) -> String {
    path.iter().map(|header| &*header.text).collect::<Vec<_>>().join(" / ")
}

/// Every line, blocks aside, that needs one of these objects.
fn each<'a>(
    nodes: &'a [Node],
    path: &mut Vec<&'a Node>,
    concerned: &HashSet<Arc<str>>,
    visit: &mut impl FnMut(&[&'a Node], &'a Node, &Object),
) {
    for node in nodes {
        if node.is_block() {
            path.push(node);
            each(&node.children, path, concerned, visit);
            path.pop();
        } else if let Some(object) = node.refers().iter().find(|object| concerned.contains(object.id())) {
            visit(path, node, object);
        }
    }
}

impl<'a> Builder<'a> {
    /// Whether a line is about something that is removed and entered again, and is not itself replaced in one step.
    pub(super) fn is_carried(&self, scope: &Scope<'a>, old: &Node, new: &Node) -> bool {
        let about = |node: &Node| {
            let here = |object: &Object| {
                scope
                    .path
                    .iter()
                    .any(|header| self.carried.contains_key(&Carrier { object: object.shared(), header: &header.text }))
            };
            node.refers().iter().any(here)
        };
        !self.carried.is_empty() && !is_replaced(old, new) && (about(old) || about(new))
    }

    /// What a line of a block creates, if it is removed and entered again.
    fn carrier(&self, scope: &Scope<'a>, node: &Node) -> Option<Carrier<'a>> {
        let header = scope.path.last().copied().filter(|_| !self.carried.is_empty())?;
        let id = Carrier { object: node.defines().first()?.shared(), header: &header.text };
        self.carried.contains_key(&id).then_some(id)
    }

    /// The lines that are typed again after the line that may have removed them.
    fn again(&self, id: &Carrier<'a>) -> Vec<Step> {
        let lines = self.carried.get(id).map(|carried| carried.again.as_slice()).unwrap_or_default();
        let step = |(path, node): &Where<'a>| {
            let section = section_of(path);
            Maker { watch: self.watch, path, section: &section }.add_covered(node)
        };
        lines.iter().map(step).collect()
    }

    /// The lines that are typed again when it is undone.
    fn back(&self, id: &Carrier<'a>) -> Vec<Placed> {
        let lines = self.carried.get(id).map(|carried| carried.back.as_slice()).unwrap_or_default();
        lines.iter().map(|(path, node)| Placed { section: section_of(path), text: node.text.clone() }).collect()
    }

    /// A line that is removed and entered again in another form, with the lines that may disappear with it; returns
    /// whether it is one.
    pub(super) fn carries(&mut self, scope: &Scope<'a>, at: &'a Place, old: &'a Node, new: &'a Node) -> bool {
        let Some(id) = self.carrier(scope, new) else { return false };
        let maker = self.maker(scope);
        let (Some(mut going), coming) = (maker.remove(old), maker.add(new)) else { return false };
        going.inverse.extend(self.back(&id));
        let steps = [going, coming].into_iter().chain(self.again(&id)).collect();
        let mut unit = Unit::new(Order::forward(scope.at(at)), steps);
        unit.gap(Outage::Line, scope.place_of(old));
        self.note(new);
        let unit = self.push(scope, unit);
        if let Some(carried) = self.carried.get_mut(&id) {
            carried.units = Some([unit, unit]);
        }
        true
    }

    /// Lines of a block that may remove others with them: they are removed after the other removals, and entered before the other
    /// additions. One that is entered again under another key is so at once, with the lines that may have disappeared with it.
    pub(super) fn carry(&mut self, scope: &Scope<'a>, going: &Lines<'a>, coming: &Lines<'a>) {
        let carriers = |lines: &Lines<'a>| -> HashMap<Arc<str>, usize> {
            let carries = |node: &Node| node.row.as_ref().is_some_and(|row| row.carries && !node.off);
            let lines = lines.iter().filter(|(node, _)| carries(node));
            lines.filter_map(|(node, unit)| Some((node.defines().first()?.shared(), *unit))).collect()
        };
        let (gone, come) = (carriers(going), carriers(coming));
        if gone.is_empty() && come.is_empty() {
            return;
        }
        let about = |lines: &Lines<'a>, carriers: &HashMap<Arc<str>, usize>| {
            let mut pairs = Vec::new();
            for (node, unit) in lines {
                let carrier = node.refers().iter().find_map(|object| carriers.get(object.id()));
                pairs.extend(carrier.map(|carrier| (*unit, *carrier)));
            }
            pairs
        };
        let (goes_first, comes_then) = (about(going, &gone), about(coming, &come));
        self.before.extend(goes_first);
        self.before.extend(comes_then.into_iter().map(|(unit, carrier)| (carrier, unit)));
        for ((node, comes), goes) in coming.iter().filter_map(|line| Some((line, *gone.get(node_id(line.0)?)?))) {
            let Some(id) = self.carrier(scope, node) else { continue };
            let (back, again) = (self.back(&id), self.again(&id));
            if let Some(step) = self.units.get_mut(goes).and_then(|unit| unit.steps.first_mut()) {
                step.inverse.extend(back);
            }
            if let Some(unit) = self.units.get_mut(*comes) {
                unit.steps.extend(again);
                unit.judge();
            }
            self.before.push((goes, *comes));
            if let Some(carried) = self.carried.get_mut(&id) {
                carried.units = Some([goes, *comes]);
            }
        }
    }

    /// Pairs of units: lines about something are removed before it is removed, and entered again once it is back.
    pub(super) fn around_carried(&self) -> Vec<(usize, usize)> {
        let mut units: HashMap<&Arc<str>, Vec<(&str, [usize; 2])>> = HashMap::new();
        for (Carrier { object, header }, carried) in &self.carried {
            units.entry(object).or_default().extend(carried.units.map(|of| (*header, of)));
        }
        if units.is_empty() {
            return Vec::new();
        }
        let of = |unit: &Unit<'_>, resources: &[Resource]| {
            let section = unit.steps.first().map(|step| &step.line.section)?;
            let here = |(header, of): &(&str, [usize; 2])| section.iter().any(|open| **open == **header).then_some(*of);
            resources.iter().find_map(|resource| match resource {
                Resource::Object(id) => units.get(id)?.iter().find_map(here),
                _ => None,
            })
        };
        let pair = |(index, unit): (usize, &Unit<'_>)| {
            let behind = of(unit, &unit.needs).map(|[_, back]| (back, index));
            let before = || of(unit, &unit.frees).map(|[goes, _]| (index, goes));
            behind.or_else(before).filter(|(one, other)| one != other)
        };
        self.units.iter().enumerate().filter_map(pair).collect()
    }
}

/// The object that a line brings into being.
fn node_id(node: &Node) -> Option<&str> {
    node.defines().first().map(Object::id)
}

fn section_of(path: &[&Node]) -> Section {
    path.iter().fold(Section::from([]), |section, header| section_inside(&section, header))
}
