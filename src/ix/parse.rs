//! Text to tree: running and startup displays, hand-written files, command lists; with indentation or without.
//!
//! Never fails and never panics: a line it does not understand is kept where it stands. Displays are cleaned of what is not
//! configuration: comments, `!` runs, the header, `Using N out of M bytes`, the echoed command and the prompt that came back.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::grammar::{GLOBAL, Grammar, Kind, Known, words};
use super::line::to_text;
use super::tree::{Config, Node};

/// Blocks inside blocks deeper than this are kept flat; the language has two levels.
const DEEPEST: usize = 8;

impl Config {
    /// Reads a configuration. A block that is repeated merges, and the last value of a line wins, as on the router (fact sheet 6).
    pub fn parse(text: impl AsRef<[u8]>) -> Self {
        Self::parse_with(Grammar::ix(), text)
    }

    /// The same with another table.
    pub fn parse_with(grammar: &Arc<Grammar>, text: impl AsRef<[u8]>) -> Self {
        let text = to_text(text.as_ref());
        let mut walk = Walk::new(grammar);
        let mut tree = Growing::with_room_for(text.bytes().filter(|byte| *byte == b'\n').count() + 1);
        for (index, line) in text.lines().enumerate() {
            if not_configuration(line, tree.is_empty()) {
                continue;
            }
            if let Some(step) = walk.step(line) {
                let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
                let placed = step.placed();
                let node = tree.add(step, line.trim_matches([' ', '\t', '\r']), number);
                walk.place(&placed, node);
            }
        }
        Self::from_nodes(grammar, tree.finish())
    }
}

/// Whether a line of a display is not configuration.
fn not_configuration(line: &str, first: bool) -> bool {
    let line = line.trim();
    if line.starts_with("Using ") && line.ends_with(" bytes") && line.contains(" out of ") {
        return true;
    }
    let echo =
        |text: &str| matches!(words(text).as_slice(), ["show", "running-config" | "startup-config" | "config", ..]);
    if first && (echo(line) || line == "Building configuration...") {
        return true;
    }
    let Some(end) = line.bytes().position(|byte| matches!(byte, b'#' | b'%')) else { return false };
    let (name, rest) = line.split_at(end);
    let typed = rest.get(1..).unwrap_or_default();
    let host = name.split('(').next().unwrap_or_default();
    let plain = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let mode = name.get(host.len()..).unwrap_or_default();
    plain
        && (mode.is_empty() || (mode.starts_with("(config") && mode.ends_with(')')))
        && (typed.is_empty() || (typed.starts_with(' ') && echo(typed)))
}

/// One line placed in its mode.
#[derive(Debug)]
pub(super) struct Step<'g, 't> {
    /// Its command.
    pub known: Option<Known<'g>>,
    /// Its words.
    pub words: Vec<&'t str>,
    /// How deep it stands.
    pub depth: usize,
    /// The block it belongs to.
    parent: usize,
    indent: usize,
}

/// What a line does to the modes that are open.
pub(super) struct Placed<'g> {
    opens: Option<&'g str>,
    known: bool,
    depth: usize,
    indent: usize,
}

impl<'g> Step<'g, '_> {
    /// What the walk must know of it to go on.
    pub(super) fn placed(&self) -> Placed<'g> {
        let opens = self.known.as_ref().and_then(|known| known.row.opens.as_deref());
        Placed { opens, known: self.known.is_some(), depth: self.depth, indent: self.indent }
    }
}

struct Frame<'g> {
    indent: usize,
    context: &'g str,
    node: usize,
    /// Known to open a mode, and not only a line that deeper lines may follow.
    known: bool,
    indented: Option<bool>,
}

/// Follows a text line by line and says in which mode each line stands.
///
/// Indented lines belong to the line above that is indented less. Without indentation a line belongs to the open block if that
/// mode knows it, else to the global mode, as on the router; after a `!` the global mode is asked first, because displays end
/// their blocks with it.
pub(super) struct Walk<'g> {
    grammar: &'g Grammar,
    frames: Vec<Frame<'g>>,
    comment_since: bool,
}

impl<'g> Walk<'g> {
    pub(super) fn new(grammar: &'g Grammar) -> Self {
        Self { grammar, frames: Vec::new(), comment_since: false }
    }

