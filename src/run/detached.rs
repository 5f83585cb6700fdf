//! The part of a detached run in the process that carries it out: what it was handed over, and the wait for its time.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::controlled::{Orders, serve};
use super::env::RunEnv;
use super::error::RunError;
use super::operator::Notice;
use crate::cancel::{Cancel, Wake};
use crate::control::{Answer, Ask, Controlled, Pace, Progress};
use crate::file;
use crate::journal::RunLog;
use crate::message::Text;
use crate::record::{Kind, Order, RunId};
use crate::secret::{CredentialName, KnownSecrets, Secret};

/// The version of what is handed over.
const VERSION: u32 = 2;
/// Bytes that are handed over at most.
const LONGEST: u64 = 1024 * 1024;
/// The longest wait without a look at the clock: it may have been set, or the machine may have slept.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// What was decided before the process was left alone with the run.
#[derive(Debug, Clone)]
pub struct Detached {
    /// The run's name, which was told to the operator.
    pub run: RunId,
    /// When it begins; nothing for at once.
    pub at: Option<Timestamp>,
    /// The hash of the plan that was shown and agreed to.
    pub plan_sha256: Option<String>,
}

/// What one process hands over to another through a pipe: nothing of it is in arguments, in the environment or in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Handover {
    version: u32,
    run: String,
    /// Milliseconds since 1970.
    at: Option<i64>,
    plan_sha256: Option<String>,
    secrets: BTreeMap<String, String>,
}

impl Handover {
    /// The run's name.
    pub(super) fn run(&self) -> &str {
        &self.run
    }

    /// What a run of this name needs.
    pub(super) fn new(detached: &Detached, secrets: &KnownSecrets) -> Self {
        let open = |(name, value): (CredentialName, Arc<Secret>)| (name.to_string(), value.expose().to_owned());
        Self {
            version: VERSION,
            run: detached.run.as_str().to_owned(),
            at: detached.at.map(Timestamp::as_millisecond),
            plan_sha256: detached.plan_sha256.clone(),
            secrets: secrets.all().into_iter().map(open).collect(),
        }
    }

    /// As it goes through the pipe.
    pub(super) fn bytes(&self) -> serde_json::Result<Zeroizing<Vec<u8>>> {
        serde_json::to_vec(self).map(Zeroizing::new)
    }
}

/// Takes what the process that started this one hands over.
///
/// # Errors
/// When it is not what such a process writes.
pub fn take_over_run() -> Result<(Detached, KnownSecrets), RunError> {
    let bytes = Zeroizing::new(file::read_stdin(LONGEST).map_err(|_| RunError::NotHandedOver)?);
    let bad = || RunError::NotHandedOver;
    let Handover { version, run, at, plan_sha256, secrets } = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    if version != VERSION {
        return Err(bad());
    }
    let mut known = Vec::new();
    for (name, value) in secrets {
        known.push((CredentialName::new(&name).map_err(|_| bad())?, Secret::new(value)));
    }
    let at = at.map(Timestamp::from_millisecond).transpose().map_err(|_| bad())?;
    Ok((Detached { run: RunId::known(run), at, plan_sha256 }, KnownSecrets::certain(known)))
}

/// Waits until it is time. An order to abort ends the wait, and the run after it; while the run is paused it does not begin.
///
/// # Errors
/// When the time cannot be recorded.
pub(super) fn wait_for_start(env: &RunEnv, log: &RunLog, detached: &Detached, routers: usize) -> Result<(), RunError> {
    let Some(at) = detached.at else { return Ok(()) };
    log.recorder(&env.readers).record(Kind::Scheduled { at: at.to_string() })?;
    let waiting = Arc::new(Waiting {
        orders: Orders::of(env, log),
        cancel: env.cancel.clone(),
        routers,
        state: Mutex::default(),
        changed: Condvar::new(),
    });
    let wakes: Arc<dyn Wake> = Arc::clone(&waiting) as _;
    env.cancel.wakes(&wakes);
    let _server = serve(env, log, Arc::clone(&waiting) as _);
    waiting.until(at);
    if !env.cancel.is_asked() {
        env.operator
            .tell(&Notice::Note(&Text::new("it is time: the run begins", "開始時刻になりました。実行を始めます")));
    }
    Ok(())
}

/// A run whose time has not come.
struct Waiting {
    orders: Orders,
    cancel: Cancel,
    routers: usize,
    /// It is paused.
    state: Mutex<bool>,
    changed: Condvar,
}

impl Waiting {
    fn until(&self, at: Timestamp) {
        let mut paused = self.paused();
        loop {
            let left = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
            if self.cancel.is_asked() || (left.is_zero() && !*paused) {
                return;
            }
            let longest = if left.is_zero() { LOOK_AGAIN } else { left.min(LOOK_AGAIN) };
            paused = self.changed.wait_timeout(paused, longest).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn paused(&self) -> MutexGuard<'_, bool> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn obey(&self, order: Order) {
        match order {
            Order::Pause => *self.paused() = true,
            Order::Continue => *self.paused() = false,
            Order::Abort => drop(self.cancel.signalled()),
        }
        self.changed.notify_all();
    }
}

impl Wake for Waiting {
    fn wake(&self) {
        // The wait looks at the request with the lock held: it is not woken between the look and the wait.
        drop(self.paused());
        self.changed.notify_all();
    }
}

impl Controlled for Waiting {
    fn answer(&self, ask: &Ask) -> Answer {
        match self.orders.record(ask) {
            Ok(order) => order.into_iter().for_each(|order| self.obey(order)),
            Err(answer) => return answer,
        }
        let pace = match (self.cancel.is_asked(), *self.paused()) {
            (true, _) => Pace::Finishing,
            (false, true) => Pace::Paused,
            (false, false) => Pace::Running,
        };
        Answer::Progress(Progress { pace, waiting: self.routers, ..Progress::default() })
    }
}
