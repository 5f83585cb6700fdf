//! The clinic that is measured: a router with the document's sample configuration A, router 1, and our management path beside it.

use std::fmt::Write as _;
use std::path::Path;

use mock_device::{Endpoint, Mock, RouterSpec, Scenario, Start};

use crate::stage::{PLAYBOOK, Stage};

/// The interface that the session comes in by, its switch port and its address: none that the sample mentions.
pub const INTERFACE: &str = "GigaEthernet2:1.0";
const SWITCH_PORT: u8 = 8;
/// Its address.
pub const ADDRESS: &str = "192.0.2.1";

/// The administrator's line; a configuration that a router shows has its hash, with which no one could log in.
const ADMINISTRATOR: &str = "username admin password plain 1 mock-password administrator";

/// A router that is prepared and has nothing of the sample yet.
pub fn prepared(id: &str) -> RouterSpec {
    let start = format!(
        "hostname {id}\n{ADMINISTRATOR}\nssh-server ip enable\ndevice GigaEthernet2\nvlan-group 1 port {SWITCH_PORT}\n\
         interface {INTERFACE}\nip address {ADDRESS}/24\nno shutdown\n"
    );
    holding(id, start)
}

/// A router with this configuration, reached by the management path.
fn holding(id: &str, start: String) -> RouterSpec {
    RouterSpec {
        start: Start::Config(start),
        host_key: Some(true),
        management_interface: INTERFACE.to_owned(),
        management_port: Some(SWITCH_PORT),
        ..RouterSpec::new(id)
    }
}

/// A clinic in the inventory; `vars` and what else there is of a router comes below.
pub fn site(end: &Endpoint, port: u16, more: &str) -> String {
    let mut text = String::new();
    let id = &end.id;
    let (user, key) = (end.username.as_deref().unwrap_or_default(), end.fingerprint.as_deref().unwrap_or_default());
    let serial = RouterSpec::new(id.as_str()).serial();
    write!(
        text,
        r#"  site-{id}:
    routers:
      {id}:
        model: IX2215
        role: router1
        connection: {{ ssh: {{ host: 127.0.0.1, port: {port}, user: {user}, password: admin-password, host_key: "{key}" }} }}
        deadlines: {{ connect: 120s, login: 50s, command: 120s, read: 120s, lock: 60s }}
        identity: {{ serial_number: "{serial}" }}
        lifeline: {{ interface: {INTERFACE}, address: {ADDRESS}, switch_port: {SWITCH_PORT} }}
        {more}
"#,
    )
    .unwrap();
    text
}

/// What such a router shows once the sample was applied to it.
pub struct Deployed {
    running: String,
}

impl Deployed {
    /// Applies it to one router.
    pub fn once() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mock =
            Mock::start(Scenario { routers: vec![prepared("r1")], ..Scenario::default() }, folder.path()).unwrap();
        let end = &mock.endpoints()[0];
        let sites = site(end, end.port.unwrap(), "vars: { hostname: r1, ntt_area: east }");
        let stage = Stage::new(end.password.as_deref().unwrap_or_default(), &sites);
        let ran = stage.ixdeploy(&["apply", "--yes", "--phase", "bench"], Path::new(PLAYBOOK));
        assert_eq!(ran.status, Some(0), "{}", ran.said);
        Self { running: mock.running_config("r1").unwrap() }
    }

    /// The running configuration of a router with this name.
    pub fn running(&self, id: &str) -> String {
        self.running.replace("hostname r1\n", &format!("hostname {id}\n"))
    }

    /// The same as the start of a mock router.
    pub fn router(&self, id: &str) -> RouterSpec {
        let known =
            |line: &str| if line.starts_with("username admin ") { ADMINISTRATOR } else { line }.to_owned() + "\n";
        holding(id, self.running(id).lines().map(known).collect())
    }
}
