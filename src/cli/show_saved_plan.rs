//! A plan from a file on the screen: for people, as JSON, and as a page for its review. No router is met, and no inventory is read.

use std::path::Path;

use serde_json::json;

use super::args::Format;
use super::error::{Exit, Failure};
use super::plan_heading::{header, plan_heading};
use super::screen::Screen;
use super::{show_classes, show_plans};
use crate::message::Lang;
use crate::report::{self, Detail};
use crate::run::{self, ApprovedPlan, FEW};
use crate::transaction::{ClassGroups, SavedPlan};
use crate::visible;

/// What of a plan is shown.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'c> {
    /// Only the undo of each router.
    pub undo: bool,
    /// Each router with its class, by site.
    pub by_site: bool,
    /// One router, whole.
    pub router: Option<&'c str>,
}

/// Whether an argument names a plan file and not a run: no run's name has a dot or is the name of a file here.
pub fn is_file(argument: &str) -> bool {
    argument.contains(['.', '/', '\\']) || Path::new(argument).is_file()
}

/// Shows a plan file.
///
/// # Errors
/// When it cannot be read, is no plan file, or has no router of that name.
pub fn show(screen: &Screen, path: &Path, choice: Choice<'_>) -> Result<Exit, Failure> {
    let mut plan = run::read_plan(path)?;
    if let Some(router) = choice.router {
        plan.keep_router(router)?;
    }
    if choice.undo {
        for entry in &plan.file.routers {
            screen.write_lines(&format!("! {}\n", visible::line(&entry.intent.router)));
            entry.undo.iter().for_each(|line| screen.write_lines(&format!("{line}\n")));
        }
    }
    let groups = ClassGroups::of(&plan.file.routers);
    match screen.format {
        Format::Markdown => screen.print(&page(&plan, &groups, screen.lang)),
        Format::Json => {
            let classes = show_classes::classes(&groups);
            let body = json!({ "plan_sha256": plan.sha256, "classes": classes, "plan": plan.file });
            screen.document("show", Exit::Done, &body);
        }
        _ if choice.undo => {}
        _ => text(screen, &plan, &groups, choice),
    }
    Ok(Exit::Done)
}

/// The plan as its reviewer reads it: a few routers one by one, a fleet by its classes.
pub fn for_people(screen: &Screen, plan: &ApprovedPlan, detail: Detail) {
    screen.say_prose(&plan_heading(plan, screen.lang));
    all(screen, plan, &ClassGroups::of(&plan.file.routers), detail);
}

/// The same without its heading.
fn all(screen: &Screen, plan: &ApprovedPlan, groups: &ClassGroups<'_>, detail: Detail) {
    let without = show_classes::without(&plan.file.unplanned);
    if plan.file.routers.len() + without.len() > FEW {
        show_classes::fleet(screen, groups, &without, detail);
        screen.say_prose(&report::hand_over(&plan.file.hand_over, screen.lang));
        return;
    }
    let few: Vec<&SavedPlan> = plan.file.routers.iter().collect();
    screen.say(&report::saved_plans(&few, screen.lang));
    screen.say_prose(&report::without_plans(&without, screen.lang));
    show_plans::saved_terms(screen, &few);
    screen.say_prose(&report::hand_over(&plan.file.hand_over, screen.lang));
}

fn text(screen: &Screen, plan: &ApprovedPlan, groups: &ClassGroups<'_>, choice: Choice<'_>) {
    let lang = screen.lang;
    screen.say_prose(&plan_heading(plan, lang));
    if choice.by_site {
        let without = show_classes::without(&plan.file.unplanned);
        screen.say_prose(&format!("{}\n", report::class_summary(groups, &without, lang)));
        screen.say_prose(&report::by_site(groups, &without, lang));
    } else {
        all(screen, plan, groups, Detail { undo: true, why: true, rollback_notes: true, brief: false });
    }
}

fn page(plan: &ApprovedPlan, groups: &ClassGroups<'_>, lang: Lang) -> String {
    let title = match lang {
        Lang::En => format!("Plan for review: {}", plan.file.playbook),
        Lang::Ja => format!("計画のレビュー: {}", plan.file.playbook),
    };
    let without = show_classes::without(&plan.file.unplanned);
    let mut out = report::plan_page(&title, &header(plan, lang), groups, &without, lang);
    out.push_str(&report::hand_over_part(&plan.file.hand_over, lang));
    out
}
