//! A configuration as the router holds it: what a display leaves out is filled in, what says nothing is removed.
//!
//! Two forms. `complete` is what the router would print: every interface of the box, every group of switch ports, fresh blocks
//! with their printed defaults. `bare` is for comparing: lines that only say the default are gone, so that equal means equal.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};

use crate::dialect::grammar::{CommandKind, Grammar, Object, Row, words};
use crate::dialect::model::Parts;
use crate::ix::print::sort;
use crate::ix::tree::Block;
use crate::ix::{Config, Node};

/// Whether a block exists whatever the configuration says: the interfaces and devices of the box.
pub fn is_fixed(node: &Node) -> bool {
    match node.context() {
        "interface" => node
            .arg("IF")
            .is_some_and(|name| Parts::of(name).is_some_and(|parts| !parts.is_made() && parts.group.is_none())),
        "device" => true,
        _ => false,
    }
}

/// Whether an interface exists because a group of switch ports does.
pub fn is_group_interface(node: &Node) -> bool {
    node.context() == "interface"
        && node
            .arg("IF")
            .is_some_and(|name| Parts::of(name).is_some_and(|parts| parts.group.is_some() && parts.sub == Some(0)))
}

/// The name of the interface that a group of switch ports makes.
pub fn made_by_group(device: &Node, group: &Node) -> Option<String> {
    let row = group.row.as_ref().filter(|row| row.vlan_group && !group.off)?;
    let number = group.arg(&row.args.first()?.name)?;
    let name = format!("{}:{number}.0", device.arg("DEVICE")?);
    // Of a device of a kind that no one knows it is not known what its groups make.
    Parts::of(&name).is_some().then_some(name)
}

/// The configuration with everything that exists on the router: `also` names blocks of the box that only the other side shows.
pub fn complete(config: &Config, also: &Config) -> Config {
    let grammar = config.grammar();
    let mut nodes = config.nodes.clone();
    let shown = nodes.len();
    let mut known: HashSet<Arc<str>> = keys_of_box(&nodes);
    let groups: Vec<String> = nodes
        .iter()
        .filter(|node| node.context() == "device")
        .flat_map(|device| device.children.iter().filter_map(|group| made_by_group(device, group)))
        .collect();
    for node in also.nodes.iter().filter(|node| is_of_box(node)) {
        if !known.contains(&node.key) && is_fixed(node) {
            known.insert(node.key.clone());
            let mut made = node.with_block(Vec::new());
            made.line = 0;
            nodes.push(made);
        }
    }
    for name in groups {
        let node = Node::new(grammar, "global", &format!("interface {name}"), 0);
        if known.insert(node.key.clone()) {
            nodes.push(node);
        }
    }
    for (index, node) in nodes.iter_mut().enumerate() {
        // A device that is shown without `shutdown` is up: only interfaces print either (fact sheet 6, T).
        let silent = index < shown && node.context() == "device";
        fill(grammar, node, |row| !silent || !row.up);
    }
    Config::from_nodes(config.dialect(), nodes)
}

/// Whether a block is an interface or a device.
fn is_of_box(node: &Node) -> bool {
    matches!(node.context(), "interface" | "device")
}

/// The keys of interfaces and devices.
fn keys_of_box(nodes: &[Node]) -> HashSet<Arc<str>> {
    nodes.iter().filter(|node| is_of_box(node)).map(|node| node.key.clone()).collect()
}

/// Adds the lines a fresh block of that name would show where the block says nothing about them.
pub fn fill_fresh(grammar: &Grammar, block: &mut Node) {
    fill(grammar, block, |_| true);
}

fn fill(grammar: &Grammar, block: &mut Node, wanted: impl Fn(&Row) -> bool) {
    if block.context().is_empty() || block.off {
        return;
    }
    for line in grammar.fresh(&block.text) {
        let says = |block: &Node, key: &str| block.children.iter().any(|child| *child.key == *key);
        // One that is there as it would come need not be looked up.
        if block.children.iter().any(|child| *child.text == **line) {
            continue;
        }
        let split = words(line);
        let known = grammar.look_up(block.context(), &split);
        // Neither need one be read that is not wanted, or whose command can be there once and is.
        let row = known.as_ref().map(|known| known.row);
        if row.is_some_and(|row| !wanted(row) || row.only_key().is_some_and(|key| says(block, key))) {
            continue;
        }
        let fresh = Node::looked_up(known, &split, line);
        if !says(block, &fresh.key) {
            block.children.push(fresh);
        }
    }
}

/// Two configurations ready to be compared.
#[derive(Debug)]
pub struct Pair {
    /// The old one, complete, in the router's order.
    pub old: Config,
    /// The new one, complete, in the router's order.
    pub new: Config,
    /// The old one bare; an interface that only a group of the new one makes is in it as a fresh one.
    pub from: Config,
    /// The new one bare; an interface that only a group of the old one makes is in it as a fresh one.
    pub to: Config,
}

