//! Which task begins next: the state of a run over many routers, and the only code that changes it.
//!
//! It knows tasks by their number, what they share (a site, a console, a model) and how they ended; nothing of routers, connections
//! or threads. It reads nothing and waits for nothing: who drives it tells it what happened and what time it is, and asks what to do,
//! so every order of events can be tested. Each of its questions has a file: `admission` (what may begin now), `ending` (what an end
//! means), `stepping` (which step is open), `passwords` (on how many routers one is tried), with `budgets`, `cohorts` (what is held),
//! `gathering` (which of several explains a failure), `windows`, `logins` and `consoles` below them.

mod admission;
mod budgets;
mod cohorts;
mod consoles;
mod decision;
mod ending;
mod gathering;
mod logins;
mod passwords;
mod stepping;
mod steps;
mod suspects;
mod units;
mod windows;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

pub use decision::{Decision, Hold, HoldReason, Next, Note, Scope, Skipped, TooShort};

use super::clock::Moment;
use super::messages::{AwaitedApproval, Mode, Order, Snapshot};
use super::needs::Needs;
use super::rules::{Rules, StepRules, Window};
use budgets::Budgets;
use cohorts::Cohorts;
use consoles::{Consoles, Use};
use logins::Logins;
use steps::{Stage, Step};
use units::{Phase, Slot, Tables, Unit};

/// A task whose turn it is.
#[derive(Debug)]
enum Turn {
    Begin(usize),
    Skip(usize, Skipped),
    Hold(usize, Hold),
}

/// Why nothing more begins.
#[derive(Debug)]
struct Closed {
    why: Skipped,
    /// The decision.
    by: Note,
}

/// The state of a run.
#[derive(Debug)]
pub struct Dispatcher {
    /// The rules; their long lists are in the tables below.
    rules: Rules,
    windows: Vec<Vec<Window>>,
    mode: Mode,
    /// Why nothing more begins, where that is not an order.
    closed: Option<Closed>,
    slots: Vec<Slot>,
    units: Vec<Unit>,
    cohorts: Cohorts,
    consoles: Consoles,
    logins: Logins,
    budgets: Budgets,
    steps: Vec<Step>,
    /// The step that is open.
    step: usize,
    stage: Stage,
    /// Tasks whose turn it is.
    ready: VecDeque<Turn>,
    /// Tasks of units in flight whose console is in use, or whose password is tried on others first.
    deferred: BTreeSet<usize>,
    /// Those of them that wait for a password.
    unproven: BTreeSet<usize>,
    /// When the windows of units in flight close.
    closings: BTreeSet<(Moment, usize)>,
    /// Windows for which a note says that they close too early, by when they close.
    told_too_short: BTreeSet<Moment>,
    /// The opening that a note says is waited for.
    told_opening: Option<Moment>,
    /// Tasks to be called back.
    recalls: VecDeque<usize>,
    /// Tasks whose last attempt failed and is not counted: they may be tried again.
    withheld: BTreeSet<usize>,
    /// Tasks that have neither ended nor been skipped.
    open: usize,
    /// Places that are taken: units in flight, and inspections.
    taken: usize,
    /// Tasks that have ended for good.
    settled: usize,
    failures: usize,
    /// For each cause, the tasks that failed with it as their first one, without those that are held.
    causes: HashMap<String, Vec<usize>>,
    /// How far the clocks of the routers that said it are from ours; nothing once a person has said to go on.
    clock_offsets: Option<Vec<Duration>>,
    /// The longest that a site took.
    slowest: Option<Duration>,
    notes: Vec<Note>,
    /// Nothing is to be done before this instant, unless something happens.
    quiet: Option<Option<Moment>>,
}

