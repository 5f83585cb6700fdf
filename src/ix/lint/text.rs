//! What a text says twice with different values, and where the mode of a line is ambiguous.

use std::collections::HashMap;

use super::{Finding, Level, finding};
use crate::dialect::grammar::CommandKind;
use crate::ix::doubt::Weight;
use crate::ix::mask::mask_line;
use crate::ix::{Config, Node};

/// What is said twice with different values. A block that is opened twice is merged, as typing it does, and is no finding
/// by itself.
pub(super) fn repeated(config: &Config, findings: &mut Vec<Finding>) {
    for twice in &config.repeated {
        let (before, after) = (mask_line(&twice.before), mask_line(&twice.after));
        let (en, ja) = if twice.block {
            (
                format!(
                    "`{after}` contradicts `{before}`, which opened the block first: the lines of both stand under the first"
                ),
                format!(
                    "`{after}` は先にブロックを開いた `{before}` と矛盾します。両方の行を最初のブロックにまとめます"
                ),
            )
        } else {
            (
                format!("`{after}` replaces `{before}`, which stands before it: the last one wins"),
                format!("`{after}` が前にある `{before}` を置き換えます(後の方が有効)"),
            )
        };
        let found = finding("repeated-line", Level::Error, twice.again, en, ja);
        findings.push(Finding { first: twice.first, ..found });
    }
}

/// Lines that could belong to another mode. It is an error only where that decides who can reach the router.
pub(super) fn places(config: &Config, findings: &mut Vec<Finding>) {
    for doubt in &config.doubts {
        let level = match doubt.weight {
            Weight::Grave => Level::Error,
            Weight::Real => Level::Warning,
            Weight::Slight => Level::Info,
        };
        let text = doubt.explain();
        findings.push(finding("place", level, doubt.line, text.en, text.ja));
    }
}

/// Filters of one interface that have the same number: whether the second replaces the first is not known.
pub(super) fn numbers(config: &Config, findings: &mut Vec<Finding>) {
    for block in config.nodes.iter().filter(|node| node.context() == "interface") {
        let mut taken: HashMap<(&str, Option<&str>, Option<&str>), &Node> = HashMap::new();
        for line in block.children.iter().filter(|line| line.kind() == Some(CommandKind::Chain) && !line.off) {
            let leading = line.row.as_ref().map(|row| row.leading.as_str()).unwrap_or_default();
            let first = *taken.entry((leading, line.arg("DIRECTION"), line.arg("SEQ"))).or_insert(line);
            if std::ptr::eq(first, line) {
                continue;
            }
            let found = finding(
                "repeated-line",
                Level::Warning,
                line.line,
                format!(
                    "`{}` has the number of `{}`: which of them the router keeps is not known",
                    line.text, first.text
                ),
                format!("`{}` は `{}` と同じ番号です。ルータがどちらを残すかは分かっていません", line.text, first.text),
            );
            findings.push(Finding { first: first.line, ..found });
        }
    }
}
