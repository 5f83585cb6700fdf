//! Many routers: how many at once, when to stop beginning more, and in which order they are reported.
//!
//! A [`dispatcher`] owns the state of the run and decides what begins; executors carry tasks out, each on a thread of its own, and
//! share nothing with it but messages. What has begun is always awaited. Nothing here opens a session or types a line.

mod applying;
mod control;
mod dispatcher;
mod env;
mod executor;
mod host_names;
mod prepare;
mod reading;
mod recovering;
mod sites;
mod suspects;
mod target;
mod task;

use std::sync::Arc;

pub use applying::{Applying, Restarting};
pub use control::{Control, Report};
pub use dispatcher::{Mode, Needs, Order, Snapshot};
pub use env::ExecutorEnv;
pub use executor::{Executor, Unfinished};
pub use host_names::{HostNames, host_names};
pub use prepare::{Choices, PrepareError, bare, prepare, totals};
pub use reading::{BackingUp, Backup, Reading, Seen, Verified, Verifying};
pub use recovering::Recovering;
pub use sites::{group_by_site, together};
pub use target::Target;
pub use task::{
    Action, Apply, ApplyTask, BackUp, BackUpTask, Read, ReadTask, Recover, RecoverTask, Restart, RestartTask,
    RouterTask, Task, Verify, VerifyTask,
};

use self::control::{Inbox, Message};
use self::dispatcher::{Dispatcher, Hold, Step};
use self::executor::Threads;
use crate::cancel::Cancel;
use crate::connect::ConsoleInUse;

/// How far a run may go at once, and how far it may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Routers under way at the same time; a site counts as one.
    pub concurrency: usize,
    /// After this many failed routers none is begun; those under way finish.
    pub max_failures: usize,
}

/// A run over many routers, before it begins.
pub struct Fleet<'a> {
    limits: Limits,
    cancel: &'a Cancel,
    control: Control,
    inbox: Inbox,
}

impl<'a> Fleet<'a> {
    /// A run within these limits. It ends early when someone asks to stop.
    pub fn new(limits: Limits, cancel: &'a Cancel) -> Self {
        let (control, inbox) = Control::new();
        Self { limits, cancel, control, inbox }
    }

    /// The way to pause, continue and drain it, from any thread.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Carries out every task and returns the ends in the tasks' order.
    pub fn run<X: Executor>(self, executor: X, tasks: &[X::Task]) -> Vec<X::End> {
        let waker = self.control.waker();
        self.cancel.wakes(&waker);
        let mut dispatcher = Dispatcher::new(tasks.iter().map(Task::needs), self.limits);
        let threads = Threads::new(executor, self.control.clone());
        let _in_flight = self.cancel.begin(Arc::clone(&threads) as _);
        let mut ends: Vec<Option<X::End>> = tasks.iter().map(|_| None).collect();
        let mut set = |number: usize, end| {
            if let Some(place) = ends.get_mut(number) {
                *place = Some(end);
            }
        };
        loop {
            // What was said is heard before anything else begins.
            self.inbox.try_iter().for_each(|message| hear(&mut dispatcher, message));
            threads.take_ends().into_iter().for_each(|(number, end)| set(number, end));
            if self.cancel.is_asked() {
                dispatcher.stop();
            }
            match dispatcher.next() {
                Some(Step::Begin(number)) => {
                    let begun = tasks.get(number).map(|task| threads.begin(number, task));
                    if begun == Some(Err(ConsoleInUse)) {
                        dispatcher.deferred(number);
                    }
                }
                Some(Step::Skip(number)) => {
                    if let Some(task) = tasks.get(number) {
                        set(number, threads.executor().unfinished(task, Unfinished::NotStarted));
                    }
                }
                Some(Step::Hold(number, hold)) => {
                    if let Some(task) = tasks.get(number) {
                        set(number, threads.executor().unfinished(task, held(task, hold, tasks)));
                    }
                }
                None if dispatcher.is_over() => break,
                None => self.inbox.recv().into_iter().for_each(|message| hear(&mut dispatcher, message)),
            }
        }
        let broken = |task| threads.executor().unfinished(task, Unfinished::Died);
        ends.into_iter().zip(tasks).map(|(end, task)| end.unwrap_or_else(|| broken(task))).collect()
    }
}

/// Carries out every task within these limits; the ends come in the tasks' order.
pub fn run<X: Executor>(executor: X, tasks: &[X::Task], limits: Limits, cancel: &Cancel) -> Vec<X::End> {
    Fleet::new(limits, cancel).run(executor, tasks)
}

/// Why a task is held, in the names of routers.
fn held<T: Task>(task: &T, Hold { line, tasks: numbers }: Hold, tasks: &[T]) -> Unfinished {
    let routers = numbers.iter().filter_map(|number| Some(tasks.get(*number)?.router().to_owned())).collect();
    Unfinished::Held { kind: task.needs().kind.unwrap_or_default(), line, routers }
}

/// Passes a message on.
fn hear(dispatcher: &mut Dispatcher, message: Message) {
    match message {
        Message::Report(Report::Ended { number, failed, unexplained }) => {
            dispatcher.unexplained(number, unexplained);
            dispatcher.ended(number, failed);
        }
        Message::Report(Report::ConsoleFreed { number }) => dispatcher.console_freed(number),
        Message::Order(order) => dispatcher.order(order),
        Message::Ask(answer) => drop(answer.send(dispatcher.snapshot())),
        // The loop looks for itself.
        Message::Woken => {}
    }
}

#[cfg(test)]
#[path = "fleet_tests.rs"]
mod tests;
