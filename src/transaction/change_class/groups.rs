//! The plans of many routers by their classes. Each plan is looked at once.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::bound::BoundChange;
use super::class::ChangeClass;
use super::hash::{ClassHash, ClassNamer};
use crate::transaction::saved_plan::SavedPlan;

/// The routers of one class.
#[derive(Debug)]
pub struct ClassGroup<'p> {
    /// What people call it: the beginning of its hash.
    pub name: String,
    /// The hash; nothing where an earlier version kept the plans, which approves no class.
    pub hash: Option<ClassHash>,
    /// The class; likewise.
    pub class: Option<ChangeClass>,
    /// The plans of its routers, in the order of the inventory.
    pub plans: Vec<&'p SavedPlan>,
    /// What the placeholders of the class stand for, for each of these routers.
    pub values: Vec<Vec<String>>,
}

/// The plans of many routers.
#[derive(Debug, Default)]
pub struct ClassGroups<'p> {
    /// Those that change something: the class with the most routers first.
    pub changing: Vec<ClassGroup<'p>>,
    /// Those that are as declared.
    pub unchanged: Vec<&'p SavedPlan>,
}

impl<'p> ClassGroups<'p> {
    /// Of these plans.
    pub fn of(plans: impl IntoIterator<Item = &'p SavedPlan>) -> Self {
        let (mut groups, mut namer) = (Self::default(), ClassNamer::default());
        let mut places: HashMap<String, usize> = HashMap::new();
        for plan in plans {
            if plan.commands.is_empty() {
                groups.unchanged.push(plan);
                continue;
            }
            let change = ChangeClass::of_saved(plan);
            let key =
                change.as_ref().map_or_else(|| without_class(plan), |change| namer.hash(&change.class).to_string());
            let next = groups.changing.len();
            let place = *places.entry(key.clone()).or_insert(next);
            if place == next {
                groups.changing.push(ClassGroup::new(&key, change.as_ref()));
            }
            if let Some(group) = groups.changing.get_mut(place) {
                group.plans.push(plan);
                group.values.push(change.map(|change| change.values).unwrap_or_default());
            }
        }
        // The sort is stable: classes of one size stay in the order of the inventory.
        groups.changing.sort_by_key(|group| std::cmp::Reverse(group.plans.len()));
        groups
    }
}

/// What names plans that are the same, where an earlier version kept them.
fn without_class(plan: &SavedPlan) -> String {
    let said = (&plan.commands, &plan.undo, &plan.diff, &plan.alternatives, &plan.guesses);
    let said = serde_json::to_vec(&said).unwrap_or_default();
    Sha256::digest(said).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl ClassGroup<'_> {
    fn new(key: &str, change: Option<&BoundChange>) -> Self {
        Self {
            name: key.chars().take(8).collect(),
            hash: change.map(|change| change.class.hash()),
            class: change.map(|change| change.class.clone()),
            plans: Vec::new(),
            values: Vec::new(),
        }
    }

    /// The names of its routers.
    pub fn routers(&self) -> Vec<&str> {
        self.plans.iter().map(|plan| plan.intent.router.as_str()).collect()
    }

    /// At how many sites they are.
    pub fn sites(&self) -> usize {
        self.plans.iter().map(|plan| plan.intent.site.as_str()).collect::<HashSet<_>>().len()
    }

    /// How many different values each placeholder has among them.
    pub fn different(&self) -> Vec<usize> {
        let count = self.class.as_ref().map_or(0, |class| class.values.len());
        let values = |at: usize| self.values.iter().filter_map(move |values| values.get(at));
        (0..count).map(|at| values(at).collect::<HashSet<_>>().len()).collect()
    }
}
