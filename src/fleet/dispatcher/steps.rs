//! The steps of a run: which one is open, whether it has ended and proved itself, and what lets the next one begin.

use std::collections::{BTreeSet, VecDeque};

use super::budgets::Budgets;
use crate::fleet::clock::Moment;
use crate::fleet::rules::{Bake, StepRules};

/// One step, and how far it is.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) rules: StepRules,
    pub(super) budgets: Budgets,
    /// Units that have not begun, in the order of their first tasks; those that come back are among them.
    pub(super) queue: BTreeSet<usize>,
    /// How many of these have begun before, and come back.
    pub(super) coming_back: usize,
    /// Units in flight.
    pub(super) in_flight: usize,
    /// Units that have begun at least once.
    pub(super) begun: usize,
    /// Routers that it changed, and that are as wanted.
    pub(super) changed: usize,
    /// Routers that failed otherwise than by being occupied or out of reach.
    pub(super) failed: usize,
}

impl Step {
    pub(super) fn new(rules: StepRules) -> Self {
        let budgets = Budgets::new(&rules.budgets);
        // The members are in the tables by now.
        let rules = StepRules { members: Vec::new(), ..rules };
        Self { rules, budgets, queue: BTreeSet::new(), coming_back: 0, in_flight: 0, begun: 0, changed: 0, failed: 0 }
    }

    /// Whether every unit has had its turn and none is in flight; some may come back.
    pub(super) fn is_through(&self) -> bool {
        self.queue.len() == self.coming_back && self.in_flight == 0
    }
}

/// What the open step is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// It has not been looked at yet.
    New,
    /// It waits for a person's word.
    Awaits,
    /// Its units begin and end.
    Open,
    /// It proves itself.
    Bakes(Baking),
    /// It was the last, and has ended.
    Over,
}

/// A step that proves itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Baking {
    pub(super) until: Moment,
    every: Option<std::time::Duration>,
    /// When the checks are repeated next.
    next_round: Moment,
    /// Tasks whose checks are still to be repeated in this round.
    pub(super) pending: VecDeque<usize>,
    /// Tasks whose checks are being repeated.
    pub(super) inspecting: BTreeSet<usize>,
    /// The last round has begun.
    last_round: bool,
}

impl Baking {
    pub(super) fn new(bake: Bake, now: Moment) -> Self {
        let until = now + bake.time;
        let mut baking = Self {
            until,
            every: bake.every.filter(|every| !every.is_zero()),
            next_round: until,
            pending: VecDeque::new(),
            inspecting: BTreeSet::new(),
            last_round: false,
        };
        baking.plan_round(now);
        baking
    }

    fn plan_round(&mut self, now: Moment) {
        self.next_round = self.every.map_or(self.until, |every| (now + every).min(self.until));
    }

    fn is_idle(&self) -> bool {
        self.pending.is_empty() && self.inspecting.is_empty()
    }

    /// Begins a round where it is time for one: `done` are the tasks whose checks are repeated.
    pub(super) fn begin_round(&mut self, now: Moment, done: impl Iterator<Item = usize>) {
        if self.is_idle() && !self.last_round && now >= self.next_round {
            self.pending = done.collect();
            self.last_round = now >= self.until;
            self.plan_round(now);
        }
    }

    /// Whether the time has passed and every check was repeated at its end.
    pub(super) fn is_over(&self) -> bool {
        self.last_round && self.is_idle()
    }

    /// When the next round begins, where nothing else is to happen before.
    pub(super) fn next_round(&self) -> Option<Moment> {
        (self.is_idle() && !self.last_round).then_some(self.next_round)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Baking;
    use crate::fleet::clock::Moment;
    use crate::fleet::rules::Bake;

    #[test]
    fn checks_are_repeated_at_intervals_and_in_any_case_at_the_end() {
        let at = Moment::from_millis;
        let bake = Bake { time: Duration::from_millis(25), every: Some(Duration::from_millis(10)) };
        let mut baking = Baking::new(bake, at(100));
        let mut rounds = Vec::new();
        while let Some(round) = baking.next_round() {
            baking.begin_round(round, [7].into_iter());
            assert!(!baking.is_over(), "a round ends with its last answer");
            rounds.push(round.millis());
            baking.pending.clear();
        }
        assert_eq!(rounds, [110, 120, 125]);
        assert!(baking.is_over());
    }
}
