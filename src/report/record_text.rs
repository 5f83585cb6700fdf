//! One record of the journal in words, for people.
//!
//! What a kind is called comes first and is the same in both languages, so that documents can be searched for it; what is said of it is
//! in the reader's.

use serde_json::Value;

use crate::ix::Identity;
use crate::message::Lang;
use crate::record::{
    CauseRecord, ConnectionRecord, Ending, ExportRecord, HeldRecord, ImportRecord, Kind, SpentRecord, StepRecord,
    Stored,
};
use crate::report::rollout_text::{held_because, held_subject, short_window_words};
use crate::report::{check_words, enrolled_words, state_words, tested_words, who};
use crate::state::State;

/// One record.
pub fn record_words(stored: &Stored, lang: Lang) -> String {
    let Some(record) = &stored.record else {
        return lang.pick("a record of a later version", "新しい版の記録").to_owned();
    };
    let said = match lang {
        Lang::En => english(record),
        Lang::Ja => japanese(record),
    };
    match said.is_empty() {
        true => record.name().to_owned(),
        false => said,
    }
}

/// Empty where the kind's name says all of it.
fn english(record: &Kind) -> String {
    match record {
        Kind::Begun { action, by, machine, source, plan_sha256, routers, .. } => {
            let plan = plan_sha256.as_ref().map(|sha256| format!(" plan SHA-256 {sha256}")).unwrap_or_default();
            format!("begun {action} {source}{plan} by {}: {}", who(by, machine, Lang::En), some(routers, Lang::En))
        }
        Kind::Intended { kept, .. } => format!("intended {} line(s)", planned(kept)),
        Kind::BackedUp { identity, running, .. } => format!("backed-up {} running {running}", named(identity)),
        Kind::Sealed { name, .. } => format!("sealed {name}"),
        Kind::Pruned { name } => format!("pruned {name}"),
        Kind::Exported(ExportRecord { exported, by, machine, .. }) => {
            format!("exported {exported} by {}", who(by, machine, Lang::En))
        }
        Kind::Imported(record) => {
            let ImportRecord { imported, by, machine, .. } = &**record;
            format!("imported {imported} by {}", who(by, machine, Lang::En))
        }
        Kind::NotSealed { name, why } => format!("not-sealed {name}: {why}"),
        Kind::Moved { state } => format!("→ {}", state.word()),
        Kind::Sending { number, total, line, undo } => {
            format!("{}sending {number}/{total} {line}", if *undo { "undo: " } else { "" })
        }
        Kind::Answered { number, undo, accepted, text } => {
            let word = if *accepted { "accepted" } else { "refused" };
            format!("{}answered {number} {word} {text}", if *undo { "undo: " } else { "" }).trim_end().to_owned()
        }
        Kind::Failed { cause, .. } => format!("failed [{}] {}", cause.code, cause.text.en.trim_end()),
        Kind::Resumed { by, machine } => format!("resumed by {}", who(by, machine, Lang::En)),
        Kind::Ordered { order, by, machine } => format!("ordered {} by {}", order.word(), who(by, machine, Lang::En)),
        Kind::Scheduled { at } => format!("scheduled at {at}"),
        Kind::Continued { by, machine, routers, .. } => {
            format!("continued by {}: {}", who(by, machine, Lang::En), some(routers, Lang::En))
        }
        Kind::Restarted { started_at } => format!("restarted {}", said(started_at)),
        Kind::RestartFound { found, started_at, woke_up_by } => {
            format!("restart-found {found}: started at {}, {}", said(started_at), said(woke_up_by))
        }
        Kind::RouterMade { lines, .. } => format!("router-made {}", lines.join("; ")),
        Kind::ForeignStays { lines } => format!("foreign-stays {}", lines.join("; ")),
        Kind::Unverified { checks, reason } => format!("unverified {}: {reason}", checks.join(", ")),
        Kind::StepAwaits(step) => format!("step-awaits a word: {}", step_words(step)),
        Kind::StepBegun(step) => format!("step-begun {}", step_words(step)),
        Kind::StepBakes(step) => {
            format!("step-bakes {} for {} s", step_words(step), step.bake_seconds.unwrap_or_default())
        }
        Kind::StepEnded(step) => format!("step-ended {}", step_words(step)),
        Kind::StepUnproven(step) => format!("step-unproven {}", step_words(step)),
        Kind::StepStandIn(step) => {
            format!("step-stand-in {}: {}", step_words(step), said(&step.stand_in))
        }
        Kind::WindowTooShort(window) => format!("window-too-short {}", short_window_words(window, Lang::En)),
        Kind::WindowAwaited { opens } => format!("window-awaited until {opens}"),
        Kind::Held(held) => format!("held {}", held_words(held, Lang::En)),
        Kind::BudgetSpent(SpentRecord { of_step, class, failures }) => {
            let of = of_step.map_or_else(|| "the run".to_owned(), |step| format!("step {step}"));
            format!("budget-spent of {of}: {failures} × {}", class.word())
        }
        Kind::ComesBack { again, in_seconds } => format!("comes-back {again} in {in_seconds} s"),
        Kind::Ended(ending) => {
            let Ending { state, sent, restart_pending, causes, .. } = &**ending;
            let pending = if *restart_pending { ", restart pending" } else { "" };
            format!("ended {}, {sent} line(s) accepted{pending}{}", state.word(), causes_words(causes, Lang::En))
        }
        Kind::RunEnded { exit } => format!("run-ended, exit status {exit}"),
        Kind::Connected(connection) => {
            let ConnectionRecord { transport, peer, .. } = connection;
            format!("connected {transport} {peer}{}{}", host_key(connection, Lang::En), login(connection, Lang::En))
        }
        Kind::Identified { identity } => format!("identified {}", named(identity)),
        Kind::Read { running_lines, milliseconds } => format!("read {running_lines} line(s) in {milliseconds} ms"),
        Kind::Warned { warning } => format!("warned {}", warning.en),
        Kind::HostKeyMade { text } => format!("host-key-made {text}"),
        Kind::Compared { with, differences, .. } => format!("compared with {}: {differences}", with.word()),
        Kind::Checked { check, passed, command, .. } => {
            let word = passed.map_or("-", |passed| if passed { "passed" } else { "failed" });
            format!("checked {check} {word} {command}")
        }
        Kind::CheckedBefore { check, passed, answer, .. } => {
            let unjudged = if answer.is_some() { "recorded" } else { "-" };
            let word = passed.map_or(unjudged, |passed| if passed { "passed" } else { "failed" });
            format!("checked-before {check} {word}")
        }
        Kind::LineSeen(line) => format!("line-seen {}", line.seems.en),
        Kind::Probed(line) => format!("probed {}", line.seems.en),
        Kind::Tested(test) => format!("tested {} {} {}", tested_words(test, Lang::En).1, test.check, test.told.en),
        Kind::HostKeyEnrolled(enrolled) => format!("host-key-enrolled {}", enrolled_words(enrolled).en),
        Kind::Waiting { peer, seconds, .. } => format!("waiting for {peer}, at most {seconds} s"),
        Kind::StillWaiting { seconds, .. } => format!("still-waiting since {seconds} s"),
        Kind::AnotherBox { expected, found } => format!("another-box {found}, expected {expected}"),
        Kind::FoundAgain { serial_number, seconds } => format!("found-again {serial_number} after {seconds} s"),
        Kind::RunStarted { action, routers, sites } => format!("run-started {action}: {routers} at {sites}"),
        Kind::TimeReached => "time-reached: the run begins".to_owned(),
        Kind::TookOver | Kind::Saving | Kind::Restarting | Kind::Abandoned => String::new(),
    }
}

