//! The box is not the one that was meant. Nothing was written.

use crate::ix::without_end;
use crate::message::Explain;

/// How the box differs from what is known of the router.
#[derive(Debug, Explain)]
pub enum IdentityError {
    /// Another model than the inventory says.
    #[explain(
        code = "identity.wrong-model",
        en = "{router}: this is an {found}, the inventory says {expected}",
        ja = "{router}: 接続先は {found} です。インベントリでは {expected} です",
        hint(
            en = "nothing was written: is the cable in the right box? Otherwise correct the inventory",
            ja = "何も書き込んでいません。ケーブルの接続先を確認するか、インベントリを修正してください"
        )
    )]
    WrongModel {
        /// The router.
        router: String,
        /// The inventory's model.
        expected: String,
        /// The router's own word.
        found: String,
    },
    /// Another box than the inventory, the operator or the run that is taken up again says.
    #[explain(
        code = "identity.wrong-serial-number",
        en = "{router}: this is another box, with serial number {found}, and {expected} is expected",
        ja = "{router}: 接続先は別の機器です。製造番号は {found} です({expected} のはずです)",
        with(found = without_end(found)),
        hint(
            en = "nothing was written: is the cable in the right box? The number comes from the inventory, from `--serial-number`, or from the last saved run of this router: if the box was replaced, write its number into the inventory",
            ja = "何も書き込んでいません。ケーブルの接続先を確認してください。番号はインベントリ、--serial-number、またはこのルータを最後に保存した実行によるものです。機器を交換した場合は、インベントリに新しい番号を書いてください"
        )
    )]
    WrongSerialNumber {
        /// The router.
        router: String,
        /// The serial number that was named.
        expected: String,
        /// The box's own word; its last characters may be asked for next, and are not shown.
        found: String,
    },
    /// Another host name than we left the box with.
    #[explain(
        code = "identity.wrong-hostname",
        en = "{router}: this box calls itself {found}; we left it as {expected}, as the inventory says",
        ja = "{router}: 接続先のホスト名は {found} です。前回の展開後は、インベントリどおり {expected} でした",
        hint(
            en = "nothing was written: is it the right router, and who renamed it? To rename it, change `identity: {{ hostname: ... }}` and the role's variable together",
            ja = "何も書き込んでいません。接続先が正しいか、誰が名前を変えたかを確認してください。改名するときは identity: {{ hostname: ... }} とロールの変数を一緒に変更します"
        )
    )]
    WrongHostName {
        /// The router.
        router: String,
        /// The inventory's host name.
        expected: String,
        /// The name in the router's prompt.
        found: String,
    },
    /// One box answers for two routers.
    #[explain(
        code = "identity.same-box",
        en = "{router}: the box with serial number {serial_number} has answered for {other} already",
        ja = "{router}: 製造番号 {serial_number} の機器は、すでに {other} として応答しています",
        with(serial_number = without_end(serial_number)),
        hint(
            en = "nothing was written: is the cable in the right box? Otherwise correct the inventory",
            ja = "何も書き込んでいません。ケーブルの接続先を確認するか、インベントリを修正してください"
        )
    )]
    SameBox {
        /// The router.
        router: String,
        /// The router it was before.
        other: String,
        /// The box's serial number; its last characters may be asked for next, and are not shown.
        serial_number: String,
    },
    /// Two routers are dialled at one address.
    #[explain(
        code = "identity.same-address",
        en = "{router}: {address} is the address of {other} too: one box would be changed under two names",
        ja = "{router}: {address} は {other} のアドレスでもあります。1 台の機器を 2 つの名前で変更することになります",
        hint(
            en = "nothing was written: correct the address of one of them in the inventory",
            ja = "何も書き込んでいません。インベントリのどちらかのアドレスを修正してください"
        )
    )]
    SameAddress {
        /// The router.
        router: String,
        /// The one before it in the inventory.
        other: String,
        /// The address, with the hosts on the way.
        address: String,
    },
    /// Firmware older than the playbook allows.
    #[explain(
        code = "identity.old-firmware",
        en = "{router}: firmware {found} is older than {least}",
        ja = "{router}: ファームウェア {found} は {least} より古いです",
        hint(
            en = "update the firmware first, or lower `min_firmware` in the playbook if the change does not need it",
            ja = "先にファームウェアを更新するか、不要であればプレイブックの min_firmware を下げてください"
        )
    )]
    OldFirmware {
        /// The router.
        router: String,
        /// What it runs.
        found: String,
        /// What the playbook asks for.
        least: String,
    },
}

#[cfg(test)]
mod tests {
    use super::IdentityError;
    use crate::message::Explain as _;

    #[test]
    fn a_box_that_is_not_the_one_meant_is_named_without_the_characters_that_a_person_confirms_it_by() {
        let serial_number = "8609839273".to_owned();
        let text = IdentityError::SameBox { router: "r2".to_owned(), other: "r1".to_owned(), serial_number }.text();
        assert!(text.en.contains("860983****") && text.ja.contains("860983****"), "{text:?}");
        assert!(!text.en.contains("9273") && !text.ja.contains("9273"), "{text:?}");
        let (found, expected) = ("8609839273".to_owned(), "8609830001".to_owned());
        let text = IdentityError::WrongSerialNumber { router: "r2".to_owned(), found, expected }.text();
        assert!(text.en.contains("860983****, and 8609830001 is expected"), "{text:?}");
        assert!(!text.en.contains("9273") && !text.ja.contains("9273"), "{text:?}");
    }
}
