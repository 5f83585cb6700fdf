//! Why a serial port could not be opened.

use std::io;

use super::platform;
use crate::message::{Explain, Text, Wording, system_words};

const PLUGGED: Wording = Wording {
    en: "is the console cable plugged in, on this machine too? `ixdeploy ports` must show it, perhaps under another name than last time",
    ja: "コンソールケーブルが PC 側にも接続されているか確認してください。`ixdeploy ports` に表示されるはずです(前回と名前が違うことがあります)",
};

/// Why the system would not do something with a port, in both languages.
pub(super) fn reason(error: &serialport::Error) -> Text {
    system_words(&io::Error::from(error.clone()))
}

/// Why a serial port could not be opened.
#[derive(Debug, Explain)]
pub enum SerialError {
    /// The system does not list its ports.
    #[explain(
        code = "serial.list",
        en = "the serial ports of this machine cannot be listed: {reason}",
        ja = "シリアルポートの一覧を取得できません: {reason}",
        hint(
            en = "name the port in the inventory (`port:`)",
            ja = "インベントリの `port:` でポート名を指定してください"
        )
    )]
    List {
        /// Why, by the system.
        reason: Text,
    },
    /// No port fits.
    #[explain(
        when = ports.is_empty(),
        code = "serial.not-found",
        en = "no serial port fits {wanted}: this machine shows no serial port at all",
        ja = "{wanted} に該当するシリアルポートがありません。この PC ではシリアルポートが 1 つも検出されていません",
        hint(shared = PLUGGED),
        hints = [platform::unseen_hint(), platform::permission_hint()],
    )]
    #[explain(
        code = "serial.not-found",
        en = "no serial port fits {wanted}; there are: {found}",
        ja = "{wanted} に該当するシリアルポートがありません。検出されたポート: {found}",
        with(found = ports.join(", ")),
        hint(shared = PLUGGED),
        hints = [platform::unseen_hint()],
    )]
    NotFound {
        /// The choice.
        wanted: String,
        /// The ports there are.
        ports: Vec<String>,
    },
    /// More than one port fits.
    #[explain(
        code = "serial.ambiguous",
        en = "more than one serial port fits {wanted}: {fitting}",
        ja = "{wanted} に該当するシリアルポートが複数あります: {fitting}",
        with(fitting = ports.join(", ")),
        hint(
            en = "name the port, or the cable by usb:VENDOR:PRODUCT:SERIAL",
            ja = "ポート名、または usb:VENDOR:PRODUCT:SERIAL でケーブルを指定してください"
        )
    )]
    Ambiguous {
        /// The choice.
        wanted: String,
        /// The ports that fit.
        ports: Vec<String>,
    },
    /// Another program has it open.
    #[explain(
        code = "serial.busy",
        en = "{port} is in use by another program",
        ja = "{port} は別のプログラムが使用中です",
        hint(
            en = "close the terminal program that still has it open (Tera Term, PuTTY, screen, minicom)",
            ja = "ポートを開いたままの端末ソフト(Tera Term、PuTTY、screen、minicom など)を終了してください"
        )
    )]
    Busy {
        /// The port.
        port: String,
    },
    /// The user may not open it.
    #[explain(
        code = "serial.denied",
        en = "this user may not open {port}",
        ja = "{port} を開く権限がありません",
        hints = [platform::permission_hint()],
        note(en = "`ixdeploy doctor` says what to do.", ja = "対処は `ixdeploy doctor` で確認できます。")
    )]
    Denied {
        /// The port.
        port: String,
    },
    /// The speed is refused by the device.
    #[explain(
        code = "serial.speed",
        en = "{port} does not take {speed} bit/s: {reason}",
        ja = "{port} は {speed} bit/s に対応していません: {reason}"
    )]
    Speed {
        /// The port.
        port: String,
        /// The speed in bit/s.
        speed: u32,
        /// Why, by the system.
        reason: Text,
    },
    /// The port was to be unplugged and is still there.
    #[explain(code = "serial.still-there", en = "{port} is still plugged in", ja = "{port} はまだ接続されたままです")]
    StillThere {
        /// The choice.
        port: String,
    },
    /// Anything else.
    #[explain(
        code = "serial.open",
        en = "{port} cannot be opened: {reason}",
        ja = "{port} を開けません: {reason}",
        hint(en = "check the name with `ixdeploy ports`", ja = "`ixdeploy ports` でポート名を確認してください")
    )]
    Open {
        /// The port.
        port: String,
        /// Why, by the system.
        reason: Text,
    },
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind as Io;

    use serialport::{Error, ErrorKind};

    use super::reason;

    #[test]
    fn why_a_port_does_not_open_is_said_in_both_languages() {
        let busy = reason(&Error::new(ErrorKind::Io(Io::TimedOut), "Connection timed out"));
        assert_eq!((busy.en.as_str(), busy.ja.as_str()), ("Connection timed out", "時間切れです"));
        let other = reason(&Error::new(ErrorKind::Unknown, "Not a typewriter"));
        assert_eq!(other.ja, "システムのエラー: Not a typewriter");
    }
}
