//! Why a run in progress could not be reached, or did not obey.

use crate::message::{Explain, Text};

/// Why a run in progress could not be reached, or did not obey.
#[derive(Debug, Explain)]
pub enum ControlError {
    /// No one carries it out now.
    #[explain(
        code = "control.not-running",
        en = "run {run} is not in progress on this machine",
        ja = "実行 {run} はこの端末で進行中ではありません",
        hint(
            en = "`ixdeploy show {run}` says how it ended, or how far it came; only where that names routers that were not begun, `ixdeploy continue {run}` goes on with them",
            ja = "ixdeploy show {run} で結果または経過を確認できます。未着手のルータが残っている場合に限り、ixdeploy continue {run} で続行できます"
        )
    )]
    NotRunning {
        /// The run.
        run: String,
    },
    /// Its file is another user's.
    #[explain(
        code = "control.another-operator",
        en = "run {run} is in progress for another user of this machine",
        ja = "実行 {run} はこの端末の別のユーザが実行中です",
        hint(
            en = "only that user can pause or end it: the file with its token is theirs alone",
            ja = "一時停止や中止は、その実行を開始したユーザだけが行えます(トークンのファイルは本人専用)"
        )
    )]
    OfAnother {
        /// The run.
        run: String,
    },
    /// It does not answer.
    #[explain(
        code = "control.no-answer",
        en = "run {run} does not answer: {cause}",
        ja = "実行 {run} から応答がありません: {cause}",
        hint(
            en = "it may have ended at this moment: `ixdeploy show {run}` says so",
            ja = "ちょうど終了した可能性があります。ixdeploy show {run} で確認してください"
        )
    )]
    NoAnswer {
        /// The run.
        run: String,
        /// Why.
        cause: Text,
    },
    /// What cannot be recorded is not obeyed.
    #[explain(
        code = "control.not-recorded",
        en = "run {run} did not obey: the order cannot be recorded: {cause}",
        ja = "実行 {run} は指示に従いませんでした。指示を記録できません: {cause}",
        hint(
            en = "check the state folder of that run; Ctrl-C in its own terminal works without a record",
            ja = "その実行の状態フォルダを確認してください。実行中の画面での Ctrl-C は記録がなくても有効です"
        )
    )]
    NotRecorded {
        /// The run.
        run: String,
        /// Why.
        cause: String,
    },
}
