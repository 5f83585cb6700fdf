//! Lines that nothing explains, and on which routers of a run they appeared: the same one on two of a kind is likely the router's
//! own, and a third of that kind would only meet it again. Decides which kinds are held; says nothing to anyone.

use std::collections::{BTreeMap, BTreeSet};

/// On how many routers of a kind a line appears before the others of that kind are held.
const ENOUGH: usize = 2;

/// Tasks on whose routers a line appeared, by their numbers.
type Lines = BTreeMap<String, BTreeSet<usize>>;

/// The lines that appeared, by the kind of the routers (their model and firmware), as a number.
#[derive(Debug, Default)]
pub(super) struct Suspects(BTreeMap<u32, Lines>);

impl Suspects {
    /// Unexplained lines of one task's router, masked.
    pub(super) fn note(&mut self, kind: u32, number: usize, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        let seen = self.0.entry(kind).or_default();
        for line in lines {
            seen.entry(line).or_default().insert(number);
        }
    }

    /// The line for which this kind is held, and the tasks on whose routers it appeared.
    pub(super) fn held(&self, kind: u32) -> Option<(&str, &BTreeSet<usize>)> {
        let held = self.0.get(&kind)?.iter().find(|(_, tasks)| tasks.len() >= ENOUGH);
        held.map(|(line, tasks)| (line.as_str(), tasks))
    }
}

#[cfg(test)]
mod tests {
    use super::Suspects;
    use std::collections::BTreeSet;

    #[test]
    fn the_same_line_on_a_second_router_of_a_kind_holds_that_kind_and_no_other() {
        let (mut suspects, kind) = (Suspects::default(), 7);
        let lines = |text: &str| vec![text.to_owned()];
        suspects.note(kind, 0, lines("+nm sitename x"));
        suspects.note(kind, 0, lines("+nm sitename x"));
        suspects.note(kind, 1, lines("+ntp retry 9"));
        suspects.note(8, 2, lines("+nm sitename x"));
        assert!(suspects.held(kind).is_none(), "one router, another line, another kind");
        suspects.note(kind, 3, lines("+nm sitename x"));
        assert_eq!(suspects.held(kind), Some(("+nm sitename x", &BTreeSet::from([0, 3]))));
        assert!(suspects.held(8).is_none() && suspects.held(9).is_none());
    }
}
