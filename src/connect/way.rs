//! One way to a router, as declared, and what every kind of it needs to become a session: secrets, deadlines, the console's lock,
//! the recording. How a kind is opened is in the file of that kind.

use std::sync::Arc;
use std::time::Duration;

use super::console_lock::LockedTransport;
use super::{ConnectError, ConnectOptions, ConsoleInUse, ConsoleLock, Freed, RunningSave, waits};
use crate::dialect::{Dialect, model};
use crate::inventory::{Baud, Connection, ConsoleServer, Deadlines, Router};
use crate::secret::{CredentialName, Secret, SecretError};
use crate::session::{Login, NoTap, Session, SessionTap, Settings};
use crate::transport::Transport;

/// The console that a connection goes over, by the name that all share who go over it.
pub fn console_of(connection: &Connection) -> Option<String> {
    match connection {
        Connection::Serial(serial) => Some(serial.port.to_string()),
        Connection::ConsoleServer(server) => Some(end_of(server)),
        Connection::Command(command) => command.console.map(|_| command.words.join(" ")),
        Connection::Ssh(_) | Connection::Telnet(_) | Connection::Mock(_) => None,
    }
}

fn end_of(server: &ConsoleServer) -> String {
    format!("{}:{}", server.host.value, server.port)
}

/// One way to a router.
pub(super) struct Way {
    pub(super) connection: Connection,
    pub(super) options: ConnectOptions,
    router: String,
    /// What the declared model speaks.
    dialect: &'static Arc<Dialect>,
    deadlines: Deadlines,
    is_second: bool,
}

impl Way {
    /// The way over this connection. The console of a second one is locked when it is opened; that of the main one before.
    pub(super) fn new(router: &Router, connection: &Connection, options: ConnectOptions, is_second: bool) -> Self {
        Self {
            connection: connection.clone(),
            options,
            router: router.name.value.clone(),
            dialect: model::dialect_of(&router.model.value),
            deadlines: router.deadlines,
            is_second,
        }
    }

    /// The port or host at its end, for people.
    pub(super) fn peer(&self) -> String {
        match &self.connection {
            Connection::Serial(serial) => serial.port.to_string(),
            Connection::Ssh(ssh) => format!("{}@{}:{}", ssh.user, ssh.host.value, ssh.port),
            Connection::Telnet(telnet) => format!("{}:{}", telnet.host.value, telnet.port),
            Connection::ConsoleServer(server) => end_of(server),
            // Its arguments may say more than a log should know.
            Connection::Command(command) => command.words.first().cloned().unwrap_or_default(),
            Connection::Mock(_) => "built-in".to_owned(),
        }
    }

    /// The console that it shares with other routers, by name.
    pub(super) fn shared(&self) -> Option<String> {
        console_of(&self.connection)
    }

    /// Locks its console, where it has one; `freed` is called once when it can be tried again.
    pub(super) fn lock_console(&self, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        let Some(console) = self.shared() else { return Ok(None) };
        self.options.console_locks.try_lock_or(&console, freed).map(Some).ok_or(ConsoleInUse)
    }

    /// Locks the console of a second connection, at once; nothing where none is needed.
    pub(super) fn take_console_lock(&self) -> Result<Option<ConsoleLock>, ConnectError> {
        let Some(console) = self.shared().filter(|_| self.is_second) else { return Ok(None) };
        let lock = self.options.console_locks.try_lock(&console);
        lock.map(Some).ok_or_else(|| ConnectError::InUse { peer: self.peer() })
    }

    /// Refuses to type on its console while a save may be running there; `again` where a session over it was lost.
    pub(super) fn expect_no_save(&self, again: bool) -> Result<(), ConnectError> {
        let Some((watch, console)) = self.options.save_watch.as_ref().zip(self.shared()) else { return Ok(()) };
        match watch.running(&self.router, &console, again) {
            None => Ok(()),
            Some(RunningSave { router, seconds }) => {
                Err(ConnectError::SaveMayRun { peer: self.peer(), router, seconds })
            }
        }
    }

    /// The settings of a session over it.
    pub(super) fn settings(&self, baud: Baud) -> Settings {
        Settings { detect_speed: baud == Baud::Auto, ..waits::settings(&self.connection, &self.deadlines) }
    }

    /// The time within which it must be open.
    pub(super) fn connect_within(&self) -> Duration {
        self.settings(Baud::default()).deadlines.connect
    }

    /// The value of a credential, where one is named.
    pub(super) fn secret(&self, name: Option<&CredentialName>) -> Result<Option<Arc<Secret>>, SecretError> {
        name.map(|name| self.options.vault.get(name)).transpose()
    }

    /// Holds a session over an open path, logging in at the router's own prompts.
    pub(super) fn converse(
        &self,
        link: impl Transport + 'static,
        login: Login,
        baud: Baud,
    ) -> Result<Session, ConnectError> {
        self.hold(Box::new(link), login, self.settings(baud))
    }

    /// Holds a session over an open path with these settings. Every session of every kind begins here: so it is recorded where
    /// recordings are wanted.
    pub(super) fn hold(
        &self,
        link: Box<dyn Transport>,
        login: Login,
        settings: Settings,
    ) -> Result<Session, ConnectError> {
        Ok(Session::open(link, self.dialect, login, settings, self.tap()?)?)
    }

    /// The same over a console, whose lock ends with the session.
    pub(super) fn converse_locked(
        &self,
        link: impl Transport + 'static,
        login: Login,
        baud: Baud,
        console_lock: Option<ConsoleLock>,
    ) -> Result<Session, ConnectError> {
        match console_lock {
            Some(console_lock) => self.converse(LockedTransport::new(link, console_lock), login, baud),
            None => self.converse(link, login, baud),
        }
    }

    /// What listens to the session: its recording, where one is wanted.
    fn tap(&self) -> Result<Box<dyn SessionTap>, ConnectError> {
        let Some(recordings) = &self.options.recordings else { return Ok(Box::new(NoTap)) };
        let recorder = recordings
            .begin(&self.router, self.dialect)
            .map_err(|cause| ConnectError::Recording { folder: recordings.folder().to_owned(), cause })?;
        Ok(Box::new(recorder))
    }
}
