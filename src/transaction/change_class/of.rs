//! The class of a plan: one that was just made, or one that was kept.

use super::bound::BoundChange;
use super::class::ChangeClass;
use super::lines::Parts;
use crate::plan::Plan;
use crate::transaction::fact_note;
use crate::transaction::intent::Intent;
use crate::transaction::saved_plan::{GuessedLine, LineCaution, SavedPlan, masked};

impl ChangeClass {
    /// The class of a plan, and the values that belong to its router.
    pub fn of(intent: &Intent, plan: &Plan) -> BoundChange {
        let facts = plan.notes.iter().filter(|note| note.id == fact_note::RESTS_ON);
        Parts {
            commands: &masked(&plan.commands),
            undo: &masked(&plan.undo(plan.commands.len())),
            alternatives: &plan.alternatives(),
            guesses: &GuessedLine::of(plan),
            cautions: &LineCaution::of(plan),
            notes: &plan.notes,
            facts: facts.map(|note| note.text.en.clone()).collect(),
            intent,
        }
        .classified()
    }

    /// The same of a plan that was kept with everything that a reviewer should know; nothing where an earlier version kept it without.
    pub fn of_saved(saved: &SavedPlan) -> Option<BoundChange> {
        let parts = Parts {
            commands: &saved.commands,
            undo: &saved.undo,
            alternatives: saved.alternatives.as_deref()?,
            guesses: &saved.guesses,
            cautions: saved.cautions.as_deref()?,
            notes: saved.notes.as_deref()?,
            facts: saved.facts.clone(),
            intent: &saved.intent,
        };
        Some(parts.classified())
    }
}
