//! From what people wrote about a router to what is wanted of it and the way to it. Nothing is opened here.

use std::sync::Arc;

use super::declared_boxes::DeclaredBoxes;
use super::host_names::HostNames;
use super::known_logins::KnownLogins;
use super::known_states::KnownStates;
use super::target::{Target, known_as};
use crate::connect::Connect;
use crate::connect::{self, ConnectOptions, Connector};
use crate::dialect::model::{self, Model};
use crate::facts::Facts;
use crate::inventory::{self, ConsoleHere, Inventory, Router, Site};
use crate::message::{Explain, Text};
use crate::plan::{Lifeline, LifelinePath};
use crate::playbook;
use crate::record::ReplacedBox;
use crate::transaction::{AccessPath, Bounds, Desired, ExpectedDevice, Intent, Terms};

/// What the operator decided on the command line, for every router of a run.
#[derive(Clone)]
pub struct Choices {
    /// Config mode may be taken from its holder.
    pub take_over: bool,
    /// Unsaved changes of others may become permanent.
    pub adopt: bool,
    /// Secrets that cannot be compared are entered.
    pub set_secrets: bool,
    /// Plan and undo are rehearsed on a mock router too.
    pub rehearse_on_mock: bool,
    /// The routers are in their clinics, not on a bench.
    pub at_clinic: bool,
    /// Why the clinic's line is not open yet.
    pub line_pending: Option<String>,
    /// Why sites are touched although their windows and opening hours say no.
    pub outside_windows: Option<String>,
    /// The console of this machine over which the router is reached, whatever the inventory says.
    pub console: Option<ConsoleHere>,
    /// What was learned of models and reviewed.
    pub facts: Facts,
    /// The boxes that the whole inventory names, also of routers that take no part.
    pub declared_boxes: DeclaredBoxes,
    /// The host names that count, by router.
    pub host_names: HostNames,
    /// The logins that routers take, as the journal says.
    pub logins: KnownLogins,
    /// What is known of the routers from a kit.
    pub states: KnownStates,
    /// The box in whose place another one is.
    pub replaces: Option<Box<ReplacedBox>>,
    /// What the ways to the routers share.
    pub connect_options: ConnectOptions,
}

impl Choices {
    /// Whether a box is in the place of another one, by a swap or as a person says of a restore.
    pub(super) fn is_of_new_box(&self) -> bool {
        self.replaces.is_some() || self.connect_options.new_keys.is_some()
    }
}

/// Why a router cannot be prepared for a run.
#[derive(Debug, Explain)]
pub enum PrepareError {
    /// The model is unknown.
    #[explain(
        code = "inventory.unknown-model",
        en = "{router}: no model is called {model}",
        ja = "{router}: 機種 {model} は登録されていません",
        with(known = known_models()),
        hint(en = "known models: {known}", ja = "登録済みの機種: {known}")
    )]
    Model {
        /// The router.
        router: String,
        /// The inventory's word.
        model: String,
    },
    /// A plan's router has no place in this inventory.
    #[explain(
        code = "inventory.unknown-router",
        en = "{router} is not in this inventory",
        ja = "{router} はこのインベントリにありません",
        hint(
            en = "use the inventory that the plan was made with",
            ja = "計画の作成に使ったインベントリを指定してください"
        )
    )]
    Unknown {
        /// The router.
        router: String,
    },
    /// A router that the operator named is not in this inventory.
    #[explain(
        code = "inventory.unknown-router",
        en = "{router} is not in this inventory",
        ja = "{router} はこのインベントリにありません",
        hint(
            when = hint.is_none(),
            en = "name a router of the inventory that you gave with -i",
            ja = "-i で指定したインベントリのルータ名を指定してください"
        ),
        hints = hint.clone()
    )]
    Misnamed {
        /// The name.
        router: String,
        /// What it may have been meant to be.
        hint: Option<Text>,
    },
}

fn known_models() -> String {
    model::all().iter().map(|model| model.name).collect::<Vec<_>>().join(", ")
}

