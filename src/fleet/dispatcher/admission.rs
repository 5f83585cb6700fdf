//! What may begin now: the first unit that every limit, window and hold allows, in the order of the steps.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::windows::{Fit, fit};
use super::{Decision, Dispatcher, Hold, Note, Skipped, TooShort, Turn};
use crate::fleet::clock::Moment;
use crate::fleet::dispatcher::consoles::Use;
use crate::fleet::dispatcher::steps::Stage;
use crate::fleet::dispatcher::units::{Phase, Unit};
use crate::fleet::messages::Mode;
use crate::fleet::rules::{Needed, Window};
use crate::record::NeededBy;

/// What may be done with a unit that has not begun.
#[derive(Debug)]
enum Turnout {
    /// It begins; when its window closes.
    Begins(Option<Moment>),
    Held(Hold),
    /// None of its windows fits any more, or it has been tried for long enough.
    NoWindow,
    Later(Moment),
    /// No window is open for it; one opens then.
    Closed(Moment),
    /// Its window is open, and closes too early for it: it waits for another one, where there is one.
    TooShort(TooShort),
    /// Until something ends.
    Full,
    /// Until its consoles are free, which are its own from now on.
    Console,
}

impl Dispatcher {
    /// Gives the next unit its turn.
    ///
    /// # Errors
    /// There is none: nothing until this instant, or until something happens.
    pub(super) fn admit(&mut self, now: Moment) -> Result<(), Option<Moment>> {
        if self.is_closed() {
            let first = self.steps.iter().find_map(|step| step.queue.first().copied());
            let unit = first.ok_or(None)?;
            self.give_up(unit, self.closed.as_ref().map_or(Skipped::Stopped, |closed| closed.why));
            return Ok(());
        }
        if self.mode == Mode::Paused || self.taken >= self.rules.concurrency {
            return Err(None);
        }
        let pace = self.logins.not_before(now);
        // Until those that are tried again have ended, no other begins that could be one too many.
        let waits: Vec<bool> = (0..=self.step).map(|step| self.could_be_used_up(step)).collect();
        let is_withheld = |unit: usize| {
            let unit = self.units.get(unit).filter(|unit| unit.attempts == 0);
            unit.is_some_and(|unit| waits.get(unit.step) == Some(&true))
        };
        let (mut earliest, mut claimed, mut found) = (None::<Moment>, BTreeSet::new(), None);
        // A site changes together. One that would try an unproven password on many routers gives way to every other that may prove it.
        let (mut last, mut opens) = (None, None::<Moment>);
        let mut too_short = BTreeMap::new();
        let later =
            |at: Moment, earliest: &mut Option<Moment>| *earliest = Some(earliest.map_or(at, |one| one.min(at)));
        for unit in self.open_queue() {
            match self.turnout(unit, now, &claimed) {
                Turnout::Later(at) => later(at, &mut earliest),
                Turnout::Closed(at) => {
                    later(at, &mut earliest);
                    later(at, &mut opens);
                }
                Turnout::TooShort(window) => {
                    later(window.opens, &mut earliest);
                    later(window.opens, &mut opens);
                    too_short.entry(window.closes).or_insert((unit, window));
                }
                Turnout::Full => {}
                Turnout::Begins(_) | Turnout::Console if is_withheld(unit) => {}
                Turnout::Console => claimed.extend(self.consoles_of(unit)),
                Turnout::Begins(_) if pace.is_some() => later(pace.unwrap_or(now), &mut earliest),
                turnout @ Turnout::Begins(_) if self.tries_a_password_too_often(unit) => {
                    last.get_or_insert((unit, turnout));
                }
                turnout => {
                    found = Some((unit, turnout));
                    break;
                }
            }
        }
        too_short.into_values().for_each(|(unit, window)| self.tell_too_short(unit, window));
        let Some((unit, turnout)) = found.or(last) else {
            self.tell_opening(opens.filter(|_| opens == earliest));
            return Err(earliest);
        };
        match turnout {
            Turnout::Begins(closes) => self.begin(unit, closes, now),
            Turnout::Held(hold) => self.hold(unit, &hold),
            _ => self.give_up(unit, Skipped::NoWindow),
        }
        Ok(())
    }

