//! A plan as a reviewer reads it: what changes by meaning, the difference, the exact commands, the rollback notes.
//!
//! Identical plans of many routers are shown once, with the routers they concern.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::ix::mask::mask_line;
use crate::ix::origin::Origin;
use crate::message::{Lang, Text};
use crate::plan::{Command, Guess, Guesses, Note, Plan};
use crate::report::{COLUMNS, Style, Wrap, paint_diff, wrapped};
use crate::visible;

/// What is shown of a plan beside what everyone sees.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// The inverse.
    pub undo: bool,
    /// Where each line comes from.
    pub why: bool,
    /// What happens when it fails, step by step.
    pub rollback_notes: bool,
    /// Only what is approved: what changes, and the exact commands.
    pub brief: bool,
}

/// Routers whose commands are the same, and those commands.
#[derive(Debug)]
pub struct Group<'a> {
    /// The routers' names, in the order of the inventory.
    pub routers: Vec<&'a str>,
    /// The first router's plan; the others' differ from it in their notes at most.
    pub plan: &'a Plan,
    /// What a reviewer should know, and about which routers.
    notes: Vec<(&'a Note, Vec<&'a str>)>,
}

/// Puts together the routers whose commands are the same, and where it is asked `why` come from the same lines. Their notes may
/// differ: a colleague's unsaved changes are one router's.
pub fn group<'a>(plans: impl IntoIterator<Item = (&'a str, &'a Plan)>, why: bool) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    // Only plans whose commands have one hash are compared: each plan is looked at once, however many there are.
    let mut alike: HashMap<u64, Vec<usize>> = HashMap::new();
    for (router, plan) in plans {
        let alike = alike.entry(hash_of(plan)).or_default();
        let is_same = |place: &&usize| {
            groups.get(**place).is_some_and(|Group { plan: known, .. }| {
                known.commands == plan.commands
                    && (!why || known.origins() == plan.origins())
                    && known.diff() == plan.diff()
            })
        };
        let same = alike.iter().find(is_same).copied().unwrap_or_else(|| {
            alike.push(groups.len());
            groups.push(Group { routers: Vec::new(), plan, notes: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(same) {
            group.take(router, plan);
        }
    }
    groups
}

/// The same for plans that type the same.
fn hash_of(plan: &Plan) -> u64 {
    let mut hasher = DefaultHasher::new();
    plan.commands.iter().for_each(|command| command.text.hash(&mut hasher));
    hasher.finish()
}

impl<'a> Group<'a> {
    fn take(&mut self, router: &'a str, plan: &'a Plan) {
        self.routers.push(router);
        for note in own_notes(plan) {
            match self.notes.iter_mut().find(|(known, _)| *known == note) {
                Some((_, routers)) => routers.push(router),
                None => self.notes.push((note, vec![router])),
            }
        }
    }
}

/// The notes that belong to the plan.
fn own_notes(plan: &Plan) -> impl Iterator<Item = &Note> {
    plan.notes.iter().filter(|note| note.id != ROLLBACK_NOTE)
}

/// One group of routers and their plan.
pub fn show(group: &Group<'_>, lang: Lang, detail: Detail) -> String {
    let mut out = body(&heading(&group.routers, lang), group.plan, lang, detail, false);
    let whose = |routers: &[&str]| match routers.len() == group.routers.len() {
        true => String::new(),
        false => format!("{}: ", names(routers, lang)),
    };
    notes(&mut out, group.notes.iter().map(|(note, routers)| (whose(routers), *note)), lang);
    out
}

/// One plan under a heading; with `reveal` the commands' secrets as they are.
pub fn show_as(heading: &str, plan: &Plan, lang: Lang, undo: bool, reveal: bool) -> String {
    let mut out = body(heading, plan, lang, Detail { undo, ..Detail::default() }, reveal);
    notes(&mut out, own_notes(plan).map(|note| (String::new(), note)), lang);
    out
}

/// One change by meaning, in lines that fit a screen.
pub(super) fn change_line(change: &Text, lang: Lang) -> String {
    let wrap = Wrap { columns: COLUMNS - 1, indent: 6, lines: usize::MAX };
    format!("  {} {}\n", Style::Warn.on("~"), wrapped(change.get(lang), 4, wrap))
}

/// Everything of a plan but its notes.
fn body(heading: &str, plan: &Plan, lang: Lang, Detail { undo, why, brief, .. }: Detail, reveal: bool) -> String {
    let mut out = format!("{}\n", Style::Head.on(heading));
    if plan.is_empty() {
        let nothing = lang.pick("nothing to change", "変更はありません");
        let _ = writeln!(out, "  {}", Style::Good.on(nothing));
        return out;
    }
    plan.changes.iter().for_each(|change| out.push_str(&change_line(&change.text, lang)));
    if !brief {
        let _ = writeln!(out, "\n{}", Style::Head.on(lang.pick("Difference", "差分")));
        out.push_str(&paint_diff(plan.diff()));
    }
    let title = match lang {
        Lang::En => format!("Commands ({}, from global config mode)", lines(plan.commands.len())),
        Lang::Ja => format!("コマンド({} 行、グローバルコンフィグモードから)", plan.commands.len()),
    };
    let _ = writeln!(out, "\n{}", Style::Head.on(&title));
    commands(&mut out, &plan.commands, plan.guesses(), lang, Lines { reveal, why });
    if undo {
        let inverse = plan.undo(plan.commands.len());
        let title = match lang {
            Lang::En => format!("Undo ({}, if every line was sent)", lines(inverse.len())),
            Lang::Ja => format!("取り消し({} 行、全行送信後の場合)", inverse.len()),
        };
        let _ = writeln!(out, "\n{}", Style::Head.on(&title));
        commands(&mut out, &inverse, plan.guesses(), lang, Lines { reveal, why: false });
    }
    out
}

/// This many lines.
pub(super) fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

/// The heading of the plan of these routers.
pub(super) fn heading(routers: &[&str], lang: Lang) -> String {
    let names = names(routers, lang);
    match (lang, routers.len()) {
        (_, 1) => format!("══ {names}"),
        (Lang::En, count) => format!("══ {names} ({count} routers, the same plan)"),
        (Lang::Ja, count) => format!("══ {names}({count} 台、同一の計画)"),
    }
}

/// Names of routers, as many as help.
pub(super) fn names(routers: &[&str], lang: Lang) -> String {
    /// More names than this hide the plan; their number says enough, and JSON has them all.
    const NAMES: usize = 12;
    let names = visible::line(&routers.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ")).into_owned();
    match (lang, routers.len().saturating_sub(NAMES)) {
        (_, 0) => names,
        (Lang::En, more) => format!("{names} and {more} more"),
        (Lang::Ja, more) => format!("{names} ほか {more} 台"),
    }
}

/// The line of the template and the values that a command comes from; where no rendered line says it, what owns it.
pub(super) fn origin_words(origin: &Origin, lang: Lang) -> String {
    let words = match (origin, lang) {
        (Origin::Rendered { .. }, _) => origin.to_string(),
        (Origin::Owned { owns }, Lang::En) => format!("not in the rendering, owned by {owns}"),
        (Origin::Owned { owns }, Lang::Ja) => format!("生成結果になく、{owns} で所有する行"),
    };
    visible::line(&words).into_owned()
}

/// How lines are shown.
#[derive(Clone, Copy)]
struct Lines {
    /// Their secrets as they are.
    reveal: bool,
    /// Where each comes from.
    why: bool,
}

fn commands(
    out: &mut String,
    commands: &[Command],
    mut guesses: Guesses<'_>,
    lang: Lang,
    Lines { reveal, why }: Lines,
) {
    for command in commands {
        let indent = "  ".repeat(command.depth);
        let text = if reveal { command.text.to_string() } else { mask_line(&command.text) };
        let _ = write!(out, "{:>5}  {indent}{}", command.number, visible::line(&text));
        if let Some(origin) = command.origin.as_deref().filter(|_| why) {
            let _ = write!(out, "  {}", Style::Dim.on(&format!("({})", origin_words(origin, lang))));
        }
        let mut remarks: Vec<&str> = guesses.of(command).iter().map(|guess| guess_words(*guess, lang)).collect();
        let otherwise: Vec<String> = command.otherwise().iter().map(|form| mask_line(form)).collect();
        let otherwise = otherwise_words(&otherwise, lang);
        remarks.extend(otherwise.as_deref());
        remarks.extend(caution_words(command.restart, command.may_cut, command.irreversible.as_deref(), lang));
        end_line(out, &remarks);
    }
}

/// What a line does beside what it says.
pub(super) fn caution_words(restart: bool, may_cut: bool, irreversible: Option<&Text>, lang: Lang) -> Vec<&str> {
    let restart = restart.then(|| lang.pick("takes effect after a restart", "再起動後に有効"));
    let may_cut = may_cut.then(|| lang.pick("may cut our own session", "自セッションが切れる可能性"));
    [restart, may_cut, irreversible.map(|why| why.get(lang))].into_iter().flatten().collect()
}

/// The other forms of a line, where it has some.
pub(super) fn otherwise_words(forms: &[String], lang: Lang) -> Option<String> {
    let forms: Vec<String> = forms.iter().map(|form| format!("`{}`", visible::line(form))).collect();
    (!forms.is_empty()).then(|| match lang {
        Lang::En => format!("or, where that fails, {}", forms.join(", ")),
        Lang::Ja => format!("効かない場合は {}", forms.join("、")),
    })
}

/// Ends a line with the remarks on it.
pub(super) fn end_line(out: &mut String, remarks: &[&str]) {
    if remarks.is_empty() {
        out.push('\n');
    } else {
        let _ = writeln!(out, "  {}", Style::Warn.on(&format!("← {}", visible::line(&remarks.join(", ")))));
    }
}

/// Why a line is not certain to do what the plan says.
pub(super) fn guess_words(guess: Guess, lang: Lang) -> &'static str {
    match guess {
        Guess::Inferred => lang.pick("inferred, not seen on a device", "推定(実機で未確認)"),
        Guess::Guessed => lang.pick("a guess, not seen on a device", "仮定(実機で未確認)"),
        Guess::Unknown => lang.pick("not a command the tool knows", "未知のコマンド"),
    }
}

fn notes<'n>(out: &mut String, notes: impl Iterator<Item = (String, &'n Note)>, lang: Lang) {
    let mut notes = notes.peekable();
    if notes.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "\n{}", Style::Head.on(lang.pick("Notes", "注意")));
    for (whose, note) in notes {
        out.push_str(&note_line(&format!("{whose}{}", note.text.get(lang))));
    }
}

