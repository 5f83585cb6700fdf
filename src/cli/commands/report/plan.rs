//! `report --work-plan`: the work plan of a kept plan, by itself or with the record of a run beside it.

use std::path::Path;

use super::record::{record_from, record_of};
use super::written::{SitePage, in_folder, languages, pages_are_html, to_file_or_stdout};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::usage_error::UsageError;
use crate::journal::Journal;
use crate::message::Text;
use crate::report::{self, Depth, SitePages, WorkPlan, WorkRecord};
use crate::run::{self, Evidence, PlannedWork, PlannedWorkRequest, RunError};

/// What was asked for.
pub(super) struct WorkPlanArgs<'a> {
    /// The plan file; nothing for the one that a run kept.
    pub(super) plan: Option<&'a Path>,
    pub(super) output: Option<&'a Path>,
    pub(super) pages: Option<&'a Path>,
    pub(super) limit: Option<&'a str>,
    pub(super) contacts: bool,
    pub(super) inventory: Option<&'a Path>,
}

impl WorkPlanArgs<'_> {
    /// Gives the work plan, to be carried out.
    ///
    /// # Errors
    /// When the plan cannot be read, has none of these routers, or the result cannot be written.
    pub(super) fn give(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        refuse_other_forms(context)?;
        let work = run::planned_work(&self.request())?;
        work.faults.iter().for_each(|fault| context.screen.warn(fault));
        match self.pages {
            Some(folder) => pages(context, folder, &work, None),
            None => Ok(self.write(context, &WorkPlan::of(&work))?),
        }
    }

    /// Gives the work plan with the record of a run beside it.
    ///
    /// # Errors
    /// The same, and when the run kept no plan.
    pub(super) fn give_beside(
        &self,
        context: &Context,
        journal: &Journal,
        evidence: Evidence,
    ) -> Result<Exit, Vec<Failure>> {
        refuse_other_forms(context)?;
        let work = run::planned_work_of(journal, &evidence, &self.request())?;
        match self.pages {
            Some(folder) => pages(context, folder, &work, Some(Beside { journal, evidence })),
            None => {
                let plan = WorkPlan::of(&work);
                let record = record_from(journal, evidence, depth(&plan))?;
                Ok(self.write(context, &plan.beside(&record))?)
            }
        }
    }

    fn request(&self) -> PlannedWorkRequest {
        PlannedWorkRequest {
            plan: self.plan.map(Path::to_owned),
            limit: self.limit.map(str::to_owned),
            contacts: self.contacts,
            inventory: self.inventory.map(Path::to_owned),
        }
    }

    fn write(&self, context: &Context, plan: &WorkPlan) -> Result<Exit, Failure> {
        let languages = languages(context);
        let page = || report::work_plan_page(plan, &SitePages::default());
        let text = match context.asked_format {
            Some(Format::Csv) => report::work_plan_csv(plan, languages),
            Some(Format::Markdown) => report::markdown(&page(), languages),
            _ => report::html(&page(), languages),
        };
        let count = plan.routers.len();
        let said = Text::new(format!("the work plan of {count} router(s)"), format!("ルータ {count} 台の作業手順書"));
        to_file_or_stdout(context, self.output, &text, &said)
    }
}

/// A work plan is read by people alone.
fn refuse_other_forms(context: &Context) -> Result<(), Failure> {
    match context.asked_format {
        Some(format @ (Format::Json | Format::Junit)) => Err(UsageError::NoForm {
            command: "report --work-plan",
            format: format.word(),
            known: "html, md, csv".to_owned(),
        }
        .into()),
        _ => Ok(()),
    }
}

/// The run that is laid beside a plan.
struct Beside<'j> {
    journal: &'j Journal,
    evidence: Evidence,
}

/// How much of each router is laid beside a plan: where it has no steps for each, how each ended.
fn depth(plan: &WorkPlan) -> Depth {
    if plan.is_detailed { Depth::Whole } else { Depth::Rows }
}

/// Writes the work plan of all, and one of each site beside it.
fn pages(
    context: &Context,
    folder: &Path,
    work: &PlannedWork,
    beside: Option<Beside<'_>>,
) -> Result<Exit, Vec<Failure>> {
    pages_are_html(context)?;
    let languages = languages(context);
    let whole = WorkPlan::of(work);
    let whole = match &beside {
        Some(Beside { journal, evidence }) => {
            let depth = depth(&whole);
            whole.beside(&record_of(journal, evidence, depth)?)
        }
        None => whole,
    };
    let sites = SitePages::of(whole.routers.iter().map(|one| one.site.as_str()));
    let shown = |site: &str, plan: &WorkPlan| {
        let page = sites.page(site)?.to_owned();
        let text = report::html(&report::work_plan_page(plan, &SitePages::default()), languages);
        Some(SitePage { page, text })
    };
    let index = || report::html(&report::work_plan_page(&whole, &sites), languages);
    let said = |count: usize| {
        Text::new(
            format!("the work plan, and that of {count} site(s) beside it"),
            format!("全体と {count} 拠点の作業手順書"),
        )
    };
    match beside {
        None => {
            let of_sites = WorkPlan::by_site(work).filter_map(|(site, plan)| shown(site, &plan));
            in_folder(context, folder, of_sites.map(Ok), index, said)
        }
        Some(Beside { journal, evidence }) => {
            // Both come in the order of the sites' names: one site of each is held at a time.
            let records = run::by_site(journal, evidence).map(|one| one.map(WorkRecord::made_of));
            let mut records = records.peekable();
            let of_sites = WorkPlan::by_site(work).filter_map(|(site, plan)| {
                while records.next_if(|record| site_of(record).is_some_and(|of| of < site)).is_some() {}
                let plan = match records.next_if(|record| site_of(record).is_none_or(|of| of == site)) {
                    Some(Ok(record)) => plan.beside(&record),
                    Some(Err(error)) => return Some(Err(error)),
                    None => plan,
                };
                shown(site, &plan).map(Ok)
            });
            in_folder(context, folder, of_sites, index, said)
        }
    }
}

/// The site of a record; nothing where there is no record but an error.
fn site_of(record: &Result<WorkRecord, RunError>) -> Option<&str> {
    let record = record.as_ref().ok()?;
    Some(record.routers.first().map_or("", |one| one.site.as_str()))
}
