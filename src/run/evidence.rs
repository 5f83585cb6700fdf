//! What the records, the kept plan and the sealed backups hold of a run: all that a report of it rests on. No router is met, and
//! nothing is written.
//!
//! Sealed texts leave here masked. What is missing or cannot be opened is said where it would be: a report of the rest is better than none.

mod by_site;
mod source;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

pub use self::by_site::{by_site, records_of};
use self::source::Source;
use super::chosen::Chosen;
use super::drift::ApprovedPlan;
use super::error::RunError;
use super::kept_configurations::{Configurations, backed_up};
use super::named_run::{NoRun, named_run};
use super::needs_person::{Clinic, advice_for};
use super::plan_file::{Made, PlanFile};
use super::portable::{ImportedRun, imported_run};
use crate::inventory::{self, Inventory};
use crate::journal::{Journal, JournalError};
use crate::message::Text;
use crate::plan::Note;
use crate::record::{Kind, Outcome, RunFollower, RunResult, Stored};
use crate::state::{State, Verdict};

/// Of more routers than these the configurations are left out: a page of each is made when it is asked for by name.
pub(super) const DETAILED: usize = 20;

/// Which evidence is read.
#[derive(Debug, Clone, Default)]
pub struct EvidenceRequest {
    /// The run, or `last`.
    pub run: String,
    /// Some of its routers: names and patterns of routers and sites, `!` excludes.
    pub limit: Option<String>,
    /// Whether the clinics' names and telephone numbers are looked up: personal data.
    pub contacts: bool,
    /// The inventory that has these, and the sites' regions; without it the run's own is read for the clinics alone.
    pub inventory: Option<PathBuf>,
    /// Whether every record is held, of however many routers.
    pub whole: bool,
}

/// What was found of a run.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Its name.
    pub run: String,
    /// Where it was imported from; nothing for a run of this journal.
    pub imported: Option<Arc<ImportedRun>>,
    /// Its records, with those of the chosen routers alone; of many routers the run's own alone.
    pub records: Vec<Stored>,
    /// The last record that counts, where those of routers are not held: [`records_of`] reads them.
    pub read_until: Option<i64>,
    /// How the chosen routers ended. One that was left in the middle, and that no one works on, is `lost`.
    pub result: RunResult,
    /// Routers that a process is changing now: how they end is not known yet.
    pub in_progress: BTreeSet<String>,
    /// The configurations of each router; none where there are many routers.
    pub configurations: BTreeMap<String, Configurations>,
    /// Who made the plan that was kept with the run, and from which playbook.
    pub plan: Option<PlanOfRun>,
    /// What that plan says to a reviewer of each router.
    pub notes: BTreeMap<String, Vec<Note>>,
    /// The clinics by the names of their sites, where they were asked for.
    pub clinics: BTreeMap<String, Clinic>,
    /// The regions of the sites, where an inventory was read.
    pub regions: BTreeMap<String, String>,
    /// What of all this cannot be relied on, or not be read.
    pub faults: Vec<Text>,
}

/// The plan that was kept with a run.
#[derive(Debug, Clone)]
pub struct PlanOfRun {
    /// Who made it; nothing in the form of 0.1.0.
    pub made: Option<Made>,
    /// The playbook's name.
    pub playbook: String,
}

impl Evidence {
    /// Whether there are few enough routers to show each whole.
    pub fn is_detailed(&self) -> bool {
        self.result.routers.len() <= DETAILED
    }
}

/// Reads it.
///
/// # Errors
/// When there is no such run, the journal cannot be read, or the choice of routers means nothing. Whatever else cannot be read is
/// one of the faults.
pub fn evidence(journal: &Journal, request: &EvidenceRequest) -> Result<Evidence, RunError> {
    let Found { run, mut records, mut result, imported, last } = found(journal, request)?;
    let source = Source::of(journal, imported.as_deref());
    add_never_begun(&records, &mut result);
    if let Some(limit) = &request.limit {
        let chosen = Chosen::parse(limit)?;
        result.routers.retain(|outcome| chosen.has(&outcome.router, &outcome.site));
        let names: HashSet<&str> = result.routers.iter().map(|outcome| outcome.router.as_str()).collect();
        records.retain(|stored| stored.router.is_empty() || names.contains(stored.router.as_str()));
    }
    let read_until = last.filter(|_| result.routers.len() > DETAILED);
    if let Some(last) = last.filter(|_| read_until.is_none()) {
        for outcome in &result.routers {
            records.extend(journal.records_of(&run, &outcome.router, last)?);
        }
        records.sort_by_key(|stored| stored.number);
    }
    let mut faults: Vec<Text> = source.fault(&run).into_iter().collect();
    let in_progress = settle(source, &run, &records, &mut result.routers)?;
    let kept = source.plan(&run, &records).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    let mut evidence =
        Evidence { run, imported, records, read_until, result, in_progress, faults, ..Evidence::default() };
    if let Some(PlanFile { made, playbook, routers, .. }) = kept.map(|plan| plan.file) {
        evidence.plan = Some(PlanOfRun { made, playbook });
        let names: HashSet<&str> = evidence.result.routers.iter().map(|outcome| outcome.router.as_str()).collect();
        for plan in routers {
            let router = &plan.intent.router;
            if let Some(notes) = plan.notes.filter(|_| names.contains(router.as_str())) {
                evidence.notes.insert(router.clone(), notes);
            }
        }
    }
    if request.contacts || request.inventory.is_some() {
        ask_inventory(request, &mut evidence);
    }
    if evidence.is_detailed() {
        evidence.configurations = configurations(journal, &evidence);
    }
    Ok(evidence)
}

