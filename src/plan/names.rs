//! Lines that may be one line to the router: the old one is removed before the new one is entered, so that no removal removes what
//! was just typed, in the plan or its undo.
//!
//! Of a command known by its first words only, or not at all, no one knows which of its words name what it sets. Of a known one, a
//! removal may be the beginning of another line. Looks at what units type in one block, and at no single command.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt};

use super::build::{Builder, Scope};
use super::unit::{Gap, Outage, Step};
use crate::dialect::grammar::{CommandKind, Type};
use crate::ix::Node;

/// Lines of a block that come or go, each with its unit.
pub(super) type Lines<'a> = [(&'a Node, usize)];

impl<'a> Builder<'a> {
    /// Puts what goes before what comes wherever the one could take the other along; `from` is the first unit of the block's lines.
    pub(super) fn old_first(&mut self, scope: &Scope<'a>, from: usize, going: &Lines<'a>, coming: &Lines<'a>) {
        if !(going.is_empty() || coming.is_empty()) {
            self.of_one_command(going, coming);
            self.of_one_object(scope, going, coming);
            self.of_one_name(going, coming);
        }
        let pairs = self.of_one_beginning(scope, from);
        self.before.extend(pairs);
    }

    /// Lines of one family that share the word after its first words, and unknown lines that share their first word.
    fn of_one_command(&mut self, going: &Lines<'a>, coming: &Lines<'a>) {
        let mut groups: HashMap<&str, [Vec<usize>; 2]> = HashMap::new();
        for (at, lines) in [going, coming].into_iter().enumerate() {
            for (beginning, unit) in lines.iter().filter_map(|(node, unit)| Some((beginning(node)?, *unit))) {
                if let Some(units) = groups.entry(beginning).or_default().get_mut(at) {
                    units.push(unit);
                }
            }
        }
        // In the order of the lines, so that the same request gives the same plan.
        let mut groups: Vec<_> =
            groups.into_values().filter(|units| units.iter().all(|units| !units.is_empty())).collect();
        groups.sort();
        for [go, come] in groups {
            let pairs = self.all_before(&go, &come);
            self.before.extend(pairs);
        }
    }

