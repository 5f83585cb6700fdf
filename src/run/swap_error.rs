//! Why a box is not given the state of the one that was there before. Nothing was written then.

use std::path::PathBuf;

use crate::message::Explain;

/// Why.
#[derive(Debug, Explain)]
pub enum SwapRefused {
    /// What the old box ran is not known.
    #[explain(
        code = "swap.no-state",
        en = "what {router} ran is not known: neither the kit nor this journal has a saved state of it",
        ja = "{router} の保存時の状態が、キットにもこのジャーナルにもありません",
        hint(
            en = "give a backup: `ixdeploy restore {router} --from FILE --replaced`, or a playbook: `ixdeploy apply`",
            ja = "バックアップ(ixdeploy restore {router} --from ファイル --replaced)またはプレイブック(ixdeploy apply)を使ってください"
        )
    )]
    NoState {
        /// The router.
        router: String,
    },
    /// What was typed maps nothing.
    #[explain(
        code = "swap.map",
        en = "`{typed}` does not say which interface is which",
        ja = "`{typed}` はインタフェースの対応になっていません",
        hint(
            en = "write `--map GigaEthernet0.0=GigaEthernet1.0`, each old name once",
            ja = "--map GigaEthernet0.0=GigaEthernet1.0 のように、旧名ごとに 1 回指定してください"
        )
    )]
    Map {
        /// What was typed, fit to be shown.
        typed: String,
    },
    /// The old box's host key cannot be forgotten.
    #[explain(
        code = "swap.host-key",
        en = "the host key of the old box cannot be taken out of {file}: {why}",
        ja = "{file} から旧機器のホスト鍵を削除できません: {why}",
        hint(
            en = "take it out by hand before SSH is used: the new box has another key",
            ja = "SSH を使う前に手で削除してください。新しい機器の鍵は異なります"
        )
    )]
    HostKey {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
}
