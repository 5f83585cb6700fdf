//! The rows of filters of a configuration, and what a list has to do with the rows that use it.
//!
//! Does not decide which lists are rebuilt: `rebuilds` asks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashSet, HashSetExt};

use super::objects::Objects;
use crate::dialect::grammar::{CommandKind, Object};
use crate::ix::{Config, Node};

/// A filter of a row: its line, and its list.
pub(super) type Member<'a> = (&'a str, &'a str);

/// The rows of filters, by their block, their command and their direction.
pub(super) type Rows<'a> = BTreeMap<(Cow<'a, str>, &'a str, &'a str), Vec<Member<'a>>>;

/// The rows of filters of a configuration, and its objects.
#[derive(Clone, Copy)]
pub(super) struct RowsOf<'a, 'o> {
    pub rows: &'o Rows<'a>,
    pub objects: &'a Objects<'a>,
}

pub(super) fn rows<'a>(config: &'a Config) -> Rows<'a> {
    fn collect<'a>(nodes: &'a [Node], block: Cow<'a, str>, rows: &mut Rows<'a>) {
        for node in nodes {
            if let Some(row) = node.row.as_ref().filter(|row| row.kind == CommandKind::Chain && !node.off) {
                let list = node.refers().first().map(Object::id).unwrap_or_default();
                let place = (block.clone(), row.id.as_str(), node.arg("DIRECTION").unwrap_or_default());
                rows.entry(place).or_default().push((&node.text, list));
            }
            if !node.children.is_empty() {
                let inside =
                    if block.is_empty() { Cow::from(&*node.key) } else { format!("{block} {}", node.key).into() };
                collect(&node.children, inside, rows);
            }
        }
    }
    let mut rows = BTreeMap::new();
    collect(&config.nodes, Cow::from(""), &mut rows);
    rows
}

/// The rebuilt lists that some row of filters uses before and not afterwards, by way of a stateful list too.
pub(super) fn leaving(
    before: RowsOf<'_, '_>,
    after: RowsOf<'_, '_>,
    rebuilt: &BTreeMap<Arc<str>, Option<String>>,
) -> HashSet<Arc<str>> {
    fn used<'r>(objects: &'r Objects<'_>, row: &'r [Member<'r>]) -> impl Iterator<Item = &'r str> {
        row.iter().flat_map(|(_, list)| {
            let dynamic = objects.lists.get(*list).and_then(|list| list.dynamic);
            let below = dynamic.map(|node| node.refers()).unwrap_or_default();
            std::iter::once(*list).chain(below.iter().map(Object::id))
        })
    }
    let mut leaving = HashSet::new();
    for (place, row) in before.rows {
        let there = after.rows.get(place).into_iter();
        let stays: HashSet<&str> = there.flat_map(|row| used(after.objects, row)).collect();
        let gone = used(before.objects, row).filter(|list| !stays.contains(list));
        leaving.extend(gone.filter_map(|list| rebuilt.get_key_value(list)).map(|(id, _)| id.clone()));
    }
    leaving
}

/// Lists that could change in place, were they the only thing that changes in some row of filters: two changes at different
/// times make a row that neither configuration has.
pub(super) fn not_alone<'a>(
    before: RowsOf<'a, '_>,
    after: RowsOf<'a, '_>,
    rebuilt: &BTreeMap<Arc<str>, Option<String>>,
    in_place: &HashSet<&str>,
) -> Vec<&'a str> {
    if in_place.is_empty() {
        return Vec::new();
    }
    let empty = Vec::new();
    let mut found = Vec::new();
    for (place, old_row) in before.rows {
        let new_row = after.rows.get(place).unwrap_or(&empty);
        let mut members: Vec<&'a str> = old_row.iter().chain(new_row).map(|(_, list)| *list).collect();
        let mut at = 0;
        while let Some(id) = members.get(at).copied() {
            for list in [before, after].into_iter().filter_map(|side| side.objects.lists.get(id)) {
                for object in list.dynamic.map(|node| node.refers()).unwrap_or_default() {
                    if !members.contains(&object.id()) {
                        members.push(object.id());
                    }
                }
            }
            at += 1;
        }
        members.sort_unstable();
        members.dedup();
        members.retain(|id| rebuilt.contains_key(*id) || in_place.contains(id));
        if members.len() > 1 || (old_row != new_row && !members.is_empty()) {
            found.extend(members.into_iter().filter(|id| in_place.contains(id)));
        }
    }
    found
}