impl Dispatcher {
    /// A run of these tasks, numbered from 0 in their order.
    pub fn new(needs: impl IntoIterator<Item = Needs>, rules: &Rules) -> Self {
        let Tables { slots, units, cohorts, consoles, steps: count } = Tables::new(needs, rules);
        let mut steps: Vec<Step> = rules.steps.iter().cloned().map(Step::new).collect();
        steps.resize_with(count.max(1), || Step::new(StepRules::default()));
        for (number, unit) in units.iter().enumerate() {
            if let Some(step) = steps.get_mut(unit.step) {
                step.queue.insert(number);
            }
        }
        let mut dispatcher = Self {
            windows: rules.windows.iter().map(|set| set.windows.clone()).collect(),
            rules: Rules {
                concurrency: rules.concurrency.max(1),
                steps: Vec::new(),
                groups: Vec::new(),
                windows: Vec::new(),
                budgets: Vec::new(),
                earlier: Vec::new(),
                ..*rules
            },
            mode: Mode::Running,
            closed: None,
            open: slots.len(),
            slots,
            units,
            cohorts,
            consoles: Consoles::new(consoles),
            logins: Logins::new(rules.logins),
            budgets: Budgets::new(&rules.budgets),
            steps,
            step: 0,
            stage: Stage::New,
            ready: VecDeque::new(),
            deferred: BTreeSet::new(),
            unproven: BTreeSet::new(),
            closings: BTreeSet::new(),
            told_too_short: BTreeSet::new(),
            told_opening: None,
            recalls: VecDeque::new(),
            withheld: BTreeSet::new(),
            taken: 0,
            settled: 0,
            failures: 0,
            causes: HashMap::new(),
            clock_offsets: Some(Vec::new()),
            slowest: None,
            notes: Vec::new(),
            quiet: None,
        };
        rules.earlier.iter().for_each(|one| dispatcher.count_earlier(one));
        dispatcher
    }

    /// What is to be done next, at this time.
    pub fn next(&mut self, now: Moment) -> Next {
        if let Some(until) = self.quiet
            && until.is_none_or(|until| now < until)
        {
            return Next::Wait(until);
        }
        self.quiet = None;
        match self.decide(now) {
            Ok(decision) => Next::Do(decision),
            Err(until) => {
                self.quiet = Some(until);
                Next::Wait(until)
            }
        }
    }

    /// What is to be done next; or the instant before which there is nothing.
    fn decide(&mut self, now: Moment) -> Result<Decision, Option<Moment>> {
        loop {
            if let Some(number) = self.recall(now) {
                return Ok(Decision::Recall(number));
            }
            while let Some(turn) = self.ready.pop_front() {
                if let Some(decision) = self.take(turn, now) {
                    return Ok(decision);
                }
            }
            self.advance(now);
            if let Some(number) = self.inspect(now) {
                return Ok(Decision::Inspect(number));
            }
            if let Err(until) = self.admit(now) {
                let closes = self.closings.first().map(|(closes, _)| *closes);
                return Err([until, closes, self.next_round(now)].into_iter().flatten().min());
            }
        }
    }

    /// The decision for which nothing more begins; nothing where none was made.
    pub fn closed_by(&self) -> Option<&Note> {
        self.closed.as_ref().map(|closed| &closed.by)
    }

    /// What was decided since the last call and is worth a line in the journal.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// How often this task has begun: 1 for its first attempt.
    pub fn attempts(&self, number: usize) -> u32 {
        let unit = self.slots.get(number).and_then(|slot| self.units.get(slot.unit));
        unit.map_or(0, |unit| unit.attempts)
    }

    /// A task that was to begin has not: its console is used by something that is not a task of this run.
    pub fn deferred(&mut self, number: usize) {
        let Some((unit, console)) = self.in_flight(number) else { return };
        self.quiet = None;
        self.tries_no_longer(number);
        self.move_to(number, Phase::Deferred);
        self.consoles.set(console, Use::Elsewhere);
        let closes_now = self.units.get(unit).is_some_and(|unit| unit.recalled);
        if self.mode == Mode::Stopping || closes_now {
            self.ready.push_back(Turn::Begin(number));
        }
    }

    /// What used the console of a deferred task has let it go.
    pub fn console_freed(&mut self, number: usize) {
        let console = self.slots.get(number).and_then(|slot| slot.console);
        if self.consoles.is_in_use_elsewhere(console) {
            self.quiet = None;
            self.free(console);
        }
    }

