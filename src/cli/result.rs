//! How a run ended, for people and programs.

use super::context::Context;
use super::error::Exit;
use super::screen::Screen;
use super::what_next::{half_done, learned, new_logins, next_step};
use crate::message::{Explain, Lang};
use crate::record::{Journalled, TestRecord};
use crate::report::{self, CountedEnds, Style, counted};
use crate::run::FinishedRun;
use crate::state::Verdict;
use crate::transaction::{CheckResult, Outcome};
use crate::visible;

/// Of more routers than these only what failed is shown one by one, or in groups.
const FEW: usize = 10;

/// Shows how every router ended, and says how the program ends: what failed is nearest to the prompt.
pub fn show_result(context: &Context, finished: &FinishedRun) -> Exit {
    show_result_on(&context.screen, context.is_verbose(), finished)
}

/// The same on a screen that it is given; `each` router is shown however many there are.
pub(super) fn show_result_on(screen: &Screen, each: bool, finished: &FinishedRun) -> Exit {
    let FinishedRun { action, result, exit, journal_error, .. } = finished;
    let (lang, outcomes) = (screen.lang, &result.routers);
    screen.say_prose(&format!("\n{}\n", Style::Head.on(lang.pick("Result", "結果"))));
    if outcomes.len() <= FEW || each {
        let mut last_failed: Vec<&Outcome> = outcomes.iter().collect();
        last_failed.sort_by_key(|outcome| (outcome.verdict(), outcome.failure_class().is_some()));
        last_failed.into_iter().for_each(|outcome| screen.say_prose(&line(lang, action, outcome)));
        if outcomes.len() > 1 {
            screen.say_prose(&format!("\n{}", tally(lang, outcomes)));
        }
        screen.say_prose(&learned(lang, finished));
        screen.say_prose(&next_step(lang, finished));
    } else {
        screen.say_prose(&learned(lang, finished));
        screen.say_prose(&tally(lang, outcomes));
        screen.say_prose(&new_logins(lang, outcomes));
        screen.say_prose(&report::failures(outcomes, lang));
    }
    if let Some(Journalled { run, journal_head }) = &result.journalled {
        screen.say_prose(&half_done(lang, outcomes, run));
        if let Some(head) = journal_head {
            // Together they are wider than a screen.
            let apart = if outcomes.len() > FEW { "\n  " } else { " " };
            screen.say_prose(&match lang {
                Lang::En => format!("run {run}, journal head{apart}{head}\n"),
                Lang::Ja => format!("実行 {run}、ジャーナル末尾ハッシュ{apart}{head}\n"),
            });
        }
    }
    // Of many routers the command that goes on is the last thing said.
    if outcomes.len() > FEW && !each {
        screen.say_prose(&next_step(lang, finished));
    }
    if let Some(error) = journal_error {
        screen.warn(&error.text());
    }
    screen.document(action, *exit, result);
    *exit
}

/// How many routers ended how.
fn tally(lang: Lang, outcomes: &[Outcome]) -> String {
    let mut ends = CountedEnds::default();
    outcomes.iter().for_each(|outcome| ends.take(outcome.state, outcome.planned));
    let (all, ends) = (counted(outcomes.len()), ends.words(lang));
    match lang {
        Lang::En => format!("{all} routers: {ends}\n"),
        Lang::Ja => format!("ルータ {all} 台: {ends}\n"),
    }
}

/// One router's end in what was done, for people.
fn line(lang: Lang, action: &str, outcome: &Outcome) -> String {
    let words = match outcome.unproven_words() {
        None if outcome.is_probed() => lang
            .pick(
                "line looked at; all taken back, and read again: equals the backup",
                "回線を確認し、投入した行をすべて取り消しました(読み直してバックアップと一致)",
            )
            .to_owned(),
        Some(unproven) => unproven.get(lang).to_owned(),
        // What a restart has proven was planned by an earlier run.
        None if action != "restart" && outcome.is_as_declared() => {
            lang.pick("saved: as declared, no line was to be sent", "saved: 宣言どおり(送信する行なし)").to_owned()
        }
        None => report::end_words(outcome.state, !outcome.foreign.is_empty(), lang),
    };
    let mut out = if outcome.verdict() == Verdict::Done {
        format!("{}\n", Style::Good.on(&format!("{}: {words}", outcome.router)))
    } else {
        format!("{}\n", Style::Bad.on(&format!("{}: {words}", outcome.router)))
    };
    if outcome.box_unproven {
        let text = lang.pick(
            "nothing was to be written, so no one was asked which box it is, and its checks were not run: `ixdeploy verify` runs them",
            "書き込む変更がないため、機器の確認もチェックも行っていません。チェックは ixdeploy verify で実行できます",
        );
        out.push_str(&format!("  {text}\n"));
        if outcome.box_of_last_save == Some(true) {
            let text = lang.pick(
                "its serial number is the one of the last save; in the inventory (`identity: { serial_number: ... }`) it would prove the box",
                "製造番号は前回の保存時と同じです。インベントリに `identity: { serial_number: ... }` を書けば、機器を特定できます",
            );
            out.push_str(&format!("  {text}\n"));
        }
    }
    if let Some(line) = &outcome.probed {
        out.push_str(&report::line_record_words(line, lang));
    }
    if outcome.restart_pending {
        let text = lang.pick("some lines take effect only after a restart", "再起動後に有効になる行があります");
        out.push_str(&format!("  {}\n", Style::Warn.on(text)));
    }
    if let Some(unverified) = &outcome.unverified {
        out.push_str(&format!("  {}\n", Style::Warn.on(report::unverified(unverified).get(lang))));
    }
    if let Some(credential) = &outcome.new_login {
        let user = outcome.login.as_ref().map(|login| login.user.as_str()).unwrap_or_default();
        let text = match lang {
            Lang::En => format!(
                "from now on {user} logs in with the password of `{credential}`: name that user and credential at the router's connection in the inventory"
            ),
            Lang::Ja => format!(
                "今後のログインは、ユーザ {user}、パスワード `{credential}` です。インベントリの接続設定にこのユーザと認証情報を指定してください"
            ),
        };
        out.push_str(&format!("  {}\n", Style::Warn.on(&text)));
    }
    if let Some(attempts) = &outcome.attempts {
        out.push_str(&format!("  {}\n", attempts.text().get(lang)));
    }
    for cause in &outcome.causes {
        out.push_str(&format!("  [{}] {}\n", cause.code, visible::hanging(cause.text.get(lang).trim_end(), 4)));
        for hint in &cause.hints {
            out.push_str(&format!("    {} {}\n", lang.pick("hint:", "対処:"), visible::hanging(hint.get(lang), 6)));
        }
    }
    out.push_str(&unpassed(lang, &outcome.checks));
    if let Some(enrolled) = &outcome.enrolled {
        out.push_str(&format!("  {}\n", visible::hanging(report::enrolled_words(enrolled).get(lang), 4)));
    }
    out.push_str(&tests(lang, &outcome.tests));
    outcome.advice.iter().for_each(|advice| out.push_str(&report::advice(advice, lang)));
    out
}

