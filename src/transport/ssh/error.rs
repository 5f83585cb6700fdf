//! Why an SSH connection was not made.

use std::borrow::Cow;

use crate::message::wording::Localised;
use crate::message::{Explain, Lang, Text, Wording};

const REACH: Wording = Wording {
    en: "check the address, the path to it and that the router's SSH server is enabled; a console cable works without it",
    ja: "アドレス、経路、ルータの SSH サーバが有効かを確認してください。コンソールケーブルなら SSH なしでも作業できます",
};
const LOGIN: Wording = Wording {
    en: "check the user and the credential; repeated failures may lock the account",
    ja: "ユーザ名と認証情報を確認してください。失敗を繰り返すとアカウントがロックされることがあります",
};
const BUILD: Wording = Wording {
    en: "`ixdeploy doctor` shows which algorithms this build has",
    ja: "このビルドで使えるアルゴリズムは `ixdeploy doctor` で確認できます",
};

/// Why an SSH connection was not made.
#[derive(Debug, Explain)]
pub enum SshError {
    /// The program was built without SSH.
    #[explain(
        code = "ssh.not-in-this-build",
        en = "this build has no SSH",
        ja = "このビルドには SSH が含まれていません",
        hint(
            en = "build the whole program (`cargo build --release`), or reach the router over its console",
            ja = "既定の feature でビルドする(cargo build --release)か、コンソール経由で接続してください"
        )
    )]
    NotInThisBuild,
    /// The host name holds something no host name holds.
    #[explain(
        code = "ssh.host-name",
        en = "\"{host}\" is not a host name",
        ja = "「{host}」はホスト名として使えません",
        hint(
            en = "write a name or an address: letters, digits, dots, hyphens, colons",
            ja = "英数字、ドット、ハイフン、コロンだけの名前またはアドレスを指定してください"
        )
    )]
    HostName {
        /// What was given, with everything unprintable escaped.
        host: String,
    },
    /// The name has no address.
    #[explain(
        code = "ssh.resolve",
        en = "{host} has no address: {reason}",
        ja = "{host} のアドレスを解決できません: {reason}",
        hint(shared = REACH)
    )]
    Resolve {
        /// The name.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// No one answers there.
    #[explain(
        code = "ssh.unreachable",
        en = "{peer} cannot be reached: {reason}",
        ja = "{peer} に接続できません: {reason}",
        hint(shared = REACH)
    )]
    Unreachable {
        /// Whom we called.
        peer: String,
        /// The system's words.
        reason: Text,
    },
    /// The deadline passed before there was a session.
    #[explain(
        code = "ssh.timeout",
        en = "{peer} did not answer in time ({during})",
        ja = "{peer} から期限内に応答がありません({during})",
        hint(shared = REACH)
    )]
    Timeout {
        /// Whom we called.
        peer: String,
        /// What was going on.
        during: Stage,
    },
    /// No common algorithms.
    #[explain(
        code = "ssh.algorithms",
        en = "{peer} and this program have no SSH algorithms in common: {reason}",
        ja = "{peer} との間で共通に使える SSH アルゴリズムがありません: {reason}",
        hint(
            when = !*legacy,
            en = "if this is an old firmware, allow it with `legacy_algorithms: true` at the router's connection",
            ja = "古いファームウェアの場合は、接続設定の `legacy_algorithms: true` で旧アルゴリズムを許可してください"
        ),
        hint(when = *legacy, shared = BUILD)
    )]
    Algorithms {
        /// Whom we called.
        peer: String,
        /// The library's words.
        reason: String,
        /// Whether older ones were allowed already.
        legacy: bool,
    },
    /// A host no one has recorded.
    #[explain(
        code = "ssh.host-key-unknown",
        en = "the host key of {host} is not known: {algorithm} {fingerprint}",
        ja = "{host} のホスト鍵は未登録です: {algorithm} {fingerprint}",
        hint(
            en = "compare the fingerprint with the one shown on the router's console, then pin it in the inventory (`host_key:`) or record it at first use (`--record-host-key`)",
            ja = "ルータのコンソールに表示される指紋と照合し、インベントリの `host_key:` に固定するか、`--record-host-key` で初回接続時に記録してください"
        )
    )]
    HostKeyUnknown {
        /// The host.
        host: String,
        /// The key's type.
        algorithm: String,
        /// Its fingerprint.
        fingerprint: String,
    },
    /// A host that shows another key than before.
    #[explain(
        code = "ssh.host-key-changed",
        en = "the host key of {host} has changed: {known} was recorded, {offered} is shown (recorded in {place})",
        ja = "{host} のホスト鍵が変わっています。登録済み: {known}({place})、今回提示: {offered}",
        hint(
            en = "find out why before anything else: another box at this address, a new key, or someone in between; remove the old entry only then (an exchanged box: `--record-host-key` with `apply --replace`)",
            ja = "まず原因を確認してください(機器の交換、鍵の再生成、または第三者の介在)。古い登録の削除はその後です(機器の交換時は apply --replace に --record-host-key を付けます)"
        )
    )]
    HostKeyChanged {
        /// The host.
        host: String,
        /// The recorded fingerprint.
        known: String,
        /// The one shown now.
        offered: String,
        /// Where the recorded one is.
        place: String,
    },
    /// A host that shows another key than the router did on its console.
    #[explain(
        code = "ssh.host-key-not-enrolled",
        en = "{host} shows another host key than the router did on its console: {enrolled} was enrolled by run {run}, {offered} is shown (enrolled in {place})",
        ja = "{host} のホスト鍵は、ルータがコンソールに表示した鍵と異なります。実行 {run} で登録: {enrolled}({place})、今回提示: {offered}",
        hint(
            en = "do not type a password there: find out who answers at this address; if the router has a new key, read it on its console once more (deploy it there), or take the line out",
            ja = "パスワードを入力しないでください。このアドレスで応答している機器を確認し、鍵を再生成した場合はコンソール経由で配備し直して登録するか、該当行を削除してください"
        )
    )]
    HostKeyNotEnrolled {
        /// The host.
        host: String,
        /// The fingerprint that was enrolled.
        enrolled: String,
        /// The run that read it.
        run: Box<str>,
        /// The fingerprint of the key that is shown now.
        offered: String,
        /// Where the enrolled one is.
        place: String,
    },
    /// A key that the file of known hosts marks as revoked.
    #[explain(
        code = "ssh.host-key-revoked",
        en = "the host key of {host} is revoked: {fingerprint} (`@revoked` in {place})",
        ja = "{host} のホスト鍵は失効しています: {fingerprint}({place} の @revoked)",
        hint(
            en = "do not connect: this key was withdrawn; have a new key made on the router, or find out who shows the old one",
            ja = "接続しないでください。この鍵は失効済みです。ルータで新しい鍵を生成するか、古い鍵を提示している相手を確認してください"
        ),
        note(
            en = "Recorded or pinned elsewhere, it is refused all the same.",
            ja = "別の場所に登録・固定されていても拒否します。"
        )
    )]
    HostKeyRevoked {
        /// The host.
        host: String,
        /// The key's fingerprint.
        fingerprint: String,
        /// Where it is marked.
        place: String,
    },
    /// The file of known hosts fails.
    #[explain(
        code = "ssh.host-key-file",
        en = "the known hosts file {file} cannot be used: {reason}",
        ja = "ホスト鍵ファイル {file} を扱えません: {reason}",
        hint(en = "check the file's place and its permissions", ja = "ファイルの場所と権限を確認してください")
    )]
    HostKeyFile {
        /// The file.
        file: String,
        /// The system's words.
        reason: String,
    },
    /// The password, key or user is not accepted.
    #[explain(
        when = accepted.is_empty(),
        code = "ssh.authentication",
        en = "{peer} does not accept {user} ({tried})",
        ja = "{peer} がユーザ {user} の認証を拒否しました(試行: {tried})",
        hint(shared = LOGIN)
    )]
    #[explain(
        code = "ssh.authentication",
        en = "{peer} does not accept {user} ({tried}); it accepts: {accepted}",
        ja = "{peer} がユーザ {user} の認証を拒否しました(試行: {tried}、受け付ける方式: {accepted})",
        hint(shared = LOGIN)
    )]
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
    #[explain(
        code = "ssh.key-file",
        en = "the key file {file} cannot be used: {reason}",
        ja = "鍵ファイル {file} を使えません: {reason}",
        hint(
            en = "check `key_file` at this connection: the path, the permissions, that it is a private key, and its passphrase; nothing was sent",
            ja = "接続設定の `key_file`(パス、権限、秘密鍵であること、パスフレーズ)を確認してください。何も送信していません"
        )
    )]
    KeyFile {
        /// The file.
        file: String,
        /// The system's or the library's words.
        reason: Text,
    },
    /// The server asks for more than one password.
    #[explain(
        code = "ssh.questions",
        en = "{peer} asks {user} for more than a password ({asked})",
        ja = "{peer} がユーザ {user} にパスワード以外の入力を求めています({asked})",
        hint(
            en = "this program answers one question for a password and nothing else; let this user log in with a key or a password alone",
            ja = "このツールが答えるのはパスワードの質問 1 つだけです。このユーザが鍵またはパスワードだけでログインできるようにしてください"
        ),
        note(
            en = "More than three rounds or questions, or a second hidden answer, are not given anything further.",
            ja = "3 回・3 問を超える質問や 2 つ目の非表示入力には、それ以上答えません。"
        )
    )]
    Questions {
        /// Whom we called.
        peer: String,
        /// The user.
        user: String,
        /// What was asked for, in short.
        asked: Text,
    },
    /// A credential is missing.
    #[explain(
        code = "ssh.no-credential",
        en = "no credential for {user} at {peer}",
        ja = "{peer} のユーザ {user} に使える認証情報がありません",
        hint(
            en = "name a password, a key file or an agent for this connection",
            ja = "この接続に使うパスワード、鍵ファイル、またはエージェントを指定してください"
        )
    )]
    NoCredential {
        /// Whom we called.
        peer: String,
        /// The user.
        user: String,
    },
    /// The connection broke while it was being set up.
    #[explain(
        code = "ssh.broken",
        en = "{peer} broke the connection ({during}): {reason}",
        ja = "{peer} との接続が確立中に切れました({during}): {reason}",
        hint(shared = REACH)
    )]
    Broken {
        /// Whom we called.
        peer: String,
        /// What was going on.
        during: Stage,
        /// The library's words.
        reason: String,
    },
    /// More came than belongs to any answer.
    #[explain(
        code = "ssh.flood",
        en = "{peer} sent {bytes} bytes that belong to no answer; the connection was cut",
        ja = "{peer} から、どの応答にも属さないデータが {bytes} バイト届いたため、接続を切断しました",
        hint(
            en = "a router does not do this: find out what is at this address; a console cable works without the network",
            ja = "ルータの正常な動作ではありません。このアドレスにある機器を確認してください。コンソールケーブルならネットワークなしで作業できます"
        )
    )]
    Flood {
        /// Whom we called.
        peer: String,
        /// How many bytes came.
        bytes: u64,
    },
    /// The library itself fails.
    #[explain(
        code = "ssh.library",
        en = "the SSH library fails: {reason}",
        ja = "SSH ライブラリのエラー: {reason}",
        hint(shared = BUILD)
    )]
    Library {
        /// Its words.
        reason: String,
    },
}

/// How far the setting up of a connection had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The TCP connection.
    Connect,
    /// Algorithms and keys.
    Handshake,
    /// The agent is asked for its keys.
    Agent,
    /// The user proves who they are.
    Authentication,
    /// A tunnel through a jump host.
    Tunnel,
    /// The shell in which the router is spoken to.
    Shell,
}

impl Localised for Stage {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        let words = match self {
            Self::Connect => lang.pick("connect", "接続"),
            Self::Handshake => lang.pick("handshake", "ハンドシェイク"),
            Self::Agent => lang.pick("agent", "エージェント"),
            Self::Authentication => lang.pick("authentication", "認証"),
            Self::Tunnel => lang.pick("tunnel", "トンネル"),
            Self::Shell => lang.pick("shell", "シェル"),
        };
        words.into()
    }
}
