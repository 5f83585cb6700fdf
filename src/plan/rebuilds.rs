//! Which lists must be rebuilt while they are in use.
//!
//! A list that changes anywhere but at its end is rebuilt. If filters use it before and after, a copy under a temporary name
//! replaces it meanwhile; a stateful list over a rebuilt list is rebuilt with it. So is a block that gets another header and may be
//! the same block to the router, where all that uses it can be pointed elsewhere at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::error::PlanError;
use super::note::Note;
use super::objects::{Definition, Side};
use super::origin::StandIns;
use super::plan_note::PlanNote;
use super::rows::{RowsOf, leaving, not_alone, rows};
use super::state::is_order_free;
use crate::dialect::grammar::{CommandKind, Object};
use crate::ix::{Config, Node};

/// The longest name of an access list (fact sheet: 15 characters, confirmed by a manual).
const LONGEST: usize = 15;

/// How the entries of a list change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListChange {
    /// Not at all.
    None,
    /// New entries at the end, then old ones removed from the end: the list never opens meanwhile.
    InPlace {
        /// How many entries stay.
        keep: usize,
    },
    /// Entries removed anywhere, others appended: only for lists whose order does not matter.
    Loose,
    /// In the middle.
    Rebuild,
}

/// Whether the list is one of those whose order is kept, whatever its entries say.
fn is_judged(list: &Definition<'_>) -> bool {
    list.entries.iter().any(|node| node.kind() == Some(CommandKind::List))
}

