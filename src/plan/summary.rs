//! What a plan changes, in words: lists by their entries, filters by interface, everything else by its line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashSet;
use serde::{Deserialize, Serialize};

use super::objects::{Definition, Objects, Side};
use super::pairing::{PairedLine, Pairing};
use super::rebuilds::Rebuilds;
use crate::dialect::grammar::CommandKind;
use crate::ix::Node;
use crate::ix::mask::mask_line;
use crate::message::Text;

/// One change by meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about: a list, a block, or the global lines of one family.
    pub about: String,
    /// What happens to it.
    pub text: Text,
}

#[derive(Default)]
struct Tally {
    added: usize,
    removed: usize,
    changed: usize,
}

/// Groups the difference of two bare configurations.
pub(super) fn changes(from: Side<'_, '_>, to: Side<'_, '_>, rebuilds: &Rebuilds) -> Vec<Change> {
    let mut changes = Vec::new();
    lists(from.objects, to.objects, rebuilds, &mut changes);
    let (old, new) = (from.config, to.config);
    let pairing = Pairing::of(&old.nodes, &new.nodes);
    let mut families: BTreeMap<String, Tally> = BTreeMap::new();
    let in_no_list = |line: &PairedLine<'_>| line.node.list().is_none();
    for PairedLine { node, twin, .. } in pairing.old.into_iter().filter(in_no_list) {
        match twin {
            Some(new) if node.is_block() => {
                if new.is_block() && !new.same_text(node) {
                    families.entry(family(node)).or_default().changed += 1;
                }
                block(node, new, &mut changes);
            }
            Some(new) if !new.same_text(node) => families.entry(family(node)).or_default().changed += 1,
            Some(_) => {}
            None if node.is_block() => {
                let about = mask_line(&node.text);
                let text = Text::new(format!("{about}: removed"), format!("{about}: 削除"));
                changes.push(Change { about, text });
            }
            None => families.entry(family(node)).or_default().removed += 1,
        }
    }
    let added = |line: &PairedLine<'_>| in_no_list(line) && line.twin.is_none();
    for PairedLine { node, .. } in pairing.new.into_iter().filter(added) {
        if node.is_block() {
            let lines = node.children.len();
            let plural = if lines == 1 { "" } else { "s" };
            let about = mask_line(&node.text);
            let text = Text::new(format!("{about}: new, {lines} line{plural}"), format!("{about}: 新規({lines}行)"));
            changes.push(Change { about, text });
        } else {
            families.entry(family(node)).or_default().added += 1;
        }
    }
    changes.extend(families.into_iter().map(|(about, tally)| {
        let text = tally.text(&about, "line", "行");
        Change { about, text }
    }));
    changes
}

impl Tally {
    fn text(&self, about: &str, one: &str, ja: &str) -> Text {
        let mut en = Vec::new();
        let mut japanese = Vec::new();
        for (sign, count, word) in [("+", self.added, "追加"), ("-", self.removed, "削除"), ("~", self.changed, "変更")]
        {
            if count > 0 {
                let plural = if count == 1 { "" } else { "s" };
                en.push(format!("{sign}{count} {one}{plural}"));
                japanese.push(format!("{ja}を{count}件{word}"));
            }
        }
        Text::new(format!("{about}: {}", en.join(", ")), format!("{about}: {}", japanese.join("、")))
    }

    fn is_empty(&self) -> bool {
        self.added + self.removed + self.changed == 0
    }
}

/// The command's fixed words; an unknown line is its own name.
fn family(node: &Node) -> String {
    match &node.row {
        Some(row) => row.leading.clone(),
        None => mask_line(&node.text),
    }
}

fn lists(old: &Objects<'_>, new: &Objects<'_>, rebuilds: &Rebuilds, changes: &mut Vec<Change>) {
    let names: BTreeSet<&Arc<str>> = old.lists.keys().chain(new.lists.keys()).collect();
    let none = Definition::default();
    for id in names {
        let (before, after) = (old.lists.get(id).unwrap_or(&none), new.lists.get(id).unwrap_or(&none));
        let Some(first) =
            before.entries.iter().chain(&after.entries).next().filter(|_| before.entries != after.entries)
        else {
            continue;
        };
        let leading = first.row.as_ref().map(|row| row.leading.as_str()).unwrap_or_default();
        let name = format!("{leading} {}", first.list_name().unwrap_or_default());
        let texts = |list: &Definition<'_>| list.entries.iter().map(|node| node.text.clone()).collect::<Vec<_>>();
        let (old, new) = (texts(before), texts(after));
        let (there, wanted): (HashSet<_>, HashSet<_>) = (old.iter().collect(), new.iter().collect());
        let tally = Tally {
            added: new.iter().filter(|entry| !there.contains(entry)).count(),
            removed: old.iter().filter(|entry| !wanted.contains(entry)).count(),
            changed: 0,
        };
        let domains = leading == "url-list";
        let (one, ja) = if domains { ("domain", "ドメイン") } else { ("entry", "エントリ") };
        let mut text = if tally.is_empty() {
            Text::new(format!("{name}: reordered"), format!("{name}: 順序を変更"))
        } else {
            tally.text(&name, one, ja)
        };
        text.en = text.en.replace("entrys", "entries");
        if rebuilds.contains(id) {
            text.en.push_str(", list rebuilt");
            text.ja.push_str("(リストを作り直し)");
        }
        changes.push(Change { about: name, text });
    }
}

/// The lines inside a block, its rows of filters by themselves.
fn block(old: &Node, new: &Node, changes: &mut Vec<Change>) {
    let mut lines = Tally::default();
    let mut filters: BTreeMap<String, Tally> = BTreeMap::new();
    if old == new {
        return;
    }
    let pairing = Pairing::of(&old.children, &new.children);
    {
        let mut count = |node: &Node, add: fn(&mut Tally)| {
            if node.kind() == Some(CommandKind::Chain) {
                add(filters.entry(node.arg("DIRECTION").unwrap_or_default().to_owned()).or_default());
            } else {
                add(&mut lines);
            }
        };
        for PairedLine { node, twin, .. } in pairing.old {
            match twin {
                Some(new) if new != node => count(node, |tally| tally.changed += 1),
                Some(_) => {}
                None => count(node, |tally| tally.removed += 1),
            }
        }
        for PairedLine { node, .. } in pairing.new.into_iter().filter(|line| line.twin.is_none()) {
            count(node, |tally| tally.added += 1);
        }
    }
    if !lines.is_empty() {
        let about = mask_line(&new.text);
        let text = lines.text(&about, "line", "行");
        changes.push(Change { about, text });
    }
    for (direction, tally) in filters {
        let header = mask_line(&new.text);
        let interface = new.arg("IF").unwrap_or(&header);
        let about = format!("filter of {interface} {direction}");
        let ja = tally.text(&format!("{interface} {direction} のフィルタ"), "line", "行").ja;
        let text = Text { ja, ..tally.text(&about, "line", "行") };
        changes.push(Change { about, text });
    }
}
