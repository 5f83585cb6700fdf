//! Steps as a table: what is done, what is typed, what must be answered; then either what is filled in by hand, or what the record says.

use crate::message::{Lang, Text};
use crate::report::page::{Phrase, Table};
use crate::report::page_words::{sentences, time, went};
use crate::report::who;
use crate::report::work_plan::{Done, PlanPart, PlannedStep};

/// The table. With a record beside it each step says what was done; else it is filled in by hand.
pub(super) fn steps(steps: &[PlannedStep], caption: Phrase, with_record: bool) -> Table {
    let head = vec![
        Phrase::words("no.", "番号"),
        Phrase::words("step", "作業内容"),
        Phrase::words("command", "コマンド"),
        Phrase::words("expected", "期待する応答"),
    ];
    let more = match with_record {
        true => vec![Phrase::words("answer", "応答"), Phrase::words("time", "時刻"), Phrase::words("result", "結果")],
        false => vec![Phrase::words("finished at", "完了時刻"), Phrase::words("result, by", "結果・担当")],
    };
    let rows = (1..).zip(steps).map(|(place, step)| row(place, step, with_record)).collect();
    Table { caption, head: head.into_iter().chain(more).collect(), rows }
}

fn row(place: usize, step: &PlannedStep, with_record: bool) -> Vec<Phrase> {
    let remarks = step.remarks.iter().cloned().map(|text| Phrase::words("← ", "← ").then(Phrase::of(text)));
    let what = remarks.fold(Phrase::of(step.what.clone()), Phrase::below);
    let expected = if step.expected.is_empty() { Phrase::words("-", "-") } else { sentences(&step.expected) };
    let mut row = vec![Phrase::data(place.to_string()), what, command(step), expected];
    match with_record {
        true => row.extend(done(step.done.as_ref())),
        false => row.extend([Phrase::blank(), Phrase::blank()]),
    }
    row
}

/// What is typed, under the block that it belongs to.
fn command(step: &PlannedStep) -> Phrase {
    let Some(Text { en, ja }) = &step.command else { return Phrase::words("-", "-") };
    let indent = "  ".repeat(step.depth);
    match en == ja {
        true => Phrase::code(format!("{indent}{en}")),
        false => Phrase::words(format!("{indent}{en}"), format!("{indent}{ja}")),
    }
}

/// What the record says of a step: the answer, the time, and how it went.
pub(super) fn done(done: Option<&Done>) -> [Phrase; 3] {
    let Some(done) = done else {
        return [Phrase::words("-", "-"), Phrase::words("-", "-"), Phrase::words("not recorded", "記録なし")];
    };
    let answer = match done.answer.as_deref() {
        Some("") => Phrase::words("none", "なし"),
        Some(answer) => Phrase::code(shortened(answer)),
        None => Phrase::words("-", "-"),
    };
    let answer = match &done.typed {
        Some(typed) => Phrase::words("typed: ", "入力: ").then(Phrase::code(typed.as_str())).below(answer),
        None => answer,
    };
    if let Some(why) = &done.not_made {
        let result = Phrase::words("not made", "未実施").below(Phrase::of(why.clone()));
        return [answer, Phrase::words("-", "-"), result];
    }
    let result = match (done.ok, &done.unmet) {
        (Some(_), Some(told)) => went(done.ok).below(Phrase::of(told.clone())),
        (Some(_), None) => went(done.ok),
        (None, _) => Phrase::words("done", "実施"),
    };
    let at = done.at.map_or_else(|| Phrase::words("-", "-"), |at| time(Some(at)));
    [answer, at, result]
}

/// More of an answer than this is in the work record.
const ANSWER: usize = 400;

fn shortened(answer: &str) -> String {
    let answer = answer.trim_end();
    match answer.char_indices().nth(ANSWER) {
        Some((end, _)) => format!("{} ...", answer.get(..end).unwrap_or_default()),
        None => answer.to_owned(),
    }
}

/// The same without what is filled in by hand: what is done once is in no record.
pub(super) fn without_blanks(mut table: Table) -> Table {
    for row in table.rows.iter_mut().chain([&mut table.head]) {
        row.truncate(4);
    }
    table
}

/// Who answers for what, to be signed.
pub(super) fn signatures(plan: &PlanPart) -> Table {
    let head = vec![
        Phrase::words("for", "区分"),
        Phrase::words("name", "氏名"),
        Phrase::words("date, time", "日時"),
        Phrase::words("signature, seal", "署名・印"),
    ];
    let made = plan.made.as_ref().map_or_else(Phrase::blank, |made| {
        Phrase::words(who(&made.by, &made.machine, Lang::En), who(&made.by, &made.machine, Lang::Ja))
    });
    let row = |en: &str, ja: &str, name: Phrase| vec![Phrase::words(en, ja), name, Phrase::blank(), Phrase::blank()];
    let rows = vec![
        row("plan made", "作成", made),
        row("reviewed", "審査", Phrase::blank()),
        row("approved", "承認", Phrase::blank()),
        row("carried out", "実施", Phrase::blank()),
        row("attended, checked", "立会・確認", Phrase::blank()),
    ];
    Table { caption: Phrase::words("Signatures", "署名欄"), head, rows }
}
