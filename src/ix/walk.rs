//! Follows a text line by line and says which mode each line is in.
//!
//! Where a line fits two modes, it says so; it does not decide what follows from that.

mod doubts;

use std::sync::Arc;

use super::doubt::Weight;
use super::line_cache::LineCache;
use super::opens::{Opens, RowOfLine};
use super::statement::Statement;
use crate::dialect::grammar::{GLOBAL, Grammar, Known, words};
use crate::dialect::{Commands, Dialect};

/// Blocks inside blocks deeper than this are kept flat; the language has two levels.
const DEEPEST: usize = 8;

/// A TAB leads to the next multiple of this many columns.
const TAB: usize = 8;

/// One line placed in its mode.
#[derive(Debug)]
pub(super) struct PlacedLine<'g, 't> {
    /// What it is.
    pub found: Found<'g, 't>,
    /// Its depth.
    pub depth: usize,
    /// The block it belongs to.
    pub parent: usize,
    indent: usize,
    doubt: Option<(Other, Weight)>,
    /// It shows that lines of this block are as deep as lines around it.
    slip: Option<usize>,
}

/// What a line was found to be.
#[derive(Debug)]
pub(super) enum Found<'g, 't> {
    /// Its command, if the grammar knows it, and its words.
    Line(Option<Known<'g>>, Vec<&'t str>),
    /// The same as a line of the configuration that is read beside.
    Seen(Arc<Statement>),
}

/// Where a line could also belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Other {
    Global,
    /// The block of this node.
    Block(usize),
    /// Below the line above it.
    Above,
}

/// A line whose place is in doubt, by the node it became.
#[derive(Debug)]
pub(super) struct Unsure {
    pub node: usize,
    pub line: u32,
    pub other: Other,
    pub weight: Weight,
}

/// What a line does to the modes that are open.
pub(super) struct Placed<'g> {
    opens: Opens<'g>,
    depth: usize,
    indent: usize,
    doubt: Option<(Other, Weight)>,
    slip: Option<usize>,
    /// A server's line in the global mode.
    server: bool,
}

impl<'g> Found<'g, '_> {
    fn row(&self, grammar: &'g Grammar) -> Option<RowOfLine<'g>> {
        match self {
            Self::Line(known, _) => known.as_ref().map(|known| RowOfLine { row: known.row, off: known.off }),
            Self::Seen(line) => {
                line.row.as_ref().and_then(|row| Some(RowOfLine { row: grammar.rows().get(row.rank)?, off: line.off }))
            }
        }
    }

    fn is_negated(&self) -> bool {
        match self {
            Self::Line(_, words) => words.first() == Some(&"no"),
            Self::Seen(line) => line.text.starts_with("no "),
        }
    }
}

impl<'g> PlacedLine<'g, '_> {
    /// What the walk must know of it to go on.
    pub(super) fn placed(&self, grammar: &'g Grammar) -> Placed<'g> {
        let row = self.found.row(grammar);
        Placed {
            opens: Opens::of(row, self.found.is_negated()),
            depth: self.depth,
            indent: self.indent,
            doubt: self.doubt,
            slip: self.slip,
            server: self.depth == 0 && row.is_some_and(|line| grammar.is_server(line.row)),
        }
    }
}

/// A line as the innermost block that knows it has it.
pub(super) struct InBlock<'g> {
    /// The block, by its depth.
    pub at: usize,
    pub known: Known<'g>,
}

/// A mode that is open.
struct Frame<'g> {
    indent: usize,
    context: &'g str,
    node: usize,
    /// The indentation of its lines.
    depth: usize,
    /// Known to open a mode, and not only a line that deeper lines may follow.
    known: bool,
    /// Whether its lines are deeper than its header; nothing before the first one.
    indented: Option<bool>,
    /// An `exit` was as deep as its lines.
    exited: bool,
    /// A line without indentation was in it that may have opened a mode.
    doubtful: bool,
}

