//! How a check ended, in words.

use crate::message::{Lang, Text};
use crate::record::{EnrolledRecord, TestRecord, Tester};
use crate::report::Style;
use crate::visible;

/// How one check ended: whether it passed, was only recorded, and must pass.
pub fn check_words(passed: Option<bool>, recorded: bool, required: bool, lang: Lang) -> (Style, &'static str) {
    match passed {
        Some(true) => (Style::Good, lang.pick("check passed:", "確認 OK:")),
        Some(false) if required => (Style::Bad, lang.pick("check failed:", "確認 NG:")),
        Some(false) => (Style::Warn, lang.pick("advisory check failed:", "参考確認 NG:")),
        None if recorded => (Style::Dim, lang.pick("check recorded:", "確認 記録のみ:")),
        None => (Style::Dim, lang.pick("check not run:", "確認 未実施:")),
    }
}

/// A host key that was read on a router's console and enrolled.
pub fn enrolled_words(enrolled: &EnrolledRecord) -> Text {
    let (fingerprint, hosts) = (enrolled.fingerprint, visible::line(&enrolled.hosts.join(", ")).into_owned());
    Text::new(
        format!("host key read on the console and enrolled for {hosts}: {fingerprint}"),
        format!("コンソールで読み取ったホスト鍵を {hosts} 用に登録しました: {fingerprint}"),
    )
}

/// How a test from the laptop ended, and whose word that is.
pub fn tested_words(test: &TestRecord, lang: Lang) -> (Style, &'static str) {
    match (test.passed, test.by) {
        (Some(true), Some(Tester::Person)) => {
            (Style::Warn, lang.pick("passed by a person's word:", "担当者の申告 OK:"))
        }
        (Some(false), Some(Tester::Person)) => {
            (Style::Warn, lang.pick("failed by a person's word:", "担当者の申告 NG:"))
        }
        (Some(true), _) => (Style::Good, lang.pick("laptop test passed:", "PC 試験 OK:")),
        (Some(false), _) => (Style::Warn, lang.pick("laptop test failed:", "PC 試験 NG:")),
        (None, _) => (Style::Dim, lang.pick("laptop test not made:", "PC 試験 未実施:")),
    }
}

/// A required check that fails before the first line is sent.
pub fn failed_before(check: &str, lang: Lang) -> String {
    Style::Warn.on(&match lang {
        Lang::En => format!("{check} fails already, before the change"),
        Lang::Ja => format!("{check} は変更前から NG です"),
    })
}
