//! Plans that are made when a router's turn comes, as they are shown before their first line is sent: the same plan once, however many
//! routers follow.

use super::screen::Screen;
use crate::message::Lang;
use crate::plan::Plan;
use crate::report::{self, Detail};
use crate::transaction::Intent;
use crate::visible;

/// More different ones than this are not remembered: what comes after them is shown in full.
const REMEMBERED: usize = 1000;

/// What was shown in this run.
#[derive(Debug, Default)]
pub struct LatePlansShown(Vec<Shown>);

/// What was shown for a router.
#[derive(Debug)]
struct Shown {
    router: String,
    /// Everything, as it reads without the router's name.
    text: String,
}

impl LatePlansShown {
    /// Shows a plan; where the same one was shown for another router, or nothing is to change, in a line.
    pub fn show(&mut self, screen: &Screen, intent: &Intent, plan: &Plan, detail: Detail) {
        let router = intent.router.as_str();
        if plan.is_empty() {
            let nothing = screen.lang.pick("nothing to change", "変更はありません");
            screen.say(&format!("══ {}: {nothing}\n", visible::line(router)));
            return;
        }
        let text = text(screen.lang, "", intent, plan, detail);
        if let Some(first) = self.0.iter().find(|shown| shown.text == text) {
            let (router, first) = (visible::line(router), visible::line(&first.router));
            screen.say(&match screen.lang {
                Lang::En => format!("══ {router}: the same plan as {first}\n"),
                Lang::Ja => format!("══ {router}: {first} と同一の計画\n"),
            });
            return;
        }
        screen.say(&self::text(screen.lang, router, intent, plan, detail));
        if self.0.len() < REMEMBERED {
            self.0.push(Shown { router: router.to_owned(), text });
        }
    }
}

/// The plan, what happens when it fails, and the terms, under this name.
fn text(lang: Lang, router: &str, intent: &Intent, plan: &Plan, detail: Detail) -> String {
    let mut out = String::new();
    for group in report::group([(router, plan)], detail.why) {
        out.push_str(&report::show(&group, lang, detail));
        out.push('\n');
    }
    out.push_str(&match detail.rollback_notes {
        true => report::shared_rollback_notes([(router, plan)], lang),
        false => report::rollback_in_brief(lang),
    });
    out.push_str(&report::terms([(router, &intent.terms)], lang));
    out
}
