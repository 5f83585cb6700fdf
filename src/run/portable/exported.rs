//! An exported run in memory, once every byte of its file was read and found to be what was written.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Part;
use super::layout::{PAGE, PlanPart};
use crate::message::Text;
use crate::record::{ExportRecord, Stored};
use crate::run::kept_configurations::Configurations;

/// An exported run.
#[derive(Debug)]
pub struct ExportedRun {
    /// Its name.
    pub run: String,
    /// Its records, as the exporting journal has them; a report of the run takes them out of here.
    pub records: Vec<Stored>,
    /// The record of the export.
    pub export: ExportRecord,
    /// When it was exported, in milliseconds since 1970 by that machine's clock.
    pub exported_ms: i64,
    /// The hash of that record: the head of that journal then. It covers the whole file.
    pub head: String,
    /// The names of its recordings.
    pub recordings: Vec<String>,
    /// SHA-256 of the file.
    pub sha256: String,
    pub(super) configurations: BTreeMap<String, Configurations>,
    pub(super) plan: PlanPart,
    pub(super) plan_bytes: Option<Vec<u8>>,
    pub(super) parts: Vec<Part>,
}

impl ExportedRun {
    /// A router's configurations.
    pub(in crate::run) fn configurations(&self, router: &str) -> Configurations {
        self.configurations.get(router).cloned().unwrap_or_else(Configurations::not_exported)
    }

    /// The bytes of the plan that was kept with it; why they are not here, or nothing where no plan was kept.
    pub(in crate::run) fn plan(&self) -> Option<Result<&[u8], Text>> {
        match &self.plan {
            PlanPart::None => None,
            PlanPart::Kept => Some(Ok(self.plan_bytes.as_deref().unwrap_or_default())),
            PlanPart::Missing(why) => Some(Err(why.clone())),
        }
    }

    /// How many of its records a head proves: all that lie in an unbroken row before the one that has this hash. Nothing where none has.
    pub fn proven_by(&self, head: &str) -> Option<usize> {
        let at = self.records.iter().position(|stored| stored.hash == head)?;
        let up_to = self.records.get(..=at)?;
        let unbroken = up_to.windows(2).rev().take_while(|pair| match pair {
            [before, after] => before.number.checked_add(1) == Some(after.number),
            _ => false,
        });
        Some(unbroken.count() + 1)
    }

    /// In which parts it differs from another export of the same run; the page is made from the others, and does not count.
    pub(super) fn differs_from(&self, other: &Self) -> Vec<String> {
        differing(&self.parts, &other.parts)
    }
}

fn differing(one: &[Part], other: &[Part]) -> Vec<String> {
    let by_name = |parts: &[Part]| -> BTreeMap<String, String> {
        parts.iter().filter(|part| part.name != PAGE).map(|part| (part.name.clone(), part.sha256.clone())).collect()
    };
    let (one, other) = (by_name(one), by_name(other));
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}
