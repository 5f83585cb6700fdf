//! Every format of a work plan: a hostile value stays text in it, and it is what its readers take.

use super::{PLAIN, Typed, work};
use crate::message::Lang;
use crate::report::page::tests::{HOSTILE, tags};
use crate::report::work_tests::{self, saved};
use crate::report::{Languages, SitePages, WorkPlan, html, markdown, work_plan_csv, work_plan_page};

const ALL: [Languages; 3] = [Languages::One(Lang::En), Languages::One(Lang::Ja), Languages::Both];

#[test]
fn a_hostile_value_stays_text_in_every_format_also_with_a_record_beside_it() {
    let typed = Typed { router: HOSTILE, site: HOSTILE, line: HOSTILE, title: HOSTILE };
    let done = saved(&work_tests::Typed::hostile());
    for plan in [WorkPlan::of(&work(&typed)), WorkPlan::of(&work(&typed)).beside(&done)] {
        for languages in ALL {
            let page = work_plan_page(&plan, &SitePages::of([HOSTILE]));
            let shown = html(&page, languages);
            let tags = tags(&shown);
            assert!(!tags.iter().any(|tag| ["script", "img"].contains(&tag.as_str())), "{tags:?}");
            let csv = work_plan_csv(&plan, languages);
            for cell in csv.trim_start_matches('\u{feff}').split("\",\"") {
                assert!(!cell.trim_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
            }
            for text in [shown, csv, markdown(&page, languages)] {
                assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']), "{text}");
            }
        }
    }
}

#[test]
fn a_spreadsheet_gets_a_row_for_each_step_with_room_for_its_time() {
    let csv = work_plan_csv(&WorkPlan::of(&work(&PLAIN)), Languages::One(Lang::Ja));
    let rows: Vec<&str> = csv.trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert!(csv.starts_with("\u{feff}\"行の種類\",\"計画の SHA-256\",\"拠点\",\"ルータ・クラス\",\"区分\""), "{csv}");
    let line = rows.iter().find(|row| row.contains("\"hostname sato-r1\"")).unwrap();
    assert!(line.starts_with("\"step\",") && line.contains("\"sato\",\"sato-r1\",\"変更作業\",\"1\""), "{line}");
    assert!(line.ends_with("\"\",\"\",\"\",\"\""), "time, answer, result and who are filled in by hand: {line}");
    assert_eq!(rows.iter().filter(|row| row.starts_with("\"router\"")).count(), 1);
    let parts: Vec<usize> =
        ["事前準備", "承認・判断ポイント", "変更前の表示の確認", "変更作業", "保存", "切り戻し", "作業後"]
            .iter()
            .map(|part| rows.iter().position(|row| row.contains(&format!("\"{part}\""))).unwrap())
            .collect();
    assert!(parts.is_sorted(), "{parts:?}");
}

#[test]
fn a_page_has_room_for_times_and_signatures_and_runs_nothing() {
    let shown = html(&work_plan_page(&WorkPlan::of(&work(&PLAIN)), &SitePages::default()), Languages::One(Lang::Ja));
    for said in ["完了時刻", "署名・印", "切り戻し", "期待する応答", "作業手順書 ", "ラベルの製造番号の末尾 4 文字"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(shown.matches("class=\"blank\"").count() > 40, "{shown}");
    assert!(!shown.contains("script-src"), "{shown}");
}
