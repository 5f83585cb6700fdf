//! A box from the factory: whether what runs is what an unconfigured box holds, and what a plan says it rests on.

use super::{Intent, Observed, TransactionError};
use crate::facts::{self, Fact};
use crate::ix::Config;
use crate::ix::factory::odd_lines;
use crate::message::Text;
use crate::plan::{self, Note, Plan};

/// The name of the note that says which fact a plan rests on.
pub(super) const RESTS_ON: &str = "facts.used";

/// Whether a router whose startup configuration is empty or not shown is as it left the factory.
pub(super) fn is_factory(intent: &Intent, running: &Config) -> bool {
    match intent.device.model.factory() {
        Some(lines) => plan::same(&intent.parse(lines), running),
        None => unfamiliar(intent, running).is_empty(),
    }
}

/// The lines that neither the table nor a fact expects of an unconfigured box of this model.
fn unfamiliar(intent: &Intent, running: &Config) -> Vec<String> {
    let known = intent.device.reviewed_factory().map(odd_lines).unwrap_or_default();
    odd_lines(running).into_iter().filter(|line| !known.contains(line)).collect()
}

/// Why a box with an empty startup configuration is not taken for one from the factory, where its model's factory lines are not attested.
pub(super) fn not_factory(intent: &Intent, observed: &Observed) -> Option<TransactionError> {
    (intent.device.model.factory().is_none() && observed.startup().is_empty()).then(|| TransactionError::NotFactory {
        router: intent.router.clone(),
        lines: unfamiliar(intent, &observed.running),
        draft: facts::draft(&observed.model, &observed.firmware, &observed.serial_number, &observed.running),
    })
}

/// The fact that a plan for this router rests on: its factory lines, the form of a removal, or lines that are the
/// router's own.
pub(super) fn rests_on(intent: &Intent, fact: &Fact, plan: &Plan) -> Option<Note> {
    let factory = fact.factory.is_some() && intent.device.model.factory().is_none() && intent.terms.owns.owns_all();
    let removal = !fact.removal.is_empty() && !plan.alternatives().is_empty();
    (factory || removal || !fact.router_made.is_empty()).then(|| Note {
        id: RESTS_ON.to_owned(),
        text: Text::new(
            format!("what is known of the {} is taken from {}", intent.device.model.name, fact.name()),
            format!("{} について確認済みの事実 {} を使用します", intent.device.model.name, fact.name()),
        ),
        about: None,
        lines: None,
    })
}
