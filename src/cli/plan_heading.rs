//! What is shown of a saved plan before it is applied.

use std::fmt::Write as _;

use crate::message::Lang;
use crate::playbook::Rollout;
use crate::playbook::rollout::{Budget, Budgets, Share, Step};
use crate::report::{self, Style, span};
use crate::run::{ApprovedPlan, Made};
use crate::visible;

/// What is shown of a saved plan before anything else: its hash, who made it, when, from what, how far it goes.
pub fn plan_heading(plan: &ApprovedPlan, lang: Lang) -> String {
    let ApprovedPlan { path, sha256, file, .. } = plan;
    let path = path.display().to_string();
    let path = visible::line(&path);
    let title = match lang {
        Lang::En => format!("══ Plan {path}"),
        Lang::Ja => format!("══ 計画 {path}"),
    };
    let mut out = format!("{}\n  SHA-256 {sha256}\n", Style::Head.on(&title));
    let _ = match &file.made {
        Some(made) => writeln!(out, "{}", made_words(made, &file.playbook, lang)),
        None => {
            let name = visible::line(&file.playbook);
            let old = match lang {
                Lang::En => format!(
                    "a plan of version 0.1.0 from playbook {name}: who made it, when and from which inventory was not recorded, and no hash of it was shown when it was made. Review the checks and the policy below, and with the plan the other forms of removals, which that version did not have"
                ),
                Lang::Ja => format!(
                    "プレイブック {name} による 0.1.0 版の計画です。作成者・日時・インベントリは記録されておらず、作成時にハッシュも表示されていません。以下の確認項目とポリシー、および計画に示す削除コマンドの別形式(当時の版にはありません)を確認してください"
                ),
            };
            writeln!(out, "  {} {old}", Style::Warn.on("!"))
        }
    };
    let masked: Vec<&str> =
        file.routers.iter().filter(|entry| entry.masked_base).map(|entry| entry.intent.router.as_str()).collect();
    if !masked.is_empty() {
        let names = visible::line(&masked.join(", ")).into_owned();
        let text = match lang {
            Lang::En => format!(
                "made from masked backups of {names}: each is read and planned again now, and goes on only where all that the backup says, and every command, is still the same; what undoes it is what the router shows now"
            ),
            Lang::Ja => format!(
                "{names} の計画はマスク済みのバックアップによります。今ルータを読み出して計画し直し、バックアップから分かる内容とすべてのコマンドが同じ場合だけ続行します。取り消しには今読み出した内容を使います"
            ),
        };
        let _ = writeln!(out, "  {} {text}", Style::Warn.on("!"));
    }
    for words in rollout_words(&file.rollout, lang) {
        let _ = writeln!(out, "  {words}");
    }
    out.push('\n');
    out
}

/// How far a saved plan goes, as far as it says that without its routers: what holds for the whole run, then each step and each group of
/// routers with limits of its own.
fn rollout_words(rollout: &Rollout, lang: Lang) -> Vec<String> {
    let whole = Limits {
        concurrency: Some(rollout.concurrency),
        max_failures: Some(rollout.failures_of_run()).filter(|failures| *failures != Budget::Unlimited),
        budgets: &rollout.budgets,
    };
    let mut of_run = whole.words(lang);
    of_run.extend(rollout.logins_per_second.map(|logins| match lang {
        Lang::En => format!("{logins} login(s) a second"),
        Lang::Ja => format!("ログインは毎秒 {logins} 回まで"),
    }));
    of_run.extend(rollout.needed_time.map(|time| match lang {
        Lang::En => format!("a site takes at most {}", span(time, lang)),
        Lang::Ja => format!("1 拠点の所要時間は最長 {}", span(time, lang)),
    }));
    let retried = lang.pick("occupied and unreachable sites are tried again", "使用中・接続不可の拠点は再試行");
    of_run.extend(rollout.retry.map(|_| retried.to_owned()));
    let mut lines = vec![of_run.join(lang.pick("; ", "、"))];
    let step = |(number, step): (usize, &Step)| {
        let number = number + 1;
        let name = visible::line(&step.name);
        let limits = Limits { concurrency: step.concurrency, max_failures: step.max_failures, budgets: &step.budgets };
        let mut words = vec![report::match_words(&step.fits, lang)];
        words.extend(limits.words(lang));
        words.extend(step.bake.map(|bake| match lang {
            Lang::En => format!("proves itself for {}", span(bake.time, lang)),
            Lang::Ja => format!("様子見 {}", span(bake.time, lang)),
        }));
        words.extend(step.approval.then(|| lang.pick("asks before it begins", "開始前に承認が必要").to_owned()));
        let words = words.join(lang.pick("; ", "、"));
        match lang {
            Lang::En => format!("step {number} {name}: {}", visible::line(&words)),
            Lang::Ja => format!("ステップ {number} {name}: {}", visible::line(&words)),
        }
    };
    lines.extend(rollout.steps.iter().enumerate().map(step));
    let shares =
        [(lang.pick("group", "グループ"), &rollout.groups), (lang.pick("jump host", "踏み台"), &rollout.jump_hosts)];
    for (kind, shares) in shares {
        lines.extend(shares.iter().map(|share| {
            let Share { of, concurrency, max_failures, budgets } = share;
            let limits = Limits { concurrency: *concurrency, max_failures: *max_failures, budgets };
            format!("{kind} {}: {}", visible::line(of), limits.words(lang).join(lang.pick("; ", "、")))
        }));
    }
    lines
}

