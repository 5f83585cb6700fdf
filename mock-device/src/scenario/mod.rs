//! What a run of the mock consists of: routers, how they start, how they answer, what goes wrong.
//!
//! Built in code by tests, or read from a YAML file by the binary.

mod fault;
mod key_display;
mod line;
mod readings;

use std::net::Ipv4Addr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use crate::device::Model;
pub(crate) use fault::Armed;
pub use fault::{Fault, SaveFault, When};
pub use key_display::KeyDisplay;
pub use line::LineDns;
pub use readings::{
    Absent, Algorithms, Cut, DeadLock, Duplicate, EmptyStartup, GroupAgain, MissingList, NoDescription, Overlap,
    PagerErase, Quote, Readings, Rebind, Texts,
};

use crate::error::MockError;

/// A set of routers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// Everything random follows from it.
    pub seed: u64,
    /// The routers.
    pub routers: Vec<RouterSpec>,
}

impl Scenario {
    /// Reads a scenario file's text.
    ///
    /// # Errors
    /// When it is not YAML of the documented form.
    pub fn from_yaml(text: &str) -> Result<Self, MockError> {
        serde_saphyr::from_str(text).map_err(|error| MockError::Scenario(error.to_string()))
    }
}

/// How a router can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransportSpec {
    /// SSH on a port of the loopback address.
    Ssh,
    /// A serial console on a pseudo terminal.
    Serial {
        /// Bits per second that the line is slowed down to; nothing is as fast as it goes.
        #[serde(default)]
        baud: Option<u32>,
    },
    /// Telnet on a port of the loopback address.
    Telnet,
    /// Nothing but `Mock::open`, inside the process.
    Channel,
}

/// What a router holds when it starts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// Nothing: no login, no SSH, every interface shut.
    FactoryDefault,
    /// A host name, an administrator, an SSH server with its key, and a management address; saved.
    #[default]
    Prepared,
    /// This configuration, saved; it is taken as it is.
    Config(String),
    /// The configuration in this file, saved.
    File(PathBuf),
    /// As an earlier run left it: what it ran, and what it had saved.
    Kept {
        /// The running configuration.
        running: String,
        /// The startup configuration; nothing before the first save.
        startup: Option<String>,
    },
}

/// One router.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RouterSpec {
    /// Its name in the ready file and the state folder.
    pub id: String,
    /// Its hardware.
    pub model: Model,
    /// How it can be reached; each way is one endpoint.
    pub transports: Vec<TransportSpec>,
    /// What it holds when it starts.
    pub start: Start,
    /// Its host name; without one a prepared router is called after its id.
    pub hostname: Option<String>,
    /// The administrator of a prepared router.
    pub username: String,
    /// The user's password.
    pub password: String,
    /// Without one it is made from the id.
    pub serial_number: Option<String>,
    /// Without one, the model's usual firmware.
    pub firmware: Option<String>,
    /// The interface SSH and telnet come in by; empty is the model's LAN switch.
    pub management_interface: String,
    /// Its address with the prefix length, `192.0.2.1/24`; a start from a configuration takes the one in that
    /// configuration.
    pub management_address: String,
    /// Whether SSH and telnet go on when that interface has another address: as if one dialled the new one.
    pub management_address_may_change: bool,
    /// Whether SSH answers only at the address that the management interface has, which is then one of 127.0.0.0/8; with a new
    /// address the sessions at the old one end.
    pub dialled_address_counts: bool,
    /// The switch port the management cable is in; nothing is the last port that the interface has at the start.
    pub management_port: Option<u8>,
    /// The address we seem to come from; without one, filters and server access lists are not evaluated.
    pub client_address: Option<Ipv4Addr>,
    /// Milliseconds that bytes take over SSH, each way.
    pub latency_millis: u64,
    /// Whether an SSH host key exists; nothing is: exactly when the router starts prepared.
    pub host_key: Option<bool>,
    /// A display of the host key; none is attested, so there is none without it.
    pub key_display: Option<KeyDisplay>,
    /// Whether sessions inside the process need no login, for rehearsing on a configuration whose passwords no one knows.
    pub trusted_channel: bool,
    /// The IPv6 prefix that the provider delegates by DHCPv6.
    pub delegated_prefix: Option<String>,
    /// The IPv6 prefix of 64 bits that the provider advertises where it delegates none. Without either the line is dead.
    pub advertised_prefix: Option<String>,
    /// What the provider's DNS server does.
    pub dns: LineDns,
    /// How often the DHCPv6 client is looked at in vain, before the provider answers it.
    pub line_after_looks: u32,
    /// An IPv4 address that another host has, too.
    pub duplicate_address: Option<String>,
    /// Terminals on every network that the router gives addresses to.
    pub terminals: u8,
    /// Devices that have a link: `GigaEthernet0`, the clinic's line, where nothing else is said; that of the management interface always has one.
    pub linked: Vec<String>,
    /// Addresses that answer a ping.
    pub answers_ping: Vec<String>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Choices where the fact sheets are silent.
    pub readings: Readings,
}

