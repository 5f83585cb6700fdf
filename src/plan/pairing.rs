//! Which line of one configuration is which of another: by their keys, which are unique in a block.
//!
//! Both sides are in the same order except for what differs, so neighbours are tried before anything is searched for.

use foldhash::HashMap;

use crate::ix::Node;
use crate::ix::place::Place;
use crate::ix::print::places;

/// How far to look for the next common line before both sides are left for the search.
const NEAR: usize = 8;

/// The lines of two blocks side by side.
pub struct Pairing<'a> {
    /// The lines of the old block, in their order.
    pub old: Vec<PairedLine<'a>>,
    /// The lines of the new block, in their order.
    pub new: Vec<PairedLine<'a>>,
}

/// A line of one block.
pub struct PairedLine<'a> {
    /// The line itself.
    pub node: &'a Node,
    /// Where the router shows it.
    pub at: &'a Place,
    /// The line of the same key in the other block.
    pub twin: Option<&'a Node>,
}

impl<'a> Pairing<'a> {
    /// Puts two blocks side by side.
    pub fn of(old: &'a [Node], new: &'a [Node]) -> Self {
        let alone = |nodes| places(nodes).map(|(node, at)| PairedLine { node, at, twin: None }).collect();
        let mut pairing = Self { old: alone(old), new: alone(new) };
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let (mut i, mut j) = (0, 0);
        while let (Some(before), Some(after)) = (old.get(i), new.get(j)) {
            if before.same_key(after) {
                pairing.join(i, j, before, after);
            } else if let Some(ahead) = (1..=NEAR).find(|ahead| is(new.get(j + ahead), before)) {
                right.extend(j..j + ahead);
                j += ahead;
                continue;
            } else if let Some(ahead) = (1..=NEAR).find(|ahead| is(old.get(i + ahead), after)) {
                left.extend(i..i + ahead);
                i += ahead;
                continue;
            } else {
                left.push(i);
                right.push(j);
            }
            i += 1;
            j += 1;
        }
        left.extend(i..old.len());
        right.extend(j..new.len());
        let rest: HashMap<&str, usize> =
            right.into_iter().filter_map(|index| Some((&*new.get(index)?.key, index))).collect();
        for (index, before) in left.into_iter().filter_map(|index| Some((index, old.get(index)?))) {
            if let Some((other, after)) = rest.get(&*before.key).and_then(|other| Some((*other, new.get(*other)?))) {
                pairing.join(index, other, before, after);
            }
        }
        pairing
    }

    fn join(&mut self, i: usize, j: usize, before: &'a Node, after: &'a Node) {
        if let (Some(old), Some(new)) = (self.old.get_mut(i), self.new.get_mut(j)) {
            old.twin = Some(after);
            new.twin = Some(before);
        }
    }
}

fn is(node: Option<&Node>, like: &Node) -> bool {
    node.is_some_and(|node| node.same_key(like))
}

#[cfg(test)]
mod tests {
    use super::{PairedLine, Pairing};
    use crate::dialect::Dialect;
    use crate::ix::Config;

    #[test]
    fn every_common_line_is_found() {
        let text = |names: &str| -> String { names.chars().map(|name| format!("ip name-server {name}\n")).collect() };
        for (old, new) in [
            ("abcdef", "abcdef"),
            ("abcdef", "fedcba"),
            ("abcdefghijklmnopqrst", "stabcdefghijklmnopqr"),
            ("abc", ""),
            ("", "abc"),
            ("axbxc", "abc"),
            ("abcdefghijklmn", "qrstuvwxyzabcn"),
        ] {
            let (left, right) = (Config::parse(Dialect::ix(), text(old)), Config::parse(Dialect::ix(), text(new)));
            let pairing = Pairing::of(&left.nodes, &right.nodes);
            for PairedLine { node, twin, .. } in &pairing.old {
                let expected = right.nodes.iter().find(|other| other.key == node.key);
                assert_eq!(twin.map(|twin| &twin.text), expected.map(|expected| &expected.text), "{old} {new}");
            }
            let both = |lines: &[PairedLine<'_>]| lines.iter().filter(|line| line.twin.is_some()).count();
            assert_eq!(both(&pairing.old), both(&pairing.new), "{old} {new}");
        }
    }
}
