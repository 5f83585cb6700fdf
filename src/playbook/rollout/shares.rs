//! What some routers may take of a run together: those of a group, or those behind one jump host, which bears only so many.

use serde::{Deserialize, Serialize};

use super::budget::{Budget, Budgets, read_budgets, read_tolerance};
use super::matching::{Mention, Property};
use crate::inventory::yaml::{Content, Field, Key};
use crate::inventory::{Located, Pattern, is_name};
use crate::playbook::finding::RolloutFinding;

/// The most sites that may be under way at once.
pub(super) const MOST_AT_ONCE: u64 = 10_000;

/// How far the routers of a set may go together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Who they are: the name of a group, or the address of a jump host, in which `*` stands for any text: each jump host that it
    /// matches has a share of its own.
    pub of: String,
    /// Their sites under way at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<usize>,
    /// Failures among them, in every class without a budget of its own together, after which no more of them begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_failures: Option<Budget>,
    /// Budgets of single classes among them.
    #[serde(default, skip_serializing_if = "Budgets::is_empty")]
    pub budgets: Budgets,
}

impl Share {
    /// Whether it is that of a jump host of this address.
    pub fn is_of_host(&self, host: &str) -> bool {
        Pattern::parse(&self.of).is_some_and(|pattern| pattern.matches(host))
    }
}

/// Reads a number of sites under way at once.
pub(super) fn read_concurrency(field: &Field<'_>) -> Option<usize> {
    field.integer(1, MOST_AT_ONCE).and_then(|most| usize::try_from(most).ok())
}

/// Shares of groups, and the groups' names with their places.
pub(super) struct ReadGroups {
    pub shares: Vec<Share>,
    pub mentions: Vec<Mention>,
}

/// Reads `groups:`, a share for each group that is named.
pub(super) fn read_groups(field: &Field<'_>) -> ReadGroups {
    let mut read = ReadGroups { shares: Vec::new(), mentions: Vec::new() };
    for (key, field) in field.entries() {
        if !is_name(&key.text) {
            field.report(field.key_error(&RolloutFinding::NoPattern { text: key.text.clone() }));
            continue;
        }
        read.shares.extend(read_share(&key.text, &field));
        let word = Located { value: key.text.clone(), place: field.key_place(), path: field.path().into() };
        read.mentions.push(Mention { property: Property::Group, word });
    }
    read
}

/// Reads `jump_hosts:`: a number for each of them, or a share for each that is named.
pub(super) fn read_jump_hosts(field: &Field<'_>) -> Vec<Share> {
    if matches!(field.content(), Content::Scalar { .. }) {
        return read_share("*", field).into_iter().collect();
    }
    let share = |(key, field): (&Key, Field<'_>)| {
        if Pattern::parse(&key.text).is_some() {
            return read_share(&key.text, &field);
        }
        field.report(field.key_error(&RolloutFinding::NoPattern { text: key.text.clone() }));
        None
    };
    field.entries().into_iter().filter_map(share).collect()
}

/// The jump hosts that are named in `jump_hosts:`, with their places.
pub(super) fn named_hosts(field: &Field<'_>) -> Vec<Located<String>> {
    if matches!(field.content(), Content::Scalar { .. }) {
        return Vec::new();
    }
    let located = |(key, field): (&Key, Field<'_>)| Located {
        value: key.text.clone(),
        place: field.key_place(),
        path: field.path().into(),
    };
    field.entries().into_iter().map(located).collect()
}

/// A number of sites at once, or a table.
fn read_share(of: &str, field: &Field<'_>) -> Option<Share> {
    let of = of.to_owned();
    if matches!(field.content(), Content::Scalar { .. }) {
        let concurrency = Some(read_concurrency(field)?);
        return Some(Share { of, concurrency, max_failures: None, budgets: Budgets::default() });
    }
    let mut table = field.table("the limits of a group", "グループの上限")?;
    let share = Share {
        of,
        concurrency: table.get("concurrency").and_then(|f| read_concurrency(&f)),
        max_failures: table.get("max_failures").and_then(|f| read_tolerance(&f)),
        budgets: table.get("budgets").map(|f| read_budgets(&f)).unwrap_or_default(),
    };
    table.finish();
    Some(share)
}
