//! A configuration while it is asked: its lines with their blocks, and what is not known of it as a whole.

use crate::dialect::grammar::{Confidence, words};
use crate::ix::mask::mask_path;
use crate::ix::{Config, Node};
use crate::message::Text;

/// More lines than these are not listed.
pub(super) const MOST_LINES: usize = 200;

/// A configuration that is asked.
pub(super) struct Reading<'c> {
    pub(super) config: &'c Config,
    /// Lines were taken out of it, and not even their command is known.
    pub(super) has_gaps: bool,
}

impl Reading<'_> {
    /// Why a line that is missing may be there all the same; nothing where it is missing for certain.
    pub(super) fn why_absence_is_unsure(&self) -> Option<Text> {
        if self.has_gaps {
            return Some(Text::new(
                "lines were taken out of this backup, and it does not say which",
                "このバックアップからは行が取り除かれており、どの行か分かりません",
            ));
        }
        let dialect = self.config.dialect();
        // Fact sheet 12: what is known of these series is second hand.
        (!dialect.definition().seen).then(|| {
            Text::new(
                "no display of this series was ever seen: its defaults are not known",
                "このシリーズの表示は未確認のため、既定値が分かりません",
            )
        })
    }

    /// The host name in it.
    pub(super) fn host_name(&self) -> Option<String> {
        let mut found = None;
        self.config.walk(&mut |path, node| {
            if let (true, ["hostname", name]) = (path.is_empty(), &words(&node.text)[..]) {
                found = Some((*name).to_owned());
            }
        });
        found
    }

    /// The lines that the table does not know.
    pub(super) fn unknown(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.config.walk(&mut |path, node| {
            if node.row.is_none() && found.len() < MOST_LINES {
                found.push(shown(path, node));
            }
        });
        found
    }
}

/// A line behind the headers of its blocks, masked.
pub(super) fn shown(path: &[&Node], node: &Node) -> String {
    mask_path(path.iter().map(|header| &*header.text).chain([&*node.text]))
}

/// Whether a line is known to be what it looks like: seen on a router, used by working drivers, or in a manual.
pub(super) fn is_sure(node: &Node) -> bool {
    let row = node.row.as_ref().filter(|row| !row.family);
    row.is_some_and(|row| matches!(row.sure, Confidence::T | Confidence::C | Confidence::M))
}

/// Whether a line begins with these words; of a line that the table does not know they may be abbreviated.
pub(super) fn begins(node: &Node, family: &str) -> bool {
    let is_unknown = node.row.is_none();
    let split = words(&node.text);
    let own = match split.split_first() {
        Some((&"no", rest)) => rest,
        _ => &split,
    };
    let mut count = 0;
    family.split(' ').zip(own).all(|(whole, word)| {
        count += 1;
        *word == whole || is_unknown && word.len() >= 2 && whole.starts_with(&word.to_ascii_lowercase())
    }) && count == family.split(' ').count()
}
