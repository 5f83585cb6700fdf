//! Why a serial port could not be opened.

use super::platform;
use crate::message::{Explain, Text};

/// Why a serial port could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SerialError {
    /// The system does not list its ports.
    #[error("the serial ports cannot be listed: {reason}")]
    List {
        /// The system's words.
        reason: String,
    },
    /// No port fits.
    #[error("no serial port fits {wanted}")]
    NotFound {
        /// The choice.
        wanted: String,
        /// The ports there are.
        ports: Vec<String>,
    },
    /// More than one port fits.
    #[error("more than one serial port fits {wanted}")]
    Ambiguous {
        /// The choice.
        wanted: String,
        /// The ports that fit.
        ports: Vec<String>,
    },
    /// Another program has it open.
    #[error("{port} is in use by another program")]
    Busy {
        /// The port.
        port: String,
    },
    /// The user may not open it.
    #[error("{port} may not be opened by this user")]
    Denied {
        /// The port.
        port: String,
    },
    /// The speed is refused by the device.
    #[error("{port} does not take {speed} bit/s: {reason}")]
    Speed {
        /// The port.
        port: String,
        /// The speed in bit/s.
        speed: u32,
        /// The system's words.
        reason: String,
    },
    /// The port was to be unplugged and is still there.
    #[error("{port} is still plugged in")]
    StillThere {
        /// The choice.
        port: String,
    },
    /// Anything else.
    #[error("{port} cannot be opened: {reason}")]
    Open {
        /// The port.
        port: String,
        /// The system's words.
        reason: String,
    },
}

impl Explain for SerialError {
    fn code(&self) -> &'static str {
        match self {
            Self::List { .. } => "serial.list",
            Self::NotFound { .. } => "serial.not-found",
            Self::Ambiguous { .. } => "serial.ambiguous",
            Self::Busy { .. } => "serial.busy",
            Self::Denied { .. } => "serial.denied",
            Self::Speed { .. } => "serial.speed",
            Self::StillThere { .. } => "serial.still-there",
            Self::Open { .. } => "serial.open",
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::List { reason } => Text::new(
                format!("the serial ports of this machine cannot be listed: {reason}"),
                format!("シリアルポートの一覧を取得できません: {reason}"),
            ),
            Self::NotFound { wanted, ports } if ports.is_empty() => Text::new(
                format!("no serial port fits {wanted}: this machine shows no serial port at all"),
                format!(
                    "{wanted} に該当するシリアルポートがありません。この PC ではシリアルポートが 1 つも検出されていません"
                ),
            ),
            Self::NotFound { wanted, ports } => Text::new(
                format!("no serial port fits {wanted}; there are: {}", ports.join(", ")),
                format!("{wanted} に該当するシリアルポートがありません。検出されたポート: {}", ports.join(", ")),
            ),
            Self::Ambiguous { wanted, ports } => Text::new(
                format!("more than one serial port fits {wanted}: {}", ports.join(", ")),
                format!("{wanted} に該当するシリアルポートが複数あります: {}", ports.join(", ")),
            ),
            Self::Busy { port } => Text::new(
                format!("{port} is in use by another program"),
                format!("{port} は別のプログラムが使用中です"),
            ),
            Self::Denied { port } => {
                Text::new(format!("this user may not open {port}"), format!("{port} を開く権限がありません"))
            }
            Self::Speed { port, speed, reason } => Text::new(
                format!("{port} does not take {speed} bit/s: {reason}"),
                format!("{port} は {speed} bit/s に対応していません: {reason}"),
            ),
            Self::StillThere { port } => {
                Text::new(format!("{port} is still plugged in"), format!("{port} はまだ接続されたままです"))
            }
            Self::Open { port, reason } => {
                Text::new(format!("{port} cannot be opened: {reason}"), format!("{port} を開けません: {reason}"))
            }
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::NotFound { ports, .. } => {
                let mut hints = vec![
                    Text::new(
                        "is the console cable plugged in, on this machine too? `ixdeploy ports` must show it, perhaps under another name than last time",
                        "コンソールケーブルが PC 側にも接続されているか確認してください。`ixdeploy ports` に表示されるはずです(前回と名前が違うことがあります)",
                    ),
                    platform::unseen_hint(),
                ];
                hints.extend(ports.is_empty().then(platform::permission_hint));
                hints
            }
            Self::Ambiguous { .. } => vec![Text::new(
                "name the port, or the cable by usb:VENDOR:PRODUCT:SERIAL",
                "ポート名、または usb:VENDOR:PRODUCT:SERIAL でケーブルを指定してください",
            )],
            Self::Busy { .. } => vec![Text::new(
                "close the terminal program that still has it open (Tera Term, PuTTY, screen, minicom)",
                "ポートを開いたままの端末ソフト(Tera Term、PuTTY、screen、minicom など)を終了してください",
            )],
            Self::Denied { .. } => vec![platform::permission_hint()],
            Self::Open { .. } => {
                vec![Text::new("check the name with `ixdeploy ports`", "`ixdeploy ports` でポート名を確認してください")]
            }
            Self::List { .. } | Self::Speed { .. } | Self::StillThere { .. } => Vec::new(),
        }
    }
}