/// The checks that did not pass, for people: what each was for, what was asked, and what the router said.
pub fn unpassed(lang: Lang, checks: &[CheckResult]) -> String {
    let mut out = String::new();
    for check in checks.iter().filter(|check| check.passed != Some(true)) {
        let (_, word) = report::check_words(check.passed, check.recorded, check.required, lang);
        let title = check.title.get(lang);
        let (colon, title) = if title.is_empty() { ("", "") } else { (": ", title) };
        out.push_str(&format!("  {word} {}{colon}{title}\n", check.name));
        if check.passed == Some(false) {
            out.push_str(&failed_check(lang, check));
        }
    }
    out
}

/// What was tested from the laptop, or typed by a person, or not made: what a router is handed over with is never left out.
fn tests(lang: Lang, tests: &[TestRecord]) -> String {
    let mut out = String::new();
    for test in tests {
        let (mark, words) = report::tested_words(test, lang);
        let title = test.title.get(lang);
        let (colon, title) = if title.is_empty() { ("", "") } else { (": ", title) };
        out.push_str(&format!("  {} {}{colon}{title}\n", mark.on(words), test.check));
        let from = test.through.as_deref().map(|through| format!(" [{through}]")).unwrap_or_default();
        for line in [test.test.get(lang), &format!("{}{from}", test.told.get(lang))] {
            out.push_str(&format!("    {}\n", visible::hanging(line, 4)));
        }
    }
    out
}

/// What a failed check asked, missed, and was told: the router's words as they are, but for secrets.
fn failed_check(lang: Lang, check: &CheckResult) -> String {
    /// More lines of an answer than these hide the other checks; the JSON document has them all.
    const LINES: usize = 12;
    let unmet = check.unmet.get(lang);
    let mut out = match lang {
        Lang::En => format!("    `{}`: expected that the answer {unmet}\n", check.command),
        Lang::Ja => format!("    `{}` 期待: {unmet}\n", check.command),
    };
    let answer = check.answer.as_deref().unwrap_or_default().trim_end();
    for line in answer.lines().take(LINES) {
        out.push_str(&format!("    | {}\n", line.trim_end()));
    }
    let more = answer.lines().count().saturating_sub(LINES);
    if more > 0 {
        out.push_str(&match lang {
            Lang::En => format!("    | ... {more} more line(s)\n"),
            Lang::Ja => format!("    | ... ほか {more} 行\n"),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unpassed;
    use crate::message::{Lang, Text};
    use crate::transaction::CheckResult;

    fn check(passed: Option<bool>, recorded: bool, answer: &str) -> CheckResult {
        CheckResult {
            name: "wan".to_owned(),
            role: "r".to_owned(),
            title: Text::new("the line is up", "回線が有効"),
            passed,
            required: true,
            command: "show ip interface".to_owned(),
            unmet: Text::new("contains `up`", "`up` を含む"),
            recorded,
            answer: Some(answer.to_owned()),
            host_key: None,
        }
    }

    #[test]
    fn a_failed_check_says_what_it_asked_and_what_it_was_told() {
        let said = unpassed(Lang::En, &[check(Some(false), false, "Interface is down\r\nx\r\n")]);
        let said = anstream::adapter::strip_str(&said).to_string();
        let expected = "  check failed: wan: the line is up\n    `show ip interface`: expected that the answer contains `up`\n    | Interface is down\n    | x\n";
        assert_eq!(said, expected);
        let long = unpassed(Lang::En, &[check(Some(false), false, &"line\n".repeat(30))]);
        assert!(long.ends_with("    | ... 18 more line(s)\n"), "{long}");
    }

    #[test]
    fn a_check_without_expectation_is_not_called_passed_and_not_left_out() {
        assert_eq!(unpassed(Lang::En, &[check(None, true, "")]), "  check recorded: wan: the line is up\n");
        assert_eq!(unpassed(Lang::Ja, &[check(None, true, "")]), "  確認 記録のみ: wan: 回線が有効\n");
        assert_eq!(unpassed(Lang::En, &[check(Some(true), false, "")]), "");
    }
}