/// A router of an inventory, ready to be read or changed as a playbook says.
///
/// # Errors
/// [`PrepareError`] when the model is not known.
pub fn prepare(
    inventory: &Inventory,
    rendered: &playbook::RenderedRouter,
    choices: &Choices,
) -> Result<Target, PrepareError> {
    let unknown = || PrepareError::Unknown { router: rendered.router.clone() };
    let (site, router) = inventory.router(&rendered.router).ok_or_else(unknown)?;
    let mut target = bare(site, router, choices)?;
    let intent = Arc::make_mut(&mut target.intent);
    intent.roles.clone_from(&rendered.roles);
    intent.desired = Desired::Rendered(rendered.config.clone());
    let allowed = &rendered.policy;
    intent.terms = Terms {
        lost: allowed.lost,
        allow_reload: allowed.allow_reload,
        allow_lifeline_change: allowed.allow_lifeline_change,
        allow_unrecognised: allowed.allow_unrecognised,
        set_secrets: choices.set_secrets || allowed.set_secrets,
        max_line: allowed.max_line,
        min_firmware: rendered.min_firmware.clone(),
        owns: rendered.ownership.clone(),
        checks: rendered.checks.clone(),
        ..intent.terms.clone()
    };
    target.laptop = rendered.laptop.as_slice().into();
    target.foresee_password();
    Ok(target)
}

/// A router of an inventory with nothing wanted of it: it is only read.
///
/// # Errors
/// [`PrepareError::Model`].
pub fn bare(site: &Site, router: &Router, choices: &Choices) -> Result<Target, PrepareError> {
    let known_as = known_as(router);
    let on_console = choices.console.as_ref().map(|console| router.on_console(console));
    let router = on_console.as_ref().unwrap_or(router);
    let connector = Connector::new(router, choices.connect_options.clone());
    if let Some(login) = choices.logins.get(&router.name.value) {
        connector.journalled(login);
    }
    let through = router.lifeline.iter().flat_map(|lifeline| &lifeline.value.through);
    let intent = Intent {
        router: router.name.value.clone(),
        site: site.name.value.clone(),
        roles: router.roles.iter().map(|role| role.value.clone()).collect(),
        device: ExpectedDevice {
            model: find_model(router)?,
            fact: choices.facts.of(&router.model.value).cloned(),
            serial_number: router.expected_identity().serial_number,
            host_name: choices.host_names.get(&router.name.value).cloned(),
        },
        desired: Desired::Unchanged,
        terms: Terms {
            adopt: choices.adopt,
            take_over: choices.take_over,
            at_clinic: choices.at_clinic,
            line_pending: choices.line_pending.clone(),
            known: choices.states.of(&router.name.value),
            ..Terms::default()
        },
        path: AccessPath {
            lifeline: lifeline(router),
            dialled: router.connection.dialled().map(|(host, _)| host.value.clone()),
            second_way: connector.second_way().map(|way| format!("{} {}", way.transport(), way.peer())),
            through: through.map(|other| other.value.clone()).collect(),
            login: connector.login(),
            gives_back: None,
        },
        bounds: totals(router),
        rehearse_on_mock: choices.rehearse_on_mock,
    };
    Ok(Target {
        intent: Arc::new(intent),
        connector: Arc::new(connector),
        schedule: match choices.at_clinic && choices.outside_windows.is_none() {
            true => Arc::clone(&site.schedule),
            // A box on a bench disturbs no one.
            false => Arc::new(site.schedule.without_rules()),
        },
        title: site.title.as_deref().map(Arc::from),
        laptop: Arc::default(),
        is_box_declared: router.expected_identity().serial_number.is_some(),
        do_not_touch: site.do_not_touch.as_ref().map(|declared| Arc::new(declared.value.clone())),
        known_as,
    })
}

/// How long a transaction with a router may take at most.
pub fn totals(router: &Router) -> Bounds {
    let usual = Bounds::default();
    Bounds {
        exchanges: connect::bounds(router),
        lock: router.deadlines.lock.unwrap_or(usual.lock),
        idle: router.deadlines.idle.unwrap_or(usual.idle),
        patience: router.deadlines.reload.unwrap_or(usual.patience),
    }
}

fn find_model(router: &Router) -> Result<&'static Model, PrepareError> {
    model::find(&router.model.value)
        .ok_or_else(|| PrepareError::Model { router: router.name.value.clone(), model: router.model.value.clone() })
}

/// Declared, or a console, or unknown for now: only the router knows on which interface the address we dial is.
fn lifeline(router: &Router) -> Lifeline {
    if router.connection.is_console() {
        return Lifeline::Console;
    }
    let declared = router.lifeline.as_ref().map(|declared| &declared.value);
    declared.map_or(Lifeline::Unknown, |declared| Lifeline::Path(path(declared)))
}

fn path(declared: &inventory::DeclaredLifeline) -> LifelinePath {
    let interface = declared.interface.as_ref().map(|interface| interface.value.clone());
    let device = interface.as_deref().and_then(model::Parts::of).map(|parts| parts.device());
    LifelinePath {
        switch_port: device.zip(declared.switch_port),
        interface,
        address: declared.address.as_ref().map(|address| address.value.clone()),
        filters: declared.filters.clone(),
        routes: declared.routes.clone(),
        outer_path: declared.outer_path.clone(),
    }
}
