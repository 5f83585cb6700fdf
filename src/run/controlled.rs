//! Orders to a run in progress from other terminals: each is recorded before it is obeyed.
//!
//! What cannot be reached is still carried out: a machine without a socket for it has Ctrl-C.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::env::RunEnv;
use super::operator::Notice;
use crate::cancel::{self, Cancel, Interruptible, Wake};
use crate::control::{Answer, Approval, Ask, Controlled, InFlight, Pace, Progress, Server};
use crate::fleet::{self, Mode, Snapshot};
use crate::journal::RunLog;
use crate::message::{Text, system_words};
use crate::record::{Kind, Order, Readers};
use crate::visible;

/// Routers in flight that an answer names; more are only counted.
const MOST_NAMED: usize = 500;
/// The longest wait without a look at the clock: it may have been set, or the machine may have slept.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// Lets a run be reached until what is returned is dropped; nothing, and a warning, where that cannot be.
pub(super) fn serve(env: &RunEnv, log: &RunLog, controlled: Arc<dyn Controlled>) -> Option<Server> {
    Server::start(&env.state_dir, log.run().as_str(), controlled)
        .inspect_err(|error| env.operator.tell(&Notice::Warning(&unreachable(error))))
        .ok()
}

fn unreachable(error: &std::io::Error) -> Text {
    let cause = system_words(error);
    Text::new(
        format!("this run takes no orders from other terminals (`pause`, `abort`): {}", cause.en),
        format!("この実行は他の端末からの指示(pause、abort)を受け付けられません: {}", cause.ja),
    )
}

/// What orders meet: the run, whatever it does at the moment.
pub(super) struct Controls {
    log: RunLog,
    readers: Readers,
    cancel: Cancel,
    /// How many routers it has before it begins any.
    routers: usize,
    stage: Mutex<Stage>,
    changed: Condvar,
}

/// How far a run has come, as far as orders are concerned.
enum Stage {
    /// It waits for its time, recovers what it had left open, or asks: no router is begun.
    Before {
        /// None is begun until it is continued.
        is_paused: bool,
    },
    /// Its tasks are carried out, and orders are theirs.
    Tasks(Tasks),
    /// Its tasks have ended, and its end is being recorded: there is nothing left to order.
    Ending,
}

/// The tasks of a run, as orders meet them.
#[derive(Clone)]
struct Tasks {
    fleet: fleet::Control,
    /// The names of the steps.
    steps: Arc<[String]>,
}

impl Controls {
    /// Those of a run that has not begun any of so many routers.
    pub(super) fn new(env: &RunEnv, log: &RunLog, routers: usize) -> Self {
        Self {
            log: log.clone(),
            readers: env.readers.clone(),
            cancel: env.cancel.clone(),
            routers,
            stage: Mutex::new(Stage::Before { is_paused: false }),
            changed: Condvar::new(),
        }
    }

