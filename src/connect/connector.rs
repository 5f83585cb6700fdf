//! From what an inventory says of a router's connection to an open session; the one place where the two meet.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use super::console_lock::LockedTransport;
#[cfg(feature = "mock")]
use super::mock_router::MockRouter;
use super::{Account, Connect, ConnectError, PasswordLogin};
use super::{ConsoleInUse, ConsoleLock, ConsoleLocks, Freed, Recordings, waits};
use crate::inventory::{
    Baud, Command, Connection, ConsoleServer, ConsoleService, Deadlines, Hop, Located, Login as DeclaredLogin, Proof,
    Router, Serial, SerialPort, Ssh,
};
use crate::message::Text;
use crate::secret::{CredentialName, Secret, SecretError, Vault};
use crate::session::{Login, NoTap, Session, SessionTap, Settings};
use crate::transport::command::{self, CommandTarget};
use crate::transport::serial::{self, PortChoice, SerialTarget};
use crate::transport::ssh::{
    self, Credentials, Endpoint, FirstUse, HostKey, HostKeys, JumpHosts, KeyFile, KnownHosts, SshError, SshTarget,
};
use crate::transport::telnet::{self, Service, TelnetTarget};
use crate::transport::{Transport, TransportError};

/// How often an idle SSH connection shows that it is alive.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// What the ways of one run share.
#[derive(Clone)]
pub struct ConnectOptions {
    /// The file of known host keys.
    pub known_hosts: PathBuf,
    /// What a host key means that nobody has seen before.
    pub first_use: FirstUse,
    /// Where secrets come from.
    pub vault: Arc<dyn Vault>,
    /// The connections to jump hosts, each shared by all routers behind it.
    pub jump_hosts: Arc<JumpHosts>,
    /// Whose turn it is on each console.
    pub console_locks: ConsoleLocks,
    /// Where every session is recorded, if it is.
    pub recordings: Option<Recordings>,
    /// The folder in which mock routers keep their configurations.
    pub mock_routers: PathBuf,
}

/// One router's way in.
pub struct Connector {
    router: String,
    connection: Connection,
    deadlines: Deadlines,
    connect_options: ConnectOptions,
    warnings: Mutex<Vec<Text>>,
    second: Option<Box<Connector>>,
    /// It is a second way: nobody has taken the turn on it before it is opened.
    is_second: bool,
    #[cfg(feature = "mock")]
    mock: Option<MockRouter>,
}

impl Connector {
    /// A way in that is opened when somebody connects.
    pub fn new(router: &Router, connect_options: ConnectOptions) -> Self {
        let second = router.second_way.as_ref().map(|way| {
            let connector = Self::over(router, way, None, connect_options.clone());
            Box::new(Self { is_second: true, ..connector })
        });
        Self::over(router, &router.connection, second, connect_options)
    }

    fn over(
        router: &Router,
        connection: &Connection,
        second: Option<Box<Self>>,
        connect_options: ConnectOptions,
    ) -> Self {
        Self {
            router: router.name.value.clone(),
            connection: connection.clone(),
            deadlines: router.deadlines,
            warnings: Mutex::default(),
            second,
            is_second: false,
            #[cfg(feature = "mock")]
            mock: match connection {
                Connection::Mock(mock) => Some(MockRouter::new(router, mock, &connect_options.mock_routers)),
                _ => None,
            },
            connect_options,
        }
    }

    /// The hosts that the connection goes through.
    pub fn jump_hosts(&self) -> impl Iterator<Item = &str> {
        self.connection.jump().iter().map(|hop| hop.host.as_str())
    }

    /// Whether it is a console: nothing we write can cut it.
    pub fn is_console(&self) -> bool {
        self.connection.is_console()
    }

    /// The port that routers on one console cable share.
    pub fn shared(&self) -> Option<String> {
        match &self.connection {
            Connection::Serial(serial) => Some(port_choice(&serial.port).to_string()),
            Connection::ConsoleServer(_) => Some(self.peer()),
            Connection::Command(command) => command.console.map(|_| command.words.join(" ")),
            Connection::Ssh(_) | Connection::Telnet(_) | Connection::Mock(_) => None,
        }
    }

    /// Locks the console that it goes over, where that is shared; `freed` is called once when it can be tried again.
    ///
    /// # Errors
    /// When the console is in use.
    pub fn lock_console(&self, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        let Some(console) = self.shared() else { return Ok(None) };
        self.connect_options.console_locks.try_lock_or(&console, freed).map(Some).ok_or(ConsoleInUse)
    }

    /// Locks the console of a second connection, at once; nothing where none is needed.
    fn take_console_lock(&self) -> Result<Option<ConsoleLock>, ConnectError> {
        let Some(console) = self.shared().filter(|_| self.is_second) else { return Ok(None) };
        let lock = self.connect_options.console_locks.try_lock(&console);
        lock.map(Some).ok_or_else(|| ConnectError::InUse { peer: self.peer() })
    }

