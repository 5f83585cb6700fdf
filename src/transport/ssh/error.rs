//! Why an SSH connection could not be had.

use crate::message::{Explain, Text};

/// Why an SSH connection could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SshError {
    /// The host name holds something no host name holds.
    #[error("\"{host}\" is no host name")]
    HostName {
        /// What was given, with everything unprintable escaped.
        host: String,
    },
    /// The name has no address.
    #[error("{host} has no address: {reason}")]
    Resolve {
        /// The name.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// No one answers there.
    #[error("{peer} cannot be reached: {reason}")]
    Unreachable {
        /// Whom we called.
        peer: String,
        /// The system's words.
        reason: Text,
    },
    /// The deadline passed before the session stood.
    #[error("{peer} did not answer in time ({during})")]
    Timeout {
        /// Whom we called.
        peer: String,
        /// What was going on.
        during: &'static str,
    },
    /// No common algorithms.
    #[error("{peer} and this program have no SSH algorithms in common: {reason}")]
    Algorithms {
        /// Whom we called.
        peer: String,
        /// The library's words.
        reason: String,
        /// Whether older ones were allowed already.
        legacy: bool,
    },
    /// A host no one has recorded.
    #[error("the host key of {host} is not known: {algorithm} {fingerprint}")]
    HostKeyUnknown {
        /// The host.
        host: String,
        /// The key's type.
        algorithm: String,
        /// Its fingerprint.
        fingerprint: String,
    },
    /// A host that shows another key than before.
    #[error("the host key of {host} has changed: {known} was recorded, {offered} is shown")]
    HostKeyChanged {
        /// The host.
        host: String,
        /// The recorded fingerprint.
        known: String,
        /// The one shown now.
        offered: String,
        /// Where the recorded one stands.
        place: String,
    },
    /// A key that the file of known hosts marks as revoked.
    #[error("the host key of {host} is revoked: {fingerprint}")]
    HostKeyRevoked {
        /// The host.
        host: String,
        /// The key's fingerprint.
        fingerprint: String,
        /// Where it is marked.
        place: String,
    },
    /// The file of known hosts fails.
    #[error("the known hosts file {file} fails: {reason}")]
    HostKeyFile {
        /// The file.
        file: String,
        /// The system's words.
        reason: String,
    },
    /// The password, key or user is not accepted.
    #[error("{peer} does not accept {user} ({tried})")]
    Authentication {
        /// Whom we called.
        peer: String,
        /// The user.
        user: String,
        /// The methods that were tried.
        tried: String,
        /// The methods the server accepts, where it says so.
        accepted: String,
    },
    /// The private key cannot be used.
    #[error("the key file {file} cannot be used: {reason}")]
    KeyFile {
        /// The file.
        file: String,
        /// The system's or the library's words.
        reason: Text,
    },
    /// The server asks for more than one password.
    #[error("{peer} asks {user} more than a password ({asked})")]
    Questions {
        /// Whom we called.
        peer: String,
        /// The user.
        user: String,
        /// What was asked for, in short.
        asked: Text,
    },
    /// A credential is missing.
    #[error("no credential for {user} at {peer}")]
    NoCredential {
        /// Whom we called.
        peer: String,
        /// The user.
        user: String,
    },
    /// The connection broke while it was being set up.
    #[error("{peer} broke the connection ({during}): {reason}")]
    Broken {
        /// Whom we called.
        peer: String,
        /// What was going on.
        during: &'static str,
        /// The library's words.
        reason: String,
    },
    /// More came than belongs to any answer.
    #[error("{peer} sent {bytes} bytes that belong to no answer; the connection was cut")]
    Flood {
        /// Whom we called.
        peer: String,
        /// How many bytes came.
        bytes: u64,
    },
    /// The library itself fails.
    #[error("the SSH library fails: {reason}")]
    Library {
        /// Its words.
        reason: String,
    },
}

