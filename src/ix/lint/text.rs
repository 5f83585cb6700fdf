//! What a text says twice with different values, and where the mode of a line is ambiguous.

use std::collections::HashMap;

use super::remark::Remark;
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
        let remark =
            if twice.block { Remark::OpenedOtherwise { before, after } } else { Remark::Replaced { before, after } };
        let found = finding(Level::Error, twice.again, &remark);
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
        let remark = Remark::Place { readings: doubt.explain(), grave: doubt.weight == Weight::Grave };
        findings.push(finding(level, doubt.line, &remark));
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
            let remark = Remark::SameNumber { line: mask_line(&line.text), first: mask_line(&first.text) };
            let found = finding(Level::Warning, line.line, &remark);
            findings.push(Finding { first: first.line, ..found });
        }
    }
}
