//! What a program on a terminal asks before it leads anywhere, and whose password that is.
//!
//! Until a program such as `ssh` has made its terminal a mere line (raw, without echo), what is typed there is read by the program
//! itself, for the router or for a host on the way; and most of what is shown there can be chosen by a host on the way: banners,
//! the words of its questions, line ends and carriage returns in them. So nothing at all is typed but the login's password, once,
//! and only where the program itself says whose password it asks for:
//!
//! - the program is an OpenSSH client that names the host before every question, and its words lead to the router;
//! - the terminal's echo is off, so that a program is asking at this moment, not a banner that looks like it; and it stays like that
//!   for a while, so that the question which the echo was turned off for is the one on the line;
//! - the last line is exactly `user@host's password:` or `(user@host) Password:`, of the login's user at the host of its words, with
//!   nothing after the line's start that moves the cursor;
//! - nothing before it is a question of another host: a server's words may hold line ends, but not what comes before them.
//!
//! Everything else that asks for a login is someone else's.

use std::time::Instant;

use super::Login;
use super::awaited::Awaited;
use super::channel::{Channel, Heard};
use super::error::SessionError;

/// Most bytes that a program may show before it asks; in more of them another host's question may be hidden.
const LONGEST: usize = 16 * 1024;
/// Characters of a foreign owner's name that a message shows.
const SHOWN: usize = 80;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asks {
    /// No question, as far as can be seen.
    Nothing,
    /// The program, for the login's password.
    Ours,
    /// Someone else asks for a password or a user name; who, if that is shown.
    Other(Option<String>),
    /// The program or a host wants something else.
    Question,
}

/// The raw bytes that came since we last typed, while a program still asks for itself.
#[derive(Debug, Default)]
pub(super) struct Shown {
    bytes: Vec<u8>,
    overflown: bool,
}

impl Shown {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.bytes.len());
        self.overflown |= bytes.len() > room;
        self.bytes.extend_from_slice(bytes.get(..bytes.len().min(room)).unwrap_or_default());
    }

    fn asks(&self, password: &str, ours: Option<&str>) -> Asks {
        // What has overflown no longer ends where the cursor is.
        if self.overflown { Asks::Other(None) } else { asks(&String::from_utf8_lossy(&self.bytes), password, ours) }
    }
}

/// Who asks at the end of this text; `password` is the router's own question for one, `ours` is `user@host` of the declared login.
fn asks(text: &str, password: &str, ours: Option<&str>) -> Asks {
    // `ssh` goes to the line's start before it asks.
    let line = text.rsplit('\n').next().unwrap_or_default().trim_start_matches('\r');
    let (before, named) = (text.len() - line.len(), prefixes(text));
    if let Some((_, owner)) = named.iter().find(|(at, owner)| *at != before || !is_same(owner, ours)) {
        return Asks::Other(Some(shown(owner)));
    }
    if let Some((_, owner)) = named.first() {
        let question = line.get(owner.len() + "() ".len()..).unwrap_or_default().trim_end_matches(' ');
        return if question.eq_ignore_ascii_case(password) { Asks::Ours } else { Asks::Question };
    }
    let bare = line.trim_end_matches(' ');
    if let Some(owner) = bare.strip_suffix("'s password:") {
        return if is_same(owner, ours) { Asks::Ours } else { Asks::Other(Some(shown(owner))) };
    }
    // A carriage return hides what is before it.
    let bare = bare.rsplit('\r').next().unwrap_or_default().trim().to_lowercase();
    if bare.ends_with("password:") || bare.ends_with("login:") || bare.ends_with("username:") {
        return Asks::Other(None);
    }
    if bare.ends_with([':', '?', ']']) { Asks::Question } else { Asks::Nothing }
}

/// Every `(user@host) ` in a text, by its place.
fn prefixes(text: &str) -> Vec<(usize, &str)> {
    let owner = |at: usize| {
        let (owner, _) = text.get(at + 1..)?.split_once(") ")?;
        let is_one = owner.contains('@') && !owner.contains(['(', ')', '\n', '\r', ' ']);
        is_one.then_some((at, owner))
    };
    text.match_indices('(').filter_map(|(at, _)| owner(at)).collect()
}

