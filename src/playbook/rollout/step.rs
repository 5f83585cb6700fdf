//! A step of a rollout: which sites, how many at once, how many failures, and what must have happened before the next one.

use serde::{Deserialize, Serialize};

use super::amount::Amount;
use super::bake::{Bake, read_bake};
use super::budget::{Budget, Budgets, read_budgets, read_tolerance};
use super::matching::{COVERED, MOST_SITES, Match, Mention, ReadMatch, read_match, read_size};
use super::shares::read_concurrency;
use crate::inventory::read_name;
use crate::inventory::yaml::{Content, Field, Table};
use crate::playbook::finding::RolloutFinding;

/// The name of the step that `canary:` makes.
pub const CANARY: &str = "canary";

/// A part of a rollout that is over before the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Which sites.
    #[serde(rename = "match")]
    pub fits: Match,
    /// Sites under way at once, below what the run allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<usize>,
    /// Failures of its routers, in every class without a budget of its own together, after which nothing more begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_failures: Option<Budget>,
    /// Budgets of single classes among its routers.
    #[serde(default, skip_serializing_if = "Budgets::is_empty")]
    pub budgets: Budgets,
    /// How long it proves itself after its last router.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bake: Option<Bake>,
    /// A person must say go before it begins.
    #[serde(default)]
    pub approval: bool,
}

impl Step {
    /// A step of this name that takes these sites, and otherwise does as the run does.
    pub fn new(name: &str, fits: Match) -> Self {
        Self {
            name: name.to_owned(),
            fits,
            concurrency: None,
            max_failures: None,
            budgets: Budgets::default(),
            bake: None,
            approval: false,
        }
    }
}

/// A step, and the words in it that an inventory can be asked about.
pub(super) struct ReadStep {
    pub step: Step,
    pub mentions: Vec<Mention>,
}

/// Reads one of `steps:`.
pub(super) fn read_step(field: &Field<'_>) -> Option<ReadStep> {
    let mut table = field.table("a step", "ステップ")?;
    let name = table.require("name").and_then(|f| read_name(&f));
    let read = table.require("match").and_then(|f| read_match(&f));
    let mut step = read_terms(&mut table, Step::new(&name.unwrap_or_default(), Match::default()));
    step.approval = table.get("approval").and_then(|f| f.boolean()).unwrap_or(false);
    table.finish();
    let ReadMatch { fits, mentions } = read?;
    Some(ReadStep { step: Step { fits, ..step }, mentions })
}

/// Reads `canary:`: a number of sites, `cover`, or a table.
pub(super) fn read_canary(field: &Field<'_>) -> Option<Step> {
    match field.content() {
        Content::Scalar { text, .. } if text == "cover" => Some(Step::new(CANARY, Match::covering(&COVERED))),
        Content::Scalar { .. } => {
            let count = field.integer(1, MOST_SITES).and_then(|count| usize::try_from(count).ok())?;
            Some(Step::new(CANARY, Match { amount: Amount::Count(count), ..Match::default() }))
        }
        _ => {
            let mut table = field.table("the canary", "カナリア")?;
            let fits = read_size(&mut table);
            let all = fits.is_rest();
            let step = read_terms(&mut table, Step::new(CANARY, fits));
            table.finish();
            if all {
                field.report(field.key_error(&RolloutFinding::CanaryOfAll));
            }
            Some(step).filter(|_| !all)
        }
    }
}

/// Reads how far a step may go.
fn read_terms(table: &mut Table<'_>, step: Step) -> Step {
    Step {
        concurrency: table.get("concurrency").and_then(|f| read_concurrency(&f)),
        max_failures: table.get("max_failures").and_then(|f| read_tolerance(&f)),
        budgets: table.get("budgets").map(|f| read_budgets(&f)).unwrap_or_default(),
        bake: table.get("bake").and_then(|f| read_bake(&f)),
        ..step
    }
}
