//! What is shown of a saved plan before it is applied.

use std::fmt::Write as _;

use crate::message::Lang;
use crate::playbook::Rollout;
use crate::playbook::rollout::Budget;
use crate::report::Style;
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
    let _ = writeln!(out, "  {}\n", rollout_words(&file.rollout, lang));
    out
}

/// How far a saved plan goes, as far as it says that without its routers.
fn rollout_words(rollout: &Rollout, lang: Lang) -> String {
    let (at_once, failures) = (rollout.concurrency, rollout.failures_of_run());
    let steps: Vec<_> = rollout.steps.iter().map(|step| visible::line(&step.name)).collect();
    let steps = steps.join(", ");
    let mut words = match lang {
        Lang::En => format!("at most {at_once} site(s) at once"),
        Lang::Ja => format!("同時に最大 {at_once} か所"),
    };
    words += &match lang {
        _ if failures == Budget::Unlimited => String::new(),
        Lang::En => format!(", none is begun after {failures} failure(s)"),
        Lang::Ja => format!("。失敗が {failures} 台に達したら新たに着手しません"),
    };
    words += &match lang {
        _ if steps.is_empty() => String::new(),
        Lang::En => format!(", in steps: {steps}"),
        Lang::Ja => format!("。ステップ: {steps}"),
    };
    words
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
    let backups =
        made.backups.as_ref().map(|ages| (lang.pick("made from backups", "元のバックアップ"), ages.words(lang)));
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
    rows.push((lang.pick("rollout", "展開方法"), rollout_words(&file.rollout, lang)));
    rows
}