/// Whether this is the declared login: the user exactly, the host whatever its case.
fn is_same(owner: &str, ours: Option<&str>) -> bool {
    let parts = |text: &str| text.rsplit_once('@').map(|(user, host)| (user.to_owned(), host.to_lowercase()));
    ours.is_some_and(|ours| parts(owner).is_some() && parts(owner) == parts(ours))
}

/// Another's name as a message may show it.
fn shown(owner: &str) -> String {
    owner.chars().take(SHOWN).flat_map(char::escape_debug).collect()
}

impl Channel {
    /// Whether what is typed reaches what is behind the program; always true without a program.
    pub(super) fn relays(&self) -> bool {
        self.terminal().is_none_or(|terminal| terminal.relays)
    }

    /// Waits until the program relays what is typed, and gives it the login's password where it asks for that. Says whether it did.
    pub(super) fn pass_program(&mut self, login: &Login) -> Result<bool, SessionError> {
        let pause = self.settings.deadlines.echo;
        // Counted, too: what a wait costs is the transport's business.
        let mut pauses = self.settings.deadlines.login_total.as_millis() / pause.as_millis().max(1);
        let until = Instant::now() + self.settings.deadlines.login_total;
        let (mut typed, mut settled, mut asking) = (false, false, 0);
        self.watch_program();
        while !self.relays() {
            // A question is judged when nothing more of it comes.
            asking = if settled && self.is_asking_unseen() { asking + 1 } else { 0 };
            if settled && self.answer_program(login, typed, asking)? {
                typed = true;
            }
            let heard = match self.hear(if settled { pause } else { self.settings.deadlines.settle }) {
                // Whether bytes came until the end or not: it never led anywhere.
                Err(SessionError::Endless { .. } | SessionError::Timeout { .. }) => {
                    return Err(self.never_relayed(login, typed));
                }
                heard => heard?,
            };
            settled = match heard {
                Heard::More => false,
                Heard::Quiet => true,
                Heard::End => return Err(self.program_ended(login, typed)),
            };
            pauses = pauses.saturating_sub(u128::from(settled));
            if pauses == 0 || Instant::now() > until {
                return Err(self.never_relayed(login, typed));
            }
        }
        self.program_shows = None;
        Ok(typed)
    }

    fn watch_program(&mut self) {
        self.program_shows = Some(Shown::default());
    }

    fn who_asks(&self, login: &Login) -> Asks {
        let ours =
            login.user.as_ref().zip(self.settings.destination.as_ref()).map(|(user, host)| format!("{user}@{host}"));
        self.program_shows
            .as_ref()
            .map_or(Asks::Nothing, |shown| shown.asks(self.dialect.strings().password, ours.as_deref()))
    }

    /// Whether the program has turned its terminal's echo off, as it does before it asks for a password.
    fn is_asking_unseen(&self) -> bool {
        self.terminal().is_some_and(|terminal| !terminal.echoes)
    }

    /// Types the password where it is asked for; `true` when it was typed now. `asking`: for how many pauses in a row the terminal has
    /// had no echo while nothing came. After one, what is there may be older than the question that is about to come.
    fn answer_program(&mut self, login: &Login, typed: bool, asking: u32) -> Result<bool, SessionError> {
        let peer = self.peer();
        match self.who_asks(login) {
            Asks::Nothing => Ok(false),
            Asks::Ours if typed => Err(self.wrong_password(login.user.as_deref(), true)),
            // Echoed, it is no question of a program, but a text that looks like one; or the router's, and the program is about to
            // become a mere line.
            Asks::Ours | Asks::Other(None) if asking == 0 => Ok(false),
            Asks::Ours if asking == 1 => Ok(false),
            Asks::Ours => {
                self.type_password(login)?;
                self.watch_program();
                // What is there by now is the program's, and not the router's.
                self.screen.clear();
                Ok(true)
            }
            Asks::Other(owner) => Err(SessionError::ForeignPassword { peer, owner }),
            Asks::Question => Err(SessionError::Question { peer, question: self.last() }),
        }
    }

