//! Text to tree: running and startup displays, hand-written files, command lists; with indentation or without.
//!
//! Never fails and never panics: a line it does not understand is kept in its place. Displays are cleaned of what is not
//! configuration: comments, `!` runs, the header, `Using N out of M bytes`, the echoed command and the prompt that followed.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::doubt::{Doubt, Reading};
use super::line_cache::LineCache;
use super::statement::Statement;
use super::tree::{Config, Node, Repeated};
use super::walk::{Found, Other, PlacedLine, Unsure, Walk};
use crate::dialect::Dialect;
use crate::dialect::grammar::CommandKind;

impl Config {
    /// Reads a configuration. A block that is opened twice adds up, and the last value of a line wins, as on the router (fact sheet 6).
    /// It is kept in the dialect it is read in: comparing and planning need no other word. The bytes of a file, and what a person wrote, are
    /// decoded once, where they come in ([`to_text`](super::line::to_text)).
    pub fn parse(dialect: &Arc<Dialect>, text: impl AsRef<str>) -> Self {
        Self::read(dialect, Walk::new(dialect), text.as_ref())
    }

    /// The same as [`Config::parse`] in the dialect of another configuration, and sooner where most lines are in both: those are
    /// shared.
    pub fn parse_reusing(other: &Self, text: impl AsRef<str>) -> Self {
        Self::read(other.dialect(), Walk::beside(other.dialect(), LineCache::of(other)), text.as_ref())
    }

    fn read<'g>(dialect: &'g Arc<Dialect>, mut walk: Walk<'g>, text: &str) -> Self {
        let grammar = dialect.grammar();
        let mut tree = TreeBuilder::with_room_for(text.bytes().filter(|byte| *byte == b'\n').count() + 1);
        for (index, line) in text.lines().enumerate() {
            if not_configuration(dialect, line, tree.is_empty()) {
                continue;
            }
            if let Some(step) = walk.step(line) {
                let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
                let placed = step.placed(grammar);
                let node = tree.add(step, line.trim_matches([' ', '\t', '\r']), number);
                walk.place(&placed, node, number);
            }
        }
        let repeated = std::mem::take(&mut tree.repeated);
        let doubts = tree.doubts(walk.into_unsure());
        let mut config = Self::from_nodes(dialect, tree.finish());
        (config.repeated, config.doubts) = (repeated, doubts);
        config
    }
}

/// Whether a line of a display is not configuration.
fn not_configuration(dialect: &Dialect, line: &str, first: bool) -> bool {
    let line = line.trim();
    // A text of the device, such as `% Non-volatile configuration memory is not present` (M): never configuration.
    if line.starts_with(dialect.diagnostics().sign) {
        return true;
    }
    if line.starts_with("Using ") && line.ends_with(" bytes") && line.contains(" out of ") {
        return true;
    }
    let is_echo = |text: &str| dialect.commands().is_display_of_configuration(text);
    let is_before = |line: &str| dialect.strings().around_display.iter().any(|text| line.starts_with(text));
    if first && (is_echo(line) || is_before(line)) {
        return true;
    }
    dialect
        .prompts()
        .split(line)
        .is_some_and(|(_, typed)| typed.is_empty() || (typed.starts_with(' ') && is_echo(typed)))
}

/// The parent of a block that was removed again.
const GONE: usize = usize::MAX - 1;

/// The tree while it grows: nodes in one row, so that a repeated line is found without searching.
struct TreeBuilder {
    nodes: Vec<(Node, usize)>,
    /// The slot of the line with this parent and key. Two that share a hash by chance have neighbouring hashes.
    known: HashMap<u64, u32, BuildHasherDefault<Ready>>,
    repeated: Vec<Repeated>,
}

