//! The ways to one router, and how each kind of connection becomes a session: the one place that names every kind.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(feature = "mock")]
use super::mock_router::MockRouter;
use super::passwords::Passwords;
use super::ssh::OpenedSsh;
use super::way::Way;
use super::{Account, Connect, ConnectError, ConnectOptions, ConsoleInUse, ConsoleLock, Freed, PasswordLogin};
use super::{command, serial, ssh, telnet};
use crate::inventory::{Connection, Router, Ssh};
use crate::message::Text;
use crate::record::ProvenHostKey;
use crate::secret::{CredentialName, SecretError};
use crate::session::{Login, Session};
use crate::transport::ssh::Credentials;

/// The way to one router, and a second one where the inventory declares it.
pub struct Connector {
    way: Way,
    second: Option<Box<Connector>>,
    passwords: Mutex<Passwords>,
    last: Mutex<LastSession>,
    /// A session was open over this way.
    had_session: AtomicBool,
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
            passwords: Mutex::new(Passwords::declared(declared_user(connection), declared_password(connection))),
            way,
            second,
            last: Mutex::default(),
            had_session: AtomicBool::new(false),
        }
    }

    /// The hosts that the connection goes through.
    pub fn jump_hosts(&self) -> impl Iterator<Item = &str> {
        self.way.connection.jump().iter().map(|hop| hop.host.as_str())
    }

    /// Where the network leads to, with the hosts that the connection goes through: routers that share it are one box. Nothing where no address
    /// is dialled, as on a console.
    pub fn network_address(&self) -> Option<String> {
        let (host, port) = self.way.connection.dialled()?;
        let hops = self.way.connection.jump().iter().map(|hop| (hop.host.as_str(), hop.port));
        let places: Vec<String> = hops
            .chain([(host.value.as_str(), port)])
            .map(|(host, port)| format!("{}:{port}", host.to_ascii_lowercase()))
            .collect();
        Some(places.join(" → "))
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

    /// The user and the likeliest credential of its login, where a login proves the password.
    pub fn login(&self) -> Option<PasswordLogin> {
        let user = self.user()?;
        let credential = self.passwords().first().filter(|_| self.password_alone())?.clone();
        Some(PasswordLogin { user, credential })
    }

    /// Why no session can be opened over any way, as far as that is certain before one is tried: none of the passwords that may be right has a
    /// value.
    pub fn missing_password(&self) -> Option<SecretError> {
        // Where this build cannot go there at all, no password would help.
        ssh::in_this_build(&self.way.connection).ok()?;
        let second = self.second.as_ref().map(|second| second.missing_password());
        let names = self.passwords().left();
        let mut missing = names.iter().map(|name| self.way.options.vault.missing(name));
        let first = missing.next().flatten()?;
        (missing.all(|missing| missing.is_some()) && second.is_none_or(|second| second.is_some())).then_some(first)
    }

    /// Why no session can be opened over any way, as far as a look at the ports of this machine says: the cable of a console is not there.
    pub fn missing_cable(&self) -> Option<ConnectError> {
        let missing = self.expect_cable().err()?;
        self.second.as_ref().is_none_or(|second| second.missing_cable().is_some()).then_some(missing)
    }

    /// Refuses the console of a cable that is not in this machine.
    fn expect_cable(&self) -> Result<(), ConnectError> {
        match &self.way.connection {
            Connection::Serial(declared) => serial::expect_port(declared),
            _ => Ok(()),
        }
    }

    /// The journal says that the router took this login last: it is tried first.
    pub fn journalled(&self, login: &PasswordLogin) {
        self.each_way(|passwords| passwords.journalled(login));
    }

    /// The run is to give the user who logs in this password: an earlier run may have done so already.
    pub fn coming(&self, credential: &CredentialName) {
        self.each_way(|passwords| passwords.coming(credential.clone()));
    }

    /// The run that is recovered came in with this login.
    pub fn came_in(&self, login: &PasswordLogin) {
        self.each_way(|passwords| passwords.came_in(login));
    }

    /// The change of an earlier run has ended, and this is the login that the router takes since.
    pub fn settled(&self, login: &PasswordLogin) {
        self.each_way(|passwords| passwords.settled(login));
    }

    fn each_way(&self, tell: impl Fn(&mut Passwords)) {
        tell(&mut self.passwords());
        self.second.iter().for_each(|second| tell(&mut second.passwords()));
    }

    /// Whether nothing but the password proves the user: with a key beside it, a login says nothing about the password.
    fn password_alone(&self) -> bool {
        let Connection::Ssh(ssh) = &self.way.connection else { return true };
        ssh.proof.key.is_none() && ssh.proof.agent != Some(true)
    }

    fn user(&self) -> Option<String> {
        self.passwords().user().cloned()
    }

    fn passwords(&self) -> MutexGuard<'_, Passwords> {
        self.passwords.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session with the first password that the router takes; `address` is where it answers, if not at the declared one.
    fn log_in(&self, address: Option<&str>) -> Result<Session, ConnectError> {
        if self.passwords().first().is_none() {
            return self.open(None, address);
        }
        let mut refused = ConnectError::AllRefused { peer: self.peer() };
        let left = self.passwords().left();
        for name in left {
            match self.open(Some(&name), address) {
                Ok(session) => {
                    if session.has_proven_login() {
                        self.passwords().accept(name.clone());
                    }
                    return Ok(if self.password_alone() { session.with_credential(name) } else { session });
                }
                Err(error) if error.refuses_login(self) => {
                    self.passwords().refuse(name);
                    refused = error;
                }
                // A value that cannot be resolved says nothing about the other one.
                Err(error @ ConnectError::Secret(_)) => refused = error,
                Err(error) => return Err(error),
            }
        }
        Err(refused)
    }

    /// Opens a session as declared, with the value of this credential as its password.
    fn open(&self, password: Option<&CredentialName>, address: Option<&str>) -> Result<Session, ConnectError> {
        ssh::in_this_build(&self.way.connection)?;
        // No one types a password for a cable that is not there.
        self.expect_cable()?;
        if let Connection::Ssh(declared) = &self.way.connection {
            let credentials = ssh::credentials(&self.way, &declared.proof, password)?;
            return self.open_ssh(declared, address.unwrap_or(&declared.host.value), &declared.user, credentials);
        }
        let login = match password {
            Some(_) => Login { user: self.user(), password: self.way.secret(password)? },
            None => Login::default(),
        };
        match (&self.way.connection, address) {
            (Connection::Telnet(declared), Some(address)) => telnet::open(&self.way, declared, address, login),
            // Of the others the router's addresses say nothing.
            _ => self.open_with(login),
        }
    }

    /// Opens any way on which the router itself asks for the login. Which box is at the end of a console is not known before it was asked.
    fn open_with(&self, login: Login) -> Result<Session, ConnectError> {
        self.way.expect_no_save(self.had_session.load(Ordering::Relaxed))?;
        let session = match &self.way.connection {
            Connection::Serial(declared) => serial::open(&self.way, declared, login),
            Connection::Telnet(declared) => telnet::open(&self.way, declared, &declared.host.value, login),
            Connection::ConsoleServer(declared) => telnet::open_console(&self.way, declared, login),
            Connection::Command(declared) => command::open(&self.way, declared, login),
            Connection::Mock(_) | Connection::Ssh(_) => self.open_mock(login),
        }?;
        self.had_session.store(true, Ordering::Relaxed);
        Ok(session)
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
}

impl Connect for Connector {
    fn connect(&self) -> Result<Session, ConnectError> {
        self.log_in(None)
    }

    fn connect_at(&self, address: &str) -> Result<Session, ConnectError> {
        self.log_in(Some(address))
    }

    fn connect_as(
        &self,
        user: &str,
        password: &CredentialName,
        address: Option<&str>,
    ) -> Result<Session, ConnectError> {
        ssh::in_this_build(&self.way.connection)?;
        let (name, password) = (password, self.way.secret(Some(password))?);
        let login = |password| Login { user: Some(user.to_owned()), password };
        let session = match (&self.way.connection, address) {
            (Connection::Ssh(declared), _) => {
                let credentials = Credentials { password, ..Credentials::default() };
                self.open_ssh(declared, address.unwrap_or(&declared.host.value), user, credentials)
            }
            (Connection::Telnet(declared), Some(address)) => {
                telnet::open(&self.way, declared, address, login(password))
            }
            _ => self.open_with(login(password)),
        }?;
        Ok(session.with_credential(name.clone()))
    }

    fn account(&self) -> Option<Account> {
        let password = self.passwords().first().cloned();
        Some(Account { user: self.user()?, password, declared: declared_password(&self.way.connection) })
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

/// The user whom an inventory names.
fn declared_user(connection: &Connection) -> Option<String> {
    match connection {
        Connection::Ssh(ssh) => Some(ssh.user.clone()),
        _ => connection.login().map(|login| login.user.clone()),
    }
}

/// The credential of the password that an inventory names.
fn declared_password(connection: &Connection) -> Option<CredentialName> {
    let name = match connection {
        Connection::Ssh(ssh) => ssh.proof.password.as_ref(),
        _ => connection.login().map(|login| &login.password),
    };
    name.map(|name| name.value.clone())
}
