//! Which step is open: when one has ended, proves itself, and lets the next one begin.

use super::steps::{Baking, Stage, Step};
use super::{Dispatcher, Note, Scope, Skipped};
use crate::fleet::clock::Moment;
use crate::fleet::dispatcher::budgets::UsedUp;
use crate::fleet::dispatcher::consoles::Use;
use crate::fleet::messages::{Mode, Proof};
use crate::state::FailureClass;

/// What a step says about what comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// A router was changed in it and is as wanted; or nothing comes after it.
    For,
    /// Nothing was changed: its routers were as declared, out of reach, occupied or not begun.
    None,
    /// Routers failed, and none was changed.
    Against,
}

impl Dispatcher {
    /// Moves on as far as the steps allow.
    pub(super) fn advance(&mut self, now: Moment) {
        while !self.is_closed() {
            match &self.stage {
                Stage::Over => return,
                Stage::Awaits if self.some_may_begin() => return,
                // A person is not waited for where nothing is left to begin: what is held ends as that.
                Stage::Awaits => self.open_step(),
                Stage::New => self.enter(now),
                Stage::Open if self.all_had_their_turn() => {
                    if !self.ends_step(now) {
                        return;
                    }
                }
                Stage::Open => return,
                // The checks that were repeated have left no router that was changed and is done.
                Stage::Bakes(baking) if baking.is_over() && self.evidence() != Evidence::For => {
                    self.stage = Stage::Open;
                }
                Stage::Bakes(baking) if baking.is_over() => self.leave_step(),
                Stage::Bakes(_) => {
                    let done = self.done_in_step();
                    let Stage::Bakes(baking) = &mut self.stage else { return };
                    baking.begin_round(now, done.into_iter());
                    if !baking.is_over() {
                        return;
                    }
                }
            }
        }
    }

    /// Decides what follows the open step once all of its units have had their turn. False where it goes on.
    fn ends_step(&mut self, now: Moment) -> bool {
        // Where nothing was changed yet, another site takes a place in it while those that failed are tried again.
        if self.evidence() == Evidence::None && self.stands_in(now) || !self.step_has_ended() {
            return false;
        }
        let bake = self.steps.get(self.step).and_then(|step| step.rules.bake);
        match (self.evidence(), bake) {
            (Evidence::Against, _) => self.close(Skipped::NoEvidence, Note::NoEvidence(self.step)),
            (Evidence::For, Some(bake)) => {
                let baking = Baking::new(bake, now);
                self.notes.push(Note::StepBakes(self.step, baking.until));
                self.stage = Stage::Bakes(baking);
            }
            // Without evidence all that follows is held.
            (Evidence::For, None) | (Evidence::None, _) => self.leave_step(),
        }
        true
    }

    /// The next router whose checks are repeated.
    pub(super) fn inspect(&mut self, now: Moment) -> Option<usize> {
        let may_begin = self.mode == Mode::Running && !self.is_closed() && self.taken < self.rules.concurrency;
        let Stage::Bakes(baking) = &mut self.stage else { return None };
        if !may_begin || self.logins.not_before(now).is_some() {
            return None;
        }
        let console_of = |number: usize| self.slots.get(number).and_then(|slot| slot.console);
        let place = baking.pending.iter().position(|number| !self.consoles.is_in_use(console_of(*number)))?;
        let number = *baking.pending.get(place)?;
        let console = console_of(number);
        let cohorts = self.slots.get(number).map(|slot| slot.cohorts.as_slice()).unwrap_or_default();
        if !cohorts.iter().all(|one| self.cohorts.of(*one).is_none_or(|one| one.has_room(1, &self.rules.holds))) {
            return None;
        }
        baking.pending.remove(place);
        baking.inspecting.insert(number);
        self.consoles.set(console, Use::Ours);
        self.taken += 1;
        for cohort in cohorts {
            if let Some(cohort) = self.cohorts.of_mut(*cohort) {
                cohort.in_flight += 1;
                cohort.users += 1;
            }
        }
        self.logins.take(now, 1);
        Some(number)
    }

