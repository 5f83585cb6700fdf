//! Why a telnet connection or a console server could not be had.

use crate::message::{Explain, Text};
use crate::transport::tcp::ConnectFailure;

/// Why a telnet connection or a console server could not be had.
#[derive(Debug, thiserror::Error)]
pub enum TelnetError {
    /// No one answers there.
    #[error("{peer} cannot be reached: {failure}")]
    Connect {
        /// Whom we called.
        peer: String,
        /// Why not.
        failure: ConnectFailure,
    },
    /// A console server closed its port to us at once.
    #[error("the console at {peer} is in use by someone else{}", said.as_ref().map(|said| format!(": \"{said}\"")).unwrap_or_default())]
    Busy {
        /// Whom we called.
        peer: String,
        /// The console server's words, if it said why.
        said: Option<String>,
    },
    /// The other side does not speak RFC 2217.
    #[error("{peer} does not agree to RFC 2217")]
    NoRfc2217 {
        /// Whom we called.
        peer: String,
    },
    /// The console server set another speed than asked for.
    #[error("{peer} set {set} bit/s, not {wanted}")]
    Speed {
        /// Whom we called.
        peer: String,
        /// The speed asked for, in bit/s.
        wanted: u32,
        /// The speed set, in bit/s.
        set: u32,
    },
}

impl Explain for TelnetError {
    fn code(&self) -> &'static str {
        match self {
            Self::Connect { .. } => "telnet.connect",
            Self::Busy { .. } => "telnet.busy",
            Self::NoRfc2217 { .. } => "telnet.no-rfc2217",
            Self::Speed { .. } => "telnet.speed",
        }
    }

    fn text(&self) -> Text {
        let ja = match self {
            Self::Connect { peer, failure } => format!("{peer} に接続できません: {}", failure.text().ja),
            Self::Busy { peer, said } => {
                let said = said.as_ref().map(|said| format!("(「{said}」)")).unwrap_or_default();
                format!("{peer} のコンソールは他の利用者が使用中です{said}")
            }
            Self::NoRfc2217 { peer } => format!("{peer} は RFC 2217 に対応していません"),
            Self::Speed { peer, wanted, set } => {
                format!("{peer} の速度が {wanted} ではなく {set} bit/s に設定されました")
            }
        };
        Text::new(self.to_string(), ja)
    }

    fn hints(&self) -> Vec<Text> {
        let hint = match self {
            Self::Connect { .. } => Text::new(
                "check the address, the port and that nobody else uses this console",
                "アドレス、ポート番号、他の利用者がいないかを確認してください",
            ),
            Self::Busy { .. } => Text::new(
                "nothing reached the router: have the other session at this port closed (on the console server, too), then try again; if nobody is there, check that this port takes connections from here",
                "ルータには何も届いていません。このポートを使っている他のセッションを(コンソールサーバ側も含めて)閉じてから再実行してください。誰も使っていない場合は、このポートが接続を許可しているかを確認してください",
            ),
            Self::NoRfc2217 { .. } => Text::new(
                "switch RFC 2217 on at the console server, or name the port as a plain console with its speed",
                "コンソールサーバ側で RFC 2217 を有効にするか、速度を指定した通常のコンソールとして設定してください",
            ),
            Self::Speed { .. } => {
                Text::new("look at the console server's own limits", "コンソールサーバ側の制限を確認してください")
            }
        };
        vec![hint]
    }
}
