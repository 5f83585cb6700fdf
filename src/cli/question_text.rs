//! What is shown right before the question: the site, the box, what changes by meaning, how much, and what it risks.
//!
//! With the question it fits a screen of 80 columns and 24 lines, however many routers there are: what was shown before it may have
//! scrolled away.

use std::fmt::Write as _;

use crate::ix::mask::mask_line;
use crate::ix::without_end;
use crate::message::{Lang, Text};
use crate::plan::{Lifeline, Note, Risks};
use crate::report::{COLUMNS, Style, Wrap, counted, wrapped};
use crate::run::{Asked, ReviewedPlan};
use crate::secret::Again;
use crate::visible;

/// Lines for all routers together: the question and what belongs to all of them take the rest.
const LINES: usize = 16;

/// Of more routers than these there is one line each, as far as they fit.
const SINGLY: usize = 2;

/// So many lines of a plan are shown themselves.
const FEW: usize = 3;

/// What is shown of the routers that a question is about.
pub fn summary(asked: &[Asked<'_>], lang: Lang) -> String {
    let changing: Vec<(&Asked<'_>, &ReviewedPlan)> =
        asked.iter().filter(|one| one.plan.changes()).filter_map(|one| Some((one, one.plan.plan()?))).collect();
    if changing.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n");
    if changing.len() <= SINGLY {
        let lines = LINES / changing.len();
        changing.iter().for_each(|(one, planned)| out.push_str(&singly(one, planned, lines, lang)));
    } else {
        briefly(&mut out, &changing, lang);
    }
    let fails = match changing.iter().any(|(one, _)| one.plan.intent.terms.probe.is_some()) {
        true => lang.pick(
            "in any case: what was sent is undone, and reading proves it; nothing is saved",
            "結果によらず送信した行を取り消し、読み直して確認します。保存はしません",
        ),
        false => lang.pick(
            "if it fails: what was sent is undone, and reading proves it (--rollback-notes)",
            "失敗時: 送信した行を取り消し、読み直して確認します(--rollback-notes で全手順)",
        ),
    };
    let _ = writeln!(out, "  {fails}");
    out
}

/// What is asked before lines are entered for a look at an access line.
pub fn probe_words(lang: Lang) -> String {
    lang.pick(
        "Enter these lines for a look at the line, and take them back? Nothing is saved. ",
        "回線の確認のためこの行を一時的に投入し、確認後に取り消します。保存はしません。",
    )
    .to_owned()
}

/// One router in so many lines.
fn singly(one: &Asked<'_>, planned: &ReviewedPlan, lines: usize, lang: Lang) -> String {
    let mut out = format!("{}\n", Style::Head.on(&below(&format!("══ {}", name(one, lang)), 2, 1)));
    let _ = writeln!(out, "  {}", below(&box_words(one, planned, lang), 4, 1));
    let newer = newer_words(planned.entry.notes.iter().flatten(), lines / 4, lang);
    let counts: Vec<_> = risk_counts(Risks { newer: 0, ..planned.risks }, lang);
    let risks = risk_words(&counts, lang);
    let typed = few_commands(&planned.entry.commands);
    // What else is said of it takes three lines.
    let room = lines.saturating_sub(risks.lines().count() + newer.lines().count() + typed.len() + 3).max(1);
    let changes = changes(&planned.entry.changes, room, lang);
    let _ = writeln!(out, "  {changes}");
    let sent = planned.entry.commands.len();
    let session = session(&planned.lifeline, lang);
    let _ = writeln!(
        out,
        "  {}",
        match lang {
            Lang::En => format!("{} line(s) to type; {session}", counted(sent)),
            Lang::Ja => format!("送信 {} 行、{session}", counted(sent)),
        }
    );
    typed.iter().for_each(|line| out.push_str(&format!("    {line}\n")));
    for warning in [newer, risks].iter().filter(|warning| !warning.is_empty()) {
        let _ = writeln!(out, "  {}", Style::Warn.on(warning));
    }
    out
}

/// The lines of a plan themselves where there are so few that they say best what it does: none of many.
fn few_commands(commands: &[String]) -> Vec<String> {
    let shown = if commands.len() <= FEW { commands } else { &[] };
    shown.iter().map(|command| below(&visible::line(&mask_line(command)), 6, 1)).collect()
}

/// What is newer than the kit and goes with the plan, line by line: a person agrees to that, and sees it where the answer is given.
fn newer_words<'n>(notes: impl Iterator<Item = &'n Note>, lines: usize, lang: Lang) -> String {
    let named = |note: &Note| {
        let text = visible::text(note.text.get(lang));
        let mut lines = text.lines().map(str::trim);
        let head = lines.next().unwrap_or_default().to_owned();
        format!("! {head} {}", lines.collect::<Vec<_>>().join("; "))
    };
    let named: Vec<String> = notes.filter(|note| note.is_newer_than_kit()).map(named).collect();
    if named.is_empty() { String::new() } else { below(&named.join(" "), 4, lines) }
}

/// Many routers: a line for each that has room, and their risks by number.
fn briefly(out: &mut String, changing: &[(&Asked<'_>, &ReviewedPlan)], lang: Lang) {
    let mut risks: Vec<(&'static str, usize)> = Vec::new();
    for (_, planned) in changing {
        for (word, _) in risk_counts(planned.risks, lang) {
            match risks.iter_mut().find(|(known, _)| *known == word) {
                Some((_, routers)) => *routers += 1,
                None => risks.push((word, 1)),
            }
        }
    }
    let room = LINES.saturating_sub(risks.len() + 1);
    for (one, planned) in changing.iter().take(room) {
        let (changes, sent) = (planned.entry.changes.len(), planned.entry.commands.len());
        let name = name(one, lang);
        let words = match lang {
            Lang::En => format!("{name}: {changes} change(s), {sent} line(s)"),
            Lang::Ja => format!("{name}: 変更 {changes} 件、{sent} 行"),
        };
        let _ = writeln!(out, "  {}", below(&words, 4, 1));
    }
    if let Some(more @ 1..) = changing.len().checked_sub(room) {
        let more = counted(more);
        let _ = match lang {
            Lang::En => writeln!(out, "  and {more} more router(s)"),
            Lang::Ja => writeln!(out, "  ほか {more} 台"),
        };
    }
    for (word, routers) in risks {
        let routers = counted(routers);
        let words = match lang {
            Lang::En => format!("! {word}: {routers} router(s)"),
            Lang::Ja => format!("! {word}: {routers} 台"),
        };
        let _ = writeln!(out, "  {}", Style::Warn.on(&words));
    }
}

/// The router with its site.
fn name(one: &Asked<'_>, lang: Lang) -> String {
    let intent = &one.plan.intent;
    let (router, site) = (visible::line(&intent.router), visible::line(&intent.site));
    match (one.title.map(visible::line), lang) {
        (Some(title), Lang::En) => format!("{router}: {title} ({site})"),
        (Some(title), Lang::Ja) => format!("{router}: {title}({site})"),
        (None, Lang::En) => format!("{router}: site {site}"),
        (None, Lang::Ja) => format!("{router}: 拠点 {site}"),
    }
}

/// The box. Where a person is asked for the end of its serial number, that is not shown.
fn box_words(one: &Asked<'_>, planned: &ReviewedPlan, lang: Lang) -> String {
    let identity = &planned.identity;
    let (model, firmware) = (identity.model(), identity.firmware());
    let number = match &one.plan.intent.device.serial_number {
        Some(_) => identity.serial_number().to_owned(),
        None => without_end(identity.serial_number()),
    };
    let words = match lang {
        Lang::En => format!("{model}, serial number {number}, firmware {firmware}"),
        Lang::Ja => format!("{model}、製造番号 {number}、ファームウェア {firmware}"),
    };
    visible::line(&words).into_owned()
}

/// What changes by meaning, as much as fits into so many lines: one below the other, the last ones together, and how many more there are.
fn changes(changes: &[Text], lines: usize, lang: Lang) -> String {
    let texts: Vec<&str> = changes.iter().map(|change| change.get(lang)).collect();
    let worded = |shown: usize, single: usize| {
        let (first, together) = texts.get(..shown).unwrap_or_default().split_at(single);
        let mut rest = together.join("; ");
        if let more @ 1.. = texts.len() - shown {
            rest.push_str(&match lang {
                Lang::En => format!("; and {more} more"),
                Lang::Ja => format!("; ほか {more} 件"),
            });
        }
        let rest = rest.trim_start_matches("; ");
        let all = first.iter().copied().chain((!rest.is_empty()).then_some(rest));
        all.map(|text| below(text, 4, usize::MAX)).collect::<Vec<_>>().join("\n  ")
    };
    let fits = |words: &String| words.lines().count() <= lines;
    // The first ones can be read at a glance, whatever becomes of the rest; a line holds few of them.
    let most = texts.len().min(lines * 8);
    let shown = |single: usize| (single.max(1)..=most).rev().find(|shown| fits(&worded(*shown, single)));
    let all = (0..=most.min(lines / 2)).rev().find_map(|single| {
        let shown = shown(single)?;
        (single..=shown).rev().map(|single| worded(shown, single)).find(fits)
    });
    all.unwrap_or_else(|| below(&worded(texts.len().min(1), 0), 4, lines))
}

/// How our own session reaches the router, which is what a change may cut.
fn session(lifeline: &Lifeline, lang: Lang) -> &'static str {
    match lifeline {
        Lifeline::Console => lang.pick("over the console, which no line cuts", "コンソール接続(切断の恐れなし)"),
        Lifeline::Path(_) => lang.pick("the path of our session is known", "自セッションの経路は把握済み"),
        Lifeline::Unknown => {
            lang.pick("the path of our session is unknown (lifeline)", "自セッションの経路は不明(lifeline)")
        }
    }
}

/// What a plan risks, in the few lines that even all of them take: each with its number of lines or places.
fn risk_words(risks: &[(&str, usize)], lang: Lang) -> String {
    let worded = risks.iter().map(|(word, number)| match lang {
        Lang::En => format!("{word}: {number}"),
        Lang::Ja => format!("{word} {number}"),
    });
    let words = worded.collect::<Vec<_>>().join(lang.pick("; ", "、"));
    if words.is_empty() { words } else { below(&format!("! {words}"), 4, usize::MAX) }
}

fn risk_counts(risks: Risks, lang: Lang) -> Vec<(&'static str, usize)> {
    let Risks { may_cut, restarts, gaps, irreversible, guessed, newer, others } = risks;
    let numbers = [newer, may_cut, restarts, gaps, irreversible, guessed, others];
    risk_names(lang).into_iter().zip(numbers).filter(|(_, number)| *number > 0).collect()
}

/// What there is to risk, the worst first.
fn risk_names(lang: Lang) -> [&'static str; 7] {
    [
        lang.pick("lines newer than the kit, taken away", "キットより新しい行の削除"),
        lang.pick("lines that may cut our own session", "自セッションが切れる可能性のある行"),
        lang.pick("lines that need a restart", "再起動後に有効になる行"),
        lang.pick("moments without traffic", "通信が一時的に止まる箇所"),
        lang.pick("lines that no line undoes", "取り消せない行"),
        lang.pick("lines not seen on a device", "実機で未確認の行"),
        lang.pick("other notes in the plan", "その他の注意(計画に記載)"),
    ]
}

/// A text below another one, in so many lines.
fn below(text: &str, indent: usize, lines: usize) -> String {
    wrapped(text, 2, Wrap { columns: COLUMNS - 1, indent, lines })
}

/// The question for a secret once more.
pub fn again_words(question: &Text) -> Text {
    Text::new(
        format!("the same once more: {}", question.en),
        format!("確認のため、もう一度入力してください: {}", question.ja),
    )
}

/// That two entries have differed, on a line before the question. Where the first one counts, whoever mistyped that one can never agree.
pub fn differed_words(again: Again) -> Option<Text> {
    (again.slips > 0).then(|| match again.is_first_used {
        true => Text::new(
            "The two entries differ. The first one was used already and counts: if that was the slip, end this with Ctrl-C.",
            "2 回の入力が一致しません。最初の入力を既に使用しています。最初の入力が誤りの場合は、Ctrl-C で中止してください。",
        ),
        false => Text::new(
            "The two entries differ. The last two that agree count.",
            "2 回の入力が一致しません。同じものを 2 回続けて入力してください。",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::{FEW, LINES, SINGLY, changes, few_commands, newer_words, risk_names, risk_words};
    use crate::message::{Lang, Text};
    use crate::plan::Note;

    #[test]
    fn all_risks_of_two_routers_leave_room_for_what_else_is_said_of_them() {
        for lang in [Lang::En, Lang::Ja] {
            // Of one or two routers, what is newer than the kit is said in lines of its own.
            let [newer, all @ ..] = risk_names(lang).map(|name| (name, 999));
            let words = risk_words(&all, lang);
            assert!(!words.contains(newer.0));
            // The name, the box, the changes and the lines to type take one each.
            assert!(words.lines().count() + 4 <= LINES / SINGLY, "{words}");
            assert_eq!(words.matches("999").count(), all.len(), "{words}");
        }
    }

    #[test]
    fn changes_stand_one_below_the_other_and_where_they_are_too_many_the_last_ones_together_with_how_many_more() {
        let all: Vec<Text> = (1..=9).map(|number| Text::new(format!("thing {number}"), "物")).collect();
        let shown = |lines| changes(&all, lines, Lang::En);
        assert_eq!(shown(9).lines().count(), 9);
        assert_eq!(shown(3), "thing 1\n  thing 2\n  thing 3; thing 4; thing 5; thing 6; thing 7; thing 8; thing 9");
        let many: Vec<Text> = (1..=200).map(|number| Text::new(format!("thing {number}"), "物")).collect();
        let words = changes(&many, 4, Lang::En);
        assert!(
            words.lines().count() == 4 && words.starts_with("thing 1\n  thing 2") && words.contains(" more"),
            "{words}"
        );
        assert_eq!(changes(&[], 4, Lang::En), "");
        let long = [Text::new("word ".repeat(200), "語")];
        assert_eq!(changes(&long, 2, Lang::En).lines().count(), 2);
    }

    #[test]
    fn the_lines_of_a_small_plan_are_shown_and_those_of_a_large_one_are_counted() {
        let line = |name: &str| format!("url-list online-sikaku permit domain *.{name}.example");
        let plan = |lines: usize| (0..lines).map(|number| line(&number.to_string())).collect::<Vec<_>>();
        assert_eq!(few_commands(&plan(1)), ["url-list online-sikaku permit domain *.0.example"]);
        assert_eq!(few_commands(&plan(FEW)).len(), FEW);
        assert_eq!(few_commands(&plan(FEW + 1)), [""; 0]);
        let secret = "username clerk password plain 1 CanaryNew5Pw monitor".to_owned();
        assert!(!few_commands(&[secret])[0].contains("CanaryNew5Pw"));
        assert_eq!(few_commands(&[line(&"long".repeat(40))])[0].lines().count(), 1);
    }

    #[test]
    fn what_is_newer_than_the_kit_and_goes_with_the_plan_is_named_at_the_question() {
        let note = |id: &str, lines: &str| Note {
            id: id.to_owned(),
            text: Text::new(format!("newer than this kit (for 2026-12-01):{lines}"), lines),
            about: None,
            lines: None,
        };
        let notes = [note("line.gap", ""), note("kit.newer-lines", "\n  ntp server 192.0.2.7\n  hostname b")];
        let words = newer_words(notes.iter(), 4, Lang::En);
        assert_eq!(words, "! newer than this kit (for 2026-12-01): ntp server 192.0.2.7; hostname b");
        assert_eq!(newer_words([].iter(), 4, Lang::En), "");
        let many = note("kit.newer-lines", &"\n  ip route 192.0.2.0/24 203.0.113.1".repeat(40));
        let words = newer_words([many].iter(), 4, Lang::En);
        assert!(words.lines().count() == 4 && words.ends_with("..."), "{words}");
    }
}
