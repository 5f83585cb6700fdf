//! The work record as rows for a spreadsheet, as test records are kept: one row a router, then one for each of its steps and checks.
//!
//! Made for what opens it in Japan: UTF-8 with its mark, line ends of Windows, every cell in quotes. A cell that a spreadsheet would
//! compute, or turn into another number, begins with an apostrophe: it stays text.

use super::page::Languages;
use super::work::{CheckPart, Moment, RouterPart, Step, WorkRecord};
use crate::message::Text;
use crate::visible;
use crate::window::Zone;

/// The columns, in both languages; programs go by their place, which does not change.
const COLUMNS: [(&str, &str); 15] = [
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
];

/// The rows. Of many routers there is a row each, without their steps.
pub fn work_csv(record: &WorkRecord, languages: Languages) -> String {
    let mut out = Rows { out: "\u{feff}".to_owned(), languages };
    out.row(&COLUMNS.map(|(en, ja)| languages.words(&Text::new(en, ja))));
    for one in &record.routers {
        out.router(record, one);
        if record.is_detailed {
            (1..).zip(&one.steps).for_each(|(number, step)| out.step(record, one, number, step));
            (1..).zip(&one.checks).for_each(|(number, check)| out.check(record, one, number, check));
        }
    }
    out.out
}

struct Rows {
    out: String,
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
}

impl Rows {
    fn router(&mut self, record: &WorkRecord, one: &RouterPart) {
        let what = self.languages.words(&one.end_words());
        let said = Said { what, result: one.end().to_owned(), ..Said::default() };
        self.place(&Place { kind: "router", record, one, number: String::new(), at: record.run.begun }, said);
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
            command: check.command.clone(),
            expected: expected.join("\n"),
            answer: check.answer.clone().unwrap_or_default(),
            result: went(check.passed),
        };
        self.place(&Place { kind: "check", record, one, number: number.to_string(), at: Some(check.at) }, said);
    }

    fn place(&mut self, place: &Place<'_>, said: Said) {
        let Place { kind, record, one, number, at } = place;
        let Said { what, command, expected, answer, result } = said;
        let known = |text: Option<&String>| text.cloned().unwrap_or_default();
        self.row(&[
            (*kind).to_owned(),
            record.run.run.clone(),
            one.site.clone(),
            one.router.clone(),
            number.clone(),
            at.map(|at| at.in_zone(&Zone::default())).unwrap_or_default(),
            what,
            command,
            expected,
            answer,
            result,
            known(one.model.as_ref()),
            known(one.serial_number.as_ref()),
            known(one.firmware_after.as_ref()),
            one.failure_class.map_or("", |class| class.word()).to_owned(),
        ]);
    }

    fn row(&mut self, cells: &[String; COLUMNS.len()]) {
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        self.out.push_str(&cells.join(","));
        self.out.push_str("\r\n");
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

/// A cell in quotes. Its line ends stay within it.
fn cell(text: &str) -> String {
    let text = visible::text(text);
    let mark = if is_computed(&text) || is_other_number(&text) { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

/// Whether a spreadsheet takes a cell for a formula: also one behind blanks, and in the wide forms that a Japanese one takes.
fn is_computed(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'])
}

/// Whether a spreadsheet would show another number: leading zeros, an exponent, more digits than it keeps.
fn is_other_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = text.split_once(['e', 'E']).is_some_and(|(one, other)| digits(one) && digits(other));
    exponent || (digits(text) && (text.len() > 15 || (text.len() > 1 && text.starts_with('0'))))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_that_a_spreadsheet_would_compute_stays_text() {
        for computed in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\n=1", "=HYPERLINK(\"x\")"] {
            assert!(cell(computed).starts_with("\"'"), "{}", cell(computed));
        }
        assert_eq!(cell("show ip route"), "\"show ip route\"");
        assert_eq!(cell("a\"b,c\r\nd"), "\"a\"\"b,c\nd\"");
        assert_eq!(cell("\u{202e}"), "\"\\u{202e}\"");
    }

    #[test]
    fn a_number_that_a_spreadsheet_would_change_stays_text() {
        for changed in ["0012345", "12E5", "1234567890123456"] {
            assert_eq!(cell(changed), format!("\"'{changed}\""));
        }
        assert_eq!([cell("12"), cell("0"), cell("10.8.27")], ["\"12\"", "\"0\"", "\"10.8.27\""]);
    }
}
