//! A run on threads: what a caller of [`super::run`] may rely on.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use super::{Bake, EndFacts, Executor, Fleet, Mode, Needs, Order, Rules, StepRules, Task, Turn, Unfinished};
use crate::cancel::Cancel;
use crate::connect::{ConsoleInUse, ConsoleLock, ConsoleLocks, Freed};
use crate::state::FailureClass;
use crate::transaction::FailedEnd;

/// Tasks that count how many are in flight; `fails` names those that fail, and that of 100 and more dies.
#[derive(Default)]
struct Counting {
    in_flight: AtomicUsize,
    most: Arc<AtomicUsize>,
    fails: BTreeSet<usize>,
    /// Those that do not pass their checks again.
    unproven: BTreeSet<usize>,
    locks: ConsoleLocks,
    barrier: Option<Arc<Barrier>>,
    /// A task says that it has begun, and waits for a word to end.
    gate: Option<(Sender<usize>, Mutex<Receiver<()>>)>,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum End {
    Done(usize),
    Failed(usize),
    Skipped(usize),
    Broken(usize),
    Unproven(usize),
}

/// A number, and the console that it goes over.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Numbered(usize, Option<String>);

impl Task for Numbered {
    fn router(&self) -> &str {
        "r1"
    }
    fn needs(&self) -> Needs {
        Needs { console: self.1.clone(), ..Needs::default() }
    }
    fn ends_within(&self) -> Duration {
        Duration::ZERO
    }
    fn stops_within(&self) -> Duration {
        Duration::ZERO
    }
}

fn tasks(numbers: impl IntoIterator<Item = usize>) -> Vec<Numbered> {
    numbers.into_iter().map(|number| Numbered(number, None)).collect()
}

fn on_com3(numbers: impl IntoIterator<Item = usize>) -> Vec<Numbered> {
    numbers.into_iter().map(|number| Numbered(number, Some("COM3".to_owned()))).collect()
}

impl Executor for Counting {
    type Task = Numbered;
    type End = End;

