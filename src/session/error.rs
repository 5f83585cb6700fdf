//! Why a conversation stopped, distinguished by what has to be done about it.
//!
//! No variant holds the text of a secret line. Device text is masked before it gets in here.

use crate::message::{Explain, Wording};
use crate::transport::TransportError;

use super::awaited::Awaited;
use super::line_name::LineName;

const BY_HAND: Wording = Wording {
    en: "look at the router with a terminal program, bring it to its prompt, and start again",
    ja: "端末ソフトでルータを確認し、プロンプトに戻してからやり直してください",
};
const SOMEONE_ELSE: Wording = Wording {
    en: "someone else works on this router: find out who, then read its configuration again",
    ja: "別の担当者が作業しています。確認のうえ、設定を読み直してください",
};
const REPEATS: Wording = Wording {
    en: "something at the other end repeats itself or never ends: look at it with a terminal program. A device that is really so slow needs a longer `total` in the inventory's `deadlines:`",
    ja: "接続先が出力を繰り返しているか、出力が終わりません。端末ソフトで確認してください。機器が本当に遅い場合は、インベントリの `deadlines:` の total を延ばしてください",
};
const READ_AGAIN: Wording = Wording {
    en: "read the router's configuration again before anything else; the deadlines can be raised in the inventory",
    ja: "まず設定を読み直してください。待ち時間の上限はインベントリで変更できます",
};
const TIMED_OUT: Wording = Wording {
    en: "read the router's configuration again before anything else; the deadlines can be raised in the inventory, and a router that loses lines sent together needs `window: 1` there",
    ja: "まず設定を読み直してください。待ち時間の上限はインベントリで変更できます。まとめて送った行を取りこぼすルータには window: 1 を指定してください",
};
const CREDENTIAL: Wording = Wording {
    en: "check the credential; nothing was changed on the router",
    ja: "認証情報を確認してください。ルータには何も変更を加えていません",
};
const KNOWS_IT: Wording = Wording {
    en: "check that the model and the firmware know this command",
    ja: "機種とファームウェアがこのコマンドに対応しているか確認してください",
};
const OWN_KEY: Wording = Wording {
    en: "let the program log in there by key or agent, name the router in its words as `user@host`, and use an `ssh` of OpenSSH 8.6 or newer; or use `ssh:` with `jump:`, where every hop has its own credential",
    ja: "途中のホストには鍵またはエージェントで認証し、ルータは words に user@host の形で指定し、OpenSSH 8.6 以降の ssh を使ってください。ホップごとに認証情報を指定できる ssh: の jump: も使えます",
};