    /// The checks of a router were repeated. One that did not pass them, for whatever reason, proves nothing for its step any more: it
    /// counts as a failed check, once, and is not asked again.
    pub fn inspected(&mut self, number: usize, proof: Proof) {
        let Some(console) = self.leaves_inspection(number) else { return };
        self.free(console);
        if proof == Proof::Passed {
            return;
        }
        let Some(slot) = self.slots.get_mut(number) else { return };
        slot.done = false;
        let was_changed = std::mem::take(&mut slot.changed);
        if let Some(step) = self.units.get(slot.unit).and_then(|unit| self.steps.get_mut(unit.step)) {
            step.changed -= usize::from(was_changed);
        }
        if proof == Proof::Failed {
            self.count(number, Some(FailureClass::CheckFailed), None);
        }
    }

    /// The checks of a router could not be repeated yet: its console is used by something that is not a task of this run.
    pub fn inspection_deferred(&mut self, number: usize) {
        let Some(console) = self.leaves_inspection(number) else { return };
        self.consoles.set(console, Use::Elsewhere);
        if let Stage::Bakes(baking) = &mut self.stage {
            baking.pending.push_back(number);
        }
    }

    /// The place of an inspection is free; its console is still to be told so. Nothing for one that is not under way.
    fn leaves_inspection(&mut self, number: usize) -> Option<Option<usize>> {
        let Stage::Bakes(baking) = &mut self.stage else { return None };
        if !baking.inspecting.remove(&number) {
            return None;
        }
        self.quiet = None;
        self.taken = self.taken.saturating_sub(1);
        for cohort in self.slots.get(number).into_iter().flat_map(|slot| &slot.cohorts) {
            if let Some(cohort) = self.cohorts.of_mut(*cohort) {
                cohort.in_flight = cohort.in_flight.saturating_sub(1);
                cohort.users = cohort.users.saturating_sub(1);
            }
        }
        self.slots.get(number).map(|slot| slot.console)
    }

    /// When the checks of a step that proves itself go on.
    pub(super) fn next_round(&self, now: Moment) -> Option<Moment> {
        let Stage::Bakes(baking) = &self.stage else { return None };
        let pace = || self.logins.not_before(now).filter(|_| !baking.pending.is_empty());
        baking.next_round().or_else(pace).filter(|_| self.mode == Mode::Running && !self.is_closed())
    }

    /// A person lets the step begin that waits for it.
    pub(super) fn approve(&mut self) {
        if self.stage == Stage::Awaits && !self.is_closed() {
            self.open_step();
        }
    }

    fn enter(&mut self, now: Moment) {
        let Some(step) = self.steps.get(self.step) else { return };
        let used_up = step.budgets.used_up();
        if let Some(UsedUp { class, failures }) = used_up {
            // By what failed before the run began: also where all of the step did.
            self.use_up(Scope::Step(self.step), class, failures);
        } else if step.queue.is_empty() {
            let has_its_place = step.rules.is_short && !self.was_proven_before() && self.stands_in(now);
            if has_its_place { self.begin_step() } else { self.go_on() }
        } else {
            self.begin_step();
        }
    }

    /// Opens the step, where it is its turn, or has it wait for a person's word.
    fn begin_step(&mut self) {
        let asks = self.steps.get(self.step).is_some_and(|step| step.rules.approval);
        if asks && self.stage != Stage::Awaits && self.some_may_begin() {
            self.await_approval();
        } else if self.stage != Stage::Awaits {
            self.open_step();
        }
    }

    fn await_approval(&mut self) {
        self.stage = Stage::Awaits;
        self.notes.push(Note::StepAwaits(self.step));
    }

    /// Whether a unit of the step waits that is not held.
    fn some_may_begin(&self) -> bool {
        let queue = self.steps.get(self.step).into_iter().flat_map(|step| &step.queue);
        queue.filter_map(|unit| self.units.get(*unit)).any(|unit| self.held(unit).is_none())
    }

