//! Each rule by itself, checked at every decision.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::sketch::{INTERVAL, Numbers, Sketch, WINDOWS, millis};
use crate::fleet::dispatcher::{Decision, HoldReason, Skipped};
use crate::fleet::messages::{EndFacts, Mode};
use crate::fleet::rules::{Budget, default_budgets};
use crate::state::FailureClass;

/// Where a task is, as the model sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Waiting,
    Deferred,
    InFlight,
    Ended,
    Skipped,
}

/// The rules, each by itself.
pub(super) struct Model {
    pub(super) tasks: Vec<Sketch>,
    pub(super) of: Numbers,
    pub(super) mode: Mode,
    pub(super) now: u64,
    pub(super) places: Vec<Place>,
    /// The last end of each task.
    pub(super) ends: Vec<Option<EndFacts>>,
    /// When each unit began, of all its attempts.
    pub(super) begun: BTreeMap<usize, Vec<u64>>,
    /// When the last attempt of each unit ended.
    pub(super) unit_ended: BTreeMap<usize, u64>,
    /// When logins were, and how many.
    pub(super) logins: Option<(u64, u64)>,
    pub(super) inspecting: BTreeSet<usize>,
    /// Tasks that wait for a console in use elsewhere, or did when their window closed.
    pub(super) frees: BTreeSet<usize>,
    pub(super) recalled: BTreeSet<usize>,
    pub(super) approved: BTreeSet<usize>,
    /// Units of the step that waits for a word which take a place in another one.
    pub(super) asks: BTreeSet<usize>,
    pub(super) failed_inspections: usize,
    /// The step in which a unit stands in for those that changed nothing.
    pub(super) stands_in: BTreeMap<usize, usize>,
    /// Refusals in a row, and whether it has let us in, by credential.
    pub(super) passwords: BTreeMap<u8, (usize, bool)>,
    /// Credentials that have let in a task which was still in flight.
    pub(super) let_in: BTreeSet<u8>,
    /// Tasks in flight whose routers have let them in.
    pub(super) inside: BTreeSet<usize>,
}

impl Model {
    /// The first task of its site, which stands for the unit.
    pub(super) fn unit(&self, number: usize) -> usize {
        let site = self.tasks[number].site;
        site.map_or(number, |site| self.tasks.iter().position(|one| one.site == Some(site)).unwrap_or(number))
    }

    pub(super) fn members(&self, unit: usize) -> Vec<usize> {
        (0..self.tasks.len()).filter(|one| self.unit(*one) == unit).collect()
    }

    pub(super) fn step(&self, unit: usize) -> usize {
        let own = if self.of.steps { self.tasks[unit].step } else { 0 };
        self.stands_in.get(&unit).copied().unwrap_or(own)
    }

    /// Whether a router of these steps was changed, and is as wanted.
    fn was_changed(&self, is_of: impl Fn(usize) -> bool) -> bool {
        let here = |one: &usize| is_of(self.step(self.unit(*one)));
        let changed = |one: usize| self.ends[one].as_ref().is_some_and(|facts| facts.changed);
        (0..self.tasks.len()).filter(here).any(changed)
    }

    /// A site of a later step takes a place in one that has shown nothing: no router of it was changed, none failed but by being out of
    /// reach, and all of them have had their turn.
    pub(super) fn takes_a_place(&mut self, step: usize, unit: usize) -> Result<(), TestCaseError> {
        prop_assert!(
            self.step(unit) > step && !self.begun.contains_key(&unit),
            "it is of a later step, and has not begun"
        );
        prop_assert!(!self.is_closed(), "nothing may begin");
        prop_assert!(!self.was_changed(|one| one == step), "the step has its proof");
        let here: Vec<usize> = (0..self.tasks.len()).filter(|one| self.step(self.unit(*one)) == step).collect();
        let under_way = |one: &usize| self.is_open(self.unit(*one));
        let never_tried =
            |one: &usize| self.places[*one] == Place::Waiting && !self.begun.contains_key(&self.unit(*one));
        prop_assert!(!here.iter().any(|one| under_way(one) || never_tried(one)), "one at a time, after its own");
        let failed = self.certain().iter().any(|(one, class)| {
            here.contains(one) && !matches!(class, FailureClass::Unreachable | FailureClass::Occupied)
        });
        prop_assert!(!failed, "what failed there is no reason to try the next");
        if self.of.approval && self.tasks[unit].step == 1 {
            // A word for its own step is asked for in its new place.
            self.approved.remove(&step);
            self.asks.insert(unit);
        }
        self.stands_in.insert(unit, step);
        Ok(())
    }

