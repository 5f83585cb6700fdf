//! What the operator agrees to besides the commands: the checks before the save, and what the run may do that it refuses by
//! default.

use std::collections::HashMap;
use std::fmt::Write;

use super::plan_text::names;
use crate::message::Lang;
use crate::playbook::{Check, Expectation, Level, OnLoss, Phase};
use crate::report::Style;
use crate::transaction::Terms;
use crate::visible;

/// The terms of all routers, each once, with the routers that share them.
pub fn terms<'a>(routers: impl IntoIterator<Item = (&'a str, &'a Terms)>, lang: Lang) -> String {
    let mut groups: Vec<(&Terms, Vec<&str>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (router, terms) in routers {
        let next = groups.len();
        let place = *places.entry(serde_json::to_string(terms).unwrap_or_default()).or_insert(next);
        match groups.get_mut(place) {
            Some((_, routers)) => routers.push(router),
            None => groups.push((terms, vec![router])),
        }
    }
    let mut out = String::new();
    for (terms, routers) in groups {
        let names = names(&routers, lang);
        let heading = match lang {
            Lang::En => format!("══ Checks and policy: {names}"),
            Lang::Ja => format!("══ 確認項目とポリシー: {names}"),
        };
        let _ = writeln!(out, "{}", Style::Head.on(&heading));
        checks(&mut out, terms, lang);
        policy(&mut out, terms, lang);
        out.push('\n');
    }
    out
}

fn checks(out: &mut String, terms: &Terms, lang: Lang) {
    let runs = |check: &&Check| terms.at_clinic || check.phase == Phase::Bench;
    let (run, left_out): (Vec<&Check>, Vec<&Check>) = terms.checks.iter().partition(runs);
    if !run.iter().any(|check| check.level == Level::Required) {
        let none = lang.pick(
            "no required check: nothing but the reading of both configurations decides about the save",
            "必須の確認なし: 保存の可否は両コンフィグの読み直しだけで決まります",
        );
        let _ = writeln!(out, "  {} {none}", Style::Warn.on("!"));
    }
    for check in run {
        let expected: Vec<_> = check.expect.iter().map(Expectation::describe).collect();
        let level = match (check.level, expected.is_empty()) {
            (_, true) => lang.pick("recorded only", "記録のみ"),
            (Level::Required, _) => lang.pick("required", "必須"),
            (Level::Advisory, _) => lang.pick("advisory", "参考"),
        };
        let within = check.within.map(|seconds| match lang {
            Lang::En => format!(", repeated for up to {seconds} s"),
            Lang::Ja => format!("、最長 {seconds} 秒繰り返し"),
        });
        let within = within.unwrap_or_default();
        let expected = expected.iter().map(|text| text.get(lang)).collect::<Vec<_>>();
        let expected = expected.join(lang.pick(", and ", "、かつ "));
        let expected = visible::line(&expected);
        let (word, name, command) =
            (lang.pick("check", "確認"), visible::line(&check.name), visible::line(&check.command));
        let _ = writeln!(out, "  {}", format!("{word} {name} ({level}{within}): `{command}` {expected}").trim_end());
    }
    if let Some(reason) = terms.line_pending.as_deref().map(visible::line).filter(|_| terms.at_clinic) {
        let text = match lang {
            Lang::En => format!(
                "the line is not open yet ({reason}): a required check of phase `clinic` may fail, and the router is saved and not done"
            ),
            Lang::Ja => {
                format!("回線は未開通({reason}): clinic フェーズの必須の確認が NG でも保存しますが、完了とはしません")
            }
        };
        let _ = writeln!(out, "  {} {text}", Style::Warn.on("!"));
    }
    if !left_out.is_empty() {
        let names = left_out.iter().map(|check| visible::line(&check.name)).collect::<Vec<_>>().join(", ");
        let _ = match lang {
            Lang::En => writeln!(out, "  not run on a bench: {names}"),
            Lang::Ja => writeln!(out, "  ベンチでは実行しない確認: {names}"),
        };
    }
}