    /// Takes an order. What cannot be withdrawn stays: a run that drains or stops does not go on.
    pub fn order(&mut self, order: Order) {
        self.quiet = None;
        if matches!(order, Order::Approve { step } if step == self.step) {
            self.approve();
        }
        self.mode = match (self.mode, order) {
            (Mode::Running | Mode::Paused, Order::Pause) => Mode::Paused,
            (Mode::Running | Mode::Paused, Order::Continue) => Mode::Running,
            (Mode::Running | Mode::Paused, Order::Drain) => Mode::Draining,
            (mode, Order::Approve { .. }) | (mode @ (Mode::Draining | Mode::Stopping), _) => mode,
        };
    }

    /// Someone asked everything to stop: nothing begins any more, not even the rest of a group that has begun.
    pub fn stop(&mut self) {
        if self.mode != Mode::Stopping {
            self.quiet = None;
            self.mode = Mode::Stopping;
            self.ready.extend(self.deferred.iter().map(|number| Turn::Begin(*number)));
        }
    }

    /// Whether every task has ended or was skipped, and the last step has proved itself; to be asked where nothing is to be done.
    pub fn is_over(&self) -> bool {
        let proves_itself = match &self.stage {
            Stage::Bakes(baking) => !self.is_closed() || !baking.inspecting.is_empty(),
            _ => false,
        };
        self.open == 0 && !proves_itself
    }

    /// How far it has come.
    pub fn snapshot(&self) -> Snapshot {
        let count = |phases: &[Phase]| self.slots.iter().filter(|slot| phases.contains(&slot.phase)).count();
        Snapshot {
            mode: self.mode,
            waiting: count(&[Phase::Waiting, Phase::Deferred]),
            in_flight: count(&[Phase::InFlight]),
            ended: count(&[Phase::Ended]),
            failed: self.failures,
            skipped: count(&[Phase::Skipped]),
            inspecting: match &self.stage {
                Stage::Bakes(baking) => baking.inspecting.len(),
                _ => 0,
            },
            approval: self.awaited_approval(),
        }
    }

    fn awaited_approval(&self) -> Option<AwaitedApproval> {
        let step = self.steps.get(self.step).filter(|_| self.stage == Stage::Awaits)?;
        let units = step.queue.iter().filter_map(|unit| self.units.get(*unit));
        let routers = units.map(|unit| unit.members.len()).sum();
        Some(AwaitedApproval { step: self.step, sites: step.queue.len(), routers })
    }

    /// Whether nothing that has not begun will begin.
    fn is_closed(&self) -> bool {
        matches!(self.mode, Mode::Draining | Mode::Stopping) || self.closed.is_some()
    }

    /// Nothing more begins. The first decision to that effect is the one that is told.
    fn close(&mut self, why: Skipped, by: Note) {
        if self.closed.is_none() {
            self.notes.push(by.clone());
            self.closed = Some(Closed { why, by });
        }
    }

    /// The unit and the console of a task in flight.
    fn in_flight(&self, number: usize) -> Option<(usize, Option<usize>)> {
        let slot = self.slots.get(number).filter(|slot| slot.phase == Phase::InFlight)?;
        Some((slot.unit, slot.console))
    }

    fn move_to(&mut self, number: usize, phase: Phase) {
        match phase {
            Phase::Deferred => self.deferred.insert(number),
            _ => self.deferred.remove(&number),
        };
        self.unproven.remove(&number);
        if let Some(slot) = self.slots.get_mut(number) {
            slot.phase = phase;
        }
    }

    /// A console is free: the first task that was deferred because of it follows.
    fn free(&mut self, console: Option<usize>) {
        if console.is_none() {
            return;
        }
        self.consoles.set(console, Use::Free);
        let waits = |number: &&usize| self.slots.get(**number).is_some_and(|slot| slot.console == console);
        self.ready.extend(self.deferred.iter().find(waits).map(|number| Turn::Begin(*number)));
    }
}

#[cfg(test)]
mod tests;
