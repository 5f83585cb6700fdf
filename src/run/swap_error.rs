//! Why a box is not given the state of the one that was there before. Nothing was written then.

use std::path::PathBuf;

use crate::ix::without_end;
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
    /// No one is asked which box it is, and no one said so.
    #[explain(
        code = "swap.which-box",
        en = "which box takes the place of {router}? Its serial number was not given, and no one is asked",
        ja = "{router} の交換機の製造番号が指定されておらず、確認もできません",
        hint(
            en = "give the new box's number with `--serial-number`: with `--yes` the inventory's may still be the old one's",
            ja = "`--serial-number` で新しい機器の番号を指定してください(--yes の場合、インベントリの番号は旧機器のものかもしれません)"
        )
    )]
    WhichBox {
        /// The router.
        router: String,
    },
    /// The box is the one that was there before.
    #[explain(
        code = "swap.same-box",
        en = "{serial_number} is the box that {router} was when it was saved last: nothing was replaced",
        ja = "{serial_number} は {router} を最後に保存したときの機器そのものです。交換されていません",
        with(serial_number = without_end(serial_number)),
        hint(
            en = "read the number off the label of the new box; to deploy the old one again, leave `--replace` out",
            ja = "新しい機器のラベルで番号を確認してください。同じ機器に再度設定する場合は --replace を外してください"
        )
    )]
    SameBox {
        /// The router.
        router: String,
        /// What was typed, fit to be shown; its last characters may be asked for next, and are not.
        serial_number: String,
    },
    /// The box is another router of the inventory.
    #[explain(
        code = "swap.other-router",
        en = "{serial_number} is declared for {other}: it cannot take the place of {router}",
        ja = "{serial_number} は {other} の製造番号として登録されているため、{router} の代わりにはできません",
        with(serial_number = without_end(serial_number)),
        hint(
            en = "is the cable in the right box? A box that moves is taken out of its old place in the inventory first",
            ja = "ケーブルの接続先は正しいですか? 機器を転用する場合は、先にインベントリの元の登録を外してください"
        )
    )]
    OtherRouter {
        /// The router.
        router: String,
        /// The router that it is.
        other: String,
        /// What was typed, fit to be shown; its last characters may be asked for next, and are not.
        serial_number: String,
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
    /// The old box's host key cannot be forgotten, or exchanged.
    #[explain(
        code = "swap.host-key",
        en = "the host key of the old box in {file} cannot be exchanged: {why}",
        ja = "{file} にある旧機器のホスト鍵を更新できません: {why}",
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
