//! The notation of a command row, and its compiled form.
//!
//! `ip filter {w15} {1-65535} (in|out) [suppress-logging]`: a bare word is a keyword, `{..}` an argument, `(a|b)` a choice,
//! `[..]` may be left out. The rows are this crate's own constants; a malformed one is caught by a test.

use super::argument::Argument;

/// What one step of a command expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// This word, or a unique prefix of it.
    Keyword(&'static str),
    /// A value.
    Argument(Argument),
}

/// A state of the compiled grammar.
#[derive(Debug, Default, Clone)]
pub struct Node {
    /// The row this state belongs to.
    pub row: usize,
    /// Whether a command may end here.
    pub end: bool,
    /// What may come next.
    pub next: Vec<(Token, usize)>,
    /// States that are reached without a word.
    pub free: Vec<usize>,
}

/// Compiles one row's pattern into `nodes` and returns its first state.
pub fn compile(nodes: &mut Vec<Node>, row: usize, pattern: &'static str) -> usize {
    let start = add(nodes, row);
    let mut reader = Reader { text: pattern, nodes, row };
    let end = reader.sequence(start);
    if let Some(node) = nodes.get_mut(end) {
        node.end = true;
    }
    start
}

fn add(nodes: &mut Vec<Node>, row: usize) -> usize {
    nodes.push(Node { row, ..Node::default() });
    nodes.len() - 1
}

struct Reader<'a> {
    text: &'static str,
    nodes: &'a mut Vec<Node>,
    row: usize,
}

impl Reader<'_> {
    fn sequence(&mut self, from: usize) -> usize {
        let mut at = from;
        loop {
            self.text = self.text.trim_start();
            match self.text.chars().next() {
                None | Some(')' | ']' | '|') => return at,
                Some('(') => {
                    self.skip(1);
                    at = self.choice(at);
                }
                Some('[') => {
                    self.skip(1);
                    let inside = self.choice(at);
                    self.free(at, inside);
                    at = inside;
                }
                Some('{') => {
                    let end = self.text.find('}').unwrap_or(self.text.len() - 1);
                    let kind = argument(self.text.get(1..end).unwrap_or_default());
                    self.skip(end + 1);
                    at = self.step(at, Token::Argument(kind));
                }
                Some(_) => {
                    let end = self.text.find([' ', ')', ']', '|', '(', '[']).unwrap_or(self.text.len());
                    let word = self.text.get(..end).unwrap_or_default();
                    self.skip(end);
                    at = self.step(at, Token::Keyword(word));
                }
            }
        }
    }

    /// Reads alternatives up to the closing bracket; all of them end in one state.
    fn choice(&mut self, from: usize) -> usize {
        let end = add(self.nodes, self.row);
        loop {
            let last = self.sequence(from);
            self.free(last, end);
            let more = self.text.starts_with('|');
            self.skip(1);
            if !more {
                return end;
            }
        }
    }

    fn step(&mut self, from: usize, token: Token) -> usize {
        let to = add(self.nodes, self.row);
        if let Some(node) = self.nodes.get_mut(from) {
            node.next.push((token, to));
        }
        if token == Token::Argument(Argument::Rest)
            && let Some(node) = self.nodes.get_mut(to)
        {
            node.next.push((token, to));
        }
        to
    }

    fn free(&mut self, from: usize, to: usize) {
        if let Some(node) = self.nodes.get_mut(from) {
            node.free.push(to);
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.text = self.text.get(bytes..).unwrap_or_default();
    }
}

/// The argument kind of a notation: `w`, `w15`, `1-254`, `n`, `ip`, `ip/`, `ip6`, `ip6/`, `if`, `dev`, `...`.
fn argument(notation: &str) -> Argument {
    match notation {
        "n" => Argument::Number(0, u64::from(u32::MAX)),
        "ip" => Argument::Ip4,
        "ip/" => Argument::Prefix4,
        "ip6" => Argument::Ip6,
        "ip6/" => Argument::Prefix6,
        "if" => Argument::Interface,
        "dev" => Argument::Device,
        "..." => Argument::Rest,
        other => {
            if let Some((low, high)) = other.split_once('-')
                && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
            {
                return Argument::Number(low, high);
            }
            let longest = other.strip_prefix('w').and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
            Argument::Word(longest)
        }
    }
}