/// The block that ended last.
struct Left<'g> {
    context: &'g str,
    node: usize,
    /// How many modes were open around it.
    depth: usize,
    /// It ended because a line was less deep, and nothing else said so.
    silent: bool,
}

/// What came since the last line that opened a mode.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Preceding {
    /// Lines only.
    Nothing,
    /// A comment with a text, or an `exit` that may have left another mode: perhaps the end of the block.
    Comment,
    /// `!` alone, with which every display ends a block.
    End,
}

/// Follows a text line by line and says which mode each line is in.
///
/// Indented lines belong to the line above that is indented less. Without indentation a line belongs to the open block if that
/// mode knows it, else to the global mode, as on the router; after a `!` the global mode is asked first, because displays end
/// their blocks with it.
pub(super) struct Walk<'g> {
    grammar: &'g Grammar,
    commands: &'static Commands,
    frames: Vec<Frame<'g>>,
    since: Preceding,
    left: Option<Left<'g>>,
    /// A block of the text is indented, and one is not.
    styles: [bool; 2],
    /// How far the lines of the global mode are indented.
    outermost: Option<usize>,
    /// Servers' lines that were read in the global mode, and may turn out to be in a block that was not over.
    waiting: Vec<(usize, u32)>,
    unsure: Vec<Unsure>,
    beside: Option<LineCache<'g>>,
}

impl<'g> Walk<'g> {
    pub(super) fn new(dialect: &'g Dialect) -> Self {
        Self {
            grammar: dialect.grammar(),
            commands: dialect.commands(),
            frames: Vec::new(),
            since: Preceding::Nothing,
            left: None,
            styles: [false; 2],
            outermost: None,
            waiting: Vec::new(),
            unsure: Vec::new(),
            beside: None,
        }
    }

    /// The same, taking lines from another configuration where they are the same.
    pub(super) fn beside(dialect: &'g Dialect, beside: LineCache<'g>) -> Self {
        Self { beside: Some(beside), ..Self::new(dialect) }
    }

    /// The lines whose place is in doubt.
    pub(super) fn into_unsure(self) -> Vec<Unsure> {
        self.unsure
    }

