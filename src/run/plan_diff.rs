//! What has changed from one plan file to another, say since an approval: which routers are more or fewer, which classes are new or gone,
//! and which routers get another change. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::plan_file::{Made, PlanFile};
use crate::transaction::{ClassGroups, SavedPlan};

/// What has changed.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanDiff {
    /// What the headers say otherwise. Who made a plan, when and why is no difference of the plan.
    pub header: Vec<HeaderChange>,
    /// Routers that only the new one has.
    pub added: Vec<String>,
    /// Routers that only the old one has.
    pub removed: Vec<String>,
    /// Classes that only the new one has.
    pub new_classes: Vec<ClassSize>,
    /// Classes that only the old one has.
    pub gone_classes: Vec<ClassSize>,
    /// Routers that get another change, or none, or now one.
    pub moved: Vec<Moved>,
    /// Routers whose change is of the same class with other values of their own.
    pub other_values: Vec<String>,
    /// Routers that are tested otherwise from the laptop.
    pub other_tests: Vec<String>,
    /// Routers of the same change whose configuration was another when they were read.
    pub read_otherwise: usize,
}

/// A field of the header.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct HeaderChange {
    /// The field.
    pub field: &'static str,
    /// What the old file says.
    pub old: String,
    /// What the new one says.
    pub new: String,
    /// The plan is another one for it.
    pub counts: bool,
}

/// A class and how many routers it has.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ClassSize {
    /// The class, by its hash.
    pub class: String,
    /// The routers.
    pub routers: usize,
}

/// A router that gets another change.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The router.
    pub router: String,
    /// What it had: the hash of a class, `as-declared`, or the state of a router without a plan.
    pub old: String,
    /// What it has now.
    pub new: String,
}

/// What one router gets.
struct Part<'f> {
    place: String,
    values: &'f [String],
    plan: Option<&'f SavedPlan>,
}

impl PlanDiff {
    /// From one file to another.
    pub fn of(old: &PlanFile, new: &PlanFile) -> Self {
        let groups = [old, new].map(|file| ClassGroups::of(&file.routers));
        let [before, after] = [parts(old, &groups[0]), parts(new, &groups[1])];
        let mut diff = Self { header: header(old, new), ..Self::default() };
        for (router, now) in &after {
            let name = (*router).to_owned();
            match before.get(router) {
                None => diff.added.push(name),
                Some(then) if then.place != now.place => {
                    diff.moved.push(Moved { router: name, old: then.place.clone(), new: now.place.clone() });
                }
                Some(then) if then.values != now.values => diff.other_values.push(name),
                Some(then) => {
                    let seen = |part: &Part<'_>| part.plan.map(|plan| plan.seen.running.clone());
                    diff.read_otherwise += usize::from(seen(then) != seen(now));
                }
            }
        }
        let [tested_before, tested_after] = [old, new].map(|file| file.hand_over.by_router());
        let both = after.keys().filter(|router| before.contains_key(*router));
        let otherwise = both.filter(|router| tested_before.get(*router) != tested_after.get(*router));
        diff.other_tests = otherwise.map(|router| (*router).to_owned()).collect();
        diff.removed.extend(before.keys().filter(|router| !after.contains_key(*router)).map(|name| (*name).to_owned()));
        let [sizes_before, sizes_after] = groups.each_ref().map(sizes);
        let only = |of: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| -> Vec<ClassSize> {
            let only = of.iter().filter(|(class, _)| !other.contains_key(*class));
            only.map(|(class, routers)| ClassSize { class: class.clone(), routers: *routers }).collect()
        };
        diff.new_classes = only(&sizes_after, &sizes_before);
        diff.gone_classes = only(&sizes_before, &sizes_after);
        diff
    }

    /// Whether both mean the same change of the same routers.
    pub fn is_same(&self) -> bool {
        let same = [&self.added, &self.removed, &self.other_values, &self.other_tests];
        self.moved.is_empty() && same.into_iter().all(Vec::is_empty) && self.header.iter().all(|change| !change.counts)
    }
}

/// The routers of a file in the order of their names.
fn parts<'f>(file: &'f PlanFile, groups: &'f ClassGroups<'_>) -> BTreeMap<&'f str, Part<'f>> {
    let mut parts = BTreeMap::new();
    for group in &groups.changing {
        let place = group.hash.as_ref().map_or_else(|| group.name.clone(), ToString::to_string);
        for (plan, values) in group.plans.iter().zip(&group.values) {
            parts.insert(plan.intent.router.as_str(), Part { place: place.clone(), values, plan: Some(plan) });
        }
    }
    for plan in &groups.unchanged {
        let place = "as-declared".to_owned();
        parts.insert(plan.intent.router.as_str(), Part { place, values: &[], plan: Some(plan) });
    }
    for one in &file.unplanned {
        parts.insert(one.router.as_str(), Part { place: one.state.word().to_owned(), values: &[], plan: None });
    }
    parts
}

fn sizes(groups: &ClassGroups<'_>) -> BTreeMap<String, usize> {
    let named = |hash: &Option<_>, name: &String| hash.as_ref().map_or_else(|| name.clone(), ToString::to_string);
    groups.changing.iter().map(|group| (named(&group.hash, &group.name), group.plans.len())).collect()
}

fn header(old: &PlanFile, new: &PlanFile) -> Vec<HeaderChange> {
    let of = |file: &PlanFile| -> HashMap<&'static str, String> {
        let Made { by, machine, at, version, playbook, inventory, reason, limit, backups, title } =
            file.made.clone().unwrap_or_default();
        HashMap::from([
            ("by", by),
            ("machine", machine),
            ("at", at),
            ("version", version),
            ("playbook_file", playbook),
            ("inventory", inventory),
            ("reason", reason.unwrap_or_default()),
            ("limit", limit.unwrap_or_default()),
            ("backups", backups.map(|ages| ages.times()).unwrap_or_default()),
            ("title", title.map(|title| title.ja).unwrap_or_default()),
            ("playbook", file.playbook.clone()),
            ("rollout", serde_json::to_string(&file.rollout).unwrap_or_default()),
        ])
    };
    let (old, new) = (of(old), of(new));
    let fields: BTreeSet<&'static str> = old.keys().copied().collect();
    let change = |field: &'static str| {
        let (old, new) = (old.get(field)?.clone(), new.get(field)?.clone());
        let counts = matches!(field, "playbook" | "rollout");
        (old != new).then_some(HeaderChange { field, old, new, counts })
    };
    fields.into_iter().filter_map(change).collect()
}
