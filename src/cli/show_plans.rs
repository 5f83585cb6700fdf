//! Plans as they are shown: for people, and as JSON.

use serde_json::{Value, json};

use super::screen::Screen;
use crate::message::Lang;
use crate::plan::Plan;
use crate::report::{self, Detail, FailedRouter};
use crate::run::PlanResult;
use crate::state::State;
use crate::transaction::{FailedEnd, GuessedLine, Planned, SavedPlan, masked};

/// Shows plans for people: identical ones once, then what could not be planned. Briefly, those that change nothing are only counted.
pub fn plans(screen: &Screen, planned: &[PlanResult], detail: Detail) {
    let plans = planned.iter().filter_map(|one| Some((one.intent.router.as_str(), one.plan()?)));
    let changes = |(_, plan): &(&str, &Plan)| !detail.brief || !plan.is_empty();
    for group in report::group(plans.filter(changes), detail.why) {
        screen.say(&report::show(&group, screen.lang, detail));
        screen.say("\n");
    }
    let failed = planned.iter().filter_map(|one| {
        let FailedEnd { state, cause } = one.result.as_ref().err()?;
        Some(FailedRouter { router: &one.intent.router, state: *state, cause })
    });
    for text in report::failed_routers(failed, screen.lang) {
        screen.say_prose(&format!("{text}\n"));
    }
}

/// What happens when a plan fails, before anything is sent: once for the routers it holds for. Briefly, that is left out.
pub fn rollback_notes(screen: &Screen, planned: &[PlanResult], detail: Detail) {
    if detail.brief && !detail.rollback_notes {
        return;
    }
    let plans = planned.iter().filter_map(|one| Some((one.intent.router.as_str(), one.plan()?)));
    let mut changing = plans.filter(|(_, plan)| !plan.is_empty()).peekable();
    if changing.peek().is_some() {
        screen.say_prose(&match detail.rollback_notes {
            true => report::shared_rollback_notes(changing, screen.lang),
            false => report::rollback_in_brief(screen.lang),
        });
    }
}

/// Under which terms the routers that change are changed: once for those that share them.
pub fn terms(screen: &Screen, planned: &[PlanResult]) {
    let changing = planned.iter().filter(|one| one.plan().is_some_and(|plan| !plan.is_empty()));
    let terms = changing.map(|one| (one.intent.router.as_str(), &one.intent.terms));
    screen.say_prose(&report::terms(terms, screen.lang));
}

/// The same of plans that were kept.
pub fn saved_terms(screen: &Screen, plans: &[&SavedPlan]) {
    let changing = plans.iter().filter(|plan| !plan.commands.is_empty());
    let terms = changing.map(|plan| (plan.intent.router.as_str(), &plan.intent.terms));
    screen.say_prose(&report::terms(terms, screen.lang));
}

/// How many routers are as declared, for people; `failed` of them do not do what they should. `left_out` more have no plan in the file that
/// they were compared with.
pub fn count(screen: &Screen, planned: &[PlanResult], failed: Option<usize>, left_out: usize) {
    let changing = planned.iter().filter(|one| one.plan().is_some_and(|plan| !plan.is_empty())).count();
    let unread = planned.iter().filter(|one| one.result.is_err()).count();
    let same = planned.len() - changing - unread - failed.unwrap_or_default();
    let unread = unread + left_out;
    screen.say_prose(&match (screen.lang, failed) {
        (Lang::En, None) => format!("{changing} router(s) to change, {same} as declared, {unread} without a plan\n"),
        (Lang::Ja, None) => format!("変更あり {changing} 台、宣言どおり {same} 台、計画不可 {unread} 台\n"),
        (Lang::En, Some(failed)) => format!(
            "{changing} router(s) to change, {failed} as declared with a failed check, {same} as declared, {unread} without a plan\n"
        ),
        (Lang::Ja, Some(failed)) => format!(
            "変更あり {changing} 台、宣言どおりだが確認 NG {failed} 台、宣言どおり {same} 台、計画不可 {unread} 台\n"
        ),
    });
}

/// One router in the JSON document.
pub fn document(one: &PlanResult) -> Value {
    let mut value = json!({ "router": one.intent.router, "site": one.intent.site });
    let Some(fields) = value.as_object_mut() else { return value };
    if let Some(base) = &one.base {
        fields.insert("backup".into(), json!(base));
    }
    match &one.result {
        Ok(Planned { observed, plan }) => {
            fields.insert("state".into(), State::Planned.word().into());
            fields.insert("seen".into(), json!(observed.fingerprint()));
            fields.insert("changes".into(), json!(plan.changes.iter().map(|change| &change.text).collect::<Vec<_>>()));
            fields.insert("diff".into(), plan.diff().into());
            fields.insert("commands".into(), json!(masked(&plan.commands)));
            fields.insert("undo".into(), json!(masked(&plan.undo(plan.commands.len()))));
            fields.insert("origins".into(), json!(plan.origins()));
            fields.insert("guesses".into(), json!(GuessedLine::of(plan)));
            fields.insert("terms".into(), json!(one.intent.terms));
            fields.insert("alternatives".into(), json!(plan.alternatives()));
            fields.insert("notes".into(), json!(plan.notes));
        }
        Err(failed) => {
            fields.insert("state".into(), failed.state.word().into());
            fields.insert("causes".into(), json!([failed.cause]));
        }
    }
    value
}
