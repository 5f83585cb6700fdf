//! Masked lines of one configuration beside another: no one knows what they say, so they stay as they are.
//!
//! Takes two configurations and gives the second one back in such a form that no masked line of either, and no line that may be one of
//! them, differs from the first. Decides nothing else, and says which lines they were.

use std::sync::Arc;

use foldhash::{HashMap, HashSet, HashSetExt};

use crate::dialect::grammar::{Object, words};
use crate::ix::mask::mask_line;
use crate::ix::masked::{beginning, beginnings, is_masked};
use crate::ix::{Config, Node};

/// A line that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The headers of the blocks around it, from the outermost.
    pub section: Vec<Arc<str>>,
    /// The masked line.
    pub text: Arc<str>,
    /// Whether the other configuration has a line that may be the same one.
    pub matched: bool,
    /// It is no masked line itself: it stays because one needs it.
    pub needed: bool,
}

impl Unknown {
    /// The line with its headers, as it may be shown.
    pub fn shown(&self) -> String {
        let lines = self.section.iter().chain([&self.text]).map(|line| mask_line(line));
        lines.collect::<Vec<_>>().join(" / ")
    }

    /// Its words with those of its headers before them, a leading `no` left out: what ownership is asked about.
    pub fn full_words(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.section.iter().flat_map(|header| words(header)).collect();
        let own = words(&self.text);
        all.extend(own.iter().skip(usize::from(own.first() == Some(&"no") && own.len() > 1)));
        all
    }
}

/// A configuration in which every line that cannot be compared is as in another one.
#[derive(Debug)]
pub struct SetAside {
    /// The configuration.
    pub config: Config,
    /// The masked lines of both, each once.
    pub lines: Vec<Unknown>,
}

/// Whether a configuration holds a masked line.
pub fn has_masked(config: &Config) -> bool {
    holds_masked(&config.nodes)
}

fn holds_masked(nodes: &[Node]) -> bool {
    nodes.iter().any(is_touched)
}

/// Whether a line is masked, or one of its block is.
pub fn is_touched(node: &Node) -> bool {
    is_masked(&node.text) || holds_masked(&node.children)
}

/// `new` with every masked line of either, and every line that may be one of them, as it is in `old`; nothing where neither holds a
/// masked line. A block with a masked line that only `old` has stays, with nothing but its masked lines.
pub fn set_aside(old: &Config, new: &Config) -> Option<SetAside> {
    aside(Aside { whole: true, with_needs: true, ..Aside::default() }, old, new)
}

/// `new` as far as `old` can be compared with it: what differs then is no masked line.
pub fn known_parts(old: &Config, new: &Config) -> Option<SetAside> {
    aside(Aside { whole: true, ..Aside::default() }, old, new)
}

/// The same for what is wanted of a router that may keep other lines, too: whether a block that only `old` has stays is left open.
pub fn wanted_beside(old: &Config, new: &Config) -> Option<SetAside> {
    aside(Aside { with_needs: true, ..Aside::default() }, old, new)
}

/// A configuration without its masked lines: what is left is a whole command in each line.
pub fn without_masked(config: &Config) -> Config {
    fn rest(nodes: &[Node]) -> Vec<Node> {
        let rest_of = |node: &Node| match holds_masked(&node.children) {
            true => node.with_block(rest(&node.children)),
            false => node.clone(),
        };
        nodes.iter().filter(|node| !is_masked(&node.text)).map(rest_of).collect()
    }
    Config::from_nodes(config.dialect(), rest(&config.nodes))
}

fn aside(mut aside: Aside, old: &Config, new: &Config) -> Option<SetAside> {
    if !has_masked(old) && !has_masked(new) {
        return None;
    }
    let mut nodes = aside.level(&old.nodes, &new.nodes);
    let needed = if aside.with_needs { needed(old, &nodes) } else { Vec::new() };
    aside.lines.extend(needed.iter().map(|node| Unknown {
        section: Vec::new(),
        text: node.text.clone(),
        matched: false,
        needed: true,
    }));
    nodes.extend(needed);
    let mut seen = HashSet::new();
    aside.lines.retain(|line| seen.insert(line.shown()));
    Some(SetAside { config: Config::from_nodes(new.dialect(), nodes), lines: aside.lines })
}

/// The lines of `old` that define what its masked lines need, and what these need in turn, where `new` defines it no more.
fn needed(old: &Config, new: &[Node]) -> Vec<Node> {
    let mut makers: HashMap<&str, Vec<&Node>> = HashMap::default();
    for node in &old.nodes {
        node.defines().iter().for_each(|object| makers.entry(object.id()).or_default().push(node));
    }
    let mut there: HashSet<Arc<str>> = new.iter().flat_map(|node| node.defines()).map(Object::shared).collect();
    let mut open: Vec<&Object> = Vec::new();
    masked_of(&old.nodes, &mut |node| open.extend(node.refers()));
    let mut kept = Vec::new();
    while let Some(object) = open.pop() {
        if !there.insert(object.shared()) {
            continue;
        }
        for maker in makers.get(object.id()).into_iter().flatten() {
            kept.push(as_it_is(maker));
            open.extend(maker.refers());
            maker.children.iter().for_each(|line| open.extend(line.refers()));
        }
    }
    let mut seen = HashSet::new();
    kept.retain(|node| seen.insert(node.key.clone()));
    kept
}

