//! A router's state in words.

use crate::message::Lang;
use crate::state::State;

/// The state in words, its own name first so that documents can be searched for it.
pub fn state_words(state: State, lang: Lang) -> String {
    let (en, ja) = match state {
        State::Planned => ("", "計画済み"),
        State::Locked => ("config mode is ours", "コンフィグモードを確保"),
        State::BackedUp => ("read and compared", "読み取り・照合済み"),
        State::Applying => ("sending the plan", "計画を送信中"),
        State::Applied => ("read again, equals what was declared", "読み直して宣言どおりと確認"),
        State::Verifying => ("running checks", "確認中"),
        State::Confirmed => ("checks passed", "確認に合格"),
        State::Saving => ("writing the startup configuration", "保存中"),
        State::Saved => ("read again, survives a restart", "保存を読み直して確認済み"),
        State::Undoing => ("sending the undo", "取り消し中"),
        State::Undone => ("read again, equals the backup", "元の状態に戻ったことを確認"),
        State::UndoFailed => ("a person is needed", "取り消し失敗、担当者の対応が必要です"),
        State::Declined => ("the operator said no", "中止しました"),
        State::Refused => ("nothing was written", "書き込みなし"),
        State::Occupied => ("config mode is held by someone else", "他者がコンフィグモードを使用中"),
        State::Unreachable => ("no session", "接続できません"),
        State::Drifted => ("not what the plan was made for", "計画時と状態が違います"),
        State::NotStarted => ("the run stopped before", "未着手"),
        State::Lost => ("the session is gone, the outcome unknown", "セッション喪失、結果不明"),
        State::Mixed => ("holds changes that are not ours", "他者の変更が混在"),
    };
    let words = lang.pick(en, ja);
    if words.is_empty() { state.word().to_owned() } else { format!("{}: {words}", state.word()) }
}

/// The same for how a router ended. Where lines of someone else are left on it, it is not what it was.
pub fn end_words(state: State, foreign: bool, lang: Lang) -> String {
    let mut words = state_words(state, lang);
    if state == State::Undone && foreign {
        words.push_str(
            lang.pick(", and what someone else typed meanwhile", "(作業中に他の人が加えた変更は残っています)"),
        );
    }
    words
}

/// The state in one word of a list, at most twelve columns wide. In Japanese its own name is beside it wherever there is room.
pub fn state_in_brief(state: State, lang: Lang) -> &'static str {
    let ja = match state {
        State::Planned => "計画済み",
        State::Locked => "確保済み",
        State::BackedUp => "照合済み",
        State::Applying => "送信中",
        State::Applied => "反映済み",
        State::Verifying => "確認中",
        State::Confirmed => "確認済み",
        State::Saving => "保存中",
        State::Saved => "保存済み",
        State::Undoing => "取り消し中",
        State::Undone => "取り消し済み",
        State::UndoFailed => "取り消し失敗",
        State::Declined => "中止",
        State::Refused => "書き込みなし",
        State::Occupied => "使用中",
        State::Unreachable => "接続不可",
        State::Drifted => "状態の相違",
        State::NotStarted => "未着手",
        State::Lost => "結果不明",
        State::Mixed => "変更が混在",
    };
    lang.pick(state.word(), ja)
}