/// Why a conversation stopped.
#[derive(Debug, Explain)]
pub enum SessionError {
    /// The path is gone.
    #[explain(transparent)]
    Link(#[from] TransportError),
    /// The router closed the session.
    #[explain(
        code = "session.closed",
        en = "{peer} closed the session while we waited for {awaited}",
        ja = "{awaited}を待っている間に {peer} がセッションを閉じました",
        hint(shared = READ_AGAIN)
    )]
    Closed {
        /// Who.
        peer: String,
        /// What was being waited for.
        awaited: Awaited,
    },
    /// A program ended before it led to the router.
    #[explain(
        code = "session.program-ended",
        en = "{peer} ended before it led to the router; the last it showed was: {last}",
        ja = "{peer} がルータにつながる前に終了しました。最後の表示: {last}",
        hint(
            en = "start the program by hand with the same words and see what it says; nothing was written to the router",
            ja = "同じ引数でプログラムを手動で起動し、表示を確認してください。ルータには何も書き込んでいません"
        )
    )]
    ProgramEnded {
        /// Which.
        peer: String,
        /// The last bytes that it showed, masked.
        last: String,
    },
    /// A deadline passed.
    #[explain(
        code = "session.timeout",
        en = "{peer}: waited {seconds} s for {awaited}; the last that came was: {last}",
        ja = "{peer}: {awaited}を {seconds} 秒待ちましたが届きませんでした。最後の受信: {last}",
        hint(shared = TIMED_OUT)
    )]
    Timeout {
        /// Who.
        peer: String,
        /// What was being waited for.
        awaited: Awaited,
        /// How long, in seconds.
        seconds: u64,
        /// The last bytes received, masked.
        last: String,
    },
    /// The console says nothing at all.
    #[explain(
        when = *garbage,
        code = "session.silent",
        en = "the console at {peer}{at} answers with unreadable bytes: its speed is probably another one",
        ja = "{peer}{at} のコンソールから判読できないデータが届きました。通信速度が異なる可能性があります",
        with(at = in_brackets(*speed)),
        hint(en = "name the console's speed in the inventory (`baud:`) or let it be detected", ja = "インベントリの `baud:` で通信速度を指定するか、自動検出を使用してください")
    )]
    #[explain(
        code = "session.silent",
        en = "the console at {peer}{at} does not answer to Return",
        ja = "{peer}{at} のコンソールが Return に応答しません",
        with(at = in_brackets(*speed)),
        hint(en = "check that the router is powered, that the cable is in its console port, and the speed", ja = "ルータの電源、コンソールポートへの接続、通信速度を確認してください")
    )]
    Silent {
        /// Who.
        peer: String,
        /// The line's speed in bit/s, where it has one.
        speed: Option<u32>,
        /// Whether unreadable bytes came: a sign of a wrong speed.
        garbage: bool,
    },
    /// A login is asked for and none was given.
    #[explain(
        code = "session.login-needed",
        en = "{peer} asks for a user name, and the inventory names no user for it",
        ja = "{peer} がログインを求めていますが、インベントリにユーザの指定がありません",
        hint(
            en = "name a user and its credential at the router's connection",
            ja = "接続設定にユーザと認証情報を指定してください"
        )
    )]
    LoginNeeded {
        /// Who.
        peer: String,
    },
    /// The login is not accepted.
    #[explain(
        when = *asked_again,
        code = "session.wrong-password",
        en = "{peer} asked for the login again after the password of user {user}: it is wrong, or the login is asked for twice",
        ja = "{peer} がユーザ {user} のパスワード入力後に再度ログインを求めました。パスワードが違うか、ログインを 2 回求めています",
        hint(shared = CREDENTIAL)
    )]
    #[explain(
        code = "session.wrong-password",
        en = "{peer} does not accept the password of user {user}",
        ja = "{peer} がユーザ {user} のパスワードを受け付けません",
        hint(shared = CREDENTIAL)
    )]
    WrongPassword {
        /// Who.
        peer: String,
        /// The user.
        user: String,
        /// Whether it asked again; another host on the way may ask, too.
        asked_again: bool,
    },
    /// A program on the way asks for a password that is not the router's.
    #[explain(
        when = owner.is_none(),
        code = "session.foreign-password",
        en = "{peer} asks for a login that cannot be told from that of another host on the way; no password was typed",
        ja = "{peer} がログインを求めていますが、途中の別のホストのものと区別できません。パスワードは入力していません",
        hint(shared = OWN_KEY)
    )]
    #[explain(
        code = "session.foreign-password",
        en = "{peer} asks for the login of {whose}, which is not the declared login of the router; no password was typed",
        ja = "{peer} が {whose} のログインを求めていますが、宣言されたルータのログインではありません。パスワードは入力していません",
        with(whose = owner.as_deref().unwrap_or_default()),
        hint(shared = OWN_KEY),
        note(en = "What counts as the router's login is in `docs/inventory.md`.", ja = "ルータのログインとみなす条件は `docs/inventory.md` にあります。")
    )]
    ForeignPassword {
        /// Who.
        peer: String,
        /// Whose login, where that is said: `user@host`.
        owner: Option<String>,
    },
    /// A prompt behind a program, though the declared login was never asked for.
    #[explain(
        code = "session.login-not-asked",
        en = "{peer} shows a prompt without having asked for the declared login; nothing was typed",
        ja = "{peer} が、宣言されたログインを求めずにプロンプトを表示しました。何も入力していません",
        hint(
            en = "where the program logs in itself (a key, an agent, a shared connection), leave out `login:`; otherwise look where it leads",
            ja = "プログラム自身がログインする場合(鍵、エージェント、共有接続)は login: を書かないでください。それ以外の場合は接続先を確認してください"
        )
    )]
    LoginNotAsked {
        /// Who.
        peer: String,
    },
    /// The router is in its boot monitor.
    #[explain(
        code = "session.boot-monitor",
        en = "{peer} is in its boot monitor; nothing was typed there",
        ja = "{peer} はブートモニタで停止しています。何も入力していません",
        hint(
            en = "look at the router on its console; `b` boots it",
            ja = "コンソールで状態を確認してください。`b` で起動します"
        )
    )]
    BootMonitor {
        /// Who.
        peer: String,
    },
    /// A question is open that no one has recorded.
    #[explain(
        code = "session.question",
        en = "{peer} asks a question that is not known to this program: {question}",
        ja = "{peer} が未知の確認を求めています: {question}",
        hint(shared = BY_HAND),
        note(en = "Nothing was answered.", ja = "何も応答していません。")
    )]
    Question {
        /// Who.
        peer: String,
        /// The question, masked.
        question: String,
    },
    /// We are stuck on the way to operation mode.
    #[explain(
        code = "session.stuck",
        en = "{peer}: operation mode cannot be reached; the last that was seen is: {place}",
        ja = "{peer}: オペレーションモードに到達できません。最後の表示: {place}",
        hint(shared = BY_HAND)
    )]
    Stuck {
        /// Who.
        peer: String,
        /// The last thing seen, masked.
        place: String,
    },
    /// The user may only look.
    #[explain(
        code = "session.monitor-right",
        en = "the user at {peer} has monitor right only and may not change the configuration",
        ja = "{peer} のユーザはモニター権限のため、設定を変更できません",
        hint(en = "use a user with administrator right", ja = "administrator 権限のユーザを使用してください")
    )]
    MonitorRight {
        /// Who.
        peer: String,
    },
    /// Someone else holds configuration mode.
    #[explain(
        code = "session.occupied",
        en = "configuration mode of {peer} is held by another session; the router says: {text}",
        ja = "{peer} のコンフィグモードは別のセッションが使用中です。ルータの表示: {text}",
        hint(
            en = "ask who is working on the router, or wait; taking the mode over needs `--take-over` and throws the holder out",
            ja = "作業中の担当者に確認するか、しばらく待ってください。強制的に取得するには --take-over が必要です(相手はコンフィグモードから退出させられます)"
        )
    )]
    Occupied {
        /// Who.
        peer: String,
        /// The router's words.
        text: String,
    },
    /// We held configuration mode and lost it.
    #[explain(
        when = *typed,
        code = "session.evicted",
        en = "{peer}: configuration mode was taken from us at {line}; whether that line was executed is not known",
        ja = "{peer}: {line} の時点でコンフィグモードを他のセッションに取得されました。この行が反映されたかは不明です",
        hint(shared = SOMEONE_ELSE)
    )]
    #[explain(
        code = "session.evicted",
        en = "{peer}: configuration mode was taken from us before {line} was typed",
        ja = "{peer}: {line} の入力前にコンフィグモードを他のセッションに取得されました",
        hint(shared = SOMEONE_ELSE)
    )]
    Evicted {
        /// Who.
        peer: String,
        /// The line in question; whether it was executed is not known.
        line: LineName,
        /// Whether it was typed at all.
        typed: bool,
    },
    /// The router logged us out.
    #[explain(
        code = "session.logged-out",
        en = "{peer} logged us out at {line}",
        ja = "{peer}: {line} の時点でログアウトされました",
        hint(shared = SOMEONE_ELSE)
    )]
    LoggedOut {
        /// Who.
        peer: String,
        /// The line in question.
        line: LineName,
    },
    /// The router refused a line; the session goes on.
    #[explain(
        when = text.is_none(),
        code = "session.refused",
        en = "{peer} refused line {line}; its words are not shown because the line holds a secret",
        ja = "{peer} が行 {line} を拒否しました(秘密情報を含む行のため表示は省略します)",
        hint(shared = KNOWS_IT)
    )]
    #[explain(
        code = "session.refused",
        en = "{peer} refused line {line}: {words}",
        ja = "{peer} が行 {line} を拒否しました: {words}",
        with(words = text.as_deref().unwrap_or_default()),
        hint(shared = KNOWS_IT),
        note(en = "The line is one of our own, outside the plan.", ja = "計画外の、本ツール自身の行です。")
    )]
    Refused {
        /// Who.
        peer: String,
        /// The line.
        line: LineName,
        /// The router's words; none for a secret line, since the router quotes it.
        text: Option<String>,
    },
    /// The prompt shows another mode than the line should lead to.
    #[explain(
        code = "session.unexpected-mode",
        en = "{peer}: after {line} the prompt should show mode {expected}, it is {found}",
        ja = "{peer}: {line} の後はモード {expected} のはずですが、プロンプトは {found} です",
        hint(shared = KNOWS_IT),
        note(en = "Nothing more was typed.", ja = "以後は入力していません。")
    )]
    UnexpectedMode {
        /// Who.
        peer: String,
        /// The line.
        line: LineName,
        /// The mode that was expected.
        expected: String,
        /// The prompt that came.
        found: String,
    },
    /// The host name changed and none of our lines did it.
    #[explain(
        code = "session.host-changed",
        en = "{peer}: the host name changed from {expected} to {found} at {line}, and no line of ours did that",
        ja = "{peer}: {line} の時点でホスト名が {expected} から {found} に変わりました(本ツールの操作ではありません)",
        hint(shared = SOMEONE_ELSE),
        note(en = "It may be another person, or another box.", ja = "別の作業者または別の機器の可能性があります。")
    )]
    HostChanged {
        /// Who.
        peer: String,
        /// The line.
        line: LineName,
        /// The name we knew.
        expected: String,
        /// The name that came.
        found: String,
    },
    /// What came back is not what was typed.
    #[explain(
        when = *returned,
        code = "session.echo",
        en = "{peer}: the echo of {line} is not what was typed; the line may have been executed damaged. Last received: {last}",
        ja = "{peer}: {line} のエコーが入力と一致しません。壊れた行が実行された可能性があります。最後の受信: {last}",
        hint(shared = READ_AGAIN)
    )]
    #[explain(
        code = "session.echo",
        en = "{peer}: the echo of {line} stays damaged; the line was not executed. Last received: {last}",
        ja = "{peer}: {line} のエコーが一致しません。この行は実行していません。最後の受信: {last}",
        hint(shared = READ_AGAIN),
        note(en = "A bad cable, or someone typing.", ja = "ケーブル不良や他者の入力が考えられます。")
    )]
    Echo {
        /// Who.
        peer: String,
        /// The line.
        line: LineName,
        /// Whether Return had been sent: the damaged line may have been executed.
        returned: bool,
        /// The last bytes received, masked.
        last: String,
    },
    /// Bytes still came when the total bound of the exchange passed.
    #[explain(
        code = "session.endless",
        en = "{peer}: after {seconds} s bytes keep coming, but not {awaited}; the last that came was: {last}",
        ja = "{peer}: {seconds} 秒経過しても受信が続き、{awaited}が届きません。最後の受信: {last}",
        hint(shared = REPEATS),
        note(en = "The bounds are in [waits.md](waits.md).", ja = "上限時間は [waits.md](waits.md) にあります。")
    )]
    Endless {
        /// Who.
        peer: String,
        /// What was being waited for.
        awaited: Awaited,
        /// How long, in seconds.
        seconds: u64,
        /// The last bytes received, masked.
        last: String,
    },
    /// More bytes than one exchange may bring.
    #[explain(
        code = "session.too-long",
        en = "{peer}: more than {limit} bytes came while we waited for {awaited}",
        ja = "{peer}: {awaited}を待つ間の受信が上限の {limit} バイトを超えました",
        hint(shared = REPEATS)
    )]
    TooLong {
        /// Who.
        peer: String,
        /// What was being waited for.
        awaited: Awaited,
        /// The limit in bytes.
        limit: usize,
    },
    /// A line that may not be typed.
    #[explain(
        code = "session.untypable",
        en = "line {line} holds a control character, a tab or `?` and is not typed",
        ja = "行 {line} に制御文字、タブ、または `?` が含まれるため入力しません"
    )]
    Untypable {
        /// The line.
        line: LineName,
    },
    /// The session is not where the call needs it.
    #[explain(
        code = "session.not-here",
        en = "{peer}: {what} is not possible in mode {mode}",
        ja = "{peer}: {what} はモード {mode} では実行できません",
        note(en = "A defect of ours: please report it.", ja = "本ツールの不具合です。報告してください。")
    )]
    NotHere {
        /// Who.
        peer: String,
        /// The call.
        what: &'static str,
        /// The mode the session is in.
        mode: String,
    },
    /// An earlier error left the session in an unknown place, or a save may still run.
    #[explain(
        code = "session.given-up",
        en = "{peer}: this session was given up after an earlier error; nothing more is typed on it",
        ja = "{peer}: 先のエラーによりこのセッションは使用できません。これ以上は入力しません"
    )]
    GivenUp {
        /// Who.
        peer: String,
    },
}

impl SessionError {
    /// Whether the session is still at a prompt it knows, so that the next line can be typed on it.
    pub fn is_usable(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. }
                | Self::Occupied { .. }
                | Self::MonitorRight { .. }
                | Self::Untypable { .. }
                | Self::NotHere { .. }
                | Self::UnexpectedMode { .. }
                | Self::Evicted { .. }
                | Self::HostChanged { .. }
        )
    }

    /// Whether the line in question can not have been executed.
    pub fn is_before_return(&self) -> bool {
        matches!(
            self,
            Self::Echo { returned: false, .. }
                | Self::Evicted { typed: false, .. }
                | Self::Untypable { .. }
                | Self::NotHere { .. }
                | Self::GivenUp { .. }
        )
    }
}

/// The speed of a line that has one, behind its name.
fn in_brackets(speed: Option<u32>) -> String {
    speed.map(|speed| format!(" ({speed} bit/s)")).unwrap_or_default()
}
