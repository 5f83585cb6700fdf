//! How a run ended, for people and programs.

use std::collections::{BTreeMap, HashSet};

use super::context::Context;
use super::error::Exit;
use crate::message::{Explain, Lang};
use crate::record::Journalled;
use crate::report::{self, CountedEnds, Style, counted};
use crate::run::{FinishedRun, LearnedBox, NoPlan};
use crate::state::{State, Verdict};
use crate::transaction::{CheckResult, Outcome};
use crate::visible;

/// Of more routers than these only what failed is shown one by one, or in groups.
const FEW: usize = 10;

/// Shows how every router ended, and says how the program ends: what failed is nearest to the prompt.
pub fn show_result(context: &Context, finished: &FinishedRun) -> Exit {
    let FinishedRun { action, result, exit, journal_error, .. } = finished;
    let (lang, outcomes) = (context.screen.lang, &result.routers);
    context.screen.say(&format!("\n{}\n", Style::Head.on(lang.pick("Result", "結果"))));
    if outcomes.len() <= FEW || context.is_verbose() {
        let mut last_failed: Vec<&Outcome> = outcomes.iter().collect();
        last_failed.sort_by_key(|outcome| (outcome.verdict(), outcome.failure_class().is_some()));
        last_failed.into_iter().for_each(|outcome| context.screen.say_prose(&line(lang, outcome)));
        if outcomes.len() > 1 {
            context.screen.say(&format!("\n{}", tally(lang, outcomes)));
        }
    } else {
        context.screen.say(&tally(lang, outcomes));
        context.screen.say(&report::failures(outcomes, lang));
    }
    context.screen.say(&learned(lang, &finished.learned));
    context.screen.say(&next_step(lang, finished));
    if let Some(Journalled { run, journal_head }) = &result.journalled {
        context.screen.say(&half_done(lang, outcomes, run));
        if let Some(head) = journal_head {
            // Together they are wider than a screen.
            let apart = if outcomes.len() > FEW { "\n" } else { " " };
            context.screen.say(&match lang {
                Lang::En => format!("run {run}, journal head{apart}{head}\n"),
                Lang::Ja => format!("実行 {run}、ジャーナル末尾ハッシュ{apart}{head}\n"),
            });
        }
    }
    if let Some(error) = journal_error {
        context.screen.warn(&error.text());
    }
    context.screen.document(action, *exit, result);
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

/// What to write into the inventory, so that the next run knows which box each router is.
fn learned(lang: Lang, boxes: &[LearnedBox]) -> String {
    let mut out = String::new();
    for LearnedBox { router, serial_number } in boxes.iter().take(FEW) {
        let (router, number) = (visible::line(router), visible::line(serial_number));
        out.push_str(&match lang {
            Lang::En => format!("To hold {router} to this box, write below it in the inventory:\n"),
            Lang::Ja => {
                format!("{router} をこの機器に固定するには、インベントリの {router} に次の行を書いてください:\n")
            }
        });
        out.push_str(&format!("    identity: {{ serial_number: \"{number}\" }}\n"));
    }
    if let Some(more @ 1..) = boxes.len().checked_sub(FEW) {
        let more = counted(more);
        out.push_str(&match lang {
            Lang::En => {
                format!("{more} more router(s) have no serial number in the inventory: --format json names theirs\n")
            }
            Lang::Ja => format!("ほか {more} 台もインベントリに製造番号がありません(--format json で確認できます)\n"),
        });
    }
    out
}

/// The commands that go on, where something is left to do: those not begun, and all that are not done.
fn next_step(lang: Lang, finished: &FinishedRun) -> String {
    let outcomes = &finished.result.routers;
    let not_begun = outcomes.iter().filter(|outcome| outcome.is_left()).count();
    let not_done = outcomes.iter().filter(|outcome| outcome.verdict() != Verdict::Done).count();
    let without: HashSet<&str> =
        finished.no_plan.iter().flat_map(|no_plan| &no_plan.routers).map(String::as_str).collect();
    let not_done = not_done - without.len();
    let failed = |outcome: &&Outcome| outcome.failure_class().is_some() && outcome.verdict() == Verdict::NotDone;
    let failed = outcomes.iter().filter(failed).filter(|one| !without.contains(one.router.as_str())).count();
    let planned_anew = finished.no_plan.as_ref().map(|no_plan| planned_anew(lang, no_plan, finished));
    let planned_anew = planned_anew.unwrap_or_default();
    let Some(Journalled { run, .. }) = &finished.result.journalled else {
        return planned_anew
            + &if outcomes.iter().any(|outcome| outcome.state == State::NotStarted) {
                without_what_failed(lang, outcomes, finished.limit.as_deref())
            } else {
                String::new()
            };
    };
    // What was skipped, and who waits for it, is no better off in a new run.
    let (left, all) = (counted(not_begun), counted(not_done));
    let again = match (not_begun, failed, lang) {
        (0, 0, _) => String::new(),
        (_, 0, Lang::En) => format!("To go on with the {left} not begun: ixdeploy continue {run}\n"),
        (_, 0, Lang::Ja) => format!("未着手の {left} 台を続けるには: ixdeploy continue {run}\n"),
        (0, _, Lang::En) => format!("To try the {all} that are not done again: ixdeploy rerun {run}\n"),
        (0, _, Lang::Ja) => format!("未完了の {all} 台をやり直すには: ixdeploy rerun {run}\n"),
        (_, _, Lang::En) => format!(
            "To go on with the {left} not begun: ixdeploy continue {run}\nFor a new run for all {all} that are not done: ixdeploy rerun {run}\n"
        ),
        (_, _, Lang::Ja) => format!(
            "未着手の {left} 台を続けるには: ixdeploy continue {run}\n未完了の全 {all} 台を新しい実行でやり直すには: ixdeploy rerun {run}\n"
        ),
    };
    again + &planned_anew
}

/// The command that plans those anew for which the plan file has no plan that holds: the same file does not bring them further.
fn planned_anew(lang: Lang, NoPlan { routers, playbook, inventory }: &NoPlan, finished: &FinishedRun) -> String {
    let playbook = playbook.as_ref().map_or_else(|| "PLAYBOOK".to_owned(), |path| path.display().to_string());
    let inventory = inventory.display().to_string();
    let (playbook, inventory) = (visible::line(&playbook), visible::line(&inventory));
    let limit = match &finished.result.journalled {
        Some(Journalled { run, .. }) => format!("@run:{run}:no-plan"),
        // No run was begun that could be named.
        None => visible::line(&routers.join(",")).into_owned(),
    };
    let count = counted(routers.len());
    match lang {
        Lang::En => format!(
            "To plan the {count} anew for which the plan file has no plan that holds: ixdeploy apply {playbook} -i {inventory} -l {limit}\n"
        ),
        Lang::Ja => format!(
            "計画ファイルに有効な計画がない {count} 台を計画し直すには: ixdeploy apply {playbook} -i {inventory} -l {limit}\n"
        ),
    }
}

/// How those go on that were not begun, where no run was: among hundreds no one finds the one that stopped it.
fn without_what_failed(lang: Lang, outcomes: &[Outcome], limit: Option<&str>) -> String {
    /// More names than this are no help on a command line.
    const NAMES: usize = 4;
    let stopped = |outcome: &&Outcome| outcome.verdict() != Verdict::Done && outcome.state != State::NotStarted;
    let stoppers: Vec<&Outcome> = outcomes.iter().filter(stopped).collect();
    // Where a person is needed, that comes first.
    if stoppers.is_empty()
        || stoppers.len() > NAMES
        || stoppers.iter().any(|outcome| outcome.verdict() != Verdict::NotDone)
    {
        return String::new();
    }
    let names = stoppers.iter().map(|outcome| format!("!{}", outcome.router));
    let limit = limit.map(str::to_owned).into_iter().chain(names).collect::<Vec<_>>().join(",");
    match lang {
        Lang::En => format!("To go on with those not started, leave out what failed: -l '{limit}'\n"),
        Lang::Ja => format!("未着手のルータだけを続けるには、失敗したルータを除外してください: -l '{limit}'\n"),
    }
}

/// Sites where some routers were saved and others not: the saved ones can be undone.
fn half_done(lang: Lang, outcomes: &[Outcome], run: &str) -> String {
    /// Of more sites than these there is a number.
    const SITES: usize = 3;
    let mut sites: BTreeMap<&str, (Vec<&str>, bool)> = BTreeMap::new();
    for outcome in outcomes {
        let (changed, is_whole) = sites.entry(&outcome.site).or_insert((Vec::new(), true));
        *is_whole &= outcome.state == State::Saved;
        if outcome.state == State::Saved && outcome.sent > 0 {
            changed.push(&outcome.router);
        }
    }
    let half: Vec<(&str, Vec<&str>)> = sites
        .into_iter()
        .filter(|(_, (changed, is_whole))| !is_whole && !changed.is_empty())
        .map(|(site, (changed, _))| (site, changed))
        .collect();
    let mut out = String::new();
    for (site, changed) in half.iter().take(SITES) {
        let routers = changed.join(",");
        out.push_str(&match lang {
            Lang::En => format!(
                "Site {site} is half done. To undo what was saved there: ixdeploy undo {run} -l {routers}\n"
            ),
            Lang::Ja => format!(
                "拠点 {site} は一部のルータだけが保存されています。保存済みの変更を取り消すには: ixdeploy undo {run} -l {routers}\n"
            ),
        });
    }
    if half.len() > SITES {
        let more = counted(half.len() - SITES);
        out.push_str(&match lang {
            Lang::En => format!("{more} more sites are half done: ixdeploy show {run}\n"),
            Lang::Ja => format!("ほか {more} 拠点も一部のルータだけが保存されています: ixdeploy show {run}\n"),
        });
    }
    out
}

/// One router's end, for people.
pub fn line(lang: Lang, outcome: &Outcome) -> String {
    let words = match outcome.box_unproven {
        true => lang.pick("as declared, box not proven", "宣言どおり(機器は未特定)").to_owned(),
        false => report::end_words(outcome.state, !outcome.foreign.is_empty(), lang),
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
