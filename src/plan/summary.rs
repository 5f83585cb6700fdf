//! What a plan changes, in words: blocks by what their lines are for, lists by their entries, everything else by its family.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashSet;
use serde::{Deserialize, Serialize};

use super::objects::{Definition, Objects, Side};
use super::pairing::{PairedLine, Pairing};
use super::purpose::{Family, Purposes, Tally, What};
use super::rebuilds::Rebuilds;
use crate::ix::Node;
use crate::ix::mask::mask_line;
use crate::message::Text;

/// The lists of names that may be asked for.
const URL_LIST: &str = "url-list";

/// One change by meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about: a list, a block, or the global lines of one family.
    pub about: String,
    /// What happens to it.
    pub text: Text,
}

/// Groups the difference of two bare configurations. What the cables and the permitted names are about comes first: it is what a person who
/// answers for the site looks for.
pub(super) fn changes(from: Side<'_, '_>, to: Side<'_, '_>, rebuilds: &Rebuilds) -> Vec<Change> {
    let (mut interfaces, mut blocks, mut others) = (Vec::new(), Vec::new(), Vec::new());
    lists(from.objects, to.objects, rebuilds, &mut others);
    // The permitted names before the lists of filters.
    others.sort_by_key(|change: &Change| !change.about.starts_with(URL_LIST));
    let (old, new) = (from.config, to.config);
    let pairing = Pairing::of(&old.nodes, &new.nodes);
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let in_no_list = |line: &PairedLine<'_>| line.node.list().is_none();
    let mut count = |node: &Node, what: What| families.entry(family(node)).or_default().count(node, what);
    for PairedLine { node, twin, .. } in pairing.old.into_iter().filter(in_no_list) {
        let to = if is_interface(node) { &mut interfaces } else { &mut blocks };
        match twin {
            Some(new) if node.is_block() => {
                if new.is_block() && !new.same_text(node) {
                    count(new, What::Changed);
                }
                block(node, new, to);
            }
            Some(new) if !new.same_text(node) => count(new, What::Changed),
            Some(_) => {}
            None if node.is_block() => {
                let about = mask_line(&node.text);
                let text = Text::new(format!("{about}: removed"), format!("{about}: 削除"));
                to.push(Change { about, text });
            }
            None => count(node, What::Removed),
        }
    }
    let added = |line: &PairedLine<'_>| in_no_list(line) && line.twin.is_none();
    for PairedLine { node, .. } in pairing.new.into_iter().filter(added) {
        if node.is_block() {
            let to = if is_interface(node) { &mut interfaces } else { &mut blocks };
            to.push(new_block(node));
        } else {
            count(node, What::Added);
        }
    }
    let families = families.into_iter().map(|(about, family)| Change { text: family.text(&about), about });
    interfaces.into_iter().chain(others).chain(blocks).chain(families).collect()
}

fn is_interface(node: &Node) -> bool {
    node.context() == "interface"
}

/// The command's fixed words; an unknown line is its own name.
fn family(node: &Node) -> String {
    match &node.row {
        Some(row) => row.leading.clone(),
        None => mask_line(&node.text),
    }
}

/// A block that was not there: an interface by what it is for, any other by its lines.
fn new_block(node: &Node) -> Change {
    let about = mask_line(&node.text);
    let mut purposes = Purposes::default();
    node.children.iter().for_each(|line| purposes.count(line, What::Added));
    let (en, ja) = match purposes.words() {
        Text { en, ja } if is_interface(node) && !en.is_empty() => (format!("new; {en}"), format!("新規、{ja}")),
        _ => {
            let lines = node.children.len();
            let plural = if lines == 1 { "" } else { "s" };
            (format!("new, {lines} line{plural}"), format!("新規({lines}行)"))
        }
    };
    let text = Text::new(format!("{about}: {en}"), format!("{about}: {ja}"));
    Change { about, text }
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
        let domains = leading == URL_LIST;
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

/// The lines inside a block by what they are for.
fn block(old: &Node, new: &Node, changes: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let mut purposes = Purposes::default();
    let pairing = Pairing::of(&old.children, &new.children);
    for PairedLine { node, twin, .. } in pairing.old {
        match twin {
            Some(new) if new != node => purposes.change(node, new),
            Some(_) => {}
            None => purposes.count(node, What::Removed),
        }
    }
    for PairedLine { node, .. } in pairing.new.into_iter().filter(|line| line.twin.is_none()) {
        purposes.count(node, What::Added);
    }
    let words = purposes.words();
    if !words.en.is_empty() {
        let about = mask_line(&new.text);
        let text = Text::new(format!("{about}: {}", words.en), format!("{about}: {}", words.ja));
        changes.push(Change { about, text });
    }
}
