//! What a plan file says, in the present form, and the hash that names it.

use std::collections::HashSet;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::hand_over::HandOverPlan;
use crate::message::Text;
use crate::playbook::{LaptopCheck, Rollout};
use crate::record::{Account, CauseRecord, rfc3339};
use crate::run::backup_ages::BackupAges;
use crate::run::input_error::InputError;
use crate::run::not_done::NotDone;
use crate::run::owner::who;
use crate::state::{State, Verdict};
use crate::transaction::{Advice, Outcome, Power, SavedPlan};
use crate::visible;

/// The version of the file's form.
pub(super) const SCHEMA: &str = "ixdeploy-plan/5";

/// A file of plans.
#[derive(Debug, Serialize)]
pub struct PlanFile {
    /// The version of its form.
    pub(super) schema: String,
    /// Who made it, when and from what; nothing in the form of 0.1.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// The playbook's name.
    pub playbook: String,
    /// In which steps they are changed, how many at once, how many failures, with what was typed.
    pub rollout: Rollout,
    /// What will be tried out from the laptop once the routers are saved.
    #[serde(skip_serializing_if = "HandOverPlan::is_empty")]
    pub hand_over: HandOverPlan,
    /// The plans.
    pub routers: Vec<SavedPlan>,
    /// The routers that were asked for and have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unplanned: Vec<Unplanned>,
}

/// A router without a plan, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unplanned {
    /// The router.
    pub router: String,
    /// Its site.
    pub site: String,
    /// How it was left.
    pub state: State,
    /// Why.
    pub cause: CauseRecord,
    /// Lines that an earlier run had sent to it, where that left it open.
    #[serde(default, skip_serializing_if = "is_none")]
    pub sent: usize,
    /// Lines of that run's plan.
    #[serde(default, skip_serializing_if = "is_none")]
    pub planned: usize,
}

fn is_none(lines: &usize) -> bool {
    *lines == 0
}

impl Unplanned {
    /// A router that takes no part in a run; nothing where it has no cause.
    pub(in crate::run) fn of(outcome: &Outcome) -> Option<Self> {
        let Outcome { router, site, state, sent, planned, causes, .. } = outcome;
        let cause = causes.first()?.clone();
        Some(Self { router: router.clone(), site: site.clone(), state: *state, cause, sent: *sent, planned: *planned })
    }

    /// How the router ends in a run of the file that has no plan for it. It was not met, so that it did not fail in this run; what a person
    /// has to look at stays that.
    pub(in crate::run) fn outcome_in_its_file(&self) -> Outcome {
        let outcome = self.outcome();
        if outcome.verdict() == Verdict::NeedsPerson || outcome.failure_class().is_none() {
            return outcome;
        }
        let no_plan = NotDone::NoPlan { router: self.router.clone(), then: self.cause.text.clone() };
        // Why it has none comes second: that is what is to be put right.
        let causes = vec![CauseRecord::of(&no_plan), self.cause.clone()];
        Outcome { causes, ..Outcome::new(&self.router, &self.site, State::Refused) }
    }

    /// How the router ends in a run of the plan: it takes no part in it.
    pub(in crate::run) fn outcome(&self) -> Outcome {
        let Self { router, site, state, cause, sent, planned } = self;
        // What to do is said by the state: a file may come from anyone.
        let advice = Advice::of(*state, Power::Unknown, None);
        let causes = vec![cause.clone()];
        Outcome { causes, sent: *sent, planned: *planned, advice, ..Outcome::new(router, site, *state) }
    }
}

/// Who made a plan, when, why and from what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The user; empty where the system does not say who that is.
    pub by: String,
    /// The machine; likewise.
    pub machine: String,
    /// The time, UTC.
    pub at: String,
    /// The program's version.
    pub version: String,
    /// The playbook's file.
    pub playbook: String,
    /// The inventory's file.
    pub inventory: String,
    /// Why, in the words of who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The routers that were asked for, as `-l` said it; which these are the file lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// How old the backups are that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backups: Option<BackupAges>,
    /// What the playbook is called for people, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
}

impl Made {
    /// By this user of this machine, now, from these files.
    pub fn here(playbook: &Path, inventory: &Path) -> Self {
        let Account { by, machine } = who();
        Self {
            by,
            machine,
            at: rfc3339(SystemTime::now()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            playbook: playbook.display().to_string(),
            inventory: inventory.display().to_string(),
            ..Self::default()
        }
    }

    /// Whether it says what only the present form can say.
    pub(super) fn is_of_present(&self) -> bool {
        self.reason.is_some() || self.limit.is_some() || self.backups.is_some() || self.title.is_some()
    }
}

impl PlanFile {
    /// A file of the present form.
    pub fn new(made: Made, playbook: &str, rollout: Rollout, routers: Vec<SavedPlan>) -> Self {
        let (schema, made, playbook) = (SCHEMA.to_owned(), Some(made), playbook.to_owned());
        let (hand_over, unplanned) = (HandOverPlan::default(), Vec::new());
        Self { schema, made, playbook, rollout, hand_over, routers, unplanned }
    }

    /// The same with the tests from the laptop of its routers that have a plan.
    #[must_use]
    pub(in crate::run) fn with_tests<'t>(self, tests: impl IntoIterator<Item = (&'t str, &'t [LaptopCheck])>) -> Self {
        let planned: HashSet<&str> = self.routers.iter().map(|entry| entry.intent.router.as_str()).collect();
        let hand_over = HandOverPlan::of(tests.into_iter().filter(|(router, _)| planned.contains(router)));
        Self { hand_over, ..self }
    }

    /// Leaves the routers alone in it that are kept, by their names and sites.
    pub(in crate::run) fn retain(&mut self, is_kept: impl Fn(&str, &str) -> bool) {
        self.routers.retain(|entry| is_kept(&entry.intent.router, &entry.intent.site));
        self.unplanned.retain(|one| is_kept(&one.router, &one.site));
        self.narrow_tests();
    }

    /// Drops the tests of routers that have no plan in it any more.
    pub(in crate::run) fn narrow_tests(&mut self) {
        let planned: HashSet<&str> = self.routers.iter().map(|entry| entry.intent.router.as_str()).collect();
        self.hand_over.retain(|router| planned.contains(router));
    }

    /// The same with the routers that have no plan.
    #[must_use]
    pub fn with_unplanned(self, unplanned: Vec<Unplanned>) -> Self {
        Self { unplanned, ..self }
    }

    /// The name of each router that was asked for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let planned = self.routers.iter().map(|entry| entry.intent.router.as_str());
        planned.chain(self.unplanned.iter().map(|one| one.router.as_str()))
    }
}

/// Whether a file is a plan rather than a playbook: JSON begins with a brace, a playbook in YAML block style does not.
pub fn is_plan(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// The hash that names a plan file: of its bytes, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses a plan file that is not the one that was approved.
///
/// # Errors
/// When its hash is another one, or it is no plan file.
pub fn demand(path: &Path, bytes: &[u8], approved: Option<&str>) -> Result<(), InputError> {
    let Some(approved) = approved else { return Ok(()) };
    if !is_plan(bytes) {
        return Err(InputError::NotAPlan { file: path.to_owned() });
    }
    let found = sha256(bytes);
    if found == approved.trim().to_ascii_lowercase() {
        return Ok(());
    }
    Err(InputError::AnotherPlan { file: path.to_owned(), found, approved: visible::line(approved).into_owned() })
}
