//! What an end means: what it counts for, whom it holds, and whether the router is tried again.

use std::time::Duration;

use super::cohorts::NAMED;
use super::consoles::Use;
use super::gathering::Failure;
use super::units::Phase;
use super::windows::{Fit, fit};
use super::{Dispatcher, Hold, HoldReason, Note, Scope, Skipped, Turn};
use crate::fleet::clock::Moment;
use crate::fleet::messages::{EndFacts, Mode};
use crate::fleet::needs::Trait;
use crate::fleet::rules::Earlier;
use crate::state::FailureClass;

/// How many routers say how far our clock is from theirs before that is believed, and how many are asked at most.
const CLOCKS: (usize, usize) = (3, 15);

/// Whether a router that failed so may be tried again in the same run.
fn may_pass(class: FailureClass) -> bool {
    matches!(class, FailureClass::Occupied | FailureClass::Unreachable)
}

/// How a task stands to a cohort from now on.
#[derive(Clone, Copy)]
enum Membership {
    Joined,
    Left,
}

/// When a unit is tried again.
struct ComesBack {
    at: Moment,
    not_after: Option<Moment>,
}

impl Dispatcher {
    /// A task that was begun has ended. A repeated report counts once.
    pub fn ended(&mut self, number: usize, facts: &EndFacts, now: Moment) {
        let Some((unit, console)) = self.in_flight(number) else { return };
        self.quiet = None;
        self.leave_cohorts(number);
        self.tries_no_longer(number);
        self.learn(number, facts);
        self.look_at(number, facts);
        self.move_to(number, Phase::Ended);
        if let Some(slot) = self.slots.get_mut(number) {
            (slot.class, slot.done, slot.is_final) = (facts.class, facts.done, facts.wrong_password);
            slot.changed = facts.changed;
        }
        if let Some(step) = self.units.get(unit).and_then(|unit| self.steps.get_mut(unit.step)) {
            step.changed += usize::from(facts.changed);
        }
        let waits = !facts.wrong_password && facts.class.is_some_and(may_pass) && self.rules.come_back.is_some();
        if waits {
            self.withheld.insert(number);
        } else {
            self.withheld.remove(&number);
        }
        if facts.class.is_some() && !waits {
            self.settle(number, facts.cause.as_deref());
        }
        self.leaves(unit, now);
        self.consoles.set(console, Use::Free);
        self.free(console);
    }

    /// A task is not begun in this run, or its window closed before it was.
    pub(super) fn is_skipped(&mut self, number: usize, now: Moment) {
        self.passes(number, Phase::Skipped, now);
    }

    /// A task that was tried before is not begun again: its end stays what it was.
    pub(super) fn ends_without_another(&mut self, number: usize, now: Moment) {
        self.passes(number, Phase::Ended, now);
    }

    fn passes(&mut self, number: usize, phase: Phase, now: Moment) {
        self.move_to(number, phase);
        if let Some(unit) = self.slots.get(number).map(|slot| slot.unit) {
            if self.units.get(unit).is_some_and(|unit| unit.has_place) {
                self.leave_cohorts(number);
            }
            self.leaves(unit, now);
        }
    }

    /// A unit that comes back does not: what was tried keeps its end. False for one that was never tried.
    pub(super) fn ends_as_it_is(&mut self, number: usize) -> bool {
        let Some(unit) = self.units.get(number).filter(|unit| unit.attempts > 0) else { return false };
        for member in unit.members.clone() {
            self.move_to(member, Phase::Ended);
            self.leaves(number, Moment::default());
        }
        true
    }

