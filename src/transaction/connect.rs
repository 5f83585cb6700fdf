//! How a transaction gets a session, without knowing the cable.

use crate::message::{Explain, Text};
use crate::secret::SecretError;
use crate::session::{Session, SessionError};
use crate::transport::TransportError;

/// Opens sessions to one router: the first, and another when the first is lost.
pub trait Connect: Send + Sync {
    /// Opens a session and finds operation mode.
    ///
    /// # Errors
    /// [`ConnectError`] when there is no way in; nothing was written to the router then.
    fn connect(&self) -> Result<Session, ConnectError>;
    /// `serial`, `ssh`, ...: for people, not for decisions.
    fn transport(&self) -> &'static str;
    /// The port or host, for people.
    fn peer(&self) -> String;
    /// Warnings about the connection, such as old algorithms.
    fn warnings(&self) -> Vec<Text> {
        Vec::new()
    }
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The cable, the network or the host key.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The login, or a console that cannot be brought to operation mode.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The password could not be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl ConnectError {
    /// The error itself, for its own words.
    pub fn explained(&self) -> &dyn Explain {
        match self {
            Self::Transport(error) => error,
            Self::Session(error) => error,
            Self::Secret(error) => error,
        }
    }
}
