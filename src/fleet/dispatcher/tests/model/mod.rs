//! The dispatcher against a model in which each rule is written on its own, over any order of events: no limit, budget or window is
//! exceeded at any of them, every task ends in one way, and where something may still begin, there is an instant to wait for.

mod checks;
mod sketch;

use std::collections::{BTreeMap, BTreeSet};

use checks::{Model, Place};
use proptest::prelude::*;
use sketch::{Event, end, event, numbers, rules, sketch};

use super::*;
use crate::fleet::dispatcher::Note;
use crate::fleet::messages::Mode;

impl Model {
    /// Tells both what happens, where it can happen.
    fn happens(&mut self, run: &mut Dispatcher, event: Event) {
        let places = self.places.clone();
        let in_place = |place: Place| (0..places.len()).filter(|one| places[*one] == place).collect::<Vec<_>>();
        let choose = |from: Vec<usize>, one: usize| (!from.is_empty()).then(|| from[one % from.len()]);
        match event {
            Event::Ended(one, how) => {
                if let Some(number) = choose(in_place(Place::InFlight), one) {
                    self.ends(run, number, end(how));
                }
            }
            Event::LoggedIn(one) => {
                let trying = in_place(Place::InFlight).into_iter().filter(|one| !self.inside.contains(one));
                if let Some(number) = choose(trying.collect(), one) {
                    self.inside.insert(number);
                    self.let_in.insert(self.tasks[number].credential);
                    run.logged_in(number, None);
                }
            }
            Event::Freed(one) => {
                if let Some(number) = choose(self.frees.iter().copied().collect(), one) {
                    self.frees.remove(&number);
                    run.console_freed(number);
                }
            }
            Event::Inspected(failed) => {
                if let Some(number) = self.inspecting.pop_first() {
                    self.failed_inspections += usize::from(failed);
                    if let Some(end) = self.ends[number].as_mut().filter(|_| failed) {
                        (end.done, end.changed) = (false, false);
                    }
                    run.inspected(number, if failed { Proof::Failed } else { Proof::Passed });
                }
            }
            Event::Passes(time) => self.now += time,
            Event::Order(order) => {
                let awaited = run.snapshot().approval.map(|approval| approval.step);
                if let Order::Approve { step } = order {
                    self.approved.extend(awaited.filter(|awaited| *awaited == step));
                }
                run.order(order);
                if !matches!(self.mode, Mode::Draining | Mode::Stopping) {
                    self.mode = match order {
                        Order::Pause => Mode::Paused,
                        Order::Continue => Mode::Running,
                        Order::Approve { .. } => self.mode,
                        Order::Drain => Mode::Draining,
                    };
                }
            }
            Event::Stop => {
                run.stop();
                self.mode = Mode::Stopping;
            }
            Event::Deferred(_) => {}
        }
    }

    fn ends(&mut self, run: &mut Dispatcher, number: usize, facts: EndFacts) {
        run.ended(number, &facts, Moment::from_millis(self.now));
        self.inside.remove(&number);
        let password = self.passwords.entry(self.tasks[number].credential).or_default();
        if facts.wrong_password {
            password.0 += 1;
        } else if facts.logged_in {
            *password = (0, true);
        }
        self.places[number] = Place::Ended;
        self.ends[number] = Some(facts);
        let unit = self.unit(number);
        if !self.is_open(unit) {
            self.unit_ended.insert(unit, self.now);
        }
        self.follow(run, unit);
    }

