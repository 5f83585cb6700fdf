//! The work record as rows for a spreadsheet, as test records are kept: one row a router, then one for each of its steps and checks.
//!
//! How a value becomes a cell is in `csv`.

use super::csv::{Cell, Csv};
use super::page::Languages;
use super::work::{CheckPart, Moment, RouterPart, Step, WorkRecord};
use crate::message::Text;
use crate::window::Zone;

/// The columns, in both languages; programs go by their place, which does not change.
const COLUMNS: [(&str, &str); 16] = [
    ("row", "行の種類"),
    ("run", "実行"),
    ("site", "拠点"),
    ("router", "ルータ"),
    ("number", "番号"),
    ("time", "時刻"),
    ("what", "内容"),
    ("command", "コマンド"),
    ("expected", "期待"),
    ("answer", "応答"),
    ("result", "結果"),
    ("model", "機種"),
    ("serial number", "製造番号"),
    ("firmware", "ファームウェア"),
    ("failure class", "失敗の種類"),
    ("answer before the change", "変更前の応答"),
];

/// The rows. Of many routers there is a row each, without their steps.
pub fn work_csv(record: &WorkRecord, languages: Languages) -> String {
    let mut out = Rows { out: Csv::new(), languages };
    out.out.row(COLUMNS.map(|(en, ja)| languages.words(&Text::new(en, ja)).into()));
    if let Some(mock) = record.mock_words() {
        out.note(record, &mock);
    }
    for one in &record.routers {
        out.router(record, one);
        if record.is_detailed {
            (1..).zip(&one.steps).for_each(|(number, step)| out.step(record, one, number, step));
            (1..).zip(&one.checks).for_each(|(number, check)| out.check(record, one, number, check));
        }
    }
    out.out.finish()
}

struct Rows {
    out: Csv,
    languages: Languages,
}

/// What begins and ends each row of a router.
struct Place<'p> {
    kind: &'static str,
    record: &'p WorkRecord,
    one: &'p RouterPart,
    number: String,
    at: Option<Moment>,
}

/// What a row says.
#[derive(Default)]
struct Said {
    what: String,
    command: String,
    expected: String,
    answer: String,
    result: String,
    before: String,
}

impl Rows {
    /// What must be known of the whole record.
    fn note(&mut self, record: &WorkRecord, said: &Text) {
        let what = self.languages.words(said);
        let mut cells: [Cell; COLUMNS.len()] = std::array::from_fn(|_| "".into());
        for (cell, text) in [(0, "note"), (1, record.run.run.as_str()), (6, what.as_str())] {
            cells[cell] = text.into();
        }
        self.out.row(cells);
    }

    fn router(&mut self, record: &WorkRecord, one: &RouterPart) {
        let what = self.languages.words(&one.end_words());
        let said = Said { what, result: one.end().to_owned(), ..Said::default() };
        self.place(&Place { kind: "router", record, one, number: String::new(), at: one.last_step() }, said);
    }

    fn step(&mut self, record: &WorkRecord, one: &RouterPart, number: usize, step: &Step) {
        let said = Said {
            what: self.languages.words(&step.what),
            command: step.command.clone().unwrap_or_default(),
            answer: step.answer.clone().unwrap_or_default(),
            result: went(step.ok),
            ..Said::default()
        };
        self.place(&Place { kind: "step", record, one, number: number.to_string(), at: Some(step.at) }, said);
    }

    fn check(&mut self, record: &WorkRecord, one: &RouterPart, number: usize, check: &CheckPart) {
        let expected: Vec<String> = check.expected.iter().map(|text| self.languages.words(text)).collect();
        let said = Said {
            what: format!("{}: {}", check.check, self.languages.words(&check.title)),
            command: check.asked(),
            expected: expected.join("\n"),
            answer: check
                .beside
                .as_ref()
                .map_or_else(|| check.answer.clone().unwrap_or_default(), |beside| self.languages.words(&beside.told)),
            result: went(check.passed),
            before: check.answer_before.clone().unwrap_or_default(),
        };
        self.place(&Place { kind: "check", record, one, number: number.to_string(), at: Some(check.at) }, said);
    }

    fn place(&mut self, place: &Place<'_>, said: Said) {
        let Place { kind, record, one, number, at } = place;
        let Said { what, command, expected, answer, result, before } = said;
        let known = |text: Option<&String>| text.cloned().unwrap_or_default();
        let cells: [Cell; COLUMNS.len()] = [
            (*kind).into(),
            record.run.run.as_str().into(),
            one.site.as_str().into(),
            one.router.as_str().into(),
            number.as_str().into(),
            Cell::Time(at.map(|at| at.in_zone(&Zone::default())).unwrap_or_default()),
            what.into(),
            command.into(),
            expected.into(),
            answer.into(),
            result.into(),
            known(one.model.as_ref()).into(),
            known(one.serial_number.as_ref()).into(),
            known(one.firmware_after.as_ref()).into(),
            one.failure_class.map_or("", |class| class.word()).into(),
            before.into(),
        ];
        self.out.row(cells);
    }
}

fn went(ok: Option<bool>) -> String {
    match ok {
        Some(true) => "OK",
        Some(false) => "NG",
        None => "",
    }
    .to_owned()
}
