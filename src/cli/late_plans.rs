//! Plans that are made when a router's turn comes, as they are shown before their first line is sent: each change class once, and of the
//! routers that follow in it their own values.

use super::screen::Screen;
use crate::message::{Lang, Text};
use crate::plan::Plan;
use crate::report::{self, Detail};
use crate::transaction::{ChangeClass, ClassHash, Intent};
use crate::visible;

/// More different ones than this are not remembered: what comes after them is shown in full.
const REMEMBERED: usize = 1000;

/// What was shown in this run.
#[derive(Debug, Default)]
pub struct LatePlansShown(Vec<Shown>);

/// What was shown for a router, but for its own values.
#[derive(Debug)]
struct Shown {
    router: String,
    class: ClassHash,
    notes: Vec<Text>,
}

impl LatePlansShown {
    /// Shows a plan. Where one of its class, with the same notes, was shown for another router, or nothing is to change, in a line; briefly,
    /// only those that say a router's own values.
    pub fn show(&mut self, screen: &Screen, intent: &Intent, plan: &Plan, detail: Detail) {
        let (router, lang) = (intent.router.as_str(), screen.lang);
        if plan.is_empty() {
            if !detail.brief {
                let nothing = lang.pick("nothing to change", "変更はありません");
                screen.say(&format!("══ {}: {nothing}\n", visible::line(router)));
            }
            return;
        }
        let change = ChangeClass::of(intent, plan);
        let class = change.class.hash();
        let notes: Vec<Text> = plan.notes.iter().map(|note| note.text.clone()).collect();
        if let Some(first) = self.0.iter().find(|shown| shown.class == class && shown.notes == notes) {
            // What is approved by being shown is shown: its own values are no one else's.
            let own = report::own_words(&change, lang);
            if !detail.brief || !own.is_empty() {
                screen.say(&same(lang, router, &first.router, &own));
            }
            return;
        }
        screen.say(&text(lang, intent, plan, detail));
        if self.0.len() < REMEMBERED {
            self.0.push(Shown { router: router.to_owned(), class, notes });
        }
    }
}

/// A router whose plan is that of the `first` one, but for these words of its `own`.
fn same(lang: Lang, router: &str, first: &str, own: &str) -> String {
    let (router, first) = (visible::line(router), visible::line(first));
    match (lang, own.is_empty()) {
        (Lang::En, true) => format!("══ {router}: the same plan as {first}\n"),
        (Lang::En, false) => format!("══ {router}: the same plan as {first}, with {own}\n"),
        (Lang::Ja, true) => format!("══ {router}: {first} と同一の計画\n"),
        (Lang::Ja, false) => format!("══ {router}: {first} と同一の計画、ただし {own}\n"),
    }
}

/// The plan, what happens when it fails, and the terms.
fn text(lang: Lang, intent: &Intent, plan: &Plan, detail: Detail) -> String {
    let router = intent.router.as_str();
    let mut out = String::new();
    for group in report::group([(router, plan)], detail.why) {
        out.push_str(&report::show(&group, lang, detail));
        out.push('\n');
    }
    out.push_str(&match (detail.rollback_notes, detail.brief) {
        (true, _) => report::shared_rollback_notes([(router, plan)], lang),
        (false, true) => String::new(),
        (false, false) => report::rollback_in_brief(lang),
    });
    out.push_str(&report::terms([(router, &intent.terms)], lang));
    out
}
