//! A screen for what failed in a large run.

use unicode_width::UnicodeWidthStr;

use super::failures;
use crate::message::{Lang, Text};
use crate::record::{Advice, CauseRecord, Outcome};
use crate::state::State;

fn of(router: &str, state: State, code: &str) -> Outcome {
    let text = Text::new(
        format!(
            "{router}: the router refused line 2 of the plan `url-list online-sikaku permit domain *second-new-domain.example`: % Invalid command."
        ),
        format!(
            "{router}: 計画の 2 行目 `url-list online-sikaku permit domain *second-new-domain.example` をルータが受け付けませんでした: % Invalid command."
        ),
    );
    let hint = Text::new(
        "the change is undone; the router's final state says whether that succeeded",
        "変更を取り消します。結果はルータの最終状態で確認してください",
    );
    let causes = vec![CauseRecord { code: code.to_owned(), text, hints: vec![hint] }];
    Outcome { causes, ..Outcome::new(router, router, state) }
}

fn said(outcomes: &[Outcome], lang: Lang) -> String {
    anstream::adapter::strip_str(&failures(outcomes, lang)).to_string()
}

/// A night in which most went well.
fn night() -> Vec<Outcome> {
    let mut night: Vec<Outcome> =
        (0..180).map(|number| Outcome::new(&format!("d{number}"), "d", State::Saved)).collect();
    night.extend((0..312).map(|number| of(&format!("c{number:04}"), State::Unreachable, "ssh.timeout")));
    night.push(of("c0400", State::Undone, "router.refused-line"));
    night.extend((0..9).map(|number| of(&format!("n{number}"), State::NotStarted, "run.not-started")));
    night
}

#[test]
fn what_failed_for_one_reason_is_one_group_and_the_worst_is_last() {
    let shown = said(&night(), Lang::En);
    let headings: Vec<&str> = shown.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        headings,
        [
            "9 not-started: the run stopped before: n0, n1, n2, n3, n4, n5, n6, n7 and 1 more",
            "312 unreachable: no session, or it broke: c0000, c0001, c0002, c0003, c0004,",
            "1 undone, line-refused: the router did not take a line: c0400",
        ]
    );
    assert!(shown.contains("  c0005, c0006, c0007 and 304 more\n"), "{shown}");
    assert!(!shown.contains("d1"), "what is done needs no name: {shown}");
}

#[test]
fn routers_without_a_plan_are_grouped_by_why_they_have_none() {
    let without = |router: &str, code: &str| {
        let mut outcome = of(router, State::Refused, "plan-file.no-plan");
        let text = Text::new("as it was then", "作成時の状況");
        outcome.causes.push(CauseRecord { code: code.to_owned(), text, hints: Vec::new() });
        outcome
    };
    let off = [without("c1", "ssh.unreachable"), without("c2", "ssh.unreachable")];
    let shown = said(&[&off[..], &[without("c3", "session.wrong-password")]].concat(), Lang::En);
    assert!(shown.contains(": c1, c2\n") && shown.contains(": c3\n"), "{shown}");
    assert!(shown.contains("% Invalid\n    command.\n"), "the router's answer is not cut off: {shown}");
}

#[test]
fn a_wrong_password_is_not_called_a_missing_session() {
    let shown = said(&[of("c1", State::Unreachable, "session.wrong-password")], Lang::En);
    assert!(shown.starts_with("1 unreachable: the password was refused: c1\n"), "{shown}");
}

#[test]
fn it_fits_eighty_columns_in_both_languages() {
    let mut night = night();
    let phone = "「ルータの電源は切らず、ケーブルにも触れないでください。確認のうえ、こちらから折り返しご連絡します」";
    let advice = Advice {
        now: Text::new("change nothing by hand", "手で変更しないでください"),
        power_cycle_safe: false,
        power_cycle: Text::new("NOT safe", "不可"),
        phone: Text::new(phone, phone),
    };
    night.push(Outcome { advice: Some(advice), ..of("c0500", State::Lost, "router.lost") });
    for lang in [Lang::En, Lang::Ja] {
        let shown = said(&night, lang);
        assert!(shown.lines().count() <= 22, "{shown}");
        for line in shown.lines() {
            assert!(line.width() <= 80, "{} columns: {line}", line.width());
        }
        let last =
            shown.lines().rev().take(6).any(|line| line.contains("電話で伝える文") || line.contains("on the phone"));
        assert!(last, "the one who needs a person is last: {shown}");
    }
}

#[test]
fn many_kinds_of_failure_are_a_number_but_for_the_worst() {
    let night: Vec<Outcome> =
        (0..12).map(|number| of(&format!("c{number}"), State::Refused, &format!("plan.kind{number}"))).collect();
    let shown = said(&night, Lang::Ja);
    assert!(shown.starts_with("ほかに 6 種類の理由で 6 台\n"), "{shown}");
}
