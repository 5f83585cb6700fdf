//! Units into a sequence: what others need first, then the order of the router's own display.
//!
//! Same input, same sequence. A circle of needs is an error that names it.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::error::PlanError;
use super::unit::{OrderClass, Resource, Unit};
use crate::ix::mask::mask_path;

/// The order of units, by their places in the row; `before` holds pairs (earlier, later) beside what objects demand.
pub fn order(units: &[Unit<'_>], before: &[&[(usize, usize)]]) -> Result<Vec<usize>, PlanError> {
    let mut later: Vec<Vec<usize>> = vec![Vec::new(); units.len()];
    let mut waits = vec![0_usize; units.len()];
    {
        let mut edge = |from: usize, to: usize| {
            if from != to
                && let (Some(targets), Some(count)) = (later.get_mut(from), waits.get_mut(to))
            {
                targets.push(to);
                *count += 1;
            }
        };
        let by = |select: for<'u> fn(&'u Unit<'_>) -> &'u Vec<Resource>| {
            let mut map: HashMap<&Resource, Vec<usize>> = HashMap::new();
            for (index, unit) in units.iter().enumerate() {
                for resource in select(unit) {
                    map.entry(resource).or_default().push(index);
                }
            }
            map
        };
        let (provides, drops) = (by(|unit| &unit.provides), by(|unit| &unit.drops));
        for (index, unit) in units.iter().enumerate() {
            for from in unit.needs.iter().filter_map(|resource| provides.get(resource)).flatten() {
                edge(*from, index);
            }
            for to in unit.frees.iter().filter_map(|resource| drops.get(resource)).flatten() {
                edge(index, *to);
            }
        }
        for (from, to) in before.iter().copied().flatten() {
            edge(*from, *to);
        }
    }
    let mut ready = Ready::of(units);
    for index in (0..units.len()).filter(|index| waits.get(*index) == Some(&0)) {
        ready.put(index);
    }
    let mut order = Vec::with_capacity(units.len());
    while let Some(index) = ready.take() {
        order.push(index);
        for next in later.get(index).into_iter().flatten() {
            if let Some(count) = waits.get_mut(*next) {
                *count -= 1;
                if *count == 0 {
                    ready.put(*next);
                }
            }
        }
    }
    if order.len() == units.len() { Ok(order) } else { Err(PlanError::Cycle { lines: circle(units, &later, &waits) }) }
}

/// The units nothing holds back.
///
/// Orders and sections are compared once, at the beginning: a unit is known here by its rank, a section by its number.
struct Ready {
    /// The unit of each rank.
    by_rank: Vec<usize>,
    /// What is known of each unit.
    units: Vec<Known>,
    all: BTreeSet<usize>,
    in_section: Vec<BTreeSet<usize>>,
    /// The section the last unit taken ends in.
    here: usize,
}

#[derive(Clone, Copy, Default)]
struct Known {
    rank: usize,
    /// Units of one class may go before each other only because their section is open.
    class: (bool, OrderClass, bool),
    /// The sections of its first and of its last line; 0 is the global mode. A unit without a line ends nowhere.
    first: usize,
    last: Option<usize>,
}

impl Ready {
    fn of(units: &[Unit<'_>]) -> Self {
        let mut by_rank: Vec<usize> = (0..units.len()).collect();
        by_rank.sort_by(|left, right| {
            units.get(*left).map(|unit| &unit.order).cmp(&units.get(*right).map(|unit| &unit.order))
        });
        let mut numbers: HashMap<&[Arc<str>], usize> = HashMap::from_iter([(&[][..], 0)]);
        let mut known: Vec<Known> = units
            .iter()
            .map(|unit| {
                let [first, last] = [unit.steps.first(), unit.steps.last()].map(|step| {
                    let next = numbers.len();
                    step.map(|step| *numbers.entry(&step.line.section).or_insert(next))
                });
                Known { rank: 0, class: unit.order.class(), first: first.unwrap_or_default(), last }
            })
            .collect();
        for (rank, index) in by_rank.iter().enumerate() {
            if let Some(unit) = known.get_mut(*index) {
                unit.rank = rank;
            }
        }
        let in_section = vec![BTreeSet::new(); numbers.len()];
        Self { by_rank, units: known, all: BTreeSet::new(), in_section, here: 0 }
    }

    fn put(&mut self, index: usize) {
        let unit = self.units.get(index).copied().unwrap_or_default();
        if unit.first > 0
            && let Some(section) = self.in_section.get_mut(unit.first)
        {
            section.insert(unit.rank);
        }
        self.all.insert(unit.rank);
    }

    /// The next one; a section that is open is finished first.
    fn take(&mut self) -> Option<usize> {
        let unit = |rank: usize| self.by_rank.get(rank).and_then(|index| self.units.get(*index));
        let first = *self.all.first()?;
        let near = self.in_section.get(self.here).and_then(BTreeSet::first).copied();
        let near = near.filter(|near| unit(*near).map(|unit| unit.class) == unit(first).map(|unit| unit.class));
        let rank = near.unwrap_or(first);
        let taken = unit(rank).copied().unwrap_or_default();
        self.all.remove(&rank);
        if let Some(section) = self.in_section.get_mut(taken.first) {
            section.remove(&rank);
        }
        self.here = taken.last.unwrap_or(self.here);
        self.by_rank.get(rank).copied()
    }
}

/// One circle among the units that still wait.
fn circle(units: &[Unit<'_>], later: &[Vec<usize>], waits: &[usize]) -> Vec<String> {
    let waiting = |index: &usize| waits.get(*index).is_some_and(|count| *count > 0);
    // Every waiting unit has a waiting predecessor: walking backwards must come round.
    let mut before: HashMap<usize, usize> = HashMap::new();
    for (from, targets) in later.iter().enumerate().filter(|(from, _)| waiting(from)) {
        for to in targets.iter().filter(|to| waiting(to)) {
            before.entry(*to).or_insert(from);
        }
    }
    let mut walk: Vec<usize> = Vec::new();
    let mut at = (0..units.len()).find(|index| waiting(index)).unwrap_or_default();
    while !walk.contains(&at) {
        walk.push(at);
        match before.get(&at) {
            Some(previous) => at = *previous,
            None => break,
        }
    }
    let start = walk.iter().position(|index| *index == at).unwrap_or(0);
    walk.iter()
        .skip(start)
        .rev()
        .filter_map(|index| units.get(*index)?.steps.first())
        .map(|step| mask_path(step.line.section.iter().chain([&step.line.text])))
        .collect()
}
