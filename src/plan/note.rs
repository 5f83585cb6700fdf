//! What the reviewer should know about a plan, besides its lines.

use serde::{Deserialize, Serialize};

use super::masked::Unknown;
use super::unit::{Gap, Outage};
use crate::ix::mask::mask_line;
use crate::message::Text;

/// One remark, with a stable name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its name, such as `secret.cannot-compare`.
    pub id: String,
    /// What it says.
    pub text: Text,
    /// The line of the configuration that it is about, with the headers of its blocks, masked; where it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// The first and the last line of the plan that it is about, where it is about some.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lines: Option<[usize; 2]>,
}

impl Note {
    fn new(id: &str, en: String, ja: String) -> Self {
        Self { id: id.to_owned(), text: Text { en, ja }, about: None, lines: None }
    }

    /// A secret whose value on the router is not known.
    pub(super) fn cannot_compare(owner: &str) -> Self {
        Self::new(
            "secret.cannot-compare",
            format!("the secret of `{owner}` cannot be compared; it is not changed (set it with --set-secrets)"),
            format!("`{owner}` の秘密情報は比較できないため変更しません(設定するには --set-secrets)"),
        )
    }

    /// A line from which someone removed the secret, or one that stays because such a line needs it.
    pub(super) fn of_masked(unknown: &Unknown) -> Self {
        let line = unknown.shown();
        let (en, ja) = if unknown.needed {
            (format!("`{line}` stays: a masked line needs it"), format!("`{line}` はマスクされた行が使うため残します"))
        } else {
            (
                format!("`{line}` is masked: cannot compare; it is neither typed nor taken away"),
                format!("`{line}` はマスクされているため比較できません。入力も削除もしません"),
            )
        };
        Self { about: Some(line), ..Self::new("line.cannot-compare", en, ja) }
    }

    /// The router loses its name.
    pub(super) fn host_name_goes(line: &str) -> Self {
        let line = mask_line(line);
        Self::new(
            "host-name.removed",
            format!(
                "`{line}` goes, because nothing declares a host name: if it shall stay, declare it (the sample roles: `vars: hostname`)"
            ),
            format!(
                "ホスト名の指定がないため `{line}` を削除します。残す場合は指定してください(サンプルロールでは vars の hostname)"
            ),
        )
    }

