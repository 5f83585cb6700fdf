//! What a person should know about a plan, beside its lines.

use serde::{Deserialize, Serialize};

use crate::message::Text;

/// One remark, with a stable name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its name, such as `secret.cannot-compare`.
    pub id: String,
    /// What it says.
    pub text: Text,
}

impl Note {
    fn new(id: &str, en: String, ja: String) -> Self {
        Self { id: id.to_owned(), text: Text { en, ja } }
    }

    /// A secret whose value on the router is not known.
    pub(super) fn cannot_compare(owner: &str) -> Self {
        Self::new(
            "secret.cannot-compare",
            format!("the secret of `{owner}` cannot be compared; it is not changed (set it with --set-secrets)"),
            format!("`{owner}` の秘密情報は比較できないため変更しません(設定するには --set-secrets)"),
        )
    }

    /// A line that no line can take away.
    pub(super) fn cannot_remove(text: &str) -> Self {
        Self::new(
            "line.cannot-remove",
            format!("`{text}` is not in the desired configuration, but no command removes it; it stays"),
            format!("`{text}` は目的の設定にありませんが、削除するコマンドがないため残します"),
        )
    }

    /// A temporary list's name that had to be shortened.
    pub(super) fn short_name(list: &str, temporary: &str) -> Self {
        Self::new(
            "list.short-name",
            format!(
                "`{list}` leaves no room for a suffix in 15 characters; its temporary copy is called `{temporary}`"
            ),
            format!("`{list}` は15文字の上限で接尾辞を付けられないため、一時リストの名前を `{temporary}` とします"),
        )
    }

    /// A list rebuilt under a temporary name.
    pub(super) fn rebuilt(list: &str, temporary: &str) -> Self {
        Self::new(
            "list.rebuilt",
            format!(
                "`{list}` changes in the middle: it is rebuilt while `{temporary}` stands in for it, so that no filter opens"
            ),
            format!(
                "`{list}` は途中が変わるため、`{temporary}` を代わりに適用した状態で作り直します(フィルタが開く瞬間はありません)"
            ),
        )
    }

    /// A filter change that drops traffic for a moment.
    pub(super) fn gap(place: &str) -> Self {
        Self::new(
            "filter.gap",
            format!(
                "while the filters of {place} are entered or taken away line by line, traffic that both configurations pass is dropped"
            ),
            format!("{place} のフィルタを1行ずつ変更する間、変更前後とも通す通信が一時的に遮断されます"),
        )
    }

    /// An address that is away for the length of a line.
    pub(super) fn address_gap(place: &str) -> Self {
        Self::new(
            "address.gap",
            format!("{place} has no address between two lines of the plan: its traffic stops for that moment"),
            format!("{place} は計画中の2行の間だけアドレスがなくなり、その間の通信が止まります"),
        )
    }

    /// A line the grammar does not know is added or removed.
    pub(super) fn unrecognised(text: &str) -> Self {
        Self::new(
            "line.unrecognised",
            format!("`{text}` is not a command the tool knows; it is typed as it stands"),
            format!("`{text}` は未知のコマンドのため、そのまま入力します"),
        )
    }

    /// A line that takes effect after a restart.
    pub(super) fn restart(text: &str) -> Self {
        Self::new(
            "line.restart",
            format!("`{text}` takes effect only after a restart of the router"),
            format!("`{text}` はルータの再起動後に有効になります"),
        )
    }
}