/// Limits of a run, a step or a group, as they are written.
struct Limits<'l> {
    concurrency: Option<usize>,
    max_failures: Option<Budget>,
    budgets: &'l Budgets,
}

impl Limits<'_> {
    fn words(&self, lang: Lang) -> Vec<String> {
        let mut words = Vec::new();
        words.extend(self.concurrency.map(|at_once| match lang {
            Lang::En => format!("at most {at_once} site(s) at once"),
            Lang::Ja => format!("同時に最大 {at_once} か所"),
        }));
        words.extend(self.max_failures.map(|failures| match lang {
            Lang::En => format!("none is begun after {failures} failure(s)"),
            Lang::Ja => format!("失敗が {failures} 台に達したら新たに着手しません"),
        }));
        if !self.budgets.is_empty() {
            let each: Vec<String> =
                self.budgets.iter().map(|(class, budget)| format!("{} {budget}", class.word())).collect();
            let each = each.join(", ");
            words.push(match lang {
                Lang::En => format!("or after {each}"),
                Lang::Ja => format!("失敗の種類ごとの許容数 {each}"),
            });
        }
        words
    }
}

/// Who made a plan, when, why and from what.
fn made_words(made: &Made, name: &str, lang: Lang) -> String {
    let [at, version, playbook, inventory] =
        [&made.at, &made.version, &made.playbook, &made.inventory].map(|text| visible::line(text));
    let (by, machine, name) = (user(made, lang), machine(made, lang), visible::line(name));
    let mut out = match lang {
        Lang::En => format!(
            "  made by {by} on {machine} at {at} with ixdeploy {version}\n  from playbook {name} ({playbook}), inventory {inventory}"
        ),
        Lang::Ja => format!(
            "  作成: {by}({machine})、{at}、ixdeploy {version}\n  プレイブック {name}({playbook})、インベントリ {inventory}"
        ),
    };
    for (word, text) in more(made, lang) {
        out.push_str(&format!("\n  {word}: {}", visible::line(&text)));
    }
    out
}

fn user(made: &Made, lang: Lang) -> String {
    match made.by.as_str() {
        "" => lang.pick("a user whose name is not known", "名前不明のユーザ").to_owned(),
        name => visible::line(name).into_owned(),
    }
}

fn machine(made: &Made, lang: Lang) -> String {
    match made.machine.as_str() {
        "" => lang.pick("a machine whose name is not known", "端末名不明").to_owned(),
        name => visible::line(name).into_owned(),
    }
}

/// What only the present form of a plan can say.
fn more(made: &Made, lang: Lang) -> Vec<(&'static str, String)> {
    let reason = made.reason.clone().map(|reason| (lang.pick("reason", "理由"), reason));
    let limit = made.limit.clone().map(|limit| (lang.pick("routers asked for", "対象の指定"), limit));
    let backups = made
        .backups
        .as_ref()
        .map(|ages| (lang.pick("made from backups", "元のバックアップ"), ages.words(Some(&made.at), lang)));
    [reason, limit, backups].into_iter().flatten().collect()
}

/// The same as rows of a page: names with their values, as they were kept.
pub fn header(plan: &ApprovedPlan, lang: Lang) -> Vec<(&'static str, String)> {
    let file = &plan.file;
    let mut rows = vec![("SHA-256", plan.sha256.clone())];
    if let Some(made) = &file.made {
        let by = match lang {
            Lang::En => format!("{} on {}", user(made, lang), machine(made, lang)),
            Lang::Ja => format!("{}({})", user(made, lang), machine(made, lang)),
        };
        rows.push((lang.pick("made by", "作成者"), by));
        rows.push((lang.pick("at", "日時"), made.at.clone()));
        rows.push(("ixdeploy", made.version.clone()));
        rows.push((lang.pick("playbook", "プレイブック"), format!("{} ({})", file.playbook, made.playbook)));
        rows.push((lang.pick("inventory", "インベントリ"), made.inventory.clone()));
        rows.extend(more(made, lang));
    }
    let mut word = lang.pick("rollout", "展開方法");
    for words in rollout_words(&file.rollout, lang) {
        rows.push((std::mem::take(&mut word), words));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::rollout_words;
    use crate::message::Lang;
    use crate::playbook::Rollout;

    #[test]
    fn a_reviewer_sees_every_limit_of_the_rollout() {
        let text = r#"{"concurrency": 20, "budgets": {"unreachable": "5%"}, "logins_per_second": 4,
            "jump_hosts": [{"of": "gate.example", "concurrency": 8}],
            "steps": [{"name": "canary", "match": {"criteria": [], "amount": {"count": 5}}, "concurrency": 2, "max_failures": "1",
                       "bake": {"time": 600000}, "approval": false},
                      {"name": "rest", "match": {"criteria": []}, "budgets": {"lost": "2"}, "approval": true}]}"#;
        let rollout: Rollout = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
        let said = rollout_words(&rollout, Lang::En);
        assert_eq!(said.len(), 4, "{said:?}");
        for (line, words) in [
            (0, &["at most 20 site(s) at once", "unreachable 5%", "4 login(s) a second"][..]),
            (1, &["step 1 canary: ", "at most 2 site(s)", "after 1 failure(s)", "proves itself for 10"]),
            (2, &["step 2 rest: the rest", "or after lost 2", "asks before it begins"]),
            (3, &["jump host gate.example: at most 8 site(s) at once"]),
        ] {
            let line = said.get(line).map(String::as_str).unwrap_or_default();
            assert!(words.iter().all(|words| line.contains(words)), "{line}");
        }
    }
}