    /// A line that no line can remove.
    pub(super) fn cannot_remove(text: &str) -> Self {
        let text = mask_line(text);
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
                "`{list}` changes in the middle: it is rebuilt while `{temporary}` stands in for it. By the documented order of evaluation no filter opens meanwhile; it was also checked for what is not documented (a filter that names a missing list, a number bound twice)"
            ),
            format!(
                "`{list}` は途中が変わるため、`{temporary}` を代わりに適用した状態で作り直します。文書化された評価順ではフィルタが開く瞬間はなく、未確認の動作(存在しないリストを指すフィルタ、同じ番号への再適用)についても検査しています"
            ),
        )
    }

    /// Traffic that both configurations pass stops from one line of the plan to another.
    pub(super) fn gap(gap: &Gap, first: usize, last: usize) -> Self {
        let place = &gap.place;
        let note = match gap.what {
            Outage::Filters => Self::new(
                "filter.gap",
                format!(
                    "lines {first} to {last}: while the filters of {place} are entered or taken away one by one, traffic that both configurations pass is dropped"
                ),
                format!(
                    "{first}〜{last}行目: {place} のフィルタを1行ずつ変更する間、変更前後とも通す通信が一時的に遮断されます"
                ),
            ),
            Outage::Address => Self::new(
                "address.gap",
                format!(
                    "lines {first} to {last}: {place} has no address in between; its traffic stops for that moment"
                ),
                format!("{first}〜{last}行目: {place} はその間アドレスがなく、通信が止まります"),
            ),
            Outage::Interface => Self::new(
                "interface.gap",
                format!(
                    "lines {first} to {last}: {place} is shut while all its switch ports and its filters change, so that no port meets the filters of another; its traffic stops for that moment"
                ),
                format!(
                    "{first}〜{last}行目: {place} はスイッチポートとフィルタがすべて入れ替わる間、別のポート用のフィルタが適用されないよう閉じられ、通信が止まります"
                ),
            ),
            Outage::Exchange => Self::new(
                "interface.gap",
                format!(
                    "lines {first} to {last}: {place} is shut while it exchanges its VRF or bridge with another interface, so that the two never meet; its traffic stops for that moment"
                ),
                format!(
                    "{first}〜{last}行目: {place} は別のインタフェースと VRF またはブリッジを入れ替える間、互いに通信できる瞬間がないよう閉じられ、通信が止まります"
                ),
            ),
            Outage::Line => Self::new(
                "line.gap",
                format!(
                    "lines {first} to {last}: {place} goes before its new form is there; what it does stops for that moment"
                ),
                format!("{first}〜{last}行目: {place} は新しい行が入るまでの間なくなり、その働きが止まります"),
            ),
            Outage::Fit => Self::new(
                "port.exposed",
                format!(
                    "line {first}: {place} changes its filters and all its switch ports, and cannot be shut meanwhile because it may carry our session; until this line the ports that leave it meet its new filters"
                ),
                format!(
                    "{first}行目: {place} はフィルタとスイッチポートがすべて変わりますが、この接続の経路である可能性があるため一時的に閉じることができません。この行までの間、外れるポートに新しいフィルタが適用されます"
                ),
            ),
        };
        Self { lines: Some([first, last]), ..note }
    }

    /// Ports that belong to no group on their way from one to another, while the interface of such ports is up.
    pub(super) fn port_between(interface: &str, ports: &str) -> Self {
        Self::new(
            "port.between",
            format!(
                "port {ports} belongs to no group on its way from one to another, and for that moment to {interface}, which is up"
            ),
            format!(
                "ポート {ports} はグループ間を移る途中でどのグループにも属さず、その間 {interface}(有効)に属します"
            ),
        )
    }

    /// A path that may be open between two lines, because no order of them keeps it closed.
    pub(super) fn path_open() -> Self {
        Self::new(
            "path.order",
            "routes, addresses and filters change together, and these lines need each other in such a way that no order keeps every path closed that was closed: between some lines traffic may pass that neither configuration passes".to_owned(),
            "経路・アドレス・フィルタが同時に変わり、行どうしの依存関係のため、閉じていた経路をすべて閉じたままにできる順序がありません。行の間で、変更前後とも通さない通信が通ることがあります".to_owned(),
        )
    }

    /// Two interfaces that meet in a VRF or a bridge between two lines.
    pub(super) fn meeting(place: &str) -> Self {
        Self::new(
            "interface.meeting",
            format!(
                "{place} exchanges its VRF or bridge with another interface and cannot be shut meanwhile, because it may carry our session: for some lines the two stand in one"
            ),
            format!(
                "{place} は別のインタフェースと VRF またはブリッジを入れ替えますが、この接続の経路である可能性があるため一時的に閉じることができません。数行の間、両者が同じ VRF またはブリッジに属します"
            ),
        )
    }

    /// A group of switch ports that is typed again with fewer ports.
    pub(super) fn group_again(group: &str) -> Self {
        Self::new(
            "port.group-again",
            format!(
                "`{group}` is typed again with fewer ports: that the router then takes ports away, and does not only add, is not confirmed; what it shows afterwards decides"
            ),
            format!(
                "`{group}` をポートを減らして再入力します。ルータがポートを外す(追加だけでない)ことは未確認のため、入力後の表示で確かめます"
            ),
        )
    }

    /// An address that is taken before another interface gives its network up.
    pub(super) fn address_overlap(line: &str, place: &str) -> Self {
        let line = mask_line(line);
        Self::new(
            "address.overlap",
            format!("`{line}` of {place} is typed while another line still has its network: no order avoids it"),
            format!(
                "{place} の `{line}` は、同じネットワークが別の行に残っている間に入力されます(避けられる順序がありません)"
            ),
        )
    }

    /// A list whose order an undo does not give back.
    pub(super) fn order_not_restored(list: &str) -> Self {
        Self::new(
            "list.order",
            format!(
                "an undo gives the entries of `{list}` back in another order; the order of entries that all permit says nothing"
            ),
            format!("`{list}` を元に戻すと、エントリの順序は変わります(すべて permit のため順序に意味はありません)"),
        )
    }

    /// A command that the dialect of the model has otherwise.
    pub(super) fn other_dialect(line: &str, model: &str, instead: &str) -> Self {
        let line = mask_line(line);
        let (en, ja) = match instead {
            "" => ("nothing is known to stand for it".to_owned(), "代わりのコマンドは知られていません".to_owned()),
            instead => (format!("there it is `{instead}`"), format!("代わりは `{instead}` です")),
        };
        Self::new(
            "line.other-dialect",
            format!("`{line}` is a command of the IX2000 and IX3000; the {model} is not known to have it: {en}"),
            format!("`{line}` は IX2000/IX3000 のコマンドで、{model} にはないとされています。{ja}"),
        )
    }

    /// A line the grammar does not know is added or removed.
    pub(super) fn unrecognised(text: &str) -> Self {
        let text = mask_line(text);
        Self::new(
            "line.unrecognised",
            format!("`{text}` is not a command the tool knows; it is typed as it stands"),
            format!("`{text}` は未知のコマンドのため、そのまま入力します"),
        )
    }

    /// A line that takes effect after a restart.
    pub(super) fn restart(text: &str) -> Self {
        let text = mask_line(text);
        Self::new(
            "line.restart",
            format!("`{text}` takes effect only after a restart of the router"),
            format!("`{text}` はルータの再起動後に有効になります"),
        )
    }
}
