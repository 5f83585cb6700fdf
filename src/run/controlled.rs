//! A run in progress is reached from other terminals: every order is recorded before it is obeyed.
//!
//! What cannot be reached is still carried out: a machine without a socket for it has Ctrl-C.

use std::sync::Arc;

use super::env::RunEnv;
use super::operator::Notice;
use super::rollout::asking;
use crate::cancel::Cancel;
use crate::control::{Answer, Ask, Controlled, InFlight, Pace, Progress, Server};
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
    let fleet = asking(env, Fleet::new(rules, &env.cancel));
    let in_progress = InProgress {
        log: log.clone(),
        readers: env.readers.clone(),
        fleet: fleet.control(),
        cancel: env.cancel.clone(),
    };
    let run = log.run().as_str();
    let _server = Server::start(&env.state_dir, run, Arc::new(in_progress))
        .inspect_err(|error| env.operator.tell(&Notice::Warning(&unreachable(error))))
        .ok();
    fleet.run(executor, tasks)
}

fn unreachable(error: &std::io::Error) -> Text {
    let cause = system_words(error);
    Text::new(
        format!("this run takes no orders from other terminals (`pause`, `abort`): {}", cause.en),
        format!("この実行は他の端末からの指示(pause、abort)を受け付けられません: {}", cause.ja),
    )
}

/// The run, as its orders meet it.
struct InProgress {
    log: RunLog,
    readers: Readers,
    fleet: fleet::Control,
    cancel: Cancel,
}

impl Controlled for InProgress {
    fn answer(&self, ask: &Ask) -> Answer {
        // What is over takes no orders.
        if self.fleet.snapshot().is_none() {
            return Answer::Over;
        }
        if let Ask::Order { order, by, machine } = ask {
            let name = |name: &str| visible::line(name).into_owned();
            let ordered = Kind::Ordered { order: *order, by: name(by), machine: name(machine) };
            if let Err(error) = self.log.recorder(&self.readers).record(ordered) {
                return Answer::NotRecorded { cause: error.to_string() };
            }
            self.obey(*order);
        }
        self.progress().map_or(Answer::Over, Answer::Progress)
    }
}

impl InProgress {
    fn obey(&self, order: Order) {
        match order {
            Order::Pause => self.fleet.order(fleet::Order::Pause),
            Order::Continue => self.fleet.order(fleet::Order::Continue),
            // The same as Ctrl-C in its own terminal, and never more than the first.
            Order::Abort => drop(self.cancel.signalled()),
        }
    }

    fn progress(&self) -> Option<Progress> {
        let seen = self.fleet.snapshot()?;
        let mut longest: Vec<InFlight> = self
            .cancel
            .in_flight()
            .into_iter()
            .map(|(router, longest)| InFlight { router, seconds: longest.as_secs() })
            .collect();
        longest.sort_by(|one, other| other.seconds.cmp(&one.seconds).then_with(|| one.router.cmp(&other.router)));
        let in_flight = longest.len();
        longest.truncate(MOST_NAMED);
        Some(Progress {
            pace: if self.cancel.is_asked() { Pace::Undoing } else { pace(seen.mode) },
            waiting: seen.waiting,
            ended: seen.ended,
            failed: seen.failed,
            skipped: seen.skipped,
            in_flight,
            longest,
            approval: None,
        })
    }
}

/// Routers in flight that an answer names; more are only counted.
const MOST_NAMED: usize = 500;

fn pace(mode: Mode) -> Pace {
    match mode {
        Mode::Running => Pace::Running,
        Mode::Paused => Pace::Paused,
        Mode::Draining => Pace::Finishing,
        Mode::Stopping => Pace::Undoing,
    }
}
