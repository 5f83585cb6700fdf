//! A plan as a reviewer reads it: what changes by meaning, the difference, the exact commands, the way back.
//!
//! Identical plans of many routers are shown once, with the routers they concern.

use std::fmt::Write;

use crate::ix::mask::mask_line;
use crate::message::Lang;
use crate::plan::{Command, Plan};
use crate::report::{Paint, paint_diff};

/// Routers whose plan is the same, and that plan.
#[derive(Debug)]
pub struct Group<'a> {
    /// The routers' names, in the order of the inventory.
    pub routers: Vec<&'a str>,
    /// Their plan.
    pub plan: &'a Plan,
}

/// Puts together the routers whose plan is the same.
pub fn group<'a>(plans: impl IntoIterator<Item = (&'a str, &'a Plan)>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (router, plan) in plans {
        let same =
            groups.iter_mut().find(|group| group.plan.commands == plan.commands && group.plan.diff() == plan.diff());
        match same {
            Some(group) => group.routers.push(router),
            None => groups.push(Group { routers: vec![router], plan }),
        }
    }
    groups
}

/// One group of routers and their plan; with `undo` also the inverse.
pub fn show(group: &Group<'_>, lang: Lang, undo: bool) -> String {
    show_as(&heading(group, lang), group.plan, lang, undo, false)
}

/// One plan under a heading; with `reveal` the commands' secrets as they are.
pub fn show_as(heading: &str, plan: &Plan, lang: Lang, undo: bool, reveal: bool) -> String {
    let mut out = format!("{}\n", Paint::Head.on(heading));
    if plan.is_empty() {
        let nothing = lang.pick("nothing to change", "変更はありません");
        let _ = writeln!(out, "  {}", Paint::Good.on(nothing));
        notes(&mut out, plan, lang);
        return out;
    }
    for change in &plan.changes {
        let _ = writeln!(out, "  {} {}", Paint::Warn.on("~"), change.text.get(lang));
    }
    let _ = writeln!(out, "\n{}", Paint::Head.on(lang.pick("Difference", "差分")));
    out.push_str(&paint_diff(plan.diff()));
    let title = match lang {
        Lang::En => format!("Commands ({}, from global config mode)", lines(plan.commands.len())),
        Lang::Ja => format!("コマンド({} 行、グローバルコンフィグモードから)", plan.commands.len()),
    };
    let _ = writeln!(out, "\n{}", Paint::Head.on(&title));
    commands(&mut out, &plan.commands, lang, reveal);
    if undo {
        let inverse = plan.undo(plan.commands.len());
        let title = match lang {
            Lang::En => format!("Undo ({}, if every line was sent)", lines(inverse.len())),
            Lang::Ja => format!("取り消し({} 行、全行送信後の場合)", inverse.len()),
        };
        let _ = writeln!(out, "\n{}", Paint::Head.on(&title));
        commands(&mut out, &inverse, lang, reveal);
    }
    notes(&mut out, plan, lang);
    out
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

fn heading(group: &Group<'_>, lang: Lang) -> String {
    /// More names than this hide the plan; their number says enough, and JSON has them all.
    const NAMES: usize = 12;
    let names = group.routers.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
    let more = group.routers.len().saturating_sub(NAMES);
    match (lang, group.routers.len(), more) {
        (_, 1, _) => format!("══ {names}"),
        (Lang::En, count, 0) => format!("══ {names} ({count} routers, the same plan)"),
        (Lang::Ja, count, 0) => format!("══ {names}({count} 台、同一の計画)"),
        (Lang::En, count, more) => format!("══ {names} and {more} more ({count} routers, the same plan)"),
        (Lang::Ja, count, more) => format!("══ {names} ほか {more} 台(計 {count} 台、同一の計画)"),
    }
}

fn commands(out: &mut String, commands: &[Command], lang: Lang, reveal: bool) {
    for command in commands {
        let indent = "  ".repeat(command.depth);
        let text = if reveal { command.text.to_string() } else { mask_line(&command.text) };
        let _ = write!(out, "{:>5}  {indent}{text}", command.number);
        let mut remarks = Vec::new();
        if command.restart {
            remarks.push(lang.pick("takes effect after a restart", "再起動後に有効"));
        }
        if command.may_cut {
            remarks.push(lang.pick("may cut our own session", "自セッションが切れる可能性"));
        }
        if let Some(why) = &command.irreversible {
            remarks.push(why.get(lang));
        }
        if remarks.is_empty() {
            out.push('\n');
        } else {
            let _ = writeln!(out, "  {}", Paint::Warn.on(&format!("← {}", remarks.join(", "))));
        }
    }
}

fn notes(out: &mut String, plan: &Plan, lang: Lang) {
    if plan.notes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", Paint::Head.on(lang.pick("Notes", "注意")));
    for note in &plan.notes {
        let _ = writeln!(out, "  {} {}", Paint::Warn.on("!"), note.text.get(lang));
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at once")]
mod tests {
    use super::{group, show};
    use crate::ix::Config;
    use crate::message::Lang;
    use crate::plan::{Lifeline, Plan, between};

    #[test]
    fn routers_with_the_same_plan_share_it() {
        let plan = |name: &str| -> Plan {
            let (old, new) = (Config::parse("hostname old\n"), Config::parse(format!("hostname {name}\n")));
            between(&old, &new, &Lifeline::Console, 255).expect("a plan")
        };
        let plans = [("r1", plan("a")), ("r2", plan("b")), ("r3", plan("a"))];
        let groups = group(plans.iter().map(|(router, plan)| (*router, plan)));
        let routers: Vec<&[&str]> = groups.iter().map(|group| group.routers.as_slice()).collect();
        assert_eq!(routers, [&["r1", "r3"][..], &["r2"]]);
        let shown: String = groups.iter().map(|group| show(group, Lang::En, false)).collect();
        assert_eq!(shown.matches("hostname a").count(), 2, "once in the difference and once in the commands: {shown}");
        assert!(shown.contains("r1") && shown.contains("r3"), "{shown}");
    }
}
