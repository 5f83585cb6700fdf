//! Every format: a hostile value stays text in it, and it is what its readers take.

use super::{PLAIN, Typed, failed, saved};
use crate::message::Lang;
use crate::report::page::tests::tags;
use crate::report::{Languages, WorkRecord, html, markdown, work_csv, work_junit, work_page};
use crate::state::State;

/// Every format of a record, by its name.
pub fn formats(record: &WorkRecord) -> Vec<(&'static str, String)> {
    let page = work_page(record);
    let mut all = Vec::new();
    for languages in [Languages::One(Lang::En), Languages::One(Lang::Ja), Languages::Both] {
        all.push(("html", html(&page, languages)));
        all.push(("md", markdown(&page, languages)));
        all.push(("csv", work_csv(record, languages)));
        all.push(("junit", work_junit(record, languages)));
    }
    all.push(("json", crate::visible::in_json(&serde_json::to_string(record).unwrap()).into_owned()));
    all
}

#[test]
fn a_hostile_value_stays_text_in_every_format() {
    let typed = Typed::hostile();
    for record in [saved(&typed), failed(&typed, State::Undone), failed(&typed, State::Mixed)] {
        for (format, text) in formats(&record) {
            assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']), "{format}: {text}");
            match format {
                "html" => {
                    let tags = tags(&text);
                    assert!(!tags.iter().any(|tag| ["script", "img"].contains(&tag.as_str())), "{tags:?}");
                }
                "csv" => {
                    for cell in text.trim_start_matches('\u{feff}').split("\",\"") {
                        assert!(!cell.trim_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
                    }
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_hostile_value_stays_text_in_the_row_of_a_fleet() {
    let typed = Typed::hostile();
    for record in [saved(&typed), failed(&typed, State::Lost)] {
        let record = WorkRecord { is_detailed: false, ..record };
        let page = work_page(&record);
        for languages in [Languages::One(Lang::En), Languages::Both] {
            let shown = html(&page, languages);
            let tags = tags(&shown);
            assert_eq!(tags.iter().filter(|tag| *tag == "script").count(), 1, "only the search: {tags:?}");
            assert!(!tags.iter().any(|tag| tag == "img"), "{tags:?}");
            for text in [shown, markdown(&page, languages), work_csv(&record, languages)] {
                assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']), "{text}");
            }
        }
    }
}

#[test]
fn a_spreadsheet_gets_its_mark_and_its_line_ends() {
    let csv = work_csv(&saved(&PLAIN), Languages::One(Lang::Ja));
    let rows: Vec<&str> = csv.trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert!(csv.starts_with("\u{feff}\"行の種類\",\"実行\"") && csv.ends_with("\"\r\n"), "{csv}");
    assert!(
        rows[1].starts_with("\"router\",\"20260301-000000-abcd\",\"sato\",\"sato-r1\",\"\",\"2026-03-01 09:00:15\"")
    );
    assert!(rows[1].contains("\"'0012345\""), "zeros in front stay: {}", rows[1]);
    assert!(rows.iter().any(|row| row.starts_with("\"check\"")), "{rows:?}");
}

#[test]
fn a_save_that_was_not_verified_is_called_so_in_every_format() {
    let mut record = saved(&PLAIN);
    for one in &mut record.routers {
        one.unverified = Some("startup-not-shown".to_owned());
        one.verdict = crate::state::Verdict::NotDone;
    }
    for (format, text) in formats(&record) {
        let said = ["saved, not verified", "保存済み(未検証)", "保存済み\\(未検証\\)", "startup-not-shown"];
        assert!(said.iter().any(|words| text.contains(words)), "{format}: {text}");
        assert!(
            !text.contains("saved: read again, survives") && !text.contains("保存を読み直して確認済み"),
            "{format}: {text}"
        );
    }
}