/// Every masked line, with the lines of its block.
fn masked_of<'n>(nodes: &'n [Node], visit: &mut impl FnMut(&'n Node)) {
    for node in nodes {
        if is_masked(&node.text) {
            visit(node);
            node.children.iter().for_each(&mut *visit);
        }
        masked_of(&node.children, visit);
    }
}

#[derive(Default)]
struct Aside {
    /// Whether a block that only the first configuration has is brought into the second one.
    whole: bool,
    /// Whether what a masked line needs stays with it.
    with_needs: bool,
    section: Vec<Arc<str>>,
    lines: Vec<Unknown>,
}

/// A masked line, and whether a line of the other configuration was met that it may be.
struct Claim<'n> {
    node: &'n Node,
    matched: bool,
}

/// The masked lines of a level.
struct Claims<'n> {
    lines: Vec<Claim<'n>>,
    /// Those that begin so, until one of them was met.
    by_beginning: HashMap<String, Vec<usize>>,
    by_key: HashMap<&'n str, usize>,
}

impl<'n> Claims<'n> {
    fn of(nodes: &'n [Node]) -> Self {
        let masked = nodes.iter().filter(|node| is_masked(&node.text));
        let lines: Vec<Claim<'n>> = masked.map(|node| Claim { node, matched: false }).collect();
        let mut by_beginning: HashMap<String, Vec<usize>> = HashMap::default();
        for (at, line) in lines.iter().enumerate() {
            let beginning = beginning(&line.node.text).join(" ");
            if !beginning.is_empty() {
                by_beginning.entry(beginning).or_default().push(at);
            }
        }
        let by_key = lines.iter().enumerate().map(|(at, line)| (&*line.node.key, at)).collect();
        Self { lines, by_beginning, by_key }
    }

    /// Whether a line of the other configuration may be one of them; those that it is the first to be taken for.
    fn may_be(&mut self, node: &Node) -> Option<Vec<&'n Node>> {
        if self.lines.is_empty() {
            return None;
        }
        let (mut found, mut first) = (false, Vec::new());
        for beginning in beginnings(&node.text) {
            if let Some(group) = self.by_beginning.get_mut(&beginning) {
                found = true;
                first.append(group);
            }
        }
        let by_key = self.by_key.get(&*node.key).copied();
        first.extend(by_key);
        let mut newly = Vec::new();
        for at in first {
            let Some(line) = self.lines.get_mut(at) else { continue };
            if !std::mem::replace(&mut line.matched, true) {
                newly.push(line.node);
            }
        }
        (found || by_key.is_some()).then_some(newly)
    }

    /// Those that nothing was met for.
    fn left(&self) -> impl Iterator<Item = &'n Node> {
        self.lines.iter().filter(|line| !line.matched).map(|line| line.node)
    }
}

impl Aside {
    fn level(&mut self, old: &[Node], new: &[Node]) -> Vec<Node> {
        let (mut of_old, mut of_new) = (Claims::of(old), Claims::of(new));
        let twins: HashMap<&str, &Node> = old.iter().map(|node| (&*node.key, node)).collect();
        let wanted: HashSet<&str> = new.iter().filter(|node| !is_masked(&node.text)).map(|node| &*node.key).collect();
        let same = |node: &Node| twins.get(&*node.key).is_some_and(|twin| twin.same_text(node));
        // Of a list with an unknown line, no entry can be judged.
        let mut lists: HashSet<Arc<str>> =
            of_old.lines.iter().chain(&of_new.lines).filter_map(|line| line.node.list()).cloned().collect();
        let mut result = Vec::with_capacity(new.len());
        for node in new {
            let masked = is_masked(&node.text);
            let stands_for = if masked || !same(node) { of_old.may_be(node) } else { None };
            match stands_for {
                // The unknown line takes the place of a line that may be the same.
                Some(unknown) => {
                    result.extend(unknown.into_iter().map(as_it_is));
                    lists.extend(node.list().cloned());
                }
                None if masked => {}
                None => result.push(self.inside(twins.get(&*node.key).copied(), node)),
            }
        }
        result.extend(of_old.left().map(as_it_is));
        for node in old.iter().filter(|node| !is_masked(&node.text) && !wanted.contains(&*node.key)) {
            if of_new.may_be(node).is_some() {
                lists.extend(node.list().cloned());
                result.push(as_it_is(node));
            } else if holds_masked(&node.children) {
                let emptied = self.emptied(node);
                result.extend(self.whole.then_some(emptied));
            }
        }
        if !lists.is_empty() {
            let of_them = |node: &&Node| node.list().is_some_and(|list| lists.contains(list));
            result.retain(|node| !of_them(&node));
            result.extend(old.iter().filter(of_them).map(as_it_is));
        }
        self.say(&of_old);
        self.say(&of_new);
        result
    }

