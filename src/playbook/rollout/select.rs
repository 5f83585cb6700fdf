//! Which site belongs to which step. Pure: it knows sites by what is known of them, and nothing of tasks or routers.
//!
//! Each site is in exactly one step: in the first one that takes it. What no step takes forms a last step of its own.

use super::cover::cover;
use super::matching::SiteTraits;
use super::step::Step;

/// The name of the step that is made of what no step takes.
pub const REST: &str = "rest";

/// The places of the sites of each step, in the order of the sites; last those that no step takes.
pub fn select(steps: &[Step], sites: &[SiteTraits]) -> Vec<Vec<usize>> {
    let mut free: Vec<bool> = vec![true; sites.len()];
    let mut chosen: Vec<Vec<usize>> = Vec::with_capacity(steps.len() + 1);
    for step in steps {
        let taken = take(step, sites, &free);
        for place in &taken {
            if let Some(free) = free.get_mut(*place) {
                *free = false;
            }
        }
        chosen.push(taken);
    }
    chosen.push(free.iter().enumerate().filter(|(_, free)| **free).map(|(place, _)| place).collect());
    chosen
}

fn take(step: &Step, sites: &[SiteTraits], free: &[bool]) -> Vec<usize> {
    let fits = &step.fits;
    let fitting = fits.fitting(sites);
    let candidates: Vec<usize> = fitting.iter().copied().filter(|place| free.get(*place) == Some(&true)).collect();
    let is_held = |place: &usize| sites.get(*place).is_some_and(|site| site.held);
    let (held, candidates): (Vec<usize>, Vec<usize>) = candidates.into_iter().partition(is_held);
    let mut taken = cover(&candidates, sites, &fits.cover);
    let covering = taken.clone();
    let others = candidates.into_iter().filter(|place| !covering.contains(place)).chain(held);
    taken.extend(others.take(fits.amount.of(fitting.len()).saturating_sub(covering.len())));
    taken.sort_unstable();
    taken
}

#[cfg(test)]
#[path = "select_tests.rs"]
mod tests;
