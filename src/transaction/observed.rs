//! A router as it was read, and the part of a reading that decides whether a plan still fits.
//!
//! Reads nothing itself.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Boot, Intent};
use crate::dialect::Commands;
use crate::dialect::model;
use crate::ix::Config;
use crate::ix::show::Device;
use crate::plan;

/// A router as it was read.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Which box it is.
    pub device: Device,
    /// What it says about its last start; distinguishes a restart from a silence.
    pub boot: Boot,
    /// The running configuration's text, unmasked: never printed, never logged.
    pub running_text: String,
    /// The startup configuration's text; nothing where the router shows none.
    pub startup_text: Option<String>,
    /// The running configuration.
    pub running: Config,
    /// Whether the router accepted the login's password in the session that read this.
    pub login_proven: bool,
    /// Changes that no one has saved, masked, empty where they are not known; nothing where a restart would bring back what runs.
    pub unsaved: Option<String>,
}

/// The part of a reading that decides whether a plan still fits the router; holds no secret. In JSON what is not known
/// is the empty text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The model's name.
    pub model: String,
    /// The serial number; not known where only a backup was read and the inventory has none.
    #[serde(with = "empty_where_unknown")]
    pub serial_number: Option<String>,
    /// The firmware's version; not known where only a backup was read.
    #[serde(with = "empty_where_unknown")]
    pub firmware: Option<String>,
    /// SHA-256 of the canonical running configuration, its secrets masked: what says the same has the same one. Not known where only
    /// a masked backup was read.
    #[serde(with = "empty_where_unknown")]
    pub running: Option<String>,
    /// SHA-256 of the canonical startup configuration, its secrets masked; nothing where the router shows none.
    pub startup: Option<String>,
}

impl Fingerprint {
    /// Of a router that has not been read.
    pub(super) fn unread(intent: &Intent) -> Self {
        let model = intent.device.model.name.to_owned();
        Self { model, serial_number: None, firmware: None, running: None, startup: None }
    }

    /// The first thing in which a router differs from what a plan was made for, by the command that shows it. What an offline
    /// plan could not know (serial number, firmware, startup configuration, from a masked backup the running one) is not compared.
    pub fn first_difference(&self, now: &Self, commands: &Commands) -> Option<&'static str> {
        let differs = |known: &Option<String>, now: &Option<String>| known.is_some() && known != now;
        if self.model != now.model || differs(&self.serial_number, &now.serial_number) {
            return Some(commands.show_hardware);
        }
        if differs(&self.firmware, &now.firmware) {
            return Some(commands.show_version);
        }
        if differs(&self.running, &now.running) {
            return Some(commands.show_running);
        }
        let startup_unknown = self.firmware.is_none() && self.startup.is_none();
        (!startup_unknown && self.startup != now.startup).then_some(commands.show_startup)
    }
}

/// The form in which every version has written what is not known of a router.
mod empty_where_unknown {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it with the field")]
    pub fn serialize<S: Serializer>(known: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(known.as_deref().unwrap_or_default())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

/// The part of a reading that is sealed in the journal: everything from which the rest can be derived again. Never
/// printed.
#[derive(Serialize, Deserialize)]
pub(super) struct Texts {
    #[serde(flatten)]
    device: Device,
    #[serde(default)]
    boot: Boot,
    running: String,
    startup: Option<String>,
    login_proven: bool,
}

impl From<Texts> for Observed {
    fn from(texts: Texts) -> Self {
        Self {
            running: Config::parse(model::dialect_of(&texts.device.model), &texts.running),
            device: texts.device,
            boot: texts.boot,
            running_text: texts.running,
            startup_text: texts.startup,
            login_proven: texts.login_proven,
            unsaved: None,
        }
    }
}

impl Observed {
    /// What is sealed of it.
    pub(super) fn texts(&self) -> Texts {
        Texts {
            device: self.device.clone(),
            boot: self.boot.clone(),
            running: self.running_text.clone(),
            startup: self.startup_text.clone(),
            login_proven: self.login_proven,
        }
    }

    /// Another text of the same router, as it is read.
    pub fn parse(&self, text: impl AsRef<[u8]>) -> Config {
        Config::parse(self.running.dialect(), text)
    }

    /// What it would start with; empty where the router shows none.
    pub(super) fn startup(&self) -> Config {
        self.startup_text.as_deref().map_or_else(|| Config::empty(self.running.dialect()), |text| self.parse(text))
    }

    /// What a plan for this router is bound to.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint {
            model: self.device.model.clone(),
            serial_number: Some(self.device.serial_number.clone()),
            firmware: Some(self.device.firmware.clone()),
            running: Some(digest(&self.running)),
            startup: self.startup_text.as_deref().map(|text| digest(&self.parse(text))),
        }
    }
}

/// SHA-256 of a canonical configuration without its secret values, so that another laptop can compare it.
pub(crate) fn digest(config: &Config) -> String {
    let canonical = plan::canonical(config, crate::ix::mask::mask_line).join("\n");
    Sha256::digest(canonical.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
