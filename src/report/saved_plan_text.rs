//! A plan from a file as a reviewer reads it, without its routers: what changes by meaning, the difference, each command with what decided
//! it, and the undo. Everything in it is masked already.
//!
//! Identical plans of many routers are shown once, with the routers they concern.

use std::collections::HashMap;
use std::fmt::Write;

use super::plan_text::{
    ROLLBACK_NOTE, caution_words, change_line, end_line, guess_words, heading, lines, names, note_line, origin_words,
    otherwise_words,
};
use crate::ix::mask::mask_line;
use crate::ix::origin::Origin;
use crate::message::Lang;
use crate::plan::{self, Guess, Note};
use crate::report::{Style, paint_diff};
use crate::transaction::{LineCaution, SavedPlan};
use crate::visible;

/// More notes than these of one class hide the plan; JSON has them all.
const MOST_NOTES: usize = 20;

/// A few plans, each whole; two that say the same once.
pub(super) fn few(plans: &[&SavedPlan], lang: Lang) -> String {
    let mut groups: Vec<Vec<&SavedPlan>> = Vec::new();
    for plan in plans {
        match groups.iter_mut().find(|known| known.first().is_some_and(|first| says_the_same(first, plan))) {
            Some(known) => known.push(plan),
            None => groups.push(vec![plan]),
        }
    }
    groups.iter().map(|plans| format!("{}\n", group(plans, lang))).collect()
}

/// Whether a reviewer reads the same of both, the notes apart: they are listed with the routers that they hold for.
fn says_the_same(one: &SavedPlan, other: &SavedPlan) -> bool {
    (&one.commands, &one.undo, &one.diff, &one.origins) == (&other.commands, &other.undo, &other.diff, &other.origins)
        && (&one.changes, &one.alternatives, &one.guesses) == (&other.changes, &other.alternatives, &other.guesses)
        && one.cautions == other.cautions
}

/// The plan of these routers.
pub(super) fn group(plans: &[&SavedPlan], lang: Lang) -> String {
    let Some(plan) = plans.first() else { return String::new() };
    let routers: Vec<&str> = plans.iter().map(|plan| plan.intent.router.as_str()).collect();
    let mut out = format!("{}\n", Style::Head.on(&heading(&routers, lang)));
    if plan.commands.is_empty() {
        let nothing = lang.pick("nothing to change", "変更はありません");
        let _ = writeln!(out, "  {}", Style::Good.on(nothing));
        return out;
    }
    plan.changes.iter().for_each(|change| out.push_str(&change_line(change, lang)));
    let _ = writeln!(out, "\n{}", Style::Head.on(lang.pick("Difference", "差分")));
    out.push_str(&paint_diff(&plan.diff));
    let title = match lang {
        Lang::En => format!("Commands ({}, from global config mode)", lines(plan.commands.len())),
        Lang::Ja => format!("コマンド({} 行、グローバルコンフィグモードから)", plan.commands.len()),
    };
    let _ = writeln!(out, "\n{}", Style::Head.on(&title));
    commands(&mut out, plan, false, lang);
    let title = match lang {
        Lang::En => format!("Undo ({}, if every line was sent)", lines(plan.undo.len())),
        Lang::Ja => format!("取り消し({} 行、全行送信後の場合)", plan.undo.len()),
    };
    let _ = writeln!(out, "\n{}", Style::Head.on(&title));
    commands(&mut out, plan, true, lang);
    notes(&mut out, plans, lang);
    out
}

/// What is kept beside one line.
#[derive(Default)]
pub(super) struct Beside<'p> {
    /// What decided it.
    pub(super) origin: Option<&'p Origin>,
    /// Why it is not certain to do what it says.
    pub(super) guess: Option<Guess>,
    /// What it does beside what it says.
    pub(super) caution: Option<&'p LineCaution>,
    /// Its other forms, masked.
    pub(super) otherwise: Vec<String>,
}

