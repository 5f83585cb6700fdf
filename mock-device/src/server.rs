//! The mock as a whole: its routers, their endpoints, its threads.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::cell::Cell;
use crate::error::MockError;
use crate::event::Event;
use crate::keys;
use crate::router::Router;
use crate::scenario::{Fault, RouterSpec, Scenario, TransportSpec};
use crate::transport::channel::Wire;
use crate::transport::{ssh, telnet};

/// One way into one router, as the ready file lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The router.
    pub id: String,
    /// `ssh`, `serial`, `telnet` or `channel`.
    pub transport: String,
    /// For SSH and telnet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// For SSH and telnet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// For serial: the name to open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// The user of the description, if the router knows this user and password.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// The host name at the start.
    pub hostname: String,
    /// The SSH host key's fingerprint, `SHA256:...`, when there is one.
    pub fingerprint: Option<String>,
}

/// A running set of routers. Dropping it stops everything.
pub struct Mock {
    runtime: Option<Runtime>,
    cells: BTreeMap<String, Cell>,
    endpoints: Vec<Endpoint>,
}

impl Mock {
    /// Starts all routers of a scenario; each keeps its files in a folder of `state_dir` named after its id.
    ///
    /// # Errors
    /// When the scenario contradicts itself, a start configuration is refused, or a socket, terminal or file cannot be
    /// opened.
    pub fn start(scenario: Scenario, state_dir: &Path) -> Result<Self, MockError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("mock-ix")
            .enable_all()
            .build()
            .map_err(|error| MockError::File { path: state_dir.to_owned(), error })?;
        let mut mock = Self { runtime: None, cells: BTreeMap::new(), endpoints: Vec::new() };
        let mut ids = BTreeSet::new();
        for spec in scenario.routers {
            let plain = !spec.id.is_empty()
                && !spec.id.starts_with('.')
                && spec.id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
            if !plain || !ids.insert(spec.id.clone()) {
                return Err(MockError::Id(spec.id));
            }
            mock.add(&runtime, spec, scenario.seed, state_dir)?;
        }
        mock.runtime = Some(runtime);
        Ok(mock)
    }

    fn add(&mut self, runtime: &Runtime, spec: RouterSpec, seed: u64, state_dir: &Path) -> Result<(), MockError> {
        let id = spec.id.clone();
        let folder = state_dir.join(&id);
        let router = Router::new(spec.clone(), seed)?;
        let hostname = router.device.config.hostname().to_owned();
        let known = router.right_of(&spec.username, &spec.password).is_some();
        let fingerprint = router.host_key.map(keys::fingerprint);
        let cell = Cell::new(router, &folder)?;
        self.cells.insert(id.clone(), cell.clone());
        for transport in &spec.transports {
            let mut endpoint = Endpoint {
                id: id.clone(),
                transport: String::new(),
                host: None,
                port: None,
                path: None,
                username: known.then(|| spec.username.clone()),
                password: known.then(|| spec.password.clone()),
                hostname: hostname.clone(),
                fingerprint: fingerprint.clone(),
            };
            let name = match transport {
                TransportSpec::Ssh => "ssh",
                TransportSpec::Telnet => "telnet",
                TransportSpec::Serial { .. } => "serial",
                TransportSpec::Channel => "channel",
            };
            name.clone_into(&mut endpoint.transport);
            let failed = |error| MockError::Transport { router: id.clone(), transport: name, error };
            match transport {
                TransportSpec::Ssh | TransportSpec::Telnet => {
                    let own = if spec.dialled_address_counts { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
                    let listener = runtime.block_on(TcpListener::bind((own, 0))).map_err(failed)?;
                    endpoint.host = Some(Ipv4Addr::LOCALHOST.to_string());
                    endpoint.port = Some(listener.local_addr().map_err(failed)?.port());
                    if *transport == TransportSpec::Ssh {
                        ssh::spawn(runtime, cell.clone(), listener).map_err(failed)?;
                    } else {
                        runtime.spawn(telnet::serve(cell.clone(), listener));
                    }
                }
                TransportSpec::Serial { baud } => {
                    endpoint.path = Some(serial(runtime, &cell, &folder, *baud).map_err(failed)?);
                }
                TransportSpec::Channel => {}
            }
            self.endpoints.push(endpoint);
        }
        Ok(())
    }

    /// The ways in, in the order of the scenario.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// A router's running configuration as it would print it, without the header.
    pub fn running_config(&self, id: &str) -> Option<String> {
        Some(self.cells.get(id)?.with(|router| router.body().join("\n") + "\n"))
    }

    /// A router's startup configuration, without the header; nothing before the first save.
    pub fn startup_config(&self, id: &str) -> Option<String> {
        self.cells.get(id)?.with(|router| router.startup.as_ref().map(|saved| saved.body.join("\n") + "\n"))
    }

    /// What happened on a router so far.
    pub fn events(&self, id: &str) -> Vec<Event> {
        self.cells.get(id).map(|cell| cell.with(|router| router.events().to_vec())).unwrap_or_default()
    }

    /// The SSH host key a router has now.
    pub fn fingerprint(&self, id: &str) -> Option<String> {
        self.cells.get(id)?.with(|router| router.host_key.map(keys::fingerprint))
    }

    /// Sets a fault on a running router.
    ///
    /// # Errors
    /// When there is no such router, or the fault holds a malformed regular expression.
    pub fn inject(&self, id: &str, fault: Fault) -> Result<(), MockError> {
        let cell = self.cells.get(id).ok_or_else(|| MockError::NoRouter(id.to_owned()))?;
        cell.with(|router| router.inject(fault))
    }

    /// Opens a session inside the process.
    ///
    /// # Errors
    /// When there is no such router.
    pub fn open(&self, id: &str) -> Result<Wire, MockError> {
        match (self.cells.get(id), &self.runtime) {
            (Some(cell), Some(runtime)) => Ok(Wire::open(cell.clone(), runtime.handle())),
            _ => Err(MockError::NoRouter(id.to_owned())),
        }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(unix)]
fn serial(runtime: &Runtime, cell: &Cell, folder: &Path, baud: Option<u32>) -> std::io::Result<PathBuf> {
    use crate::transport::serial::{Line, serve};
    let link = std::path::absolute(folder.join("console"))?;
    let _inside = runtime.enter();
    let line = Line::open(&link)?;
    runtime.spawn(serve(cell.clone(), line, link.clone(), baud));
    Ok(link)
}

#[cfg(not(unix))]
fn serial(_runtime: &Runtime, _cell: &Cell, _folder: &Path, _baud: Option<u32>) -> std::io::Result<PathBuf> {
    Err(std::io::Error::new(std::io::ErrorKind::Unsupported, "pseudo terminals exist on Unix only"))
}
