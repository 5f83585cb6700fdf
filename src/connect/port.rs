//! How a transaction gets a session, without knowing the cable.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::message::{Explain, Text};
use crate::record::{LoginRecord, ProvenHostKey};
use crate::secret::{CredentialName, SecretError};
use crate::session::{Session, SessionError};
use crate::transport::TransportError;
use crate::transport::ssh::SshError;

/// Opens sessions to one router: the first, and another when the first is lost.
pub trait Connect: Send + Sync {
    /// Opens a session and finds operation mode.
    ///
    /// # Errors
    /// [`ConnectError`] when there is no way in; nothing was written to the router then.
    fn connect(&self) -> Result<Session, ConnectError>;
    /// Opens a session as another user: a proof that this user can log in. `address` is where the router answers now, if not at
    /// the one that the inventory names.
    ///
    /// # Errors
    /// [`ConnectError`] when this user cannot.
    fn connect_as(&self, user: &str, password: &CredentialName, address: Option<&str>)
    -> Result<Session, ConnectError>;
    /// Who logs in by [`Connect::connect`], and the credential of the password, if there is one.
    fn account(&self) -> Option<Account>;
    /// Whether this, `user@host:port`, is a host on the way to the router.
    fn goes_through(&self, peer: &str) -> bool;
    /// `serial`, `ssh`, ...: for people, not for decisions.
    fn transport(&self) -> &'static str;
    /// The port or host, for people.
    fn peer(&self) -> String;
    /// Opens a session at another address of the same router, which must show the same host key.
    ///
    /// # Errors
    /// As [`Connect::connect`].
    fn connect_at(&self, address: &str) -> Result<Session, ConnectError>;
    /// Another way to the same router, for when this one is lost.
    fn second_way(&self) -> Option<&dyn Connect> {
        None
    }
    /// The host key of the last session that was opened, and what proved it; nothing where the transport has none.
    fn host_key(&self) -> Option<ProvenHostKey> {
        None
    }
    /// Warnings about the connection, such as old algorithms.
    fn warnings(&self) -> Vec<Text> {
        Vec::new()
    }
}

/// Who logs in over a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub user: String,
    /// The password's credential, the likeliest where several may be right; nothing where a key alone proves the user.
    pub password: Option<CredentialName>,
    /// The credential that the inventory names.
    pub declared: Option<CredentialName>,
}

/// Who logs in with nothing but a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordLogin {
    /// The user.
    pub user: String,
    /// The password's credential.
    pub credential: CredentialName,
}

impl PasswordLogin {
    /// A login as it was recorded; nothing where a password was set of which no credential is known.
    pub fn recorded(login: &LoginRecord) -> Option<Self> {
        let credential = CredentialName::new(login.credential.as_ref()?.as_str()).ok()?;
        Some(Self { user: login.user.clone(), credential })
    }
}

