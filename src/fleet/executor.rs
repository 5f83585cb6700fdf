//! Who carries out tasks: here on threads of this process.
//!
//! A thread gets one task, carries it out to its end and reports; it shares nothing with the dispatcher but messages. Nothing
//! here decides what begins.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::control::{Control, Report};
use super::dispatcher::Needs;
use crate::cancel::Interruptible;
use crate::connect::{ConsoleInUse, ConsoleLock, Freed};

/// A conversation needs little: the session's buffers are on the heap.
const STACK_BYTES: usize = 1024 * 1024;

/// What is done with each router.
pub trait Executor: Send + Sync + 'static {
    /// One router's part.
    type Task: Clone + Send + 'static;
    /// How it ended.
    type End: Send + 'static;

    /// What a task shares with others.
    fn needs(&self, task: &Self::Task) -> Needs;
    /// Reserves the console of a task, where it has one; `freed` is called when it can be tried again.
    ///
    /// # Errors
    /// When the console is in use.
    fn reserve(&self, task: &Self::Task, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse>;
    /// Carries it out, to the end, on a thread of its own.
    fn carry_out(&self, task: &Self::Task) -> Self::End;
    /// What is said of one that was not begun.
    fn skip(&self, task: &Self::Task) -> Self::End;
    /// What is said of one whose thread died, a defect of ours, or could not be made, where none has begun.
    fn broken(&self, task: &Self::Task, begun: bool) -> Self::End;
    /// Its router's name, and the longest it can take from a wish to stop to its end.
    fn stops_within(&self, task: &Self::Task) -> (String, Duration);
    /// Whether an end counts against the limit of failures.
    fn failed(&self, end: &Self::End) -> bool;
    /// Whether it writes to routers.
    fn changes(&self) -> bool {
        false
    }
    /// The program is about to end in the middle of everything: the last word.
    fn abandoned(&self) {}
}

/// Carries out tasks on threads of this process, one each.
pub(super) struct Threads<X: Executor> {
    executor: X,
    control: Control,
    /// Tasks that have begun and not ended: what a press of Ctrl-C can interrupt.
    begun: Mutex<BTreeMap<usize, (String, Duration)>>,
    /// The ends that have come and were not taken yet.
    ends: Mutex<Vec<(usize, X::End)>>,
}

impl<X: Executor> Threads<X> {
    pub(super) fn new(executor: X, control: Control) -> Arc<Self> {
        Arc::new(Self { executor, control, begun: Mutex::default(), ends: Mutex::default() })
    }

    pub(super) fn executor(&self) -> &X {
        &self.executor
    }

    /// Begins a task. Its end is reported, whatever becomes of it.
    ///
    /// # Errors
    /// [`ConsoleInUse`]: it was not begun, and it is reported when it can be.
    pub(super) fn begin(self: &Arc<Self>, number: usize, task: &X::Task) -> Result<(), ConsoleInUse> {
        let control = self.control.clone();
        let freed = Box::new(move || control.report(Report::ConsoleFreed { number }));
        let console = self.executor.reserve(task, freed)?;
        self.begun().insert(number, self.executor.stops_within(task));
        let in_flight = InFlight { threads: Arc::clone(self), number, task: task.clone(), end: None, begun: false };
        // A thread that cannot be made drops what it was to do, and with it says so.
        let _ = thread::Builder::new().name(format!("router-{number}")).stack_size(STACK_BYTES).spawn(move || {
            let mut in_flight = in_flight;
            // Let go of before the end is reported: whoever comes next finds it free.
            let _console = console;
            in_flight.begun = true;
            in_flight.end = Some(in_flight.threads.executor.carry_out(&in_flight.task));
        });
        Ok(())
    }

    /// The ends that have come since the last call.
    pub(super) fn take_ends(&self) -> Vec<(usize, X::End)> {
        std::mem::take(&mut *self.ends.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begun(&self) -> MutexGuard<'_, BTreeMap<usize, (String, Duration)>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, number: usize, end: X::End) {
        let failed = self.executor.failed(&end);
        self.begun().remove(&number);
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).push((number, end));
        self.control.report(Report::Ended { number, failed });
    }
}

/// One task on its thread. Dropped without an end, its thread has died or was never made.
struct InFlight<X: Executor> {
    threads: Arc<Threads<X>>,
    number: usize,
    task: X::Task,
    end: Option<X::End>,
    begun: bool,
}

impl<X: Executor> Drop for InFlight<X> {
    fn drop(&mut self) {
        let end = self.end.take();
        let end = end.unwrap_or_else(|| self.threads.executor.broken(&self.task, self.begun));
        self.threads.report(self.number, end);
    }
}

impl<X: Executor> Interruptible for Threads<X> {
    fn changes(&self) -> bool {
        self.executor.changes()
    }
    fn in_flight(&self) -> Vec<(String, Duration)> {
        self.begun().values().cloned().collect()
    }
    fn abandoned(&self) {
        self.executor.abandoned();
    }
}
