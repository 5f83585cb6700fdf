//! Who carries out tasks: here on threads of this process.
//!
//! A thread gets one task, carries it out to its end and reports; it shares nothing with the dispatcher but messages. Nothing
//! here decides what begins.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::clock::Clock;
use super::control::Control;
use super::messages::{EndFacts, Proof, Report};
use super::task::Task;
use super::turn::{LoginReport, Turn};
use crate::cancel::{Cancel, InFlight as InFlightTask, Interruptible};
use crate::connect::{ConsoleInUse, ConsoleLock, Freed};
use crate::message::{Explain, Text};
use crate::record::Kind;
use crate::state::State;
use crate::transaction::{CauseRecord, FailedEnd};

/// A conversation needs little: the session's buffers are on the heap.
const STACK_BYTES: usize = 1024 * 1024;

/// Why a task has no end of its own.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum Unfinished {
    /// The run stopped before its turn.
    #[explain(
        code = "run.not-started",
        en = "the run stopped before this router's turn",
        ja = "このルータに着手する前に実行が中止されました"
    )]
    NotStarted,
    /// The run let nothing more begin before its turn.
    #[explain(
        code = "run.not-started",
        en = "the run stopped before this router's turn: {why}",
        ja = "このルータに着手する前に実行が止まりました: {why}"
    )]
    Closed {
        /// Why nothing more began.
        why: Text,
    },
    /// Its kind is held: the same unexplained line appeared on several routers of it.
    #[explain(
        code = "run.model-held",
        en = "the same line came by itself on {routers}, all {kind}, so that no further router of these is begun: {line}",
        ja = "{routers}({kind})で同じ行が現れたため、同じ機種の残りのルータには着手しません: {line}",
        with(routers = routers.join(", ")),
        hint(
            en = "nothing was begun here. Did no one type that line? Then it is likely the model's own: write it under `router_made:` of a reviewed fact (docs/facts.md), and run it again for these routers",
            ja = "このルータには着手していません。誰も入力していなければ機種が自動で生成する行と考えられます。レビュー済みの事実ファイルの router_made に記載し(docs/facts.md)、残りのルータで再実行してください"
        ),
        note(en = "Routers of other models and firmware go on.", ja = "他の機種・ファームウェアのルータは続行します。")
    )]
    Held {
        /// The kind.
        kind: String,
        /// The line, masked.
        line: String,
        /// The routers.
        routers: Vec<String>,
    },
    /// Routers with which it has something in common are held.
    #[explain(
        code = "run.group-held",
        en = "no further router of {group} is begun: {why}",
        ja = "{group} の残りのルータには着手しません: {why}",
        hint(
            en = "nothing was begun here. Look at {seen_on} first, then give the command again; a run goes on with `ixdeploy continue RUN`",
            ja = "このルータには着手していません。まず {seen_on} を確認し、同じコマンドをもう一度実行してください。実行の途中であれば ixdeploy continue RUN で続行できます"
        ),
        with(seen_on = seen_on(routers)),
        note(en = "Routers that have nothing to do with it go on.", ja = "関係のないルータは続行します。")
    )]
    GroupHeld {
        /// What they have in common.
        group: Text,
        /// Why they are held.
        why: Text,
        /// The routers on which that was seen.
        routers: Vec<String>,
    },
    /// None of its windows fits.
    #[explain(
        code = "run.no-window",
        en = "no window is left that is long enough for this router",
        ja = "このルータの作業に足りる作業時間帯が残っていません",
        hint(
            en = "nothing was begun here. `rerun RUN` in its next window, or declare the time that is needed",
            ja = "このルータには着手していません。次の作業時間帯に rerun RUN を実行するか、必要な時間を宣言してください"
        )
    )]
    NoWindow,
    /// There is no connection for a router of this name.
    #[explain(
        code = "inventory.unknown-router",
        en = "{router} is not in this inventory",
        ja = "{router} はこのインベントリにありません",
        hint(
            en = "use the inventory that the plan was made with",
            ja = "計画の作成に使ったインベントリを指定してください"
        )
    )]
    NoConnector {
        /// The name.
        router: String,
    },
    /// No thread could be made for it.
    #[explain(
        code = "machine.threads",
        en = "this machine could not make a thread for this router: nothing was begun",
        ja = "このルータを処理するスレッドを作れませんでした。何も始めていません",
        hint(
            en = "close other programs, or lower `concurrency`, and run it again",
            ja = "ほかのプログラムを終了するか `concurrency` を下げて、もう一度実行してください"
        )
    )]
    NoThread,
    /// Its thread died, which is our defect.
    #[explain(
        code = "internal.thread",
        en = "this router's thread ended without a result: a defect of ixdeploy",
        ja = "このルータの処理が結果なしに終わりました(ixdeploy の不具合)",
        hint(
            en = "read the router again with `ixdeploy plan` before anything else",
            ja = "まず ixdeploy plan でルータの状態を確認してください"
        )
    )]
    Died,
}

