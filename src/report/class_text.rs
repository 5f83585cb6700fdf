//! The plan of a fleet as a reviewer reads it: the classes of change, how many routers are in each, one example of each, and which of
//! its words differ from router to router. Everything in it is masked already.
//!
//! What it shows grows with the number of classes, not with that of routers.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::plan_text::{
    Detail, caution_words, change_line, end_line, guess_words, lines, names, origin_words, otherwise_words,
};
use super::saved_plan_text::{self, own_notes};
use super::{Style, paint_diff, state_words};
use crate::ix::origin::Origin;
use crate::message::{Lang, Text};
use crate::plan;
use crate::run::FEW;
use crate::state::State;
use crate::transaction::{
    BoundChange, CauseRecord, ChangeClass, ClassGroup, ClassGroups, ClassLine, ClassText, ClassValue, Piece, SavedPlan,
};
use crate::visible;

/// Routers of one class that are few enough to be shown one by one, each with its own values.
const SMALL: usize = 12;
/// What changes, of one class, in the summary.
const CHANGES: usize = 3;
/// Different texts of what to do when a change fails.
const ROLLBACK_TEXTS: usize = 3;

/// A router without a plan.
#[derive(Debug, Clone, Copy)]
pub struct Without<'p> {
    /// The router.
    pub router: &'p str,
    /// Its site.
    pub site: &'p str,
    /// How it was left.
    pub state: State,
    /// Why.
    pub cause: &'p CauseRecord,
}

/// What is planned for how many routers: a line for each class, then what is as declared, then what has no plan.
pub fn class_summary(groups: &ClassGroups<'_>, without: &[Without<'_>], lang: Lang) -> String {
    let mut out = String::new();
    for group in &groups.changing {
        let changes = group.plans.first().map_or(String::new(), |plan| changes(plan, lang));
        let guesses = group.class.as_ref().map_or(0, ChangeClass::guesses);
        let marked = match (guesses, lang) {
            (0, _) => String::new(),
            (count, Lang::En) => format!(" {}", Style::Warn.on(&format!("← {} on guesses", rest(count)))),
            (count, Lang::Ja) => format!(" {}", Style::Warn.on(&format!("← {count} 行は推定・仮定"))),
        };
        let class = Style::Dim.on(&format!("[{}]", group.name)).to_string();
        let _ = writeln!(out, "  {}: {}  {class}{marked}", counted(group.plans.len(), lang), visible::line(&changes));
    }
    if !groups.unchanged.is_empty() {
        let as_declared = lang.pick("as declared", "宣言どおり");
        let _ = writeln!(out, "  {}: {as_declared}", counted(groups.unchanged.len(), lang));
    }
    for (_, routers) in by_cause(without) {
        let Some(first) = routers.first() else { continue };
        let named: Vec<&str> = routers.iter().map(|one| one.router).collect();
        let words = state_words(first.state, lang);
        let _ =
            writeln!(out, "  {}: {} ({})", counted(routers.len(), lang), Style::Bad.on(&words), names(&named, lang));
    }
    out
}

fn rest(lines: usize) -> String {
    if lines == 1 { "1 line rests".to_owned() } else { format!("{lines} lines rest") }
}

/// `9,812 routers`.
pub(super) fn counted(routers: usize, lang: Lang) -> String {
    let count = grouped(routers);
    match (lang, routers) {
        (Lang::En, 1) => "1 router".to_owned(),
        (Lang::En, _) => format!("{count} routers"),
        (Lang::Ja, _) => format!("{count} 台"),
    }
}

/// A number with a comma after each thousand.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What a plan changes, by meaning, in one line.
pub(super) fn changes(plan: &SavedPlan, lang: Lang) -> String {
    let said: Vec<&str> = plan.changes.iter().take(CHANGES).map(|change| change.get(lang)).collect();
    let said = said.join(lang.pick("; ", "、"));
    match (plan.changes.len().saturating_sub(CHANGES), lang) {
        (0, _) => said,
        (more, Lang::En) => format!("{said}; and {more} more"),
        (more, Lang::Ja) => format!("{said} ほか {more} 件"),
    }
}