    fn open_step(&mut self) {
        self.stage = Stage::Open;
        self.notes.push(Note::StepBegun(self.step));
    }

    fn leave_step(&mut self) {
        self.notes.push(Note::StepEnded(self.step));
        self.go_on();
    }

    fn go_on(&mut self) {
        self.stage = if self.step + 1 < self.steps.len() { Stage::New } else { Stage::Over };
        self.step += usize::from(self.stage == Stage::New);
    }

    /// Whether every unit of the open step has had its turn, and those that come back, of this step and those before it, could not use up
    /// what is borne.
    fn all_had_their_turn(&self) -> bool {
        self.steps.get(self.step).is_some_and(Step::is_through) && !self.could_be_used_up(self.step)
    }

    /// Whether it has ended, and nothing that comes back could still prove it.
    fn step_has_ended(&self) -> bool {
        self.steps.get(self.step).is_some_and(|step| step.coming_back == 0 || step.changed > 0)
    }

    /// The next site of the following step takes a place in the open one, in which nothing was changed. One that may begin now comes before
    /// one that waits for its window. One of a step that waits for a person's word waits for it here, too. False where none is left that is
    /// not held.
    fn stands_in(&mut self, now: Moment) -> bool {
        let held = |unit: &usize| self.units.get(*unit).is_none_or(|unit| self.held(unit).is_some());
        let mut following = self.steps.iter().skip(self.step + 1);
        let found = following.find_map(|step| {
            let free = || step.queue.iter().copied().filter(|unit| !held(unit));
            free().find(|unit| self.may_begin_at(*unit, now)).or_else(|| free().next())
        });
        let Some((number, unit)) = found.and_then(|unit| Some((unit, self.units.get_mut(unit)?))) else { return false };
        let was = std::mem::replace(&mut unit.step, self.step);
        self.notes.extend(unit.members.first().map(|task| Note::StandsIn(self.step, *task)));
        let mut asks = false;
        if let Some(step) = self.steps.get_mut(was) {
            step.queue.remove(&number);
            asks = step.rules.approval;
        }
        if let Some(step) = self.steps.get_mut(self.step) {
            step.queue.insert(number);
        }
        if asks {
            self.await_approval();
        }
        true
    }

    /// Whether failures that are not counted yet, because their routers are tried again, could use up a budget of the run or of this
    /// step.
    pub(super) fn could_be_used_up(&self, step: usize) -> bool {
        let class = |number: &usize| self.slots.get(*number)?.class;
        let is_here = |number: &&usize| {
            self.slots.get(**number).and_then(|slot| self.units.get(slot.unit)).is_some_and(|unit| unit.step == step)
        };
        let of_step = || self.withheld.iter().filter(is_here).filter_map(class);
        !self.withheld.is_empty()
            && (self.budgets.would_be_used_up_by(self.withheld.iter().filter_map(class))
                || self.steps.get(step).is_some_and(|step| step.budgets.would_be_used_up_by(of_step())))
    }

    /// What the open step says about what comes after it.
    fn evidence(&self) -> Evidence {
        let Some(step) = self.steps.get(self.step) else { return Evidence::None };
        let nothing_follows = self.steps.iter().skip(self.step + 1).all(|step| step.queue.is_empty());
        if nothing_follows || step.changed > 0 || step.begun == 0 && self.was_proven_before() {
            return Evidence::For;
        }
        if step.failed > 0 { Evidence::Against } else { Evidence::None }
    }

    /// Whether a router was changed in a step before the open one.
    fn was_proven_before(&self) -> bool {
        self.steps.iter().take(self.step).any(|step| step.changed > 0)
    }

    /// The routers of the open step that are done.
    fn done_in_step(&self) -> Vec<usize> {
        let is_here = |unit: usize| self.units.get(unit).is_some_and(|unit| unit.step == self.step);
        let slots = self.slots.iter().enumerate();
        slots.filter(|(_, slot)| slot.done && is_here(slot.unit)).map(|(number, _)| number).collect()
    }
}
