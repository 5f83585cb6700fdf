//! Why a path to a router failed: the errors every transport shares.

use super::command::CommandError;
use super::serial::SerialError;
use super::ssh::SshError;
use super::telnet::TelnetError;
use crate::message::{Explain, Text};

/// Why a path could not be opened, or what became of it.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The serial port could not be had.
    #[error(transparent)]
    Serial(#[from] SerialError),
    /// The SSH connection could not be had.
    #[error(transparent)]
    Ssh(#[from] SshError),
    /// The telnet connection or the console server could not be had.
    #[error(transparent)]
    Telnet(#[from] TelnetError),
    /// The program could not be started.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The path was open and is gone.
    #[error("the link to {peer} is gone: {reason}")]
    Lost {
        /// What stood at the other end.
        peer: String,
        /// The system's words.
        reason: String,
        /// Whether it was a cable that can be pulled.
        cable: bool,
    },
    /// The other side takes no bytes any more.
    #[error("{peer} accepted no bytes until the deadline")]
    Stuck {
        /// What stands at the other end.
        peer: String,
    },
    /// This transport does not exist on this system.
    #[error("{what} is not available on this system")]
    Unsupported {
        /// The transport.
        what: &'static str,
    },
}

impl Explain for TransportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Serial(error) => error.code(),
            Self::Ssh(error) => error.code(),
            Self::Telnet(error) => error.code(),
            Self::Command(error) => error.code(),
            Self::Lost { cable: true, .. } => "serial.unplugged",
            Self::Lost { .. } => "link.lost",
            Self::Stuck { .. } => "link.stuck",
            Self::Unsupported { .. } => "transport.unsupported",
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::Serial(error) => error.text(),
            Self::Ssh(error) => error.text(),
            Self::Telnet(error) => error.text(),
            Self::Command(error) => error.text(),
            Self::Lost { peer, reason, cable: true } => Text::new(
                format!("the console cable at {peer} is gone: {reason}"),
                format!("{peer} のコンソールケーブルとの接続が失われました: {reason}"),
            ),
            Self::Lost { peer, reason, .. } => Text::new(
                format!("the link to {peer} is gone: {reason}"),
                format!("{peer} との接続が切れました: {reason}"),
            ),
            Self::Stuck { peer } => Text::new(
                format!("{peer} accepted no bytes until the deadline"),
                format!("{peer} が期限までに送信を受け付けませんでした"),
            ),
            Self::Unsupported { what } => Text::new(
                format!("{what} is not available on this system"),
                format!("{what} はこのシステムでは利用できません"),
            ),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Serial(error) => error.hints(),
            Self::Ssh(error) => error.hints(),
            Self::Telnet(error) => error.hints(),
            Self::Command(error) => error.hints(),
            Self::Lost { cable: true, .. } => vec![Text::new(
                "plug the cable in again and read the router before doing anything else: what it took is not known",
                "ケーブルを接続し直し、まずルータの設定を読み直してください。どこまで反映されたかは不明です",
            )],
            Self::Lost { .. } => vec![Text::new(
                "read the router again before doing anything else: what it took is not known",
                "まずルータの設定を読み直してください。どこまで反映されたかは不明です",
            )],
            Self::Stuck { .. } => vec![Text::new(
                "check the cable, the console server or the network",
                "ケーブル、コンソールサーバ、ネットワークを確認してください",
            )],
            Self::Unsupported { .. } => Vec::new(),
        }
    }
}