    /// Units that have not begun, of the open step and those before it.
    fn open_queue(&self) -> impl Iterator<Item = usize> {
        let steps = self.step + usize::from(self.stage != Stage::Awaits && self.stage != Stage::New);
        self.steps.iter().take(steps).flat_map(|step| step.queue.iter().copied())
    }

    fn turnout(&self, number: usize, now: Moment, claimed: &BTreeSet<usize>) -> Turnout {
        let Some(unit) = self.units.get(number) else { return Turnout::Full };
        if let Some(hold) = self.held(unit) {
            return Turnout::Held(hold.clone());
        }
        let is_too_late = |at: Moment| unit.not_after.is_some_and(|last| at > last);
        let needed = self.needed(unit).time;
        let closes = match fit(self.sets_of(unit), now.max(unit.not_before), needed) {
            Fit::Never => return Turnout::NoWindow,
            Fit::Later(at) if is_too_late(at) => return Turnout::NoWindow,
            Fit::Later(at) => return self.waits_until(unit, at, now),
            Fit::Now(_) if is_too_late(now) => return Turnout::NoWindow,
            Fit::Now(_) if unit.not_before > now => return Turnout::Later(unit.not_before),
            Fit::Now(closes) => closes,
        };
        if !self.has_room(unit) {
            return Turnout::Full;
        }
        let taken = |console: usize| claimed.contains(&console) || self.consoles.is_in_use(Some(console));
        if self.consoles_of(number).any(taken) { Turnout::Console } else { Turnout::Begins(closes) }
    }

    /// A unit that does not fit now: its window opens then, or is open and closes too early.
    fn waits_until(&self, unit: &Unit, at: Moment, now: Moment) -> Turnout {
        match fit(self.sets_of(unit), now.max(unit.not_before), Duration::ZERO) {
            Fit::Now(Some(closes)) if unit.not_before <= now => {
                Turnout::TooShort(TooShort { needed: self.needed(unit), closes, opens: at })
            }
            _ if unit.not_before <= now => Turnout::Closed(at),
            _ => Turnout::Later(at),
        }
    }

    /// Says once that nothing goes on before a window opens.
    fn tell_opening(&mut self, opens: Option<Moment>) {
        if let Some(at) = opens.filter(|_| self.taken == 0 && self.told_opening != opens) {
            self.told_opening = Some(at);
            self.notes.push(Note::WaitsForWindow(at));
        }
    }

    /// Says once of each window that it closes too early.
    fn tell_too_short(&mut self, unit: usize, window: TooShort) {
        let task = self.units.get(unit).and_then(|unit| unit.members.first().copied());
        if let Some(task) = task.filter(|_| self.told_too_short.insert(window.closes)) {
            self.notes.push(Note::TooShort(task, window));
        }
    }

    /// Whether no window keeps a unit from beginning now.
    pub(super) fn may_begin_at(&self, number: usize, now: Moment) -> bool {
        let Some(unit) = self.units.get(number) else { return false };
        matches!(fit(self.sets_of(unit), now, self.needed(unit).time), Fit::Now(_))
    }

    /// Whether the limits of its step and of its groups let it begin.
    fn has_room(&self, unit: &Unit) -> bool {
        let Some(step) = self.steps.get(unit.step) else { return false };
        if step.rules.concurrency.is_some_and(|most| step.in_flight >= most.max(1)) {
            return false;
        }
        self.cohorts_of(unit).into_iter().all(|number| {
            let routers = self.members_of(unit, number);
            self.cohorts.of(number).is_none_or(|cohort| cohort.has_room(routers, &self.rules.holds))
        })
    }

    /// Whether a unit would try a password that has let no one in yet on more routers at once than that may be.
    fn tries_a_password_too_often(&self, number: usize) -> bool {
        let Some(unit) = self.units.get(number).filter(|unit| unit.members.len() > 1) else { return false };
        self.cohorts_of(unit).into_iter().any(|number| {
            let routers = self.members_of(unit, number);
            self.cohorts.of(number).is_some_and(|cohort| cohort.is_tried_too_often(routers, &self.rules.holds))
        })
    }