/// Routers without a plan, by state and code, in the order of the first of each.
fn by_cause<'w, 'p>(without: &'w [Without<'p>]) -> Vec<((&'static str, &'p str), Vec<&'w Without<'p>>)> {
    let mut found: Vec<((&'static str, &str), Vec<&Without<'_>>)> = Vec::new();
    let mut places: HashMap<(&'static str, &str), usize> = HashMap::new();
    for one in without {
        let key = (one.state.word(), one.cause.code.as_str());
        let next = found.len();
        let place = *places.entry(key).or_insert(next);
        if place == next {
            found.push((key, Vec::new()));
        }
        if let Some((_, routers)) = found.get_mut(place) {
            routers.push(one);
        }
    }
    found
}

/// Why routers have no plan: each cause once, in the words of the first router that it stopped.
pub fn without_plans(without: &[Without<'_>], lang: Lang) -> String {
    let mut out = String::new();
    for (_, routers) in by_cause(without) {
        let Some(first) = routers.first() else { continue };
        let named: Vec<&str> = routers.iter().map(|one| one.router).collect();
        let heading = format!("{}: {}", names(&named, lang), state_words(first.state, lang));
        let CauseRecord { code, text, hints } = first.cause;
        let _ = writeln!(out, "{}", Style::Bad.on(&heading));
        let _ = writeln!(out, "  [{}] {}", visible::line(code), visible::hanging(text.get(lang).trim_end(), 4));
        for hint in hints {
            let _ = writeln!(out, "  {} {}", lang.pick("hint:", "対処:"), visible::hanging(hint.get(lang), 4));
        }
    }
    out
}

/// The plans of a file: a few as they are, a fleet by its classes.
pub fn saved_plans(plans: &[&SavedPlan], lang: Lang) -> String {
    if plans.len() <= FEW {
        return saved_plan_text::few(plans, lang);
    }
    let groups = ClassGroups::of(plans.iter().copied());
    let detail = Detail { undo: true, why: true, rollback_notes: true, brief: false };
    groups.changing.iter().map(|group| format!("{}\n", class(group, lang, detail))).collect()
}

/// One class: what changes, an example of the difference, the lines with placeholders for what differs, and how many values each has.
pub fn class(group: &ClassGroup<'_>, lang: Lang, detail: Detail) -> String {
    let Some(first) = group.plans.first() else { return String::new() };
    let Some(class) = &group.class else {
        return saved_plan_text::group(&group.plans, lang);
    };
    let (routers, sites) = (group.routers(), group.sites());
    let count = counted(routers.len(), lang);
    let heading = match lang {
        Lang::En if sites == 1 => format!("══ Class {}: {count} at 1 site", group.name),
        Lang::En => format!("══ Class {}: {count} at {} sites", group.name, grouped(sites)),
        Lang::Ja => format!("══ クラス {}: {count}({} 拠点)", group.name, grouped(sites)),
    };
    let mut out = format!("{}\n  {}\n", Style::Head.on(&heading), names(&routers, lang));
    first.changes.iter().for_each(|change| out.push_str(&change_line(change, lang)));
    if !detail.brief {
        let example = visible::line(&first.intent.router);
        let title = match lang {
            Lang::En => format!("Difference (example: {example})"),
            Lang::Ja => format!("差分(例: {example})"),
        };
        let _ = writeln!(out, "\n{}", Style::Head.on(&title));
        out.push_str(&paint_diff(&first.diff));
    }
    let title = match lang {
        Lang::En => format!("Commands ({}, from global config mode)", lines(class.commands.len())),
        Lang::Ja => format!("コマンド({} 行、グローバルコンフィグモードから)", class.commands.len()),
    };
    let _ = writeln!(out, "\n{}", Style::Head.on(&title));
    let origins = if detail.why { origins(first) } else { HashMap::new() };
    commands(&mut out, &class.commands, &Lines { literal: &first.commands, class, plan: first, origins }, lang);
    if detail.undo {
        let title = match lang {
            Lang::En => format!("Undo ({}, if every line was sent)", lines(class.undo.len())),
            Lang::Ja => format!("取り消し({} 行、全行送信後の場合)", class.undo.len()),
        };
        let _ = writeln!(out, "\n{}", Style::Head.on(&title));
        let origins = HashMap::new();
        commands(&mut out, &class.undo, &Lines { literal: &first.undo, class, plan: first, origins }, lang);
    }
    own_values(&mut out, group, class, lang);
    own_notes(&mut out, &group.plans, lang);
    out
}

/// Where the lines of a plan come from, by number.
fn origins(plan: &SavedPlan) -> HashMap<usize, &Origin> {
    plan.origins.iter().map(|one| (one.line, &*one.origin)).collect()
}

/// The lines of a class, as one of its routers has them.
struct Lines<'p> {
    literal: &'p [String],
    class: &'p ChangeClass,
    plan: &'p SavedPlan,
    origins: HashMap<usize, &'p Origin>,
}

fn commands(out: &mut String, lines: &[ClassLine], own: &Lines<'_>, lang: Lang) {
    let depths = plan::with_depth(own.plan.intent.dialect(), own.literal);
    for ((number, line), at) in (1..).zip(lines).zip(depths) {
        let text = templated(&line.text, own.class, lang);
        let _ = write!(out, "{number:>5}  {}{}", "  ".repeat(at.depth), visible::line(&text));
        if let Some(origin) = own.origins.get(&number) {
            let _ = write!(out, "  {}", Style::Dim.on(&format!("({})", origin_words(origin, lang))));
        }
        let mut remarks: Vec<&str> = line.guess.iter().map(|guess| guess_words(*guess, lang)).collect();
        let forms: Vec<String> = line.otherwise.iter().map(|form| templated(form, own.class, lang)).collect();
        let otherwise = otherwise_words(&forms, lang);
        remarks.extend(otherwise.as_deref());
        remarks.extend(caution_words(line.restart, line.may_cut, line.irreversible.as_ref(), lang));
        end_line(out, &remarks);
    }
}

/// A text of a class with the names of its values in their places.
pub(super) fn templated(text: &ClassText, class: &ChangeClass, lang: Lang) -> String {
    let mut out = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Value(number) => out.push_str(&placeholder(class, number, lang)),
        }
    }
    out
}

