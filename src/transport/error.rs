//! Why a path to a router failed: the errors every transport shares.

use super::command::CommandError;
use super::serial::SerialError;
use super::ssh::SshError;
use super::telnet::TelnetError;
use crate::message::{Explain, Text};

/// Why a path could not be opened, or what became of it.
#[derive(Debug, Explain)]
pub enum TransportError {
    /// The serial port was not opened.
    #[explain(transparent)]
    Serial(#[from] SerialError),
    /// The SSH connection was not made.
    #[explain(transparent)]
    Ssh(#[from] SshError),
    /// The telnet connection to the console server was not made.
    #[explain(transparent)]
    Telnet(#[from] TelnetError),
    /// The program was not started.
    #[explain(transparent)]
    Command(#[from] CommandError),
    /// The path was open and is gone.
    #[explain(
        when = *cable,
        code = "serial.unplugged",
        en = "the console cable at {peer} is gone: {reason}",
        ja = "{peer} のコンソールケーブルとの接続が失われました: {reason}",
        hint(
            en = "plug the cable in again; a router that ends as `lost` is read before anything else is done: what it took is not known",
            ja = "ケーブルを接続し直してください。lost で終わったルータは、どこまで反映されたか不明です。まず設定を読み直してください"
        )
    )]
    #[explain(
        code = "link.lost",
        en = "the link to {peer} is gone: {reason}",
        ja = "{peer} との接続が切れました: {reason}",
        hint(
            en = "a router that ends as `lost` is read again before anything else is done: what it took is not known",
            ja = "lost で終わったルータは、どこまで反映されたか不明です。まず設定を読み直してください"
        )
    )]
    Lost {
        /// What was at the other end.
        peer: String,
        /// The system's words.
        reason: Text,
        /// Whether it was a cable that can be pulled.
        cable: bool,
    },
    /// The other side takes no bytes any more.
    #[explain(
        code = "link.stuck",
        en = "{peer} accepted no bytes until the deadline",
        ja = "{peer} が期限までに送信を受け付けませんでした",
        hint(
            en = "check the cable, the console server or the network",
            ja = "ケーブル、コンソールサーバ、ネットワークを確認してください"
        )
    )]
    Stuck {
        /// What is at the other end.
        peer: String,
    },
    /// This transport does not exist on this system.
    #[explain(
        code = "transport.unsupported",
        en = "{what} is not available on this system",
        ja = "{what} はこのシステムでは利用できません",
        note(en = "See [platforms.md](platforms.md).", ja = "[platforms.md](platforms.md) を参照してください。")
    )]
    Unsupported {
        /// The transport.
        what: &'static str,
    },
}
