//! The rollout of a run as a short table: which step takes which sites, how many at once, how many failures, what comes before the next.

use std::fmt::Write as _;
use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use super::span::span;
use super::style::Style;
use crate::fleet::{self, ComeBack, Gathered, HoldRules};
use crate::message::Lang;
use crate::playbook::rollout::{Amount, Criterion, Match, Property};
use crate::run::{GroupPlan, RolloutPlan, StepPlan};
use crate::visible;

/// The sites of a step are named up to this number.
const NAMED_SITES: usize = 8;

/// The rollout for people. One step without limits of its own is one line.
pub fn rollout(plan: &RolloutPlan, lang: Lang) -> String {
    if plan.is_simple {
        return simple(plan, lang);
    }
    let mut out = String::new();
    let title = match lang {
        Lang::En => format!("══ Rollout: {} router(s) at {} site(s)", plan.routers, plan.sites),
        Lang::Ja => format!("══ 展開方法: 拠点 {} か所、ルータ {} 台", plan.sites, plan.routers),
    };
    let _ = writeln!(out, "{}", Style::Head.on(&title));
    if !plan.steps.is_empty() {
        let rows = plan.steps.iter().enumerate().map(|(number, step)| row(number, step, lang));
        table(&mut out, std::iter::once(headings(lang)).chain(rows).collect());
    }
    let _ = writeln!(out, "  {} {}", lang.pick("whole run:", "実行全体:"), whole(plan, lang));
    for group in &plan.groups {
        let _ = writeln!(out, "  {}", group_words(group, lang));
    }
    for step in plan.steps.iter().filter(|step| (1..=NAMED_SITES).contains(&step.sites.len())) {
        let _ = writeln!(out, "  {}: {}", step.name, visible::line(&step.sites.join(", ")));
    }
    for step in plan.steps.iter().filter(|step| step.sites.is_empty()) {
        let none = match lang {
            Lang::En => format!("no site is in the step {}", step.name),
            Lang::Ja => format!("ステップ {} の対象になる拠点はありません", step.name),
        };
        let _ = writeln!(out, "  {} {none}", Style::Warn.on("!"));
    }
    out
}

/// How many at once and how many failures, where that is all.
fn simple(plan: &RolloutPlan, lang: Lang) -> String {
    let (most, failures) = (plan.concurrency, plan.max_failures.unwrap_or(usize::MAX));
    match lang {
        Lang::En => {
            format!("rollout: at most {most} site(s) at once, nothing more begins after {failures} failure(s)\n")
        }
        Lang::Ja => format!("展開方法: 同時に最大 {most} か所。失敗が {failures} 台に達したら新たに着手しません\n"),
    }
}

/// The names of the columns.
fn headings(lang: Lang) -> Vec<String> {
    let words = match lang {
        Lang::En => ["", "step", "takes", "sites", "routers", "at once", "stops at", "bake", "asks first"],
        Lang::Ja => ["", "ステップ", "対象", "拠点", "ルータ", "同時", "停止条件", "様子見", "事前承認"],
    };
    words.map(str::to_owned).to_vec()
}

fn row(number: usize, step: &StepPlan, lang: Lang) -> Vec<String> {
    let takes = step.fits.as_ref().map_or_else(|| rest_words(lang).to_owned(), |fits| match_words(fits, lang));
    vec![
        (number + 1).to_string(),
        visible::line(&step.name).into_owned(),
        visible::line(&takes).into_owned(),
        step.sites.len().to_string(),
        step.members.len().to_string(),
        step.concurrency.to_string(),
        budget_words(&step.budgets, lang),
        step.bake.map(|bake| span(bake.time, lang)).unwrap_or_default(),
        if step.approval { lang.pick("yes", "あり").to_owned() } else { String::new() },
    ]
}

/// Rows with their columns under each other; the first one is dim.
fn table(out: &mut String, rows: Vec<Vec<String>>) {
    let columns = rows.first().map_or(0, Vec::len);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for (number, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
        let line = cells.collect::<Vec<_>>().join("  ");
        let line = line.trim_end();
        let line = if number == 0 { Style::Dim.on(line) } else { line.to_owned() };
        let _ = writeln!(out, "  {line}");
    }
}