    /// How many routers of a unit are in a cohort.
    fn members_of(&self, unit: &Unit, cohort: u32) -> usize {
        unit.members.iter().filter(|one| self.slot_is_of(**one, cohort)).count()
    }

    /// The windows that a unit must keep to.
    pub(super) fn sets_of(&self, unit: &Unit) -> impl Iterator<Item = &[Window]> + Clone {
        unit.windows.iter().filter_map(|set| Some(self.windows.get(usize::try_from(*set).ok()?)?.as_slice()))
    }

    /// How long a unit is taken to need.
    pub(super) fn needed(&self, unit: &Unit) -> Needed {
        if unit.windows.is_empty() {
            return Needed { time: Duration::ZERO, by: NeededBy::Declared };
        }
        let first = unit.members.first().and_then(|number| self.slots.get(*number));
        let comparable = first.and_then(|slot| self.cohorts.slowest(&slot.cohorts)).or(self.slowest);
        match (self.rules.needed, comparable) {
            (Some(time), _) => Needed { time, by: NeededBy::Declared },
            (None, Some(slowest)) => Needed { time: slowest.saturating_mul(2), by: NeededBy::Measured },
            (None, None) => Needed::ESTIMATE,
        }
    }

    /// Why a unit is held, if one of its routers is: a site changes together or not at all.
    pub(super) fn held(&self, unit: &Unit) -> Option<&Hold> {
        unit.members.iter().find_map(|number| self.cohorts.hold(&self.slots.get(*number)?.cohorts))
    }

    fn consoles_of(&self, unit: usize) -> impl Iterator<Item = usize> {
        let members = self.units.get(unit).into_iter().flat_map(|unit| &unit.members);
        members.filter_map(|number| self.slots.get(*number)?.console)
    }

    /// The cohorts of a unit's routers, each once.
    pub(super) fn cohorts_of(&self, unit: &Unit) -> Vec<u32> {
        let slots = unit.members.iter().filter_map(|number| self.slots.get(*number));
        let mut cohorts: Vec<u32> = slots.flat_map(|slot| slot.cohorts.iter().copied()).collect();
        if unit.members.len() > 1 {
            cohorts.sort_unstable();
            cohorts.dedup();
        }
        cohorts
    }

    fn slot_is_of(&self, number: usize, cohort: u32) -> bool {
        self.slots.get(number).is_some_and(|slot| slot.cohorts.contains(&cohort))
    }

    /// A unit begins: its place is taken, and it is each member's turn.
    fn begin(&mut self, number: usize, closes: Option<Moment>, now: Moment) {
        self.leave_queue(number);
        let Some(unit) = self.units.get_mut(number) else { return };
        if unit.attempts == 0 {
            unit.first_begun = now;
        }
        unit.attempts += 1;
        (unit.has_place, unit.recalled, unit.begun, unit.closes) = (true, false, now, closes);
        let (step, members) = (unit.step, unit.members.clone());
        let first = unit.attempts == 1;
        self.taken += 1;
        self.logins.take(now, members.len());
        self.closings.extend(closes.map(|closes| (closes, number)));
        if let Some(step) = self.steps.get_mut(step) {
            step.in_flight += 1;
            step.begun += usize::from(first);
        }
        let cohorts = self.units.get(number).map(|unit| self.cohorts_of(unit)).unwrap_or_default();
        for cohort in cohorts {
            if let Some(cohort) = self.cohorts.of_mut(cohort) {
                cohort.in_flight += 1;
            }
        }
        for member in members {
            self.join_cohorts(member);
            self.ready.push_back(Turn::Begin(member));
        }
    }

    fn hold(&mut self, number: usize, hold: &Hold) {
        self.leave_queue(number);
        if !self.ends_as_it_is(number) {
            let members = self.units.get(number).into_iter().flat_map(|unit| &unit.members);
            self.ready.extend(members.map(|member| Turn::Hold(*member, hold.clone())));
        }
    }

