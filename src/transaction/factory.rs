//! A box from the factory: whether what runs is what an unconfigured box holds, and what a plan says it rests on.

use super::{Cause, Job, Observed};
use crate::facts::{self, Fact};
use crate::ix::Config;
use crate::ix::factory::odd_lines;
use crate::message::Text;
use crate::plan::{self, Note, Plan};

/// The name of the note that says which fact a plan rests on.
pub(super) const RESTS_ON: &str = "facts.used";

/// Whether a router whose startup configuration is empty or not shown is as it left the factory.
pub(super) fn is_factory(job: &Job, running: &Config) -> bool {
    match job.model.factory() {
        Some(lines) => plan::same(&Config::parse(lines), running),
        None => unfamiliar(job, running).is_empty(),
    }
}

/// The lines that neither the table nor a fact expects of an unconfigured box of this model.
fn unfamiliar(job: &Job, running: &Config) -> Vec<String> {
    let known = job.fact.as_ref().and_then(|fact| fact.factory.as_ref()).map(odd_lines).unwrap_or_default();
    odd_lines(running).into_iter().filter(|line| !known.contains(line)).collect()
}

/// Why a box with an empty startup configuration is not taken for one from the factory, where its model's factory lines are not attested.
pub(super) fn not_factory(job: &Job, observed: &Observed) -> Option<Cause> {
    (job.model.factory().is_none() && observed.startup().is_empty()).then(|| Cause::NotFactory {
        router: job.router.clone(),
        lines: unfamiliar(job, &observed.running),
        draft: facts::draft(&observed.model, &observed.firmware, &observed.serial_number, &observed.running),
    })
}

/// The fact that a plan for this router rests on: its factory lines, the form of a removal, or lines that are the
/// router's own.
pub(super) fn rests_on(job: &Job, fact: &Fact, plan: &Plan) -> Option<Note> {
    let factory = fact.factory.is_some() && job.model.factory().is_none() && job.ownership.owns_all();
    let removal = !fact.removal.is_empty() && !plan.alternatives().is_empty();
    (factory || removal || !fact.router_made.is_empty()).then(|| Note {
        id: RESTS_ON.to_owned(),
        text: Text::new(
            format!("what is known of the {} is taken from {}", job.model.name, fact.name()),
            format!("{} について確認済みの事実 {} を使用します", job.model.name, fact.name()),
        ),
        about: None,
        lines: None,
    })
}
