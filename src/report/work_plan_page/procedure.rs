//! One procedure of a work plan: a router, or a class of change, with its steps part by part.

use super::steps::{done, steps};
use super::words::ended;
use crate::message::{Lang, Text};
use crate::report::page::{Block, Lines, Phrase, Table};
use crate::report::page_words::{fact, heading, number};
use crate::report::plan_text::names;
use crate::report::span::span;
use crate::report::work_plan::{ClassFacts, ExtraLine, Part, Procedure, ProcedureOf, RouterFacts, Section};

/// Its blocks, from its heading on.
pub(super) fn blocks(to: &mut Vec<Block>, procedure: &Procedure, anchor: &str, with_record: bool) {
    let (title, mut facts) = match &procedure.of {
        ProcedureOf::Router(facts) => {
            (Phrase::words("Router ", "ルータ ").then(Phrase::data(&*facts.router)), of_router(facts))
        }
        ProcedureOf::Class(class) => {
            (Phrase::words("Class ", "変更クラス ").then(Phrase::data(&*class.name)), of_class(class))
        }
    };
    to.push(Block::Heading { level: 2, text: title, anchor: anchor.to_owned() });
    let [en, ja] = [Lang::En, Lang::Ja].map(|lang| span(procedure.longest, lang));
    let deadlines = Phrase::words(
        "the sum of all deadlines, where each answer comes at the last moment: no estimate of how long the line is out",
        "すべての応答が期限ぎりぎりの場合の合計。回線が停止する時間の見込みではありません",
    );
    let longest = Phrase::words(en, ja).below(deadlines);
    facts.push(fact("takes at most, its undo included", "最長所要時間(取り消しを含む)", longest));
    if let Some(end) = &procedure.end {
        facts.push(fact("state", "状態", ended(end)));
        facts.push(fact("lines of the plan", "計画の行", Phrase::of(end.lines.clone())));
    }
    let caption = Phrase::words("What it is, and how it is reached", "対象と接続方法");
    to.push(Block::Table(Table { caption, head: Vec::new(), rows: facts }));
    changes(to, procedure);
    for section in &procedure.sections {
        of_section(to, section, procedure.rollback.as_ref(), with_record);
    }
    extra(to, &procedure.extra);
}

fn of_router(facts: &RouterFacts) -> Vec<Vec<Phrase>> {
    let known = |text: Option<&str>| text.map_or_else(|| Phrase::words("not known", "不明"), Phrase::data);
    let mut rows = vec![fact("site", "拠点", Phrase::data(&*facts.site))];
    if let Some(contact) = &facts.contact {
        let parts = [&contact.title, &contact.reading, &contact.phone, &contact.address];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        rows.push(fact("clinic", "医院", known(Some(parts.join(" ").as_str()).filter(|text| !text.is_empty()))));
    }
    rows.extend([
        fact("roles", "ロール", Phrase::data(facts.roles.join(", "))),
        fact("model", "機種", Phrase::data(&*facts.model)),
        fact("serial number", "製造番号", known(facts.serial_number.as_deref())),
        fact("firmware when planned", "計画時のファームウェア", known(facts.firmware.as_deref())),
        fact("reached", "接続", Phrase::of(facts.reached.clone())),
    ]);
    if let Some(times) = &facts.times {
        rows.push(fact("may be touched", "変更可能な時間", Phrase::of(times.clone())));
    }
    if let Some(barred) = &facts.barred {
        rows.push(fact("not to be touched", "変更禁止", Phrase::data(&**barred)));
    }
    rows
}

fn of_class(class: &ClassFacts) -> Vec<Vec<Phrase>> {
    let routers: Vec<&str> = class.routers.iter().map(String::as_str).collect();
    let [en, ja] = [Lang::En, Lang::Ja].map(|lang| names(&routers, lang));
    vec![
        fact(
            "class, SHA-256",
            "クラスの SHA-256",
            class.hash.as_deref().map_or_else(|| Phrase::recorded(None), Phrase::data),
        ),
        fact("routers", "ルータ数", number(class.routers.len())),
        fact("sites", "拠点数", number(class.sites)),
        fact("which", "対象", Phrase::words(en, ja)),
        fact("example of the difference", "差分の例", Phrase::data(&*class.example)),
    ]
}

/// What changes by meaning, what must be known, and the difference.
fn changes(to: &mut Vec<Block>, procedure: &Procedure) {
    to.push(heading(3, "What changes", "変更内容"));
    if let Some(ClassFacts { example, .. }) = procedure.of.class() {
        to.push(Block::Paragraph(Phrase::words(
            format!("As on {example}. On the other routers their own values take the place of those of this one."),
            format!("{example} の場合。ほかのルータでは値がそれぞれのものになります。"),
        )));
    }
    to.push(Block::List(procedure.changes.iter().cloned().map(Phrase::of).collect()));
    if !procedure.notes.is_empty() {
        to.push(heading(3, "To be known before", "注意事項"));
        to.push(Block::List(procedure.notes.iter().cloned().map(Phrase::of).collect()));
    }
    if !procedure.difference.is_empty() {
        let caption = Phrase::words("Difference, secrets masked", "変更前後の差分(秘密情報はマスク)");
        to.push(Block::Lines(Lines { caption, text: procedure.difference.clone(), is_difference: true }));
    }
}

fn of_section(to: &mut Vec<Block>, section: &Section, rollback: Option<&Text>, with_record: bool) {
    let Text { en, ja } = section.part.words();
    to.push(heading(3, &en, &ja));
    if section.part == Part::Change {
        to.push(Block::Paragraph(Phrase::words(
            "From global config mode, line by line: the next line is typed only when the one before it was taken.",
            "グローバルコンフィグモードから 1 行ずつ入力。前の行の受理を確認してから次の行を入力。",
        )));
    }
    if let (Part::Rollback, Some(rollback)) = (section.part, rollback) {
        to.push(Block::Paragraph(Phrase::of(rollback.clone())));
    }
    to.push(Block::Table(steps(&section.steps, Phrase::of(section.part.words()), with_record)));
}

/// What was typed and is no step of the plan.
fn extra(to: &mut Vec<Block>, lines: &[ExtraLine]) {
    if lines.is_empty() {
        return;
    }
    to.push(heading(3, "Typed, and not in this plan", "計画にない入力"));
    let head = vec![
        Phrase::words("step", "作業内容"),
        Phrase::words("command", "コマンド"),
        Phrase::words("answer", "応答"),
        Phrase::words("time", "時刻"),
        Phrase::words("result", "結果"),
    ];
    let row = |one: &ExtraLine| {
        let said = [Phrase::of(one.what.clone()), Phrase::code(one.line.as_str())];
        said.into_iter().chain(done(Some(&one.done))).collect::<Vec<_>>()
    };
    let caption = Phrase::words("Lines that the run typed besides", "計画の手順に対応しない行");
    to.push(Block::Table(Table { caption, head, rows: lines.iter().map(row).collect() }));
}
