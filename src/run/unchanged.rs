//! What needs no question: routers to which nothing is written.
//!
//! A box on a console whose serial number the inventory does not have is not proven to be the one that is meant. Where nothing is written to
//! it or to another router of its site, no one is asked which one it is: it ends as declared, and proves nothing about any router.

use std::collections::HashSet;

use super::env::RunEnv;
use super::error::RunError;
use super::identity::{known_box, needs_identity_confirmation};
use super::reviewed_router::ReviewedRouter;
use super::target::{Target, by_site};
use crate::state::State;
use crate::transaction::Outcome;

/// Whether nothing at all is written, where there is a plan.
pub(super) fn write_nothing<'p>(plans: impl IntoIterator<Item = &'p ReviewedRouter>) -> bool {
    plans.into_iter().filter_map(ReviewedRouter::plan).all(|plan| plan.writes_nothing)
}

/// Takes the boxes out of a run that are as declared and not proven, and says how they end. Those at a site with a change take part in it: the
/// routers of a site are verified together.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn take_unproven(
    env: &RunEnv,
    targets: &[Target],
    plans: &mut Vec<ReviewedRouter>,
) -> Result<Vec<Outcome>, RunError> {
    let mut taking_part: HashSet<String> = plans
        .iter()
        .filter(|one| one.plan().is_some_and(|plan| !plan.writes_nothing))
        .map(|one| one.intent.router.clone())
        .collect();
    for site in by_site(targets) {
        if site.iter().any(|target| taking_part.contains(&target.intent.router)) {
            taking_part.extend(site.into_iter().map(|target| target.intent.router.clone()));
        }
    }
    let unproven = targets.iter().filter(|target| needs_identity_confirmation(target));
    let unproven: HashSet<&str> = unproven.map(|target| target.intent.router.as_str()).collect();
    let is_taken = |router: &String| unproven.contains(router.as_str()) && !taking_part.contains(router);
    let ends = plans.extract_if(.., |one| one.result.is_ok() && is_taken(&one.intent.router));
    let end = |one: ReviewedRouter| -> Result<Outcome, RunError> {
        let seen = one.plan().and_then(|plan| plan.identity.serial_number.as_deref());
        // What the journal knows is no proof where no one is asked: it is only said.
        let box_of_last_save = known_box(env, &one.intent.router)?.map(|known| seen == Some(known.as_str()));
        Ok(Outcome { box_unproven: true, box_of_last_save, ..Outcome::ended(&one.intent, State::Saved) })
    };
    ends.map(end).collect()
}
