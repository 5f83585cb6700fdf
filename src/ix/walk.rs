//! Follows a text line by line and says in which mode each line stands.

use std::sync::Arc;

use super::beside::Beside;
use super::grammar::{GLOBAL, Grammar, Known, words};
use super::statement::Statement;

/// Blocks inside blocks deeper than this are kept flat; the language has two levels.
const DEEPEST: usize = 8;

/// One line placed in its mode.
#[derive(Debug)]
pub(super) struct Step<'g, 't> {
    /// What it is.
    pub found: Found<'g, 't>,
    /// How deep it stands.
    pub depth: usize,
    /// The block it belongs to.
    pub parent: usize,
    indent: usize,
}

/// What a line was found to be.
#[derive(Debug)]
pub(super) enum Found<'g, 't> {
    /// Its command, if the grammar knows it, and its words.
    Line(Option<Known<'g>>, Vec<&'t str>),
    /// The same as a line of the configuration that is read beside.
    Seen(Arc<Statement>),
}

/// What a line does to the modes that are open.
pub(super) struct Placed<'g> {
    opens: Option<&'g str>,
    /// The whole command is known, and that it opens nothing.
    closed: bool,
    depth: usize,
    indent: usize,
}

impl<'g> Step<'g, '_> {
    /// What the walk must know of it to go on.
    pub(super) fn placed(&self, grammar: &'g Grammar) -> Placed<'g> {
        let row = match &self.found {
            Found::Line(known, _) => known.as_ref().map(|known| (known.row, known.off)),
            Found::Seen(line) => line.row.as_ref().and_then(|row| Some((grammar.rows().get(row.rank)?, line.off))),
        };
        let opens = row.filter(|(_, off)| !off).and_then(|(row, _)| row.opens.as_deref());
        // Of a family the first words are known, and not whether the line opens a mode.
        let closed = row.is_some_and(|(row, _)| !row.family);
        Placed { opens, closed, depth: self.depth, indent: self.indent }
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
    beside: Option<Beside<'g>>,
}

impl<'g> Walk<'g> {
    pub(super) fn new(grammar: &'g Grammar) -> Self {
        Self { grammar, frames: Vec::new(), comment_since: false, beside: None }
    }

    /// The same, taking lines from another configuration where they are the same.
    pub(super) fn beside(grammar: &'g Grammar, beside: Beside<'g>) -> Self {
        Self { beside: Some(beside), ..Self::new(grammar) }
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
        while self.frames.last().is_some_and(|frame| {
            if frame.known { frame.indented == Some(true) && frame.indent >= indent } else { frame.indent >= indent }
        }) {
            self.frames.pop();
        }
        let by_indent = match self.frames.last_mut() {
            None => Some(GLOBAL),
            Some(frame) if frame.indent < indent => {
                frame.indented = Some(true);
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
        Some(Step { found, depth: self.frames.len(), parent: self.parent(), indent })
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
            return Step { found: Found::Line(Some(known), split), depth: at + 1, parent: self.parent(), indent };
        }
        if global.is_none() && !self.comment_since && !self.frames.is_empty() {
            let depth = self.frames.len();
            return Step { found: Found::Line(None, split), depth, parent: self.parent(), indent };
        }
        Step { found: Found::Line(global, split), depth: 0, parent: usize::MAX, indent }
    }

    /// Takes note of the node a step became, so that the lines of its block find it.
    pub(super) fn place(&mut self, step: &Placed<'g>, node: usize) {
        if step.depth == 0 && step.opens.is_some() {
            self.frames.clear();
        }
        if let Some(context) = step.opens {
            self.comment_since = false;
            self.frames.push(Frame { indent: step.indent, context, node, known: true, indented: None });
        } else if !step.closed && self.frames.len() < DEEPEST {
            self.frames.push(Frame { indent: step.indent, context: "", node, known: false, indented: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ix::Config;

    /// Each line behind the headers it stands in.
    fn placed(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        Config::parse(text).walk(&mut |path, node| {
            let headers = path.iter().map(|header| &*header.text);
            found.push(headers.chain([&*node.text]).collect::<Vec<_>>().join(" / "));
        });
        found
    }

    #[test]
    fn what_stands_deeper_belongs_to_the_line_above_it() {
        for (text, expected) in [
            // Known by its first words only: nobody knows that it opens nothing.
            ("ike fancy x\n  inner one\nhostname a\n", vec!["ike fancy x", "ike fancy x / inner one", "hostname a"]),
            ("flux x\n  inner one\nhostname a\n", vec!["flux x", "flux x / inner one", "hostname a"]),
            ("arp x\nflux y\n", vec!["arp x", "flux y"]),
            // Known whole: what stands deeper by mistake is read as the router reads it.
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
