//! Which task begins next: the state of a run over many routers, and the only code that changes it.
//!
//! It knows tasks by their number, what they share (a site, a console) and how they ended; nothing of routers, connections,
//! threads or time. It reads nothing and waits for nothing: who drives it tells it what happened and asks what to do, so every
//! order of events can be tested. Waves, windows and budgets by class of failure belong here, beside [`Dispatcher::is_closed`] and
//! [`Dispatcher::first_free`], the two questions they would answer.

use std::collections::{BTreeSet, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::messages::{Mode, Order, Snapshot};
use super::suspects::Suspects;

/// How far a run may go at once, and how far it may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Routers in flight at the same time; a site counts as one.
    pub concurrency: usize,
    /// After this many failed routers no more are begun; those in flight finish.
    pub max_failures: usize,
}

/// What a task shares with others of its run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Tasks of one group are in flight together and count as one against the limit: the routers of a site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The console that it goes over: one task at a time uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
    /// What routers of its kind have in common, such as model and firmware: where two of them meet the same unexplained line, the
    /// others are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What is to be done with one task, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Begin it. An answer must follow: [`Dispatcher::ended`] or [`Dispatcher::deferred`].
    Begin(usize),
    /// It is not begun in this run.
    Skip(usize),
    /// It is not begun in this run, because its kind is held.
    Hold(usize, Hold),
}

/// Why tasks of a kind are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The unexplained line, masked.
    pub line: String,
    /// The tasks on whose routers it appeared.
    pub tasks: Vec<usize>,
}

/// Where one task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    /// Its group has begun, and its console is in use.
    Deferred,
    InFlight,
    Ended,
    Skipped,
}

/// One task.
#[derive(Debug, Clone, Copy)]
struct Slot {
    unit: usize,
    console: Option<usize>,
    kind: Option<usize>,
    phase: Phase,
}

impl Slot {
    fn may_begin(&self) -> bool {
        matches!(self.phase, Phase::Waiting | Phase::Deferred)
    }
}

/// Tasks that begin together: a group, or one task.
#[derive(Debug)]
struct Unit {
    members: Vec<usize>,
    /// Members that have neither ended nor been skipped.
    open: usize,
    /// It counts against the limit of concurrency.
    has_place: bool,
}

/// Who uses a console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Console {
    Free,
    InUse,
    /// A user that is not a task of this run, such as the second connection of a router in flight.
    InUseElsewhere,
}

/// The state of a run.
#[derive(Debug)]
pub struct Dispatcher {
    limits: Limits,
    mode: Mode,
    slots: Vec<Slot>,
    units: Vec<Unit>,
    consoles: Vec<Console>,
    /// Units that have not begun, in the order of their first tasks.
    queue: BTreeSet<usize>,
    /// Tasks about to be begun or skipped.
    ready: VecDeque<usize>,
    /// Tasks of units in flight whose console is in use.
    deferred: BTreeSet<usize>,
    /// Tasks that have neither ended nor been skipped.
    open: usize,
    /// Places that are taken: units in flight.
    taken: usize,
    failures: usize,
    suspects: Suspects,
}

impl Dispatcher {
    /// A run of these tasks, numbered from 0 in their order.
    pub fn new(needs: impl IntoIterator<Item = Needs>, limits: Limits) -> Self {
        let limits = Limits { concurrency: limits.concurrency.max(1), max_failures: limits.max_failures.max(1) };
        let (mut slots, mut units) = (Vec::new(), Vec::<Unit>::new());
        let (mut groups, mut consoles, mut kinds) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (number, Needs { group, console, kind }) in needs.into_iter().enumerate() {
            let (next_console, next_kind) = (consoles.len(), kinds.len());
            let console = console.map(|name| *consoles.entry(name).or_insert(next_console));
            let kind = kind.map(|name| *kinds.entry(name).or_insert(next_kind));
            let unit = group.map_or(units.len(), |name| *groups.entry(name).or_insert(units.len()));
            match units.get_mut(unit) {
                Some(unit) => {
                    unit.members.push(number);
                    unit.open += 1;
                }
                None => units.push(Unit { members: vec![number], open: 1, has_place: false }),
            }
            slots.push(Slot { unit, console, kind, phase: Phase::Waiting });
        }
        let open = slots.len();
        Self {
            limits,
            mode: Mode::Running,
            slots,
            queue: (0..units.len()).collect(),
            units,
            consoles: vec![Console::Free; consoles.len()],
            ready: VecDeque::new(),
            deferred: BTreeSet::new(),
            open,
            taken: 0,
            failures: 0,
            suspects: Suspects::default(),
        }
    }

    /// What is to be done next; nothing until something else happens.
    pub fn next(&mut self) -> Option<Decision> {
        loop {
            if self.ready.is_empty() {
                self.admit();
            }
            let number = self.ready.pop_front()?;
            let Some(slot) = self.slots.get(number).copied().filter(Slot::may_begin) else { continue };
            let begun = self.units.get(slot.unit).is_some_and(|unit| unit.has_place);
            if !begun || self.mode == Mode::Stopping {
                self.move_to(number, Phase::Skipped);
                self.leaves(slot.unit);
                return Some(Decision::Skip(number));
            }
            if let Some(hold) = self.hold(slot.kind) {
                self.move_to(number, Phase::Skipped);
                self.leaves(slot.unit);
                // The console that came free for it is the next one's.
                if !self.is_in_use(slot.console) {
                    self.free(slot.console);
                }
                return Some(Decision::Hold(number, hold));
            }
            if self.is_in_use(slot.console) {
                // Two of one group on one console: one after the other.
                self.move_to(number, Phase::Deferred);
                continue;
            }
            self.use_console(slot.console, Console::InUse);
            self.move_to(number, Phase::InFlight);
            return Some(Decision::Begin(number));
        }
    }