impl TreeBuilder {
    fn with_room_for(lines: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(lines),
            known: HashMap::with_capacity_and_hasher(lines, BuildHasherDefault::default()),
            repeated: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn add(&mut self, step: PlacedLine<'_, '_>, text: &str, line: u32) -> usize {
        let statement = match step.found {
            Found::Line(known, words) => Arc::new(Statement::looked_up(known, &words, text)),
            Found::Seen(statement) => statement,
        };
        let node = Node::of(statement, line);
        if node.row.is_none() {
            self.take_away(step.parent, &node);
        }
        let next = self.nodes.len();
        let mut hash = slot_of(&node, step.parent);
        loop {
            let mut place = match self.known.entry(hash) {
                Entry::Vacant(place) => {
                    place.insert(u32::try_from(next).unwrap_or(u32::MAX));
                    self.nodes.push((node, step.parent));
                    return next;
                }
                Entry::Occupied(place) => place,
            };
            let found = *place.get() as usize;
            let Some((existing, parent)) = self.nodes.get_mut(found) else { return found };
            if !existing.same_key(&node) || *parent != step.parent {
                hash = hash.wrapping_add(1);
                continue;
            }
            let block = existing.kind() == Some(CommandKind::Block);
            let nameless = existing.row.as_ref().is_none_or(|row| row.family);
            if !(block && existing.off != node.off) && existing.text != node.text {
                self.repeated.push(repeated(existing, &node, block));
            }
            if (block || nameless) && existing.off != node.off {
                // `no` removes the block with all its lines, and its header makes it again.
                *parent = GONE;
                place.insert(u32::try_from(next).unwrap_or(u32::MAX));
                self.nodes.push((node, step.parent));
                return next;
            }
            if !block && existing.text != node.text {
                *existing = node;
            }
            return found;
        }
    }

    /// Of an unknown line and the same with `no` before it the last one counts, as the router reads them.
    fn take_away(&mut self, parent: usize, node: &Node) {
        let opposite = match node.text.strip_prefix("no ") {
            Some(positive) => Statement::unknown(positive),
            None => Statement::unknown(&format!("no {}", node.text)),
        };
        let opposite = Node::of(Arc::new(opposite), 0);
        let mut hash = slot_of(&opposite, parent);
        while let Some(found) = self.known.get(&hash) {
            if let Some((existing, above)) = self.nodes.get_mut(*found as usize)
                && *above == parent
                && existing.same_key(&opposite)
            {
                self.repeated.push(repeated(existing, node, false));
                *above = GONE;
                return;
            }
            hash = hash.wrapping_add(1);
        }
    }

    /// The lines whose place is in doubt, with both their places; those of blocks that were removed again are left out.
    fn doubts(&self, unsure: Vec<Unsure>) -> Vec<Doubt> {
        let block = |node: usize| match self.nodes.get(node) {
            Some((header, _)) => Some(Reading::Block(header.text.clone())),
            None => (node != GONE).then_some(Reading::Global),
        };
        let one = |Unsure { node, line, other, weight }: Unsure| {
            let (statement, parent) = self.nodes.get(node)?;
            let read = block(*parent)?;
            let other = match other {
                Other::Global => Reading::Global,
                Other::Block(node) => block(node)?,
                Other::Above => Reading::Above,
            };
            Some(Doubt { line, text: statement.text.clone(), read, other, weight })
        };
        let mut doubts: Vec<Doubt> = unsure.into_iter().filter_map(one).collect();
        doubts.sort_by_key(|doubt| doubt.line);
        doubts
    }

    fn finish(self) -> Vec<Node> {
        let Self { mut nodes, known, .. } = self;
        drop(known);
        let mut roots = Vec::with_capacity(nodes.iter().filter(|(_, parent)| *parent >= nodes.len()).count());
        // A parent always precedes its children: taking from the end, every node is complete when it is taken.
        while let Some((mut node, parent)) = nodes.pop() {
            if node.children.len() > 1 {
                node.children.reverse();
            }
            match nodes.get_mut(parent) {
                Some((above, _)) => above.children.push(node),
                None if parent == GONE => {}
                None => roots.push(node),
            }
        }
        roots.reverse();
        roots
    }
}

/// Where a line of a block is looked for.
fn slot_of(node: &Node, parent: usize) -> u64 {
    // An odd factor spreads the parents over all bits.
    node.key_hash() ^ (parent as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn repeated(existing: &Node, node: &Node, block: bool) -> Repeated {
    let (before, after) = (existing.text.clone(), node.text.clone());
    Repeated { first: existing.line, again: node.line, before, after, block }
}

/// Takes the hash that a line was given when it was read.
#[derive(Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = self.0.rotate_left(8) ^ hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