/// What holds for all steps together.
fn whole(plan: &RolloutPlan, lang: Lang) -> String {
    let mut words = vec![match lang {
        Lang::En => format!("at most {} site(s) at once", plan.concurrency),
        Lang::Ja => format!("同時に最大 {} か所", plan.concurrency),
    }];
    if let Some(logins) = plan.logins_per_second {
        words.push(match lang {
            Lang::En => format!("{logins} login(s) a second"),
            Lang::Ja => format!("ログインは毎秒 {logins} 回まで"),
        });
    }
    let budgets = budget_words(&plan.budgets, lang);
    words.push(match lang {
        _ if budgets.is_empty() => lang.pick("failures end only their step", "失敗はステップごとに数えます").to_owned(),
        Lang::En => format!("nothing more begins after {budgets}"),
        Lang::Ja => format!("{budgets} に達したら新たに着手しません"),
    });
    if let Some(needed) = plan.needed_time {
        words.push(match lang {
            Lang::En => format!("a site takes at most {}", span(needed, lang)),
            Lang::Ja => format!("1 拠点の所要時間は最長 {}", span(needed, lang)),
        });
    }
    words.extend(plan.come_back.map(|come_back| come_back_words(come_back, lang)));
    words.extend(plan.has_own_holds().then(|| hold_words(&plan.holds, lang)));
    words.join(lang.pick("; ", "、"))
}

fn come_back_words(ComeBack { first, longest, limit }: ComeBack, lang: Lang) -> String {
    let [first, longest, limit] = [first, longest, limit].map(|time: Duration| span(time, lang));
    match lang {
        Lang::En => format!("occupied and unreachable sites are tried again after {first} to {longest}, for {limit}"),
        Lang::Ja => format!("使用中・接続不可の拠点は {first}～{longest} 後に再試行します(最長 {limit})"),
    }
}

/// When routers are held, where that is not as usual.
fn hold_words(holds: &HoldRules, lang: Lang) -> String {
    let Gathered { model, firmware, jump_host, group, cause } = holds.gathered;
    let kinds = [
        (lang.pick("model", "モデル"), model),
        (lang.pick("firmware", "ファームウェア"), firmware),
        (lang.pick("jump host", "踏み台"), jump_host),
        (lang.pick("group", "グループ"), group),
        (lang.pick("cause", "原因"), cause),
    ];
    let gathered = kinds.into_iter().filter_map(|(kind, failures)| Some(format!("{kind} {}", failures?)));
    let gathered: Vec<String> = gathered.collect();
    let percent = share_percent(holds);
    let mut words = Vec::new();
    if !gathered.is_empty() {
        let gathered = gathered.join(", ");
        words.push(match lang {
            Lang::En => format!("failures in one {gathered} (at least {percent} % of its ends)"),
            Lang::Ja => format!("同じ対象での失敗台数 {gathered}(終了台数の {percent} % 以上)"),
        });
    }
    words.extend(holds.lost.map(|lost| match lang {
        Lang::En => format!("lost {lost}"),
        Lang::Ja => format!("結果不明 {lost} 台"),
    }));
    let passwords = holds.wrong_passwords;
    words.push(match lang {
        Lang::En => format!("a password refused {passwords} times"),
        Lang::Ja => format!("パスワード拒否 {passwords} 回"),
    });
    format!("{} {}", lang.pick("held after", "保留の条件:"), words.join(lang.pick("; ", "、")))
}

