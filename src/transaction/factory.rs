//! A box from the factory: whether what runs is what an unconfigured box holds, and what a plan says it rests on.

use super::{Cause, Job, Observed};
use crate::facts;
use crate::ix::Config;
use crate::ix::factory::odd_lines;
use crate::message::Text;
use crate::plan::{self, Note};

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
    let known = job.fact.as_ref().map(|fact| odd_lines(&fact.factory)).unwrap_or_default();
    odd_lines(running).into_iter().filter(|line| !known.contains(line)).collect()
}

/// Why a box with an empty startup configuration is not taken for one from the factory, where nobody has captured what that is.
pub(super) fn not_factory(job: &Job, observed: &Observed) -> Option<Cause> {
    (job.model.factory().is_none() && observed.startup().is_empty()).then(|| Cause::NotFactory {
        router: job.router.clone(),
        lines: unfamiliar(job, &observed.running),
        draft: facts::draft(&observed.model, &observed.firmware, &observed.serial_number, &observed.running),
    })
}

/// The fact a plan for this router rests on.
pub(super) fn rests_on(job: &Job) -> Option<Note> {
    let fact = job.fact.as_ref().filter(|_| job.model.factory().is_none() && job.ownership.owns_all())?;
    let name = fact.name();
    Some(Note {
        id: RESTS_ON.to_owned(),
        text: Text::new(
            format!("the factory lines of the {} are taken from {name}", job.model.name),
            format!("{} の工場出荷時の行は {name} によります", job.model.name),
        ),
        lines: None,
    })
}