    /// A unit in flight whose window closes is called back, member by member.
    pub(super) fn recall(&mut self, now: Moment) -> Option<usize> {
        while let Some((_, number)) = self.closings.first().copied().filter(|(closes, _)| *closes <= now) {
            self.closings.pop_first();
            let Some(unit) = self.units.get_mut(number) else { continue };
            unit.recalled = true;
            self.recalls.extend(&unit.members);
            let waiting = unit.members.iter().filter(|member| self.deferred.contains(member));
            self.ready.extend(waiting.map(|member| Turn::Begin(*member)));
        }
        while let Some(number) = self.recalls.pop_front() {
            if self.in_flight(number).is_some() {
                return Some(number);
            }
        }
        None
    }

    /// What an attempt taught about its router. It runs one firmware: what was taken for it before is left.
    fn learn(&mut self, number: usize, facts: &EndFacts) {
        for learned in &facts.learned {
            let Some(slot) = self.slots.get(number) else { return };
            if self.cohorts.number(learned).is_some_and(|cohort| slot.cohorts.contains(&cohort)) {
                continue;
            }
            if matches!(learned, Trait::Firmware(_))
                && let Some(before) = slot.cohorts.iter().copied().find(|one| self.cohorts.is_firmware(*one))
            {
                self.change_cohort(number, before, Membership::Left);
            }
            let cohort = self.cohorts.joined(learned.clone());
            self.change_cohort(number, cohort, Membership::Joined);
        }
    }

    /// A task in flight is found to be of a cohort, or not to be. Its site is in flight there as long as one of its tasks is of it.
    fn change_cohort(&mut self, number: usize, cohort: u32, membership: Membership) {
        let Some(slot) = self.slots.get_mut(number) else { return };
        match membership {
            Membership::Joined => {
                slot.cohorts.push(cohort);
                slot.learned.push(cohort);
            }
            Membership::Left => {
                slot.cohorts.retain(|one| *one != cohort);
                self.cohorts.left(cohort);
            }
        }
        let members = self.units.get(slot.unit).into_iter().flat_map(|unit| &unit.members);
        let is_of = |one: &usize| self.slots.get(*one).is_some_and(|slot| slot.cohorts.contains(&cohort));
        if members.filter(|one| **one != number).any(is_of) {
            return;
        }
        if let Some(cohort) = self.cohorts.of_mut(cohort) {
            cohort.in_flight = match membership {
                Membership::Joined => cohort.in_flight + 1,
                Membership::Left => cohort.in_flight.saturating_sub(1),
            };
        }
    }

    /// What an end says about others: an unexplained line, a password, a clock.
    fn look_at(&mut self, number: usize, facts: &EndFacts) {
        let Some(slot) = self.slots.get(number) else { return };
        let lines = self.cohorts.note_lines(&slot.cohorts, number, &facts.unexplained);
        let mut password = None;
        if facts.wrong_password {
            password = self.cohorts.note_wrong_password(&slot.cohorts, &self.rules.holds, number);
        } else if facts.logged_in {
            self.cohorts.note_right_password(&slot.cohorts, &facts.learned);
        }
        self.notes.extend(lines.into_iter().chain(password).map(Note::Held));
        if let Some(off) = facts.clock_off {
            self.look_at_clock(off);
        }
    }

    /// One router's clock may be wrong. Where the middle one of several is far from ours, ours is, and no window can be trusted.
    fn look_at_clock(&mut self, off: Duration) {
        let (enough, most) = CLOCKS;
        // A run without windows does not go by the time of day.
        let asks = |offsets: &&mut Vec<Duration>| offsets.len() < most && !self.windows.is_empty();
        let Some(offsets) = self.clock_offsets.as_mut().filter(asks) else { return };
        offsets.push(off);
        offsets.sort_unstable();
        let middle = offsets.get(offsets.len() / 2).copied().filter(|middle| *middle >= self.rules.holds.clock);
        if let Some(middle) = middle.filter(|_| offsets.len() >= enough && self.mode == Mode::Running) {
            self.clock_offsets = None;
            self.mode = Mode::Paused;
            self.notes.push(Note::Held(Hold { of: None, why: HoldReason::Clock(middle), tasks: Vec::new() }));
        }
    }