/// Compares the entries of a list; `filters_only`: nothing but filters uses it, before or afterwards.
pub fn list_change<'n>(old: &[&'n Node], new: &[&'n Node], filters_only: bool) -> ListChange {
    let keep = old.iter().zip(new).take_while(|(old, new)| old.text == new.text).count();
    if keep == old.len() && keep == new.len() {
        return ListChange::None;
    }
    let (old_rest, new_rest) = (old.get(keep..).unwrap_or_default(), new.get(keep..).unwrap_or_default());
    let heads = old_rest.iter().chain(new_rest).any(|node| node.kind() == Some(CommandKind::Head));
    let numbered = old.iter().chain(new).any(|node| node.arg("SEQ").is_some());
    let kept: HashSet<&str> = old_rest.iter().map(|node| &*node.text).collect();
    let shared = new_rest.iter().any(|node| kept.contains(&*node.text));
    // Numbered entries are in the order of their numbers: only added or removed at the end they change nothing else.
    let numbered = numbered && !(old_rest.is_empty() || new_rest.is_empty());
    if !heads && !numbered && !shared && !(keep == 0 && (old.is_empty() || new.is_empty())) {
        return if begin_others(old, new) { ListChange::Rebuild } else { ListChange::InPlace { keep } };
    }
    // A head line that stays says nothing about the order of the entries after it.
    let entries =
        |nodes: &[&'n Node]| nodes.iter().skip_while(|node| node.kind() == Some(CommandKind::Head)).copied().collect();
    let (old_entries, new_entries): (Vec<&Node>, Vec<&Node>) = (entries(old), entries(new));
    let anywhere = |entries: &[&Node]| entries.iter().all(|node| is_order_free(node, filters_only));
    if !heads && anywhere(&old_entries) && anywhere(&new_entries) {
        let wanted: HashSet<&str> = new_entries.iter().map(|node| &*node.text).collect();
        let stay: Vec<&str> = old_entries.iter().map(|node| &*node.text).filter(|text| wanted.contains(text)).collect();
        let in_order = new_entries.iter().map(|node| &*node.text).take(stay.len()).eq(stay.iter().copied());
        // What comes is entered before anything goes: the list is never without an entry.
        if in_order && !new_entries.is_empty() && !begin_others(old, new) {
            return ListChange::Loose;
        }
    }
    ListChange::Rebuild
}

/// Whether an entry that comes or goes is the beginning of another: what takes it away might take that one.
fn begin_others<'n>(old: &[&'n Node], new: &[&'n Node]) -> bool {
    let texts = |nodes: &[&'n Node]| nodes.iter().map(|node| &*node.text).collect::<HashSet<&'n str>>();
    let (there, wanted) = (texts(old), texts(new));
    let changed: HashSet<&str> = there.symmetric_difference(&wanted).copied().collect();
    let mut lengths: Vec<usize> = changed.iter().map(|text| text.len()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    old.iter().chain(new).any(|node| {
        let blank_at = |length: &&usize| node.text.as_bytes().get(**length) == Some(&b' ');
        lengths
            .iter()
            .filter(blank_at)
            .any(|length| node.text.get(..*length).is_some_and(|begins| changed.contains(begins)))
    })
}

/// The lists to rebuild, with the temporary name where one is needed.
pub struct Rebuilds {
    /// How each list that both configurations have changes.
    pub changes: HashMap<Arc<str>, ListChange>,
    /// Object to the temporary name, where the object is used before and after.
    pub rebuilt: BTreeMap<Arc<str>, Option<String>>,
    /// Those of them that are blocks.
    pub blocks: Vec<Arc<str>>,
    /// Those of them that leave a row of filters.
    leaving: HashSet<Arc<str>>,
    /// What the reviewer should know.
    pub notes: Vec<Note>,
}

impl Rebuilds {
    /// Works them out, from two configurations and their objects.
    pub fn of(from: Side<'_, '_>, to: Side<'_, '_>) -> Result<Self, PlanError> {
        let (old, new) = (from.objects, to.objects);
        let mut rebuilt: BTreeMap<Arc<str>, Option<String>> = BTreeMap::new();
        let mut changes: HashMap<Arc<str>, ListChange> = HashMap::new();
        let mut in_place: HashSet<&str> = HashSet::new();
        let mut looking: HashMap<&str, Vec<&Arc<str>>> = HashMap::new();
        for (id, before) in &old.lists {
            let Some(after) = new.lists.get(id) else { continue };
            let alone = old.only_filters(id) && new.only_filters(id);
            let change = list_change(&before.entries, &after.entries, alone);
            let entries = !before.entries.is_empty() && !after.entries.is_empty() && change == ListChange::Rebuild;
            if matches!(change, ListChange::InPlace { .. }) || change == ListChange::Loose && is_judged(before) {
                in_place.insert(id);
            }
            changes.insert(id.clone(), change);
            let text = |definition: &Definition<'_>| definition.dynamic.map(|node| node.text.clone());
            let dynamic = before.dynamic.is_some() && after.dynamic.is_some() && text(before) != text(after);
            if entries || dynamic {
                rebuilt.insert(id.clone(), None);
            }
            for object in before.dynamic.iter().chain(&after.dynamic).flat_map(|node| node.refers()) {
                looking.entry(object.id()).or_default().push(id);
            }
        }
        // Where no list changes, no row of filters is looked at.
        let still = rebuilt.is_empty() && in_place.is_empty();
        let (before, after) = if still { Default::default() } else { (rows(from.config), rows(to.config)) };
        let before = RowsOf { rows: &before, objects: old };
        let after = RowsOf { rows: &after, objects: new };
        for id in not_alone(before, after, &rebuilt, &in_place) {
            rebuilt.insert(id.into(), None);
        }
        let mut waiting: Vec<Arc<str>> = rebuilt.keys().cloned().collect();
        while let Some(id) = waiting.pop() {
            for above in looking.get(&*id).into_iter().flatten() {
                if !rebuilt.contains_key(*above) {
                    rebuilt.insert(Arc::clone(above), None);
                    waiting.push(Arc::clone(above));
                }
            }
        }
        let blocks = other_headers(from, to);
        rebuilt.extend(blocks.iter().map(|id| (Arc::clone(id), None)));
        let mut notes = Vec::new();
        let mut taken: HashSet<Arc<str>> = old.lists.keys().chain(new.lists.keys()).cloned().collect();
        if !blocks.is_empty() {
            taken.extend(old.defined.iter().chain(&new.defined).cloned());
        }
        let in_use: Vec<Arc<str>> = rebuilt.keys().filter(|id| old.uses(id) && new.uses(id)).cloned().collect();
        for id in in_use {
            let temporary = stand_in(&id, blocks.contains(&id), &mut taken, &mut notes)?;
            rebuilt.insert(id, Some(temporary));
        }
        // A new stateful list over one that has a temporary name needs one too: each would wait for the other.
        for (id, after) in new.lists.iter().filter(|(id, _)| !old.lists.contains_key(*id) && new.uses(id)) {
            let over =
                |node: &Node| node.refers().iter().any(|object| rebuilt.get(object.id()).is_some_and(Option::is_some));
            if after.dynamic.is_some_and(over) {
                let temporary = stand_in(id, false, &mut taken, &mut notes)?;
                rebuilt.insert(id.clone(), Some(temporary));
            }
        }
        let leaving = leaving(before, after, &rebuilt);
        Ok(Self { changes, rebuilt, blocks, leaving, notes })
    }

    /// Whether the object is rebuilt, and leaves a row of filters.
    pub fn leaves(&self, id: &str) -> bool {
        self.leaving.contains(id)
    }

    /// Whether the object is made of blocks, and rebuilt.
    pub fn is_block(&self, id: &str) -> bool {
        self.blocks.iter().any(|block| **block == *id)
    }

    /// The temporary name of an object.
    pub fn temporary(&self, id: &str) -> Option<&str> {
        self.rebuilt.get(id)?.as_deref()
    }

    /// The temporary names, as objects, each with the list's own name.
    pub fn stand_ins(&self) -> StandIns {
        let in_use = self.rebuilt.iter().filter_map(|(id, temporary)| Some((id.split_once(':')?, temporary.as_ref()?)));
        in_use.map(|((kind, name), temporary)| (format!("{kind}:{temporary}"), Arc::from(name))).collect()
    }

    /// Whether the object is rebuilt.
    pub fn contains(&self, id: &str) -> bool {
        self.rebuilt.contains_key(id)
    }
}

/// The objects that blocks of the global mode bring into being, where one of their blocks gets another header and may be the same
/// block to the router: by its key, or because one header begins the other. Those that nothing uses are not among them, nor those that
/// something uses which cannot be pointed elsewhere at once.
fn other_headers(from: Side<'_, '_>, to: Side<'_, '_>) -> Vec<Arc<str>> {
    fn blocks(config: &Config) -> impl Iterator<Item = &Node> {
        let named = |node: &&Node| node.kind() == Some(CommandKind::Block) && !node.off && !node.defines().is_empty();
        config.nodes.iter().filter(named)
    }
    let texts = |config| blocks(config).map(|node| &*node.text).collect::<HashSet<&str>>();
    let (before, after) = (texts(from.config), texts(to.config));
    let mut gone: HashMap<&str, Vec<&Node>> = HashMap::new();
    for node in blocks(from.config).filter(|node| !after.contains(&*node.text)) {
        node.defines().iter().for_each(|object| gone.entry(object.id()).or_default().push(node));
    }
    let begins = |one: &str, other: &str| other.strip_prefix(one).is_some_and(|rest| rest.starts_with(' '));
    let is_one = |one: &Node, other: &Node| {
        one.key == other.key || begins(&one.text, &other.text) || begins(&other.text, &one.text)
    };
    let mut found = BTreeSet::new();
    for node in blocks(to.config).filter(|node| !gone.is_empty() && !before.contains(&*node.text)) {
        let turned = node
            .defines()
            .iter()
            .filter(|object| gone.get(object.id()).is_some_and(|all| all.iter().any(|old| is_one(old, node))));
        found.extend(turned.map(Object::shared));
    }
    found.retain(|id| from.objects.uses(id) || to.objects.uses(id));
    let configs = if found.is_empty() { None } else { Some([from.config, to.config]) };
    for config in configs.into_iter().flatten() {
        config.walk(&mut |_, node| {
            if node.row.as_ref().is_some_and(|row| !row.replaces) {
                node.refers().iter().for_each(|object| _ = found.remove(object.id()));
            }
        });
    }
    found.into_iter().collect()
}

/// Chooses the temporary name of a list, or of a block, and says so in a note.
fn stand_in(id: &str, block: bool, taken: &mut HashSet<Arc<str>>, notes: &mut Vec<Note>) -> Result<String, PlanError> {
    let (kind, name) = id.split_once(':').unwrap_or_default();
    let chosen = choose(kind, name, taken).ok_or_else(|| PlanError::NoName { list: name.to_owned() })?;
    if !chosen.starts_with(name) {
        notes.push(PlanNote::ShortName { list: name, temporary: &chosen }.into());
    }
    notes.push(if block {
        PlanNote::BlockRebuilt { name, temporary: &chosen }.into()
    } else {
        PlanNote::Rebuilt { list: name, temporary: &chosen }.into()
    });
    taken.insert(format!("{kind}:{chosen}").into());
    Ok(chosen)
}

/// A free name: the list's with `-t`, shortened where it leaves no room.
fn choose(kind: &str, name: &str, taken: &HashSet<Arc<str>>) -> Option<String> {
    (1..100).find_map(|number| {
        let suffix = if number == 1 { "-t".to_owned() } else { format!("-t{number}") };
        let room = LONGEST.checked_sub(suffix.len())?;
        let stem: String = name.chars().take(room).collect();
        let chosen = format!("{}{suffix}", stem.trim_end_matches('-'));
        (!taken.contains(format!("{kind}:{chosen}").as_str())).then_some(chosen)
    })
}
