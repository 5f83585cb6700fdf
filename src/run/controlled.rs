//! A run in progress is reached from other terminals: every order is recorded before it is obeyed.
//!
//! What cannot be reached is still carried out: a machine without a socket for it has Ctrl-C.

use std::sync::Arc;

use super::env::RunEnv;
use super::operator::Notice;
use super::rollout::asking;
use crate::cancel::Cancel;
use crate::control::{Answer, Approval, Ask, Controlled, InFlight, Pace, Progress, Server};
use crate::fleet::{self, Executor, Fleet, Mode, Rules};
use crate::journal::RunLog;
use crate::message::{Text, system_words};
use crate::record::{Kind, Order, Readers};
use crate::visible;

/// Carries out the tasks of a run, which takes orders from other terminals until they have ended.
pub(super) fn run<X: Executor>(
    env: &RunEnv,
    log: &RunLog,
    executor: X,
    tasks: &[X::Task],
    rules: Rules,
) -> Vec<X::End> {
    let steps = rules.steps.iter().map(|step| step.name.clone()).collect();
    let fleet = asking(env, Fleet::new(rules, &env.cancel));
    let (orders, control, cancel) = (Orders::of(env, log), fleet.control(), env.cancel.clone());
    let _server = serve(env, log, Arc::new(InProgress { orders, fleet: control, cancel, steps }));
    fleet.run(executor, tasks)
}

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

/// Where the orders of a run are recorded.
pub(super) struct Orders {
    log: RunLog,
    readers: Readers,
}

impl Orders {
    /// Those of a run.
    pub(super) fn of(env: &RunEnv, log: &RunLog) -> Self {
        Self { log: log.clone(), readers: env.readers.clone() }
    }

    /// The order in a question, which is recorded now; the answer where it cannot be, and must not be obeyed.
    pub(super) fn record(&self, ask: &Ask) -> Result<Option<Order>, Answer> {
        let Ask::Order { order, by, machine, step: _ } = ask else { return Ok(None) };
        let name = |name: &str| visible::line(name).into_owned();
        let ordered = Kind::Ordered { order: *order, by: name(by), machine: name(machine) };
        match self.log.recorder(&self.readers).record(ordered) {
            Ok(()) => Ok(Some(*order)),
            Err(error) => Err(Answer::NotRecorded { cause: error.to_string() }),
        }
    }
}

/// The run, as its orders meet it.
struct InProgress {
    orders: Orders,
    fleet: fleet::Control,
    cancel: Cancel,
    /// The names of its steps.
    steps: Vec<String>,
}

impl Controlled for InProgress {
    fn answer(&self, ask: &Ask) -> Answer {
        // What is over takes no orders.
        if self.fleet.snapshot().is_none() {
            return Answer::Over;
        }
        match self.orders.record(ask) {
            Ok(order) => order.into_iter().for_each(|order| self.obey(order, ask.step())),
            Err(answer) => return answer,
        }
        self.progress().map_or(Answer::Over, Answer::Progress)
    }
}

impl InProgress {
    fn obey(&self, order: Order, step: Option<&str>) {
        match order {
            Order::Pause => self.fleet.order(fleet::Order::Pause),
            Order::Continue => {
                self.fleet.order(fleet::Order::Continue);
                // Only the step that was named in the question begins: by now another one may wait.
                let named = self.steps.iter().position(|name| step == Some(name));
                named.into_iter().for_each(|step| self.fleet.order(fleet::Order::Approve { step }));
            }
            // The same as Ctrl-C in its own terminal, and never more than the first.
            Order::Abort => drop(self.cancel.signalled()),
        }
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

    fn progress(&self) -> Option<Progress> {
        let seen = self.fleet.snapshot()?;
        let mut longest: Vec<InFlight> = self
            .cancel
            .in_flight()
            .into_iter()
            .map(|one| {
                let longest = if self.cancel.is_asked() { one.stops_within } else { one.ends_within };
                InFlight { router: one.router, seconds: longest.as_secs().saturating_add(1) }
            })
            .collect();
        longest.sort_by(|one, other| other.seconds.cmp(&one.seconds).then_with(|| one.router.cmp(&other.router)));
        let in_flight = longest.len();
        longest.truncate(MOST_NAMED);
        Some(Progress {
            pace: self.pace(seen.mode),
            waiting: seen.waiting,
            ended: seen.ended,
            failed: seen.failed,
            skipped: seen.skipped,
            in_flight,
            longest,
            approval: seen.approval.map(|awaited| Approval {
                step: self.steps.get(awaited.step).cloned().unwrap_or_default(),
                routers: awaited.routers,
                sites: awaited.sites,
            }),
        })
    }
}

/// Routers in flight that an answer names; more are only counted.
const MOST_NAMED: usize = 500;