/// The routers on which a reason to hold others was seen; those that failed before the run began have no task in it.
fn seen_on(routers: &[String]) -> Text {
    if routers.is_empty() {
        return Text::new("those that failed", "失敗したルータ");
    }
    Text::untranslated(routers.join(", "))
}

impl Unfinished {
    /// The state it leaves its router in, and the cause.
    pub fn end(&self) -> FailedEnd {
        let state = match self {
            Self::NotStarted | Self::Closed { .. } | Self::Held { .. } | Self::GroupHeld { .. } | Self::NoWindow => {
                State::NotStarted
            }
            Self::NoConnector { .. } | Self::NoThread => State::Refused,
            Self::Died => State::Lost,
        };
        FailedEnd { state, cause: CauseRecord::of(self) }
    }
}

/// Who carries out tasks of one kind.
pub trait Executor: Send + Sync + 'static {
    /// One router's part.
    type Task: Task;
    /// How it ended.
    type End: Send + 'static;

    /// Reserves the console of a task, where it has one; `freed` is called when it can be tried again.
    ///
    /// # Errors
    /// When the console is in use.
    fn reserve(&self, task: &Self::Task, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse>;
    /// Carries it out, to the end, on a thread of its own.
    fn carry_out(&self, task: &Self::Task, turn: &Turn) -> Self::End;
    /// Repeats the checks of a router that is done.
    ///
    /// # Errors
    /// How they failed, or why they could not be made.
    fn inspect(&self, _: &Self::Task, _: &Turn) -> Result<(), FailedEnd> {
        Ok(())
    }
    /// The end of a router that was done, and did not pass its checks when they were repeated; recorded. Of which attempt it was the end is
    /// said.
    fn unproven(&self, _: &Self::Task, _: u32, end: Self::End, _: &FailedEnd) -> Self::End {
        end
    }
    /// This attempt at a task does not begin, or came to no end of its own: those that begin with it learn of it.
    fn gave_up(&self, _: &Self::Task, _: u32) {}
    /// Records what was decided about the run.
    fn record(&self, _: Kind) {}
    /// What is reported for a task that has no end of its own.
    fn unfinished(&self, task: &Self::Task, why: Unfinished) -> Self::End;
    /// The longest that a task in flight can take from a stop request to its end, as far as it has come.
    fn stops_within(&self, task: &Self::Task) -> Duration {
        task.stops_within()
    }
    /// The longest that a task in flight can take to its end where it is not stopped, as far as it has come.
    fn ends_within(&self, task: &Self::Task) -> Duration {
        task.ends_within()
    }
    /// What the dispatcher must know of an end.
    fn facts(&self, end: &Self::End) -> EndFacts;
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
    /// The clock learns when a task begins and ends.
    clock: Arc<dyn Clock>,
    /// The request to stop the run.
    cancel: Cancel,
    /// The first request lets what is in flight finish.
    finishes: bool,
    /// The same for each task in flight.
    turns: Mutex<BTreeMap<usize, Cancel>>,
    /// Tasks that have begun and not ended: what a press of Ctrl-C can interrupt.
    begun: Mutex<BTreeMap<usize, X::Task>>,
    /// The ends that have come and were not taken yet.
    ends: Mutex<Vec<(usize, X::End)>>,
    /// Routers that did not pass their checks again, likewise.
    unproven: Mutex<Vec<(usize, FailedEnd)>>,
}

impl<X: Executor> Threads<X> {
    pub(super) fn new(
        executor: X,
        control: Control,
        clock: Arc<dyn Clock>,
        cancel: &Cancel,
        finishes: bool,
    ) -> Arc<Self> {
        let cancel = cancel.clone();
        let (turns, begun) = (Mutex::default(), Mutex::default());
        let (ends, unproven) = (Mutex::default(), Mutex::default());
        Arc::new(Self { executor, control, clock, cancel, finishes, turns, begun, ends, unproven })
    }

    pub(super) fn executor(&self) -> &X {
        &self.executor
    }

    /// Begins a task. Its end is reported in any case.
    ///
    /// # Errors
    /// [`ConsoleInUse`]: it was not begun, and it is reported when it can be.
    pub(super) fn begin(self: &Arc<Self>, number: usize, task: &X::Task, attempt: u32) -> Result<(), ConsoleInUse> {
        let control = self.control.clone();
        let freed = Box::new(move || control.report(Report::ConsoleFreed { number }));
        let console = self.executor.reserve(task, freed)?;
        self.clock.begins();
        self.begun().insert(number, task.clone());
        let turn = self.turn(number, attempt);
        self.turns().insert(number, turn.cancel.clone());
        let (threads, task) = (Arc::clone(self), task.clone());
        let in_flight = InFlight { threads, number, task, turn, end: None, begun: false };
        // If a thread cannot be started, its work is dropped, which reports the task's end.
        let _ = thread::Builder::new().name(format!("router-{number}")).stack_size(STACK_BYTES).spawn(move || {
            let mut in_flight = in_flight;
            // Released before the end is reported: the next one finds it free.
            let _console = console;
            in_flight.begun = true;
            in_flight.end = Some(in_flight.threads.executor.carry_out(&in_flight.task, &in_flight.turn));
        });
        Ok(())
    }

