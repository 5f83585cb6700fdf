//! What a work plan is made from: a kept plan, the routers of it that are meant, and what an inventory says of their sites. No router is met,
//! and nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::apply::read_plan;
use super::chosen::Chosen;
use super::drift::ApprovedPlan;
use super::error::RunError;
use super::evidence::{DETAILED, Evidence, plan_of};
use super::input_error::InputError;
use super::needs_person::Clinic;
use crate::inventory::{self, DoNotTouch, Inventory, Site, suggestion};
use crate::journal::Journal;
use crate::message::Text;
use crate::window::Schedule;

/// Of which routers, and with what beside the plan.
#[derive(Debug, Clone, Default)]
pub struct PlannedWorkRequest {
    /// The plan file; nothing for the one that was kept with a run.
    pub plan: Option<PathBuf>,
    /// Some of its routers: names and patterns of routers and sites, `!` excludes.
    pub limit: Option<String>,
    /// Whether the clinics' names and telephone numbers are looked up: personal data.
    pub contacts: bool,
    /// The inventory that has these, and when sites may be touched. What the plan names is not read: it may be a stranger's.
    pub inventory: Option<PathBuf>,
}

/// The work that is planned.
pub struct PlannedWork {
    /// The plan, with the routers alone that were chosen.
    pub plan: ApprovedPlan,
    /// As what they were chosen; nothing for all of them.
    pub limit: Option<String>,
    /// Their sites, by name; only where an inventory was named.
    pub sites: BTreeMap<String, PlannedSite>,
    /// What could not be read.
    pub faults: Vec<Text>,
}

/// A site as an inventory has it.
#[derive(Debug, Clone)]
pub struct PlannedSite {
    /// The clinic; only where that was asked for.
    pub clinic: Option<Clinic>,
    /// The part of the country.
    pub region: Option<String>,
    /// When it may be touched.
    pub schedule: Arc<Schedule>,
    /// That nothing is to be written there.
    pub do_not_touch: Option<DoNotTouch>,
}

impl PlannedWork {
    /// Whether so many routers are few enough to show each whole.
    pub fn is_few(routers: usize) -> bool {
        routers <= DETAILED
    }
}

/// Reads what is planned, by a plan file.
///
/// # Errors
/// When the plan cannot be read, or the choice of routers means nothing.
pub fn planned_work(request: &PlannedWorkRequest) -> Result<PlannedWork, RunError> {
    let path = request.plan.clone().unwrap_or_default();
    of_plan(read_plan(&path)?, request)
}

/// Reads what was planned for a run: by the plan file that is named, else by the one that was kept with the run.
///
/// # Errors
/// The same, and when the run kept no plan that can be used.
pub fn planned_work_of(
    journal: &Journal,
    evidence: &Evidence,
    request: &PlannedWorkRequest,
) -> Result<PlannedWork, RunError> {
    if request.plan.is_some() {
        return planned_work(request);
    }
    let without = |why: Text| RunError::NoKeptPlan { run: evidence.run.clone(), why };
    let kept = plan_of(journal, evidence).map_err(without)?;
    let none = Text::new("it did not keep one", "計画が保管されていません");
    of_plan(kept.ok_or_else(|| without(none))?, request)
}

fn of_plan(mut plan: ApprovedPlan, request: &PlannedWorkRequest) -> Result<PlannedWork, RunError> {
    if let Some(limit) = &request.limit {
        let chosen = Chosen::parse(limit)?;
        let all: Vec<String> = plan.file.names().map(str::to_owned).collect();
        plan.file.retain(|router, site| chosen.has(router, site));
        if plan.file.names().next().is_none() {
            let near = suggestion(limit, all.iter().map(String::as_str).collect::<Vec<_>>());
            return Err(InputError::NotOfThePlan { router: limit.clone(), near }.into());
        }
    }
    let mut faults = Vec::new();
    let known = match &request.inventory {
        Some(path) => Some(inventory::load(path)?.0),
        None => None,
    };
    if known.is_none() && request.contacts {
        faults.push(Text::new(
            "the clinics' names are not here: no inventory was named (-i)",
            "医院名は記載できません。インベントリを -i で指定してください",
        ));
    }
    let sites = known.iter().flat_map(|inventory| sites_of(inventory, &plan, request.contacts)).collect();
    Ok(PlannedWork { plan, limit: request.limit.clone(), sites, faults })
}

/// The sites of a plan as an inventory has them.
fn sites_of(inventory: &Inventory, plan: &ApprovedPlan, contacts: bool) -> BTreeMap<String, PlannedSite> {
    let planned = plan.file.routers.iter().map(|one| one.intent.site.as_str());
    let names: BTreeSet<&str> = planned.chain(plan.file.unplanned.iter().map(|one| one.site.as_str())).collect();
    let one = |site: &Site| PlannedSite {
        clinic: contacts.then(|| Clinic::of(Some(inventory), &site.name.value)),
        region: site.region().map(str::to_owned),
        schedule: Arc::clone(&site.schedule),
        do_not_touch: site.do_not_touch.as_ref().map(|declared| declared.value.clone()),
    };
    let meant = inventory.sites.iter().filter(|site| names.contains(site.name.value.as_str()));
    meant.map(|site| (site.name.value.clone(), one(site))).collect()
}
