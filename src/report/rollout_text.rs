//! What was decided about a run while it goes on, in words: its steps, what is held, which budget is spent.

use std::time::Duration;

use super::span::span;
use super::style::Style;
use crate::message::Lang;
use crate::record::{HeldBecause, HeldRecord, Kind, ShortWindowRecord, SpentRecord, StepRecord};

/// The line for a decision about this run; nothing for what is no such decision.
pub fn rollout_words(kind: &Kind, run: Option<&str>, lang: Lang) -> Option<String> {
    let run = run.unwrap_or("RUN");
    let said = |style: Style, en: String, ja: String| Some(style.on(lang.pick(&en, &ja)));
    match kind {
        Kind::StepAwaits(step) => {
            let name = step_name(step, lang);
            said(
                Style::Warn,
                format!("{name} waits for your word: `ixdeploy continue {run}`"),
                format!("{name} は承認待ちです: ixdeploy continue {run}"),
            )
        }
        Kind::StepBegun(step) => {
            let name = step_name(step, lang);
            said(Style::Head, format!("{name} begins"), format!("{name} を開始します"))
        }
        Kind::StepBakes(step) => {
            let (name, seconds) = (step_name(step, lang), step.bake_seconds.unwrap_or_default());
            said(
                Style::Head,
                format!("{name} proves itself for {seconds} s, then its checks are repeated"),
                format!("{name} を {seconds} 秒間見守り、確認を再実行します"),
            )
        }
        Kind::StepEnded(step) => {
            let name = step_name(step, lang);
            said(Style::Good, format!("{name} has ended"), format!("{name} が終わりました"))
        }
        Kind::StepUnproven(step) => {
            let name = step_name(step, lang);
            said(
                Style::Bad,
                format!("routers of {name} failed and none was changed: nothing after it begins"),
                format!("{name} で失敗したルータがあり、変更できたルータがないため、以降は開始しません"),
            )
        }
        Kind::StepStandIn(step) => {
            let (name, router) = (step_name(step, lang), step.stand_in.as_deref().unwrap_or_default());
            said(
                Style::Head,
                format!("nothing was changed in {name}: the site of {router} takes the next place in it"),
                format!("{name} では何も変更されなかったため、{router} の拠点を代わりに加えます"),
            )
        }
        Kind::WindowTooShort(window) => Some(Style::Warn.on(&short_window_words(window, lang))),
        Kind::WindowAwaited { opens } => said(
            Style::Warn,
            format!("no window is open: nothing begins before {opens}"),
            format!("変更可能な時間帯外のため、{opens} まで開始しません"),
        ),
        Kind::Held(held) => Some(Style::Warn.on(&held_words(held, run, lang))),
        Kind::BudgetSpent(SpentRecord { of_step, class, failures }) => {
            let (word, step) = (class.word(), of_step.map(|step| step.to_string()));
            let (en, ja) = match &step {
                Some(step) => (format!("step {step}"), format!("ステップ {step} の")),
                None => ("this run".to_owned(), "この実行の".to_owned()),
            };
            said(
                Style::Bad,
                format!("the budget of {en} is spent ({failures}, last `{word}`): nothing more begins"),
                format!("{ja}許容数({failures})に達しました(直近: {word})。新しく開始しません"),
            )
        }
        Kind::ComesBack { again, in_seconds } => said(
            Style::Dim,
            format!("{again} is tried again in {in_seconds} s"),
            format!("{again} は {in_seconds} 秒後に再試行します"),
        ),
        _ => None,
    }
}

/// A step by its number and its name.
pub fn step_name(StepRecord { step, step_name, .. }: &StepRecord, lang: Lang) -> String {
    let number = format!("{} {step}", lang.pick("step", "ステップ"));
    if step_name.is_empty() { number } else { format!("{number} ({step_name})") }
}

/// How long a site needs, and that its window closes before that.
pub(super) fn short_window_words(window: &ShortWindowRecord, lang: Lang) -> String {
    let within = |seconds| span(Duration::from_secs(seconds), lang);
    let ShortWindowRecord { waiting, needed_seconds, needed_by, closes_in_seconds, opens_in_seconds } = window;
    let (needed, closes, opens) = (within(*needed_seconds), within(*closes_in_seconds), within(*opens_in_seconds));
    let by = needed_by.text();
    let by = by.get(lang);
    match lang {
        Lang::En => format!(
            "{waiting} and others with its window need about {needed} ({by}), and the window closes in {closes}: they wait for the next one, in {opens}"
        ),
        Lang::Ja => format!(
            "{waiting} など同じ時間帯のルータは約 {needed} 必要ですが({by})、時間帯の残りは {closes} です。次の時間帯({opens} 後)まで待ちます"
        ),
    }
}

fn held_words(held: &HeldRecord, run: &str, lang: Lang) -> String {
    let (subject, because) = (held_subject(held, lang), held_because(held, lang));
    let seen = if held.seen_on.is_empty() { String::new() } else { format!(" ({})", held.seen_on.join(", ")) };
    let next = match (held.because, lang) {
        (HeldBecause::Clock, Lang::En) => format!("; set it, then `ixdeploy continue {run}`"),
        (HeldBecause::Clock, Lang::Ja) => format!("。時刻を直してから ixdeploy continue {run}"),
        _ => String::new(),
    };
    match lang {
        Lang::En => format!("held: {subject}: {because}{seen}{next}"),
        Lang::Ja => format!("保留: {subject}: {because}{seen}{next}"),
    }
}

