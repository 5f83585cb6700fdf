//! Undoing what one run changed, starting from what runs today: three configurations, object by object.
//!
//! An object is a line with its key, a list as a whole, or a block. What the run did not change stays as it is today; what it
//! changed goes back to what it was before, unless someone changed that again.

use std::collections::HashSet;

use crate::ix::mask::mask_line;
use crate::ix::{Config, ConfigText, Node};
use crate::plan::foreign::ForeignLine;
use crate::plan::state::bare;

/// What a run found and what it left. Of many routers that wait for their turn only the texts are kept.
#[derive(Debug, Clone)]
pub struct Reverse {
    /// What ran before it.
    pub before: ConfigText,
    /// What ran when it had saved.
    pub after: ConfigText,
}

impl Reverse {
    /// The same as texts alone: what is made of them ends with their use.
    #[must_use]
    pub(super) fn unread(&self) -> Self {
        Self { before: self.before.unread(), after: self.after.unread() }
    }
}

/// Something that the run changed and someone else changed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The blocks around it.
    pub place: String,
    /// What the run left, masked.
    pub left: Vec<String>,
    /// What runs today, masked.
    pub now: Vec<String>,
}

impl Conflict {
    /// As a small difference: what the run left, what runs today.
    pub(super) fn shown(&self) -> String {
        let lines =
            |mark: char, lines: &[String]| lines.iter().map(|line| format!("{mark}{line}\n")).collect::<String>();
        let place = if self.place.is_empty() { String::new() } else { format!(" {}\n", self.place) };
        format!("{place}{}{}", lines('-', &self.left), lines('+', &self.now))
    }
}

/// What runs today without what the run changed.
///
/// # Errors
/// Everything that was changed again since.
pub fn revert_onto(reverse: &Reverse, now: &Config) -> Result<Config, Vec<Conflict>> {
    let mut touched = Vec::new();
    let (before, after) = (reverse.before.tree(now.dialect()), reverse.after.tree(now.dialect()));
    let nodes = level(&before.nodes, &after.nodes, &now.nodes, "", &mut touched);
    if touched.is_empty() { Ok(Config::from_nodes(now.dialect(), nodes)) } else { Err(touched) }
}

/// What a run alone left, where someone else's lines are among its own: what runs, but for the groups of lines in which theirs are;
/// those are as before, or as the run's lines made them (`planned`).
pub(super) fn left_alone(before: &Config, planned: &Config, now: &Config, foreign: &[ForeignLine]) -> Config {
    let place =
        |stray: &ForeignLine| (stray.section.iter().map(|header| header.to_string()).collect(), stray.text.to_string());
    let (gone, there) = foreign.iter().partition::<Vec<_>, _>(|stray| stray.gone);
    let places = |foreign_lines: Vec<&ForeignLine>| {
        foreign_lines.into_iter().map(place).collect::<HashSet<(Vec<String>, String)>>()
    };
    let foreign = Foreign { there: places(there), gone: places(gone) };
    let nodes = alone(&before.nodes, &planned.nodes, &now.nodes, &mut Vec::new(), &foreign);
    Config::from_nodes(now.dialect(), nodes)
}

/// Someone else's lines, by the headers of their blocks.
struct Foreign {
    there: HashSet<(Vec<String>, String)>,
    gone: HashSet<(Vec<String>, String)>,
}

impl Foreign {
    /// Whether one of these lines, or one below them, is theirs: `which` says whether those that are there are asked about.
    fn touches(which: &HashSet<(Vec<String>, String)>, nodes: &[&Node], path: &mut Vec<String>) -> bool {
        nodes.iter().any(|node| {
            if which.contains(&(path.clone(), node.text.to_string())) {
                return true;
            }
            path.push(node.text.to_string());
            let below = Self::touches(which, &node.children.iter().collect::<Vec<_>>(), path);
            path.pop();
            below
        })
    }
}

