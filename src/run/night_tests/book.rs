//! What is true of a night at every event: each rule written on its own, beside the dispatcher that keeps them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::budgets::Budgets;
use super::clinics::{Fate, Weather, jump_host};
use super::{BAKE, CANARY, CONCURRENCY, JUMP, LOGINS_A_SECOND, NEEDED, windows_of};
use crate::fleet::{EndFacts, Moment};
use crate::state::FailureClass;

/// Keeps count of a night, and of every rule that was broken.
pub struct Book {
    weather: Weather,
    budgets: Budgets,
    in_flight: BTreeSet<usize>,
    /// How each has ended that has begun and is not in flight.
    ended: BTreeMap<usize, EndFacts>,
    /// Those that were not begun for good, as far as this controller says, and why.
    skipped: BTreeMap<usize, String>,
    inspected: BTreeSet<usize>,
    canary_ended: Moment,
    last_login: Option<Moment>,
    /// Failures that count in a budget, of this controller.
    failed: BTreeSet<usize>,
    /// So many of them behind one jump host hold it.
    hosts_held_after: Option<usize>,
    pub broken: Vec<String>,
}

impl Book {
    pub fn of(weather: Weather, budgets: Budgets) -> Self {
        Self {
            weather,
            budgets,
            in_flight: BTreeSet::new(),
            ended: BTreeMap::new(),
            skipped: BTreeMap::new(),
            inspected: BTreeSet::new(),
            canary_ended: Moment::default(),
            last_login: None,
            failed: BTreeSet::new(),
            hosts_held_after: None,
            broken: Vec::new(),
        }
    }

    /// A controller that continues finds nothing in flight, and its budgets whole.
    pub fn continues(&mut self) {
        self.in_flight.clear();
        self.skipped.clear();
        self.failed.clear();
    }

    /// Where most of what ends behind a jump host fails: so many failures hold it.
    pub fn holds_hosts_after(&mut self, failures: Option<usize>) {
        self.hosts_held_after = failures;
    }

    /// How many clinics have begun by now.
    pub fn begun(&self) -> usize {
        self.in_flight.iter().chain(self.ended.keys()).collect::<BTreeSet<_>>().len()
    }

    fn insist(&mut self, holds: bool, rule: &str, clinic: usize) {
        if !holds {
            self.broken.push(format!("{rule}: clinic {clinic}"));
        }
    }

    /// A login, to change a clinic or to repeat its checks.
    fn logs_in(&mut self, clinic: usize, now: Moment) {
        self.insist(self.in_flight.len() < CONCURRENCY, "concurrency", clinic);
        let behind = self.in_flight.iter().filter(|one| jump_host(**one) == jump_host(clinic)).count();
        self.insist(behind < JUMP, "jump host", clinic);
        let pace = Duration::from_millis(1000 / u64::from(LOGINS_A_SECOND));
        self.insist(self.last_login.is_none_or(|last| now.since(last) >= pace), "logins", clinic);
        self.insist(!self.in_flight.contains(&clinic), "twice at once", clinic);
        self.last_login = Some(now);
        self.in_flight.insert(clinic);
    }

    pub fn begins(&mut self, clinic: usize, now: Moment) {
        self.logs_in(clinic, now);
        let fits =
            |[from, until]: &[u64; 2]| now >= Moment::from_millis(*from) && now + NEEDED <= Moment::from_millis(*until);
        self.insist(windows_of(clinic).iter().any(fits), "window", clinic);
        let done = self.ended.get(&clinic).is_some_and(|facts| facts.done);
        self.insist(!done, "again although it is done", clinic);
        if clinic >= CANARY {
            let had_its_turn = |one: &usize| self.ended.contains_key(one) || self.skipped.contains_key(one);
            let canary = (0..CANARY).all(|one| had_its_turn(&one) && !self.in_flight.contains(&one));
            self.insist(canary, "the canary goes first", clinic);
            self.insist(now.since(self.canary_ended) >= BAKE, "bake time", clinic);
            let is_proven =
                |one: usize| !self.ended.get(&one).is_some_and(|end| end.done) || self.inspected.contains(&one);
            let proven = (0..CANARY).all(is_proven);
            self.insist(proven, "the canary's checks again", clinic);
        }
        self.insist(self.failed.len() < self.budgets.run, "budget of the run", clinic);
        let rest = self.failed.iter().filter(|one| **one >= CANARY).count();
        self.insist(rest < self.budgets.rest, "budget of the step", clinic);
        let group = self.failed.iter().filter(|one| jump_host(**one) == jump_host(clinic)).count();
        self.insist(group < self.budgets.jump_host, "budget of the group", clinic);
        self.insist(self.hosts_held_after.is_none_or(|most| group < most), "a held jump host", clinic);
        let bad = |one: usize| Fate::of(one, &self.weather).bad_firmware;
        let (bad, is_bad) = (self.failed.iter().filter(|one| bad(**one)).count(), bad(clinic));
        self.insist(!is_bad || bad < 3, "a held firmware", clinic);
    }

    pub fn skips(&mut self, clinic: usize, why: &str) {
        self.skipped.insert(clinic, why.to_owned());
    }

    pub fn inspects(&mut self, clinic: usize, now: Moment) {
        self.logs_in(clinic, now);
        self.insist(self.ended.get(&clinic).is_some_and(|facts| facts.done), "checks of what is done", clinic);
    }

    pub fn inspected(&mut self, clinic: usize) {
        self.in_flight.remove(&clinic);
        self.inspected.insert(clinic);
    }

    pub fn ends(&mut self, clinic: usize, facts: &EndFacts, now: Moment) {
        self.in_flight.remove(&clinic);
        let counts = |class: &FailureClass| !matches!(class, FailureClass::Unreachable | FailureClass::Occupied);
        if facts.class.as_ref().is_some_and(counts) {
            self.failed.insert(clinic);
        }
        if clinic < CANARY {
            self.canary_ended = now;
        }
        self.ended.insert(clinic, facts.clone());
    }

    /// How many clinics are not done for which reason, as far as this controller says.
    pub fn not_done(&self) -> BTreeMap<String, usize> {
        let failed = self.ended.values().filter(|end| !end.done);
        let failed = failed.map(|end| format!("{:?} {}", end.class, end.cause.as_deref().unwrap_or_default()));
        let mut counts = BTreeMap::new();
        for why in failed.chain(self.skipped.values().cloned()) {
            *counts.entry(why).or_default() += 1;
        }
        counts
    }

    /// How many failed in this controller's time.
    pub fn failures(&self) -> usize {
        self.failed.len()
    }
}