    /// Where the line stands; nothing for a line that is no command.
    pub(super) fn step<'t>(&mut self, line: &'t str) -> Option<Step<'g, 't>> {
        let indent = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let text = line.trim_matches([' ', '\t', '\r']);
        if text.is_empty() {
            return None;
        }
        if text.starts_with('!') {
            self.comment_since = true;
            return None;
        }
        match text {
            "exit" => {
                while self.frames.pop().is_some_and(|frame| !frame.known) {}
                return None;
            }
            "configure" | "configure terminal" | "enable-config" => {
                self.frames.clear();
                return None;
            }
            _ => {}
        }
        let split = words(text);
        while self.frames.last().is_some_and(|frame| {
            if frame.known { frame.indented == Some(true) && frame.indent >= indent } else { frame.indent >= indent }
        }) {
            self.frames.pop();
        }
        let step = match self.frames.last_mut() {
            Some(frame) if frame.indent < indent => {
                frame.indented = Some(true);
                let known = self.grammar.look_up(frame.context, &split);
                Step { known, words: split, depth: self.frames.len(), parent: self.parent(), indent }
            }
            _ => self.flat(split, indent),
        };
        Some(step)
    }

    fn parent(&self) -> usize {
        self.frames.last().map_or(usize::MAX, |frame| frame.node)
    }

    /// A line that its indentation does not place.
    fn flat<'t>(&mut self, split: Vec<&'t str>, indent: usize) -> Step<'g, 't> {
        let in_block = (0..self.frames.len()).rev().find_map(|at| {
            let context = self.frames.get(at)?.context;
            Some((at, self.grammar.look_up(context, &split)?))
        });
        let global = self.grammar.look_up(GLOBAL, &split);
        let block_wins = match (&in_block, &global) {
            (Some((_, inner)), Some(global)) => !self.comment_since && (!inner.row.family || global.row.family),
            (Some(_), None) => true,
            (None, _) => false,
        };
        if let Some((at, known)) = in_block.filter(|_| block_wins) {
            self.frames.truncate(at + 1);
            if let Some(frame) = self.frames.last_mut() {
                frame.indented = Some(false);
            }
            return Step { known: Some(known), words: split, depth: at + 1, parent: self.parent(), indent };
        }
        if global.is_none() && !self.comment_since && !self.frames.is_empty() {
            return Step { known: None, words: split, depth: self.frames.len(), parent: self.parent(), indent };
        }
        Step { known: global, words: split, depth: 0, parent: usize::MAX, indent }
    }

    /// Takes note of the node a step became, so that the lines of its block find it.
    pub(super) fn place(&mut self, step: &Placed<'g>, node: usize) {
        if step.depth == 0 && step.opens.is_some() {
            self.frames.clear();
        }
        if let Some(context) = step.opens {
            self.comment_since = false;
            self.frames.push(Frame { indent: step.indent, context, node, known: true, indented: None });
        } else if !step.known && self.frames.len() < DEEPEST {
            self.frames.push(Frame { indent: step.indent, context: "", node, known: false, indented: None });
        }
    }
}

/// The tree while it grows: nodes in one row, so that a repeated line is found without searching.
struct Growing {
    nodes: Vec<(Node, usize)>,
    /// Parent and key to node.
    known: HashMap<(usize, Arc<str>), usize>,
}

impl Growing {
    fn with_room_for(lines: usize) -> Self {
        Self { nodes: Vec::with_capacity(lines), known: HashMap::with_capacity(lines) }
    }

    fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn add(&mut self, step: Step<'_, '_>, text: &str, line: u32) -> usize {
        let node = Node::looked_up(step.known, &step.words, text, line);
        match self.known.entry((step.parent, node.key.clone())) {
            Entry::Vacant(place) => {
                place.insert(self.nodes.len());
                self.nodes.push((node, step.parent));
                self.nodes.len() - 1
            }
            Entry::Occupied(found) => {
                let found = *found.get();
                if let Some((existing, _)) = self.nodes.get_mut(found)
                    && existing.text != node.text
                    && !matches!(existing.kind(), Some(Kind::Block) if !node.off)
                {
                    let children = std::mem::take(&mut existing.children);
                    *existing = node.with_block(children);
                }
                found
            }
        }
    }

    fn finish(mut self) -> Vec<Node> {
        let mut roots = Vec::new();
        // A parent always stands before its children: taking from the end, every node is complete when it is taken.
        while let Some((mut node, parent)) = self.nodes.pop() {
            node.children.reverse();
            match self.nodes.get_mut(parent) {
                Some((above, _)) => above.children.push(node),
                None => roots.push(node),
            }
        }
        roots.reverse();
        roots
    }
}