fn alone(before: &[Node], planned: &[Node], now: &[Node], path: &mut Vec<String>, foreign: &Foreign) -> Vec<Node> {
    let (old, ours, today) = (groups(before), groups(planned), groups(now));
    let mut nodes = Vec::new();
    let later = ours.iter().filter(|(group, _)| members(&today, group).is_empty());
    for (group, _) in today.iter().chain(later) {
        let (old, ours, today) = (members(&old, group), members(&ours, group), members(&today, group));
        let theirs = Foreign::touches(&foreign.there, today, path) || Foreign::touches(&foreign.gone, old, path);
        if !theirs {
            nodes.extend(today.iter().map(|node| (*node).clone()));
            continue;
        }
        match (old, ours, today) {
            ([old], [ours], [today]) if today.is_block() && today.text == ours.text && today.text == old.text => {
                path.push(today.text.to_string());
                let inner = alone(&old.children, &ours.children, &today.children, path, foreign);
                path.pop();
                nodes.push(today.with_block(inner));
            }
            ([], [ours], [today]) if today.is_block() && today.text == ours.text => {
                path.push(today.text.to_string());
                let inner = alone(&[], &ours.children, &today.children, path, foreign);
                path.pop();
                nodes.push(today.with_block(inner));
            }
            _ if is_equivalent(old, ours) => nodes.extend(old.iter().map(|node| (*node).clone())),
            _ => nodes.extend(ours.iter().map(|node| (*node).clone())),
        }
    }
    nodes
}

/// Whether two groups of lines say the same, printed defaults left out.
fn is_equivalent(one: &[&Node], other: &[&Node]) -> bool {
    let bare = |nodes: &[&Node]| bare(&nodes.iter().map(|node| (*node).clone()).collect::<Vec<_>>());
    let (one, other) = (bare(one), bare(other));
    same(&one.iter().collect::<Vec<_>>(), &other.iter().collect::<Vec<_>>())
}

/// Lines that only make sense together: a list, or one line.
fn group_of(node: &Node) -> String {
    match node.list() {
        Some(list) => format!("list {list}"),
        None => format!("line {}", node.key),
    }
}

fn groups(nodes: &[Node]) -> Vec<(String, Vec<&Node>)> {
    let mut found: Vec<(String, Vec<&Node>)> = Vec::new();
    for node in nodes {
        let group = group_of(node);
        match found.iter_mut().find(|(known, _)| *known == group) {
            Some((_, members)) => members.push(node),
            None => found.push((group, vec![node])),
        }
    }
    found
}

fn members<'a, 'n>(groups: &'a [(String, Vec<&'n Node>)], group: &str) -> &'a [&'n Node] {
    groups.iter().find(|(known, _)| known == group).map_or(&[], |(_, members)| members)
}

fn level(before: &[Node], after: &[Node], now: &[Node], place: &str, touched: &mut Vec<Conflict>) -> Vec<Node> {
    let (old, left, today) = (groups(before), groups(after), groups(now));
    let mut nodes = Vec::new();
    for (group, lines) in &today {
        let (old, left) = (members(&old, group), members(&left, group));
        nodes.extend(decide(old, left, lines, place, touched));
    }
    // What the run removed is restored, and what is missing today must have been removed by the run or not concern
    // it.
    for (group, lines) in &old {
        if members(&today, group).is_empty() {
            nodes.extend(decide(lines, members(&left, group), &[], place, touched));
        }
    }
    for (group, lines) in &left {
        if members(&today, group).is_empty() && members(&old, group).is_empty() {
            nodes.extend(decide(&[], lines, &[], place, touched));
        }
    }
    nodes
}

/// One object: what is left of it when the run's change is undone.
fn decide(old: &[&Node], left: &[&Node], now: &[&Node], place: &str, touched: &mut Vec<Conflict>) -> Vec<Node> {
    let own = |nodes: &[&Node]| nodes.iter().map(|node| (*node).clone()).collect::<Vec<_>>();
    if same(old, left) || same(now, old) {
        return own(now);
    }
    if same(now, left) {
        return own(old);
    }
    // A block is taken apart: someone may have changed other lines of it.
    if let (Some(block), true) = (now.first(), [old, left, now].iter().all(|nodes| nodes.len() <= 1)) {
        let children = |nodes: &[&Node]| nodes.first().map(|node| node.children.clone()).unwrap_or_default();
        let is_block = block.is_block() || [old, left].iter().any(|nodes| nodes.iter().any(|node| node.is_block()));
        let header_stays = !left.is_empty() && left.iter().chain(old).all(|other| other.text == block.text);
        if is_block && header_stays {
            let inner = format!("{place}{} / ", block.text);
            let rest = level(&children(old), &children(left), &block.children, &inner, touched);
            if old.is_empty() && !rest.is_empty() {
                // The run made this block; what someone added to it cannot stay without it.
                touched.push(Conflict {
                    place: format!("{place}{}", block.text),
                    left: Vec::new(),
                    now: rest.iter().map(|node| mask_line(&node.text)).collect(),
                });
            }
            return if old.is_empty() { Vec::new() } else { vec![block.with_block(rest)] };
        }
    }
    touched.push(Conflict { place: place.trim_end_matches(" / ").to_owned(), left: texts(left), now: texts(now) });
    own(now)
}

