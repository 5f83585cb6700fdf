//! Drives a run: does what the dispatcher says next, and tells it what happens. It decides nothing by itself.

use std::collections::HashMap;
use std::sync::Arc;

use super::clock::{Clock, Moment, WallClock};
use super::control::{Content, Control, Inbox, Message};
use super::dispatcher::{Decision, Dispatcher, Next, Note, Skipped};
use super::executor::{Executor, Threads, Unfinished};
use super::messages::{AwaitedApproval, Order, Report};
use super::notes::{held, record_of, why_closed};
use super::rules::Rules;
use super::task::Task;
use crate::cancel::Cancel;
use crate::connect::ConsoleInUse;

/// Learns that a step waits for a person's word, until what is handed over with it is asked to stop.
type Awaits = dyn Fn(AwaitedApproval, Cancel) + Send + Sync;

/// The question about a step that waits for a person's word.
struct Question {
    step: usize,
    /// Asked to stop once the step waits no longer: it was answered elsewhere, or the run ends.
    over: Cancel,
}

/// A run over many routers, before it begins.
pub struct Fleet<'a> {
    rules: Rules,
    cancel: &'a Cancel,
    clock: Arc<dyn Clock>,
    control: Control,
    inbox: Inbox,
    awaits: Arc<Awaits>,
}

impl<'a> Fleet<'a> {
    /// A run by these rules and this machine's clock. It ends early when someone asks to stop.
    pub fn new(rules: impl Into<Rules>, cancel: &'a Cancel) -> Self {
        let (control, inbox) = Control::new();
        Self { rules: rules.into(), cancel, clock: Arc::new(WallClock), control, inbox, awaits: Arc::new(|_, _| {}) }
    }

    /// The same by another clock.
    #[must_use]
    pub fn by_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The same, where this is called, once, when a step begins to wait for a person's word. It returns at once; what it is given is asked
    /// to stop when the step waits no longer.
    #[must_use]
    pub fn telling_of_approvals(self, awaits: Arc<Awaits>) -> Self {
        Self { awaits, ..self }
    }

