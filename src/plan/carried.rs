//! Lines that another may take along: a BGP neighbour that gets another AS is taken away first, and what was said of it may go with
//! it. Such lines are typed again behind it, forwards and back; where the router kept them, that changes nothing.
//!
//! Knows the table's mark of what may carry others, and no single command.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::build::{Builder, Scope};
use super::exchange::is_replaced;
use super::objects::Objects;
use super::unit::{Gone, Maker, Order, Placed, Section, Thing, Unit, section_inside};
use crate::ix::grammar::Object;
use crate::ix::place::Place;
use crate::ix::{Config, Node};

/// A line and the blocks around it.
type Where<'a> = (Vec<&'a Node>, &'a Node);

/// The lines that stay, or are replaced at once, while what they need goes and comes back.
#[derive(Default)]
pub(super) struct Carried<'a> {
    /// Those that are typed again behind it.
    again: Vec<Where<'a>>,
    /// Those that are typed again where it is taken back.
    back: Vec<Where<'a>>,
    /// The unit in which it goes and comes back.
    unit: Option<usize>,
}

/// The same for each object that goes and comes back.
pub(super) type AllCarried<'a> = BTreeMap<Arc<str>, Carried<'a>>;

/// Finds what goes and comes back, with the lines that it may take along.
pub(super) fn carried<'a>(
    (from, before): (&'a Config, &Objects<'a>),
    (to, after): (&'a Config, &Objects<'a>),
) -> AllCarried<'a> {
    let mut found = AllCarried::new();
    for (id, old) in &before.carriers {
        if let Some(new) = after.carriers.get(id)
            && old.key == new.key
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
    let concerned: HashSet<Arc<str>> = found.keys().cloned().collect();
    each(&from.nodes, &mut Vec::new(), &concerned, &mut |path, node, _| {
        old_lines.insert((place(path), &node.key), node);
    });
    each(&to.nodes, &mut Vec::new(), &concerned, &mut |path, node, object| {
        let Some(old) = old_lines.get(&(place(path), &*node.key)).copied() else { return };
        let Some(carried) = found.get_mut(object.id()) else { return };
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
    /// Whether a line is about something that goes and comes back, and is not replaced at once itself.
    pub(super) fn is_carried(&self, old: &Node, new: &Node) -> bool {
        let about = |node: &Node| node.refers().iter().any(|object| self.carried.contains_key(object.id()));
        !self.carried.is_empty() && !is_replaced(old, new) && (about(old) || about(new))
    }

    /// A line that goes and comes back in another form, with what it may take along; says whether it is one.
    pub(super) fn carries(&mut self, scope: &Scope<'a>, at: &'a Place, old: &'a Node, new: &'a Node) -> bool {
        let Some(id) = new.defines().first().map(Object::shared).filter(|id| self.carried.contains_key(id)) else {
            return false;
        };
        let maker = self.maker(scope);
        let (Some(mut going), coming) = (maker.remove(old), maker.add(new)) else { return false };
        let mut steps = Vec::new();
        if let Some(carried) = self.carried.get(&id) {
            for (path, node) in &carried.back {
                going.inverse.push(Placed { section: section_of(path), text: node.text.clone() });
            }
            for (path, node) in &carried.again {
                let section = section_of(path);
                let maker = Maker { watch: self.watch, path, section: &section };
                steps.push(maker.add_covered(node));
            }
        }
        steps.splice(0..0, [going, coming]);
        let mut unit = Unit::new(Order::forward(scope.at(at)), steps);
        unit.gap(Gone::Line, scope.place_of(old));
        self.note(new);
        let unit = self.push(scope, unit);
        if let Some(carried) = self.carried.get_mut(&id) {
            carried.unit = Some(unit);
        }
        true
    }

    /// Pairs of units: what is no longer said of something goes before it goes, and what is said anew comes once it is back.
    pub(super) fn around_carried(&self) -> Vec<(usize, usize)> {
        let units: HashMap<&Arc<str>, usize> =
            self.carried.iter().filter_map(|(id, carried)| Some((id, carried.unit?))).collect();
        if units.is_empty() {
            return Vec::new();
        }
        let of = |things: &[Thing]| {
            things.iter().find_map(|thing| match thing {
                Thing::Object(id) => units.get(id).copied(),
                _ => None,
            })
        };
        let pair = |(index, unit): (usize, &Unit<'_>)| {
            let behind = of(&unit.needs).map(|carrier| (carrier, index));
            behind.or_else(|| of(&unit.frees).map(|carrier| (index, carrier))).filter(|(one, other)| one != other)
        };
        self.units.iter().enumerate().filter_map(pair).collect()
    }
}

fn section_of(path: &[&Node]) -> Section {
    path.iter().fold(Section::from([]), |section, header| section_inside(&section, header))
}
