//! The keys of the SSH agent, with bounds.
//!
//! The library waits for an agent for as long as the agent likes, and Ctrl-C does not reach it there. It therefore never has the agent's own
//! socket, or pipe on Windows: a relay is between them, which ends at a deadline and after a number of bytes. Pageant on Windows is the
//! exception: the library reaches it by itself, without a bound.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use std::time::{Duration, Instant};

use ssh2::{Agent, PublicKey, Session};

use platform::{AgentRelay, relay_agent};

/// How long an agent may take to say which keys it has. No one is asked anything for that.
const LISTING: Duration = Duration::from_secs(5);

/// Why the agent has no keys for us.
#[derive(Debug)]
pub(super) enum NoAgent {
    /// None is running, or it broke off: the reason.
    Absent(String),
    /// It is there, and does not come to an end.
    Endless,
}

/// An agent that has said which keys it has.
pub(super) struct Keys {
    agent: Agent,
    relay: AgentRelay,
}

impl Keys {
    /// Asks the agent of this session's user; it may answer until the deadline, and lists its keys within five seconds.
    pub(super) fn ask(session: &Session, deadline: Instant) -> Result<Self, NoAgent> {
        let absent = |error: ssh2::Error| NoAgent::Absent(error.message().to_owned());
        let mut agent = session.agent().map_err(absent)?;
        let listed_until = deadline.min(Instant::now() + LISTING);
        let relay = relay_agent(&mut agent, listed_until).map_err(NoAgent::Absent)?;
        match agent.list_identities() {
            Ok(()) => {
                relay.allow_until(deadline);
                Ok(Self { agent, relay })
            }
            Err(_) if relay.was_cut() => Err(NoAgent::Endless),
            Err(error) => Err(absent(error)),
        }
    }

    /// The keys that it has.
    pub(super) fn identities(&self) -> Vec<PublicKey> {
        self.agent.identities().unwrap_or_default()
    }

    /// Tries one key with the server: the agent signs, and may ask its person first.
    pub(super) fn try_key(&self, user: &str, key: &PublicKey) -> Result<(), ssh2::Error> {
        self.agent.userauth(user, key)
    }

    /// Whether the agent was given up.
    pub(super) fn was_given_up(&self) -> bool {
        self.relay.was_cut()
    }
}
