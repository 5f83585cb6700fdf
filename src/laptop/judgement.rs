//! What a test has found, and whether that is what must be. Pure.

use std::io;
use std::net::IpAddr;

use super::dns::Answer;
use super::port::{NoPort, Port};
use crate::message::{Explain as _, Text};
use crate::playbook::LaptopTest;

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The name server answered.
    Answered {
        /// What.
        answer: Answer,
        /// It did not fit into a datagram.
        over_tcp: bool,
    },
    /// A connection opened.
    Opened,
    /// The peer, or something on the way, said no.
    Rejected,
    /// Nothing came.
    Silence,
    /// This machine, or something on the way, says that the peer cannot be reached.
    Unreachable,
    /// This machine does not allow it.
    NotAllowed(Text),
}

impl Seen {
    /// An attempt that ended in an error.
    pub fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
                Self::Rejected
            }
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::Silence,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
                Self::Unreachable
            }
            _ => Self::NotAllowed(crate::message::system_words(error)),
        }
    }

    fn words(&self) -> Text {
        match self {
            Self::Answered { answer, over_tcp } => {
                let Text { en, ja } = answer.words();
                match over_tcp {
                    true => Text::new(format!("{en} (over TCP)"), format!("{ja}(TCP)")),
                    false => Text { en, ja },
                }
            }
            Self::Opened => Text::new("a connection opened", "接続できました"),
            Self::Rejected => Text::new("the connection was refused", "接続を拒否されました"),
            Self::Silence => Text::new("no answer came", "応答がありませんでした"),
            Self::Unreachable => Text::new("it cannot be reached from here", "ここからは到達できません"),
            Self::NotAllowed(cause) => cause.clone(),
        }
    }
}

impl Answer {
    fn words(&self) -> Text {
        match self {
            Self::Addresses(found) => {
                let found = found.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
                Text::new(format!("the answer is {found}"), format!("応答は {found} でした"))
            }
            Self::NoAddress => {
                Text::new("the name has no address of this kind", "この種別のアドレスはないとの応答でした")
            }
            Self::NoSuchName => Text::new("there is no such name (NXDOMAIN)", "その名前はないとの応答でした(NXDOMAIN)"),
            Self::Refused => Text::new("the server refuses to answer (REFUSED)", "応答を拒否されました(REFUSED)"),
            Self::Failed => Text::new(
                "the server could not find out (SERVFAIL or the like)",
                "サーバが名前解決に失敗しました(SERVFAIL など)",
            ),
        }
    }
}

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Whether it ended as it must; nothing where it was not made, or could not be judged.
    pub passed: Option<bool>,
    /// What was found, or why it was not made.
    pub told: Text,
    /// From where it went out: the address and the port of this machine; nothing where it was not made.
    pub through: Option<String>,
}

impl Tried {
    /// One that could not be judged.
    pub fn not_judged(why: &NoPort) -> Self {
        let Text { en, ja } = why.text();
        let hint = why.hints().into_iter().next();
        let told = match hint {
            Some(hint) => Text::new(format!("{en}; {}", hint.en), format!("{ja}。{}", hint.ja)),
            None => Text { en, ja },
        };
        Self { passed: None, told, through: None }
    }
}

/// Whether what was seen is what must be. That nothing opens is proven by no answer and by a refusal, and not by a machine that finds no
/// way; that a name is not resolved is proven by an answer alone: a silent server may be a dead one.
pub fn judge(test: &LaptopTest, seen: &Seen, port: &Port) -> Tried {
    let passed = match (seen, test.is_negative) {
        (Seen::NotAllowed(cause), _) => return Tried::not_judged(&NoPort::Machine { cause: cause.clone() }),
        (Seen::Answered { answer, .. }, is_negative) => {
            // A server that failed has not said that there is nothing.
            let resolves = matches!(answer, Answer::Addresses(_));
            Some(if is_negative { !resolves && *answer != Answer::Failed } else { resolves })
        }
        (Seen::Opened, is_negative) => Some(!is_negative),
        (Seen::Rejected | Seen::Silence | Seen::Unreachable, false) => Some(false),
        (Seen::Rejected | Seen::Silence, true) => Some(test.attempt.is_connection()),
        (Seen::Unreachable, true) => None,
    };
    let through = format!("{} ({})", port.address, port.name);
    Tried { passed, told: seen.words(), through: Some(through) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::playbook::{AddressKind, Attempt};

    fn verdict(attempt: Attempt, is_negative: bool, seen: &Seen) -> Option<bool> {
        let lan = "192.168.0.0/24".parse().unwrap();
        let test = LaptopTest { lan, attempt, is_negative, within: Duration::from_secs(1) };
        let port = Port { name: "eth0".to_owned(), address: "192.168.0.7".parse().unwrap() };
        judge(&test, seen, &port).passed
    }

    #[test]
    fn nothing_but_what_was_seen_passes_and_a_machine_without_a_way_proves_nothing() {
        let connect = || Attempt::Connect { to: "192.0.2.1:443".parse().unwrap() };
        let resolve = || Attempt::Resolve {
            name: "www.example.jp".to_owned(),
            record: AddressKind::A,
            server: "192.168.0.254:53".parse().unwrap(),
        };
        let says = |answer| Seen::Answered { answer, over_tcp: false };
        let refused = Seen::NotAllowed(Text::new("no", "不可"));
        let addresses = Answer::Addresses(vec!["192.0.2.1".parse().unwrap()]);
        let (yes, no) = (Some(true), Some(false));
        for (attempt, seen, positive, negative) in [
            (connect(), Seen::Opened, yes, no),
            (connect(), Seen::Rejected, no, yes),
            (connect(), Seen::Silence, no, yes),
            (connect(), Seen::Unreachable, no, None),
            (connect(), refused.clone(), None, None),
            (resolve(), says(addresses), yes, no),
            (resolve(), says(Answer::NoAddress), no, yes),
            (resolve(), says(Answer::NoSuchName), no, yes),
            (resolve(), says(Answer::Refused), no, yes),
            (resolve(), says(Answer::Failed), no, no),
            (resolve(), Seen::Silence, no, no),
            (resolve(), Seen::Rejected, no, no),
            (resolve(), Seen::Unreachable, no, None),
            (resolve(), refused, None, None),
        ] {
            let found = (verdict(attempt.clone(), false, &seen), verdict(attempt.clone(), true, &seen));
            assert_eq!(found, (positive, negative), "{attempt:?} {seen:?}");
        }
    }
}
