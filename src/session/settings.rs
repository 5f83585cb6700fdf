//! How long a session waits for what, and what else its caller decides.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Lines under way together where nothing else is said: more of them would save little and put more in doubt.
pub const WINDOW: usize = 16;

/// Everything the caller decides about a session.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long each kind of wait may last.
    pub deadlines: Deadlines,
    /// Most bytes of one answer; more ends the session.
    pub max_output: usize,
    /// How often a damaged line is typed again on a serial line.
    pub repairs: u32,
    /// Lines that may be under way together at most, where the router has proven that it takes them; 1 for one at a time.
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
    /// Raised by the caller to stop: seen between lines and while waiting for a login, never inside a line or a save.
    pub cancel: Option<Arc<AtomicBool>>,
}

impl Settings {
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deadlines: Deadlines::default(),
            max_output: 8 * 1024 * 1024,
            window: WINDOW,
            repairs: 8,
            detect_speed: false,
            monitor: false,
            destination: None,
            mask: crate::ix::mask::mask_text,
            cancel: None,
        }
    }
}

/// How long each kind of wait may last. Each ends earlier when what it waits for comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Silence after a Return on a quiet console before the next one.
    pub wake: Duration,
    /// Finding the way to operation mode, all together; a booting router may take `boot` on top.
    pub find: Duration,
    /// The answer of the router to a user name or a password.
    pub login: Duration,
    /// Silence inside the answer to one configuration line.
    pub line: Duration,
    /// Silence inside the answer to a show command, a ping or a traceroute.
    pub show: Duration,
    /// A save, from Return to prompt.
    pub save: Duration,
    /// Generating a host key: slow on small routers.
    pub host_key: Duration,
    /// A boot, from the question's answer to the login.
    pub boot: Duration,
    /// Handing bytes over to the path.
    pub write: Duration,
    /// Silence that makes an unfinished line final: more of it would have come by then.
    pub settle: Duration,
    /// Silence inside an echo that means that a character was lost.
    pub echo: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            wake: Duration::from_secs(2),
            find: Duration::from_secs(60),
            login: Duration::from_secs(20),
            line: Duration::from_secs(20),
            show: Duration::from_secs(30),
            save: Duration::from_secs(120),
            host_key: Duration::from_secs(300),
            boot: Duration::from_secs(300),
            write: Duration::from_secs(10),
            settle: Duration::from_millis(40),
            echo: Duration::from_millis(400),
        }
    }
}
