//! What was kept of a router's configurations before and after a run: sealed in the journal, masked wherever it is shown or goes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dialect::model;
use crate::ix::Config;
use crate::ix::mask::mask_text;
use crate::journal::Journal;
use crate::message::{Explain, Text};
use crate::plan;
use crate::record::{Kind, Stored};
use crate::transaction::observed_before;

/// A router's configurations before and after a run, canonical and masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configurations {
    /// What ran before the first line.
    pub before: KeptText,
    /// What it would have started with then.
    pub startup_before: KeptText,
    /// What ran, and was saved, after the last.
    pub after: KeptText,
    /// The difference of the first and the last, as a unified difference; empty if there is none, nothing if one is missing.
    pub difference: Option<String>,
}

/// A text that was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptText {
    /// The text, masked.
    Masked(String),
    /// Why there is none.
    Missing(Text),
}

/// The routers that a run backed up, each with its model.
pub(super) fn backed_up(records: &[Stored]) -> BTreeMap<&str, &str> {
    let mut models = BTreeMap::new();
    for stored in records {
        if let Some(Kind::BackedUp { identity, .. }) = &stored.record {
            models.insert(stored.router.as_str(), identity.model());
        }
    }
    models
}

impl Configurations {
    /// Those of a router of this model in a run.
    pub(super) fn of(journal: &Journal, run: &str, router: &str, model: &str) -> Self {
        let parse = |text: &str| Config::parse(model::dialect_of(model), text);
        let (before, startup_before) = match observed_before(journal, run, router) {
            Ok(observed) => (Ok(observed.running), Ok(observed.startup_text.as_deref().map(parse))),
            Err(error) => (Err(error.text()), Err(error.text())),
        };
        let startup_before = startup_before.and_then(|shown| {
            shown.ok_or_else(|| Text::new("the router did not show it", "ルータが表示しませんでした"))
        });
        let after = match journal.unseal(run, router, "after") {
            Ok(bytes) => Ok(parse(&String::from_utf8_lossy(&bytes))),
            Err(error) => Err(error.text()),
        };
        let difference = before.as_ref().ok().zip(after.as_ref().ok());
        let difference = difference.map(|(before, after)| plan::unified(before, after, "before", "after"));
        Self { before: masked(before), startup_before: masked(startup_before), after: masked(after), difference }
    }

    /// Those of a router that the exported run has no configurations of.
    pub(super) fn not_exported() -> Self {
        let missing = || KeptText::Missing(Text::new("it was not exported", "書き出されていません"));
        Self { before: missing(), startup_before: missing(), after: missing(), difference: None }
    }
}

fn masked(config: Result<Config, Text>) -> KeptText {
    match config {
        Ok(config) => KeptText::Masked(mask_text(&config.print())),
        Err(why) => KeptText::Missing(why),
    }
}