/// The same; each kind has something to say.
fn japanese(record: &Kind) -> String {
    let of = |undo: bool| if undo { "取り消し: " } else { "" };
    let words = match record {
        Kind::Begun { action, by, machine, source, plan_sha256, routers, .. } => {
            let plan = plan_sha256.as_ref().map(|sha256| format!("、計画の SHA-256 {sha256}")).unwrap_or_default();
            format!(
                "{action} を開始 {source}{plan}、実行者 {}: {}",
                who(by, machine, Lang::Ja),
                some(routers, Lang::Ja)
            )
        }
        Kind::Intended { kept, .. } => format!("計画 {} 行", planned(kept)),
        Kind::BackedUp { identity, running, .. } => format!("バックアップ済み {} running {running}", named(identity)),
        Kind::Sealed { name, .. } => format!("暗号化して保管 {name}"),
        Kind::Pruned { name } => format!("保管期限により削除 {name}"),
        Kind::Exported(ExportRecord { exported, by, machine, .. }) => {
            format!("{} が {exported} を書き出し", who(by, machine, Lang::Ja))
        }
        Kind::Imported(record) => {
            let ImportRecord { imported, by, machine, .. } = &**record;
            format!("{} が {imported} を取り込み", who(by, machine, Lang::Ja))
        }
        Kind::NotSealed { name, why } => format!("保管できず {name}: {why}"),
        Kind::Moved { state } => return format!("→ {}", japanese_state(*state)),
        Kind::Sending { number, total, line, undo } => format!("{}送信 {number}/{total} {line}", of(*undo)),
        Kind::Answered { number, undo, accepted, text } => {
            let word = if *accepted { "受理" } else { "拒否" };
            format!("{}応答 {number} {word} {text}", of(*undo))
        }
        Kind::Failed { cause, .. } => format!("失敗 [{}] {}", cause.code, cause.text.ja),
        Kind::Resumed { by, machine } => format!("{} が再開", who(by, machine, Lang::Ja)),
        Kind::Ordered { order, by, machine } => format!("{} が {} を指示", who(by, machine, Lang::Ja), order.word()),
        Kind::Scheduled { at } => format!("開始予定 {at}"),
        Kind::Continued { by, machine, routers, .. } => {
            format!("{} が続行: {}", who(by, machine, Lang::Ja), some(routers, Lang::Ja))
        }
        Kind::Restarted { started_at } => format!("再起動済み {}", said(started_at)),
        Kind::RestartFound { found, started_at, woke_up_by } => {
            format!("再起動を検出 {found}: 起動日時 {}、{}", said(started_at), said(woke_up_by))
        }
        Kind::RouterMade { lines, .. } => format!("ルータ自身による行 {}", lines.join("; ")),
        Kind::ForeignStays { lines } => format!("ほかの人の行はそのまま {}", lines.join("; ")),
        Kind::Unverified { checks, reason } => format!("確認 NG のまま保存 {}: {reason}", checks.join(", ")),
        Kind::StepAwaits(step) => format!("承認待ちのステップ {}", step_words(step)),
        Kind::StepBegun(step) => format!("ステップ開始 {}", step_words(step)),
        Kind::StepBakes(step) => {
            format!("様子見 {} {} 秒", step_words(step), step.bake_seconds.unwrap_or_default())
        }
        Kind::StepEnded(step) => format!("ステップ終了 {}", step_words(step)),
        Kind::StepUnproven(step) => format!("様子見で確認できず {}", step_words(step)),
        Kind::StepStandIn(step) => {
            format!("ステップの代わり {}: {}", step_words(step), said(&step.stand_in))
        }
        Kind::WindowTooShort(window) => format!("残り時間不足 {}", short_window_words(window, Lang::Ja)),
        Kind::WindowAwaited { opens } => format!("時間帯待ち {opens} まで"),
        Kind::Held(held) => format!("保留 {}", held_words(held, Lang::Ja)),
        Kind::BudgetSpent(SpentRecord { of_step, class, failures }) => {
            let of = of_step.map_or_else(|| "実行全体".to_owned(), |step| format!("ステップ {step}"));
            format!("{of}の許容数に到達: {} {failures} 件", class.word())
        }
        Kind::ComesBack { again, in_seconds } => format!("{in_seconds} 秒後に再試行 {again}"),
        Kind::Ended(ending) => {
            let Ending { state, sent, restart_pending, causes, .. } = &**ending;
            let pending = if *restart_pending { "、再起動待ち" } else { "" };
            let why = causes_words(causes, Lang::Ja);
            format!("終了 {} 受理 {sent} 行{pending}{why}", japanese_state(*state))
        }
        Kind::RunEnded { exit } => format!("実行終了、終了コード {exit}"),
        Kind::Connected(connection) => {
            let ConnectionRecord { transport, peer, .. } = connection;
            format!("接続 {transport} {peer}{}{}", host_key(connection, Lang::Ja), login(connection, Lang::Ja))
        }
        Kind::Identified { identity } => format!("機器を確認 {}", named(identity)),
        Kind::Read { running_lines, milliseconds } => format!("{running_lines} 行を {milliseconds} ms で読み取り"),
        Kind::Warned { warning } => format!("警告 {}", warning.ja),
        Kind::HostKeyMade { text } => format!("ホスト鍵を生成 {text}"),
        Kind::Compared { with, differences, .. } => format!("{} と比較、差分 {differences} 件", with.word()),
        Kind::Checked { check, passed, recorded, required, command, .. } => {
            let (_, word) = check_words(*passed, *recorded, *required, Lang::Ja);
            format!("{word} {check} {command}")
        }
        Kind::CheckedBefore { check, passed, answer, .. } => {
            let unjudged = if answer.is_some() { "記録のみ" } else { "未実施" };
            let word = passed.map_or(unjudged, |passed| if passed { "OK" } else { "NG" });
            format!("変更前の確認 {check} {word}")
        }
        Kind::LineSeen(line) => format!("回線の状態 {}", line.seems.ja),
        Kind::HostKeyEnrolled(enrolled) => enrolled_words(enrolled).ja,
        Kind::Tested(test) => format!("{} {} {}", tested_words(test, Lang::Ja).1, test.check, test.told.ja),
        Kind::Probed(line) => format!("一時投入による回線の状態 {}", line.seems.ja),
        Kind::Waiting { peer, seconds, .. } => format!("{peer} を待機、最長 {seconds} 秒"),
        Kind::StillWaiting { seconds, .. } => format!("待機中 {seconds} 秒経過"),
        Kind::AnotherBox { expected, found } => format!("別の機器 {found}、期待は {expected}"),
        Kind::FoundAgain { serial_number, seconds } => format!("{seconds} 秒後に再び接続 {serial_number}"),
        Kind::RunStarted { action, routers, sites } => {
            format!("{action} 開始: ルータ {routers} 台、拠点 {sites} か所")
        }
        Kind::TimeReached => "開始時刻になり、実行を開始".to_owned(),
        Kind::TookOver => "コンフィグモードを強制的に取得".to_owned(),
        Kind::Saving => "保存を開始".to_owned(),
        Kind::Restarting => "再起動を指示".to_owned(),
        Kind::Abandoned => "途中で中断".to_owned(),
    };
    format!("{}: {}", record.name(), words.trim_end())
}