impl Default for RouterSpec {
    fn default() -> Self {
        Self {
            id: "ix".to_owned(),
            model: Model::default(),
            transports: vec![TransportSpec::Ssh],
            start: Start::default(),
            hostname: None,
            username: "admin".to_owned(),
            password: "mock-password".to_owned(),
            serial_number: None,
            firmware: None,
            management_interface: String::new(),
            management_address: "192.0.2.1/24".to_owned(),
            management_address_may_change: false,
            dialled_address_counts: false,
            management_port: None,
            client_address: None,
            latency_millis: 0,
            host_key: None,
            key_display: None,
            trusted_channel: false,
            delegated_prefix: Some("2001:db8:2000::/56".to_owned()),
            advertised_prefix: None,
            dns: LineDns::default(),
            line_after_looks: 0,
            duplicate_address: None,
            terminals: 0,
            linked: vec!["GigaEthernet0".to_owned()],
            answers_ping: Vec::new(),
            faults: Vec::new(),
            readings: Readings::default(),
        }
    }
}

impl RouterSpec {
    /// A router with this id and everything else as usual.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Its serial number.
    pub fn serial(&self) -> String {
        self.serial_number.clone().unwrap_or_else(|| {
            use sha2::{Digest, Sha256};
            let digest = Sha256::digest(self.id.as_bytes());
            digest.iter().take(10).map(|byte| char::from(b'0' + byte % 10)).collect()
        })
    }

    /// Its firmware version.
    pub fn version(&self) -> &str {
        self.firmware.as_deref().unwrap_or(self.model.firmware())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Fault, Scenario, Start, TransportSpec};

    #[test]
    fn the_example_scenario_is_read() {
        let scenario = Scenario::from_yaml(include_str!("../../scenarios/example.yaml")).unwrap();
        assert_eq!(scenario.seed, 7);
        assert_eq!(scenario.routers[0].transports, vec![TransportSpec::Serial { baud: Some(9600) }]);
        assert_eq!(scenario.routers[0].start, Start::FactoryDefault);
        assert!(scenario.routers.iter().flat_map(|r| &r.faults).any(|f| matches!(f, Fault::Refuse { .. })));
    }

    #[test]
    fn every_documented_key_is_read_and_a_router_starts_with_it() {
        let mut scenario = Scenario::from_yaml(include_str!("../../scenarios/every-key.yaml")).unwrap();
        let spec = scenario.routers.remove(0);
        assert_eq!(spec.faults.len(), 22);
        let readme = include_str!("../../README.md");
        let text = include_str!("../../scenarios/every-key.yaml");
        for line in text.lines().filter(|line| line.starts_with("    ") && line.contains(':')) {
            let key = line.trim().trim_start_matches("- ").split(':').next().unwrap();
            assert!(readme.contains(&format!("`{key}`")), "{key} is not in the README");
        }
        crate::router::Router::new(spec, scenario.seed).unwrap();
    }

    #[test]
    fn an_unknown_word_is_an_error() {
        let error = Scenario::from_yaml("seed: 1\nrouterz: []\n").unwrap_err();
        assert!(error.to_string().contains("routerz"), "{error}");
    }
}