    /// The user and credential of its login, where a login proves the password.
    pub fn login(&self) -> Option<PasswordLogin> {
        let Connection::Ssh(ssh) = &self.connection else { return self.connection.login().map(password_login) };
        let proof = &ssh.proof;
        // With a key beside it, a login says nothing about the password.
        let only_password = proof.key.is_none() && proof.agent != Some(true);
        let name = proof.password.as_ref().filter(|_| only_password)?;
        Some(PasswordLogin { user: ssh.user.clone(), credential: name.value.clone() })
    }

    fn settings(&self, baud: Baud) -> Settings {
        Settings { detect_speed: baud == Baud::Auto, ..waits::settings(&self.connection, &self.deadlines) }
    }

    fn connect_within(&self) -> Duration {
        self.settings(Baud::default()).deadlines.connect
    }

    fn secret(&self, name: Option<&Located<CredentialName>>) -> Result<Option<Arc<Secret>>, SecretError> {
        name.map(|name| self.connect_options.vault.get(&name.value)).transpose()
    }

    /// Holds a session over an open path, logging in at the router's own prompts.
    fn converse(&self, link: impl Transport + 'static, login: Login, baud: Baud) -> Result<Session, ConnectError> {
        Ok(Session::open(Box::new(link), login, self.settings(baud), self.wire()?)?)
    }

