//! A plan from a file on the screen: for people, and as JSON. No router is met, and no inventory is read.

use std::path::Path;

use serde_json::json;

use super::context::Context;
use super::error::{Exit, Failure};
use super::plan_heading::plan_heading;
use super::show_classes;
use crate::report::{self, Detail};
use crate::run::{self, FEW};
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
        context.screen.say(&plan_heading(&plan, context.screen.lang));
        let all: Vec<&SavedPlan> = plan.file.routers.iter().collect();
        let without = show_classes::without(&plan.file);
        if all.len() + without.len() > FEW {
            let groups = ClassGroups::of(all);
            show_classes::fleet(&context.screen, &groups, &without, Detail { undo: true, why: true });
        } else {
            context.screen.say(&report::saved_plans(&all, context.screen.lang));
            context.screen.say(&report::without_plans(&without, context.screen.lang));
            let terms = all.iter().filter(|entry| !entry.commands.is_empty());
            let terms = terms.map(|entry| (entry.intent.router.as_str(), &entry.intent.terms));
            context.screen.say(&report::terms(terms, context.screen.lang));
        }
    }
    context.screen.document("show", Exit::Done, &json!({ "plan_sha256": plan.sha256, "plan": plan.file }));
    Ok(Exit::Done)
}