    pub(super) fn is_open(&self, unit: usize) -> bool {
        let open = |one: &usize| matches!(self.places[*one], Place::InFlight | Place::Deferred);
        self.members(unit).iter().any(open)
    }

    /// Units that hold a place, or would if none of their members were between two turns.
    pub(super) fn in_flight(&self) -> BTreeSet<usize> {
        (0..self.tasks.len()).map(|one| self.unit(one)).filter(|unit| self.is_open(*unit)).collect()
    }

    pub(super) fn sets(&self, unit: usize) -> BTreeSet<usize> {
        self.members(unit).iter().filter_map(|one| self.tasks[*one].windows).collect()
    }

    /// When the windows close that are open now for something this long.
    pub(super) fn closes(&self, unit: usize, at: u64) -> Result<Option<u64>, TestCaseError> {
        let mut closes = None;
        for set in self.sets(unit) {
            let open = |[from, until]: &&[u64; 2]| *from <= at && at + self.of.needed <= *until;
            let Some([_, until]) = WINDOWS[set].iter().find(open) else {
                return Err(TestCaseError::fail(format!("{unit} begins at {at} outside a window")));
            };
            closes = Some(closes.map_or(*until, |one: u64| one.min(*until)));
        }
        Ok(closes)
    }

    /// Whether an end is one after which a router may come back.
    pub(super) fn may_come_back(&self, facts: &EndFacts) -> bool {
        let passes = matches!(facts.class, Some(FailureClass::Unreachable | FailureClass::Occupied));
        self.of.come_back && passes && !facts.wrong_password
    }

    /// Failures that count by now, whatever comes: those after which nothing is tried again.
    pub(super) fn certain(&self) -> Vec<(usize, FailureClass)> {
        let ended = (0..self.tasks.len()).filter(|one| self.places[*one] == Place::Ended);
        let class = |one: usize| {
            let facts = self.ends[one].as_ref().filter(|facts| !self.may_come_back(facts))?;
            Some((one, facts.class?))
        };
        ended.filter_map(class).collect()
    }

    pub(super) fn is_closed(&self) -> bool {
        let certain = self.certain();
        let used_up = |budget: &Budget, of: &dyn Fn(usize) -> bool, more: usize| {
            certain.iter().filter(|(one, class)| of(*one) && budget.classes.contains(class)).count() + more
                >= budget.failures
        };
        let checks = |budget: &Budget| {
            if budget.classes.contains(&FailureClass::CheckFailed) { self.failed_inspections } else { 0 }
        };
        let run =
            default_budgets(self.of.max_failures, None).iter().any(|budget| used_up(budget, &|_| true, checks(budget)));
        let step = self.of.step_failures.is_some_and(|failures| {
            let budget = Budget { classes: FailureClass::ALL.into(), failures };
            self.of.steps && (0..3).any(|step| used_up(&budget, &|one| self.step(self.unit(one)) == step, 0))
        });
        run || step || matches!(self.mode, Mode::Draining | Mode::Stopping)
    }

