//! Parser events to a tree: duplicate keys, unwanted YAML features and bombs are reported here.

use std::collections::HashMap;
use std::sync::Arc;

use serde_saphyr::granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag};

use crate::inventory::diagnostic::{Diagnostic, Diagnostics};
use crate::inventory::source::{Place, SourceFile};

use super::finding::YamlFinding;
use super::node::{Content, Key, Mark, Node};
use super::slip;

/// Nodes in one document: 20,000 sites of two routers with thirty values each fit four times.
const MAX_NODES: usize = 8_000_000;
/// Nodes that aliases may repeat, all together.
const MAX_ALIASED: usize = 200_000;
/// Levels of nesting; the schema needs ten.
const MAX_DEPTH: usize = 48;

/// An open list or table.
enum Open {
    Sequence {
        mark: Mark,
        anchor: usize,
        items: Vec<Arc<Node>>,
        size: usize,
    },
    Mapping {
        mark: Mark,
        anchor: usize,
        entries: Vec<(Key, Arc<Node>)>,
        seen: HashMap<String, Mark>,
        key: Option<Key>,
        size: usize,
    },
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    found: &'a mut Diagnostics,
    stack: Vec<Open>,
    anchors: HashMap<usize, (Arc<Node>, usize)>,
    root: Option<Arc<Node>>,
    nodes: usize,
    aliased: usize,
    documents: usize,
}

/// Reads one document. What can be read is returned even when something was wrong with it; `None` when there is nothing to
/// go on with.
pub(crate) fn parse(file: &Arc<SourceFile>, found: &mut Diagnostics) -> Option<Arc<Node>> {
    let mut builder = Builder {
        file,
        found,
        stack: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        nodes: 0,
        aliased: 0,
        documents: 0,
    };
    let mut parser = Parser::new_from_str(file.text());
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.event(event, span)?,
            Err(error) => {
                builder.syntax(&error);
                return None;
            }
        }
    }
    builder.root
}

fn mark(span: Span) -> Mark {
    let length = if span.start.line() == span.end.line() { span.end.col().saturating_sub(span.start.col()) } else { 1 };
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Mark { line: narrow(span.start.line()), column: narrow(span.start.col() + 1), length: narrow(length.max(1)) }
}

