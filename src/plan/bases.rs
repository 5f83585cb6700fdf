//! What an interface stands on: where its encapsulation becomes another command, its address and what else can open or close a path
//! goes while the old one is there and comes once the new one is, and the undo does the same the other way round.
//!
//! Whether a router takes a line of the one under the other is not attested. Knows the table's marks, and no single command.

use super::build::{Builder, Scope};
use super::paths::{family, is_address};
use super::unit::{Passage, Path, Placed, Step};
use crate::ix::Node;

/// The lines that a block stands on before and afterwards, where they are of two commands.
fn exchanged<'a>(scope: &Scope<'a>) -> Option<[Option<&'a Node>; 2]> {
    let base = |lines: &'a [Node]| lines.iter().find(|line| !line.off && line.row.as_ref().is_some_and(|row| row.base));
    let command = |line: Option<&'a Node>| line.and_then(|line| line.row.as_ref()).map(|row| &row.id);
    let [old, new] = scope.lines.map(base);
    (command(old) != command(new)).then_some([old, new])
}

impl<'a> Builder<'a> {
    /// Whether a line gives an IPv4 address, in a form that may belong to what the block stands on, and that becomes another.
    pub(super) fn stands_on_it(&self, scope: &Scope<'_>, line: &Node) -> bool {
        is_address(line, Some("ip")) && exchanged(scope).is_some()
    }

    /// Puts the units of the block around the one that exchanges what they stand on; `from` is the first of them.
    pub(super) fn on_bases(&mut self, scope: &Scope<'a>, from: usize) {
        let Some([old, new]) = exchanged(scope) else { return };
        let here = |step: &Step| step.line.section == scope.section;
        let exchanges = |step: &Step| {
            let comes = new.is_some_and(|new| new.text == step.line.text);
            here(step) && (comes || old.is_some_and(|old| step.inverse.iter().any(|line| line.text == old.text)))
        };
        let of_block = || self.units.iter().enumerate().skip(from);
        let Some((base, _)) = of_block().find(|(_, unit)| unit.steps.iter().any(exchanges)) else { return };
        let mut pairs = Vec::new();
        for (index, unit) in of_block().filter(|(index, unit)| *index != base && unit.filters.is_none()) {
            // IPv6 stands on any of them, and its next address comes before the last one goes.
            let apart = unit.is_about(Path::Address) && family(unit) == Some("ipv6");
            match unit.passage().filter(|_| !apart && unit.steps.iter().all(here)) {
                Some(Passage::Closes) => pairs.push((index, base)),
                Some(Passage::Opens) => pairs.push((base, index)),
                Some(Passage::Moves) | None => {}
            }
        }
        self.before.extend(pairs);
        self.made_lines_again(scope, base, [old, new]);
    }

    /// A line that stays, and that the router may have entered because of either, may go along with the old one: it is typed again.
    fn made_lines_again(&mut self, scope: &Scope<'a>, base: usize, bases: [Option<&'a Node>; 2]) {
        let [before, after] = scope.lines;
        let rows = || bases.into_iter().flatten().filter_map(|line| line.row.as_ref());
        let stays = |line: &&Node| before.iter().any(|known| known.same_text(line));
        let made = |line: &&Node| rows().any(|row| row.makes.iter().any(|made| **made == *line.text));
        let lines: Vec<&'a Node> = after.iter().filter(|line| made(line) && stays(line)).collect();
        let maker = self.maker(scope);
        let again: Vec<Step> = lines.iter().map(|line| maker.add_covered(line)).collect();
        let back = lines.iter().map(|line| Placed { section: scope.section.clone(), text: line.text.clone() });
        let Some(unit) = self.units.get_mut(base) else { return };
        if let Some(first) = unit.steps.first_mut() {
            first.inverse.extend(back);
        }
        unit.steps.extend(again);
        unit.judge();
    }
}
