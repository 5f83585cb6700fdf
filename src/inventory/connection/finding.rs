//! What is said about a declared connection: each finding with its code, both languages and its hints.

use crate::message::{CodeEntry, Explain, Text};

/// The codes of these findings.
pub(in crate::inventory) const CODES: &[CodeEntry] = ConnectionFinding::CODES;

/// A finding about the way to a router.
#[derive(Debug, Explain)]
pub(super) enum ConnectionFinding {
    /// One word that does not say enough. `example`: what may be meant.
    #[explain(
        code = "yaml.type",
        en = "a connection is a table of keys, or the one word `mock`; found `{text}`",
        ja = "接続は項目の表か、`mock` の 1 語で書きます。`{text}` と書かれています",
        hint(en = "such as `{example}`", ja = "記述例: `{example}`")
    )]
    OneWord { text: String, example: &'static str },
    /// The name of a port where a table belongs: `serial: COM3`.
    #[explain(
        code = "yaml.type",
        en = "expected a serial console (a table of keys), found `{text}`",
        ja = "シリアルコンソール(項目の表)が必要ですが、`{text}` と書かれています",
        hint(en = "write `{meant}`", ja = "`{meant}` と書いてください")
    )]
    PortAlone { text: String, meant: String },
    /// A name that the Japanese input method made.
    #[explain(
        code = "connection.port",
        en = "`{text}` is not the name of a serial port",
        ja = "`{text}` というシリアルポートはありません",
        hints = [meant.clone()]
    )]
    WidePort { text: String, meant: Text },
    /// Several ports of one console.
    #[explain(
        code = "yaml.exactly-one",
        en = "a serial console has one of `port`, `usb`, `auto`",
        ja = "シリアルコンソールに指定できるのは `port`、`usb`、`auto` のうち 1 つです"
    )]
    SeveralPorts,
    /// No port at all.
    #[explain(
        code = "connection.port",
        en = "a serial console needs `port`, `usb` or `auto: true`",
        ja = "シリアルコンソールには `port`、`usb`、`auto: true` のいずれかが必要です",
        hint(en = "`ixdeploy ports` lists what is plugged in", ja = "`ixdeploy ports` で接続中のポートを一覧できます")
    )]
    NoPort,
    /// No id of a USB adapter.
    #[explain(
        code = "connection.usb",
        en = "a USB id is four hexadecimal digits",
        ja = "USB の ID は 4 桁の 16 進数です",
        hint(
            en = "in quotes, as `ixdeploy ports` prints it: \"0403\"",
            ja = "`ixdeploy ports` の表示どおり、引用符で囲んで \"0403\" のように書いてください"
        )
    )]
    NoUsbId,
    /// A speed to be found where we cannot set one.
    #[explain(
        code = "connection.baud",
        en = "`baud: auto` needs `service: rfc2217`: otherwise we cannot set the speed of the console server's port",
        ja = "`baud: auto` は `service: rfc2217` でのみ使えます。他の方式ではコンソールサーバ側の速度を変更できません",
        hint(
            en = "write the speed that is set there: `baud: 9600`",
            ja = "設定されている速度を `baud: 9600` のように書いてください"
        )
    )]
    AutoNeedsRfc2217,
    /// A command without words.
    #[explain(
        code = "connection.command",
        en = "the command is empty",
        ja = "コマンドが空です",
        hint(
            en = "write the program and each of its arguments as a word of the list: `[tio, -b, \"9600\", /dev/ttyUSB0]`",
            ja = "プログラムと引数を 1 語ずつ書いてください: `[tio, -b, \"9600\", /dev/ttyUSB0]`"
        )
    )]
    EmptyCommand,
    /// No user.
    #[explain(code = "connection.user", en = "`{text}` is not a user name", ja = "`{text}` はユーザ名に使えません")]
    NoUser { text: String },
    /// A key of SSH that neither the router nor the defaults have.
    #[explain(
        code = "yaml.missing-key",
        en = "an SSH connection needs the key `{key}`",
        ja = "SSH 接続には項目 `{key}` が必要です",
        hint(
            en = "here, or once for all routers under `defaults.connection.ssh`",
            ja = "ここに書くか、全ルータ共通なら `defaults.connection.ssh` に書いてください"
        ),
        hint(
            when = *key == "password",
            en = "a router takes a password; what is before it may take `key_file` or `agent: true`",
            ja = "ルータはパスワードで認証します。手前の機器なら `key_file` や `agent: true` も使えます"
        )
    )]
    MissingForSsh { key: &'static str },
    /// A passphrase for no key.
    #[explain(
        code = "connection.passphrase",
        en = "a passphrase belongs to a `key_file`, and there is none",
        ja = "`passphrase` は `key_file` と一緒に指定します"
    )]
    PassphraseWithoutKey,
    /// No host key.
    #[explain(
        code = "connection.host-key",
        en = "a host key is pinned as `SHA256:` and 43 characters",
        ja = "ホスト鍵は `SHA256:` と 43 文字で指定します",
        hint(
            en = "`ssh-keygen -lf` prints it in this form; MD5 fingerprints are not accepted",
            ja = "`ssh-keygen -lf` がこの形式で表示します。MD5 の指紋は使えません"
        )
    )]
    NoHostKey,
}
