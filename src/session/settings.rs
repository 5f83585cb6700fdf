//! How long a session waits for what, and what else its caller decides.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bounds::{ANSWER, Exchange};

/// Lines in flight together by default: more of them would save little and put more in doubt.
pub const WINDOW: usize = 16;

/// Everything the caller decides about a session.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long each kind of wait may last.
    pub deadlines: Deadlines,
    /// Most bytes of one answer of a show command; more ends the session.
    pub max_output: usize,
    /// How often a damaged line is typed again on a serial line.
    pub repairs: u32,
    /// The most lines in flight together, if the router has proven that it takes them; 1 for one at a time.
    pub window: usize,
    /// Whether the usual speeds are tried on a console that is silent or unreadable.
    pub detect_speed: bool,
    /// Whether a monitor user will do, because nothing is to be changed.
    pub monitor: bool,
    /// The host by whose name a program on the way may ask for the login's password: `user@host's password:`,
    /// `(user@host) Password:`. Only of a program that is known to name the host before every question.
    pub destination: Option<String>,
    /// Hides the secrets in a piece of device text that goes into a message.
    pub mask: fn(&str) -> String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deadlines: Deadlines::default(),
            max_output: ANSWER,
            window: WINDOW,
            repairs: 8,
            detect_speed: false,
            monitor: false,
            destination: None,
            mask: crate::ix::mask::mask_text,
        }
    }
}

/// How long each kind of wait may last. Each ends earlier when what it waits for comes. `bounds` makes of these the two bounds of
/// every exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// Until the connection is open.
    #[serde(with = "super::milliseconds")]
    pub connect: Duration,
    /// Silence after a Return on a quiet console before the next one.
    #[serde(with = "super::milliseconds")]
    pub wake: Duration,
    /// Silence of the router after a user name or a password.
    #[serde(with = "super::milliseconds")]
    pub login: Duration,
    /// Finding the way to operation mode, all together; a booting router may take `boot` on top.
    #[serde(with = "super::milliseconds")]
    pub login_total: Duration,
    /// Silence inside the answer to one configuration line.
    #[serde(with = "super::milliseconds")]
    pub line: Duration,
    /// A configuration line, from its first character to the prompt after it.
    #[serde(with = "super::milliseconds")]
    pub line_total: Duration,
    /// Silence inside the answer to a show command, a ping or a traceroute.
    #[serde(with = "super::milliseconds")]
    pub show: Duration,
    /// Such an answer as a whole, before its bytes earn more time.
    #[serde(with = "super::milliseconds")]
    pub show_total: Duration,
    /// Silence inside a save.
    #[serde(with = "super::milliseconds")]
    pub save: Duration,
    /// A save, from Return to prompt.
    #[serde(with = "super::milliseconds")]
    pub save_total: Duration,
    /// Generating a host key: slow on small routers.
    #[serde(with = "super::milliseconds")]
    pub host_key: Duration,
    /// A boot, from the question's answer to the login.
    #[serde(with = "super::milliseconds")]
    pub boot: Duration,
    /// Handing bytes over to the path.
    #[serde(with = "super::milliseconds")]
    pub write: Duration,
    /// Silence that makes an unfinished line final: more of it would have come by then.
    #[serde(with = "super::milliseconds")]
    pub settle: Duration,
    /// Silence inside an echo that means that a character was lost.
    #[serde(with = "super::milliseconds")]
    pub echo: Duration,
}

/// How many silences fit into the whole of a login, of a line and of an answer, where the total is not declared.
const LOGIN_SILENCES: u32 = 3;
const SILENCES: u32 = 2;

impl Deadlines {
    /// Takes over what is declared for one exchange: its silence, its total, or both. A total that is not declared follows from
    /// the silence, and no silence is longer than a declared total.
    pub fn declare(&mut self, exchange: Exchange, silence: Option<Duration>, total: Option<Duration>) {
        let (own_silence, own_total, factor) = match exchange {
            Exchange::Login => (&mut self.login, &mut self.login_total, LOGIN_SILENCES),
            Exchange::Line => (&mut self.line, &mut self.line_total, SILENCES),
            Exchange::Show => (&mut self.show, &mut self.show_total, SILENCES),
            Exchange::Save => (&mut self.save, &mut self.save_total, 1),
            _ => return,
        };
        if let Some(silence) = silence {
            (*own_silence, *own_total) = (silence, silence * factor);
        }
        if let Some(total) = total {
            *own_total = total;
            *own_silence = total.min(*own_silence);
        }
    }
}

impl Default for Deadlines {
    fn default() -> Self {
        let (login, answer, show) = (Duration::from_secs(20), Duration::from_secs(20), Duration::from_secs(30));
        Self {
            connect: Duration::from_secs(15),
            wake: Duration::from_secs(2),
            login,
            login_total: login * LOGIN_SILENCES,
            line: answer,
            line_total: answer * SILENCES,
            show,
            show_total: show * SILENCES,
            save: Duration::from_secs(120),
            save_total: Duration::from_secs(120),
            host_key: Duration::from_secs(300),
            boot: Duration::from_secs(300),
            write: Duration::from_secs(10),
            settle: Duration::from_millis(40),
            echo: Duration::from_millis(400),
        }
    }
}