fn same(one: &[&Node], other: &[&Node]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_node(one, other))
}

fn same_node(one: &Node, other: &Node) -> bool {
    one.text == other.text
        && one.children.len() == other.children.len()
        && one.children.iter().all(|child| other.children.iter().any(|same| same_node(child, same)))
}

fn texts(nodes: &[&Node]) -> Vec<String> {
    nodes.iter().map(|node| mask_line(&node.text)).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Reverse, revert_onto};
    use crate::dialect::Dialect;
    use crate::ix::{Config, ConfigText};
    use crate::plan::same;

    const BEFORE: &str = "hostname old\nip route default GigaEthernet0.0\ninterface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown\n";
    const AFTER: &str = "hostname new\nip route default GigaEthernet0.0\nip route 10.0.0.0/8 192.0.2.9\ninterface GigaEthernet0.0\n  ip address 192.0.2.2/24\n  no shutdown\n";

    fn back(now: &str) -> Result<Config, Vec<super::Conflict>> {
        revert_onto(
            &Reverse { before: ConfigText::new(BEFORE), after: ConfigText::new(AFTER) },
            &Config::parse(Dialect::ix(), now),
        )
    }

    #[test]
    fn revert_restores_what_no_one_changed_since() {
        assert!(same(&back(AFTER).unwrap(), &Config::parse(Dialect::ix(), BEFORE)));
    }

    #[test]
    fn revert_keeps_unrelated_lines() {
        let now = format!("{AFTER}  ip mtu 1400\nip route 172.16.0.0/12 192.0.2.9\n");
        let target = back(&now).unwrap().print();
        assert!(target.contains("ip mtu 1400") && target.contains("172.16.0.0/12"), "{target}");
        assert!(target.contains("hostname old") && target.contains("192.0.2.1/24"), "{target}");
        assert!(!target.contains("10.0.0.0/8"), "{target}");
    }

    #[test]
    fn revert_refuses_and_shows_what_was_changed_again() {
        let now = AFTER.replace("192.0.2.2/24", "192.0.2.3/24");
        let touched = back(&now).unwrap_err();
        assert_eq!(touched.len(), 1);
        assert_eq!(
            touched.first().unwrap().shown(),
            " interface GigaEthernet0.0\n-ip address 192.0.2.2/24\n+ip address 192.0.2.3/24\n"
        );
    }

    #[test]
    fn revert_accepts_what_is_restored_already() {
        let now = AFTER.replace("hostname new", "hostname old");
        assert!(same(&back(&now).unwrap(), &Config::parse(Dialect::ix(), BEFORE)));
    }

    #[test]
    fn revert_treats_a_list_as_one_object() {
        let list = |entries: &[&str]| {
            let lines: String = entries.iter().map(|entry| format!("ip access-list a {entry}\n")).collect();
            Config::parse(Dialect::ix(), lines)
        };
        let (one, two, three) =
            ("permit ip src any dest 192.0.2.1/32", "permit ip src any dest 192.0.2.2/32", "deny ip src any dest any");
        let reverse = Reverse { before: list(&[one]).into(), after: list(&[one, two]).into() };
        assert!(same(&revert_onto(&reverse, &list(&[one, two])).unwrap(), &list(&[one])));
        assert!(
            revert_onto(&reverse, &list(&[one, two, three])).is_err(),
            "a later entry changes what the earlier ones mean"
        );
    }

    #[test]
    fn revert_removes_a_block_only_without_lines_of_others() {
        let reverse = Reverse {
            before: ConfigText::new("hostname a\n"),
            after: ConfigText::new("hostname a\ninterface Loopback0.0\n  ip address 192.0.2.9/32\n"),
        };
        let untouched = "hostname a\ninterface Loopback0.0\n  ip address 192.0.2.9/32\n";
        assert!(
            !revert_onto(&reverse, &Config::parse(Dialect::ix(), untouched)).unwrap().print().contains("Loopback0.0")
        );
        let added = format!("{untouched}  ip mtu 1400\n");
        assert!(revert_onto(&reverse, &Config::parse(Dialect::ix(), added)).is_err());
    }
}