/// What is held.
pub(super) fn held_subject(HeldRecord { what, held, .. }: &HeldRecord, lang: Lang) -> String {
    let ja = match what.as_str() {
        "kind" => "機器の種類",
        "model" => "機種",
        "firmware" => "ファームウェア",
        "jump-host" => "踏み台",
        "credential" => "認証情報",
        "group" => "グループ",
        "run" => "残りのすべて",
        other => other,
    };
    let en = if what == "run" { "all that are left" } else { what };
    format!("{} {held}", lang.pick(en, ja)).trim_end().to_owned()
}

/// Why they are held.
pub(super) fn held_because(HeldRecord { because, detail, .. }: &HeldRecord, lang: Lang) -> String {
    let (en, ja) = match because {
        HeldBecause::Line => (format!("the same line appeared: {detail}"), format!("同じ行が出現: {detail}")),
        HeldBecause::WrongPassword => (
            "its password was refused several times in a row".to_owned(),
            "パスワードが続けて拒否されました".to_owned(),
        ),
        HeldBecause::Lost => ("several were lost".to_owned(), "複数が結果不明です".to_owned()),
        HeldBecause::Gathered => (format!("failures gather [{detail}]"), format!("失敗が集中しています [{detail}]")),
        HeldBecause::BudgetSpent => {
            (format!("its budget of `{detail}` is spent"), format!("{detail} の許容数に達しました"))
        }
        HeldBecause::Clock => (
            format!("the routers' clocks are {detail} s from this machine's"),
            format!("ルータとこの PC の時計が {detail} 秒ずれています"),
        ),
    };
    lang.pick(&en, &ja).to_owned()
}

#[cfg(test)]
mod tests {
    use super::rollout_words;
    use crate::message::Lang;
    use crate::record::{HeldBecause, HeldRecord, Kind, NeededBy, ShortWindowRecord, StepRecord};

    #[test]
    fn what_is_held_is_said_with_its_reason_and_where_it_was_seen() {
        let held = Kind::Held(HeldRecord {
            what: "firmware".to_owned(),
            held: "10.2.27".to_owned(),
            because: HeldBecause::Gathered,
            detail: "check.failed".to_owned(),
            seen_on: vec!["c001".to_owned(), "c007".to_owned()],
        });
        let said = rollout_words(&held, None, Lang::En).unwrap_or_default();
        assert!(said.contains("held: firmware 10.2.27: failures gather [check.failed] (c001, c007)"), "{said}");
        assert!(rollout_words(&held, None, Lang::Ja).unwrap_or_default().contains("失敗が集中"));
    }

    #[test]
    fn a_run_that_is_held_whole_is_said_so_without_gaps() {
        let held = HeldRecord {
            what: "run".to_owned(),
            held: String::new(),
            because: HeldBecause::Clock,
            detail: "89".to_owned(),
            seen_on: Vec::new(),
        };
        let said = |lang| {
            let said = rollout_words(&Kind::Held(held.clone()), Some("r"), lang).unwrap_or_default();
            anstream::adapter::strip_str(&said).to_string()
        };
        let en = "held: all that are left: the routers' clocks are 89 s from this machine's; set it, then `ixdeploy continue r`";
        assert_eq!(said(Lang::En), en);
        assert!(said(Lang::Ja).starts_with("保留: 残りのすべて: ルータとこの PC の時計が 89 秒"), "{}", said(Lang::Ja));
    }

    #[test]
    fn a_window_that_closes_too_early_is_said_with_what_is_needed_and_when_the_next_one_opens() {
        let window = Kind::WindowTooShort(ShortWindowRecord {
            waiting: "c001".to_owned(),
            needed_seconds: 600,
            needed_by: NeededBy::Estimate,
            closes_in_seconds: 420,
            opens_in_seconds: 85_800,
        });
        let said = rollout_words(&window, None, Lang::En).unwrap_or_default();
        let rest = "need about 10 min (first estimate; `needed_time` sets it), and the window closes in 7 min: they wait for the next one, in 23 h 50 min";
        assert!(said.contains(rest), "{said}");
        assert!(rollout_words(&window, None, Lang::Ja).unwrap_or_default().contains("残りは 7 分"));
    }

    #[test]
    fn a_step_is_said_by_its_number_and_name() {
        let step = StepRecord { step: 2, step_name: "tenth".to_owned(), bake_seconds: None, stand_in: None };
        let said = rollout_words(&Kind::StepAwaits(step), Some("20261129-010203-aaaa"), Lang::En).unwrap_or_default();
        assert!(said.contains("step 2 (tenth) waits"), "{said}");
        assert!(said.contains("`ixdeploy continue 20261129-010203-aaaa`"), "the command is the one to type: {said}");
        assert_eq!(rollout_words(&Kind::Saving, None, Lang::En), None);
    }
}
