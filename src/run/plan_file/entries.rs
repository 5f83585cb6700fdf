//! What a plan file keeps of each router: its plan, or why it has none.

use std::sync::Arc;

use super::file::Unplanned;
use crate::transaction::{FailedEnd, Intent, PlanResult, Planned, SavedPlan};

/// One router's entry.
#[derive(Debug)]
pub enum Entry {
    /// Its plan.
    Planned(Box<SavedPlan>),
    /// Why it has none.
    Unplanned(Unplanned),
}

/// The entries of some routers, in their order.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    /// Those with a plan.
    pub planned: Vec<SavedPlan>,
    /// Those without.
    pub unplanned: Vec<Unplanned>,
}

impl Entry {
    /// Of a router that was read and planned.
    pub fn planned(intent: &Intent, Planned { observed, plan }: &Planned) -> SavedPlan {
        let startup = observed.startup_text.as_deref().map(|text| observed.parse(text));
        // What was read to plan is not kept with it.
        let intent = Arc::new(intent.unread());
        let saved = SavedPlan::of(intent, observed.fingerprint(), plan).for_review(plan);
        saved.with_texts(&observed.running, startup.as_ref()).from_masked(observed.masked)
    }

    /// Of a router for which there is no plan.
    pub fn unplanned(intent: &Intent, failed: &FailedEnd) -> Unplanned {
        Unplanned {
            router: intent.router.clone(),
            site: intent.site.clone(),
            state: failed.state,
            cause: failed.cause.clone(),
            sent: 0,
            planned: 0,
        }
    }
}

impl From<&PlanResult> for Entry {
    fn from(one: &PlanResult) -> Self {
        match &one.result {
            Ok(planned) => Self::Planned(Box::new(Self::planned(&one.intent, planned))),
            Err(failed) => Self::Unplanned(Self::unplanned(&one.intent, failed)),
        }
    }
}

impl FromIterator<Entry> for Entries {
    fn from_iter<E: IntoIterator<Item = Entry>>(all: E) -> Self {
        let mut entries = Self::default();
        for entry in all {
            match entry {
                Entry::Planned(plan) => entries.planned.push(*plan),
                Entry::Unplanned(one) => entries.unplanned.push(one),
            }
        }
        entries
    }
}
