//! A change was begun and cannot be kept: it is undone, unless the undo itself is what failed.

use std::sync::Arc;
use std::time::Duration;

use super::indented;
use crate::connect::ConnectError;
use crate::ix::origin::Origin;
use crate::message::{Explain, Text};
use crate::plan::{OriginOfLine, places_of};

/// Why a change is not kept.
#[derive(Debug, Explain)]
pub enum ChangeError {
    /// The router refused one of our lines.
    #[explain(
        when = *undo,
        code = "router.refused-undo",
        en = "{router}: the router refused line {number} of the undo{line}{origin}{answer}",
        ja = "{router}: ルータが取り消しの {number} 行目{line}{origin}を拒否しました{answer}",
        with(line = quoted(line.as_deref()), origin = from(origin.as_deref()), answer = said(answer.as_deref())),
        hint(
            en = "nothing was saved: connect by console, compare with the backup, and correct by hand, then `ixdeploy resume RUN` reads it again; a restart brings the startup configuration back",
            ja = "保存はしていません。コンソールで接続し、バックアップと比較して手で直したら、ixdeploy resume RUN で読み直してください。再起動すると startup の内容に戻ります"
        )
    )]
    #[explain(
        code = "router.refused-line",
        en = "{router}: the router refused line {number} of the plan{line}{origin}{answer}",
        ja = "{router}: ルータが計画の {number} 行目{line}{origin}を拒否しました{answer}",
        with(line = quoted(line.as_deref()), origin = from(origin.as_deref()), answer = said(answer.as_deref())),
        hint(
            en = "find out whether this firmware knows the command, before it is tried again",
            ja = "このファームウェアが対応するコマンドか確認してからやり直してください"
        )
    )]
    Refused {
        /// The router.
        router: String,
        /// The line's number in the plan.
        number: usize,
        /// The line, masked; nothing where it holds a secret, since the router quotes it.
        line: Option<String>,
        /// What the router said; nothing where the line holds a secret.
        answer: Option<String>,
        /// Where the line comes from; nothing for what no rendered line says.
        origin: Option<Arc<Origin>>,
        /// Whether it was a line of the inverse.
        undo: bool,
    },
    /// Every line was accepted, yet the router is not what was declared.
    #[explain(
        code = "router.still-differs",
        en = "{router}: {differences} changes are still missing after every line was accepted\n{diff}{origins}",
        ja = "{router}: 全行が受理されましたが、まだ {differences} 件の差分があります\n{diff}{origins}",
        with(origins = written_in(origins)),
        hint(
            en = "find out why before it is tried again",
            ja = "やり直す前に原因を確認してください"
        )
    )]
    StillDiffers {
        /// The router.
        router: String,
        /// How many changes would still be needed.
        differences: usize,
        /// Which, masked.
        diff: String,
        /// Where the lines that are still missing come from.
        origins: Vec<OriginOfLine>,
    },
    /// Someone else changed something while our lines were sent, and it touches nothing of ours.
    #[explain(
        code = "router.foreign",
        en = "{router}: lines that are not ours appeared on the router during the change; they stay, and nothing of them was saved{lines}",
        ja = "{router}: 変更中に、本ツール以外の変更がルータに加わりました。その行は残し、保存もしていません{lines}",
        with(lines = indented(lines), file = fact_file.as_deref().unwrap_or_default()),
        hint(
            en = "these lines stay as they are, unsaved: find out whose they are, have them saved or removed, then begin again with `plan`",
            ja = "これらの行は未保存のまま残ります。誰の変更かを確認し、保存または削除してから plan でやり直してください"
        ),
        hint(
            when = fact_file.is_some(),
            en = "did no one type them, and does this model make them by itself? Then a reviewed fact says so: write them under `router_made:` of `facts/{file}` beside the inventory (docs/facts.md)",
            ja = "誰も入力しておらず、この機種が自動で生成する行であれば、インベントリと同じ場所の facts/{file} の router_made に、レビューのうえ記載してください(docs/facts.md)"
        )
    )]
    Foreign {
        /// The router.
        router: String,
        /// The lines, masked.
        lines: Vec<String>,
        /// The fact that could call them the router's own, where they are of a kind that may be.
        fact_file: Option<String>,
    },
    /// A required check failed.
    #[explain(
        code = "check.failed",
        en = "{router}: the required check `{check}` failed: expected that the answer {unmet}",
        ja = "{router}: 必須の確認「{check}」が失敗しました。期待: {unmet}",
        hint(en = "find out why before it is tried again", ja = "やり直す前に原因を確認してください")
    )]
    CheckFailed {
        /// The router.
        router: String,
        /// The check's name.
        check: String,
        /// What was expected and not found.
        unmet: Text,
    },
    /// No new session can be opened after a change of the path.
    #[explain(
        code = "lifeline.cut",
        en = "{router}: after the change no new session can be opened: {error}",
        ja = "{router}: 変更後に新しいセッションを開けません: {error}",
        hints = error.hints()
    )]
    LifelineCut {
        /// The router.
        router: String,
        /// Why.
        error: Box<ConnectError>,
    },
    /// The new session that was to prove the path leads to another box.
    #[explain(
        code = "lifeline.another-box",
        en = "{router}: after the change a new session leads to another box, with serial number {found} instead of {expected}",
        ja = "{router}: 変更後の新しいセッションが別の機器につながりました。製造番号は {found} です({expected} のはずです)",
        hint(
            en = "nothing was typed there but the login and what shows who it is: which box has that address? Give the router one that no other has",
            ja = "別の機器に入力したのは、ログインと機器確認の参照コマンドだけです。そのアドレスを使っている機器を確認し、ルータには他で使われていないアドレスを割り当ててください"
        )
    )]
    AnotherBox {
        /// The router.
        router: String,
        /// The serial number that it showed before the change.
        expected: String,
        /// What the other box showed.
        found: String,
    },
    /// A new administrator could not log in.
    #[explain(
        code = "login.unproven",
        en = "{router}: the new administrator {user} could not log in before saving: {why}",
        ja = "{router}: 保存前の確認で、新しい管理者 {user} がログインできません: {why}",
        with(why = error.as_ref().map_or_else(no_password, |error| error.text())),
        hint(
            en = "find out why before it is tried again",
            ja = "やり直す前に原因を確認してください"
        ),
        note(en = "Check the credential of this user.", ja = "このユーザの認証情報を確認してください。")
    )]
    LoginUnproven {
        /// The router.
        router: String,
        /// The user.
        user: String,
        /// Why; nothing when the router asked for no password.
        error: Option<Box<ConnectError>>,
    },
    /// A person asked to stop.
    #[explain(
        code = "run.stopped",
        en = "{router}: stopped before {step}, on request or because its window closed",
        ja = "{router}: 中断の指示または作業時間帯の終了により、{step}前に停止しました",
        with(step = number.map_or_else(|| Text::new("saving", "保存の"), line)),
        hint(
            en = "nothing was wrong with the router: try it again when there is time for it",
            ja = "ルータに問題があったわけではありません。作業できる時間に改めて実行してください"
        )
    )]
    Stopped {
        /// The router.
        router: String,
        /// The line that was not sent any more; nothing when all were.
        number: Option<usize>,
    },
    /// Another router of the site did not come as far, and a site changes together or not at all.
    #[explain(
        code = "site.together",
        en = "{router}: {other}, of the same site, did not come as far: the routers of a site change together or not at all",
        ja = "{router}: 同じ拠点の {other} が完了しませんでした。拠点内のルータはまとめて変更するか、すべて取り消します",
        hint(
            en = "look at the other router's cause; a router of the site that was saved before it can be undone with `ixdeploy undo RUN`",
            ja = "もう一方のルータの原因を確認してください。先に保存済みのルータは ixdeploy undo RUN で取り消せます"
        )
    )]
    Site {
        /// The router.
        router: String,
        /// The other one.
        other: String,
    },
    /// Another router of the site has not come as far, and the site's bound has passed.
    #[explain(
        code = "site.bound",
        en = "{router}: {other}, of the same site, did not answer within the site's {seconds} s: what is not saved is undone",
        ja = "{router}: 同じ拠点の {other} が、拠点の制限時間 {seconds} 秒以内に応答しませんでした。保存前の変更は取り消します",
        with(seconds = within.as_secs()),
        hint(
            en = "look at the other router's cause; a router of the site that was saved before it can be undone with `ixdeploy undo RUN`",
            ja = "もう一方のルータの原因を確認してください。先に保存済みのルータは ixdeploy undo RUN で取り消せます"
        ),
        note(
            en = "`check -v` prints the bound. A save that had begun is waited for.",
            ja = "制限時間は `check -v` で表示されます。開始済みの保存は完了を待ちます。"
        )
    )]
    SiteBound {
        /// The router.
        router: String,
        /// Those that were waited for.
        other: String,
        /// The site's bound.
        within: Duration,
    },
}

fn quoted(line: Option<&str>) -> String {
    line.map(|line| format!(" `{line}`")).unwrap_or_default()
}

fn from(origin: Option<&Origin>) -> String {
    origin.map(|origin| format!(" ({origin})")).unwrap_or_default()
}

fn said(answer: Option<&str>) -> String {
    answer.map(|answer| format!(": {answer}")).unwrap_or_default()
}

fn written_in(origins: &[OriginOfLine]) -> Text {
    let lines = places_of(origins);
    match lines.is_empty() {
        true => Text::default(),
        false => Text::new(format!("written in {}\n", lines.join("; ")), format!("由来: {}\n", lines.join("、"))),
    }
}

fn no_password() -> Text {
    Text::new("the router asked for no password, so it proved nothing", "パスワードを要求されず、確認できませんでした")
}

fn line(number: usize) -> Text {
    Text::new(format!("line {number} of the plan"), format!("計画の {number} 行目を送信する"))
}