    /// A member of a unit is done with; the place of the unit is free when the last one is.
    fn leaves(&mut self, number: usize, now: Moment) {
        self.open = self.open.saturating_sub(1);
        let Some(unit) = self.units.get_mut(number) else { return };
        unit.open = unit.open.saturating_sub(1);
        if unit.open > 0 {
            return;
        }
        if std::mem::take(&mut unit.has_place) {
            self.leave_place(number, now);
            if let Some(again) = self.comes_back(number, now) {
                self.come_back(number, &again);
                return;
            }
        }
        for member in self.units.get(number).map(|unit| unit.members.clone()).unwrap_or_default() {
            self.settle(member, None);
        }
    }

    /// The place of a unit is free, and how long it took is known.
    fn leave_place(&mut self, number: usize, now: Moment) {
        let Some(unit) = self.units.get(number) else { return };
        self.taken = self.taken.saturating_sub(1);
        if let Some(step) = self.steps.get_mut(unit.step) {
            step.in_flight = step.in_flight.saturating_sub(1);
        }
        if let Some(closes) = unit.closes {
            self.closings.remove(&(closes, number));
        }
        let longest = unit.members.iter().map(|member| self.slots.get(*member)?.longest).sum::<Option<Duration>>();
        let took = now.since(unit.begun).min(longest.unwrap_or(Duration::MAX));
        let ends = || unit.members.iter().filter_map(|member| self.slots.get(*member));
        let is_transaction = ends().any(|slot| slot.done || slot.class.is_some_and(|class| !may_pass(class)));
        let cohorts = self.cohorts_of(unit);
        for cohort in &cohorts {
            if let Some(cohort) = self.cohorts.of_mut(*cohort) {
                cohort.in_flight = cohort.in_flight.saturating_sub(1);
            }
        }
        if is_transaction {
            self.slowest = self.slowest.max(Some(took));
            self.cohorts.note_time(&cohorts, took);
        }
    }

    /// Whether a unit that ended without being done is tried again, and when.
    fn comes_back(&self, number: usize, now: Moment) -> Option<ComesBack> {
        let unit = self.units.get(number).filter(|_| !self.is_closed())?;
        let ends = || unit.members.iter().filter_map(|member| self.slots.get(*member));
        let may_come_back = |slot: &super::Slot| !slot.settled && !slot.is_final && slot.class.is_none_or(may_pass);
        if !ends().all(may_come_back) || ends().all(|slot| slot.done) || self.held(unit).is_some() {
            return None;
        }
        if let Some(closes) = unit.closes.filter(|_| unit.recalled) {
            let at = closes.max(now);
            let fits = fit(self.sets_of(unit), at, self.needed(unit).time) != Fit::Never;
            return fits.then_some(ComesBack { at, not_after: None });
        }
        let rules = self.rules.come_back?;
        let failed = ends().any(|slot| slot.class.is_some_and(may_pass));
        if !failed || ends().any(|slot| slot.done) {
            return None;
        }
        let doubled = rules.first.saturating_mul(2_u32.saturating_pow(unit.attempts.saturating_sub(1)));
        // A pause of nothing would try without end.
        let at = now + doubled.min(rules.longest).max(Duration::from_millis(1));
        let limit = unit.first_begun + rules.limit;
        // Until its window closes, and not in the next.
        let last = unit.closes.map_or(limit, |closes| closes.before(self.needed(unit).time).min(limit));
        (at <= last).then_some(ComesBack { at, not_after: Some(last) })
    }

    /// A unit waits for another attempt, as a whole.
    fn come_back(&mut self, number: usize, again: &ComesBack) {
        let Some(unit) = self.units.get_mut(number) else { return };
        let at = again.at;
        (unit.not_before, unit.not_after) = (at, again.not_after);
        (unit.open, unit.closes) = (unit.members.len(), None);
        self.open += unit.members.len();
        let Some(step) = self.steps.get_mut(unit.step) else { return };
        step.queue.insert(number);
        step.coming_back += 1;
        for member in &unit.members {
            if let Some(slot) = self.slots.get_mut(*member) {
                (slot.phase, slot.done) = (Phase::Waiting, false);
                step.changed -= usize::from(std::mem::take(&mut slot.changed));
            }
            self.notes.push(Note::ComesBack(*member, at));
        }
    }