    /// A line of the new configuration with its block.
    fn inside(&mut self, twin: Option<&Node>, node: &Node) -> Node {
        let before = twin.map(|twin| &twin.children).filter(|_| !node.off);
        if !holds_masked(&node.children) && !before.is_some_and(|lines| holds_masked(lines)) {
            return node.clone();
        }
        self.section.push(node.text.clone());
        let children = self.level(before.map_or(&[], |lines| lines.as_slice()), &node.children);
        self.section.pop();
        node.with_block(children)
    }

    /// A block that only the old configuration has: what is masked in it stays, and the header with it.
    fn emptied(&mut self, node: &Node) -> Node {
        self.section.push(node.text.clone());
        let children = self.level(&node.children, &[]);
        self.section.pop();
        as_it_is(&node.with_block(children))
    }

    fn say(&mut self, claims: &Claims<'_>) {
        for Claim { node, matched } in &claims.lines {
            self.lines.push(Unknown {
                section: self.section.clone(),
                text: node.text.clone(),
                matched: *matched,
                needed: false,
            });
        }
    }
}

/// A line that no one asked for: it stays, and belongs to no line of what is wanted.
fn as_it_is(node: &Node) -> Node {
    let mut kept = node.clone();
    kept.line = 0;
    kept
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::set_aside;
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::{Lifeline, between};

    /// What is typed from one to the other, and what undoes it; and the lines that cannot be compared.
    fn typed(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
        let (old, new) = (Config::parse(Dialect::ix(), old), Config::parse(Dialect::ix(), new));
        let aside = set_aside(&old, &new).unwrap();
        let plan = between(&old, &aside.config, &Lifeline::Console, 255).unwrap();
        let all = plan
            .commands
            .iter()
            .chain(&plan.undo(plan.commands.len()))
            .map(|command| command.text.to_string())
            .collect();
        (all, aside.lines.iter().map(super::Unknown::shown).collect())
    }

    const MASKED: &str = "hostname a\nusername admin password hash ******** administrator\nppp profile p\n  authentication myname x\n  authentication password x ********\nip access-list l permit ip src any dest any\nsnmp-agent ip community ********\n";
    const CLEAR: &str = "hostname a\nusername admin password hash 0123456789ABCDEF@ administrator\nppp profile p\n  authentication myname x\n  authentication password x CANARY\nip access-list l permit ip src any dest any\nsnmp-agent ip community CANARY\n";

    #[test]
    fn a_masked_line_on_either_side_is_no_change() {
        for (old, new) in [(MASKED, CLEAR), (CLEAR, MASKED), (MASKED, MASKED)] {
            let (typed, lines) = typed(old, new);
            assert_eq!(typed, [] as [&str; 0], "{old}\n{new}");
            assert_eq!(
                lines,
                [
                    "ppp profile p / authentication password x ********",
                    "username admin password hash ******** administrator",
                    "snmp-agent ip community ********",
                ]
            );
        }
    }

    #[test]
    fn a_masked_line_is_neither_removed_nor_entered() {
        let others = "hostname b\nip access-list l permit ip src any dest any\n";
        for (old, new) in [(MASKED, others), (others, MASKED)] {
            let (typed, lines) = typed(old, new);
            for never in ["****", "username", "snmp-agent", "authentication password"] {
                assert!(!typed.iter().any(|line| line.contains(never)), "{never}: {typed:?}");
            }
            // The undo of our own block may; the removal of a block with a masked line may not.
            assert_eq!(typed.iter().any(|line| line == "no ppp profile p"), old == others, "{typed:?}");
            for there_and_back in ["hostname a", "hostname b"] {
                assert!(typed.iter().any(|line| line == there_and_back), "{typed:?}");
            }
            assert_eq!(lines.len(), 3);
        }
    }

    #[test]
    fn a_list_with_a_masked_line_is_left_whole() {
        let list = |entry: &str| {
            format!(
                "ip access-list l permit ip src 192.0.2.1/32 dest any\nip access-list l {entry}\nip access-list l permit ip src any dest any\n"
            )
        };
        let (old, new) = (list("permit ip src <removed> dest any"), list("permit ip src 192.0.2.9/32 dest any"));
        assert_eq!(typed(&old, &new).0, [] as [&str; 0]);
        assert_eq!(typed(&new, &old).0, [] as [&str; 0]);
    }

    #[test]
    fn where_nothing_is_masked_nothing_is_set_aside() {
        assert!(set_aside(&Config::parse(Dialect::ix(), CLEAR), &Config::parse(Dialect::ix(), CLEAR)).is_none());
    }
}