/// What is kept beside the lines of a plan, or of its undo, by their numbers.
pub(super) fn beside(saved: &SavedPlan, undo: bool) -> HashMap<usize, Beside<'_>> {
    let mut lines: HashMap<usize, Beside<'_>> = HashMap::new();
    for one in saved.origins.iter().filter(|_| !undo) {
        lines.entry(one.line).or_default().origin = Some(&one.origin);
    }
    for one in saved.guesses.iter().filter(|one| one.undo == undo) {
        lines.entry(one.line).or_default().guess = Some(one.guess);
    }
    for one in saved.cautions.iter().flatten().filter(|one| one.undo == undo) {
        lines.entry(one.line).or_default().caution = Some(one);
    }
    // They are kept as `line 3: no description` and `undo line 3: no description`.
    let which = if undo { "undo line " } else { "line " };
    for form in saved.alternatives.iter().flatten().filter_map(|form| form.strip_prefix(which)) {
        if let Some((Ok(line), form)) = form.split_once(": ").map(|(line, form)| (line.parse::<usize>(), form)) {
            lines.entry(line).or_default().otherwise.push(mask_line(form));
        }
    }
    lines
}

/// The commands of a plan, or of its undo.
fn commands(out: &mut String, saved: &SavedPlan, undo: bool, lang: Lang) {
    let commands = if undo { &saved.undo } else { &saved.commands };
    let mut beside = beside(saved, undo);
    for (number, command) in (1..).zip(plan::with_depth(saved.intent.dialect(), commands)) {
        let _ = write!(out, "{number:>5}  {}{}", "  ".repeat(command.depth), visible::line(&mask_line(command.text)));
        let Beside { origin, guess, caution, otherwise } = beside.remove(&number).unwrap_or_default();
        if let Some(origin) = origin {
            let _ = write!(out, "  {}", Style::Dim.on(&format!("({})", origin_words(origin, lang))));
        }
        let mut remarks: Vec<&str> = guess.iter().map(|guess| guess_words(*guess, lang)).collect();
        let otherwise = otherwise_words(&otherwise, lang);
        remarks.extend(otherwise.as_deref());
        if let Some(LineCaution { restart, may_cut, irreversible, .. }) = caution {
            remarks.extend(caution_words(*restart, *may_cut, irreversible.as_ref(), lang));
        }
        end_line(out, &remarks);
    }
}

/// What a reviewer should know of the plans, each note once, with its routers where it is not said of all.
pub(super) fn notes(out: &mut String, plans: &[&SavedPlan], lang: Lang) {
    noted(out, plans, |_| true, lang);
}

/// The same without the rollback notes, where these are shown for all plans together.
pub(super) fn own_notes(out: &mut String, plans: &[&SavedPlan], lang: Lang) {
    noted(out, plans, |note| note.id != ROLLBACK_NOTE, lang);
}

