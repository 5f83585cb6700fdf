//! What a finding says: its name, both languages and, where a person cannot just accept it, what to do.
//!
//! Decides nothing: who judges a configuration makes a remark and says how bad it is. `docs/lint.md` explains each name.

use crate::ix::line::LineError;
use crate::message::{Explain, Text, Wording};

/// For a line that no plan is made of.
const IN_FULL: Wording = Wording::new(
    "write the command in full as the router shows it, or take the line out",
    "ルータが表示するとおりに省略せずに書くか、この行を取り除いてください",
);

/// What can be said of a line, or of lines that do not go together. Lines are masked before they come here.
#[derive(Debug, Explain)]
pub(super) enum Remark {
    #[explain(
        code = "abbreviation",
        en = "`{line}` is abbreviated; write `{written_out}`",
        ja = "`{line}` は省略形です。`{written_out}` と書いてください",
        hint(shared = IN_FULL)
    )]
    Abbreviation { line: String, written_out: String },
    #[explain(
        code = "both-ntt-areas",
        en = "the DNS servers of both NTT areas are configured; a line has only one of them",
        ja = "NTT東日本と西日本の両方のDNSサーバが設定されています。回線のエリアに合う方だけを残してください"
    )]
    BothNttAreas,
    #[explain(
        code = "comes-back-different",
        en = "`{line}` only takes something away: the router is not known to print it",
        ja = "`{line}` は設定を消すだけの行で、ルータの表示には現れません"
    )]
    OnlyRemoves { line: String },
    #[explain(
        code = "comes-back-different",
        en = "`{written}` comes back as `{shown}`; it is compared and typed as that",
        ja = "`{written}` は `{shown}` と表示されます。比較と入力もその形で行います"
    )]
    ComesBackAs { written: String, shown: String },
    #[explain(
        code = "comes-back-different",
        en = "`{line}` comes back with a hash; it is compared by what is known of it",
        ja = "`{line}` はハッシュで表示されます。比較は既知の情報によって行います"
    )]
    ComesBackAsHash { line: String },
    #[explain(
        code = "dhcp-off",
        en = "a DHCP profile is bound here, and no line says `ip dhcp enable`: no one gets an address",
        ja = "DHCPプロファイルが適用されていますが `ip dhcp enable` がないため、アドレスは配布されません"
    )]
    DhcpOff,
    #[explain(
        code = "dhcp-outside",
        en = "{address} is handed out at {interface}, and is in no network of that interface",
        ja = "{address} は {interface} で配布されますが、そのインタフェースのネットワークに含まれません"
    )]
    DhcpOutside { address: String, interface: String },
    #[explain(
        code = "dns-proxy-off",
        en = "no line says `proxy-dns ip enable` or `proxy-dns ipv6 enable`: the DNS proxy answers no one",
        ja = "`proxy-dns ip enable` も `proxy-dns ipv6 enable` もないため、DNSプロキシは応答しません"
    )]
    DnsProxyOff,
    #[explain(
        code = "dns-proxy-off",
        en = "{address} is the router itself, and no line says `proxy-dns ip enable`: computers that ask it get no answer",
        ja = "{address} はこのルータ自身ですが `proxy-dns ip enable` がないため、問い合わせた端末は応答を得られません"
    )]
    NamesOwnProxy { address: String },
    #[explain(
        code = "filter-drops-dhcpv6",
        en = "{interface} is a DHCPv6 client, and its filters drop the server's answers (UDP to port 546)",
        ja = "{interface} はDHCPv6クライアントですが、サーバからの応答(UDP宛先546)をフィルタが遮断します"
    )]
    FilterDropsDhcpv6 { interface: String },
    #[explain(
        code = "filter-drops-nd",
        en = "{interface} learns from its line, and its filters drop neighbour discovery (ICMPv6 {kinds})",
        ja = "{interface} は回線側から情報を学習しますが、近隣探索(ICMPv6 {kinds})をフィルタが遮断します"
    )]
    FilterDropsNd { interface: String, kinds: String },
    #[explain(
        code = "filter-on-bridge-member",
        en = "{interface} is a member of a bridge: an `ip filter` on it may do nothing for bridged frames",
        ja = "{interface} はブリッジのメンバーです。`ip filter` はブリッジされるフレームには効かない可能性があります"
    )]
    FilterOnBridgeMember { interface: String },
    #[explain(
        code = "filter-only-denies",
        en = "the filters of {interface} {direction} permit nothing: what their lists do not name is dropped at their end, too",
        ja = "{interface} の {direction} のフィルタには permit がありません。リストにない通信も最後に破棄されます"
    )]
    FilterOnlyDenies { interface: String, direction: String },
    #[explain(
        code = "interface-shut",
        en = "{interface} is configured and left shut: neither `no shutdown` nor `shutdown` is said",
        ja = "{interface} は設定されていますが `no shutdown` も `shutdown` もないため閉じたままです"
    )]
    InterfaceShut { interface: String },
    #[explain(
        code = "management-closed",
        en = "the SSH server is on, and no interface that is up, outside a VRF and with an IPv4 address lets it be reached",
        ja = "SSHサーバは有効ですが、到達できるインタフェース(no shutdown、VRFの外、IPv4アドレスあり)がありません"
    )]
    ManagementClosed,
    #[explain(
        code = "masked",
        en = "`{line}` is masked: what it says is not known, and not judged",
        ja = "`{line}` はマスクされているため内容が分からず、検査しません"
    )]
    Masked { line: String },
    #[explain(
        code = "nd-proxy-autoconfig",
        en = "{interface} has `ipv6 nd proxy` and `ipv6 address autoconfig`: the proxy wants an interface without it",
        ja = "{interface} に `ipv6 nd proxy` と `ipv6 address autoconfig` の両方があります。NDプロキシ側には autoconfig を設定できません"
    )]
    NdProxyAutoconfig { interface: String },
    #[explain(
        code = "networks-overlap",
        en = "`{line}` is in the network of `{first}` of {interface}: of two interfaces only one is asked for it",
        ja = "`{line}` のネットワークは {interface} の `{first}` と重なっています。片方のインタフェースにしか届きません"
    )]
    NetworksOverlap { line: String, first: String, interface: String },
    #[explain(
        code = "never-matches",
        en = "`{line}` never matches: `{first}` before it takes everything",
        ja = "`{line}` は適用されません。前にある `{first}` がすべてに一致します"
    )]
    NeverMatches { line: String, first: String },
    #[explain(
        code = "next-hop-outside",
        en = "the next hop {hop} of `{line}` is in no network of the interfaces that it can be reached by",
        ja = "`{line}` のネクストホップ {hop} は、到達に使うインタフェースのどのネットワークにも含まれません"
    )]
    NextHopOutside { hop: String, line: String },
    #[explain(
        code = "no-password",
        en = "the router logs in as `{name}`, and no line of this profile has the password of that name",
        ja = "`{name}` で認証しますが、このプロファイルにその名前のパスワードの行がありません"
    )]
    NoPassword { name: String },
    #[explain(
        code = "no-such-interface",
        en = "the {model} does not have an interface `{interface}`",
        ja = "{model} に `{interface}` はありません"
    )]
    NoSuchInterface { model: &'static str, interface: String },
    #[explain(
        code = "no-such-interface",
        en = "the {model} is not known to have an interface `{interface}`",
        ja = "{model} に `{interface}` があるかは分かっていません"
    )]
    UnattestedInterface { model: &'static str, interface: String },
    #[explain(
        code = "no-such-port",
        en = "port {port} of {device} does not exist",
        ja = "{device} のポート {port} は存在しません"
    )]
    NoSuchPort { device: String, port: String },
    #[explain(
        code = "no-such-port",
        en = "port {port} of {device} is in two groups",
        ja = "{device} のポート {port} が2つのグループに属しています"
    )]
    PortInTwoGroups { device: String, port: String },
    #[explain(
        code = "not-configuration",
        en = "{error}",
        ja = "{error}",
        hint(shared = IN_FULL)
    )]
    NotConfiguration { error: LineError },
    #[explain(
        code = "not-defined",
        en = "{object} is used here and not defined",
        ja = "ここで使われている{object} が定義されていません"
    )]
    NotDefined { object: Text },
    #[explain(
        code = "not-defined",
        en = "no vlan-group of {device} makes the interface `{interface}`",
        ja = "`{interface}` を作る {device} の vlan-group がありません"
    )]
    NoVlanGroup { device: String, interface: String },
    #[explain(
        code = "not-used",
        en = "{object} is defined and never used",
        ja = "{object} は定義されていますが、どこからも使われていません"
    )]
    NotUsed { object: Text },
    #[explain(
        code = "other-dialect",
        en = "`{line}` is a command of the IX2000 and IX3000; the {model} is not known to have it: {instead}",
        ja = "`{line}` は IX2000/IX3000 のコマンドで、{model} にはないとされています。{instead}"
    )]
    OtherDialect { line: String, model: &'static str, instead: Text },
    #[explain(
        when = *grave,
        code = "place",
        en = "{readings}",
        ja = "{readings}",
        hint(
            en = "indent the lines of each block, or end a block with `!` or `exit` before the lines of the global mode",
            ja = "各ブロックの行をインデントするか、グローバルモードの行の前にブロックを `!` または `exit` で終わらせてください"
        )
    )]
    #[explain(code = "place", en = "{readings}", ja = "{readings}")]
    Place { readings: Text, grave: bool },
    #[explain(
        code = "range-backwards",
        en = "the range in `{line}` ends before it begins",
        ja = "`{line}` の範囲は終わりが始まりより前になっています"
    )]
    RangeBackwards { line: String },
    #[explain(
        code = "repeated-line",
        en = "`{after}` contradicts `{before}`, which opened the block first: the lines of both belong to the first",
        ja = "`{after}` は先にブロックを開いた `{before}` と矛盾します。両方の行を最初のブロックにまとめます"
    )]
    OpenedOtherwise { before: String, after: String },
    #[explain(
        code = "repeated-line",
        en = "`{after}` replaces `{before}`, which is before it: the last one wins",
        ja = "`{after}` が前にある `{before}` を置き換えます(後の方が有効)"
    )]
    Replaced { before: String, after: String },
    #[explain(
        code = "repeated-line",
        en = "`{line}` has the number of `{first}`: which of them the router keeps is not known",
        ja = "`{line}` は `{first}` と同じ番号です。ルータがどちらを残すかは分かっていません"
    )]
    SameNumber { line: String, first: String },
    #[explain(
        code = "unrecognised",
        en = "`{line}` is not a command the tool knows; it is kept as it is",
        ja = "`{line}` は未知のコマンドです。そのまま扱います"
    )]
    Unrecognised { line: String },
    #[explain(
        code = "value",
        en = "`{value}` in `{line}` is not {wanted}",
        ja = "`{line}` の `{value}` は{wanted}ではありません"
    )]
    Value { value: String, line: String, wanted: Text },
    #[explain(code = "value", en = "{error}", ja = "{error}")]
    HostName { error: LineError },
    #[explain(
        code = "vrf-not-declared",
        en = "{object} is not declared; whether the router wants a declaration is not known",
        ja = "{object} の宣言がありません。ルータが宣言を必要とするかは分かっていません"
    )]
    VrfNotDeclared { object: Text },
}