    fn reserve(&self, Numbered(_, console): &Numbered, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        let Some(console) = console else { return Ok(None) };
        self.locks.try_lock_or(console, freed).map(Some).ok_or(ConsoleInUse)
    }
    fn carry_out(&self, Numbered(task, _): &Numbered, _: &Turn) -> End {
        let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        if let Some(barrier) = &self.barrier {
            barrier.wait();
        }
        if let Some((begun, end)) = &self.gate {
            begun.send(*task).unwrap();
            end.lock().unwrap().recv().unwrap();
        }
        assert!(*task < 100, "the test's own broken task");
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        if self.fails.contains(task) { End::Failed(*task) } else { End::Done(*task) }
    }
    fn inspect(&self, Numbered(task, _): &Numbered, _: &Turn) -> Result<(), FailedEnd> {
        if self.unproven.contains(task) { Err(Unfinished::Died.end()) } else { Ok(()) }
    }
    fn unproven(&self, Numbered(task, _): &Numbered, _: u32, _: End, _: &FailedEnd) -> End {
        End::Unproven(*task)
    }
    fn unfinished(&self, Numbered(task, _): &Numbered, why: Unfinished) -> End {
        if why == Unfinished::Died { End::Broken(*task) } else { End::Skipped(*task) }
    }
    fn facts(&self, end: &End) -> EndFacts {
        match end {
            End::Failed(_) | End::Broken(_) => EndFacts::failed(FailureClass::CheckFailed),
            End::Done(_) | End::Skipped(_) | End::Unproven(_) => EndFacts::done(),
        }
    }
}

#[test]
fn ends_come_in_order_and_no_more_than_allowed_run_at_once() {
    // A barrier of two: it would never open if fewer than two ran at once.
    let work = Counting { barrier: Some(Arc::new(Barrier::new(2))), ..Counting::default() };
    let most = Arc::clone(&work.most);
    let ends = Fleet::new(Rules::simple(2, 1), &Cancel::default()).run(work, &tasks(0..10));
    assert_eq!(ends, (0..10).map(End::Done).collect::<Vec<_>>());
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[test]
fn after_the_last_allowed_failure_none_is_begun() {
    let work = Counting { fails: [1, 3].into(), ..Counting::default() };
    let ends = Fleet::new(Rules::simple(1, 2), &Cancel::default()).run(work, &tasks(0..6));
    assert_eq!(ends, [End::Done(0), End::Failed(1), End::Done(2), End::Failed(3), End::Skipped(4), End::Skipped(5)]);
}

#[test]
fn a_router_that_is_no_proof_for_its_step_has_another_end_and_nothing_follows() {
    let bake = Some(Bake { time: Duration::ZERO, every: None });
    let step = |members: Vec<usize>| StepRules { members, bake, ..StepRules::default() };
    let rules = Rules { steps: vec![step(vec![0]), step(vec![1])], ..Rules::simple(2, 9) };
    let work = Counting { unproven: [0].into(), ..Counting::default() };
    assert_eq!(Fleet::new(rules, &Cancel::default()).run(work, &tasks(0..2)), [End::Unproven(0), End::Skipped(1)]);
}

#[test]
fn one_console_is_used_by_one_at_a_time() {
    let work = Counting::default();
    let most = Arc::clone(&work.most);
    assert_eq!(Fleet::new(Rules::simple(8, 1), &Cancel::default()).run(work, &on_com3(0..20)).len(), 20);
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn a_console_in_use_elsewhere_is_waited_for() {
    let locks = ConsoleLocks::default();
    let elsewhere = locks.try_lock("COM3").unwrap();
    let cancel = Cancel::default();
    let work = Counting { locks, ..Counting::default() };
    let fleet = Fleet::new(Rules::simple(1, 1), &cancel);
    let control = fleet.control();
    let ends = thread::scope(|scope| {
        let running = scope.spawn(|| fleet.run(work, &on_com3(0..2)));
        let before = control.snapshot().unwrap();
        assert_eq!((before.waiting, before.in_flight), (2, 0));
        drop(elsewhere);
        running.join().unwrap()
    });
    assert_eq!(ends, [End::Done(0), End::Done(1)]);
}

#[test]
fn a_stop_request_skips_what_has_not_begun() {
    let cancel = Cancel::default();
    cancel.ask();
    assert_eq!(
        Fleet::new(Rules::simple(2, 1), &cancel).run(Counting::default(), &tasks(0..2)),
        [End::Skipped(0), End::Skipped(1)]
    );
}

#[test]
fn a_stop_request_ends_a_pause() {
    let cancel = Cancel::default();
    let fleet = Fleet::new(Rules::simple(2, 1), &cancel);
    let control = fleet.control();
    control.order(Order::Pause);
    let ends = thread::scope(|scope| {
        let running = scope.spawn(|| fleet.run(Counting::default(), &tasks(0..2)));
        assert_eq!(control.snapshot().unwrap().mode, Mode::Paused);
        cancel.ask();
        running.join().unwrap()
    });
    assert_eq!(ends, [End::Skipped(0), End::Skipped(1)]);
    assert_eq!(control.snapshot(), None, "the run is over");
}

#[test]
fn a_thread_that_dies_is_an_end_and_a_failure() {
    let ends = Fleet::new(Rules::simple(1, 1), &Cancel::default()).run(Counting::default(), &tasks([100, 1]));
    assert_eq!(ends, [End::Broken(100), End::Skipped(1)]);
}

/// A run of three tasks, each ending on a word, and the two ends of that conversation.
fn gated() -> (Counting, Receiver<usize>, Sender<()>) {
    let ((begun, has_begun), (end, ended)) = (channel(), channel());
    (Counting { gate: Some((begun, Mutex::new(ended))), ..Counting::default() }, has_begun, end)
}

#[test]
fn a_pause_lets_what_runs_end_and_begins_nothing_until_it_is_continued() {
    let (work, begun, end) = gated();
    let cancel = Cancel::default();
    let fleet = Fleet::new(Rules::simple(1, 1), &cancel);
    let control = fleet.control();
    let ends = thread::scope(|scope| {
        let running = scope.spawn(|| fleet.run(work, &tasks(0..3)));
        assert_eq!(begun.recv(), Ok(0));
        control.order(Order::Pause);
        end.send(()).unwrap();
        // Two states are possible until the end is reported; a third task never begins in either.
        let paused = std::iter::repeat_with(|| control.snapshot().unwrap()).find(|now| now.in_flight == 0).unwrap();
        assert_eq!((paused.mode, paused.ended, paused.waiting), (Mode::Paused, 1, 2));
        assert!(begun.try_recv().is_err());
        control.order(Order::Continue);
        end.send(()).unwrap();
        end.send(()).unwrap();
        running.join().unwrap()
    });
    assert_eq!(ends, [End::Done(0), End::Done(1), End::Done(2)]);
}

#[test]
fn a_drain_lets_what_runs_end_and_skips_the_rest() {
    let (work, begun, end) = gated();
    let cancel = Cancel::default();
    let fleet = Fleet::new(Rules::simple(1, 1), &cancel);
    let control = fleet.control();
    let ends = thread::scope(|scope| {
        let running = scope.spawn(|| fleet.run(work, &tasks(0..3)));
        assert_eq!(begun.recv(), Ok(0));
        control.order(Order::Drain);
        let drained = control.snapshot().unwrap();
        assert_eq!((drained.mode, drained.in_flight), (Mode::Draining, 1));
        end.send(()).unwrap();
        running.join().unwrap()
    });
    assert_eq!(ends, [End::Done(0), End::Skipped(1), End::Skipped(2)]);
    assert!(!cancel.is_asked(), "no one was asked to stop");
}
