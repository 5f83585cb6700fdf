//! From what an inventory says of a router's connection to an open session; the one place where the two meet.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::inventory::{Connection, Deadlines, Hop, Login as DeclaredLogin, Serial, SerialPort, Ssh};
use crate::message::Text;
use crate::secret::{CredentialName, Secret, SecretError, Vault};
use crate::session::{Login, NoWire, Session, Settings};
use crate::transaction::{Connect, ConnectError};
use crate::transport::serial::{self, PortChoice, SerialTarget};
use crate::transport::ssh::{self, Credentials, Endpoint, FirstUse, JumpHosts, KeyFile, KnownHosts, SshTarget};

/// How long a connection may take where the inventory says nothing.
const CONNECT: Duration = Duration::from_secs(15);
/// How often an idle SSH connection shows that it is alive.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// One router's way in.
pub struct Cable {
    connection: Connection,
    deadlines: Deadlines,
    vault: Arc<dyn Vault>,
    known_hosts: PathBuf,
    first_use: FirstUse,
    jump_hosts: Arc<JumpHosts>,
    warnings: Mutex<Vec<Text>>,
}

impl Cable {
    /// A way in that is opened when somebody connects.
    pub fn new(
        connection: Connection,
        deadlines: Deadlines,
        vault: Arc<dyn Vault>,
        known_hosts: PathBuf,
        first_use: FirstUse,
        jump_hosts: Arc<JumpHosts>,
    ) -> Self {
        Self { connection, deadlines, vault, known_hosts, first_use, jump_hosts, warnings: Mutex::default() }
    }

    /// Whether it is a console: nothing we write can cut it.
    pub fn is_console(&self) -> bool {
        matches!(self.connection, Connection::Serial(_))
    }

    /// The port that routers on one console cable share.
    pub fn shared(&self) -> Option<String> {
        match &self.connection {
            Connection::Serial(serial) => Some(port_choice(&serial.port).to_string()),
            Connection::Ssh(_) | Connection::Mock(_) => None,
        }
    }

    /// The user and credential of its login.
    pub fn login(&self) -> Option<(String, CredentialName)> {
        match &self.connection {
            Connection::Serial(serial) => serial.login.as_ref().map(pair),
            Connection::Ssh(ssh) => ssh.password.as_ref().map(|name| (ssh.user.clone(), name.value.clone())),
            Connection::Mock(mock) => mock.login.as_ref().map(pair),
        }
    }

    fn settings(&self) -> Settings {
        let mut settings = Settings { mask: crate::ix::mask::mask_text, ..Settings::default() };
        let given = &self.deadlines;
        let waits = &mut settings.deadlines;
        for (given, wait) in [
            (given.login, &mut waits.login),
            (given.command, &mut waits.line),
            (given.read, &mut waits.show),
            (given.save, &mut waits.save),
            (given.reload, &mut waits.boot),
        ] {
            *wait = given.unwrap_or(*wait);
        }
        settings
    }

    fn password(&self, name: Option<&CredentialName>) -> Result<Option<Arc<Secret>>, SecretError> {
        name.map(|name| self.vault.get(name)).transpose()
    }

    fn open_serial(&self, declared: &Serial) -> Result<Session, ConnectError> {
        let login = match &declared.login {
            Some(login) => {
                Login { user: Some(login.user.clone()), password: self.password(Some(&login.password.value))? }
            }
            None => Login { user: None, password: None },
        };
        let target = SerialTarget { port: port_choice(&declared.port), speed: declared.baud };
        let link = serial::open(&target).map_err(crate::transport::TransportError::from)?;
        Ok(Session::open(Box::new(link), login, self.settings(), Box::new(NoWire))?)
    }

    fn open_ssh(&self, declared: &Ssh) -> Result<Session, ConnectError> {
        let password = self.password(declared.password.as_ref().map(|name| &name.value))?;
        let router = Endpoint {
            host: declared.host.value.clone(),
            port: declared.port,
            user: declared.user.clone(),
            credentials: Credentials { key: None, agent: false, password: password.clone() },
            fingerprint: declared.host_key.clone(),
            legacy: declared.legacy_algorithms,
        };
        let jump = declared.jump.iter().map(|hop| self.hop(hop)).collect::<Result<_, _>>()?;
        let target =
            SshTarget { router, jump, connect: self.deadlines.connect.unwrap_or(CONNECT), keepalive: KEEPALIVE };
        let host_keys = KnownHosts::new(&self.known_hosts, self.first_use);
        let link = ssh::open_through(&target, &host_keys, &self.jump_hosts)?;
        let mut warnings = Vec::new();
        let old = link.negotiated().legacy_names().join(", ");
        if declared.legacy_algorithms && !old.is_empty() {
            warnings.push(Text::new(
                format!("old SSH algorithms are in use, as the inventory allows: {old}"),
                format!("インベントリの許可により古い SSH アルゴリズムを使用しています: {old}"),
            ));
        }
        if link.trust() == ssh::Trust::Recorded {
            warnings.push(Text::new(
                "the host key was seen for the first time and recorded",
                "初めて見るホスト鍵を記録しました",
            ));
        }
        *self.warnings.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
        let login = Login { user: Some(declared.user.clone()), password };
        Ok(Session::open(Box::new(link), login, self.settings(), Box::new(NoWire))?)
    }

    fn hop(&self, hop: &Hop) -> Result<Endpoint, SecretError> {
        let password = self.password(hop.password.as_ref().map(|name| &name.value))?;
        let key = hop.key_file.clone().map(|path| KeyFile { path, passphrase: None });
        Ok(Endpoint {
            host: hop.host.clone(),
            port: hop.port,
            user: hop.user.clone(),
            credentials: Credentials { agent: key.is_none() && password.is_none(), key, password },
            fingerprint: hop.host_key.clone(),
            legacy: false,
        })
    }
}

impl Connect for Cable {
    fn connect(&self) -> Result<Session, ConnectError> {
        match &self.connection {
            Connection::Serial(serial) => self.open_serial(serial),
            Connection::Ssh(ssh) => self.open_ssh(ssh),
            Connection::Mock(_) => Err(ConnectError::NoMock),
        }
    }

    fn transport(&self) -> &'static str {
        self.connection.kind()
    }

    fn peer(&self) -> String {
        match &self.connection {
            Connection::Serial(serial) => port_choice(&serial.port).to_string(),
            Connection::Ssh(ssh) => format!("{}@{}:{}", ssh.user, ssh.host.value, ssh.port),
            Connection::Mock(_) => "mock".to_owned(),
        }
    }

    fn warnings(&self) -> Vec<Text> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn pair(login: &DeclaredLogin) -> (String, CredentialName) {
    (login.user.clone(), login.password.value.clone())
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
