//! An IPv4 network is on one interface of a VRF at a time: it is given up before another line takes it.
//!
//! Whether the router refuses a repeated network is not attested, so both are handled. Where two interfaces exchange networks, one
//! of them is without an address for a moment, and the plan says so. Knows only the lines that the units hold.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use super::build::Builder;
use super::plan_note::PlanNote;
use super::state::removal;
use super::unit::{Gap, Outage, Placed, Resource, Step, Unit};
use crate::dialect::grammar::Grammar;
use crate::ix::{Config, Node};

/// An address and its place.
struct PlacedAddress<'a> {
    header: &'a Node,
    line: &'a Node,
    vrf: Option<&'a str>,
    network: u32,
    length: u32,
}

impl<'a> PlacedAddress<'a> {
    /// What makes it the same before and after.
    fn identity(&self) -> (&'a str, &'a str, Option<&'a str>) {
        (&self.header.text, &self.line.text, self.vrf)
    }

    /// Whether both networks share addresses of one VRF.
    fn meets(&self, other: &Self) -> bool {
        let shared = self.length.min(other.length);
        self.vrf == other.vrf && (self.network ^ other.network).checked_shr(32 - shared).unwrap_or(0) == 0
    }

    fn is_in(&self, step: &Step) -> bool {
        step.line.section.last().is_some_and(|header| **header == *self.header.text)
    }

    /// Whether a step takes it away.
    fn goes_with(&self, grammar: &Grammar, step: &Step) -> bool {
        if step.line.section.is_empty() {
            return removal(self.header).is_some_and(|text| *text == *step.line.text);
        }
        if !self.is_in(step) {
            return false;
        }
        let node = Node::new(grammar, "interface", &step.line.text, 0);
        let text = step.line.text.strip_prefix("no ").unwrap_or(&step.line.text);
        let slot = self.line.row.as_ref().map(|row| &*row.slot).unwrap_or_default();
        let deleted = || {
            let mut rows = grammar.rows().iter().filter(|row| row.deletes.iter().any(|deleted| deleted == slot));
            rows.any(|row| text.starts_with(&row.leading))
        };
        removal(self.line).is_some_and(|text| *text == *step.line.text) || node.key == self.line.key || deleted()
    }
}

/// Every IPv4 address that is written out.
fn placed_addresses(config: &Config) -> Vec<PlacedAddress<'_>> {
    let mut found = Vec::new();
    for header in config.nodes.iter().filter(|node| node.context() == "interface") {
        let lines = || header.children.iter().filter(|line| !line.off);
        let vrf = lines().find_map(|line| line.arg("VRF"));
        for line in lines().filter(|line| line.row.as_ref().is_some_and(|row| row.address && !row.address6)) {
            let prefix = line.arg("ADDRESS").and_then(|address| address.split_once('/'));
            if let Some((Ok(address), Ok(length @ 0..=32))) =
                prefix.map(|(address, length)| (address.parse::<Ipv4Addr>(), length.parse::<u32>()))
            {
                found.push(PlacedAddress { header, line, vrf, network: u32::from(address), length });
            }
        }
    }
    found
}

/// The units by the header of the block that their lines are about: one is looked for among its own, however many there are.
pub(super) fn by_header(builder: &Builder<'_>) -> HashMap<Arc<str>, Vec<usize>> {
    let mut found: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
    for (index, unit) in builder.units.iter().enumerate() {
        for line in unit.steps.iter().map(|step| &step.line) {
            let header = line.section.last().cloned().or_else(|| line.text.strip_prefix("no ").map(Arc::from));
            let units = found.entry(header.unwrap_or_else(|| line.text.clone())).or_default();
            if units.last() != Some(&index) {
                units.push(index);
            }
        }
    }
    found
}

