//! Why a connection by telnet, or to a console server, was not made.

use crate::message::{Explain, Text};
use crate::transport::tcp::ConnectFailure;

/// Why a connection by telnet, or to a console server, was not made.
#[derive(Debug, Explain)]
pub enum TelnetError {
    /// No one answers there.
    #[explain(
        code = "telnet.connect",
        en = "{peer} cannot be reached: {failure}",
        ja = "{peer} に接続できません: {failure}",
        hint(
            en = "check the address, the port and that no one else uses this console",
            ja = "アドレス、ポート番号、他の利用者がいないかを確認してください"
        )
    )]
    Connect {
        /// Whom we called.
        peer: String,
        /// Why not.
        failure: ConnectFailure,
    },
    /// A console server closed its port to us at once.
    #[explain(
        code = "telnet.busy",
        en = "the console at {peer} is in use by someone else{words}",
        ja = "{peer} のコンソールは他の利用者が使用中です{words}",
        with(words = quoted(said.as_deref())),
        hint(
            en = "nothing reached the router: close the other session at this port (on the console server, too), then try again; if there is none, check that this port takes connections from here",
            ja = "ルータには何も届いていません。このポートを使っている他のセッションを(コンソールサーバ側も含めて)閉じてから再実行してください。誰も使っていない場合は、このポートが接続を許可しているかを確認してください"
        ),
        note(
            en = "The console server took the connection and closed it at once.",
            ja = "コンソールサーバが接続を受け付け、すぐに閉じました。"
        )
    )]
    Busy {
        /// Whom we called.
        peer: String,
        /// The console server's words, if it said why.
        said: Option<String>,
    },
    /// The other side does not speak RFC 2217.
    #[explain(
        code = "telnet.no-rfc2217",
        en = "{peer} does not agree to RFC 2217",
        ja = "{peer} は RFC 2217 に対応していません",
        hint(
            en = "switch RFC 2217 on at the console server, or name the port as a plain console with its speed",
            ja = "コンソールサーバ側で RFC 2217 を有効にするか、速度を指定した通常のコンソールとして設定してください"
        )
    )]
    NoRfc2217 {
        /// Whom we called.
        peer: String,
    },
    /// The console server set another speed than asked for.
    #[explain(
        code = "telnet.speed",
        en = "{peer} set {set} bit/s, not {wanted}",
        ja = "{peer} の速度が {wanted} ではなく {set} bit/s に設定されました",
        hint(en = "look at the console server's own limits", ja = "コンソールサーバ側の制限を確認してください")
    )]
    Speed {
        /// Whom we called.
        peer: String,
        /// The speed asked for, in bit/s.
        wanted: u32,
        /// The speed set, in bit/s.
        set: u32,
    },
}

/// What the console server said, as the end of a sentence.
fn quoted(said: Option<&str>) -> Text {
    said.map(|said| Text::new(format!(": \"{said}\""), format!("(「{said}」)"))).unwrap_or_default()
}
