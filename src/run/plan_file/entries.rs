//! What a plan file keeps of each router: its plan, or why it has none.

use std::sync::Arc;

use super::file::Unplanned;
use crate::transaction::{PlanResult, Planned, SavedPlan};

/// One router's entry.
#[derive(Debug)]
pub enum Entry {
    /// Its plan.
    Planned(Box<SavedPlan>),
    /// Why it has none.
    Unplanned(Unplanned),
}

impl From<&PlanResult> for Entry {
    fn from(one: &PlanResult) -> Self {
        match &one.result {
            Ok(Planned { observed, plan }) => {
                let startup = observed.startup_text.as_deref().map(|text| observed.parse(text));
                // What was read to plan is not kept with it.
                let intent = Arc::new(one.intent.unread());
                let saved = SavedPlan::of(intent, observed.fingerprint(), plan).for_review(plan);
                let saved = saved.with_texts(&observed.running, startup.as_ref()).from_masked(observed.masked);
                Self::Planned(Box::new(saved))
            }
            Err(failed) => Self::Unplanned(Unplanned {
                router: one.intent.router.clone(),
                site: one.intent.site.clone(),
                state: failed.state,
                cause: failed.cause.clone(),
                sent: 0,
                planned: 0,
            }),
        }
    }
}

/// The entries of these routers, in their order: those with a plan, and those without.
pub fn entries_of(plans: &[PlanResult]) -> (Vec<SavedPlan>, Vec<Unplanned>) {
    entries(plans.iter().map(Entry::from))
}

/// The entries of many routers, in their order: those with a plan, and those without.
pub fn entries(all: impl IntoIterator<Item = Entry>) -> (Vec<SavedPlan>, Vec<Unplanned>) {
    let (mut planned, mut unplanned) = (Vec::new(), Vec::new());
    for entry in all {
        match entry {
            Entry::Planned(plan) => planned.push(*plan),
            Entry::Unplanned(one) => unplanned.push(one),
        }
    }
    (planned, unplanned)
}