    /// A unit that comes back waits again, as a whole: only the dispatcher's own count says which do.
    fn follow(&mut self, run: &Dispatcher, unit: usize) {
        let members = self.members(unit);
        let waits = |one: &usize| run.slots[*one].phase == super::super::units::Phase::Waiting;
        let over = |one: &usize| matches!(self.places[*one], Place::Ended | Place::Skipped);
        if members.iter().all(waits) && members.iter().all(over) {
            for one in members {
                self.places[one] = Place::Waiting;
                // Whatever an attempt before has shown is shown by the next one, or not at all.
                if let Some(end) = &mut self.ends[one] {
                    end.changed = false;
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn no_order_of_events_breaks_a_rule_or_leaves_a_task_behind(
        tasks in prop::collection::vec(sketch(), 0..12),
        of in numbers(),
        events in prop::collection::vec(event(), 0..80),
    ) {
        let needs = tasks.iter().map(|one| Needs {
            group: one.site.map(|site| site.to_string()),
            console: one.console.map(|console| console.to_string()),
            traits: vec![Trait::Credential(one.credential.to_string())],
            longest: None,
        });
        let mut run = Dispatcher::new(needs, &rules(&tasks, &of));
        let mut model = Model {
            places: vec![Place::Waiting; tasks.len()],
            ends: vec![None; tasks.len()],
            tasks,
            of,
            mode: Mode::Running,
            now: 0,
            begun: BTreeMap::new(),
            unit_ended: BTreeMap::new(),
            logins: None,
            inspecting: BTreeSet::new(),
            frees: BTreeSet::new(),
            recalled: BTreeSet::new(),
            approved: BTreeSet::new(),
            asks: BTreeSet::new(),
            failed_inspections: 0,
            stands_in: BTreeMap::new(),
            passwords: BTreeMap::new(),
            let_in: BTreeSet::new(),
            inside: BTreeSet::new(),
        };
        let mut events = events.into_iter();
        // Then whatever is open ends, a pause included.
        let approve = |step| Event::Order(Order::Approve { step });
        let rest = [
            Event::Order(Order::Continue),
            approve(0),
            approve(1),
            approve(2),
            Event::Freed(0),
            Event::Ended(0, 9),
            Event::Inspected(false),
        ];
        let mut rest = rest.into_iter().cycle().take(70 * (model.tasks.len() + 1));
        while let Some(event) = events.next().or_else(|| rest.next()) {
            let until = loop {
                let next = run.next(Moment::from_millis(model.now));
                for note in run.take_notes() {
                    if let Note::StandsIn(step, number) = note {
                        model.takes_a_place(step, model.unit(number))?;
                    }
                }
                match next {
                    Next::Wait(until) => break until,
                    Next::Do(decision) => {
                        model.hears(&decision)?;
                        if let (Decision::Begin(number), Event::Deferred(one)) = (&decision, event)
                            && one % 2 == 0 && model.tasks[*number].console.is_some()
                        {
                            run.deferred(*number);
                            model.places[*number] = Place::Deferred;
                            model.frees.insert(*number);
                        }
                        if let Decision::Skip(number, _) | Decision::Hold(number, _) | Decision::GiveUp(number) = decision {
                            let unit = model.unit(number);
                            model.follow(&run, unit);
                        }
                    }
                }
            };
            prop_assert!(until.is_none_or(|until| until.millis() > model.now), "an instant that has passed");
            let idle = model.in_flight().is_empty() && model.inspecting.is_empty();
            let idle = idle && model.frees.is_empty() && model.mode != Mode::Paused;
            let awaits = run.snapshot().approval.is_some();
            prop_assert!(!idle || awaits || run.is_over() || until.is_some(), "nothing is under way and nothing begins");
            if events.len() == 0 && idle && let Some(until) = until {
                model.now = until.millis();
            }
            model.happens(&mut run, event);
        }
        prop_assert!(run.is_over(), "{:?}", run.snapshot());
        let snapshot = run.snapshot();
        let ended = run.slots.iter().filter(|slot| slot.phase == super::super::units::Phase::Ended).count();
        prop_assert_eq!((snapshot.ended + snapshot.skipped, ended), (model.tasks.len(), snapshot.ended));
        let failed = model.ends.iter().flatten().filter(|facts| facts.class.is_some()).count() + model.failed_inspections;
        prop_assert_eq!(snapshot.failed, failed, "every failure is counted once");
    }
}
