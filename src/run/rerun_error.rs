//! Why there is no new run for an earlier one.

use crate::message::Explain;

/// Why there is no new run.
#[derive(Debug, Explain)]
pub enum RerunError {
    /// Every router is done.
    #[explain(
        code = "rerun.nothing",
        en = "every router of run {run} is done, so there is nothing to run again",
        ja = "実行 {run} のルータはすべて完了しており、再実行するものがありません",
        hint(
            en = "`ixdeploy show {run}` says how each ended",
            ja = "ixdeploy show {run} で各ルータの結果を確認できます"
        )
    )]
    Nothing {
        /// The run.
        run: String,
    },
    /// It goes on in another process.
    #[explain(
        code = "rerun.in-progress",
        en = "run {run} is in progress, so it is not run again",
        ja = "実行 {run} は進行中のため、再実行できません",
        hint(
            en = "`ixdeploy watch {run}` follows it, `ixdeploy continue {run}` lets it go on where it waits, and `ixdeploy abort {run}` ends it",
            ja = "進行は ixdeploy watch {run} で確認できます。待機中の場合は ixdeploy continue {run} で続行、ixdeploy abort {run} で終了します"
        )
    )]
    InProgress {
        /// The run.
        run: String,
    },
    /// A command that this version does not have.
    #[explain(
        code = "rerun.other-action",
        en = "run {run} was `{action}`, which this version does not know and cannot run again",
        ja = "実行 {run} は {action} です。この版では再実行できません",
        hint(
            en = "use the version that began it: `version` in `ixdeploy show {run} --format json`",
            ja = "その実行を開始した版を使ってください。版は ixdeploy show {run} --format json の version で確認できます"
        )
    )]
    OtherAction {
        /// The run.
        run: String,
        /// What it was.
        action: String,
    },
    /// What is left has no plan that holds, and the playbook is not where the plan file says.
    #[explain(
        code = "rerun.no-playbook",
        en = "the plan file of run {run} has no plan that holds for what is left, and its playbook is not found from this folder",
        ja = "実行 {run} の計画ファイルには、残りのルータに有効な計画がありません。元のプレイブックもこのフォルダから見つかりません",
        hint(
            en = "plan them anew: `ixdeploy apply PLAYBOOK -i INVENTORY -l @run:{run}:no-plan`",
            ja = "計画し直してください: ixdeploy apply PLAYBOOK -i INVENTORY -l @run:{run}:no-plan"
        )
    )]
    NoPlaybook {
        /// The run.
        run: String,
    },
    /// Its plan was piped in.
    #[explain(
        code = "rerun.no-source",
        en = "the plan of run {run} came from standard input and was not kept",
        ja = "実行 {run} の計画は標準入力から渡されたため、残っていません",
        hint(
            en = "give it again: `ixdeploy apply PLAN.JSON -i INVENTORY -l @run:{run}`",
            ja = "計画をもう一度指定してください: ixdeploy apply PLAN.JSON -i INVENTORY -l @run:{run}"
        )
    )]
    NoSource {
        /// The run.
        run: String,
    },
}
