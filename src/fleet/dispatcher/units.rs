//! The tasks of a run and what begins together, as tables by number. They are made once, from what tasks need and what the rules say.

use std::collections::HashMap;
use std::time::Duration;

use super::cohorts::Cohorts;
use crate::fleet::clock::Moment;
use crate::fleet::needs::Needs;
use crate::fleet::rules::Rules;
use crate::state::FailureClass;

/// Where one task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Waiting,
    /// Its unit has begun, and its console is in use.
    Deferred,
    InFlight,
    Ended,
    Skipped,
}

/// One task.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) unit: usize,
    pub(super) console: Option<usize>,
    /// What its router has in common with others.
    pub(super) cohorts: Vec<u32>,
    /// Those of them that were not known before it was tried.
    pub(super) learned: Vec<u32>,
    /// The longest that it can take, where that is known.
    pub(super) longest: Option<Duration>,
    pub(super) phase: Phase,
    /// How its last attempt failed, if it did by itself.
    pub(super) class: Option<FailureClass>,
    /// Its router is as wanted.
    pub(super) done: bool,
    /// ... and was changed for it.
    pub(super) changed: bool,
    /// Its end was counted.
    pub(super) settled: bool,
    /// It is not tried again, whatever its class.
    pub(super) is_final: bool,
    /// It is in flight, and its router has not let it in yet.
    pub(super) tries_password: bool,
}

impl Slot {
    pub(super) fn may_begin(&self) -> bool {
        matches!(self.phase, Phase::Waiting | Phase::Deferred)
    }
}

/// Tasks that begin together: a group, or one task.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) members: Vec<usize>,
    pub(super) step: usize,
    /// Sets of windows that it must keep to.
    pub(super) windows: Vec<u32>,
    /// Members that have neither ended nor been skipped.
    pub(super) open: usize,
    /// It counts against the limits of concurrency.
    pub(super) has_place: bool,
    /// How often it has begun.
    pub(super) attempts: u32,
    /// It begins no earlier.
    pub(super) not_before: Moment,
    /// It is not tried again after this.
    pub(super) not_after: Option<Moment>,
    /// When it first began.
    pub(super) first_begun: Moment,
    /// When it last began.
    pub(super) begun: Moment,
    /// When its window closes.
    pub(super) closes: Option<Moment>,
    /// Its window closed while it was in flight.
    pub(super) recalled: bool,
}

impl Unit {
    fn new(step: usize) -> Self {
        Self {
            members: Vec::with_capacity(1),
            step,
            windows: Vec::new(),
            open: 0,
            has_place: false,
            attempts: 0,
            not_before: Moment::default(),
            not_after: None,
            first_begun: Moment::default(),
            begun: Moment::default(),
            closes: None,
            recalled: false,
        }
    }
}

/// Everything that is known of a run's tasks before it begins.
pub(super) struct Tables {
    pub(super) slots: Vec<Slot>,
    pub(super) units: Vec<Unit>,
    pub(super) cohorts: Cohorts,
    pub(super) consoles: usize,
    /// Steps, with one for tasks that are in none.
    pub(super) steps: usize,
}

impl Tables {
    pub(super) fn new(needs: impl IntoIterator<Item = Needs>, rules: &Rules) -> Self {
        let (mut slots, mut units, mut cohorts) = (Vec::new(), Vec::<Unit>::new(), Cohorts::default());
        let (mut groups, mut consoles) = (HashMap::new(), HashMap::new());
        let step_of: HashMap<usize, usize> = rules
            .steps
            .iter()
            .enumerate()
            .flat_map(|(step, one)| one.members.iter().map(move |one| (*one, step)))
            .collect();
        for (number, Needs { group, console, traits, longest }) in needs.into_iter().enumerate() {
            let next_console = consoles.len();
            let console = console.map(|name| *consoles.entry(name).or_insert(next_console));
            let unit = group.map_or(units.len(), |name| *groups.entry(name).or_insert(units.len()));
            if unit == units.len() {
                units.push(Unit::new(step_of.get(&number).copied().unwrap_or(rules.steps.len())));
            }
            if let Some(unit) = units.get_mut(unit) {
                unit.members.push(number);
                unit.open += 1;
            }
            let cohorts = traits.into_iter().map(|one| cohorts.joined(one)).collect();
            let (phase, class) = (Phase::Waiting, None);
            let (done, changed, settled, is_final, tries_password) = (false, false, false, false, false);
            slots.push(Slot {
                unit,
                console,
                cohorts,
                learned: Vec::new(),
                longest,
                phase,
                class,
                done,
                changed,
                settled,
                is_final,
                tries_password,
            });
        }
        let mut tables = Self { slots, cohorts, consoles: consoles.len(), steps: 0, units };
        tables.join_groups(rules);
        tables.join_windows(rules);
        let used = tables.units.iter().map(|unit| unit.step + 1).max().unwrap_or_default();
        tables.steps = used.max(rules.steps.len());
        tables
    }

    fn join_groups(&mut self, rules: &Rules) {
        for group in &rules.groups {
            for member in &group.members {
                let Some(slot) = self.slots.get_mut(*member) else { continue };
                let known = self.cohorts.number(&group.of);
                if known.is_none_or(|cohort| !slot.cohorts.contains(&cohort)) {
                    slot.cohorts.push(self.cohorts.joined(group.of.clone()));
                }
            }
            self.cohorts.limit(group);
        }
    }

    fn join_windows(&mut self, rules: &Rules) {
        for (set, windows) in (0_u32..).zip(&rules.windows) {
            for member in &windows.members {
                let unit = self.slots.get(*member).map(|slot| slot.unit);
                if let Some(unit) = unit.and_then(|unit| self.units.get_mut(unit))
                    && !unit.windows.contains(&set)
                {
                    unit.windows.push(set);
                }
            }
        }
    }
}
