//! The form in which versions before kept a plan: flat, and without the box, the path and the bounds of its router.
//!
//! It is only read. What it does not say is the inventory's word anyway when the plan is used.

use std::sync::Arc;

use serde::Deserialize;

use super::{GuessedLine, SavedPlan, SavedPlanError};
use crate::dialect::model::{self, Model};
use crate::ix::ConfigText;
use crate::message::Text;
use crate::plan::Ownership;
use crate::playbook::{Check, Firmware, OnLoss};
use crate::transaction::{AccessPath, Bounds, Desired, ExpectedDevice, Fingerprint, Intent, Terms, Withheld};

/// A plan of a version before.
#[expect(clippy::struct_excessive_bools, reason = "as those versions wrote it")]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierPlan {
    router: String,
    site: String,
    seen: Fingerprint,
    #[serde(default)]
    running: Option<String>,
    #[serde(default)]
    startup: Option<String>,
    #[serde(default)]
    masked_base: bool,
    #[serde(default)]
    cannot_compare: Vec<String>,
    desired: String,
    owns: Ownership,
    min_firmware: Option<Firmware>,
    allow_unrecognised: bool,
    allow_lifeline_change: bool,
    #[serde(default)]
    allow_reload: bool,
    #[serde(default)]
    lost: OnLoss,
    set_secrets: bool,
    max_line: usize,
    #[serde(default)]
    exact: bool,
    #[serde(default = "yes")]
    at_clinic: bool,
    checks: Vec<Check>,
    commands: Vec<String>,
    undo: Vec<String>,
    #[serde(default)]
    facts: Vec<String>,
    #[serde(default)]
    alternatives: Option<Vec<String>>,
    changes: Vec<Text>,
    diff: String,
    #[serde(default)]
    guesses: Vec<GuessedLine>,
}

fn yes() -> bool {
    true
}

impl EarlierPlan {
    /// The plan as a file of such plans means it: for the model that was seen.
    ///
    /// # Errors
    /// [`SavedPlanError`] when that model, or what the playbook owns, is not known.
    pub fn for_seen_model(self) -> Result<SavedPlan, SavedPlanError> {
        let Some(model) = model::find(self.seen.identity.model()) else {
            let model = self.seen.identity.model();
            let why = Text::new(format!("no model is called {model}"), format!("機種 {model} は登録されていません"));
            return Err(SavedPlanError { router: self.router, why });
        };
        self.into_plan(model)
    }

    /// The plan in the present form, for a router of this model.
    ///
    /// # Errors
    /// [`SavedPlanError`] when what the playbook owns is not known.
    pub fn into_plan(self, model: &'static Model) -> Result<SavedPlan, SavedPlanError> {
        let kept = self;
        let desired = match kept.exact {
            true => Desired::Withheld(Withheld::Whole(kept.desired)),
            false => Desired::Rendered(ConfigText::new(kept.desired)),
        };
        let terms = Terms {
            lost: kept.lost,
            allow_reload: kept.allow_reload,
            allow_lifeline_change: kept.allow_lifeline_change,
            allow_unrecognised: kept.allow_unrecognised,
            set_secrets: kept.set_secrets,
            adopt: false,
            take_over: false,
            at_clinic: kept.at_clinic,
            line_pending: None,
            probe: None,
            max_line: kept.max_line,
            min_firmware: kept.min_firmware,
            owns: kept.owns,
            checks: kept.checks,
            known: None,
        };
        let intent = Intent {
            router: kept.router,
            site: kept.site,
            roles: Vec::new(),
            device: ExpectedDevice { model, fact: None, serial_number: None, host_name: None },
            desired,
            terms,
            path: AccessPath::default(),
            bounds: Bounds::default(),
            rehearse_on_mock: false,
        };
        let plan = SavedPlan {
            intent: Arc::new(intent),
            seen: kept.seen,
            running: kept.running,
            startup: kept.startup,
            masked_base: kept.masked_base,
            cannot_compare: kept.cannot_compare,
            commands: kept.commands,
            undo: kept.undo,
            facts: kept.facts,
            alternatives: kept.alternatives,
            changes: kept.changes,
            diff: kept.diff,
            guesses: kept.guesses,
            origins: Vec::new(),
            notes: None,
            cautions: None,
        };
        plan.checked()
    }
}
