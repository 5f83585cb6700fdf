//! The way back, rung by rung, as it stands for one router before anything is sent: what holds, what does not, what a person does.
//!
//! What the device cannot guarantee is said, not hidden: an IX is not known to have a candidate, a rollback or a timed reload.

use super::{Job, Observed};
use crate::message::Text;
use crate::plan::{Lifeline, Note};

/// What is read out on the phone to the staff of a clinic, when only a power cycle is left.
pub const PHONE: &str = "「お手数ですが、ルータの電源を入れ直していただけますか。NEC の UNIVERGE IX と書かれた機器の電源コードを抜き、10 秒待ってから、もう一度差してください。ランプが落ち着くまで 3 分ほど、ほかのケーブルには触れずにお待ちください」";

/// The ladder for a router as it was read.
pub(super) fn note(job: &Job, observed: &Observed, lifeline: &Lifeline) -> Note {
    let saved = observed.unsaved.is_none();
    let mut rungs = vec![
        Text::new(
            "stop at the first refused line, send the inverse, read again and compare with the backup",
            "最初に拒否された行で停止し、取り消しコマンドを送信、読み直してバックアップと照合",
        ),
        Text::new(
            "what is still different is planned from what runs to the backup, sent, and read again",
            "残った差分は、現在の設定からバックアップへの計画を作り直して送信し、再度読み直し",
        ),
    ];
    rungs.push(match lifeline {
        Lifeline::Console => Text::new(
            "over the console nothing that is sent can cut this session",
            "コンソール接続のため、送信内容でこのセッションが切れることはありません",
        ),
        Lifeline::Path(_) => Text::new(
            "if the session is lost: the router is read again until the deadline, then the change is finished or taken back; later `ixdeploy resume`",
            "セッション喪失時: 期限まで再接続して読み直し、完了または取り消し。その後は ixdeploy resume",
        ),
        Lifeline::Unknown => Text::new(
            "the lifeline is unknown: lines that could cut the session are refused; if it is lost all the same, `ixdeploy resume`",
            "自セッションの経路が不明のため、切断の恐れがある行は拒否します。それでも失われた場合は ixdeploy resume",
        ),
    });
    rungs.push(if saved {
        Text::new(
            format!("nothing is saved before it is proven, so a power cycle brings the present configuration back; on the phone: {PHONE}"),
            format!("確認前には保存しないため、電源の入れ直しで現在の設定に戻ります。電話での依頼文: {PHONE}"),
        )
    } else {
        Text::new(
            "there are unsaved changes, so a power cycle does NOT bring the present configuration back",
            "未保存の変更があるため、電源の入れ直しでは現在の設定に戻りません",
        )
    });
    rungs.push(Text::new(
        format!(
            "a person with a console cable (9600 bit/s, 8N1): `ixdeploy restore {} --from RUN`, or the backup line by line",
            job.router
        ),
        format!(
            "コンソールケーブル(9600 bps, 8N1)を持つ担当者: ixdeploy restore {} --from RUN、またはバックアップを手入力",
            job.router
        ),
    ));
    rungs.push(Text::new(
        "not available: a timer on the router that undoes by itself (none is proven on an IX)",
        "利用不可: ルータ自身による自動復旧タイマ(IX では実証されていません)",
    ));
    let list = |pick: fn(&Text) -> &str| {
        rungs.iter().enumerate().map(|(at, rung)| format!("\n  {}. {}", at + 1, pick(rung))).collect::<String>()
    };
    Note {
        lines: None,
        id: "rollback.ladder".to_owned(),
        text: Text::new(
            format!("the way back, in this order:{}", list(|rung| &rung.en)),
            format!("復旧手順(この順):{}", list(|rung| &rung.ja)),
        ),
    }
}