/// The share of ends that must have failed, in percent.
fn share_percent(holds: &HoldRules) -> String {
    match (holds.share / 10, holds.share % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

fn group_words(group: &GroupPlan, lang: Lang) -> String {
    let name = visible::line(&group.name);
    let (sites, routers) = (group.sites, group.members.len());
    let mut words = vec![match lang {
        Lang::En => format!("{name}: {routers} router(s) at {sites} site(s)"),
        Lang::Ja => format!("{name}: 拠点 {sites} か所、ルータ {routers} 台"),
    }];
    if let Some(most) = group.concurrency {
        words.push(match lang {
            Lang::En => format!("at most {most} site(s) at once"),
            Lang::Ja => format!("同時に最大 {most} か所"),
        });
    }
    if !group.budgets.is_empty() {
        let budgets = budget_words(&group.budgets, lang);
        words.push(match lang {
            Lang::En => format!("held after {budgets}"),
            Lang::Ja => format!("{budgets} に達したら保留します"),
        });
    }
    words.join(lang.pick("; ", "、"))
}

/// `1 failure`, `lost 1`: what is counted together first, then single classes.
pub fn budget_words(budgets: &[fleet::Budget], lang: Lang) -> String {
    let (alone, together): (Vec<_>, Vec<_>) = budgets.iter().partition(|budget| budget.classes.len() == 1);
    let together = together.iter().map(|budget| match lang {
        Lang::En => format!("{} failure(s)", budget.failures),
        Lang::Ja => format!("失敗 {} 台", budget.failures),
    });
    let alone = alone.iter().map(|budget| {
        let class = budget.classes.first().map(|class| class.word()).unwrap_or_default();
        format!("{class} {}", budget.failures)
    });
    together.chain(alone).collect::<Vec<_>>().join(", ")
}

fn rest_words(lang: Lang) -> &'static str {
    lang.pick("the rest", "残りすべて")
}

/// What a step takes, in words.
pub fn match_words(fits: &Match, lang: Lang) -> String {
    if fits.is_rest() {
        return rest_words(lang).to_owned();
    }
    let criteria = fits.criteria.iter().map(|Criterion { property, patterns }| {
        let values = shortened(patterns, lang);
        format!("{} {values}", property_words(*property, lang))
    });
    let amount = match (fits.amount, lang) {
        (Amount::All, _) => None,
        (Amount::Count(1), _) if !fits.cover.is_empty() => None,
        (Amount::Count(count), Lang::En) => Some(format!("the first {count}")),
        (Amount::Count(count), Lang::Ja) => Some(format!("先頭 {count} か所")),
        (Amount::Percent(percent), _) => Some(format!("{percent} %")),
    };
    let cover = (!fits.cover.is_empty()).then(|| {
        let each: Vec<&str> = fits.cover.iter().map(|property| property_words(*property, lang)).collect();
        match lang {
            Lang::En => format!("one of each {}", each.join(", ")),
            Lang::Ja => format!("{}ごとに 1 か所以上", each.join("・")),
        }
    });
    criteria.chain(cover).chain(amount).collect::<Vec<_>>().join(lang.pick("; ", "、"))
}

/// A few values and how many more there are.
fn shortened(values: &[String], lang: Lang) -> String {
    const SHOWN: usize = 3;
    let shown = values.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match (values.len().saturating_sub(SHOWN), lang) {
        (0, _) => shown,
        (more, Lang::En) => format!("{shown} and {more} more"),
        (more, Lang::Ja) => format!("{shown} ほか {more} 件"),
    }
}

fn property_words(property: Property, lang: Lang) -> &'static str {
    match property {
        Property::Site => lang.pick("site", "拠点"),
        Property::Group => lang.pick("group", "グループ"),
        Property::Model => lang.pick("model", "モデル"),
        Property::Firmware => lang.pick("firmware", "ファームウェア"),
        Property::Region => lang.pick("region", "地域"),
        Property::Carrier => lang.pick("carrier", "回線事業者"),
    }
}

#[cfg(test)]
mod tests {
    use super::hold_words;
    use crate::fleet::{Gathered, HoldRules};
    use crate::message::Lang;

    #[test]
    fn what_is_held_otherwise_than_usual_is_said_in_both_languages() {
        let gathered = Gathered { group: None, firmware: Some(2), ..Gathered::after(5) };
        let holds = HoldRules { gathered, share: 125, lost: None, ..HoldRules::of_steps() };
        assert_eq!(
            hold_words(&holds, Lang::En),
            "held after failures in one model 5, firmware 2, jump host 5, cause 5 (at least 12.5 % of its ends); a password refused 3 times"
        );
        assert_eq!(
            hold_words(&holds, Lang::Ja),
            "保留の条件: 同じ対象での失敗台数 モデル 5, ファームウェア 2, 踏み台 5, 原因 5(終了台数の 12.5 % 以上)、パスワード拒否 3 回"
        );
    }
}