/// Pairs of units: the first gives up a network that the second takes.
pub(super) fn in_turn(builder: &mut Builder<'_>, from: &Config, to: &Config) -> Vec<(usize, usize)> {
    let (old, new) = (placed_addresses(from), placed_addresses(to));
    let [before, after] = [&old, &new].map(|placed| placed.iter().map(PlacedAddress::identity).collect::<HashSet<_>>());
    let going = old.iter().filter(|address| !after.contains(&address.identity()));
    let coming: Vec<&PlacedAddress<'_>> = new.iter().filter(|address| !before.contains(&address.identity())).collect();
    let pairs = going.flat_map(|goes| coming.iter().map(move |comes| (goes, *comes)));
    // A line that replaces an address gives the old one up by itself.
    let replaced = |goes: &PlacedAddress<'_>, comes: &PlacedAddress<'_>| {
        (&goes.header.text, &goes.line.key) == (&comes.header.text, &comes.line.key)
    };
    let meeting: Vec<_> = pairs.filter(|(goes, comes)| goes.meets(comes) && !replaced(goes, comes)).collect();
    if meeting.is_empty() {
        return Vec::new();
    }
    let units = by_header(builder);
    let grammar = builder.grammar;
    let mut turns: Vec<(usize, usize)> = Vec::new();
    for (goes, comes) in meeting {
        let unit = |address: &PlacedAddress<'_>, of: &dyn Fn(&Step) -> bool| {
            let about = units.get(&address.header.text).map(Vec::as_slice).unwrap_or_default();
            about.iter().copied().find(|index| builder.units.get(*index).is_some_and(|unit| unit.steps.iter().any(of)))
        };
        let gives = unit(goes, &|step| goes.goes_with(grammar, step));
        let takes = unit(comes, &|step| comes.is_in(step) && *step.line.text == *comes.line.text);
        let (Some(gives), Some(takes)) = (gives, takes) else { continue };
        if gives == takes || turns.contains(&(gives, takes)) {
            continue;
        }
        if !leads(&turns, takes, gives) {
            turns.push((gives, takes));
        } else if let Some(first) = gives_up_first(builder, gives) {
            turns.iter_mut().filter(|(before, _)| *before == gives).for_each(|(before, _)| *before = first);
            turns.push((first, takes));
        } else {
            let place = &comes.header.text;
            builder.notes.push(PlanNote::AddressOverlap { line: &comes.line.text, place }.into());
        }
    }
    turns
}

/// Whether one unit comes before another because of what others give up.
fn leads(turns: &[(usize, usize)], from: usize, to: usize) -> bool {
    let mut waiting = vec![from];
    let mut seen = vec![from];
    while let Some(at) = waiting.pop() {
        for (_, next) in turns.iter().filter(|(before, _)| *before == at) {
            if *next == to {
                return true;
            }
            if !seen.contains(next) {
                seen.push(*next);
                waiting.push(*next);
            }
        }
    }
    false
}

/// Parts a line that replaces an address: the old one is given up by a line of its own.
fn gives_up_first(builder: &mut Builder<'_>, at: usize) -> Option<usize> {
    let grammar = builder.grammar;
    let slot = |text: &str| {
        let node = Node::new(grammar, "interface", text, 0);
        node.row.as_ref().filter(|row| row.address && row.replaces && !node.off).map(|row| row.slot.clone())
    };
    let [step] = builder.units.get(at)?.steps.as_slice() else { return None };
    let [old] = step.inverse.as_slice() else { return None };
    let given_up = slot(&step.line.text).filter(|given_up| slot(&old.text).as_ref() == Some(given_up))?;
    let off = builder.off_text("interface", &given_up)?;
    let unit = builder.units.get_mut(at)?;
    let [step] = unit.steps.as_mut_slice() else { return None };
    let old = step.inverse.first()?.clone();
    let placed = Placed { section: step.line.section.clone(), text: off };
    let place = placed.section.join(" / ");
    let gap = Some(Box::new(Gap { what: Outage::Address, place, steps: None, section: None }));
    let first = Step { line: placed.clone(), inverse: vec![old], gap, ..step.clone() };
    step.inverse = vec![placed];
    step.back = true;
    let mut before = Unit::new(unit.order.clone(), vec![first]);
    before.needs.clone_from(&unit.needs);
    before.frees.clone_from(&unit.frees);
    before.provides = unit.provides.iter().filter(|resource| matches!(resource, Resource::Ready(_))).cloned().collect();
    builder.units.push(before);
    let first = builder.units.len() - 1;
    builder.before.push((first, at));
    Some(first)
}