    /// A task that was begun has ended. A repeated report counts once.
    pub fn ended(&mut self, number: usize, failed: bool) {
        let Some(slot) = self.slots.get(number).copied().filter(|slot| slot.phase == Phase::InFlight) else { return };
        self.failures += usize::from(failed);
        self.move_to(number, Phase::Ended);
        self.leaves(slot.unit);
        self.free(slot.console);
    }

    /// Lines that nothing explains appeared on the router of a task; masked.
    pub fn unexplained(&mut self, number: usize, lines: Vec<String>) {
        if let Some(kind) = self.slots.get(number).and_then(|slot| slot.kind) {
            self.suspects.note(kind, number, lines);
        }
    }

    /// A task that was to begin has not: its console is used by something that is not a task of this run.
    pub fn deferred(&mut self, number: usize) {
        let Some(slot) = self.slots.get(number).copied().filter(|slot| slot.phase == Phase::InFlight) else { return };
        self.move_to(number, Phase::Deferred);
        self.use_console(slot.console, Console::InUseElsewhere);
        if self.mode == Mode::Stopping {
            self.ready.push_back(number);
        }
    }

    /// What used the console of a deferred task has let it go.
    pub fn console_freed(&mut self, number: usize) {
        let Some(slot) = self.slots.get(number).copied() else { return };
        if slot.console.and_then(|console| self.consoles.get(console)) == Some(&Console::InUseElsewhere) {
            self.free(slot.console);
        }
    }

    /// Takes an order. What cannot be withdrawn stays: a run that drains or stops does not go on.
    pub fn order(&mut self, order: Order) {
        self.mode = match (self.mode, order) {
            (Mode::Running | Mode::Paused, Order::Pause) => Mode::Paused,
            (Mode::Running | Mode::Paused, Order::Continue) => Mode::Running,
            (Mode::Running | Mode::Paused, Order::Drain) => Mode::Draining,
            (mode @ (Mode::Draining | Mode::Stopping), _) => mode,
        };
    }

    /// Someone asked everything to stop: nothing begins any more, not even the rest of a group that has begun.
    pub fn stop(&mut self) {
        if self.mode != Mode::Stopping {
            self.mode = Mode::Stopping;
            self.ready.extend(&self.deferred);
        }
    }

    /// Whether every task has ended or was skipped.
    pub fn is_over(&self) -> bool {
        self.open == 0
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
        }
    }

    /// Lets the next unit begin, or be skipped where nothing begins any more.
    fn admit(&mut self) {
        let closed = self.is_closed();
        let next = match (closed, self.mode) {
            (true, _) => self.queue.first().copied(),
            (false, Mode::Paused) => None,
            (false, _) if self.taken >= self.limits.concurrency => None,
            (false, _) => self.first_free(),
        };
        let Some(unit) = next.filter(|next| self.queue.remove(next)).and_then(|next| self.units.get_mut(next)) else {
            return;
        };
        unit.has_place = !closed;
        self.taken += usize::from(!closed);
        self.ready.extend(&unit.members);
    }

    /// Why a kind is held, where it is.
    fn hold(&self, kind: Option<usize>) -> Option<Hold> {
        let (line, tasks) = self.suspects.held(kind?)?;
        Some(Hold { line: line.to_owned(), tasks: tasks.iter().copied().collect() })
    }

    /// Whether nothing that has not begun will begin.
    fn is_closed(&self) -> bool {
        matches!(self.mode, Mode::Draining | Mode::Stopping) || self.failures >= self.limits.max_failures
    }

    /// The first unit whose consoles are free. The longest waiter gets a console: later ones do not overtake it.
    fn first_free(&self) -> Option<usize> {
        let mut claimed = BTreeSet::new();
        self.queue.iter().copied().find(|unit| {
            let members = self.units.get(*unit).into_iter().flat_map(|unit| &unit.members);
            let consoles = members.filter_map(|number| self.slots.get(*number)?.console);
            let taken = |console: &usize| claimed.contains(console) || self.is_in_use(Some(*console));
            let free = !consoles.clone().any(|console| taken(&console));
            if !free {
                claimed.extend(consoles);
            }
            free
        })
    }

    /// A member of a unit is done with; the place of the unit is free when the last one is.
    fn leaves(&mut self, unit: usize) {
        self.open = self.open.saturating_sub(1);
        let Some(unit) = self.units.get_mut(unit) else { return };
        unit.open = unit.open.saturating_sub(1);
        if unit.open == 0 && std::mem::take(&mut unit.has_place) {
            self.taken = self.taken.saturating_sub(1);
        }
    }

    fn move_to(&mut self, number: usize, phase: Phase) {
        match phase {
            Phase::Deferred => self.deferred.insert(number),
            _ => self.deferred.remove(&number),
        };
        if let Some(slot) = self.slots.get_mut(number) {
            slot.phase = phase;
        }
    }

    fn is_in_use(&self, console: Option<usize>) -> bool {
        console.and_then(|console| self.consoles.get(console)).is_some_and(|state| *state != Console::Free)
    }

    fn use_console(&mut self, console: Option<usize>, state: Console) {
        if let Some(console) = console.and_then(|console| self.consoles.get_mut(console)) {
            *console = state;
        }
    }

    /// A console is free: the first task that was deferred because of it follows.
    fn free(&mut self, console: Option<usize>) {
        if console.is_none() {
            return;
        }
        self.use_console(console, Console::Free);
        let waits = |number: &&usize| self.slots.get(**number).is_some_and(|slot| slot.console == console);
        self.ready.extend(self.deferred.iter().find(waits));
    }
}

#[cfg(test)]
#[path = "dispatcher_tests.rs"]
mod tests;