/// Why there is no session.
#[derive(Debug, Explain)]
pub enum ConnectError {
    /// The cable, the network or the host key.
    #[explain(transparent)]
    Transport(#[from] TransportError),
    /// The login, or a console that cannot be brought to operation mode.
    #[explain(transparent)]
    Session(#[from] SessionError),
    /// Every password that may be right was refused before: the router is not asked again.
    #[explain(
        code = "login.all-refused",
        en = "{peer}: every password that is known for this router was refused",
        ja = "{peer}: このルータの既知のパスワードはすべて拒否されました",
        hint(
            en = "find out which password it takes, and name that credential at its connection in the inventory",
            ja = "ルータのパスワードを確認し、インベントリの接続設定にその認証情報を指定してください"
        ),
        note(
            en = "Each was tried once: a router that counts wrong logins is not to lock its administrator out.",
            ja = "それぞれ 1 回だけ試しました。誤ったログインの回数による締め出しを避けるためです。"
        )
    )]
    AllRefused {
        /// The port or host.
        peer: String,
    },
    /// There is no password.
    #[explain(transparent)]
    Secret(#[from] SecretError),
    /// The inventory names a mock router and this program was built without any.
    #[explain(
        code = "connection.no-mock",
        en = "this program was built without mock routers",
        ja = "この実行ファイルには模擬ルータが含まれていません",
        hint(
            en = "build with the default features, or give the router a real connection",
            ja = "既定の feature でビルドするか、実際の接続方法を指定してください"
        )
    )]
    NoMock,
    /// The inventory names a mock router of a model that no mock knows.
    #[explain(
        code = "connection.no-mock",
        en = "there is no mock of an {model}",
        ja = "{model} の模擬ルータはありません",
        hint(
            en = "practise with an IX2215, IX2106, IX2105 or IX2025, or give the router a real connection",
            ja = "練習には IX2215、IX2106、IX2105、IX2025 のいずれかを使うか、実際の接続方法を指定してください"
        )
    )]
    NoMockOf {
        /// The model.
        model: String,
    },
    /// Another router of this run uses the console.
    #[explain(
        code = "connection.in-use",
        en = "{peer} is in use for another router of this run",
        ja = "{peer} はこの実行の別のルータで使用中です",
        hint(
            en = "run `ixdeploy resume` when that router is done",
            ja = "そのルータの処理が終わってから ixdeploy resume を実行してください"
        ),
        note(
            en = "It is the console of a second way, and is tried again until the deadline.",
            ja = "第 2 経路のコンソールで、期限まで再試行します。"
        )
    )]
    InUse {
        /// The port or host.
        peer: String,
    },
    /// A save may be running at the end of the console: of another router, or for who only reads of this one.
    #[explain(
        code = "connection.save-may-run",
        en = "{peer}: the last record of {router} says that a save may still be running: nothing is typed for {seconds} s",
        ja = "{peer}: {router} の最後の記録では、保存がまだ実行中の可能性があります。あと {seconds} 秒は何も入力しません",
        hint(
            en = "leave that router switched on; is the cable in the right box? Try again then",
            ja = "そのルータの電源を切らないでください。ケーブルの接続先を確認し、時間が過ぎてから再試行してください"
        ),
        note(
            en = "A console may lead to another box than before. A session that was lost is looked for again until its deadline.",
            ja = "コンソールの接続先が変わっている可能性があるためです。失われたセッションの再接続は期限まで試行します。"
        )
    )]
    SaveMayRun {
        /// The port or host.
        peer: String,
        /// The router that may be saving.
        router: String,
        /// For how long at most.
        seconds: u64,
    },
    /// The session is to be recorded, and cannot be.
    #[explain(
        code = "recording.file",
        en = "the session cannot be recorded in {folder}: {cause}",
        ja = "{folder} にセッションを記録できません: {cause}",
        hint(
            en = "name a folder that you may write to with --record",
            ja = "--record に書き込み可能なフォルダを指定してください"
        ),
        note(en = "Nothing was typed on the router.", ja = "ルータには何も入力していません。")
    )]
    Recording {
        /// The folder.
        folder: PathBuf,
        /// The system's words.
        #[source]
        cause: std::io::Error,
    },
    /// The mock router does not start.
    #[explain(
        code = "connection.mock",
        en = "the mock router does not start: {reason}",
        ja = "模擬ルータを起動できません: {reason}",
        hint(
            en = "to begin again, delete the router's folder below `mock-routers` in the state folder",
            ja = "最初からやり直すには、状態フォルダの `mock-routers` にあるそのルータのフォルダを削除してください"
        )
    )]
    Mock {
        /// Why.
        reason: String,
    },
}

impl ConnectError {
    /// Whether the router itself has refused the login over this way; a host on the way to it is not the router.
    pub fn refuses_login(&self, way: &dyn Connect) -> bool {
        match self {
            Self::Session(SessionError::WrongPassword { .. }) => true,
            Self::Transport(TransportError::Ssh(SshError::Authentication { peer, .. })) => !way.goes_through(peer),
            _ => false,
        }
    }
}
