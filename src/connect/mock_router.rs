//! The router behind `connection: mock`: it lives inside this process while it is used, and its two configurations are in a
//! folder in between, so that a person can train without hardware.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use mock_device::{Endpoint, Mock, Model, RouterSpec, Scenario, Start, TransportSpec};

use super::ConnectError;
use crate::dialect::model;
use crate::file::{self, LARGEST};
use crate::inventory::{self, Router};
use crate::journal::{RouterLock, Sharing};
use crate::private;
use crate::secret::Secret;
use crate::session::Login;

/// One mock router, started at the first connection.
pub(super) struct MockRouter {
    name: String,
    model: String,
    serial_number: Option<String>,
    lifeline: Option<inventory::DeclaredLifeline>,
    declared: inventory::Mock,
    folder: PathBuf,
    running: Mutex<Option<Running>>,
}

/// A mock that answers. No other process may run it meanwhile: whichever ended last would keep its own view of the router.
struct Running {
    mock: Mock,
    _alone: RouterLock,
}

/// What keeps a mock router from starting, in its own words.
fn trouble(reason: impl Into<String>) -> ConnectError {
    ConnectError::Mock { reason: reason.into() }
}

impl MockRouter {
    /// The mock of a router that is declared so. `folder` holds a folder for each.
    pub(super) fn new(router: &Router, declared: &inventory::Mock, folder: &Path) -> Self {
        Self {
            name: router.name.value.clone(),
            model: router.model.value.clone(),
            serial_number: router.expected_identity().serial_number,
            lifeline: router.lifeline.as_ref().map(|lifeline| lifeline.value.clone()),
            declared: declared.clone(),
            folder: folder.to_owned(),
            running: Mutex::default(),
        }
    }

    /// Where it answers, and the login that it takes: the declared one, or that which every prepared mock has.
    pub(super) fn answer(&self, declared: Login) -> Result<(Endpoint, Login), ConnectError> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let own = match running.take() {
            Some(own) => own,
            None => self.start(&declared)?,
        };
        let endpoint = own.mock.endpoints().first().cloned();
        *running = Some(own);
        let usual = || {
            let usual = RouterSpec::default();
            Login { user: Some(usual.username), password: Some(Arc::new(Secret::new(usual.password))) }
        };
        let no_user = declared.user.is_none() && !self.declared.factory_default;
        let login = if no_user { usual() } else { declared };
        Ok((endpoint.ok_or_else(|| trouble("it has no way in"))?, login))
    }

    fn start(&self, login: &Login) -> Result<Running, ConnectError> {
        private::folder(&self.folder).map_err(|error| trouble(format!("{}: {error}", self.folder.display())))?;
        let alone = RouterLock::take(&self.folder, &self.name, Sharing::Changing);
        let alone = alone.map_err(|error| trouble(format!("{}: {error}", self.folder.display())))?;
        let mut spec = self.spec()?;
        if let (Some(user), Some(password)) = (&login.user, &login.password) {
            spec.username.clone_from(user);
            password.expose().clone_into(&mut spec.password);
        }
        let kept = self.folder.join(&self.name);
        let read = |name: &str| String::from_utf8(file::read(&kept.join(name), LARGEST).ok()?).ok();
        if let Some(running) = read("running.cfg") {
            // A key is made once and outlives the server that needs it.
            let on = model::dialect_of(&self.model).words().ssh_server;
            spec.host_key = Some(running.lines().any(|line| line.starts_with(on)));
            spec.start = Start::Kept { running, startup: read("startup.cfg") };
        }
        let scenario = Scenario { seed: 1, routers: vec![spec] };
        let mock = Mock::start(scenario, &self.folder).map_err(|error| trouble(error.to_string()))?;
        Ok(Running { mock, _alone: alone })
    }

    /// The router as inventory and scenario describe it, before anything was done to it.
    fn spec(&self) -> Result<RouterSpec, ConnectError> {
        let mut spec = match &self.declared.scenario {
            Some(path) => self.described_in(path)?,
            None => RouterSpec::new(&self.name),
        };
        let known = model::find(&self.model).map_or(self.model.as_str(), |model| model.name);
        let model = Model::ALL.into_iter().find(|model| model.name() == known);
        spec.model = model.ok_or_else(|| ConnectError::NoMockOf { model: known.to_owned() })?;
        spec.transports = vec![match self.declared.serial {
            true => TransportSpec::Serial { baud: None },
            false => TransportSpec::Ssh,
        }];
        if self.declared.factory_default {
            spec.start = Start::FactoryDefault;
        }
        spec.serial_number = self.serial_number.clone().or(spec.serial_number);
        if let Some(lifeline) = &self.lifeline {
            if let Some(interface) = &lifeline.interface {
                spec.management_interface.clone_from(&interface.value);
            }
            if let Some(address) = &lifeline.address {
                spec.management_address = format!("{}/24", address.value);
            }
            spec.management_port = lifeline.switch_port.or(spec.management_port);
        }
        Ok(spec)
    }

    fn described_in(&self, path: &Path) -> Result<RouterSpec, ConnectError> {
        let bytes = file::read(path, LARGEST).map_err(|error| trouble(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| trouble(format!("{}: {error}", path.display())))?;
        let scenario = Scenario::from_yaml(&text).map_err(|error| trouble(format!("{}: {error}", path.display())))?;
        let found = scenario.routers.into_iter().find(|spec| spec.id == self.name);
        found.ok_or_else(|| trouble(format!("{}: it has no router with the id {}", path.display(), self.name)))
    }

    fn keep(&self, mock: &Mock) -> io::Result<()> {
        let folder = self.folder.join(&self.name);
        for (name, text) in
            [("running.cfg", mock.running_config(&self.name)), ("startup.cfg", mock.startup_config(&self.name))]
        {
            let Some(text) = text else { continue };
            let mut file = tempfile::NamedTempFile::new_in(&folder)?;
            file.write_all(text.as_bytes())?;
            file.persist(folder.join(name)).map_err(|error| error.error)?;
        }
        Ok(())
    }
}

impl Drop for MockRouter {
    fn drop(&mut self) {
        let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // The mock itself writes its files a moment after the last line; a program that ends at once must not lose it.
        if let Some(own) = &running
            && let Err(error) = self.keep(&own.mock)
        {
            tracing::warn!(router = %self.name, %error, "the mock router's configuration could not be kept");
        }
    }
}
