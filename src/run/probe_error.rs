//! Why a line is not looked at by entering lines. Nothing was written then.

use std::path::PathBuf;

use crate::message::Explain;

/// Why.
#[derive(Debug, Explain)]
pub enum ProbeRefused {
    /// The playbook declares no probe.
    #[explain(
        code = "probe.none",
        en = "{playbook} declares no probe",
        ja = "{playbook} にはプローブ(回線確認用の一時投入)の宣言がありません",
        hint(
            en = "write `probe: FILE` with a playbook beside it whose lines open the line's port (docs/line.md)",
            ja = "`probe: ファイル` に、回線のポートを有効にするプレイブックを指定してください(docs/line.ja.md)"
        )
    )]
    None {
        /// The playbook.
        playbook: PathBuf,
    },
    /// More than one router, or none.
    #[explain(
        code = "probe.one-router",
        en = "a probe is for one router, and {routers} are meant",
        ja = "プローブの対象はルータ 1 台です({routers} 台が指定されています)",
        hint(en = "name it: `-l ROUTER`", ja = "`-l ルータ名` で指定してください")
    )]
    OneRouter {
        /// How many.
        routers: usize,
    },
    /// The router's roles want no IPv6 line.
    #[explain(
        code = "probe.nothing-asked",
        en = "{router}: its roles ask nothing of an IPv6 line, so there is none to look at",
        ja = "{router}: ロールは IPv6 回線を使用しないため、確認する回線がありません",
        hint(en = "probe the router on the line's side", ja = "回線側のルータで実行してください")
    )]
    NothingAsked {
        /// The router.
        router: String,
    },
    /// The probe opens another port than the roles use.
    #[explain(
        code = "probe.other-line",
        en = "{router}: the probe asks nothing of the line at {interface}, which the router's roles use",
        ja = "{router}: プローブは、ロールが使用する {interface} の回線を確認するものではありません",
        hint(
            en = "give the probe's role the same interface, and `ipv6 dhcp client` or `ipv6 address autoconfig` there",
            ja = "プローブのロールで、同じインタフェースに ipv6 dhcp client または ipv6 address autoconfig を設定してください"
        )
    )]
    OtherLine {
        /// The router.
        router: String,
        /// The interface of the line.
        interface: String,
    },
}
