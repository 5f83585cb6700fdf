//! Lines from which someone removed the secret: reported as such, and judged no further.

use std::collections::HashSet;

use super::remark::Remark;
use super::{Finding, Level, finding};
use crate::ix::backup::Masked;

/// The findings of a configuration some of whose lines are masked: about these nothing else is reported.
pub fn with_masked(findings: Vec<Finding>, masked: &[Masked]) -> Vec<Finding> {
    let lines: HashSet<u32> = masked.iter().map(|masked| masked.line).collect();
    let mut all: Vec<Finding> = findings.into_iter().filter(|found| !lines.contains(&found.line)).collect();
    all.extend(
        masked
            .iter()
            .map(|Masked { line, text }| finding(Level::Info, *line, &Remark::Masked { line: text.to_string() })),
    );
    all.sort_by(|left, right| (left.line, &left.id, &left.text.en).cmp(&(right.line, &right.id, &right.text.en)));
    all
}