/// A note below its heading, in lines that fit a screen.
pub(super) fn note_line(text: &str) -> String {
    let below = Wrap { columns: COLUMNS, indent: 4, lines: usize::MAX };
    let lines = text.lines().enumerate().map(|(number, line)| match number {
        0 => wrapped(line, 4, below),
        _ => format!("    {}", wrapped(line, 4, below)),
    });
    format!("  {} {}\n", Style::Warn.on("!"), lines.collect::<Vec<_>>().join("\n"))
}

/// The note that is shown once for all routers that it holds for.
pub(super) const ROLLBACK_NOTE: &str = "rollback.ladder";

/// What happens when a change fails, in a line.
pub fn rollback_in_brief(lang: Lang) -> String {
    let words = lang.pick(
        "If it fails: what was sent is undone, and reading proves it (--rollback-notes).",
        "失敗時は送信した行を取り消し、読み直して確認します(--rollback-notes で全手順を表示)。",
    );
    format!("{words}\n\n")
}

/// The rollback notes of all plans that change something, each once, with its routers; empty if there are none.
pub fn shared_rollback_notes<'a>(plans: impl IntoIterator<Item = (&'a str, &'a Plan)>, lang: Lang) -> String {
    let mut ways: Vec<(&str, Vec<&str>)> = Vec::new();
    for (router, plan) in plans.into_iter().filter(|(_, plan)| !plan.is_empty()) {
        for Note { text, .. } in plan.notes.iter().filter(|note| note.id == ROLLBACK_NOTE) {
            let text = text.get(lang);
            match ways.iter_mut().find(|(known, _)| *known == text) {
                Some((_, routers)) => routers.push(router),
                None => ways.push((text, vec![router])),
            }
        }
    }
    let mut out = String::new();
    for (text, routers) in ways {
        let names = names(&routers, lang);
        let heading = match lang {
            Lang::En => format!("══ If it fails: {names}"),
            Lang::Ja => format!("══ 失敗したとき: {names}"),
        };
        let _ = writeln!(out, "{}\n{text}\n", Style::Head.on(&heading));
    }
    out
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at once")]
mod tests {
    use super::{Detail, ROLLBACK_NOTE, group, shared_rollback_notes, show};
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::message::{Lang, Text};
    use crate::plan::{Lifeline, Note, Plan, between};

