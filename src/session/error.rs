//! Why a conversation stopped, told apart by what has to be done about it.
//!
//! No variant holds the text of a secret line. Device text is masked before it gets in here.

use crate::message::{Explain, Text};
use crate::transport::TransportError;

use super::line::LineName;

/// What was being waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Awaited {
    /// Any sign of life.
    Life,
    /// A prompt of operation mode, on the way there.
    OperationMode,
    /// That a program stops asking for itself and relays what is typed.
    Program,
    /// The answer to a user name or a password.
    LoginVerdict,
    /// The echo of a line.
    Echo(LineName),
    /// The prompt after a line.
    Prompt(LineName),
    /// The end of a save.
    SaveEnd,
    /// The end of generating a host key.
    HostKey,
    /// The question a reload asks.
    ReloadQuestion,
}

impl Awaited {
    fn text(&self) -> Text {
        match self {
            Self::Life => Text::new("any answer of the console", "コンソールからの応答"),
            Self::OperationMode => Text::new("the prompt of operation mode", "オペレーションモードのプロンプト"),
            Self::Program => Text::new("the program to lead to the router", "プログラムがルータへつながること"),
            Self::LoginVerdict => Text::new("the answer to the login", "ログインの結果"),
            Self::Echo(line) => Text::new(format!("the echo of {line}"), format!("{line} のエコー")),
            Self::Prompt(line) => Text::new(format!("the prompt after {line}"), format!("{line} の後のプロンプト")),
            Self::SaveEnd => Text::new("the end of the save", "保存の完了"),
            Self::HostKey => Text::new("the end of generating the host key", "ホスト鍵生成の完了"),
            Self::ReloadQuestion => Text::new("the question of the reload", "再起動の確認メッセージ"),
        }
    }
}

/// Why a conversation stopped.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The path is gone.
    #[error(transparent)]
    Link(#[from] TransportError),
    /// The router closed the session.
    #[error("{peer} closed the session while we waited for {awaited:?}")]
    Closed {
        /// Who.
        peer: String,
        /// What was being waited for.
        awaited: Awaited,
    },
    /// A program ended before it led to the router.
    #[error("{peer} ended before it led to the router: {last}")]
    ProgramEnded {
        /// Which.
        peer: String,
        /// The last bytes that it showed, masked.
        last: String,
    },
    /// A deadline passed.
    #[error("{peer}: no {awaited:?} within {seconds} s")]
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
    #[error("the console at {peer} is silent")]
    Silent {
        /// Who.
        peer: String,
        /// The line's speed in bit/s, where it has one.
        speed: Option<u32>,
        /// Whether unreadable bytes came: a sign of a wrong speed.
        garbage: bool,
    },
    /// A login is asked for and none was given.
    #[error("{peer} asks for a login and none is given")]
    LoginNeeded {
        /// Who.
        peer: String,
    },
    /// The login is not accepted.
    #[error("{peer} does not accept the password of {user}")]
    WrongPassword {
        /// Who.
        peer: String,
        /// The user.
        user: String,
    },
    /// A program on the way asks for a password that is not the router's.
    #[error("{peer} asks for a login that is not the declared one: {owner:?}")]
    ForeignPassword {
        /// Who.
        peer: String,
        /// Whose login, where that is said: `user@host`.
        owner: Option<String>,
    },
    /// A prompt behind a program, though the declared login was never asked for.
    #[error("{peer} shows a prompt without having asked for the declared login")]
    LoginNotAsked {
        /// Who.
        peer: String,
    },
    /// The router stands in its boot monitor.
    #[error("{peer} stands in its boot monitor")]
    BootMonitor {
        /// Who.
        peer: String,
    },
    /// A question is open that no one has recorded.
    #[error("{peer} asks something we do not know: {question}")]
    Question {
        /// Who.
        peer: String,
        /// The question, masked.
        question: String,
    },
    /// We are stuck on the way to operation mode.
    #[error("{peer}: operation mode cannot be reached from {place}")]
    Stuck {
        /// Who.
        peer: String,
        /// The last thing seen, masked.
        place: String,
    },
    /// The user may only look.
    #[error("the user at {peer} is a monitor user")]
    MonitorRight {
        /// Who.
        peer: String,
    },
    /// Somebody else holds configuration mode.
    #[error("configuration mode of {peer} is occupied: {text}")]
    Occupied {
        /// Who.
        peer: String,
        /// The router's words.
        text: String,
    },
    /// We held configuration mode and lost it.
    #[error("{peer}: configuration mode was taken from us at {line}")]
    Evicted {
        /// Who.
        peer: String,
        /// The line in question; whether it was executed is not known.
        line: LineName,
        /// Whether it was typed at all.
        typed: bool,
    },
    /// The router logged us out.
    #[error("{peer} logged us out at {line}")]
    LoggedOut {
        /// Who.
        peer: String,
        /// The line in question.
        line: LineName,
    },
    /// The router refused a line; the session goes on.
    #[error("{peer} refused {line}")]
    Refused {
        /// Who.
        peer: String,
        /// The line.
        line: LineName,
        /// The router's words; none for a secret line, since the router quotes it.
        text: Option<String>,
    },
    /// The prompt shows another mode than the line should lead to.
    #[error("{peer}: {line} led to {found}, not to {expected}")]
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
    /// The host name changed and no line of ours did it.
    #[error("{peer}: the host name changed from {expected} to {found} at {line}")]
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
    #[error("{peer}: the echo of {line} is not what was typed")]
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
    #[error("{peer}: no {awaited:?} within {seconds} s, although bytes keep coming")]
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
    #[error("{peer}: more than {limit} bytes without {awaited:?}")]
    TooLong {
        /// Who.
        peer: String,
        /// What was being waited for.
        awaited: Awaited,
        /// The limit in bytes.
        limit: usize,
    },
    /// A line that may not be typed.
    #[error("{line} holds a character that may not be typed")]
    Untypable {
        /// The line.
        line: LineName,
    },
    /// The session is not where the call needs it.
    #[error("{peer}: {what} is not possible from {mode}")]
    NotHere {
        /// Who.
        peer: String,
        /// The call.
        what: &'static str,
        /// The mode the session is in.
        mode: String,
    },
    /// An earlier error left the session in an unknown place, or a save may still run.
    #[error("{peer}: the session was given up after an earlier error")]
    GivenUp {
        /// Who.
        peer: String,
    },
    /// The caller asked to stop.
    #[error("stopped on request")]
    Cancelled,
}

