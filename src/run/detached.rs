//! The part of a detached run in the process that carries it out: what it was handed over, and the wait for its time.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::env::RunEnv;
use super::error::RunError;
use super::open_run::OpenRun;
use super::plan_file::Unplanned;
use crate::file;
use crate::fleet::Earlier;
use crate::record::{Kind, RunId};
use crate::secret::{CredentialName, KnownSecrets, Secret};

/// The version of what is handed over.
const VERSION: u32 = 5;
/// Bytes that are handed over at most: of ten thousand routers a line each.
const LONGEST: u64 = 16 * 1024 * 1024;

/// What was decided before the process was left alone with the run.
#[derive(Debug, Clone)]
pub struct Detached {
    /// The run's name, which was told to the operator.
    pub run: RunId,
    /// When it begins; nothing for at once.
    pub at: Option<Timestamp>,
    /// The hash of the plan that was shown and agreed to.
    pub plan_sha256: Option<String>,
    /// What was agreed to besides the plan.
    pub agreed: AgreedBefore,
}

/// What a person agreed to besides a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreedBefore {
    /// The boxes that they confirmed, by router: their serial numbers.
    pub boxes: BTreeMap<String, String>,
    /// Routers of the plan that take no part in the run, and how each ends.
    pub without: Vec<Unplanned>,
    /// What had failed by then: it counts in the budgets of the run.
    pub earlier: Vec<Earlier>,
    /// Routers of the plan that are as declared, and which box they are was not proven: they are in no record.
    pub unproven: Vec<String>,
    /// The routers were read for it: which sites are not begun for one that takes no part was decided then.
    pub is_reviewed: bool,
    /// When a person answered the question with yes, in milliseconds since 1970; nothing where none was asked.
    pub answered_ms: Option<i64>,
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
    agreed: AgreedBefore,
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
            agreed: detached.agreed.clone(),
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
    let Handover { version, run, at, plan_sha256, agreed, secrets } =
        serde_json::from_slice(&bytes).map_err(|_| bad())?;
    if version != VERSION {
        return Err(bad());
    }
    let mut known = Vec::new();
    for (name, value) in secrets {
        known.push((CredentialName::new(&name).map_err(|_| bad())?, Secret::new(value)));
    }
    let at = at.map(Timestamp::from_millisecond).transpose().map_err(|_| bad())?;
    Ok((Detached { run: RunId::known(run), at, plan_sha256, agreed }, KnownSecrets::certain(known)))
}

/// Waits until it is time. A run that was stopped meanwhile goes on to its end, and begins no router.
///
/// # Errors
/// When the time cannot be recorded.
pub(super) fn wait_for_start(env: &RunEnv, run: &OpenRun, at: Timestamp) -> Result<(), RunError> {
    run.log().recorder(&env.readers).record(Kind::Scheduled { at: at.to_string() })?;
    run.wait_until(at);
    if !env.cancel.is_asked() {
        run.log().recorder(&env.readers).record(Kind::TimeReached)?;
    }
    Ok(())
}