    pub(super) fn hears(&mut self, decision: &Decision) -> Result<(), TestCaseError> {
        match decision {
            Decision::Begin(number) => self.begins(*number)?,
            Decision::Skip(number, why) => {
                prop_assert!(matches!(self.places[*number], Place::Waiting | Place::Deferred));
                match why {
                    Skipped::Stopped => prop_assert!(matches!(self.mode, Mode::Draining | Mode::Stopping)),
                    Skipped::NoWindow => {
                        let recalled = self.recalled.contains(&self.unit(*number));
                        prop_assert!(recalled || !self.sets(self.unit(*number)).is_empty());
                    }
                    Skipped::UsedUp | Skipped::NoEvidence => {}
                    Skipped::CauseGathers => prop_assert!(false, "no such hold was asked for"),
                }
                let begun = self.begun.contains_key(&self.unit(*number));
                prop_assert!(
                    self.mode == Mode::Stopping || !begun || *why == Skipped::NoWindow,
                    "a site is left in half"
                );
                self.places[*number] = Place::Skipped;
                if begun && *why == Skipped::NoWindow {
                    // It waited for its console when its window closed.
                    self.recalled.insert(self.unit(*number));
                    self.unit_ended.insert(self.unit(*number), self.now);
                }
            }
            Decision::Hold(number, hold) => {
                prop_assert!(matches!(self.places[*number], Place::Waiting | Place::Deferred));
                prop_assert_eq!(&hold.why, &HoldReason::WrongPassword);
                let wrong = |one: &usize| {
                    self.passwords.get(&self.tasks[*one].credential).is_some_and(|(wrong, _)| *wrong >= 3)
                };
                prop_assert!(self.members(self.unit(*number)).iter().any(wrong));
                self.places[*number] = Place::Skipped;
            }
            Decision::GiveUp(number) => {
                let (number, unit) = (*number, self.unit(*number));
                prop_assert!(matches!(self.places[number], Place::Waiting | Place::Deferred));
                prop_assert!(self.begun[&unit].len() > 1, "its first attempt is skipped, and said to be");
                self.places[number] = Place::Ended;
                let begun = *self.begun[&unit].last().unwrap_or(&0);
                if self.closes(unit, begun)?.is_some_and(|closes| closes <= self.now) {
                    self.recalled.insert(unit);
                }
                if !self.is_open(unit) {
                    self.unit_ended.insert(unit, self.now);
                }
            }
            Decision::Inspect(number) => {
                let done = self.ends[*number].as_ref().is_some_and(|facts| facts.done);
                prop_assert!(
                    self.places[*number] == Place::Ended && done && self.mode == Mode::Running && !self.is_closed()
                );
                // One that is tried again may end while the step proves itself.
                let step = self.step(self.unit(*number));
                let last = self
                    .unit_ended
                    .iter()
                    .filter(|(unit, _)| self.step(**unit) == step && self.begun[*unit].len() == 1);
                let since = last.map(|(_, ended)| *ended).max().unwrap_or_default();
                prop_assert!(self.of.bake.is_some_and(|bake| self.now >= since + bake));
                self.logs_in(1)?;
                self.holds_console(*number)?;
                prop_assert!(self.inspecting.insert(*number));
                self.holds_limits()?;
            }
            Decision::Recall(number) => {
                prop_assert_eq!(self.places[*number], Place::InFlight);
                let unit = self.unit(*number);
                let begun = *self.begun[&unit].last().unwrap_or(&0);
                prop_assert!(self.closes(unit, begun)?.is_some_and(|closes| closes <= self.now));
                self.recalled.insert(unit);
            }
        }
        Ok(())
    }

    pub(super) fn begins(&mut self, number: usize) -> Result<(), TestCaseError> {
        let unit = self.unit(number);
        prop_assert!(matches!(self.places[number], Place::Waiting | Place::Deferred), "{} is not waiting", number);
        prop_assert!(self.mode != Mode::Stopping);
        let is_new = !self.is_open(unit) && self.members(unit).iter().all(|one| self.places[*one] == Place::Waiting);
        if is_new {
            self.unit_begins(unit)?;
        }
        let credential = self.tasks[number].credential;
        prop_assert!(
            self.passwords.get(&credential).is_none_or(|(wrong, _)| *wrong < 3),
            "a refused password is tried"
        );
        self.holds_console(number)?;
        self.places[number] = Place::InFlight;
        self.holds_limits()
    }

    /// No other uses its console.
    fn holds_console(&self, number: usize) -> Result<(), TestCaseError> {
        let uses = |one: &usize| self.places[*one] == Place::InFlight || self.inspecting.contains(one);
        let same = |one: &usize| self.tasks[*one].console == self.tasks[number].console;
        let is_used = (0..self.tasks.len()).filter(uses).any(|one| same(&one));
        prop_assert!(self.tasks[number].console.is_none() || !is_used, "a console is used twice");
        Ok(())
    }