    #[test]
    fn rollback_notes_are_shown_once_for_routers_that_share_them() {
        let plan = |router: &str, way: &str| -> Plan {
            let (old, new) = (
                Config::parse(Dialect::ix(), "hostname old\n"),
                Config::parse(Dialect::ix(), format!("hostname {router}\n")),
            );
            let mut plan = between(&old, &new, &Lifeline::Console, 255).expect("a plan");
            let text = format!("{way}, then restore ROUTER --from RUN");
            plan.notes.push(Note {
                about: None,
                lines: None,
                id: ROLLBACK_NOTE.to_owned(),
                text: Text::new(text.clone(), text),
            });
            plan
        };
        let plans = [("r1", plan("r1", "a")), ("r2", plan("r2", "a")), ("r3", plan("r3", "b"))];
        let said = shared_rollback_notes(plans.iter().map(|(router, plan)| (*router, plan)), Lang::En);
        let said = anstream::adapter::strip_str(&said).to_string();
        assert_eq!(
            said,
            "══ If it fails: r1, r2\na, then restore ROUTER --from RUN\n\n══ If it fails: r3\nb, then restore ROUTER --from RUN\n\n"
        );
        let group = &group(plans.iter().map(|(router, plan)| (*router, plan)), false)[0];
        assert!(!show(group, Lang::En, Detail::default()).contains("then restore"), "not with each plan as well");
    }

