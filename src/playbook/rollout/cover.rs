//! The choice of few sites that together show every model, firmware, region or carrier that there is.
//!
//! A smallest choice is hard to find; the greedy one is at most a logarithm larger, and always the same for the same sites.

use std::collections::BTreeSet;

use super::matching::{Property, SiteTraits};

/// The places of the sites that cover each value of these properties that one of the candidates has: again and again the one that
/// shows most of what is still unseen, of equals the first.
pub(super) fn cover(candidates: &[usize], sites: &[SiteTraits], properties: &[Property]) -> Vec<usize> {
    let shows = |place: usize| {
        let site = sites.get(place).into_iter();
        site.flat_map(|site| {
            properties
                .iter()
                .flat_map(move |property| site.values(*property).iter().map(move |value| (*property, value.as_str())))
        })
    };
    let mut unseen: BTreeSet<(Property, &str)> = candidates.iter().flat_map(|place| shows(*place)).collect();
    let mut chosen = Vec::new();
    while !unseen.is_empty() {
        let mut best: Option<(usize, usize)> = None;
        for place in candidates {
            let more = shows(*place).filter(|value| unseen.contains(value)).count();
            if best.is_none_or(|(most, _)| more > most) {
                best = Some((more, *place));
            }
        }
        let Some((_, place)) = best.filter(|(more, _)| *more > 0) else { break };
        unseen.retain(|value| !shows(place).any(|shown| shown == *value));
        chosen.push(place);
    }
    chosen
}