impl Pair {
    /// Fills in and strips two configurations.
    pub fn of(old: &Config, new: &Config) -> Self {
        let (mut old, mut new) = (complete(old, new), complete(new, old));
        sort(&mut old.nodes);
        sort(&mut new.nodes);
        let (from, to) = (bare_beside(&old, &new), bare_beside(&new, &old));
        Self { old, new, from, to }
    }
}

/// A complete configuration without what says nothing, with the interfaces that groups of the other make.
fn bare_beside(config: &Config, other: &Config) -> Config {
    let mut nodes = bare(&config.nodes);
    let known = keys_of_box(&config.nodes);
    let missing = other.nodes.iter().filter(|node| is_group_interface(node) && !known.contains(&node.key));
    let fresh: Vec<Node> = missing
        .map(|node| {
            let mut fresh = node.with_block(Vec::new());
            fresh.line = 0;
            fill_fresh(config.grammar(), &mut fresh);
            fresh.with_block(bare(&fresh.children))
        })
        .collect();
    if fresh.is_empty() {
        return Config::from_nodes(config.dialect(), nodes);
    }
    nodes.extend(fresh);
    sort(&mut nodes);
    Config::from_nodes(config.dialect(), nodes)
}

/// Whether a line only says what is so without it: a printed default, or the absence of what the grammar knows.
pub fn says_nothing(node: &Node) -> bool {
    // Of a family only the first words are known, and not what is so without it.
    node.row.as_ref().is_some_and(|row| node.off != row.on_by_default && (!row.family || row.off.is_some()))
}

/// Whether a line is a negation that no display of the router is known to hold.
pub fn is_odd_negation(node: &Node) -> bool {
    node.off && node.row.as_ref().is_none_or(|row| row.off.is_none())
}

/// Removes what says nothing.
pub fn bare(nodes: &[Node]) -> Vec<Node> {
    let mut left = Vec::with_capacity(nodes.len());
    left.extend(
        nodes.iter().filter(|node| !says_nothing(node)).map(|node| node.with_block(bare_block(&node.children))),
    );
    left
}

fn bare_block(block: &Block) -> Block {
    fn is_bare(nodes: &[Node]) -> bool {
        nodes.iter().all(|node| !says_nothing(node) && is_bare(&node.children))
    }
    if is_bare(block) { block.clone() } else { bare(block).into() }
}

/// The line that takes this one away; nothing if no line can.
pub fn removal(node: &Node) -> Option<String> {
    use crate::dialect::grammar::Remove;
    let no = |positive: &str| ["no ", positive].concat();
    let Some(row) = &node.row else {
        // What a removal of something unknown removes is not known: its opposite may never have been there.
        return (!node.text.starts_with("no ")).then(|| no(&node.text));
    };
    if node.off && row.off.is_none() {
        if row.family {
            return None;
        }
        return Some(node.text.strip_prefix("no ").map_or_else(|| no(&node.text), str::to_owned));
    }
    if node.off {
        return Some(node.read().0.join(" "));
    }
    match &row.remove {
        Remove::Line => Some(no(&node.text)),
        Remove::Key => Some(no(&words(node.named()).join(" "))),
        Remove::Words(words) => Some(node.fill(words)),
        Remove::Never => row.off.as_ref().map(|off| node.fill(off)),
    }
}

/// The line that says the opposite of an unknown one.
pub fn opposite(text: &str) -> String {
    text.strip_prefix("no ").map_or_else(|| ["no ", text].concat(), str::to_owned)
}

/// Whether two configurations say the same: what says nothing, and the order of what has none, left out.
pub fn same(left: &Config, right: &Config) -> bool {
    // As a rule they are equal line by line, in the order in which they were entered or in that of a display: what was rehearsed
    // forth and back again.
    if left == right || left.sorted() == right.sorted() {
        return true;
    }
    let comparable = |config: &Config, also: &Config| {
        let mut nodes = bare(&complete(config, also).nodes);
        // A box's own blocks without a line say nothing, and neither does an empty group interface.
        nodes.retain(|node| !(node.children.is_empty() && (is_fixed(node) || is_group_interface(node))));
        sort(&mut nodes);
        Config::from_nodes(config.dialect(), nodes)
    };
    let (left, right) = (comparable(left, right), comparable(right, left));
    let lines_without_order = |config| {
        let mut lines = lines(config, |node| Cow::Borrowed(&node.text));
        lines.sort_unstable();
        lines
    };
    left == right || lines_without_order(&left) == lines_without_order(&right)
}

