//! Why a router was left as it was although a run was begun for it.

use crate::message::{Explain, Text};
use crate::record::{CauseRecord, Outcome};
use crate::state::State;

impl NotDone {
    /// How a router ends that nothing names any more.
    pub(super) fn gone(router: &str, site: Option<&String>) -> Outcome {
        let cause = CauseRecord::of(&Self::Gone { router: router.to_owned() });
        let site = site.map(String::as_str).unwrap_or_default();
        Outcome { causes: vec![cause], ..Outcome::new(router, site, State::NotStarted) }
    }

    /// How a router ends that a run had not begun when it was ended after its process was gone.
    pub(super) fn ended_later(router: &str, site: Option<&String>, run: &str) -> Outcome {
        let cause = CauseRecord::of(&Self::EndedLater { run: run.to_owned() });
        let site = site.map(String::as_str).unwrap_or_default();
        Outcome { causes: vec![cause], ..Outcome::new(router, site, State::NotStarted) }
    }

    /// How a router ends whose lines waited for a restart, which it has had by now: it is done.
    pub(super) fn restarted_elsewhere(router: &str, site: &str, run: &str) -> Outcome {
        let cause = CauseRecord::of(&Self::RestartedElsewhere { router: router.to_owned(), run: run.to_owned() });
        Outcome { causes: vec![cause], ..Outcome::new(router, site, State::Saved) }
    }
}

/// Why nothing was done with a router.
#[derive(Debug, Explain)]
pub(super) enum NotDone {
    /// The question was answered with no.
    #[explain(code = "apply.declined", en = "the operator said no", ja = "確認の質問で中止が選ばれました")]
    Declined,
    /// The end of the serial number was not typed: another one was, or none.
    #[explain(
        code = "apply.declined",
        en = "which box is to become {router} was not confirmed: the end of its serial number was not typed",
        ja = "{router} にする機器を確認できませんでした(製造番号の末尾が入力されていないか、一致しません)",
        hint(
            en = "nothing was written: read the characters off the label of the router; if they differ, the cable is in another box",
            ja = "何も書き込んでいません。やり直して、ルータ本体のラベルの文字を入力してください。表示と違う場合は、ケーブルが別の機器につながっています"
        )
    )]
    AnotherSerialNumber { router: String },
    /// The program was asked to stop while a question was open.
    #[explain(
        code = "run.not-started",
        en = "stopped on request at the question, before anything was begun",
        ja = "確認の質問中に中断の指示があったため、着手前に停止しました"
    )]
    Stopped,
    /// Others failed, more than are allowed.
    #[explain(
        code = "run.not-started",
        en = "the limit of failures was reached before anything was begun",
        ja = "着手前に失敗数の上限に達しました"
    )]
    TooManyFailures,
    /// A person ended the run when no process carried it out any more.
    #[explain(
        code = "run.not-started",
        en = "run {run} had stopped before this router's turn, and a person ended it",
        ja = "実行 {run} がこのルータに着手する前に止まり、担当者が終了させました"
    )]
    EndedLater { run: String },
    /// The run goes on, and nothing says any more what this one was to become.
    #[explain(
        code = "run.not-named",
        en = "{router} was to be changed by this run, and the inventory or the playbook does not name it any more",
        ja = "{router} はこの実行の対象でしたが、現在のインベントリまたはプレイブックにありません",
        hint(
            en = "nothing was begun here. If it is still there, write it back and give `ixdeploy continue RUN` again",
            ja = "このルータには着手していません。まだ存在する場合は記載を戻し、もう一度 ixdeploy continue RUN を実行してください"
        )
    )]
    Gone { router: String },
    /// The plan file has none for it.
    #[explain(
        code = "plan-file.no-plan",
        en = "the plan file has no plan for {router}. When it was made: {then}",
        ja = "計画ファイルに {router} の計画がありません。作成時の状況: {then}",
        hint(
            en = "no connection was made in this run: plan it anew from the playbook that the plan file was made from",
            ja = "この実行では接続していません。計画ファイルの元のプレイブックから計画し直してください"
        )
    )]
    NoPlan { router: String, then: Text },
    /// What it was to be restarted for waits no more.
    #[explain(
        code = "restart.elsewhere",
        en = "{router} was already restarted by another run: nothing of run {run} waits for it any more",
        ja = "{router} は別の実行で再起動済みです。実行 {run} に再起動待ちの変更は残っていません",
        hint(
            en = "nothing to do: `ixdeploy history {router}` shows that run, which verified the router",
            ja = "対応は不要です。再起動後に検証した実行は ixdeploy history {router} で確認できます"
        )
    )]
    RestartedElsewhere { router: String, run: String },
    /// The inventory says that its site is not to be touched.
    #[explain(
        code = "site.do-not-touch",
        en = "{site} is not to be touched {until}: {reason}",
        ja = "拠点 {site} は{until}変更禁止です: {reason}",
        hint(
            en = "ask the person who wrote `do_not_touch` for this site in the inventory; leave the site out with `-l '...,!{site}'`",
            ja = "インベントリのこの拠点に `do_not_touch` を書いた担当者に確認してください。除外するには `-l '...,!{site}'` を指定します"
        )
    )]
    Barred { site: String, reason: String, until: Text },
    /// It was begun by a colleague, in the state folder of a group.
    #[explain(
        code = "journal.another-operator",
        en = "{router}: run {run} of another operator did not end (last known: {state}): {history}",
        ja = "{router}: 別の担当者の実行 {run} が終了していません(最後の状態: {state})。{history}",
        hint(
            en = "ask {whom}, who may be at work on it; only `ixdeploy resume {run}`, with the run named, takes it over, and the journal keeps who did",
            ja = "作業中の可能性があるため、先に {whom} に確認してください。引き継ぐには実行を指定します: ixdeploy resume {run}(引き継いだ担当者は記録に残ります)"
        ),
        note(
            en = "In the state folder of a group an open run is left to the operator who began it or took it over.",
            ja = "グループ用の状態フォルダでは、未終了の実行を、開始または引き継いだ担当者に任せます。"
        )
    )]
    OfAnother { router: String, run: String, state: &'static str, history: Text, whom: Text },
}
