//! What a plan says about the reviewed fact that it relies on.

use super::draft_note::DraftNote;
use crate::dialect::model::Model;
use crate::facts::Fact;
use crate::plan::{Note, Ownership, Plan};

/// The name of the note that says which fact a plan rests on.
pub(super) const RESTS_ON: &str = "facts.used";

/// The fact that a plan for this router rests on: its factory lines, the form of a removal, or lines that are the
/// router's own.
pub(super) fn rests_on(model: &Model, owns: &Ownership, fact: &Fact, plan: &Plan) -> Option<Note> {
    let factory = fact.factory.is_some() && model.factory().is_none() && owns.owns_all();
    let removal = !fact.removal.is_empty() && !plan.alternatives().is_empty();
    (factory || removal || !fact.router_made.is_empty())
        .then(|| Note::of(&DraftNote::FactsUsed { model: model.name, fact: fact.name() }))
}