    #[test]
    fn a_note_of_one_router_is_shown_although_its_plan_is_shared() {
        let plan = |own: Option<&str>| -> Plan {
            let (old, new) =
                (Config::parse(Dialect::ix(), "hostname old\n"), Config::parse(Dialect::ix(), "hostname new\n"));
            let mut plan = between(&old, &new, &Lifeline::Console, 255).expect("a plan");
            let note = |text: &str| Note { about: None, lines: None, id: "n".to_owned(), text: Text::new(text, text) };
            plan.notes = own.into_iter().chain(["of all"]).map(note).collect();
            plan
        };
        let plans = [("r1", plan(None)), ("r2", plan(Some("unsaved"))), ("r3", plan(None))];
        let groups = group(plans.iter().map(|(router, plan)| (*router, plan)), false);
        assert_eq!(groups.len(), 1);
        let said = anstream::adapter::strip_str(&show(&groups[0], Lang::En, Detail::default())).to_string();
        assert!(said.ends_with("  ! of all\n  ! r2: unsaved\n"), "{said}");
    }

    #[test]
    fn routers_with_the_same_plan_share_it() {
        let plan = |name: &str| -> Plan {
            let (old, new) = (
                Config::parse(Dialect::ix(), "hostname old\n"),
                Config::parse(Dialect::ix(), format!("hostname {name}\n")),
            );
            between(&old, &new, &Lifeline::Console, 255).expect("a plan")
        };
        let plans = [("r1", plan("a")), ("r2", plan("b")), ("r3", plan("a"))];
        let groups = group(plans.iter().map(|(router, plan)| (*router, plan)), false);
        let routers: Vec<&[&str]> = groups.iter().map(|group| group.routers.as_slice()).collect();
        assert_eq!(routers, [&["r1", "r3"][..], &["r2"]]);
        let shown: String = groups.iter().map(|group| show(group, Lang::En, Detail::default())).collect();
        assert_eq!(shown.matches("hostname a").count(), 2, "once in the difference and once in the commands: {shown}");
        assert!(shown.contains("r1") && shown.contains("r3"), "{shown}");
    }
}
