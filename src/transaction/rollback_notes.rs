//! The rollback of one router, step by step, as it is known before anything is sent: what holds, what does not, what a person does.
//!
//! What the device cannot guarantee is stated, not hidden: an IX is not known to have a candidate, a rollback or a timed
//! reload.

use super::advice::{PHONE, phone_meaning};
use super::draft_note::DraftNote;
use super::startup::was_saved;
use super::{Desired, Intent, Observed};
use crate::message::Text;
use crate::plan::{Lifeline, Note};

/// The rollback steps for a router as it was read.
pub(super) fn note(intent: &Intent, observed: &Observed, lifeline: &Lifeline) -> Note {
    let saved = was_saved(intent, observed);
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
    rungs.push(reload(intent, saved));
    rungs.push(match lifeline {
        Lifeline::Console => Text::new(
            "over the console nothing that is sent can cut this session",
            "コンソール接続のため、送信内容でこのセッションが切れることはありません",
        ),
        Lifeline::Path(_) => Text::new(
            "if the session is lost: the router is read again until the deadline, then the change is finished or undone; later `ixdeploy resume`",
            "セッション喪失時: 期限まで再接続して読み直し、完了または取り消し。その後は ixdeploy resume",
        ),
        Lifeline::Unknown => Text::new(
            "the lifeline is unknown: lines that could cut the session are refused; if it is lost all the same, `ixdeploy resume`",
            "自セッションの経路が不明のため、切断の恐れがある行は拒否します。それでも失われた場合は ixdeploy resume",
        ),
    });
    rungs.push(match &intent.path.second_way {
        Some(way) => Text::new(
            format!("a second connection is tried in turns with the first one: {way}"),
            format!("第 2 経路でも交互に接続を試みます: {way}"),
        ),
        None => Text::new(
            "no second connection: the inventory names none (`second_way:`)",
            "第 2 経路なし: インベントリに second_way の指定がありません",
        ),
    });
    rungs.push(if !saved && observed.startup_text.is_none() {
        Text::new(
            "the router shows no startup configuration, so what a power cycle brings back is not known",
            "startup を表示できないため、電源の入れ直しで何に戻るかは分かりません",
        )
    } else if saved {
        Text::new(
            format!("nothing is saved before it is proven, so a power cycle brings the present configuration back; say on the phone: {PHONE}, which means {}", phone_meaning(true)),
            format!("確認前には保存しないため、電源の入れ直しで現在の設定に戻ります。電話での依頼文: {PHONE}"),
        )
    } else {
        Text::new(
            "there are unsaved changes, so a power cycle does NOT bring the present configuration back",
            "未保存の変更があるため、電源の入れ直しでは現在の設定に戻りません",
        )
    });
    rungs.push(by_hand());
    // docs/reliability.md has the procedure by which someone with a spare router can find out.
    rungs.push(Text::new(
        "not available: a timer on the router that undoes by itself (none is proven on an IX)",
        "利用不可: ルータ自身による自動復旧タイマ(IX では実証されていません)",
    ));
    let list = |pick: fn(&Text) -> &str| {
        rungs.iter().enumerate().map(|(at, rung)| format!("\n  {}. {}", at + 1, pick(rung))).collect::<String>()
    };
    Note::of(&DraftNote::Rollback { steps: Text::new(list(|rung| &rung.en), list(|rung| &rung.ja)) })
}

fn reload(intent: &Intent, saved: bool) -> Text {
    let follows_playbook = matches!(intent.desired, Desired::Rendered(_));
    match (intent.terms.allow_reload, saved) {
        (true, true) => Text::new(
            "where that fails and the startup configuration is still the present one: `reload` without saving, wait, read again",
            "それでも戻らず、startup が現在の設定のままの場合: 保存せずに reload し、起動を待って読み直し",
        ),
        (true, false) => Text::new(
            "no `reload` without saving: the startup configuration is not the present one",
            "保存なしの reload は行いません(startup が現在の設定と異なるため)",
        ),
        (false, _) if !follows_playbook => Text::new(
            "no `reload` without saving: only a playbook can allow it (`allow_reload`), and this change follows none",
            "保存なしの reload は行いません(許可できるのはプレイブックの allow_reload だけで、この変更はプレイブックによりません)",
        ),
        (false, _) => Text::new(
            "no `reload` without saving: the playbook does not allow it (`allow_reload`)",
            "保存なしの reload は行いません(プレイブックで allow_reload が許可されていないため)",
        ),
    }
}

/// What an engineer with a cable does, step by step. It names no router and no run: it is read for many routers at once, and
/// before there is a run.
fn by_hand() -> Text {
    Text::new(
        "a person with a console cable (9600 bit/s, 8N1, no flow control): press Return until a prompt or `login:` shows and log in; \
             with this program: change the router's `connection:` to `serial:`, then `ixdeploy resume`, or `ixdeploy restore ROUTER --from RUN`; \
             without it: `enable-config` (occupied: `svintr-config`), `terminal length 0`, type the undo lines that `ixdeploy show RUN --undo` prints, \
             compare `show running-config` with the backup, and type `write memory` only when they are the same",
        "コンソールケーブル(9600 bps、8N1、フロー制御なし)を持つ担当者: プロンプトか login: が出るまで Enter を押してログイン。\
             本ツールを使う場合: インベントリの connection を serial に変更し、ixdeploy resume、または ixdeploy restore ROUTER --from RUN。\
             使わない場合: enable-config(使用中なら svintr-config)、terminal length 0、ixdeploy show RUN --undo が表示する取り消し行を入力し、\
             show running-config をバックアップと比較して、一致した場合のみ write memory",
    )
}