fn noted(out: &mut String, plans: &[&SavedPlan], wanted: fn(&Note) -> bool, lang: Lang) {
    let mut notes: Vec<(String, Vec<&str>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for plan in plans {
        let router = plan.intent.router.as_str();
        for note in notes_of(plan, wanted, lang) {
            let next = notes.len();
            let place = *places.entry(note.clone()).or_insert(next);
            match notes.get_mut(place) {
                Some((_, routers)) => routers.push(router),
                None => notes.push((note, vec![router])),
            }
        }
    }
    let more = notes.len().saturating_sub(MOST_NOTES);
    notes.truncate(MOST_NOTES);
    if notes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", Style::Head.on(lang.pick("Notes", "注意")));
    for (note, routers) in notes {
        let whose = if routers.len() == plans.len() { String::new() } else { format!("{}: ", names(&routers, lang)) };
        out.push_str(&note_line(&format!("{whose}{note}")));
    }
    if more > 0 {
        let _ = match lang {
            Lang::En => writeln!(out, "  {} {more} more notes: `show PLAN.json --router NAME`", Style::Warn.on("!")),
            Lang::Ja => writeln!(out, "  {} ほか {more} 件: show PLAN.json --router NAME", Style::Warn.on("!")),
        };
    }
}

/// The notes of a plan, or, where an earlier version kept the file, what it rests on and that there may be more.
pub(super) fn notes_of(plan: &SavedPlan, wanted: fn(&Note) -> bool, lang: Lang) -> Vec<String> {
    if let Some(notes) = &plan.notes {
        return notes.iter().filter(|note| wanted(note)).map(|note| note.text.get(lang).to_owned()).collect();
    }
    let unknown = |line: &String| match lang {
        Lang::En => format!("cannot be compared: {line}"),
        Lang::Ja => format!("比較できません: {line}"),
    };
    let unseen = lang.pick(
        "an earlier version kept this plan without its notes, such as gaps and what may cut the session: `plan` shows them",
        "以前のバージョンで保存された計画のため、注記(通信断、自セッション切断の可能性など)が含まれていません。plan で確認してください",
    );
    let known = plan.facts.iter().cloned().chain(plan.cannot_compare.iter().map(unknown));
    known.chain([unseen.to_owned()]).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;

    use super::few;
    use crate::ix::origin::{Origin, Spot};
    use crate::message::{Lang, Text};
    use crate::plan::{Guess, Note, OriginOfLine};
    use crate::transaction::{GuessedLine, LineCaution, SavedPlan};

    /// A plan that an earlier version kept, for this router.
    fn plan(router: &str) -> SavedPlan {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/plan-3/plan.json");
        let mut file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut plan: SavedPlan = serde_json::from_value(file["routers"][0].take()).unwrap();
        std::sync::Arc::make_mut(&mut plan.intent).router = router.to_owned();
        plan
    }

    fn shown(plans: &[SavedPlan], lang: Lang) -> String {
        anstream::adapter::strip_str(&few(&plans.iter().collect::<Vec<_>>(), lang)).to_string()
    }

    #[test]
    fn a_saved_plan_is_shown_once_for_the_routers_that_share_it() {
        let mut other = plan("r3");
        let origin = Origin::Owned { owns: Spot { file: "url/role\u{1b}.yaml".into(), line: 9 } };
        other.origins = vec![OriginOfLine { line: 2, origin: Arc::new(origin) }];
        other.guesses = vec![GuessedLine { line: 1, undo: true, guess: Guess::Guessed }];
        let plans = [plan("r1"), other, plan("r2")];
        let english = shown(&plans, Lang::En);
        assert!(english.starts_with("══ r1, r2 (2 routers, the same plan)\n"), "{english}");
        assert_eq!(
            english.matches("    1  url-list online-sikaku permit domain *onshikaku.org\n").count(),
            2,
            "{english}"
        );
        for expected in [
            "══ r3\n",
            "*lineauth.mnw  (not in the rendering, owned by url/role\\u{1b}.yaml:9)\n",
            "\nUndo (6 lines, if every line was sent)\n",
            "← a guess, not seen on a device\n",
        ] {
            assert!(english.contains(expected), "{expected:?} in {english}");
        }
        let japanese = shown(&plans, Lang::Ja);
        assert!(japanese.contains("(生成結果になく、url/role\\u{1b}.yaml:9 で所有する行)"), "{japanese}");
    }

    #[test]
    fn notes_and_cautions_are_shown_with_the_plan_and_an_earlier_file_says_that_it_has_none() {
        let earlier = shown(&[plan("r1")], Lang::En);
        assert!(earlier.contains("kept this plan without its notes"), "{earlier}");
        let mut kept = plan("r1");
        let text = Text::new("lines 1 to 2: no traffic", "1 行目から 2 行目: 通信断");
        kept.notes = Some(vec![Note { id: "line.gap".into(), text, about: None, lines: Some([1, 2]) }]);
        let caution = |line, undo| LineCaution { line, undo, restart: false, may_cut: true, irreversible: None };
        kept.cautions = Some(vec![caution(1, false), caution(2, true)]);
        kept.alternatives = Some(vec!["line 2: no description".into(), "undo line 1: no description".into()]);
        let english = shown(&[kept.clone()], Lang::En);
        for expected in ["\n  ! lines 1 to 2: no traffic\n", "or, where that fails, `no description`"] {
            assert!(english.contains(expected), "{expected:?} in {english}");
        }
        assert!(!english.contains("kept this plan without its notes"), "{english}");
        let other = SavedPlan { notes: Some(Vec::new()), intent: plan("r2").intent, ..kept.clone() };
        assert!(shown(&[kept.clone(), other], Lang::En).contains("\n  ! r1: lines 1 to 2: no traffic\n"));
        let japanese = shown(&[kept], Lang::Ja);
        assert_eq!(japanese.matches("自セッションが切れる可能性").count(), 2, "{japanese}");
        assert_eq!(japanese.matches("効かない場合は `no description`").count(), 2, "{japanese}");
    }

    #[test]
    fn a_saved_plan_without_commands_says_that_nothing_changes() {
        let none = SavedPlan { commands: Vec::new(), ..plan("r1") };
        assert_eq!(shown(&[none], Lang::En), "══ r1\n  nothing to change\n\n");
    }
}
