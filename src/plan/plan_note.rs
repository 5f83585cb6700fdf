//! What a plan says beside its lines: each remark once, with its stable name and both languages.

use super::unit::Outage;
use crate::ix::mask::mask_line;
use crate::message::{Explain, Text};

/// What a plan says beside its lines. Fields `line` are masked here, except that of `CannotCompare`, which comes masked.
#[derive(Debug, Explain)]
pub(crate) enum PlanNote<'a> {
    /// A secret whose value on the router is not known.
    #[explain(
        code = "secret.cannot-compare",
        en = "the secret of `{owner}` cannot be compared; it is not changed (set it with --set-secrets)",
        ja = "`{owner}` の秘密情報は比較できないため変更しません(設定するには --set-secrets)"
    )]
    CannotCompareSecret { owner: &'a str },
    /// A line from which someone removed the secret, or one that stays because such a line needs it.
    #[explain(
        when = *needed,
        code = "line.cannot-compare",
        en = "`{line}` stays: a masked line needs it",
        ja = "`{line}` はマスクされた行が使うため残します"
    )]
    #[explain(
        code = "line.cannot-compare",
        en = "`{line}` is masked: cannot compare; it is neither typed nor removed",
        ja = "`{line}` はマスクされているため比較できません。入力も削除もしません",
        note(
            en = "Someone removed its secret from the backup. It is not a change.",
            ja = "バックアップから秘密情報が取り除かれています。変更とはみなしません。"
        )
    )]
    CannotCompare { line: &'a str, needed: bool },
    /// The router loses its name.
    #[explain(
        code = "host-name.removed",
        en = "`{line}` is removed, because nothing declares a host name: to keep it, declare it (the sample roles: `vars: hostname`)",
        ja = "ホスト名の指定がないため `{line}` を削除します。残す場合は指定してください(サンプルロールでは vars の hostname)",
        with(line = mask_line(line))
    )]
    HostNameRemoved { line: &'a str },
    /// A line that no command removes.
    #[explain(
        code = "line.cannot-remove",
        en = "`{line}` is not in the desired configuration, but no command removes it; it stays",
        ja = "`{line}` は目的の設定にありませんが、削除するコマンドがないため残します",
        with(line = mask_line(line))
    )]
    CannotRemove { line: &'a str },
    /// A temporary list's name that had to be shortened.
    #[explain(
        code = "list.short-name",
        en = "`{list}` leaves no room for a suffix in 15 characters; its temporary copy is called `{temporary}`",
        ja = "`{list}` は15文字の上限で接尾辞を付けられないため、一時リストの名前を `{temporary}` とします"
    )]
    ShortName { list: &'a str, temporary: &'a str },
    /// A list rebuilt under a temporary name.
    #[explain(
        code = "list.rebuilt",
        en = "`{list}` changes in the middle: it is rebuilt while `{temporary}` is in its place. By the documented order of evaluation no filter opens meanwhile; it was also checked for what is not documented (a filter that names a missing list, a number bound twice)",
        ja = "`{list}` は途中が変わるため、`{temporary}` を代わりに適用した状態で作り直します。文書化された評価順ではフィルタが開く瞬間はなく、未確認の動作(存在しないリストを指すフィルタ、同じ番号への再適用)についても検査しています"
    )]
    Rebuilt { list: &'a str, temporary: &'a str },
    /// Blocks of a name made again under another header, while a copy under a temporary name is in their place.
    #[explain(
        code = "block.rebuilt",
        en = "an entry of `{name}` gets another header, and whether the router would take its removal for that of the new one is not known: `{name}` is made again while `{temporary}` is in its place; a line that uses `{name}` and is not pointed elsewhere finds nothing for that moment",
        ja = "`{name}` の項目の見出しが変わりますが、古い項目の削除で新しい項目も消えるかどうかは未確認です。`{temporary}` を代わりに適用した状態で `{name}` を作り直します。切り替えられない行が `{name}` を使っている場合、その間は参照先がありません"
    )]
    BlockRebuilt { name: &'a str, temporary: &'a str },
    /// Traffic that both configurations pass stops from one line of the plan to another.
    #[explain(
        when = *what == Outage::Filters,
        code = "filter.gap",
        en = "lines {first} to {last}: while the filters of {place} are entered or removed one by one, traffic that both configurations pass is dropped",
        ja = "{first}〜{last}行目: {place} のフィルタを1行ずつ変更する間、変更前後とも通す通信が一時的に遮断されます"
    )]
    #[explain(
        when = *what == Outage::Address,
        code = "address.gap",
        en = "lines {first} to {last}: {place} has no address in between; its traffic stops for that moment",
        ja = "{first}〜{last}行目: {place} はその間アドレスがなく、通信が止まります"
    )]
    #[explain(
        when = *what == Outage::Interface,
        code = "interface.gap",
        en = "lines {first} to {last}: {place} is shut while all its switch ports and its filters change, so that no port meets the filters of another; its traffic stops for that moment",
        ja = "{first}〜{last}行目: {place} はスイッチポートとフィルタがすべて入れ替わる間、別のポート用のフィルタが適用されないよう閉じられ、通信が止まります"
    )]
    #[explain(
        when = *what == Outage::Exchange,
        code = "interface.gap",
        en = "lines {first} to {last}: {place} is shut while it exchanges its VRF or bridge with another interface, so that the two never meet; its traffic stops for that moment",
        ja = "{first}〜{last}行目: {place} は別のインタフェースと VRF またはブリッジを入れ替える間、互いに通信できる瞬間がないよう閉じられ、通信が止まります"
    )]
    #[explain(
        when = *what == Outage::Line,
        code = "line.gap",
        en = "lines {first} to {last}: {place} is removed before its new form is entered; what it does stops for that moment",
        ja = "{first}〜{last}行目: {place} は新しい行が入るまでの間なくなり、その働きが止まります"
    )]
    #[explain(
        code = "port.exposed",
        en = "line {first}: {place} changes its filters and all its switch ports, and cannot be shut meanwhile because it may carry our session; until this line the ports that leave it meet its new filters",
        ja = "{first}行目: {place} はフィルタとスイッチポートがすべて変わりますが、この接続の経路である可能性があるため一時的に閉じることができません。この行までの間、外れるポートに新しいフィルタが適用されます"
    )]
    Gap { what: Outage, place: &'a str, first: usize, last: usize },
    /// Ports that belong to no group on their way from one to another, while the interface of such ports is up.
    #[explain(
        code = "port.between",
        en = "port {ports} belongs to no group on its way from one to another, and for that moment to {interface}, which is up",
        ja = "ポート {ports} はグループ間を移る途中でどのグループにも属さず、その間 {interface}(有効)に属します"
    )]
    PortBetween { interface: &'a str, ports: &'a str },
    /// A path that may be open between two lines, because no order of them keeps it closed.
    #[explain(
        code = "path.order",
        en = "routes, addresses and filters change together, and these lines need each other in such a way that no order keeps every path closed that was closed: between some lines traffic may pass that neither configuration passes",
        ja = "経路・アドレス・フィルタが同時に変わり、行どうしの依存関係のため、閉じていた経路をすべて閉じたままにできる順序がありません。行の間で、変更前後とも通さない通信が通ることがあります",
        note(
            en = "Read the lines with care, or make the change in two steps.",
            ja = "行をよく確認するか、変更を 2 回に分けてください。"
        )
    )]
    PathOpen,
    /// Two interfaces that meet in a VRF or a bridge between two lines.
    #[explain(
        code = "interface.meeting",
        en = "{place} exchanges its VRF or bridge with another interface and cannot be shut meanwhile, because it may carry our session: for some lines the two are in the same one",
        ja = "{place} は別のインタフェースと VRF またはブリッジを入れ替えますが、この接続の経路である可能性があるため一時的に閉じることができません。数行の間、両者が同じ VRF またはブリッジに属します"
    )]
    Meeting { place: &'a str },
    /// A group of switch ports that is typed again with fewer ports.
    #[explain(
        code = "port.group-again",
        en = "`{group}` is typed again with fewer ports: that the router then removes ports, and does not only add, is not confirmed; what it shows afterwards decides",
        ja = "`{group}` をポートを減らして再入力します。ルータがポートを外す(追加だけでない)ことは未確認のため、入力後の表示で確かめます"
    )]
    GroupAgain { group: &'a str },
    /// An address that is taken before another interface gives its network up.
    #[explain(
        code = "address.overlap",
        en = "`{line}` of {place} is typed while another line still has its network: no order avoids it",
        ja = "{place} の `{line}` は、同じネットワークが別の行に残っている間に入力されます(避けられる順序がありません)",
        with(line = mask_line(line))
    )]
    AddressOverlap { line: &'a str, place: &'a str },
    /// A list whose order an undo does not restore.
    #[explain(
        code = "list.order",
        en = "an undo restores the entries of `{list}` in another order; the order of entries that all permit says nothing",
        ja = "`{list}` を元に戻すと、エントリの順序は変わります(すべて permit のため順序に意味はありません)"
    )]
    OrderNotRestored { list: &'a str },
    /// A command that the dialect of the model has otherwise.
    #[explain(
        code = "line.other-dialect",
        en = "`{line}` is a command of the IX2000 and IX3000; the {model} is not known to have it: {instead}",
        ja = "`{line}` は IX2000/IX3000 のコマンドで、{model} にはないとされています。{instead}",
        with(line = mask_line(line), instead = in_its_place(instead))
    )]
    OtherDialect { line: &'a str, model: &'a str, instead: &'a str },
    /// A line the grammar does not know is added or removed.
    #[explain(
        code = "line.unrecognised",
        en = "`{line}` is not a command that this program knows; it is typed as it is",
        ja = "`{line}` は未知のコマンドのため、そのまま入力します",
        with(line = mask_line(line))
    )]
    Unrecognised { line: &'a str },
    /// A line that takes effect after a restart.
    #[explain(
        code = "line.restart",
        en = "`{line}` takes effect only after a restart of the router",
        ja = "`{line}` はルータの再起動後に有効になります",
        with(line = mask_line(line))
    )]
    Restart { line: &'a str },
}

/// What another series has in the place of a command.
fn in_its_place(command: &str) -> Text {
    match command {
        "" => Text::new("no command is known in its place", "代わりのコマンドは知られていません"),
        command => Text::new(format!("there it is `{command}`"), format!("代わりは `{command}` です")),
    }
}