    /// The place of the line; nothing for a line that is no command.
    pub(super) fn step<'t>(&mut self, line: &'t str) -> Option<PlacedLine<'g, 't>> {
        let indent = indentation(line);
        let text = line.trim_matches([' ', '\t', '\r']);
        if text.is_empty() {
            return None;
        }
        if text.starts_with('!') {
            if text.bytes().all(|byte| byte == b'!') {
                self.since = Preceding::End;
                self.settle();
            } else if self.since == Preceding::Nothing {
                self.since = Preceding::Comment;
            }
            return None;
        }
        if text == self.commands.exit {
            self.exit(indent);
            return None;
        }
        if self.commands.tops.contains(&text) {
            self.frames.clear();
            self.settle();
            return None;
        }
        self.leave(indent);
        let by_indent = match self.frames.last_mut() {
            None => Some(GLOBAL),
            Some(frame) if frame.indent < indent => {
                // A block that began without indentation goes on so.
                if frame.indented.is_none() {
                    frame.indented = Some(true);
                    self.styles[0] |= frame.known;
                }
                if frame.indented == Some(true) {
                    self.since = Preceding::Nothing;
                }
                Some(frame.context)
            }
            Some(_) => None,
        };
        let Some(context) = by_indent else { return Some(self.flat(words(text), indent)) };
        let found = match self.beside.as_mut().and_then(|beside| beside.find(context, text)) {
            Some(statement) => Found::Seen(statement),
            None => {
                let split = words(text);
                Found::Line(self.grammar.look_up(context, &split), split)
            }
        };
        let (doubt, slip) = self.doubt_of_indented(&found, text, indent);
        if self.frames.is_empty() {
            self.outermost = Some(self.outermost.map_or(indent, |least| least.min(indent)));
        }
        Some(PlacedLine { found, depth: self.depth(), parent: self.parent(), indent, doubt, slip })
    }

    fn depth(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.depth)
    }

    fn parent(&self) -> usize {
        self.frames.last().map_or(usize::MAX, |frame| frame.node)
    }

    /// The end of a block was said: what came before it is no longer in doubt.
    fn settle(&mut self) {
        if let Some(left) = &mut self.left {
            left.silent = false;
        }
        self.waiting.clear();
    }

    /// Leaves the innermost mode.
    fn pop(&mut self, silent: bool) {
        if let Some(frame) = self.frames.pop().filter(|frame| frame.known) {
            self.left = Some(Left { context: frame.context, node: frame.node, depth: self.frames.len(), silent });
        }
    }

    /// Leaves the modes whose lines are deeper.
    fn leave(&mut self, indent: usize) {
        while let Some(frame) = self.frames.last()
            && frame.indent >= indent
            && (!frame.known || frame.indented == Some(true))
        {
            let silent = !frame.exited && self.since != Preceding::End;
            self.pop(silent);
        }
    }

    /// An `exit`: as deep as the header of the block, as deep as its lines, or in a text without indentation.
    fn exit(&mut self, indent: usize) {
        self.settle();
        // A line that may have opened a mode, and has no lines.
        while self.frames.pop_if(|frame| !frame.known && frame.indented.is_none()).is_some() {}
        while let Some(frame) = self.frames.last_mut() {
            match frame.indented {
                // Its lines go on if the next one is as deep.
                Some(true) if frame.indent < indent => {
                    frame.exited = true;
                    return;
                }
                // It may have left a mode that a line of the block has opened.
                Some(false) if std::mem::take(&mut frame.doubtful) => {
                    self.since = Preceding::Comment;
                    return;
                }
                _ => {}
            }
            let (over, deeper) = (frame.exited, frame.indented == Some(true));
            self.pop(false);
            let around = self.frames.last();
            let more = deeper && around.is_some_and(|frame| frame.indented == Some(true) && frame.indent >= indent);
            if !(over || more) {
                return;
            }
        }
    }

    /// A line that its indentation does not place.
    fn flat<'t>(&mut self, split: Vec<&'t str>, indent: usize) -> PlacedLine<'g, 't> {
        let in_block = self.known_in(self.frames.len(), &split);
        let global = self.grammar.look_up(GLOBAL, &split);
        let block_wins = match (&in_block, &global) {
            (Some(InBlock { known: inner, .. }), Some(global)) => {
                let settled = self.since != Preceding::Nothing || self.is_empty_block();
                !settled && (!inner.row.family || global.row.family)
            }
            (Some(_), None) => true,
            (None, _) => false,
        };
        let (doubt, slip) = self.doubt_of_flat(&split, in_block.as_ref(), global.as_ref(), block_wins);
        if let Some(InBlock { at, known }) = in_block.filter(|_| block_wins) {
            self.frames.truncate(at + 1);
            if let Some(frame) = self.frames.last_mut() {
                frame.indented = Some(false);
                self.styles[1] = true;
            }
            let found = Found::Line(Some(known), split);
            return PlacedLine { found, depth: self.depth(), parent: self.parent(), indent, doubt, slip };
        }
        if global.is_none() && self.since == Preceding::Nothing && !self.is_empty_block() {
            let found = Found::Line(None, split);
            return PlacedLine { found, depth: self.depth(), parent: self.parent(), indent, doubt, slip };
        }
        PlacedLine { found: Found::Line(global, split), depth: 0, parent: usize::MAX, indent, doubt, slip }
    }

    /// The innermost of the first modes, up to this number, that knows a line.
    fn known_in(&self, modes: usize, split: &[&str]) -> Option<InBlock<'g>> {
        (0..modes).rev().find_map(|at| {
            let known = self.grammar.look_up(self.frames.get(at)?.context, split)?;
            Some(InBlock { at, known })
        })
    }

    /// Whether the last header has no line yet in a text that indents the lines of its blocks.
    fn is_empty_block(&self) -> bool {
        self.styles == [true, false] && self.frames.last().is_some_and(|frame| frame.indented.is_none())
    }

    /// Takes note of the node a step became, with its line in the text, so that the lines of its block find it.
    pub(super) fn place(&mut self, step: &Placed<'g>, node: usize, line: u32) {
        if let Some((other, weight)) = step.doubt {
            self.unsure.push(Unsure { node, line, other, weight });
        } else if step.server && (self.left.as_ref().is_some_and(|left| left.silent) || !self.frames.is_empty()) {
            self.waiting.push((node, line));
        }
        if let Some(block) = step.slip {
            let slipped = self.waiting.drain(..);
            let grave = |(node, line)| Unsure { node, line, other: Other::Block(block), weight: Weight::Grave };
            self.unsure.extend(slipped.map(grave));
        }
        if step.depth == 0 && matches!(step.opens, Opens::Mode(_)) {
            self.frames.clear();
        }
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.depth == step.depth) {
            frame.doubtful |= step.opens == Opens::Perhaps;
        }
        let frame = |context, known| Frame {
            indent: step.indent,
            context,
            node,
            depth: step.depth + 1,
            known,
            indented: None,
            exited: false,
            doubtful: false,
        };
        match step.opens {
            Opens::Mode(context) => {
                self.since = Preceding::Nothing;
                self.left = None;
                self.waiting.clear();
                self.frames.push(frame(context, true));
            }
            Opens::Perhaps if self.frames.len() < DEEPEST => self.frames.push(frame("", false)),
            Opens::Perhaps | Opens::Nothing => {}
        }
    }
}

