//! A router that is neither as declared nor as before, or not known to be: after an undo, a lost session or a restart.

use crate::message::{Explain, Text};
use crate::transaction::decisions::LostRouter;

/// What is left to the operator, or to `resume`.
#[derive(Debug, Explain)]
pub enum RecoveryError {
    /// The inverse did not bring the backup back.
    #[explain(
        code = "router.undo-differs",
        en = "{router}: after the undo {differences} changes separate the router from its backup\n{diff}",
        ja = "{router}: 取り消し後もバックアップと {differences} 件の差分があります\n{diff}",
        hint(
            en = "nothing was saved: connect by console, compare with the backup, and correct by hand, then `ixdeploy resume RUN` reads it again; a restart brings the startup configuration back",
            ja = "保存はしていません。コンソールで接続し、バックアップと比較して手で直したら、ixdeploy resume RUN で読み直してください。再起動すると startup の内容に戻ります"
        )
    )]
    UndoDiffers {
        /// The router.
        router: String,
        /// How many.
        differences: usize,
        /// Which, masked.
        diff: String,
    },
    /// The router, read again after the session was lost, holds lines that no part of our plan explains.
    #[explain(
        code = "router.mixed",
        en = "{router}: the router holds changes that are not ours\n{diff}",
        ja = "{router}: 本ツールの計画では説明できない変更がルータにあります\n{diff}",
        hint(
            en = "nothing was saved: connect by console, compare with the backup, and correct by hand, then `ixdeploy resume RUN` reads it again; a restart brings the startup configuration back",
            ja = "保存はしていません。コンソールで接続し、バックアップと比較して手で直したら、ixdeploy resume RUN で読み直してください。再起動すると startup の内容に戻ります"
        ),
        note(en = "Nothing was finished or undone automatically.", ja = "自動では完了も取り消しもしていません。")
    )]
    Mixed {
        /// The router.
        router: String,
        /// Backup against what runs, masked.
        diff: String,
    },
    /// The session was lost and the router could not be read again in time.
    #[explain(
        code = "router.lost",
        en = "{router}: the session was lost and the router could not be read again: {last}",
        ja = "{router}: セッションが失われ、ルータを読み直せませんでした: {last}",
        hint(
            when = *occupied,
            en = "config mode is held by our own dead session or a colleague, the router does not say which: ask who is there; `--take-over` takes it",
            ja = "コンフィグモードの保持者は、切断された本ツールのセッションか他の作業者です(ルータからは判別できません)。確認してから --take-over で取得できます"
        ),
        hint(
            en = "nothing was saved since the session was lost: when the router answers again, run `ixdeploy resume`, before anything else",
            ja = "セッションが失われた後に保存はしていません。応答が戻ったら、まず ixdeploy resume を実行してください"
        )
    )]
    StayedLost {
        /// The router.
        router: String,
        /// The last reason it could not be read.
        last: Text,
        /// The last reason was that someone holds config mode: it may be our own dead session.
        occupied: bool,
    },
    /// A restart was ordered, the session went away, and the router still runs since before.
    #[explain(
        code = "router.not-restarted",
        en = "{router}: the router did not restart",
        ja = "{router}: ルータは再起動していません",
        hint(
            en = "the order did not arrive: its saved lines still wait for a restart; run `ixdeploy restart` again",
            ja = "再起動の指示が届いていません。再起動待ちの変更はそのままです。もう一度 ixdeploy restart を実行してください"
        ),
        note(
            en = "The session went away after the order, and the router still runs since before.",
            ja = "指示の後にセッションが切れましたが、ルータは以前から動作し続けています。"
        )
    )]
    NotRestarted {
        /// The router.
        router: String,
    },
    /// What changed it ended in the middle, and no one else did anything wrong.
    #[explain(
        code = "run.interrupted",
        en = "{router}: ixdeploy or its machine stopped in the middle of this router",
        ja = "{router}: このルータの処理中に ixdeploy または端末が停止しました",
        note(
            en = "A kill, a crash or a power cut. The router was read again, and what had been sent to it was undone.",
            ja = "強制終了、異常終了または停電です。ルータを読み直し、送信済みの変更を取り消しました。"
        )
    )]
    Interrupted {
        /// The router.
        router: String,
    },
    /// The router was read again, and no one decided what to do with it.
    #[explain(
        code = "lost.undecided",
        en = "{router}: {sent} of {planned} lines of the plan run on it, and the playbook lets the operator decide",
        ja = "{router}: 計画 {planned} 行のうち {sent} 行が反映されています。プレイブックの設定により、どうするかは担当者が決めます",
        with(router = lost.router, sent = lost.sent, planned = lost.planned),
        hint(
            en = "`ixdeploy resume {run} --finish` sends what is missing and saves, `--undo` undoes everything",
            ja = "ixdeploy resume {run} --finish で残りを送信して保存、--undo ですべて取り消します"
        ),
        note(
            en = "The playbook says `lost: ask`.",
            ja = "プレイブックに `lost: ask` が指定されています。"
        )
    )]
    Undecided {
        /// How it was found.
        lost: LostRouter,
        /// The run.
        run: String,
    },
}