impl Explain for SshError {
    fn code(&self) -> &'static str {
        match self {
            Self::HostName { .. } => "ssh.host-name",
            Self::Resolve { .. } => "ssh.resolve",
            Self::Unreachable { .. } => "ssh.unreachable",
            Self::Timeout { .. } => "ssh.timeout",
            Self::Algorithms { .. } => "ssh.algorithms",
            Self::HostKeyUnknown { .. } => "ssh.host-key-unknown",
            Self::HostKeyChanged { .. } => "ssh.host-key-changed",
            Self::HostKeyRevoked { .. } => "ssh.host-key-revoked",
            Self::HostKeyFile { .. } => "ssh.host-key-file",
            Self::Authentication { .. } => "ssh.authentication",
            Self::KeyFile { .. } => "ssh.key-file",
            Self::Questions { .. } => "ssh.questions",
            Self::NoCredential { .. } => "ssh.no-credential",
            Self::Broken { .. } => "ssh.broken",
            Self::Flood { .. } => "ssh.flood",
            Self::Library { .. } => "ssh.library",
        }
    }

    fn text(&self) -> Text {
        let ja = match self {
            Self::HostName { host } => format!("「{host}」はホスト名として使えません"),
            Self::Resolve { host, reason } => format!("{host} のアドレスを解決できません: {reason}"),
            Self::Unreachable { peer, reason } => format!("{peer} に接続できません: {}", reason.ja),
            Self::Timeout { peer, during } => format!("{peer} から期限内に応答がありません({during})"),
            Self::Algorithms { peer, reason, .. } => {
                format!("{peer} との間で共通に使える SSH アルゴリズムがありません: {reason}")
            }
            Self::HostKeyUnknown { host, algorithm, fingerprint } => {
                format!("{host} のホスト鍵は未登録です: {algorithm} {fingerprint}")
            }
            Self::HostKeyChanged { host, known, offered, place } => {
                format!("{host} のホスト鍵が変わっています。登録済み: {known}({place})、今回提示: {offered}")
            }
            Self::HostKeyRevoked { host, fingerprint, place } => {
                format!("{host} のホスト鍵は失効しています: {fingerprint}({place} の @revoked)")
            }
            Self::HostKeyFile { file, reason } => format!("ホスト鍵ファイル {file} を扱えません: {reason}"),
            Self::Authentication { peer, user, tried, .. } => {
                format!("{peer} がユーザ {user} の認証を拒否しました(試行: {tried})")
            }
            Self::KeyFile { file, reason } => format!("鍵ファイル {file} を使えません: {}", reason.ja),
            Self::Questions { peer, user, asked } => {
                format!("{peer} がユーザ {user} にパスワード以外の入力を求めています({})", asked.ja)
            }
            Self::NoCredential { peer, user } => format!("{peer} のユーザ {user} に使える認証情報がありません"),
            Self::Broken { peer, during, reason } => format!("{peer} との接続が確立中に切れました({during}): {reason}"),
            Self::Flood { peer, bytes } => {
                format!("{peer} から、どの応答にも属さないデータが {bytes} バイト届いたため、接続を切断しました")
            }
            Self::Library { reason } => format!("SSH ライブラリのエラー: {reason}"),
        };
        let en = match self {
            Self::HostKeyChanged { place, .. } => format!("{self} (recorded in {place})"),
            Self::HostKeyRevoked { place, .. } => format!("{self} (`@revoked` in {place})"),
            Self::Authentication { accepted, .. } if !accepted.is_empty() => format!("{self}; it accepts: {accepted}"),
            _ => self.to_string(),
        };
        Text::new(en, ja)
    }

    fn hints(&self) -> Vec<Text> {
        let hint = match self {
            Self::HostName { .. } => Text::new(
                "write a name or an address: letters, digits, dots, hyphens, colons",
                "英数字、ドット、ハイフン、コロンだけの名前またはアドレスを指定してください",
            ),
            Self::Resolve { .. } | Self::Unreachable { .. } | Self::Timeout { .. } | Self::Broken { .. } => Text::new(
                "check the address, the path to it and that the router's SSH server is enabled; a console cable works without it",
                "アドレス、経路、ルータの SSH サーバが有効かを確認してください。コンソールケーブルなら SSH なしでも作業できます",
            ),
            Self::Algorithms { legacy: false, .. } => Text::new(
                "if this is an old firmware, allow it with `legacy_algorithms: true` at the router's connection",
                "古いファームウェアの場合は、接続設定の `legacy_algorithms: true` で旧アルゴリズムを許可してください",
            ),
            Self::Algorithms { .. } | Self::Library { .. } => Text::new(
                "`ixdeploy doctor` shows which algorithms this build has",
                "このビルドで使えるアルゴリズムは `ixdeploy doctor` で確認できます",
            ),
            Self::HostKeyUnknown { .. } => Text::new(
                "compare the fingerprint with the one shown on the router's console, then pin it in the inventory (`host_key:`) or record it at first use (`--record-host-key`)",
                "ルータのコンソールに表示される指紋と照合し、インベントリの `host_key:` に固定するか、`--record-host-key` で初回接続時に記録してください",
            ),
            Self::HostKeyChanged { .. } => Text::new(
                "find out why before anything else: another box at this address, a new key, or somebody in between; remove the old entry only then",
                "まず原因を確認してください(機器の交換、鍵の再生成、または第三者の介在)。古い登録の削除はその後です",
            ),
            Self::HostKeyRevoked { .. } => Text::new(
                "do not connect: this key was withdrawn; have a new key made on the router, or find out who shows the old one",
                "接続しないでください。この鍵は失効済みです。ルータで新しい鍵を生成するか、古い鍵を提示している相手を確認してください",
            ),
            Self::HostKeyFile { .. } => {
                Text::new("check the file's place and its permissions", "ファイルの場所と権限を確認してください")
            }
            Self::Authentication { .. } => Text::new(
                "check the user and the credential; repeated failures may lock the account",
                "ユーザ名と認証情報を確認してください。失敗を繰り返すとアカウントがロックされることがあります",
            ),
            Self::KeyFile { .. } => Text::new(
                "check `key_file` at this connection: the path, the permissions, that it is a private key, and its passphrase; nothing was sent",
                "接続設定の `key_file`(パス、権限、秘密鍵であること、パスフレーズ)を確認してください。何も送信していません",
            ),
            Self::Questions { .. } => Text::new(
                "this program answers one question for a password and nothing else; let this user log in with a key or a password alone",
                "このツールが答えるのはパスワードの質問 1 つだけです。このユーザが鍵またはパスワードだけでログインできるようにしてください",
            ),
            Self::Flood { .. } => Text::new(
                "a router does not do this: find out what stands at this address; a console cable works without the network",
                "ルータの正常な動作ではありません。このアドレスにある機器を確認してください。コンソールケーブルならネットワークなしで作業できます",
            ),
            Self::NoCredential { .. } => Text::new(
                "name a password, a key file or an agent for this connection",
                "この接続に使うパスワード、鍵ファイル、またはエージェントを指定してください",
            ),
        };
        vec![hint]
    }
}