/// Some of these names, and how many more there are: JSON has them all.
fn some(names: &[String], lang: Lang) -> String {
    const NAMES: usize = 12;
    let shown = names.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match (names.len().saturating_sub(NAMES), lang) {
        (0, _) => shown,
        (more, Lang::En) => format!("{shown} and {more} more"),
        (more, Lang::Ja) => format!("{shown} ほか {more} 台"),
    }
}

/// Why a router ended so, where no record before says it.
fn causes_words(causes: &[CauseRecord], lang: Lang) -> String {
    causes.iter().map(|cause| format!(" [{}] {}", cause.code, cause.text.get(lang).trim_end())).collect()
}

fn held_words(held: &HeldRecord, lang: Lang) -> String {
    let (subject, because) = (held_subject(held, lang), held_because(held, lang));
    let seen = if held.seen_on.is_empty() { String::new() } else { format!(" ({})", some(&held.seen_on, lang)) };
    format!("{subject}: {because}{seen}")
}

fn planned(kept: &Value) -> usize {
    kept.get("commands").and_then(Value::as_array).map_or(0, Vec::len)
}

fn said(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

fn named(identity: &Identity) -> String {
    format!("{} {} {}", identity.model(), identity.serial_number(), identity.firmware())
}

fn step_words(step: &StepRecord) -> String {
    format!("{} {}", step.step, step.step_name).trim_end().to_owned()
}

fn host_key(connection: &ConnectionRecord, lang: Lang) -> String {
    let Some(key) = &connection.host_key else { return String::new() };
    let (algorithm, fingerprint, proof) = (&key.algorithm, &key.fingerprint, key.proof.word());
    match lang {
        Lang::En => format!(", host key {algorithm} {fingerprint} ({proof})"),
        Lang::Ja => format!("、ホスト鍵 {algorithm} {fingerprint}({proof})"),
    }
}

fn login(connection: &ConnectionRecord, lang: Lang) -> String {
    let credential = connection.login.as_ref().and_then(|login| login.credential.as_ref());
    let Some(credential) = credential else { return String::new() };
    match lang {
        Lang::En => format!(", password {credential}"),
        Lang::Ja => format!("、パスワード {credential}"),
    }
}

/// A state as a record names it. That a save was proven, the record of its comparison says, or that it was not.
fn japanese_state(state: State) -> String {
    match state {
        State::Saved => format!("{}: 保存済み", state.word()),
        state => state_words(state, Lang::Ja),
    }
}

#[cfg(test)]
mod tests {
    use super::{english, japanese};
    use crate::record::Kind;
    use crate::state::State;

    #[test]
    fn the_name_of_a_kind_is_in_both_languages_and_what_is_said_of_it_in_one() {
        let ended = Kind::RunEnded { exit: 3 };
        assert_eq!(english(&ended), "run-ended, exit status 3");
        assert_eq!(japanese(&ended), "run-ended: 実行終了、終了コード 3");
        assert_eq!(japanese(&Kind::Saving), "saving: 保存を開始");
        assert_eq!(japanese(&Kind::Moved { state: State::Saving }), "→ saving: 保存中");
    }
}