    /// A unit does not begin, or not again: what was tried before keeps its end.
    fn give_up(&mut self, number: usize, why: Skipped) {
        self.leave_queue(number);
        if !self.ends_as_it_is(number) {
            let members = self.units.get(number).into_iter().flat_map(|unit| &unit.members);
            self.ready.extend(members.map(|member| Turn::Skip(*member, why)));
        }
    }

    fn leave_queue(&mut self, number: usize) {
        let Some(unit) = self.units.get(number) else { return };
        if let Some(step) = self.steps.get_mut(unit.step)
            && step.queue.remove(&number)
            && unit.attempts > 0
        {
            step.coming_back -= 1;
        }
    }

    /// Gives a task its turn; nothing where it has passed.
    pub(super) fn take(&mut self, turn: Turn, now: Moment) -> Option<Decision> {
        let (Turn::Begin(number) | Turn::Skip(number, _) | Turn::Hold(number, _)) = turn;
        let slot = self.slots.get(number).filter(|slot| slot.may_begin())?;
        let (unit, console) = (slot.unit, slot.console);
        let recalled = self.units.get(unit).is_some_and(|unit| unit.recalled);
        let turn = match turn {
            Turn::Begin(_) if self.mode == Mode::Stopping => Turn::Skip(number, Skipped::Stopped),
            Turn::Begin(_) if recalled => Turn::Skip(number, Skipped::NoWindow),
            Turn::Begin(_) => match self.slots.get(number).and_then(|slot| self.cohorts.hold(&slot.cohorts)) {
                Some(hold) => Turn::Hold(number, hold.clone()),
                None => turn,
            },
            turn => turn,
        };
        match turn {
            // Two of one group on one console: one after the other.
            Turn::Begin(_) if self.consoles.is_in_use(console) => {
                self.move_to(number, Phase::Deferred);
                None
            }
            Turn::Begin(_) if !self.may_try_password(number) => {
                self.move_to(number, Phase::Deferred);
                self.unproven.insert(number);
                None
            }
            Turn::Begin(_) => {
                self.consoles.set(console, Use::Ours);
                self.move_to(number, Phase::InFlight);
                self.tries_password(number);
                Some(Decision::Begin(number))
            }
            // What an earlier attempt came to stays.
            Turn::Skip(..) | Turn::Hold(..) if self.attempts(number) > 1 => {
                let was_deferred = self.is_deferred(number);
                self.ends_without_another(number, now);
                self.pass_on(console, was_deferred);
                Some(Decision::GiveUp(number))
            }
            Turn::Skip(_, why) => {
                let was_deferred = self.is_deferred(number);
                self.is_skipped(number, now);
                self.pass_on(console, was_deferred);
                Some(Decision::Skip(number, why))
            }
            Turn::Hold(_, hold) => {
                let was_deferred = self.is_deferred(number);
                self.is_skipped(number, now);
                self.pass_on(console, was_deferred);
                Some(Decision::Hold(number, hold))
            }
        }
    }

    fn is_deferred(&self, number: usize) -> bool {
        self.slots.get(number).is_some_and(|slot| slot.phase == Phase::Deferred)
    }

    /// The console that came free for a task which does not begin is the next one's.
    fn pass_on(&mut self, console: Option<usize>, was_deferred: bool) {
        if was_deferred && !self.consoles.is_in_use(console) {
            self.free(console);
        }
    }

    /// A task counts among the users of its cohorts from the turn of its unit to its own end, also while it waits for its console.
    fn join_cohorts(&mut self, number: usize) {
        let Some(slot) = self.slots.get(number) else { return };
        for cohort in &slot.cohorts {
            if let Some(cohort) = self.cohorts.of_mut(*cohort) {
                cohort.users += 1;
            }
        }
    }

    pub(super) fn leave_cohorts(&mut self, number: usize) {
        let Some(slot) = self.slots.get(number) else { return };
        for cohort in &slot.cohorts {
            if let Some(cohort) = self.cohorts.of_mut(*cohort) {
                cohort.users = cohort.users.saturating_sub(1);
            }
        }
    }
}
