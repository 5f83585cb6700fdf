//! The evidence of a run router by router, and site by site: of a run of thousands no more than one site's records are in memory.

use std::collections::{BTreeMap, HashMap};

use super::{Evidence, configurations};
use crate::journal::Journal;
use crate::record::{Kind, Outcome, RunResult, Stored};
use crate::run::error::RunError;

/// The records of one router of an evidence, also where it does not hold them.
///
/// # Errors
/// When the journal cannot be read.
pub fn records_of(journal: &Journal, evidence: &Evidence, router: &str) -> Result<Vec<Stored>, RunError> {
    match evidence.read_until {
        Some(last) => Ok(journal.records_of(&evidence.run, router, last)?),
        None => Ok(evidence.records.iter().filter(|stored| stored.router == router).cloned().collect()),
    }
}

/// The evidence of each site by itself, one site after the other, with its configurations however many sites there are. Of one whose
/// records cannot be read there is the reason.
pub fn by_site(journal: &Journal, evidence: Evidence) -> impl Iterator<Item = Result<Evidence, RunError>> {
    let Evidence {
        run,
        imported,
        records,
        read_until,
        mut result,
        in_progress,
        plan,
        mut notes,
        clinics,
        regions,
        faults,
        ..
    } = evidence;
    let (own, of_routers): (Vec<Stored>, Vec<Stored>) =
        records.into_iter().partition(|stored| stored.router.is_empty());
    let own: Vec<Stored> = own.into_iter().map(without_lists).collect();
    let mut records: HashMap<String, Vec<Stored>> = HashMap::new();
    for stored in of_routers {
        records.entry(stored.router.clone()).or_default().push(stored);
    }
    let mut sites: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    for outcome in std::mem::take(&mut result.routers) {
        sites.entry(outcome.site.clone()).or_default().push(outcome);
    }
    sites.into_iter().map(move |(site, routers)| {
        let names: Vec<String> = routers.iter().map(|outcome| outcome.router.clone()).collect();
        let mut all = own.clone();
        for name in &names {
            all.extend(match read_until {
                Some(last) => journal.records_of(&run, name, last)?,
                None => records.remove(name).unwrap_or_default(),
            });
        }
        let mut evidence = Evidence {
            run: run.clone(),
            imported: imported.clone(),
            records: all,
            read_until: None,
            in_progress: names.iter().filter(|name| in_progress.contains(*name)).cloned().collect(),
            notes: names.iter().filter_map(|name| notes.remove_entry(name)).collect(),
            clinics: clinics.get_key_value(&site).map(|(name, one)| (name.clone(), one.clone())).into_iter().collect(),
            regions: regions.get_key_value(&site).map(|(name, one)| (name.clone(), one.clone())).into_iter().collect(),
            result: RunResult { routers, ..result.clone() },
            plan: plan.clone(),
            faults: faults.clone(),
            configurations: BTreeMap::new(),
        };
        evidence.configurations = configurations(journal, &evidence);
        Ok(evidence)
    })
}

/// A record of the run without the names of all its routers: a run of thousands is told once for each site.
fn without_lists(stored: Stored) -> Stored {
    match stored.record {
        Some(Kind::Begun { action, by, machine, version, inventory, source, title, plan_sha256, policy, .. }) => {
            Stored {
                record: Some(Kind::Begun {
                    action,
                    by,
                    machine,
                    version,
                    inventory,
                    source,
                    title,
                    plan_sha256,
                    policy,
                    routers: Vec::new(),
                    places: Vec::new(),
                }),
                ..stored
            }
        }
        record => Stored { record, ..stored },
    }
}
