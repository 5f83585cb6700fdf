//! Units into a sequence: what others need first, then the order of the router's own display.
//!
//! Same input, same sequence. A circle of needs is an error that names it.

use std::collections::{BTreeSet, HashMap};

use super::error::PlanError;
use super::unit::{Step, Unit};
use crate::ix::mask::mask_line;

/// Puts units into order; `before` holds pairs (earlier, later) beside what objects demand.
pub fn order(mut units: Vec<Unit>, before: &[(usize, usize)]) -> Result<Vec<Step>, PlanError> {
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
        let by = |select: fn(&Unit) -> &Vec<String>| {
            let mut map: HashMap<&str, Vec<usize>> = HashMap::new();
            for (index, unit) in units.iter().enumerate() {
                for object in select(unit) {
                    map.entry(object.as_str()).or_default().push(index);
                }
            }
            map
        };
        let (needs, frees, drops) = (by(|unit| &unit.needs), by(|unit| &unit.frees), by(|unit| &unit.drops));
        let provides = by(|unit| &unit.provides);
        let pairs = |first: &HashMap<&str, Vec<usize>>,
                     second: &HashMap<&str, Vec<usize>>,
                     edge: &mut dyn FnMut(usize, usize)| {
            let mut objects: Vec<&&str> = first.keys().collect();
            objects.sort_unstable();
            for object in objects {
                for from in first.get(*object).into_iter().flatten() {
                    for to in second.get(*object).into_iter().flatten() {
                        edge(*from, *to);
                    }
                }
            }
        };
        pairs(&provides, &needs, &mut edge);
        pairs(&frees, &drops, &mut edge);
        for (from, to) in before {
            edge(*from, *to);
        }
    }
    let mut ready = Ready::default();
    for (index, unit) in units.iter().enumerate() {
        if waits.get(index) == Some(&0) {
            ready.put(index, unit);
        }
    }
    let mut steps = Vec::new();
    let mut done = 0;
    let mut here: Vec<String> = Vec::new();
    while let Some(index) = ready.take(&here) {
        done += 1;
        for next in later.get(index).cloned().unwrap_or_default() {
            if let Some(count) = waits.get_mut(next) {
                *count -= 1;
                if *count == 0
                    && let Some(unit) = units.get(next)
                {
                    ready.put(next, unit);
                }
            }
        }
        if let Some(unit) = units.get_mut(index) {
            here = unit.steps.last().map(|step| step.line.section.clone()).unwrap_or_default();
            steps.append(&mut unit.steps);
        }
    }
    if done == units.len() { Ok(steps) } else { Err(PlanError::Cycle { lines: circle(&units, &later, &waits) }) }
}

/// The units nothing holds back.
#[derive(Default)]
struct Ready {
    all: BTreeSet<(super::unit::Order, usize)>,
    in_section: HashMap<Vec<String>, BTreeSet<(super::unit::Order, usize)>>,
    sections: HashMap<usize, Vec<String>>,
}

impl Ready {
    fn put(&mut self, index: usize, unit: &Unit) {
        let entry = (unit.order.clone(), index);
        if !unit.section().is_empty() {
            self.in_section.entry(unit.section().to_vec()).or_default().insert(entry.clone());
            self.sections.insert(index, unit.section().to_vec());
        }
        self.all.insert(entry);
    }

    /// The next one; a section that is open is finished first.
    fn take(&mut self, here: &[String]) -> Option<usize> {
        let first = self.all.first()?;
        let near = self.in_section.get(here).and_then(BTreeSet::first).filter(|near| near.0.beside(&first.0));
        let entry = near.unwrap_or(first).clone();
        self.all.remove(&entry);
        if let Some(units) = self.sections.get(&entry.1).and_then(|section| self.in_section.get_mut(section)) {
            units.remove(&entry);
        }
        Some(entry.1)
    }
}

/// One circle among the units that still wait.
fn circle(units: &[Unit], later: &[Vec<usize>], waits: &[usize]) -> Vec<String> {
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
        .map(|step| {
            let mut words = step.line.section.clone();
            words.push(mask_line(&step.line.text));
            words.join(" / ")
        })
        .collect()
}