    /// A line that is known whole, and one of the same first words up to its name that is not.
    fn of_one_name(&mut self, going: &Lines<'a>, coming: &Lines<'a>) {
        let is_part = |node: &&Node| node.row.as_ref().is_none_or(|row| row.family) && !node.text.starts_with("no ");
        let other = |lines: &Lines<'a>| -> Vec<(&'a Node, usize)> {
            lines.iter().filter(|(node, _)| is_part(node)).copied().collect()
        };
        let (part_goes, part_comes) = (other(going), other(coming));
        let pairs = |known: &Lines<'a>, others: &Lines<'a>| -> Vec<(usize, usize)> {
            let named = known.iter().filter(|_| !others.is_empty());
            let named = named.filter_map(|(node, unit)| Some((whole_name(node)?, *unit)));
            let same = |(name, unit): (&str, usize)| {
                let alike = others.iter().filter(move |(other, _)| begins(&other.text, name));
                alike.map(move |(_, other)| (unit, *other)).collect::<Vec<_>>()
            };
            named.flat_map(same).collect()
        };
        let mut found = pairs(going, &part_comes);
        found.extend(pairs(coming, &part_goes).into_iter().map(|(comes, goes)| (goes, comes)));
        self.before.extend(found);
    }

    /// What lines use that stay is there all the while: where each block of a name is another one, the new ones come before the old
    /// ones go.
    pub(super) fn never_missing(&mut self, scope: &Scope<'a>, going: &Lines<'a>, coming: &Lines<'a>) {
        if !scope.path.is_empty() || going.is_empty() || coming.is_empty() {
            return;
        }
        let blocks = |lines: &Lines<'a>| -> BTreeMap<&'a str, Vec<usize>> {
            let mut found: BTreeMap<&'a str, Vec<usize>> = BTreeMap::new();
            for (node, unit) in lines.iter().filter(|(node, _)| node.kind() == Some(CommandKind::Block)) {
                node.defines().iter().for_each(|object| found.entry(object.id()).or_default().push(*unit));
            }
            found
        };
        let comes = blocks(coming);
        for (id, go) in blocks(going) {
            let Some(come) = comes.get(id).filter(|_| self.old.uses(id) && self.new.uses(id)) else { continue };
            let [before, _] = self.outer;
            if go.len() == before.iter().filter(|node| node.defines().iter().any(|object| object.id() == id)).count() {
                let pairs = self.all_before(come, &go);
                self.before.extend(pairs);
            }
        }
    }

    /// Lines of two commands that bring one object into being, and are named by it alone: what uses it is without it for a moment.
    fn of_one_object(&mut self, scope: &Scope<'a>, going: &Lines<'a>, coming: &Lines<'a>) {
        let mut gone: HashMap<&str, (&Node, usize)> = HashMap::new();
        for (node, unit) in going {
            gone.extend(object(node).map(|id| (id, (*node, *unit))));
        }
        let found: Vec<_> = coming
            .iter()
            .filter(|_| !gone.is_empty())
            .filter_map(|(node, comes)| gone.get(object(node)?).map(|(old, goes)| (*old, *goes, *comes)))
            .collect();
        for (old, goes, comes) in found {
            let (place, section) = (scope.place_of(old), Some(scope.section.join(" / ")));
            if let Some(step) = self.units.get_mut(goes).and_then(|unit| unit.steps.last_mut()) {
                step.gap = Some(Box::new(Gap { what: Outage::Line, place, steps: None, section }));
            }
            if let Some(step) = self.units.get_mut(comes).and_then(|unit| unit.steps.first_mut()) {
                step.back = true;
            }
            self.before.push((goes, comes));
        }
    }

    /// Pairs of units: a line that the first removes, or that undoes the first, begins a line of the second.
    fn of_one_beginning(&self, scope: &Scope<'a>, from: usize) -> Vec<(usize, usize)> {
        let units = || self.units.iter().enumerate().skip(from);
        let here = |step: &&Step| step.line.section == scope.section;
        let is_negated = |step: &Step| step.line.text.starts_with("no ");
        let mut steps = units().flat_map(|(_, unit)| &unit.steps).filter(here);
        if !steps.any(is_negated) {
            return Vec::new();
        }
        // What a unit removes, and what is removed when it is undone.
        let (mut taken, mut taken_back): (HashMap<&str, usize>, HashMap<&str, usize>) = Default::default();
        for (index, unit) in units() {
            for step in unit.steps.iter().filter(here) {
                let back = step.inverse.first().filter(|line| line.section == scope.section);
                let (line, all) = match back {
                    _ if is_negated(step) => (&step.line, &mut taken),
                    Some(back) => (back, &mut taken_back),
                    None => continue,
                };
                all.extend(line.text.strip_prefix("no ").map(|gone| (gone, index)));
            }
        }
        let mut pairs = Vec::new();
        for (index, unit) in units() {
            for step in unit.steps.iter().filter(here) {
                if is_negated(step) {
                    // Undoing this enters its line again: what was added is undone first.
                    let again = step.inverse.first().map(|line| &*line.text).unwrap_or_default();
                    let others = beginnings(again).filter_map(|begins| taken_back.get(begins));
                    pairs.extend(others.filter(|other| **other != index).map(|other| (index, *other)));
                } else {
                    let others = beginnings(&step.line.text).filter_map(|begins| taken.get(begins));
                    pairs.extend(others.filter(|other| **other != index).map(|other| (*other, index)));
                }
            }
        }
        pairs
    }
}

/// The words that a line shares with all that may be one line with it to the router; nothing where its key is known.
fn beginning(node: &Node) -> Option<&str> {
    let fixed = match &node.row {
        None => 0,
        Some(row) if row.family || is_its_own_name(node) => row.leading.split(' ').count(),
        Some(_) => return None,
    };
    let fixed = fixed + usize::from(node.text.starts_with("no "));
    Some(
        node.text
            .match_indices(' ')
            .nth(fixed)
            .map_or(&*node.text, |(end, _)| node.text.get(..end).unwrap_or_default()),
    )
}

/// The words of a line up to the end of what surely names it; nothing where it may share them with others that stand beside it.
fn whole_name(node: &Node) -> Option<&str> {
    let row = node.row.as_ref().filter(|row| !row.family && !node.off && !is_its_own_name(node))?;
    let kinds = [CommandKind::Keyed, CommandKind::Single, CommandKind::Flag, CommandKind::Block];
    kinds.contains(&row.kind).then(|| node.surely_named().unwrap_or(&row.leading))
}

/// Whether a text has these words in front.
fn begins(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether the table only says that each line of the command is its own key, with all its words.
fn is_its_own_name(node: &Node) -> bool {
    let row = node.row.as_ref().filter(|row| row.kind == CommandKind::Set);
    row.is_some_and(|row| row.args.iter().any(|arg| !arg.key && arg.kind == Type::Rest))
}

/// The one object that a line brings into being, where nothing else names the line.
fn object(node: &Node) -> Option<&str> {
    let row = node.row.as_ref().filter(|row| row.kind == CommandKind::Keyed)?;
    let [object] = node.defines() else { return None };
    let named = row.args.iter().filter(|arg| arg.key).count() == 1
        && node.arg(&row.args.iter().find(|arg| arg.key)?.name)? == object.name();
    named.then(|| object.id())
}

/// A text up to each of its words but the last.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(' ').filter_map(|(end, _)| text.get(..end))
}
