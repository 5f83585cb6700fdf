//! One router and its plan, or why there is no plan: what is reviewed, saved, verified and shown.

use std::sync::Arc;

use serde::Serialize;

use super::exit::Exit;
use crate::fleet::Seen;
use crate::ix::Config;
use crate::plan::Plan;
use crate::record::CauseRecord;
use crate::state::State;
use crate::transaction::{Fingerprint, Intent};

/// One router and its plan, or why there is no plan.
pub struct PlanResult {
    /// The router.
    pub intent: Arc<Intent>,
    /// What it runs and would start with, where the plan may be saved.
    pub read: Option<(Config, Option<Config>)>,
    /// The backup that it was read from; nothing where it was the router itself.
    pub base: Option<BaseRecord>,
    /// What was seen, and the plan.
    pub result: Result<(Fingerprint, Plan), (State, CauseRecord)>,
}

impl From<Seen> for PlanResult {
    fn from(seen: Seen) -> Self {
        let read = seen.result.as_ref().ok().map(|(observed, _)| {
            let startup = observed.startup_text.as_deref().map(|text| observed.parse(text));
            (observed.running.clone(), startup)
        });
        Self {
            intent: seen.intent,
            read,
            base: None,
            result: seen.result.map(|(observed, plan)| (observed.fingerprint(), plan)),
        }
    }
}

impl PlanResult {
    /// Its plan, where there is one.
    pub fn plan(&self) -> Option<&Plan> {
        self.result.as_ref().ok().map(|(_, plan)| plan)
    }

    /// How the program ends because of it.
    pub(super) fn exit(&self) -> Exit {
        match &self.result {
            Ok((_, plan)) if plan.is_empty() => Exit::Done,
            Ok(_) => Exit::Differs,
            Err((state, _)) => Exit::from(state.verdict()),
        }
    }
}

/// The backup that a plan was made from.
#[derive(Debug, Clone, Serialize)]
pub struct BaseRecord {
    /// The file.
    pub file: String,
    /// When the file was written, by the file system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// When the router showed it, in the words of its header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// The firmware that its header names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// Whether secrets were taken out of it.
    pub masked: bool,
}