/// `{hostname}`; a second value of one variable is `{hostname#2}`.
pub(super) fn placeholder(class: &ChangeClass, number: usize, lang: Lang) -> String {
    let Some(value) = class.values.get(number) else { return String::new() };
    let ClassValue { name, before } = value;
    let earlier = class.values.iter().take(number).filter(|one| *one == value).count();
    let count = if earlier > 0 { format!("#{}", earlier + 1) } else { String::new() };
    match (before, lang) {
        (false, _) => format!("{{{name}{count}}}"),
        (true, Lang::En) => format!("{{{name}{count}, as it was}}"),
        (true, Lang::Ja) => format!("{{{name}{count} 変更前}}"),
    }
}

/// The words of a router's own in its change: `{hostname} = r3`; empty where it has none.
pub fn own_words(change: &BoundChange, lang: Lang) -> String {
    own_values_words(&change.class, &change.values, lang)
}

/// The same of these values of a class.
pub(super) fn own_values_words(class: &ChangeClass, values: &[String], lang: Lang) -> String {
    let own = values.iter().enumerate().map(|(at, value)| own_word(class, at, value, lang));
    visible::line(&own.collect::<Vec<_>>().join(", ")).into_owned()
}

fn own_word(class: &ChangeClass, at: usize, value: &str, lang: Lang) -> String {
    format!("{} = {value}", placeholder(class, at, lang))
}

/// What the routers of a class have of their own: of few routers each value, of many how many there are.
fn own_values(out: &mut String, group: &ClassGroup<'_>, class: &ChangeClass, lang: Lang) {
    if class.values.is_empty() {
        return;
    }
    let title = lang.pick("Each router's own", "ルータごとの値");
    let _ = writeln!(out, "\n{}", Style::Head.on(title));
    if group.plans.len() <= SMALL {
        for (router, values) in group.routers().iter().zip(&group.values) {
            let own = values.iter().enumerate().map(|(at, value)| own_word(class, at, value, lang));
            let own: Vec<String> = own.collect();
            let _ = writeln!(out, "  {}: {}", visible::line(router), visible::line(&own.join(", ")));
        }
        return;
    }
    for (at, different) in group.different().into_iter().enumerate() {
        let name = placeholder(class, at, lang);
        let mut seen = HashSet::new();
        let values = group.values.iter().filter_map(|values| values.get(at)).filter(|value| seen.insert(*value));
        let some = values.take(3).map(|value| visible::line(value)).collect::<Vec<_>>().join(", ");
        let different = grouped(different);
        let _ = match lang {
            Lang::En => writeln!(out, "  {name}: {different} different, such as {some}"),
            Lang::Ja => writeln!(out, "  {name}: {different} 通り(例: {some})"),
        };
    }
}

/// What to do when a change fails: of each class its example's, each text once, and not more texts than a person reads.
pub fn class_rollback_notes(groups: &ClassGroups<'_>, lang: Lang) -> String {
    let mut known: Vec<(&Text, Vec<&str>)> = Vec::new();
    let mut more = 0;
    for group in &groups.changing {
        let notes = group.plans.first().and_then(|plan| plan.notes.as_deref()).unwrap_or_default();
        for note in notes.iter().filter(|note| note.id == super::plan_text::ROLLBACK_NOTE) {
            let is_full = known.len() == ROLLBACK_TEXTS;
            match known.iter_mut().find(|(text, _)| **text == note.text) {
                Some((_, classes)) => classes.push(&group.name),
                None if is_full => more += 1,
                None => known.push((&note.text, vec![&group.name])),
            }
        }
    }
    let mut out = String::new();
    for (text, classes) in known {
        let names = names(&classes, lang);
        let heading = match lang {
            Lang::En => format!("══ If it fails: class {names}"),
            Lang::Ja => format!("══ 失敗したとき: クラス {names}"),
        };
        let _ = writeln!(out, "{}\n{}\n", Style::Head.on(&heading), text.get(lang));
    }
    if more > 0 {
        let _ = match lang {
            Lang::En => writeln!(out, "{more} more class(es) have other steps: `show PLAN.json --router NAME`\n"),
            Lang::Ja => writeln!(out, "ほか {more} クラスの手順は show PLAN.json --router NAME で確認できます\n"),
        };
    }
    out
}