    fn program_ended(&self, login: &Login, typed: bool) -> SessionError {
        let said = self.program_shows.as_ref().map(|shown| String::from_utf8_lossy(&shown.bytes).to_lowercase());
        if typed && said.is_some_and(|said| said.contains("denied")) {
            return self.wrong_password(login.user.as_deref(), false);
        }
        SessionError::ProgramEnded { peer: self.peer(), last: self.last() }
    }

    fn never_relayed(&self, login: &Login, typed: bool) -> SessionError {
        if let (false, Asks::Ours | Asks::Other(_)) = (typed, self.who_asks(login)) {
            return SessionError::ForeignPassword { peer: self.peer(), owner: None };
        }
        let awaited = if typed { Awaited::LoginVerdict } else { Awaited::Program };
        let seconds = self.settings.deadlines.login_total.as_secs();
        SessionError::Timeout { peer: self.peer(), awaited, seconds, last: self.last() }
    }
}

#[cfg(test)]
mod tests {
    use super::Asks;
    use crate::dialect::Dialect;

    fn asks(text: &str, ours: Option<&str>) -> Asks {
        super::asks(text, Dialect::ix().strings().password, ours)
    }

    const OURS: Option<&str> = Some("admin@r1");

    fn other(owner: &str) -> Asks {
        Asks::Other(Some(owner.to_owned()))
    }

    #[test]
    fn the_programs_own_prefix_for_the_declared_login_is_ours() {
        for text in [
            "admin@r1's password: ",
            "Warning: Permanently added 'r1' (RSA) to the list of known hosts.\r\nadmin@R1's password: ",
            "Authorised use only. Mail: noc@example (24 h)\r\n(admin@r1) Password: ",
            "(admin@r1) password:",
            "Welcome\r\n\radmin@r1's password: ",
            "\r(admin@r1) Password: ",
        ] {
            assert_eq!(asks(text, OURS), Asks::Ours, "{text}");
            assert_ne!(asks(text, None), Asks::Ours, "no destination is known: {text}");
        }
    }

    #[test]
    fn what_another_host_can_show_is_never_ours() {
        for (text, found) in [
            ("Password: ", Asks::Other(None)),
            ("login: ", Asks::Other(None)),
            ("x\r\nlogin: admin\r\nPassword: ", Asks::Other(None)),
            ("admin@gate's password: ", other("admin@gate")),
            ("ops@r1's password: ", other("ops@r1")),
            ("x@admin@r1's password: ", other("x@admin@r1")),
            ("(ops@gate) Password: ", other("ops@gate")),
            // The server's own words after the prefix: line ends, a carriage return, a prefix of its own.
            ("(ops@gate) \r\nadmin@r1's password: ", other("ops@gate")),
            ("(ops@gate) \radmin@r1's password: ", other("ops@gate")),
            ("\r(ops@gate) \r\n\radmin@r1's password: ", other("ops@gate")),
            ("(ops@gate) \n(admin@r1) Password: ", other("ops@gate")),
            ("(ops@gate) \r\nNEC Portable Internetwork Core Operating System Software\r\n\nlogin: ", other("ops@gate")),
            ("hello(ops@gate) x\r\nadmin@r1's password: ", other("ops@gate")),
            ("hello (admin@r1) Password: ", other("admin@r1")),
            ("(ops@gate) \x1b[2K\x1b[Gadmin@r1's password: ", other("ops@gate")),
            ("Welcome\radmin@r1's password: ", other("Welcome\\radmin@r1")),
            ("x\x08admin@r1's password: ", other("x\\u{8}admin@r1")),
            (
                "admin@r1's password: ops@gate's password: ",
                other("admin@r1's password: ops@gate".replace('\'', "\\'").as_str()),
            ),
            ("(admin@r1) Verification code: ", Asks::Question),
            ("(admin@r1) New password: ", Asks::Question),
            ("Enter passphrase for key 'id_rsa': ", Asks::Question),
            ("Are you sure you want to continue connecting (yes/no/[fingerprint])? ", Asks::Question),
            ("Router# ", Asks::Nothing),
            ("", Asks::Nothing),
        ] {
            assert_eq!(asks(text, OURS), found, "{text:?}");
        }
    }
}