impl Builder<'_> {
    /// Takes one event; `None` stops the reading.
    fn event(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        let mark = mark(span);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.report(mark, &YamlFinding::SecondDocument);
                    return None;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(mark, tag.as_deref());
                let plain = style == ScalarStyle::Plain && tag.is_none();
                self.node(mark, Content::Scalar { text: text.into_owned(), plain }, anchor, 1)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tag(mark, tag.as_deref());
                self.open(mark, Open::Sequence { mark, anchor, items: Vec::new(), size: 1 })?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.tag(mark, tag.as_deref());
                let (entries, seen) = (Vec::new(), HashMap::new());
                self.open(mark, Open::Mapping { mark, anchor, entries, seen, key: None, size: 1 })?;
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Open::Sequence { mark, anchor, items, size }) => {
                    self.node(mark, Content::Sequence(items), anchor, size)?;
                }
                Some(Open::Mapping { mark, anchor, entries, size, .. }) => {
                    self.node(mark, Content::Mapping(entries), anchor, size)?;
                }
                None => return None,
            },
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    self.report(mark, &YamlFinding::AliasInItself);
                    return None;
                };
                self.aliased += size;
                if self.aliased > MAX_ALIASED {
                    self.report(mark, &YamlFinding::TooManyAliases { most: MAX_ALIASED });
                    return None;
                }
                self.attach(node, size, mark);
            }
            _ => {}
        }
        Some(())
    }

    fn open(&mut self, mark: Mark, open: Open) -> Option<()> {
        if self.stack.len() >= MAX_DEPTH {
            self.report(mark, &YamlFinding::TooDeep { most: MAX_DEPTH });
            return None;
        }
        self.stack.push(open);
        Some(())
    }

    fn node(&mut self, mark: Mark, content: Content, anchor: usize, size: usize) -> Option<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.report(mark, &YamlFinding::TooManyValues { most: MAX_NODES });
            return None;
        }
        let node = Arc::new(Node { mark, content });
        if anchor != 0 {
            self.anchors.insert(anchor, (Arc::clone(&node), size));
        }
        self.attach(node, size, mark);
        Some(())
    }

    /// Puts a finished value where it belongs: list item, key, or the value of a key.
    fn attach(&mut self, node: Arc<Node>, node_size: usize, at: Mark) {
        let mut complaint = None;
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, size, .. }) => {
                *size += node_size;
                items.push(node);
            }
            Some(Open::Mapping { entries, seen, key, size, .. }) => {
                *size += node_size;
                match key.take() {
                    Some(found) => match seen.get(&found.text) {
                        Some(first) => complaint = Some((found, *first)),
                        None => {
                            seen.insert(found.text.clone(), found.mark);
                            entries.push((found, node));
                        }
                    },
                    None => {
                        let text = match &node.content {
                            Content::Scalar { text, .. } => text.clone(),
                            _ => String::new(),
                        };
                        let simple = matches!(node.content, Content::Scalar { .. });
                        *key = Some(Key { text: text.clone(), mark: at });
                        if !simple || text == "<<" {
                            self.unwanted_key(at, simple);
                        }
                    }
                }
            }
        }
        if let Some((key, first)) = complaint {
            let finding = Diagnostic::error(&YamlFinding::DuplicateKey { key: key.text });
            let finding = finding.at(self.place(key.mark), "");
            self.found.push(finding.related(self.place(first), "the first one", "最初の記述"));
        }
    }

    fn unwanted_key(&mut self, at: Mark, merge: bool) {
        self.report(at, &if merge { YamlFinding::MergeKey } else { YamlFinding::KeyIsNoText });
    }

    fn tag(&mut self, at: Mark, tag: Option<&Tag>) {
        let Some(tag) = tag else { return };
        if tag.core_suffix() != Some("str") {
            self.report(at, &YamlFinding::Tag { tag: tag.original().to_string() });
        }
    }

    fn syntax(&mut self, error: &ScanError) {
        let marker = error.marker();
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let at = Mark { line: narrow(marker.line()), column: narrow(marker.col() + 1), length: 1 };
        if let Some(tab) = self.tab(error) {
            return self.report(tab, &YamlFinding::Tab);
        }
        if let Some((at, written, meant)) = self.stray(at.line) {
            return self.report(at, &YamlFinding::FullWidth { written, meant });
        }
        let finding = match error.kind() {
            ErrorKind::UnknownAnchor => YamlFinding::UnknownAnchor,
            _ => YamlFinding::Syntax { info: error.info(), glued: self.glued(at.line) },
        };
        self.report(at, &finding);
    }

    /// A full-width character that a syntax error may be about: on its line or the one before.
    fn stray(&self, line: u32) -> Option<(Mark, char, char)> {
        [line, line.saturating_sub(1)].into_iter().filter(|line| *line > 0).find_map(|line| {
            let (column, c, meant) = slip::stray(self.file.line(line))?;
            let column = u32::try_from(column + 1).ok()?;
            Some((Mark { line, column, length: 1 }, c, meant))
        })
    }

    /// What this line, or the one before, was meant to be, where a blank is missing behind its colon.
    fn glued(&self, line: u32) -> Option<String> {
        let before = line.saturating_sub(1).max(1);
        [line, before].into_iter().find_map(|line| slip::glued(self.file.line(line)))
    }

    /// The place of the TAB that a syntax error is about.
    fn tab(&self, error: &ScanError) -> Option<Mark> {
        let named = matches!(error.kind(), ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation);
        if !named && !error.info().contains("tab") {
            return None;
        }
        // The parser names the place where it was when it met the TAB: that line, or the one before.
        let at = error.marker().line();
        let found = [at, at + 1].into_iter().find_map(|line| {
            let number = u32::try_from(line).ok()?;
            let column = self.file.line(number).chars().position(|c| c == '\t')?;
            Some((number, u32::try_from(column + 1).ok()?))
        });
        found.map(|(line, column)| Mark { line, column, length: 1 })
    }

    fn place(&self, mark: Mark) -> Place {
        Place { file: Arc::clone(self.file), line: mark.line, column: mark.column, length: mark.length }
    }

    fn report(&mut self, at: Mark, finding: &YamlFinding) {
        let place = self.place(at);
        self.found.push(Diagnostic::error(finding).at(place, ""));
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
