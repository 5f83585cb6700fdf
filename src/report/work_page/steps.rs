//! Steps as a table: one row a step, with its time, the line that was typed, the answer, and how it went.

use crate::report::page::{Phrase, Table};
use crate::report::page_words::{time, went};
use crate::report::work::Step;

/// The table.
pub(super) fn steps(steps: &[Step], caption: Phrase) -> Table {
    let head = vec![
        Phrase::words("no.", "番号"),
        Phrase::words("time", "時刻"),
        Phrase::words("step", "作業内容"),
        Phrase::words("command", "コマンド"),
        Phrase::words("answer", "応答"),
        Phrase::words("result", "結果"),
    ];
    let rows = (1..).zip(steps).map(|(place, step)| row(place, step)).collect();
    Table { caption, head, rows }
}

fn row(place: usize, step: &Step) -> Vec<Phrase> {
    let command = step.command.as_deref().map(Phrase::code).unwrap_or_default();
    let answer = match (&step.answer, &step.command, step.ok) {
        (Some(answer), ..) if answer.is_empty() => Phrase::words("none", "なし"),
        (Some(answer), ..) => Phrase::code(answer.as_str()),
        // A line that was sent and never answered.
        (None, Some(_), None) if step.kind == "sending" => Phrase::words("no answer recorded", "応答の記録なし"),
        _ => Phrase::default(),
    };
    vec![
        Phrase::data(place.to_string()),
        time(Some(step.at)),
        Phrase::of(step.what.clone()),
        command,
        answer,
        went(step.ok),
    ]
}
