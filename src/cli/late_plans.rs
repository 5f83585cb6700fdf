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

/// Routers about which there is nothing of their own to show are named up to this number; the result counts them.
const NAMED: usize = 10;

/// What was shown in this run.
#[derive(Debug, Default)]
pub struct LatePlansShown {
    plans: Vec<Shown>,
    /// How many routers had nothing of their own to show.
    alike: usize,
}

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
                let line = format!("══ {}: {nothing}\n", visible::line(router));
                self.alike(line, lang).iter().for_each(|line| screen.say_prose(line));
            }
            return;
        }
        let change = ChangeClass::of(intent, plan);
        let class = change.class.hash();
        let notes: Vec<Text> = plan.notes.iter().map(|note| note.text.clone()).collect();
        if let Some(first) = self.plans.iter().find(|shown| shown.class == class && shown.notes == notes) {
            // What is approved by being shown is shown: its own values are no one else's.
            let own = report::own_words(&change, lang);
            let line = same(lang, router, &first.router, &own);
            if !own.is_empty() {
                screen.say_prose(&line);
            } else if !detail.brief {
                self.alike(line, lang).iter().for_each(|line| screen.say_prose(line));
            }
            return;
        }
        show_whole(screen, intent, plan, detail);
        if self.plans.len() < REMEMBERED {
            self.plans.push(Shown { router: router.to_owned(), class, notes });
        }
    }

    /// A line about a router that has nothing of its own: the first few are shown, then once that there are more.
    fn alike(&mut self, line: String, lang: Lang) -> Option<String> {
        self.alike += 1;
        if self.alike <= NAMED {
            return Some(line);
        }
        let further = lang.pick(
            "══ further routers with a plan that was shown, or with nothing to change, are only counted\n",
            "══ 以降、表示済みの計画と同一、または変更のないルータは台数だけを結果に示します\n",
        );
        (self.alike == NAMED + 1).then(|| further.to_owned())
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

/// The plan, what happens when it fails, and the terms. Commands and differences stay as they are, whatever the width of the screen.
fn show_whole(screen: &Screen, intent: &Intent, plan: &Plan, detail: Detail) {
    let (router, lang) = (intent.router.as_str(), screen.lang);
    for group in report::group([(router, plan)], detail.why) {
        screen.say(&report::show(&group, lang, detail));
        screen.say("\n");
    }
    screen.say_prose(&match (detail.rollback_notes, detail.brief) {
        (true, _) => report::shared_rollback_notes([(router, plan)], lang),
        (false, true) => String::new(),
        (false, false) => report::rollback_in_brief(lang),
    });
    screen.say_prose(&report::terms([(router, &intent.terms)], lang));
}

#[cfg(test)]
mod tests {
    use super::LatePlansShown;
    use crate::message::Lang;

    #[test]
    fn of_sixty_routers_with_one_plan_a_few_are_named_and_the_others_counted() {
        let mut shown = LatePlansShown::default();
        let lines = (0..60).filter_map(|number| shown.alike(format!("c{number}\n"), Lang::En)).collect::<Vec<_>>();
        assert_eq!(lines.len(), 11);
        assert!(lines.last().is_some_and(|line| line.contains("only counted")), "{lines:?}");
    }
}