/// A configuration by itself in a form that is the same for all that say the [`same`]: a line for each line, with the headers of
/// its blocks and the place of a list's entry, in byte order. `shown` says how a line appears in it, such as masked.
pub fn canonical(config: &Config, shown: fn(&Node) -> Cow<'_, str>) -> Vec<String> {
    let grammar = config.grammar();
    let mut nodes = bare(&complete(config, &Config::empty(config.dialect())).nodes);
    // A block of the box that is as it comes says nothing: another display may leave it out.
    nodes.retain(|node| {
        let may_be_fresh = node.children.len() <= grammar.fresh(&node.text).len();
        let as_it_comes = || {
            let mut fresh = node.with_block(Vec::new());
            fill_fresh(grammar, &mut fresh);
            let fresh = bare(&fresh.children);
            node.children.len() == fresh.len() && node.children.iter().all(|line| fresh.contains(line))
        };
        !((may_be_fresh && is_fixed(node) && as_it_comes()) || (is_group_interface(node) && node.children.is_empty()))
    });
    sort(&mut nodes);
    let config = Config::from_nodes(config.dialect(), nodes);
    let whole = |line: &Line<'_>| {
        let Line { header, list, number, text } = line;
        [&**header, &**text, " [", list, " ", &number.to_string(), "]"].concat()
    };
    let mut lines: Vec<String> = lines(&config, shown).iter().map(whole).collect();
    lines.sort_unstable();
    lines
}

/// Whether an entry may be anywhere among others like it: it permits, and its list follows the router, or is known to allow
/// removing one entry alone and is used by filters only.
pub fn is_order_free(node: &Node, filters_only: bool) -> bool {
    node.permits()
        && node.row.as_ref().is_some_and(|row| match row.kind {
            CommandKind::Follow => true,
            // Numbered entries are in the order of their numbers.
            CommandKind::List => row.apart && filters_only && node.arg("SEQ").is_none(),
            _ => false,
        })
}

/// The lists whose order says something.
fn in_order(config: &Config) -> HashSet<&str> {
    fn collect<'a>(nodes: &'a [Node], beside_filters: &mut HashSet<&'a str>) {
        for node in nodes {
            if node.kind() != Some(CommandKind::Chain) {
                beside_filters.extend(node.refers().iter().map(Object::id));
            }
            collect(&node.children, beside_filters);
        }
    }
    let mut beside_filters = HashSet::default();
    collect(&config.nodes, &mut beside_filters);
    let entries = config.nodes.iter().filter(|node| node.kind() != Some(CommandKind::Head));
    let listed = entries.filter_map(|node| Some((node, &**node.list()?)));
    let judged = listed.filter(|(node, list)| !is_order_free(node, !beside_filters.contains(list)));
    judged.map(|(_, list)| list).collect()
}

/// A line as it is shown, where it is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line<'c> {
    /// The headers of its blocks, which its neighbours share.
    header: Rc<str>,
    /// The list that it is an entry of, if the order of that says something.
    list: &'c str,
    /// Its place there, from 1.
    number: usize,
    text: Cow<'c, str>,
}

/// Every line, in the order of the configuration.
fn lines<'c>(config: &'c Config, shown: fn(&Node) -> Cow<'_, str>) -> Vec<Line<'c>> {
    let judged = in_order(config);
    let mut lines = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    walk(&config.nodes, &Rc::from(""), shown, &mut |header, node| {
        let (list, number) = match node.list().map(|list| &**list).filter(|list| judged.contains(list)) {
            Some(list) => {
                let number = seen.entry(list).or_default();
                *number += 1;
                (list, *number)
            }
            None => ("", 0),
        };
        lines.push(Line { header: Rc::clone(header), list, number, text: shown(node) });
    });
    lines
}

/// Every line with the headers of its blocks, joined: the lines of a block share them.
fn walk<'a>(
    nodes: &'a [Node],
    header: &Rc<str>,
    shown: fn(&Node) -> Cow<'_, str>,
    visit: &mut impl FnMut(&Rc<str>, &'a Node),
) {
    for node in nodes {
        visit(header, node);
        if !node.children.is_empty() {
            walk(&node.children, &[&**header, &*shown(node), " / "].concat().into(), shown, visit);
        }
    }
}

/// The words of a line with the headers of its blocks before it, a leading `no` left out: what ownership is asked about.
pub fn full_words<'a>(path: &[&'a Node], node: &'a Node) -> Vec<&'a str> {
    let mut all = Vec::new();
    for header in path {
        all.extend(words(&header.text));
    }
    let own = words(&node.text);
    all.extend(own.iter().skip(usize::from(own.first() == Some(&"no") && own.len() > 1)));
    all
}

/// Whether a line of a secret command, or an unknown one, may show a secret.
pub fn may_hold_secret(node: &Node) -> bool {
    crate::ix::mask::holds_secret(&node.text)
}
