//! Drives a run: does what the dispatcher says next, and tells it what happens. It decides nothing by itself.

use std::sync::Arc;

use super::control::{Control, Inbox, Message};
use super::dispatcher::{Decision, Dispatcher, Hold, Limits};
use super::executor::{Executor, Threads, Unfinished};
use super::messages::Report;
use super::task::Task;
use crate::cancel::Cancel;
use crate::connect::ConsoleInUse;

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
                Some(Decision::Begin(number)) => {
                    let begun = tasks.get(number).map(|task| threads.begin(number, task));
                    if begun == Some(Err(ConsoleInUse)) {
                        dispatcher.deferred(number);
                    }
                }
                Some(Decision::Skip(number)) => {
                    if let Some(task) = tasks.get(number) {
                        set(number, threads.executor().unfinished(task, Unfinished::NotStarted));
                    }
                }
                Some(Decision::Hold(number, hold)) => {
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
