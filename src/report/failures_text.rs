//! What failed in a run over many routers, grouped by what is wrong: few lines, the worst last.
//!
//! Routers with the same class of failure and the same cause are one group: their names up to a bound, one example of the cause and of
//! what to do. Everything about one router is in `show RUN --router NAME`.

use super::counted::counted;
use super::wrap::{COLUMNS, Wrap, wrapped};
use super::{Style, state_words};
use crate::fleet::is_wrong_password;
use crate::message::Lang;
use crate::record::{CauseRecord, FailureClass, Outcome, deciding_cause};
use crate::state::{State, Verdict};

/// More names than these are a number.
const NAMES: usize = 8;

/// More groups than these are a number.
const GROUPS: usize = 6;

/// Of more groups than these the cause is two lines and what to do is one; `explain CODE` has all of it.
const SPARSE: usize = 3;

/// Routers that failed for the same reason.
#[derive(Debug)]
struct Group<'a> {
    class: Option<FailureClass>,
    state: State,
    code: Option<&'a str>,
    outcomes: Vec<&'a Outcome>,
}

/// How much a group matters: the last is nearest to the prompt.
fn rank(group: &Group<'_>) -> (bool, Verdict, std::cmp::Reverse<usize>) {
    (group.class.is_some(), group.state.verdict(), std::cmp::Reverse(group.outcomes.len()))
}

/// Whether a router is none of those that need no one.
pub fn is_failed(outcome: &Outcome) -> bool {
    outcome.verdict() != Verdict::Done
}

/// The groups of those that are not done, for people.
pub fn failures(outcomes: &[Outcome], lang: Lang) -> String {
    let groups = grouped(outcomes);
    let hidden = groups.len().saturating_sub(GROUPS);
    let mut out = String::new();
    if let Some(hidden) = groups.get(..hidden).filter(|hidden| !hidden.is_empty()) {
        let routers = counted(hidden.iter().map(|group| group.outcomes.len()).sum());
        out.push_str(&match lang {
            Lang::En => format!("{} more reasons on {routers} routers\n", hidden.len()),
            Lang::Ja => format!("ほかに {} 種類の理由で {routers} 台\n", hidden.len()),
        });
    }
    let is_sparse = groups.len() > SPARSE;
    for group in groups.iter().skip(hidden) {
        out.push_str(&text(group, is_sparse, lang));
    }
    out
}

fn grouped(outcomes: &[Outcome]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for outcome in outcomes.iter().filter(|outcome| is_failed(outcome)) {
        let (class, state) = (outcome.failure_class(), outcome.state);
        let code = deciding_cause(&outcome.causes).map(|cause| cause.code.as_str());
        match groups.iter_mut().find(|group| (group.class, group.state, group.code) == (class, state, code)) {
            Some(group) => group.outcomes.push(outcome),
            None => groups.push(Group { class, state, code, outcomes: vec![outcome] }),
        }
    }
    groups.sort_by_key(rank);
    groups
}

fn text(group: &Group<'_>, is_sparse: bool, lang: Lang) -> String {
    let Some(first) = group.outcomes.first() else { return String::new() };
    let mut out = heading(group, lang);
    if let Some(cause) = first.causes.first() {
        out.push_str(&cause_text(first, cause, is_sparse, lang));
        // Who was stopped by others has nothing to do.
        if let Some(hint) = cause.hints.first().filter(|_| group.class.is_some()) {
            let hint = format!("{} {}", lang.pick("hint:", "対処:"), hint.get(lang));
            let wrap = Wrap { columns: COLUMNS, indent: 4, lines: if is_sparse { 1 } else { 2 } };
            out.push_str(&format!("  {}\n", wrapped(&hint, 2, wrap)));
        }
    }
    if let Some(advice) = &first.advice {
        out.push_str(&super::advice(advice, lang));
    }
    out
}

/// What they are, how many, and which.
fn heading(group: &Group<'_>, lang: Lang) -> String {
    let names = group.outcomes.iter().take(NAMES).map(|outcome| outcome.router.as_str()).collect::<Vec<_>>();
    let (number, more) = (group.outcomes.len(), group.outcomes.len().saturating_sub(NAMES));
    let mut names = names.join(lang.pick(", ", "、"));
    if more > 0 {
        let more = counted(more);
        names.push_str(&match lang {
            Lang::En => format!(" and {more} more"),
            Lang::Ja => format!(" ほか {more} 台"),
        });
    }
    let what = match group.class {
        // What was left as it was has no class: its state says it.
        None => state_words(group.state, lang),
        Some(class) if is_wrong_password(group.code) => {
            format!("{}: {}", class.word(), lang.pick("the password was refused", "パスワードが拒否されました"))
        }
        Some(class) if class.word() == group.state.word() => {
            format!("{}: {}", class.word(), class.wording().get(lang))
        }
        Some(class) => format!("{}, {}: {}", group.state.word(), class.word(), class.wording().get(lang)),
    };
    let what = match lang {
        Lang::En => format!("{} {what}: {names}", counted(number)),
        Lang::Ja => format!("{} 台 {what}: {names}", counted(number)),
    };
    let style = if group.class.is_some() { Style::Bad } else { Style::Warn };
    format!("{}\n", style.on(&wrapped(&what, 0, Wrap { columns: COLUMNS, indent: 2, lines: 3 })))
}

fn cause_text(outcome: &Outcome, cause: &CauseRecord, is_sparse: bool, lang: Lang) -> String {
    let said = cause.text.get(lang).trim_end();
    // The heading has the names already.
    let said = said.strip_prefix(outcome.router.as_str()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(said);
    // The router's own answer is at the end of it: there is room for that where there are few groups.
    let wrap = Wrap { columns: COLUMNS, indent: 4, lines: if is_sparse { 2 } else { 5 } };
    format!("  {}\n", wrapped(&format!("[{}] {said}", cause.code), 2, wrap))
}

#[cfg(test)]
#[path = "failures_tests.rs"]
mod tests;
