//! The ways to one router, and how each kind of connection becomes a session: the one place that names every kind.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(feature = "mock")]
use super::mock_router::MockRouter;
use super::ssh::OpenedSsh;
use super::way::Way;
use super::{Account, Connect, ConnectError, ConnectOptions, ConsoleInUse, ConsoleLock, Freed, PasswordLogin};
use super::{command, serial, ssh, telnet};
use crate::inventory::{Connection, DeclaredLogin, Router, Ssh};
use crate::message::Text;
use crate::record::ProvenHostKey;
use crate::secret::CredentialName;
use crate::session::{Login, Session};
use crate::transport::ssh::Credentials;

/// The way to one router, and a second one where the inventory declares it.
pub struct Connector {
    way: Way,
    second: Option<Box<Connector>>,
    last: Mutex<LastSession>,
    #[cfg(feature = "mock")]
    mock: Option<MockRouter>,
}

/// What is known of the last session that was opened.
#[derive(Default)]
struct LastSession {
    host_key: Option<ProvenHostKey>,
    warnings: Vec<Text>,
}

impl Connector {
    /// How to connect to a router; nothing is opened before `connect`.
    pub fn new(router: &Router, options: ConnectOptions) -> Self {
        let second = router.second_way.as_ref().map(|connection| {
            Box::new(Self::over(router, connection, Way::new(router, connection, options.clone(), true), None))
        });
        let connection = &router.connection;
        Self::over(router, connection, Way::new(router, connection, options, false), second)
    }

    #[cfg_attr(not(feature = "mock"), expect(unused_variables, reason = "only a mock is more than its way"))]
    fn over(router: &Router, connection: &Connection, way: Way, second: Option<Box<Self>>) -> Self {
        Self {
            #[cfg(feature = "mock")]
            mock: match connection {
                Connection::Mock(mock) => Some(MockRouter::new(router, mock, &way.options.mock_routers)),
                _ => None,
            },
            way,
            second,
            last: Mutex::default(),
        }
    }

    /// The hosts that the connection goes through.
    pub fn jump_hosts(&self) -> impl Iterator<Item = &str> {
        self.way.connection.jump().iter().map(|hop| hop.host.as_str())
    }

    /// Whether it is a console: nothing that we write can cut it.
    pub fn is_console(&self) -> bool {
        self.way.connection.is_console()
    }

    /// The console that it shares with other routers, by name.
    pub fn shared(&self) -> Option<String> {
        self.way.shared()
    }

    /// Locks the console that it goes over, where that is shared; `freed` is called once when it can be tried again.
    ///
    /// # Errors
    /// When the console is in use.
    pub fn lock_console(&self, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        self.way.lock_console(freed)
    }

    /// The user and credential of its login, where a login proves the password.
    pub fn login(&self) -> Option<PasswordLogin> {
        let Connection::Ssh(ssh) = &self.way.connection else {
            return self.way.connection.login().map(password_login);
        };
        let proof = &ssh.proof;
        // With a key beside it, a login says nothing about the password.
        let only_password = proof.key.is_none() && proof.agent != Some(true);
        let name = proof.password.as_ref().filter(|_| only_password)?;
        Some(PasswordLogin { user: ssh.user.clone(), credential: name.value.clone() })
    }

    /// Opens any way on which the router itself asks for the login.
    fn open_with(&self, login: Login) -> Result<Session, ConnectError> {
        match &self.way.connection {
            Connection::Serial(declared) => serial::open(&self.way, declared, login),
            Connection::Telnet(declared) => telnet::open(&self.way, declared, &declared.host.value, login),
            Connection::ConsoleServer(declared) => telnet::open_console(&self.way, declared, login),
            Connection::Command(declared) => command::open(&self.way, declared, login),
            Connection::Mock(_) | Connection::Ssh(_) => self.open_mock(login),
        }
    }

    #[cfg(feature = "mock")]
    fn open_mock(&self, login: Login) -> Result<Session, ConnectError> {
        let mock = self.mock.as_ref().ok_or(ConnectError::NoMock)?;
        super::mock::open(&self.way, mock, login)
    }

    #[cfg(not(feature = "mock"))]
    fn open_mock(&self, _login: Login) -> Result<Session, ConnectError> {
        Err(ConnectError::NoMock)
    }

    fn last(&self) -> MutexGuard<'_, LastSession> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_ssh(
        &self,
        declared: &Ssh,
        host: &str,
        user: &str,
        credentials: Credentials,
    ) -> Result<Session, ConnectError> {
        let OpenedSsh { session, host_key, warnings } = ssh::open(&self.way, declared, host, user, credentials)?;
        *self.last() = LastSession { host_key: Some(host_key), warnings };
        Ok(session)
    }

    fn open_declared_ssh(&self, declared: &Ssh, host: &str) -> Result<Session, ConnectError> {
        self.open_ssh(declared, host, &declared.user, ssh::credentials(&self.way, &declared.proof)?)
    }
}

impl Connect for Connector {
    fn connect(&self) -> Result<Session, ConnectError> {
        match &self.way.connection {
            Connection::Ssh(declared) => self.open_declared_ssh(declared, &declared.host.value),
            _ => self.open_with(self.way.typed_login()?),
        }
    }

    fn connect_at(&self, address: &str) -> Result<Session, ConnectError> {
        match &self.way.connection {
            Connection::Ssh(declared) => self.open_declared_ssh(declared, address),
            Connection::Telnet(declared) => telnet::open(&self.way, declared, address, self.way.typed_login()?),
            // Of these the router's addresses say nothing.
            _ => self.connect(),
        }
    }

    fn connect_as(
        &self,
        user: &str,
        password: &CredentialName,
        address: Option<&str>,
    ) -> Result<Session, ConnectError> {
        let password = Some(self.way.options.vault.get(password)?);
        let login = |password| Login { user: Some(user.to_owned()), password };
        match (&self.way.connection, address) {
            (Connection::Ssh(declared), _) => {
                let credentials = Credentials { password, ..Credentials::default() };
                self.open_ssh(declared, address.unwrap_or(&declared.host.value), user, credentials)
            }
            (Connection::Telnet(declared), Some(address)) => {
                telnet::open(&self.way, declared, address, login(password))
            }
            _ => self.open_with(login(password)),
        }
    }

    fn account(&self) -> Option<Account> {
        let Connection::Ssh(ssh) = &self.way.connection else {
            let login = self.way.connection.login().map(password_login);
            return login.map(|login| Account { user: login.user, password: Some(login.credential) });
        };
        let password = ssh.proof.password.as_ref().map(|name| name.value.clone());
        Some(Account { user: ssh.user.clone(), password })
    }

    fn goes_through(&self, peer: &str) -> bool {
        self.way.connection.jump().iter().any(|hop| peer == format!("{}@{}:{}", hop.user, hop.host, hop.port))
    }

    fn transport(&self) -> &'static str {
        self.way.connection.kind()
    }

    fn peer(&self) -> String {
        self.way.peer()
    }

    fn second_way(&self) -> Option<&dyn Connect> {
        self.second.as_deref().map(|connector| connector as &dyn Connect)
    }

    fn host_key(&self) -> Option<ProvenHostKey> {
        self.last().host_key.clone()
    }

    fn warnings(&self) -> Vec<Text> {
        self.last().warnings.clone()
    }
}

fn password_login(login: &DeclaredLogin) -> PasswordLogin {
    PasswordLogin { user: login.user.clone(), credential: login.password.value.clone() }
}