    /// The names of its steps.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.rules.steps.iter().map(|step| step.name.as_str())
    }

    /// The way to pause, continue and drain it, from any thread.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// A run that is one step by itself says nothing of it.
    fn is_worth_a_record(&self, note: &Note) -> bool {
        !self.rules.steps.is_empty() || !matches!(note, Note::StepBegun(_) | Note::StepEnded(_))
    }

    /// Where there are steps, the first request to stop lets what is in flight finish.
    fn finishes(&self) -> bool {
        !self.rules.steps.is_empty()
    }

    /// Why a task was not begun: of what stopped the run that which `closed_by` says.
    fn unfinished<T: Task>(&self, why: Skipped, closed_by: Option<&Note>, tasks: &[T]) -> Unfinished {
        match why {
            Skipped::NoWindow => Unfinished::NoWindow,
            Skipped::Stopped => Unfinished::NotStarted,
            Skipped::UsedUp | Skipped::NoEvidence | Skipped::CauseGathers => {
                let why = closed_by.and_then(|by| why_closed(by, &self.rules, tasks));
                why.map_or(Unfinished::NotStarted, |why| Unfinished::Closed { why })
            }
        }
    }

    /// Carries out every task and returns the ends in the tasks' order.
    pub fn run<X: Executor>(self, executor: X, tasks: &[X::Task]) -> Vec<X::End> {
        let waker = self.control.waker();
        self.cancel.wakes(&waker);
        let mut dispatcher = Dispatcher::new(tasks.iter().map(Task::needs), &self.rules);
        let (control, clock) = (self.control.clone(), Arc::clone(&self.clock));
        let threads = Threads::new(executor, control, clock, self.cancel, self.finishes());
        let _in_flight = self.cancel.begin(Arc::clone(&threads) as _);
        let mut ends: HashMap<usize, X::End> = HashMap::with_capacity(tasks.len());
        let mut question: Option<Question> = None;
        loop {
            // What was said is heard before anything else begins.
            while let Some(message) = self.inbox.try_next() {
                hear(&mut dispatcher, message, self.clock.now());
            }
            ends.extend(threads.take_ends());
            for (number, why) in threads.take_unproven() {
                let (Some(end), Some(task)) = (ends.remove(&number), tasks.get(number)) else { continue };
                ends.insert(number, threads.executor().unproven(task, dispatcher.attempts(number), end, &why));
            }
            if self.cancel.is_finishing() {
                dispatcher.order(Order::Drain);
            }
            if self.cancel.is_asked() {
                dispatcher.stop();
            }
            let now = self.clock.now();
            let next = dispatcher.next(now);
            for note in dispatcher.take_notes().into_iter().filter(|note| self.is_worth_a_record(note)) {
                let awaited = matches!(note, Note::StepAwaits(_)).then(|| dispatcher.snapshot().approval).flatten();
                threads.executor().record(record_of(note, &self.rules, tasks, now));
                if let Some(awaited) = awaited {
                    let Question { over, .. } =
                        question.insert(Question { step: awaited.step, over: self.cancel.child() });
                    (self.awaits)(awaited, over.clone());
                }
            }
            let waits = |step| dispatcher.snapshot().approval.is_some_and(|awaited| awaited.step == step);
            if let Some(Question { over, .. }) = question.take_if(|question| !waits(question.step)) {
                over.ask();
            }
            let decision = match next {
                Next::Do(decision) => decision,
                Next::Wait(_) if dispatcher.is_over() => break,
                Next::Wait(until) => {
                    if let Some(message) = self.clock.wait(&self.inbox, until) {
                        hear(&mut dispatcher, message, self.clock.now());
                    }
                    continue;
                }
            };
            let (Decision::Begin(number)
            | Decision::Skip(number, _)
            | Decision::Hold(number, _)
            | Decision::GiveUp(number)
            | Decision::Inspect(number)
            | Decision::Recall(number)) = decision;
            let Some(task) = tasks.get(number) else { continue };
            let attempt = dispatcher.attempts(number);
            match decision {
                Decision::Begin(_) => {
                    if threads.begin(number, task, attempt) == Err(ConsoleInUse) {
                        dispatcher.deferred(number);
                    }
                }
                Decision::Skip(_, why) => {
                    ends.insert(
                        number,
                        threads.executor().unfinished(task, self.unfinished(why, dispatcher.closed_by(), tasks)),
                    );
                }
                Decision::Hold(_, hold) => {
                    ends.insert(number, threads.executor().unfinished(task, held(hold, tasks)));
                }
                Decision::GiveUp(_) => threads.executor().gave_up(task, attempt),
                Decision::Inspect(_) => {
                    if threads.inspect(number, task, attempt) == Err(ConsoleInUse) {
                        dispatcher.inspection_deferred(number);
                    }
                }
                Decision::Recall(_) => threads.recall(number),
            }
        }
        question.into_iter().for_each(|question| question.over.ask());
        let broken = |task| threads.executor().unfinished(task, Unfinished::Died);
        (0..).zip(tasks).map(|(number, task)| ends.remove(&number).unwrap_or_else(|| broken(task))).collect()
    }
}

/// Passes a message on.
fn hear(dispatcher: &mut Dispatcher, message: Message, now: Moment) {
    match message.0 {
        Content::Report(Report::Ended { number, facts }) => dispatcher.ended(number, &facts, now),
        Content::Report(Report::LoggedIn { number, credential }) => dispatcher.logged_in(number, credential.as_deref()),
        Content::Report(Report::Inspected { number, proof }) => dispatcher.inspected(number, proof),
        Content::Report(Report::ConsoleFreed { number }) => dispatcher.console_freed(number),
        Content::Order(order) => dispatcher.order(order),
        Content::Ask(answer) => drop(answer.send(dispatcher.snapshot())),
        // The loop looks for itself.
        Content::Woken => {}
    }
}