/// How far a line is indented, in columns.
fn indentation(line: &str) -> usize {
    let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.fold(0, |column, byte| if byte == b'\t' { (column / TAB + 1) * TAB } else { column + 1 })
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::ix::Config;

    /// Each line after the headers it is in.
    fn placed(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        Config::parse(Dialect::ix(), text).walk(&mut |path, node| {
            let headers = path.iter().map(|header| &*header.text);
            found.push(headers.chain([&*node.text]).collect::<Vec<_>>().join(" / "));
        });
        found
    }

    #[test]
    fn an_indented_line_belongs_to_the_line_above_it() {
        for (text, expected) in [
            // Known by its first words only: no one knows that it opens nothing.
            ("ike fancy x\n  inner one\nhostname a\n", vec!["ike fancy x", "ike fancy x / inner one", "hostname a"]),
            ("flux x\n  inner one\nhostname a\n", vec!["flux x", "flux x / inner one", "hostname a"]),
            ("arp x\nflux y\n", vec!["arp x", "flux y"]),
            // Known whole: what is deeper by mistake is read as the router reads it.
            ("hostname a\n  flux x\n", vec!["hostname a", "flux x"]),
            (
                "interface Tunnel0.0\nip ospf cost 1\nikev2 peer any\nip mtu 1400\n",
                vec![
                    "interface Tunnel0.0",
                    "interface Tunnel0.0 / ip ospf cost 1",
                    "interface Tunnel0.0 / ikev2 peer any",
                    "interface Tunnel0.0 / ip mtu 1400",
                ],
            ),
            (
                "ikev2 default-profile\ndpd interval 10\nsource-address GigaEthernet0.0\nhostname a\n",
                vec![
                    "hostname a",
                    "ikev2 default-profile",
                    "ikev2 default-profile / dpd interval 10",
                    "ikev2 default-profile / source-address GigaEthernet0.0",
                ],
            ),
        ] {
            let (mut found, mut expected) = (placed(text), expected);
            found.sort();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }
}