    /// The same over a console, whose turn is over when the session is.
    fn converse_locked(
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

    fn wire(&self) -> Result<Box<dyn SessionTap>, ConnectError> {
        let Some(recordings) = &self.connect_options.recordings else { return Ok(Box::new(NoTap)) };
        let recorder = recordings.begin(&self.router).map_err(|error| ConnectError::Recording {
            folder: recordings.folder().display().to_string(),
            reason: error.to_string(),
        })?;
        Ok(Box::new(recorder))
    }

    fn typed_login(&self) -> Result<Login, SecretError> {
        let Some(login) = self.connection.login() else { return Ok(Login::default()) };
        Ok(Login { user: Some(login.user.clone()), password: self.secret(Some(&login.password))? })
    }

    #[cfg(feature = "mock")]
    fn open_mock(&self, login: Login) -> Result<Session, ConnectError> {
        let Some(mock) = &self.mock else { return Err(ConnectError::NoMock) };
        let (end, login) = mock.answer(login)?;
        if let Some(path) = end.path {
            let target = SerialTarget { port: PortChoice::Name(path.display().to_string()), speed: Baud::USUAL };
            return self.converse(serial::open(&target).map_err(TransportError::from)?, login, Baud::default());
        }
        let router = Endpoint {
            host: end.host.unwrap_or_default(),
            port: end.port.unwrap_or_default(),
            user: login.user.clone().unwrap_or_default(),
            credentials: Credentials { password: login.password.clone(), ..Credentials::default() },
            fingerprint: end.fingerprint,
            legacy: false,
        };
        let target = SshTarget { router, jump: Vec::new(), connect: self.connect_within(), keepalive: KEEPALIVE };
        let host_keys = KnownHosts::new(&self.connect_options.known_hosts, FirstUse::Refuse);
        self.converse(ssh::open(&target, &host_keys)?, login, Baud::default())
    }

    #[cfg(not(feature = "mock"))]
    fn open_mock(&self, _login: Login) -> Result<Session, ConnectError> {
        Err(ConnectError::NoMock)
    }

    fn open_serial(&self, declared: &Serial, login: Login) -> Result<Session, ConnectError> {
        let console_lock = self.take_console_lock()?;
        let target = SerialTarget { port: port_choice(&declared.port), speed: declared.baud.first() };
        let link = serial::open(&target).map_err(TransportError::from)?;
        self.converse_locked(link, login, declared.baud, console_lock)
    }

    fn open_telnet(
        &self,
        (host, port): (&str, u16),
        service: Service,
        baud: Baud,
        login: Login,
    ) -> Result<Session, ConnectError> {
        let console_lock = self.take_console_lock()?;
        let target = TelnetTarget { host: host.to_owned(), port, service, connect: self.connect_within() };
        self.converse_locked(telnet::open(&target)?, login, baud, console_lock)
    }

    fn open_command(&self, declared: &Command, login: Login) -> Result<Session, ConnectError> {
        let console_lock = self.take_console_lock()?;
        let target = CommandTarget { words: declared.words.clone(), console: declared.console };
        let mut settings = self.settings(Baud::default());
        settings.destination = asks_by_name(declared, &login);
        let link = command::open(&target)?;
        let link: Box<dyn Transport> = match console_lock {
            Some(console_lock) => Box::new(LockedTransport::new(link, console_lock)),
            None => Box::new(link),
        };
        Ok(Session::open(link, login, settings, Box::new(NoTap))?)
    }

    /// Opens any way on which the router itself asks for the login.
    fn open_with(&self, login: Login) -> Result<Session, ConnectError> {
        match &self.connection {
            Connection::Serial(serial) => self.open_serial(serial, login),
            Connection::Telnet(telnet) => {
                self.open_telnet((&telnet.host.value, telnet.port), Service::Router, Baud::default(), login)
            }
            Connection::ConsoleServer(server) => {
                self.open_telnet((&server.host.value, server.port), service(server), server.baud, login)
            }
            Connection::Command(command) => self.open_command(command, login),
            Connection::Mock(_) | Connection::Ssh(_) => self.open_mock(login),
        }
    }

    fn open_ssh(
        &self,
        declared: &Ssh,
        host: &str,
        (user, credentials): (&str, Credentials),
    ) -> Result<Session, ConnectError> {
        let login = Login { user: Some(user.to_owned()), password: credentials.password.clone() };
        let router = Endpoint {
            host: host.to_owned(),
            port: declared.port,
            user: user.to_owned(),
            credentials,
            // Of a replaced box the inventory may still pin the old one's key.
            fingerprint: declared.host_key.clone().filter(|_| self.connect_options.first_use != FirstUse::Replace),
            legacy: declared.legacy_algorithms,
        };
        let jump = declared.jump.iter().map(|hop| self.hop(hop)).collect::<Result<_, _>>()?;
        let keepalive = declared.keepalive.unwrap_or(KEEPALIVE);
        let target = SshTarget { router, jump, connect: self.connect_within(), keepalive };
        let host_keys = RouterFirst::of(&self.connect_options, declared, host);
        let link = ssh::open_through(&target, &host_keys, &self.connect_options.jump_hosts)?;
        let mut warnings = Vec::new();
        let old = link.negotiated().legacy_names().join(", ");
        if declared.legacy_algorithms && !old.is_empty() {
            warnings.push(Text::new(
                format!("old SSH algorithms are in use, as the inventory allows: {old}"),
                format!("インベントリの許可により古い SSH アルゴリズムを使用しています: {old}"),
            ));
        }
        if link.trust() == ssh::Trust::Replaced {
            warnings.push(Text::new(
                "the host key of the replaced box was recorded, the old one is forgotten; where the inventory pins the old one (`host_key:`), correct it",
                "交換した機器のホスト鍵を記録し、以前の鍵を削除しました。インベントリに host_key の指定がある場合は修正してください",
            ));
        }
        if link.trust() == ssh::Trust::Recorded {
            warnings.push(Text::new(
                "the host key was seen for the first time and recorded",
                "未登録のホスト鍵を記録しました",
            ));
        }
        *self.warnings.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
        self.converse(link, login, Baud::default())
    }

    fn credentials(&self, proof: &Proof) -> Result<Credentials, SecretError> {
        let key = match &proof.key {
            Some(key) => Some(KeyFile { path: key.path.clone(), passphrase: self.secret(key.passphrase.as_ref())? }),
            None => None,
        };
        let password = self.secret(proof.password.as_ref())?;
        Ok(Credentials { key, agent: proof.agent.unwrap_or(false), password })
    }

    fn hop(&self, hop: &Hop) -> Result<Endpoint, SecretError> {
        Ok(Endpoint {
            host: hop.host.clone(),
            port: hop.port,
            user: hop.user.clone(),
            credentials: self.credentials(&hop.proof)?,
            fingerprint: hop.host_key.clone(),
            legacy: false,
        })
    }
}

impl Connect for Connector {
    fn connect(&self) -> Result<Session, ConnectError> {
        match &self.connection {
            Connection::Ssh(ssh) => self.open_ssh(ssh, &ssh.host.value, (&ssh.user, self.credentials(&ssh.proof)?)),
            _ => self.open_with(self.typed_login()?),
        }
    }

