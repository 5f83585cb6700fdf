//! The lines of a configuration in their order, for reading another that has most of them too.
//!
//! What a line is depends on its mode and its text alone: where both are the same, it need not be worked out again.

use std::collections::HashMap;
use std::sync::Arc;

use super::statement::Statement;
use super::tree::{Config, Node};
use crate::dialect::grammar::GLOBAL;

/// How far to look for a line that is not the next one.
const NEAR: usize = 8;

/// A place in a configuration.
#[derive(Debug)]
pub(super) struct LineCache<'c> {
    lines: Vec<(&'c str, &'c Arc<Statement>)>,
    at: usize,
    /// Lines in a row that were not near.
    missed: usize,
    /// The first place of each text, once too many were not near.
    index: Option<HashMap<&'c str, usize>>,
}

impl<'c> LineCache<'c> {
    /// The beginning of a configuration.
    pub(super) fn of(config: &'c Config) -> Self {
        fn collect<'c>(nodes: &'c [Node], context: &'c str, lines: &mut Vec<(&'c str, &'c Arc<Statement>)>) {
            for node in nodes {
                lines.push((context, node.statement()));
                collect(&node.children, node.context(), lines);
            }
        }
        let mut lines = Vec::with_capacity(config.nodes.len());
        collect(&config.nodes, GLOBAL, &mut lines);
        Self { lines, at: 0, missed: 0, index: None }
    }

    /// The line of this mode and text, if there is one.
    pub(super) fn find(&mut self, context: &str, text: &str) -> Option<Arc<Statement>> {
        let same = |(mode, line): &(&str, &Arc<Statement>)| *line.text == *text && *mode == context;
        let near = self.lines.get(self.at..).unwrap_or_default().iter().take(NEAR).position(same);
        let Some(found) = near.map(|ahead| self.at + ahead).or_else(|| self.far(text)) else {
            self.missed += 1;
            return None;
        };
        let statement = self.lines.get(found).filter(|line| same(line)).map(|(_, line)| Arc::clone(line))?;
        (self.at, self.missed) = (found + 1, 0);
        Some(statement)
    }

    fn far(&mut self, text: &str) -> Option<usize> {
        if self.missed < NEAR {
            return None;
        }
        let lines = &self.lines;
        let index = self.index.get_or_insert_with(|| {
            let mut index = HashMap::with_capacity(lines.len());
            for (at, (_, line)) in lines.iter().enumerate() {
                index.entry(&*line.text).or_insert(at);
            }
            index
        });
        index.get(text).copied()
    }
}