impl SessionError {
    /// Whether the session still stands at a prompt it knows, so that the next line can be typed on it.
    pub fn is_usable(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. }
                | Self::Occupied { .. }
                | Self::MonitorRight { .. }
                | Self::Untypable { .. }
                | Self::NotHere { .. }
                | Self::Cancelled
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
                | Self::Cancelled
                | Self::NotHere { .. }
                | Self::GivenUp { .. }
        )
    }
}

impl Explain for SessionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Link(error) => error.code(),
            Self::Closed { .. } => "session.closed",
            Self::ProgramEnded { .. } => "session.program-ended",
            Self::Timeout { .. } => "session.timeout",
            Self::Silent { .. } => "session.silent",
            Self::LoginNeeded { .. } => "session.login-needed",
            Self::WrongPassword { .. } => "session.wrong-password",
            Self::ForeignPassword { .. } => "session.foreign-password",
            Self::LoginNotAsked { .. } => "session.login-not-asked",
            Self::BootMonitor { .. } => "session.boot-monitor",
            Self::Question { .. } => "session.question",
            Self::Stuck { .. } => "session.stuck",
            Self::MonitorRight { .. } => "session.monitor-right",
            Self::Occupied { .. } => "session.occupied",
            Self::Evicted { .. } => "session.evicted",
            Self::LoggedOut { .. } => "session.logged-out",
            Self::Refused { .. } => "session.refused",
            Self::UnexpectedMode { .. } => "session.unexpected-mode",
            Self::HostChanged { .. } => "session.host-changed",
            Self::Echo { .. } => "session.echo",
            Self::Endless { .. } => "session.endless",
            Self::TooLong { .. } => "session.too-long",
            Self::Untypable { .. } => "session.untypable",
            Self::NotHere { .. } => "session.not-here",
            Self::GivenUp { .. } => "session.given-up",
            Self::Cancelled => "session.cancelled",
        }
    }

    fn text(&self) -> Text {
        super::error_text::text(self)
    }

    fn hints(&self) -> Vec<Text> {
        super::error_text::hints(self)
    }
}

impl Awaited {
    pub(super) fn wording(&self) -> Text {
        self.text()
    }
}
