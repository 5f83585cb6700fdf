//! A box from the factory: whether what runs is what an unconfigured box holds.

use super::{Intent, Observed, PreconditionError, TransactionError};
use crate::facts;
use crate::ix::Config;
use crate::ix::factory::odd_lines;
use crate::plan;

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
    (intent.device.model.factory().is_none() && observed.startup().is_empty()).then(|| {
        TransactionError::Precondition(PreconditionError::NotFactory {
            router: intent.router.clone(),
            lines: unfamiliar(intent, &observed.running),
            draft: facts::draft(&observed.identity, &observed.running),
        })
    })
}
