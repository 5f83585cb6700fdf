//! The plan of a fleet on the screen: its classes, what has no plan, and under which terms routers are changed; for programs too.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::screen::Screen;
use crate::message::Lang;
use crate::report::{self, Detail, Style, Without};
use crate::run::{PlanFile, Unplanned};
use crate::state::State;
use crate::transaction::{BaseRecord, ClassGroup, ClassGroups, SavedPlan};

/// Classes that are shown whole: more are listed, each in a line.
const SHOWN: usize = 20;

/// Routers that have no plan, as they are shown.
pub fn without(unplanned: &[Unplanned]) -> Vec<Without<'_>> {
    unplanned
        .iter()
        .map(|one| Without { router: &one.router, site: &one.site, state: one.state, cause: &one.cause })
        .collect()
}

/// Shows the plan of a fleet for people.
pub fn fleet(screen: &Screen, groups: &ClassGroups<'_>, without: &[Without<'_>], detail: Detail) {
    let lang = screen.lang;
    let changing: usize = groups.changing.iter().map(|group| group.plans.len()).sum();
    let all = changing + groups.unchanged.len() + without.len();
    let title = match lang {
        Lang::En => format!("══ {all} routers, {} class(es) of change", groups.changing.len()),
        Lang::Ja => format!("══ {all} 台、変更クラス {} 種類", groups.changing.len()),
    };
    let summary = report::class_summary(groups, without, lang);
    screen.say_prose(&format!("{}\n{summary}\n", Style::Head.on(&title)));
    for group in groups.changing.iter().take(SHOWN) {
        screen.say(&format!("{}\n", report::class(group, lang, detail)));
    }
    if groups.changing.len() > SHOWN {
        let more = groups.changing.len() - SHOWN;
        screen.say_prose(&match lang {
            Lang::En => format!(
                "{more} more class(es), listed above, are not shown whole: keep the plan with `plan -o FILE` and read it with `show FILE --router NAME`\n\n"
            ),
            Lang::Ja => format!(
                "ほか {more} クラスは上の一覧のみです。plan -o FILE で保存し、show FILE --router NAME で確認できます\n\n"
            ),
        });
    }
    screen.say_prose(&report::without_plans(without, lang));
    if detail.rollback_notes {
        screen.say_prose(&report::class_rollback_notes(groups, lang));
    } else if changing > 0 && !detail.brief {
        screen.say_prose(&report::rollback_in_brief(lang));
    }
    let terms =
        groups.changing.iter().filter_map(|group| Some((class_words(group, lang), &group.plans.first()?.intent.terms)));
    let terms: Vec<_> = terms.collect();
    screen.say_prose(&report::terms(terms.iter().map(|(name, terms)| (name.as_str(), *terms)), lang));
}

/// How many routers are as declared, for people.
pub fn count(screen: &Screen, groups: &ClassGroups<'_>, unread: usize) {
    let changing: usize = groups.changing.iter().map(|group| group.plans.len()).sum();
    let same = groups.unchanged.len();
    screen.say_prose(&match screen.lang {
        Lang::En => format!("{changing} router(s) to change, {same} as declared, {unread} without a plan\n"),
        Lang::Ja => format!("変更あり {changing} 台、宣言どおり {same} 台、計画不可 {unread} 台\n"),
    });
}

fn class_words(group: &ClassGroup<'_>, lang: Lang) -> String {
    match lang {
        Lang::En => format!("class {}", group.name),
        Lang::Ja => format!("クラス {}", group.name),
    }
}

/// The classes in the JSON document.
pub fn classes(groups: &ClassGroups<'_>) -> Vec<Value> {
    let one = |group: &ClassGroup<'_>| {
        json!({
            "hash": group.hash,
            "class": group.class,
            "changes": group.plans.first().map(|plan| &plan.changes),
            "different": group.different(),
            "routers": group.routers(),
            "sites": group.sites(),
        })
    };
    groups.changing.iter().map(one).collect()
}

/// Each router of a plan in the JSON document, in the order of their names in `order`.
pub fn documents(file: &PlanFile, groups: &ClassGroups<'_>, backups: &HashMap<String, BaseRecord>) -> Vec<Value> {
    let mut own: HashMap<&str, (&ClassGroup<'_>, usize)> = HashMap::new();
    for group in &groups.changing {
        own.extend(group.routers().into_iter().enumerate().map(|(at, router)| (router, (group, at))));
    }
    let planned = file.routers.iter().map(|plan| {
        let mut value = document(plan);
        if let (Some(fields), Some((group, at))) = (value.as_object_mut(), own.get(plan.intent.router.as_str())) {
            fields.insert("class".into(), json!(group.hash));
            fields.insert("values".into(), json!(group.values.get(*at)));
        }
        value
    });
    let unplanned = file
        .unplanned
        .iter()
        .map(|one| json!({ "router": one.router, "site": one.site, "state": one.state.word(), "causes": [one.cause] }));
    let with_backup = |mut value: Value| {
        let base = value.get("router").and_then(Value::as_str).and_then(|router| backups.get(router));
        if let (Some(base), Some(fields)) = (base, value.as_object_mut()) {
            fields.insert("backup".into(), json!(base));
        }
        value
    };
    planned.chain(unplanned).map(with_backup).collect()
}

/// One router with its plan.
fn document(plan: &SavedPlan) -> Value {
    json!({
        "router": plan.intent.router,
        "site": plan.intent.site,
        "state": State::Planned.word(),
        "seen": plan.seen,
        "changes": plan.changes,
        "diff": plan.diff,
        "commands": plan.commands,
        "undo": plan.undo,
        "origins": plan.origins,
        "guesses": plan.guesses,
        "terms": plan.intent.terms,
        "alternatives": plan.alternatives,
        "notes": plan.notes,
    })
}