fn policy(out: &mut String, terms: &Terms, lang: Lang) {
    if terms.probe.is_some() {
        let text = lang.pick(
            "a probe: nothing is saved, and all of it is undone, whatever is seen",
            "プローブ: 結果によらずすべて取り消し、保存しません",
        );
        let _ = writeln!(out, "  {text}");
        return;
    }
    let lost = match terms.lost {
        OnLoss::Nearest => lang.pick(
            "nearest: what is there whole is saved, what is there in part is undone",
            "nearest: 全行が反映済みなら保存し、一部だけなら取り消します",
        ),
        OnLoss::Finish => lang.pick("finish: what is missing is sent, then saved", "finish: 残りを送信して保存します"),
        OnLoss::Undo => lang.pick("undo: everything is undone", "undo: すべて取り消します"),
        OnLoss::Ask => lang.pick("ask: the operator decides", "ask: 担当者が決めます"),
    };
    let _ = writeln!(out, "  {} {lost}", lang.pick("if the session is lost:", "セッションが失われた場合:"));
    if let Some(version) = &terms.min_firmware {
        let _ = writeln!(out, "  {} {version}", lang.pick("oldest firmware:", "最低ファームウェア:"));
    }
    for allowed in allowed(terms, lang) {
        let _ = writeln!(out, "  {} {allowed}", Style::Warn.on("!"));
    }
}

/// What is allowed that a run refuses by default, with the words that allow it.
fn allowed(terms: &Terms, lang: Lang) -> impl Iterator<Item = &'static str> {
    let all = [
        (
            terms.allow_reload,
            "a restart without saving where the undo fails (allow_reload)",
            "取り消しに失敗した場合、保存せずに再起動することがあります(allow_reload)",
        ),
        (
            terms.allow_lifeline_change,
            "the path of our own session may change (allow_lifeline_change)",
            "自セッションの経路が変わることがあります(allow_lifeline_change)",
        ),
        (
            terms.allow_unrecognised,
            "lines that the grammar does not know may be removed (allow_unrecognised)",
            "未知の行を削除することがあります(allow_unrecognised)",
        ),
        (
            terms.set_secrets,
            "secrets that cannot be compared are entered (--set-secrets, set_secrets)",
            "比較できない秘密情報も入力します(--set-secrets、set_secrets)",
        ),
        (
            terms.adopt,
            "unsaved changes of others become permanent (--adopt)",
            "他者の未保存の変更が確定します(--adopt)",
        ),
        (
            terms.take_over,
            "config mode is taken from its holder (--take-over)",
            "使用中のコンフィグモードを強制的に取得します(--take-over)",
        ),
    ];
    all.into_iter().filter(|(is_allowed, ..)| *is_allowed).map(move |(_, en, ja)| lang.pick(en, ja))
}

#[cfg(test)]
mod tests {
    use super::terms;
    use crate::message::Lang;
    use crate::playbook::OnLoss;
    use crate::transaction::Terms;

    fn usual() -> Terms {
        Terms { at_clinic: true, ..Terms::default() }
    }

    #[test]
    fn every_looser_policy_is_shown_and_the_same_terms_once() {
        let said = |routers: Vec<(&str, Terms)>| {
            let shown = terms(routers.iter().map(|(router, terms)| (*router, terms)), Lang::En);
            anstream::adapter::strip_str(&shown).to_string()
        };
        let same = said(vec![("r1", usual()), ("r2", usual())]);
        assert_eq!(same.matches("══").count(), 1, "{same}");
        assert!(same.starts_with("══ Checks and policy: r1, r2\n") && same.contains("no required check"), "{same}");
        let looser: [(Terms, &str); 7] = [
            (Terms { lost: OnLoss::Finish, ..usual() }, "finish: what is missing is sent"),
            (Terms { allow_reload: true, ..usual() }, "allow_reload"),
            (Terms { allow_lifeline_change: true, ..usual() }, "allow_lifeline_change"),
            (Terms { allow_unrecognised: true, ..usual() }, "allow_unrecognised"),
            (Terms { set_secrets: true, ..usual() }, "--set-secrets"),
            (Terms { adopt: true, ..usual() }, "--adopt"),
            (Terms { take_over: true, ..usual() }, "--take-over"),
        ];
        for (terms, word) in looser {
            assert!(!same.contains(word), "{word}: {same}");
            let shown = said(vec![("r1", usual()), ("r2", terms)]);
            assert!(shown.contains(word) && shown.matches("══").count() == 2, "{word}: {shown}");
        }
    }
}
