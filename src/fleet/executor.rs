//! Who carries out tasks: here on threads of this process.
//!
//! A thread gets one task, carries it out to its end and reports; it shares nothing with the dispatcher but messages. Nothing
//! here decides what begins.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::control::Control;
use super::messages::Report;
use super::task::Task;
use crate::cancel::Interruptible;
use crate::connect::{ConsoleInUse, ConsoleLock, Freed};
use crate::message::Explain;
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

impl Unfinished {
    /// The state it leaves its router in, and the cause.
    pub fn end(&self) -> FailedEnd {
        let state = match self {
            Self::NotStarted | Self::Held { .. } => State::NotStarted,
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
    fn carry_out(&self, task: &Self::Task) -> Self::End;
    /// What is reported for a task that has no end of its own.
    fn unfinished(&self, task: &Self::Task, why: Unfinished) -> Self::End;
    /// Whether an end counts against the limit of failures.
    fn failed(&self, end: &Self::End) -> bool;
    /// The lines of an end that nothing explains, masked.
    fn unexplained(&self, _: &Self::End) -> Vec<String> {
        Vec::new()
    }
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

    /// Begins a task. Its end is reported in any case.
    ///
    /// # Errors
    /// [`ConsoleInUse`]: it was not begun, and it is reported when it can be.
    pub(super) fn begin(self: &Arc<Self>, number: usize, task: &X::Task) -> Result<(), ConsoleInUse> {
        let control = self.control.clone();
        let freed = Box::new(move || control.report(Report::ConsoleFreed { number }));
        let console = self.executor.reserve(task, freed)?;
        self.begun().insert(number, (task.router().to_owned(), task.stops_within()));
        let in_flight = InFlight { threads: Arc::clone(self), number, task: task.clone(), end: None, begun: false };
        // If a thread cannot be started, its work is dropped, which reports the task's end.
        let _ = thread::Builder::new().name(format!("router-{number}")).stack_size(STACK_BYTES).spawn(move || {
            let mut in_flight = in_flight;
            // Released before the end is reported: the next one finds it free.
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
        let (failed, unexplained) = (self.executor.failed(&end), self.executor.unexplained(&end));
        self.begun().remove(&number);
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).push((number, end));
        self.control.report(Report::Ended { number, failed, unexplained });
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
        let why = if self.begun { Unfinished::Died } else { Unfinished::NoThread };
        let end = self.end.take().unwrap_or_else(|| self.threads.executor.unfinished(&self.task, why));
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
