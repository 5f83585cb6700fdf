//! A configuration as a tree of lines, in the order it was read.
//!
//! Keeps what it does not understand. Says what a line is (its command, its key, the objects it defines and needs) and nothing
//! about how one configuration becomes another.

use std::sync::Arc;

use super::grammar::{Captures, Grammar, Kind, Known, Object, Row, words};

/// A line, with the lines of the block it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The line, without indentation.
    pub text: Arc<str>,
    /// Its command; none if the grammar does not know it.
    pub row: Option<Arc<Row>>,
    /// Whether it says `no`.
    pub off: bool,
    /// What identifies it inside its block.
    pub key: Arc<str>,
    /// The list it is an entry or the head of, as an object: `ip-acl:v4-deny-list`.
    pub list: Option<Arc<str>>,
    /// The line of the source it came from, from 1; 0 if it was made by us.
    pub line: u32,
    /// The lines of its block.
    pub children: Vec<Node>,
}

impl Node {
    /// A line of one mode, looked up in the grammar.
    pub fn new(grammar: &Grammar, context: &str, text: &str, line: u32) -> Self {
        let split = words(text);
        let known = grammar.look_up(context, &split);
        Self::looked_up(known, &split, text, line)
    }

    /// A line that was looked up already.
    pub(super) fn looked_up(known: Option<Known<'_>>, split: &[&str], text: &str, line: u32) -> Self {
        let Some(known) = known else {
            return Self::unknown(text, line);
        };
        let positive = if known.off { split.get(1..).unwrap_or_default() } else { split };
        let key = if known.off && known.row.pattern.matches(&known.row.args, positive).is_none() {
            known.row.slot.clone()
        } else {
            known.row.key(positive, &known.captures)
        };
        let list = match known.row.kind {
            Kind::List | Kind::Follow | Kind::Head if !known.off => {
                let objects =
                    known.row.defines.iter().flat_map(|one| known.row.objects(one, positive, &known.captures));
                objects.map(|object| object.id().into()).next()
            }
            _ => None,
        };
        // Only a command of words alone is brought into one form; blanks inside free text may carry meaning.
        let plain = !text.contains("  ") && !text.contains('\t');
        let text = if plain || free_text(known.row) { text.trim_end().into() } else { split.join(" ").into() };
        Self {
            text,
            list,
            row: Some(Arc::clone(known.row)),
            off: known.off,
            key: key.into(),
            line,
            children: Vec::new(),
        }
    }

    /// A line the grammar does not know: it stands for itself.
    pub fn unknown(text: &str, line: u32) -> Self {
        let text: Arc<str> = text.trim_end().into();
        Self { key: text.clone(), text, list: None, row: None, off: false, line, children: Vec::new() }
    }

    /// Whether it opens a block.
    pub fn is_block(&self) -> bool {
        !self.off && (self.row.as_ref().is_some_and(|row| row.opens.is_some()) || !self.children.is_empty())
    }

    /// The mode of its block; the empty name where the grammar does not know it.
    pub fn context(&self) -> &str {
        self.row.as_ref().and_then(|row| row.opens.as_deref()).unwrap_or_default()
    }

    /// The kind of its command.
    pub fn kind(&self) -> Option<Kind> {
        self.row.as_ref().map(|row| row.kind)
    }

    /// Its words, a leading `no` left out if the line is a negation, with the place of the arguments.
    pub fn read(&self) -> (Vec<&str>, Captures) {
        let mut split = words(&self.text);
        if self.off {
            split.remove(0);
        }
        let captures = self.row.as_ref().and_then(|row| row.pattern.matches(&row.args, &split)).unwrap_or_default();
        (split, captures)
    }

    /// The words of a named argument, joined.
    pub fn arg(&self, name: &str) -> Option<String> {
        let row = self.row.as_ref()?;
        let index = row.args.iter().position(|arg| arg.name == name)?;
        let (split, captures) = self.read();
        let found = captures.words(index, &split);
        (!found.is_empty()).then(|| found.join(" "))
    }

    /// The objects this line alone brings into being (its block's lines not counted).
    pub fn defines(&self) -> Vec<Object> {
        self.relations(|row| &row.defines)
    }

    /// The objects this line alone needs.
    pub fn refers(&self) -> Vec<Object> {
        let mut objects = self.relations(|row| &row.refers);
        // A next hop is an interface only where it looks like one.
        objects.retain(|object| object.kind != "interface" || super::model::looks_like_interface(&object.name));
        objects
    }

    fn relations(&self, which: impl Fn(&Row) -> &Vec<super::grammar::Relation>) -> Vec<Object> {
        let Some(row) = self.row.as_ref().filter(|row| !self.off && !which(row).is_empty()) else {
            return Vec::new();
        };
        let (split, captures) = self.read();
        which(row).iter().flat_map(|relation| row.objects(relation, &split, &captures)).collect()
    }

    /// The name of its list.
    pub fn list_name(&self) -> Option<&str> {
        self.list.as_ref()?.split_once(':').map(|(_, name)| name)
    }
}

/// Whether blanks inside the line may carry meaning.
fn free_text(row: &Row) -> bool {
    row.args.iter().any(|arg| arg.name == "TEXT")
}

/// A configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The lines of the global mode, each with its block.
    pub nodes: Vec<Node>,
    grammar: Arc<Grammar>,
}

impl Default for Config {
    fn default() -> Self {
        Self::empty(Grammar::ix())
    }
}

/// Equal in every line and its order; where a line stood in its source does not count.
impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        same_nodes(&self.nodes, &other.nodes)
    }
}

fn same_nodes(left: &[Node], right: &[Node]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|(left, right)| left.text == right.text && same_nodes(&left.children, &right.children))
}

impl Config {
    /// No line at all.
    pub fn empty(grammar: &Arc<Grammar>) -> Self {
        Self { nodes: Vec::new(), grammar: Arc::clone(grammar) }
    }

    /// The lines given, in that order.
    pub fn from_nodes(grammar: &Arc<Grammar>, nodes: Vec<Node>) -> Self {
        Self { nodes, grammar: Arc::clone(grammar) }
    }

    /// The table the lines were looked up in.
    pub fn grammar(&self) -> &Arc<Grammar> {
        &self.grammar
    }

    /// The line with this key in the global mode.
    pub fn find(&self, key: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| &*node.key == key)
    }

    /// The block of an interface.
    pub fn interface(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.context() == "interface" && node.arg("IF").as_deref() == Some(name))
    }

    /// Every line with the headers of the blocks it stands in, from the outermost.
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
