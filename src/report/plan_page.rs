//! A page in Markdown for who reviews the plan of a night: its header, its classes with an example of each, what has no plan, the terms.

use std::fmt::Write;

use super::class_text::{Without, changes, counted, placeholder};
use super::markdown::{block, table, text};
use super::plan_text::{caution_words, guess_words, names};
use super::{state_words, terms};
use crate::message::Lang;
use crate::transaction::{ChangeClass, ClassGroup, ClassGroups, ClassLine};

/// A row of the page's heading: a name and its value.
pub type Heading<'h> = [(&'h str, String)];

/// The page.
pub fn plan_page(
    title: &str,
    header: &Heading<'_>,
    groups: &ClassGroups<'_>,
    without: &[Without<'_>],
    lang: Lang,
) -> String {
    let mut out = format!("# {}\n\n", text(title));
    let rows = header.iter().map(|(word, value)| [(*word).to_owned(), value.clone()]);
    out.push_str(&table(["", ""], rows));
    summary(&mut out, groups, without, lang);
    for group in &groups.changing {
        class(&mut out, group, lang);
    }
    if !without.is_empty() {
        let _ = writeln!(out, "\n## {}\n", lang.pick("Without a plan", "計画のないルータ"));
        let row = |one: &Without<'_>| {
            // What follows the first line is lines of its own, and has its block below.
            let first = one.cause.text.get(lang).lines().next().unwrap_or_default();
            let why = format!("[{}] {first}", one.cause.code);
            [one.router.to_owned(), state_words(one.state, lang), why]
        };
        let heading = [lang.pick("router", "ルータ"), lang.pick("state", "状態"), lang.pick("why", "理由")];
        out.push_str(&table(heading, without.iter().map(row)));
        without.iter().for_each(|one| more_lines(&mut out, one, lang));
    }
    let firsts =
        groups.changing.iter().filter_map(|group| Some((group.name.as_str(), &group.plans.first()?.intent.terms)));
    let shown = terms(firsts, lang);
    let _ = writeln!(out, "\n## {}\n", lang.pick("Checks and policy, by class", "確認項目とポリシー(クラス別)"));
    out.push_str(&block("", &anstream::adapter::strip_str(&shown).to_string()));
    out
}

/// What a cause shows below its first line, such as a difference, as lines.
fn more_lines(out: &mut String, one: &Without<'_>, lang: Lang) {
    let said = one.cause.text.get(lang);
    if let Some((_, lines)) = said.split_once('\n').filter(|(_, lines)| !lines.trim().is_empty()) {
        let _ = writeln!(out, "\n{}:\n", text(one.router));
        out.push_str(&block("diff", lines));
    }
}

fn summary(out: &mut String, groups: &ClassGroups<'_>, without: &[Without<'_>], lang: Lang) {
    let _ = writeln!(out, "\n## {}\n", lang.pick("Classes of change", "変更クラス"));
    let row = |group: &ClassGroup<'_>| {
        let changes = group.plans.first().map_or(String::new(), |plan| changes(plan, lang));
        let guesses = group.class.as_ref().map_or(0, ChangeClass::guesses);
        [group.name.clone(), group.plans.len().to_string(), group.sites().to_string(), changes, guesses.to_string()]
    };
    let heading = match lang {
        Lang::En => ["class", "routers", "sites", "changes", "lines that rest on guesses"],
        Lang::Ja => ["クラス", "台数", "拠点数", "変更内容", "推定・仮定の行"],
    };
    out.push_str(&table(heading, groups.changing.iter().map(row)));
    let (same, none) = (counted(groups.unchanged.len(), lang), counted(without.len(), lang));
    let _ = match lang {
        Lang::En => writeln!(out, "\n{same} as declared; {none} without a plan."),
        Lang::Ja => writeln!(out, "\n宣言どおり {same}、計画なし {none}。"),
    };
}

fn class(out: &mut String, group: &ClassGroup<'_>, lang: Lang) {
    let Some(first) = group.plans.first() else { return };
    let count = counted(group.plans.len(), lang);
    let _ = writeln!(out, "\n### {} {}: {count}\n", lang.pick("Class", "クラス"), text(&group.name));
    if let Some(hash) = &group.hash {
        let _ = writeln!(out, "SHA-256 {hash}\n");
    }
    let _ = writeln!(out, "{}\n", text(&names(&group.routers(), lang)));
    for change in &first.changes {
        let _ = writeln!(out, "- {}", text(change.get(lang)));
    }
    let example = text(&first.intent.router);
    let _ = writeln!(out, "\n{} ({example}):\n", lang.pick("Example of the difference", "差分の例"));
    out.push_str(&block("diff", &first.diff));
    let Some(class) = &group.class else {
        let _ = writeln!(out, "\n{}:\n", lang.pick("Commands", "コマンド"));
        out.push_str(&block("", &first.commands.join("\n")));
        let _ = writeln!(out, "\n{}:\n", lang.pick("Undo", "取り消し"));
        out.push_str(&block("", &first.undo.join("\n")));
        return;
    };
    for (title, lines) in
        [(lang.pick("Commands", "コマンド"), &class.commands), (lang.pick("Undo", "取り消し"), &class.undo)]
    {
        let _ = writeln!(out, "\n{title}:\n");
        let shown: Vec<String> = (1..).zip(lines).map(|(number, line)| one_line(number, line, class, lang)).collect();
        out.push_str(&block("", &shown.join("\n")));
    }
    if !class.values.is_empty() {
        let _ = writeln!(out, "\n{}:\n", lang.pick("Each router's own", "ルータごとの値"));
        let example = group.values.first().cloned().unwrap_or_default();
        let rows = group.different().into_iter().zip(example).enumerate();
        let row = |(at, (different, value)): (usize, (usize, String))| {
            [placeholder(class, at, lang), different.to_string(), value]
        };
        let heading = match lang {
            Lang::En => ["value", "different", "example"],
            Lang::Ja => ["値", "種類", "例"],
        };
        out.push_str(&table(heading, rows.map(row)));
    }
    let notes = first.notes.iter().flatten().filter(|note| note.is_risk());
    for note in notes {
        let _ = writeln!(out, "\n- {}", text(note.text.get(lang)));
    }
}

fn one_line(number: usize, line: &ClassLine, class: &ChangeClass, lang: Lang) -> String {
    let mut remarks: Vec<&str> = line.guess.iter().map(|guess| guess_words(*guess, lang)).collect();
    remarks.extend(caution_words(line.restart, line.may_cut, line.irreversible.as_ref(), lang));
    let remarks = if remarks.is_empty() { String::new() } else { format!("  <- {}", remarks.join(", ")) };
    format!("{number:>4}  {}{remarks}", super::class_text::templated(&line.text, class, lang))
}