    /// Waits until it is time and the run is not paused, or until it is to stop.
    pub(super) fn wait_until(self: &Arc<Self>, at: Timestamp) {
        let wakes: Arc<dyn Wake> = Arc::clone(self) as _;
        self.cancel.wakes(&wakes);
        let mut stage = self.stage();
        loop {
            let left = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
            let is_paused = matches!(*stage, Stage::Before { is_paused: true });
            if self.cancel.is_asked() || (left.is_zero() && !is_paused) {
                return;
            }
            let longest = if left.is_zero() { LOOK_AGAIN } else { left.min(LOOK_AGAIN) };
            stage = self.changed.wait_timeout(stage, longest).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// From here on orders go to tasks, which begin paused if the run was.
    pub(super) fn pass_on(&self, fleet: fleet::Control, steps: Vec<String>) {
        let mut stage = self.stage();
        if matches!(*stage, Stage::Before { is_paused: true }) {
            fleet.order(fleet::Order::Pause);
        }
        *stage = Stage::Tasks(Tasks { fleet, steps: steps.into() });
    }

    /// The tasks have ended.
    pub(super) fn nothing_left(&self) {
        *self.stage() = Stage::Ending;
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tasks(&self) -> Option<Tasks> {
        match &*self.stage() {
            Stage::Tasks(tasks) => Some(tasks.clone()),
            Stage::Before { .. } | Stage::Ending => None,
        }
    }

    /// The order in a question, which is recorded now; the answer where it cannot be, and must not be obeyed.
    fn record(&self, ask: &Ask) -> Result<Option<Order>, Answer> {
        let Ask::Order { order, by, machine, step: _ } = ask else { return Ok(None) };
        let name = |name: &str| visible::line(name).into_owned();
        let ordered = Kind::Ordered { order: *order, by: name(by), machine: name(machine) };
        match self.log.recorder(&self.readers).record(ordered) {
            Ok(()) => Ok(Some(*order)),
            Err(error) => Err(Answer::NotRecorded { cause: error.to_string() }),
        }
    }

    fn obey(&self, order: Order, step: Option<&str>) {
        if order == Order::Abort {
            // The same as Ctrl-C in its own terminal, and never more than the first.
            drop(self.cancel.signalled());
            return;
        }
        // With the stage held: what is ordered now is not lost where tasks begin meanwhile.
        match &mut *self.stage() {
            Stage::Before { is_paused } => *is_paused = order == Order::Pause,
            Stage::Tasks(tasks) => tasks.obey(order, step),
            Stage::Ending => {}
        }
        self.changed.notify_all();
    }

    fn progress(&self) -> Progress {
        let seen = self.tasks().and_then(|tasks| Some((tasks.fleet.snapshot()?, tasks.steps)));
        let mut longest = self.in_flight();
        let in_flight = longest.len();
        longest.truncate(MOST_NAMED);
        let Some((seen, steps)) = seen else {
            let (mode, waiting) = match &*self.stage() {
                Stage::Before { is_paused: true } => (Mode::Paused, self.routers),
                Stage::Before { is_paused: false } => (Mode::Running, self.routers),
                Stage::Tasks(_) | Stage::Ending => (Mode::Running, 0),
            };
            let pace = match self.pace(mode) {
                // There is nothing to undo.
                Pace::Undoing if in_flight == 0 => Pace::Finishing,
                pace => pace,
            };
            return Progress {
                pace,
                waiting,
                ended: self.routers - waiting,
                in_flight,
                longest,
                ..Progress::default()
            };
        };
        let Snapshot { mode, waiting, in_flight: was_in_flight, ended, failed, skipped, inspecting, approval } = seen;
        // Some may have begun since the run was asked.
        let begun_since = in_flight.saturating_sub(was_in_flight + inspecting).min(waiting);
        let waiting = waiting - begun_since;
        let approval = approval.map(|awaited| Approval {
            step: steps.get(awaited.step).cloned().unwrap_or_default(),
            routers: awaited.routers,
            sites: awaited.sites,
        });
        Progress { pace: self.pace(mode), waiting, ended, failed, skipped, in_flight, longest, approval }
    }

    /// The routers in flight, the one that may take longest first.
    fn in_flight(&self) -> Vec<InFlight> {
        let is_asked = self.cancel.is_asked();
        let of = |one: cancel::InFlight| {
            let longest = if is_asked { one.stops_within } else { one.ends_within };
            InFlight { router: one.router, seconds: longest.as_secs().saturating_add(1) }
        };
        let mut all: Vec<InFlight> = self.cancel.in_flight().into_iter().map(of).collect();
        all.sort_by(|one, other| other.seconds.cmp(&one.seconds).then_with(|| one.router.cmp(&other.router)));
        all
    }

    /// A request that was just made counts, whether or not the run has looked at it.
    fn pace(&self, mode: Mode) -> Pace {
        match mode {
            _ if self.cancel.is_asked() => Pace::Undoing,
            _ if self.cancel.is_finishing() => Pace::Finishing,
            Mode::Running => Pace::Running,
            Mode::Paused => Pace::Paused,
            Mode::Draining => Pace::Finishing,
            Mode::Stopping => Pace::Undoing,
        }
    }
}

impl Tasks {
    fn obey(&self, order: Order, step: Option<&str>) {
        match order {
            Order::Pause => self.fleet.order(fleet::Order::Pause),
            Order::Continue => {
                self.fleet.order(fleet::Order::Continue);
                // Only the step that was named in the question begins: by now another one may wait.
                let named = self.steps.iter().position(|name| step == Some(name));
                named.into_iter().for_each(|step| self.fleet.order(fleet::Order::Approve { step }));
            }
            // The whole program is asked to stop.
            Order::Abort => {}
        }
    }
}

impl Controlled for Controls {
    fn answer(&self, ask: &Ask) -> Answer {
        // What is over takes no orders; how far it has come is still told while its end is recorded.
        if matches!(ask, Ask::Order { .. }) && matches!(*self.stage(), Stage::Ending) {
            return Answer::Over;
        }
        match self.record(ask) {
            Ok(order) => order.into_iter().for_each(|order| self.obey(order, ask.step())),
            Err(answer) => return answer,
        }
        Answer::Progress(self.progress())
    }
}

impl Wake for Controls {
    fn wake(&self) {
        // The wait looks at the request with the stage held: it is not woken between the look and the wait.
        drop(self.stage());
        self.changed.notify_all();
    }
}

/// The run itself, where none of its routers is in flight.
impl Interruptible for Controls {
    fn changes(&self) -> bool {
        false
    }
    fn in_flight(&self) -> Vec<cancel::InFlight> {
        Vec::new()
    }
    fn abandoned(&self) {}
}