/// A run and its records, and where it was imported from.
struct Found {
    run: String,
    records: Vec<Stored>,
    result: RunResult,
    imported: Option<Arc<ImportedRun>>,
    /// The last of its records, where those of its routers are still to be read.
    last: Option<i64>,
}

/// The run that a person means: of this journal, or else an imported one.
fn found(journal: &Journal, request: &EvidenceRequest) -> Result<Found, RunError> {
    let held = |run: String, records: Vec<Stored>, imported| {
        let result = RunResult::of(&records);
        Found { run, records, result, imported, last: None }
    };
    match named_run(journal, &request.run) {
        Ok(summary) if request.whole => Ok(held(summary.run.clone(), journal.records(&summary.run)?, None)),
        Ok(summary) => {
            let (mut follower, mut own, mut last) = (RunFollower::default(), Vec::new(), 0);
            journal.each_record(&summary.run, |stored| {
                follower.take(&stored);
                last = stored.number;
                if stored.router.is_empty() {
                    own.push(stored);
                }
            })?;
            let result = follower.into_result();
            Ok(Found { run: summary.run, records: own, result, imported: None, last: Some(last) })
        }
        Err(NoRun::Journal(JournalError::Imported { run, from })) => {
            let mut imported = imported_run(journal, &run)?.ok_or(JournalError::Imported { run: run.clone(), from })?;
            let records = std::mem::take(&mut imported.exported.records);
            Ok(held(run, records, Some(Arc::new(imported))))
        }
        Err(error) => Err(error.into()),
    }
}

/// The plan that was kept with a run, in this journal or in an imported file; nothing where none was.
///
/// # Errors
/// Why it is not used.
pub(super) fn plan_of(journal: &Journal, evidence: &Evidence) -> Result<Option<ApprovedPlan>, Text> {
    Source::of(journal, evidence.imported.as_deref()).plan(&evidence.run, &evidence.records)
}

/// Routers that were asked for and have no record: the run has not come to them.
fn add_never_begun(records: &[Stored], result: &mut RunResult) {
    let known: HashSet<String> = result.routers.iter().map(|outcome| outcome.router.clone()).collect();
    for stored in records {
        if let Some(Kind::Begun { places, .. }) = &stored.record {
            let missing = places.iter().filter(|place| !known.contains(&place.router));
            result.routers.extend(missing.map(|place| Outcome::new(&place.router, &place.site, State::NotStarted)));
        }
    }
}

/// Routers whose records stop in the middle: a process works on them now (these are given back), or they are lost.
fn settle(
    source: Source<'_>,
    run: &str,
    records: &[Stored],
    outcomes: &mut [Outcome],
) -> Result<BTreeSet<String>, JournalError> {
    let mut in_progress = BTreeSet::new();
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.verdict() == Verdict::NeedsPerson) {
        let part = source.part(run, &outcome.router, records)?;
        // What was read of it may be older than its end.
        let went_on = part.ended && !outcome.state.is_end();
        if went_on || !part.ended && source.is_being_changed(&outcome.router) {
            in_progress.insert(outcome.router.clone());
        } else if outcome.advice.is_none() && part.can_be_resumed() {
            (outcome.state, outcome.advice) = advice_for(&part, source.last_advice(&part, records)?);
        }
    }
    Ok(in_progress)
}

/// What an inventory knows of the routers' sites.
fn ask_inventory(request: &EvidenceRequest, evidence: &mut Evidence) {
    let recorded = evidence.records.iter().find_map(|stored| match &stored.record {
        Some(Kind::Begun { inventory, .. }) => Some(PathBuf::from(inventory)),
        _ => None,
    });
    let path = request.inventory.clone().or(recorded).unwrap_or_default();
    let known: Option<Inventory> = inventory::load(&path).ok().map(|(inventory, _)| inventory);
    if known.is_none() {
        let path = path.display();
        evidence.faults.push(Text::new(
            format!("the sites' names and regions are not here: the inventory {path} cannot be read"),
            format!("拠点の名称と地域は記載できません。インベントリ {path} を読み取れません"),
        ));
    }
    let sites: BTreeSet<&str> = evidence.result.routers.iter().map(|outcome| outcome.site.as_str()).collect();
    for site in known.iter().flat_map(|inventory| &inventory.sites) {
        let name = site.name.value.as_str();
        if let Some(region) = site.region().filter(|_| sites.contains(name)) {
            evidence.regions.insert(name.to_owned(), region.to_owned());
        }
    }
    if request.contacts {
        let clinic = |site: &&str| ((*site).to_owned(), Clinic::of(known.as_ref(), site));
        evidence.clinics = sites.iter().map(clinic).collect();
    }
}

/// The configurations of the routers that were backed up.
fn configurations(journal: &Journal, evidence: &Evidence) -> BTreeMap<String, Configurations> {
    let source = Source::of(journal, evidence.imported.as_deref());
    backed_up(&evidence.records)
        .into_iter()
        .map(|(router, model)| (router.to_owned(), source.configurations(&evidence.run, router, model)))
        .collect()
}
