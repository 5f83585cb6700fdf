//! What will be tried out from the laptop when routers are handed over, as a reviewer reads it before the change.

use std::fmt::Write;

use super::markdown::block;
use super::plan_text::names;
use crate::message::Lang;
use crate::playbook::{LaptopCheck, Phase};
use crate::report::Style;
use crate::run::{FEW, HandOverPlan, TestsOf};
use crate::visible;

/// Different tests that a page for review shows whole.
const ON_A_PAGE: usize = 20;

/// The tests of few routers, each in a line; of a fleet how many there are. Empty where there are none.
pub fn hand_over(plan: &HandOverPlan, lang: Lang) -> String {
    match plan.groups() {
        [] => String::new(),
        groups if groups.len() <= FEW => groups.iter().map(|group| format!("{}\n", whole(group, lang))).collect(),
        groups => format!("{}\n\n", counted(groups, lang)),
    }
}

/// The same as a part of a page in Markdown.
pub fn hand_over_part(plan: &HandOverPlan, lang: Lang) -> String {
    if plan.is_empty() {
        return String::new();
    }
    let heading = lang.pick("At hand-over, from the laptop", "引き渡し時の PC からの試験");
    let shown: String = plan.groups().iter().take(ON_A_PAGE).map(|group| whole(group, lang)).collect();
    let mut out = format!("\n## {heading}\n\n{}\n", counted(plan.groups(), lang));
    out.push('\n');
    out.push_str(&block("", &anstream::adapter::strip_str(&shown).to_string()));
    out
}

fn counted(groups: &[TestsOf], lang: Lang) -> String {
    let routers: usize = groups.iter().map(|group| group.routers.len()).sum();
    let tests: usize = groups.iter().map(|group| group.routers.len() * group.tests.len()).sum();
    match lang {
        Lang::En => format!(
            "At hand-over, on a visit: {tests} test(s) from the laptop on {routers} router(s). The work plan has each."
        ),
        Lang::Ja => {
            format!("引き渡し時(訪問作業)に PC から試験: {routers} 台、{tests} 件。内容は作業手順書に記載します。")
        }
    }
}

fn whole(group: &TestsOf, lang: Lang) -> String {
    let routers: Vec<&str> = group.routers.iter().map(String::as_str).collect();
    let names = names(&routers, lang);
    let heading = match lang {
        Lang::En => format!("══ At hand-over, on a visit, from the laptop: {names}"),
        Lang::Ja => format!("══ 引き渡し時(訪問作業)の PC からの試験: {names}"),
    };
    let mut out = format!("{}\n", Style::Head.on(&heading));
    for LaptopCheck { name, phase, test, .. } in &group.tests {
        let only = match phase {
            Phase::Clinic => lang.pick(" (not on a bench)", "(ベンチでは実施しない)"),
            Phase::Bench => "",
        };
        let (word, test) = (lang.pick("test", "試験"), test.describe());
        let _ = writeln!(out, "  {word} {}{only}: {}", visible::line(name), visible::line(test.get(lang)));
    }
    out
}
