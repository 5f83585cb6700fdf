//! A configuration as a tree of lines, in the order it was read.
//!
//! Keeps what it does not understand. Says nothing about how one configuration becomes another.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::doubt::Doubt;
use super::statement::Statement;
use crate::dialect::Dialect;
use crate::dialect::grammar::{GLOBAL, Grammar, Known, words};

/// A line, with the lines of the block it opens. Copying one copies no text.
#[derive(Debug, Clone)]
pub struct Node {
    statement: Arc<Statement>,
    /// The line of the source it came from, from 1; 0 if it was made by us.
    pub line: u32,
    /// Whether its command opens a mode: known here, so that a search for blocks need not look at every line.
    opens: bool,
    /// The lines of its block.
    pub children: Block,
}

/// The lines of a block. A copy is shared until one of both changes, and no lines take no room.
#[derive(Clone, Default)]
pub struct Block(Option<Arc<Vec<Node>>>);

/// What a block without lines has.
static NO_LINES: Vec<Node> = Vec::new();

impl Deref for Block {
    type Target = Vec<Node>;

    fn deref(&self) -> &Vec<Node> {
        self.0.as_deref().unwrap_or(&NO_LINES)
    }
}

impl DerefMut for Block {
    fn deref_mut(&mut self) -> &mut Vec<Node> {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl From<Vec<Node>> for Block {
    fn from(lines: Vec<Node>) -> Self {
        Self((!lines.is_empty()).then(|| Arc::new(lines)))
    }
}

impl<'b> IntoIterator for &'b Block {
    type Item = &'b Node;
    type IntoIter = std::slice::Iter<'b, Node>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(&raw const **self, &raw const **other) || **self == **other
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl Deref for Node {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        &self.statement
    }
}

/// Equal in its text and in every line of its block; its place in the source does not count.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.same_text(other) && self.children == other.children
    }
}

impl Eq for Node {}

impl Node {
    /// A line of one mode, looked up in the grammar.
    pub fn new(grammar: &Grammar, context: &str, text: &str, line: u32) -> Self {
        let split = words(text);
        let mut node = Self::looked_up(grammar.look_up(context, &split), &split, text);
        node.line = line;
        node
    }

    /// A line made by us that was looked up already; `split` holds its words.
    pub fn looked_up(known: Option<Known<'_>>, split: &[&str], text: &str) -> Self {
        Self::of(Arc::new(Statement::looked_up(known, split, text)), 0)
    }

    /// A line that was looked up already, at its place in a text.
    pub(super) fn of(statement: Arc<Statement>, line: u32) -> Self {
        let opens = statement.row.as_ref().is_some_and(|row| row.opens.is_some());
        Self { statement, line, opens, children: Block::default() }
    }

    /// What the line is, to be shared.
    pub(super) fn statement(&self) -> &Arc<Statement> {
        &self.statement
    }

    /// The same line with another block.
    pub fn with_block(&self, children: impl Into<Block>) -> Self {
        let children = children.into();
        Self { statement: self.statement.clone(), line: self.line, opens: self.opens, children }
    }

    /// The mode it opens; the empty name where the grammar does not know one.
    pub fn context(&self) -> &str {
        if self.opens { self.statement.context() } else { "" }
    }

    /// The line written out, if the router takes it for a command in abbreviated words or other letters; `path` holds the headers
    /// of the blocks around it, from the outermost. A command that only `dialect` has does not count.
    pub fn written_out(&self, path: &[&Node], grammar: &Grammar, dialect: &Grammar) -> Option<String> {
        let mut modes: Vec<&str> = path.iter().rev().map(|header| header.context()).collect();
        modes.push(GLOBAL);
        let mode = modes.first().copied().unwrap_or(GLOBAL);
        let may_be = match &self.row {
            Some(row) => row.family || row.names_hardware(),
            None => dialect.look_up(mode, &words(&self.text)).is_none(),
        };
        if may_be { grammar.written_out(&modes, &self.text) } else { None }
    }

    /// Whether it opens a block.
    pub fn is_block(&self) -> bool {
        (self.opens || !self.children.is_empty()) && !self.off
    }
}

/// A configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The lines of the global mode, each with its block.
    pub nodes: Vec<Node>,
    /// What its text said twice and otherwise; empty where it was not read from a text.
    pub repeated: Vec<Repeated>,
    /// The lines of its text whose place is in doubt; empty where it was not read from a text.
    pub doubts: Vec<Doubt>,
    dialect: Arc<Dialect>,
}

/// The header of a block, or the value of a line, that a text gives twice and otherwise. Of a line the last one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The line that says it first, from 1.
    pub first: u32,
    /// The line that says it again.
    pub again: u32,
    /// What was said first.
    pub before: Arc<str>,
    /// What is repeated.
    pub after: Arc<str>,
    /// It is the header of a block, whose lines are put together under the first one.
    pub block: bool,
}

/// Equal in every line and its order; the place of a line in its source does not count.
impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        self.nodes == other.nodes
    }
}

impl Eq for Config {}

impl Config {
    /// No line at all.
    pub fn empty(dialect: &Arc<Dialect>) -> Self {
        Self::from_nodes(dialect, Vec::new())
    }

    /// The lines given, in that order.
    pub fn from_nodes(dialect: &Arc<Dialect>, nodes: Vec<Node>) -> Self {
        Self { nodes, repeated: Vec::new(), doubts: Vec::new(), dialect: Arc::clone(dialect) }
    }

    /// The dialect in which it was read.
    pub fn dialect(&self) -> &Arc<Dialect> {
        &self.dialect
    }

    /// The commands of its dialect.
    pub fn grammar(&self) -> &Grammar {
        self.dialect.grammar()
    }

    /// The line with this key in the global mode.
    pub fn find(&self, key: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| &*node.key == key)
    }

    /// The block of an interface.
    pub fn interface(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.context() == "interface" && node.arg("IF") == Some(name))
    }

    /// Every line with the headers of its blocks, from the outermost.
    pub fn walk(&self, visit: &mut dyn FnMut(&[&Node], &Node)) {
        fn inner<'a>(nodes: &'a [Node], path: &mut Vec<&'a Node>, visit: &mut dyn FnMut(&[&Node], &Node)) {
            for node in nodes {
                visit(path, node);
                if !node.children.is_empty() {
                    path.push(node);
                    inner(&node.children, path, visit);
                    path.pop();
                }
            }
        }
        inner(&self.nodes, &mut Vec::new(), visit);
    }

    /// How many lines it has, headers included.
    pub fn len(&self) -> usize {
        let mut count = 0;
        self.walk(&mut |_, _| count += 1);
        count
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The lines the grammar does not know, with the number of the source line.
    pub fn unrecognised(&self) -> Vec<(u32, String)> {
        let mut found = Vec::new();
        self.walk(&mut |_, node| {
            if node.row.is_none() {
                found.push((node.line, node.text.to_string()));
            }
        });
        found
    }
}
