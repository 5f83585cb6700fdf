//! A plan from a file on the screen: for people, and as JSON. No router is met, and no inventory is read.

use std::path::Path;

use serde_json::json;

use super::context::Context;
use super::error::{Exit, Failure};
use super::plan_heading::plan_heading;
use super::screen::Screen;
use super::show_classes;
use crate::report::{self, Detail};
use crate::run::{self, ApprovedPlan, FEW};
use crate::transaction::{ClassGroups, SavedPlan};
use crate::visible;

/// Whether an argument names a plan file and not a run: no run's name has a dot or is the name of a file here.
pub fn is_file(argument: &str) -> bool {
    argument.contains(['.', '/', '\\']) || Path::new(argument).is_file()
}

/// Shows a plan file, or only the undo of each of its routers.
///
/// # Errors
/// When it cannot be read, or is no plan file.
pub fn show(context: &Context, path: &Path, undo: bool) -> Result<Exit, Failure> {
    let plan = run::read_plan(path)?;
    if undo {
        for entry in &plan.file.routers {
            context.screen.write_lines(&format!("! {}\n", visible::line(&entry.intent.router)));
            entry.undo.iter().for_each(|line| context.screen.write_lines(&format!("{line}\n")));
        }
    } else {
        for_people(&context.screen, &plan, Detail { undo: true, why: true });
    }
    context.screen.document("show", Exit::Done, &json!({ "plan_sha256": plan.sha256, "plan": plan.file }));
    Ok(Exit::Done)
}

/// The plan as its reviewer reads it: a few routers one by one, a fleet by its classes.
pub fn for_people(screen: &Screen, plan: &ApprovedPlan, detail: Detail) {
    screen.say(&plan_heading(plan, screen.lang));
    let all: Vec<&SavedPlan> = plan.file.routers.iter().collect();
    let without = show_classes::without(&plan.file);
    if all.len() + without.len() > FEW {
        show_classes::fleet(screen, &ClassGroups::of(all), &without, detail);
        return;
    }
    screen.say(&report::saved_plans(&all, screen.lang));
    screen.say(&report::without_plans(&without, screen.lang));
    let terms = all.iter().filter(|entry| !entry.commands.is_empty());
    let terms = terms.map(|entry| (entry.intent.router.as_str(), &entry.intent.terms));
    screen.say(&report::terms(terms, screen.lang));
}