    pub(super) fn unit_begins(&mut self, unit: usize) -> Result<(), TestCaseError> {
        prop_assert!(self.mode == Mode::Running && !self.is_closed(), "nothing may begin");
        self.closes(unit, self.now)?;
        self.logs_in(self.members(unit).len())?;
        let attempts = self.begun.get(&unit).cloned().unwrap_or_default();
        if let Some(first) = attempts.first().filter(|_| !self.recalled.contains(&unit)) {
            let doubled = millis(30) * 2_u32.pow(u32::try_from(attempts.len()).unwrap_or(9) - 1);
            let pause = u64::try_from(doubled.min(millis(100)).as_millis()).unwrap_or_default();
            prop_assert!(self.now >= self.unit_ended[&unit] + pause, "{} comes back too early", unit);
            prop_assert!(self.now <= first + 600, "or too late");
        }
        self.recalled.remove(&unit);
        self.begun.entry(unit).or_default().push(self.now);
        let step = self.step(unit);
        if attempts.is_empty() && self.of.steps {
            let earlier = |one: &usize| self.step(self.unit(*one)) < step;
            let numbers: Vec<usize> = (0..self.tasks.len()).filter(earlier).collect();
            let tried = |one: &usize| self.begun.contains_key(&self.unit(*one)) || self.places[*one] == Place::Skipped;
            prop_assert!(numbers.iter().all(tried), "a step began before all of the one before had their turn");
            prop_assert!(numbers.is_empty() || self.was_changed(|one| one < step), "nothing was proven");
            let asks = step == 1 && self.of.approval || self.asks.contains(&unit);
            prop_assert!(!asks || self.approved.contains(&step), "no one approved it");
            prop_assert!(self.inspecting.is_empty(), "a step begins while the one before proves itself");
        }
        Ok(())
    }

    pub(super) fn logs_in(&mut self, count: usize) -> Result<(), TestCaseError> {
        if let Some((last, owed)) = self.logins.filter(|_| self.of.logins) {
            prop_assert!(self.now >= last + owed * INTERVAL, "logins are too fast");
        }
        self.logins = Some((self.now, count as u64));
        Ok(())
    }

    pub(super) fn holds_limits(&self) -> Result<(), TestCaseError> {
        let in_flight = self.in_flight();
        prop_assert!(in_flight.len() + self.inspecting.len() <= self.of.concurrency, "too many at once");
        for step in 0..4 {
            let here = in_flight.iter().filter(|unit| self.step(**unit) == step).count();
            let limited = self.of.step_concurrency.filter(|_| self.of.steps && step < 3);
            prop_assert!(limited.is_none_or(|most| here <= most), "too many of step {}", step);
        }
        for group in 0..2 {
            let of = |unit: &&usize| self.members(**unit).iter().any(|one| self.tasks[*one].group == group);
            let checked = self.inspecting.iter().filter(|one| self.tasks[**one].group == group).count();
            let here = in_flight.iter().filter(of).count() + checked;
            prop_assert!(self.of.group_concurrency.is_none_or(|most| here <= most), "too many of group {}", group);
        }
        for credential in 0..2_u8 {
            let (wrong, proven) = self.passwords.get(&credential).copied().unwrap_or_default();
            let uses = |one: &usize| self.places[*one] == Place::InFlight && self.tasks[*one].credential == credential;
            let users: Vec<usize> = (0..self.tasks.len()).filter(uses).collect();
            let sites: BTreeSet<usize> = users.iter().map(|one| self.unit(*one)).collect();
            let most = self.of.unproven.filter(|_| !proven && sites.len() > 1);
            prop_assert!(most.is_none_or(|most| users.len() <= most.saturating_sub(wrong)), "an unproven password");
            // Also within one site: of one that has let no one in yet.
            let most = self.of.unproven.filter(|_| !proven && !self.let_in.contains(&credential));
            let trying = users.iter().filter(|one| !self.inside.contains(one)).count();
            let most = most.map(|most| most.saturating_sub(wrong).max(1));
            prop_assert!(most.is_none_or(|most| trying <= most), "an unproven password within a site");
        }
        Ok(())
    }
}