    /// An end is counted, once.
    fn settle(&mut self, number: usize, cause: Option<&str>) {
        let Some(slot) = self.slots.get_mut(number).filter(|slot| !slot.settled) else { return };
        slot.settled = true;
        self.withheld.remove(&number);
        if slot.phase == Phase::Skipped {
            return;
        }
        let class = slot.class;
        self.settled += 1;
        self.count(number, class, cause);
    }

    /// Counts an end in the cohorts of its router, and a failure in every budget.
    pub(super) fn count(&mut self, number: usize, class: Option<FailureClass>, cause: Option<&str>) {
        let Some(slot) = self.slots.get(number) else { return };
        let known = || slot.cohorts.iter().copied().filter(|one| !slot.learned.contains(one)).collect();
        let wrong_password = slot.is_final;
        let failure = class.map(|class| Failure { number, class, cause, wrong_password, known: known() });
        let holds = self.cohorts.note_end(&slot.cohorts, failure.as_ref(), &self.rules.holds, self.slots.len());
        self.notes.extend(holds.into_iter().map(Note::Held));
        let Some(class) = class else { return };
        self.failures += 1;
        if let Some(failures) = self.budgets.note(class) {
            self.use_up(Scope::Run, class, failures);
        }
        let place = self.slots.get(number).and_then(|slot| self.units.get(slot.unit)).map(|unit| unit.step);
        if let Some((place, step)) = place.and_then(|place| Some((place, self.steps.get_mut(place)?))) {
            step.failed += usize::from(!may_pass(class));
            if let Some(failures) = step.budgets.note(class) {
                self.use_up(Scope::Step(place), class, failures);
            }
        }
        if let Some(cause) = cause.filter(|_| !may_pass(class)) {
            self.count_cause(number, cause);
        }
    }

    /// A failure from before the run counts in its budgets, and in those of its step and its groups. A step whose budget that uses up does
    /// not begin; those before it do.
    pub(super) fn count_earlier(&mut self, Earlier { class, step, groups }: &Earlier) {
        if let Some(failures) = self.budgets.note(*class) {
            self.use_up(Scope::Run, *class, failures);
        }
        if let Some(step) = step.and_then(|place| self.steps.get_mut(place)) {
            step.budgets.note(*class);
        }
        let holds = groups.iter().filter_map(|group| self.cohorts.note_earlier(group, *class));
        self.notes.extend(holds.map(Note::Held));
    }

    /// Where failures gather in one cause, all that is left would only meet it again. What is explained by routers that are held for it does
    /// not count: the others have not met it.
    fn count_cause(&mut self, number: usize, cause: &str) {
        let Some(gathered) = self.rules.holds.gathered.cause.filter(|_| self.closed.is_none()) else { return };
        let met = self.causes.entry(cause.to_owned()).or_default();
        met.push(number);
        let is_held = |one: &usize| self.slots.get(*one).is_some_and(|slot| self.cohorts.hold(&slot.cohorts).is_some());
        met.retain(|one| !is_held(one));
        if met.len() >= gathered.max(1) && met.len() * 1000 >= self.settled * self.rules.holds.share {
            let why = HoldReason::Gathered(Some(cause.to_owned()));
            let tasks = met.iter().copied().take(NAMED).collect();
            self.close(Skipped::CauseGathers, Note::Held(Hold { of: None, why, tasks }));
        }
    }

    pub(super) fn use_up(&mut self, scope: Scope, class: FailureClass, failures: usize) {
        self.close(Skipped::UsedUp, Note::UsedUp { scope, class, failures });
    }
}
