//! Units into a sequence: what others need first, then the order of the router's own display.
//!
//! Same input, same sequence. A circle of needs is an error that names it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

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
        let pairs = |first: &HashMap<&str, Vec<usize>>, second: &HashMap<&str, Vec<usize>>, edge: &mut dyn FnMut(usize, usize)| {
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
        pairs(&drops, &provides, &mut edge);
        for (from, to) in before {
            edge(*from, *to);
        }
    }
    let mut ready: BinaryHeap<Reverse<(super::unit::Order, usize)>> = BinaryHeap::new();
    for (index, unit) in units.iter().enumerate() {
        if waits.get(index) == Some(&0) {
            ready.push(Reverse((unit.order.clone(), index)));
        }
    }
    let mut steps = Vec::new();
    let mut done = 0;
    while let Some(Reverse((_, index))) = ready.pop() {
        done += 1;
        for next in later.get(index).cloned().unwrap_or_default() {
            if let Some(count) = waits.get_mut(next) {
                *count -= 1;
                if *count == 0
                    && let Some(unit) = units.get(next)
                {
                    ready.push(Reverse((unit.order.clone(), next)));
                }
            }
        }
        if let Some(unit) = units.get_mut(index) {
            steps.append(&mut unit.steps);
        }
    }
    if done == units.len() { Ok(steps) } else { Err(PlanError::Cycle { lines: circle(&units, &later, &waits) }) }
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