    fn turn(&self, number: usize, attempt: u32) -> Turn {
        Turn { attempt, cancel: self.cancel.child(), login: LoginReport::of(number, self.control.clone()) }
    }

    /// Asks one task in flight to stop.
    pub(super) fn recall(&self, number: usize) {
        let cancel = self.turns().get(&number).cloned();
        cancel.iter().for_each(Cancel::ask);
    }

    /// Repeats the checks of a task's router. The answer is reported in any case.
    ///
    /// # Errors
    /// [`ConsoleInUse`]: they were not, and it is reported when they can be.
    pub(super) fn inspect(self: &Arc<Self>, number: usize, task: &X::Task, attempt: u32) -> Result<(), ConsoleInUse> {
        let control = self.control.clone();
        let freed = Box::new(move || control.report(Report::ConsoleFreed { number }));
        let console = self.executor.reserve(task, freed)?;
        self.clock.begins();
        let turn = self.turn(number, attempt);
        let answer = Err(Unfinished::NoThread.end());
        let (inspection, task) = (Inspecting { threads: Arc::clone(self), number, answer }, task.clone());
        let _ = thread::Builder::new().name(format!("checks-{number}")).stack_size(STACK_BYTES).spawn(move || {
            let mut inspection = inspection;
            // Released before the answer is reported: the next one finds it free.
            let _console = console;
            inspection.answer = Err(Unfinished::Died.end());
            inspection.answer = inspection.threads.executor.inspect(&task, &turn);
        });
        Ok(())
    }

    /// The ends that have come since the last call.
    pub(super) fn take_ends(&self) -> Vec<(usize, X::End)> {
        std::mem::take(&mut *self.ends.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Routers that did not pass their checks again since the last call, and why.
    pub(super) fn take_unproven(&self) -> Vec<(usize, FailedEnd)> {
        std::mem::take(&mut *self.unproven.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begun(&self) -> MutexGuard<'_, BTreeMap<usize, X::Task>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turns(&self) -> MutexGuard<'_, BTreeMap<usize, Cancel>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, number: usize, end: X::End) {
        let facts = self.executor.facts(&end);
        self.begun().remove(&number);
        self.turns().remove(&number);
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).push((number, end));
        self.control.report(Report::Ended { number, facts });
        self.clock.ends();
    }
}

/// One task on its thread. Dropped without an end, its thread has died or was never made.
struct InFlight<X: Executor> {
    threads: Arc<Threads<X>>,
    number: usize,
    task: X::Task,
    turn: Turn,
    end: Option<X::End>,
    begun: bool,
}

impl<X: Executor> Drop for InFlight<X> {
    fn drop(&mut self) {
        let why = if self.begun { Unfinished::Died } else { Unfinished::NoThread };
        let end = self.end.take().unwrap_or_else(|| {
            self.threads.executor.gave_up(&self.task, self.turn.attempt);
            self.threads.executor.unfinished(&self.task, why)
        });
        self.threads.report(self.number, end);
    }
}

/// The checks of one router, on their thread. Dropped without an answer, our own machine has failed.
struct Inspecting<X: Executor> {
    threads: Arc<Threads<X>>,
    number: usize,
    answer: Result<(), FailedEnd>,
}

impl<X: Executor> Drop for Inspecting<X> {
    fn drop(&mut self) {
        let (number, answer) = (self.number, std::mem::replace(&mut self.answer, Ok(())));
        let proof = match answer {
            Ok(()) => Proof::Passed,
            // It did not fail by itself.
            Err(why) if why.failure_class().is_none() => Proof::NotMade,
            Err(why) => {
                self.threads.unproven.lock().unwrap_or_else(PoisonError::into_inner).push((number, why));
                Proof::Failed
            }
        };
        self.threads.control.report(Report::Inspected { number, proof });
        self.threads.clock.ends();
    }
}

impl<X: Executor> Interruptible for Threads<X> {
    fn changes(&self) -> bool {
        self.executor.changes()
    }
    fn finishes(&self) -> bool {
        self.finishes
    }
    fn in_flight(&self) -> Vec<InFlightTask> {
        let one = |task: &X::Task| InFlightTask {
            router: task.router().to_owned(),
            stops_within: self.executor.stops_within(task),
            ends_within: self.executor.ends_within(task),
        };
        self.begun().values().map(one).collect()
    }
    fn abandoned(&self) {
        self.executor.abandoned();
    }
}
