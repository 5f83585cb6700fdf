//! What a plan changes, in words: lists by their entries, filters by interface, everything else by its line.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::objects::Rebuilds;
use crate::ix::grammar::Kind;
use crate::ix::mask::mask_line;
use crate::ix::{Config, Node};
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
pub(super) fn changes(old: &Config, new: &Config, rebuilds: &Rebuilds) -> Vec<Change> {
    let mut changes = Vec::new();
    lists(old, new, rebuilds, &mut changes);
    let (before, after) = (index(&old.nodes), index(&new.nodes));
    let mut families: BTreeMap<String, Tally> = BTreeMap::new();
    for node in old.nodes.iter().filter(|node| node.list.is_none()) {
        match after.get(&*node.key) {
            Some(new) if node.is_block() => block(node, new, &mut changes),
            Some(new) if new.text != node.text => families.entry(family(node)).or_default().changed += 1,
            Some(_) => {}
            None if node.is_block() => changes.push(Change {
                about: node.text.to_string(),
                text: Text::new(format!("{}: removed", node.text), format!("{}: 削除", node.text)),
            }),
            None => families.entry(family(node)).or_default().removed += 1,
        }
    }
    for node in new.nodes.iter().filter(|node| node.list.is_none() && !before.contains_key(&*node.key)) {
        if node.is_block() {
            let lines = node.children.len();
            changes.push(Change {
                about: node.text.to_string(),
                text: Text::new(
                    format!("{}: new, {lines} lines", node.text),
                    format!("{}: 新規({lines}行)", node.text),
                ),
            });
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

fn index(nodes: &[Node]) -> HashMap<&str, &Node> {
    nodes.iter().map(|node| (&*node.key, node)).collect()
}

/// The command's fixed words; a line nobody knows stands for itself.
fn family(node: &Node) -> String {
    match &node.row {
        Some(row) => row.leading(),
        None => mask_line(&node.text),
    }
}

fn lists(old: &Config, new: &Config, rebuilds: &Rebuilds, changes: &mut Vec<Change>) {
    let entries = |config: &Config| {
        let mut lists: BTreeMap<(String, String), Vec<Arc<str>>> = BTreeMap::new();
        for node in &config.nodes {
            if let (Some(list), Some(name)) = (&node.list, node.list_name()) {
                let leading = node.row.as_ref().map(|row| row.leading()).unwrap_or_default();
                lists.entry((list.to_string(), format!("{leading} {}", name))).or_default().push(node.text.clone());
            }
        }
        lists
    };
    let (before, after) = (entries(old), entries(new));
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for name in names {
        let empty = Vec::new();
        let (old, new) = (before.get(name).unwrap_or(&empty), after.get(name).unwrap_or(&empty));
        if old == new {
            continue;
        }
        let (there, wanted): (HashSet<_>, HashSet<_>) = (old.iter().collect(), new.iter().collect());
        let tally = Tally {
            added: new.iter().filter(|entry| !there.contains(entry)).count(),
            removed: old.iter().filter(|entry| !wanted.contains(entry)).count(),
            changed: 0,
        };
        let domains = name.1.starts_with("url-list");
        let (one, ja) = if domains { ("domain", "ドメイン") } else { ("entry", "エントリ") };
        let mut text = if tally.is_empty() {
            Text::new(format!("{}: reordered", name.1), format!("{}: 順序を変更", name.1))
        } else {
            tally.text(&name.1, one, ja)
        };
        text.en = text.en.replace("entrys", "entries");
        if rebuilds.contains(&name.0) {
            text.en.push_str(", list rebuilt");
            text.ja.push_str("(リストを作り直し)");
        }
        changes.push(Change { about: name.1.clone(), text });
    }
}

/// The lines inside a block, its rows of filters by themselves.
fn block(old: &Node, new: &Node, changes: &mut Vec<Change>) {
    let mut lines = Tally::default();
    let mut filters: BTreeMap<String, Tally> = BTreeMap::new();
    let (before, after) = (index(&old.children), index(&new.children));
    {
        let mut count = |node: &Node, add: fn(&mut Tally)| {
            if node.kind() == Some(Kind::Chain) {
                add(filters.entry(node.arg("DIRECTION").unwrap_or_default()).or_default());
            } else {
                add(&mut lines);
            }
        };
        for node in &old.children {
            match after.get(&*node.key) {
                Some(new) if new.text != node.text || new.children != node.children => {
                    count(node, |tally| tally.changed += 1)
                }
                Some(_) => {}
                None => count(node, |tally| tally.removed += 1),
            }
        }
        for node in new.children.iter().filter(|node| !before.contains_key(&*node.key)) {
            count(node, |tally| tally.added += 1);
        }
    }
    if !lines.is_empty() {
        changes.push(Change { about: new.text.to_string(), text: lines.text(&new.text, "line", "行") });
    }
    for (direction, tally) in filters {
        let about = format!("filter of {} {direction}", new.arg("IF").unwrap_or_else(|| new.text.to_string()));
        let text = tally.text(&about, "line", "行");
        changes.push(Change { about, text });
    }
}