    fn connect_at(&self, address: &str) -> Result<Session, ConnectError> {
        match &self.connection {
            Connection::Ssh(ssh) => self.open_ssh(ssh, address, (&ssh.user, self.credentials(&ssh.proof)?)),
            Connection::Telnet(telnet) => {
                let login = self.typed_login()?;
                self.open_telnet((address, telnet.port), Service::Router, Baud::default(), login)
            }
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
        let password = Some(self.connect_options.vault.get(password)?);
        let login = |password| Login { user: Some(user.to_owned()), password };
        match (&self.connection, address) {
            (Connection::Ssh(ssh), _) => {
                let credentials = Credentials { password, ..Credentials::default() };
                self.open_ssh(ssh, address.unwrap_or(&ssh.host.value), (user, credentials))
            }
            (Connection::Telnet(telnet), Some(address)) => {
                self.open_telnet((address, telnet.port), Service::Router, Baud::default(), login(password))
            }
            _ => self.open_with(login(password)),
        }
    }

    fn account(&self) -> Option<Account> {
        let Connection::Ssh(ssh) = &self.connection else {
            let login = self.connection.login().map(password_login);
            return login.map(|login| Account { user: login.user, password: Some(login.credential) });
        };
        let password = ssh.proof.password.as_ref().map(|name| name.value.clone());
        Some(Account { user: ssh.user.clone(), password })
    }

    fn goes_through(&self, peer: &str) -> bool {
        self.connection.jump().iter().any(|hop| peer == format!("{}@{}:{}", hop.user, hop.host, hop.port))
    }

    fn transport(&self) -> &'static str {
        self.connection.kind()
    }

    fn peer(&self) -> String {
        match &self.connection {
            Connection::Serial(serial) => port_choice(&serial.port).to_string(),
            Connection::Ssh(ssh) => format!("{}@{}:{}", ssh.user, ssh.host.value, ssh.port),
            Connection::Telnet(telnet) => format!("{}:{}", telnet.host.value, telnet.port),
            Connection::ConsoleServer(server) => format!("{}:{}", server.host.value, server.port),
            // Its arguments may say more than a log should know.
            Connection::Command(command) => command.words.first().cloned().unwrap_or_default(),
            Connection::Mock(_) => "built-in".to_owned(),
        }
    }

    fn second_way(&self) -> Option<&dyn Connect> {
        self.second.as_deref().map(|connector| connector as &dyn Connect)
    }

    fn warnings(&self) -> Vec<Text> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Known hosts for one router: its key stands under the name that the inventory gives, whichever of its addresses is dialled, and
/// only it may have been replaced. The hosts on the way to it are held to what is known.
struct RouterFirst {
    dialled: String,
    port: u16,
    known_as: String,
    own: KnownHosts,
    others: KnownHosts,
}

impl RouterFirst {
    fn of(connect_options: &ConnectOptions, router: &Ssh, dialled: &str) -> Self {
        let others =
            if connect_options.first_use == FirstUse::Replace { FirstUse::Refuse } else { connect_options.first_use };
        Self {
            dialled: dialled.to_owned(),
            port: router.port,
            known_as: router.host.value.clone(),
            own: KnownHosts::new(&connect_options.known_hosts, connect_options.first_use),
            others: KnownHosts::new(&connect_options.known_hosts, others),
        }
    }

    /// What is known of a host, and the name it is known by.
    fn of_host<'a>(&'a self, host: &'a str, port: u16) -> (&'a KnownHosts, &'a str) {
        if host == self.dialled && port == self.port {
            return (&self.own, &self.known_as);
        }
        (&self.others, host)
    }
}

impl HostKeys for RouterFirst {
    fn check(&self, host: &str, port: u16, key: &HostKey) -> Result<ssh::Trust, SshError> {
        let (known, name) = self.of_host(host, port);
        known.check(name, port, key)
    }

    fn known_types(&self, host: &str, port: u16) -> Result<Vec<String>, SshError> {
        let (known, name) = self.of_host(host, port);
        known.known_types(name, port)
    }

    fn refuse_revoked(&self, host: &str, port: u16, key: &HostKey) -> Result<(), SshError> {
        let (known, name) = self.of_host(host, port);
        known.refuse_revoked(name, port, key)
    }
}

/// The host by whose name the program may ask for the login's password: only where it is one that says whose password it asks for.
fn asks_by_name(declared: &Command, login: &Login) -> Option<String> {
    let program = declared.words.first().filter(|_| login.password.is_some())?;
    let host = declared.destination()?;
    command::names_every_prompt(program).then(|| host.to_owned())
}

fn password_login(login: &DeclaredLogin) -> PasswordLogin {
    PasswordLogin { user: login.user.clone(), credential: login.password.value.clone() }
}

fn service(server: &ConsoleServer) -> Service {
    let speed = server.baud.first();
    match server.service {
        ConsoleService::Rfc2217 => Service::Rfc2217 { speed },
        ConsoleService::Telnet => Service::Console { speed },
        ConsoleService::Raw => Service::Raw { speed },
    }
}

fn port_choice(port: &SerialPort) -> PortChoice {
    match port {
        SerialPort::Name(name) => PortChoice::Name(name.clone()),
        SerialPort::Usb { vendor, product, serial_number } => {
            PortChoice::Usb { vendor: *vendor, product: Some(*product), serial_number: serial_number.clone() }
        }
        SerialPort::Auto => PortChoice::Auto,
    }
}
