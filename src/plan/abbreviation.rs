//! Lines that the router would complete: it never shows them as they are typed, so that what it shows instead would be removed
//! again as unwanted. There is no plan with one.

use std::collections::HashSet;

use super::error::{Abbreviated, PlanError};
use crate::dialect::grammar::Grammar;
use crate::ix::mask::mask_line;
use crate::ix::{Config, Node};

/// Refuses abbreviated lines of a configuration. What another one shows is how the router says it, whatever it looks like.
pub(super) fn refuse(config: &Config, shown: &Config, dialect: &Grammar) -> Result<(), PlanError> {
    let mut found: Vec<(String, Abbreviated)> = Vec::new();
    config.walk(&mut |path, node| {
        if let Some(long) = node.written_out(path, config.grammar(), dialect) {
            let abbreviated = Abbreviated { line: node.line, text: mask_line(&node.text), long: mask_line(&long) };
            found.push((with_headers(path, node), abbreviated));
        }
    });
    if found.is_empty() {
        return Ok(());
    }
    let mut known = HashSet::new();
    shown.walk(&mut |path, node| {
        known.insert(with_headers(path, node));
    });
    let lines: Vec<Abbreviated> =
        found.into_iter().filter(|(line, _)| !known.contains(line)).map(|(_, abbreviated)| abbreviated).collect();
    if lines.is_empty() { Ok(()) } else { Err(PlanError::Abbreviated { lines }) }
}

fn with_headers(path: &[&Node], node: &Node) -> String {
    let texts: Vec<&str> = path.iter().map(|header| &*header.text).chain([&*node.text]).collect();
    texts.join(" / ")
}
