//! A router as it was read, and the part of a reading that decides whether a plan still fits.
//!
//! Reads nothing itself.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Boot, Intent};
use crate::dialect::Commands;
use crate::dialect::model;
use crate::ix::{Config, ConfigText, Identity};
use crate::plan;
use crate::secret::CredentialName;

/// A router as it was read.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Which box it is.
    pub identity: Identity,
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
    /// The credential whose value it was, where more than one may have been right.
    pub credential: Option<CredentialName>,
    /// Changes that no one has saved, masked, empty where they are not known; nothing where a restart would bring back what runs.
    pub unsaved: Option<String>,
    /// It was read from a backup whose secrets someone had removed: nothing of that is taken for what runs.
    pub masked: bool,
}

/// The texts of a backup that is read in a router's place.
pub struct BackupTexts {
    /// The running configuration's text.
    pub running_text: String,
    /// The startup configuration's text; nothing where none was kept.
    pub startup_text: Option<String>,
    /// The running configuration.
    pub running: Config,
    /// Secrets were taken out of it.
    pub masked: bool,
}

/// The part of a reading that decides whether a plan still fits the router; holds no secret. In JSON what is not known
/// is the empty text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Which box it is; serial number and firmware are not known where only a backup was read.
    #[serde(flatten, with = "empty_texts")]
    pub identity: Identity,
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
        let identity = Identity { model: Some(intent.device.model.name.to_owned()), ..Identity::default() };
        Self { identity, running: None, startup: None }
    }

    /// Whether a router is another box than this one, or has another firmware, as far as these were known; by the command that shows it.
    pub fn another_box(&self, now: &Identity, commands: &Commands) -> Option<&'static str> {
        let own = &self.identity;
        if own.model != now.model || differs(own.serial_number.as_deref(), now.serial_number.as_deref()) {
            return Some(commands.show_hardware);
        }
        differs(own.firmware.as_deref(), now.firmware.as_deref()).then_some(commands.show_version)
    }

    /// The first thing in which a router differs from what a plan was made for, by the command that shows it. What an offline
    /// plan could not know (serial number, firmware, startup configuration, from a masked backup the running one) is not compared.
    pub fn first_difference(&self, now: &Self, commands: &Commands) -> Option<&'static str> {
        if let Some(what) = self.another_box(&now.identity, commands) {
            return Some(what);
        }
        if differs(self.running.as_deref(), now.running.as_deref()) {
            return Some(commands.show_running);
        }
        let startup_unknown = self.identity.firmware.is_none() && self.startup.is_none();
        (!startup_unknown && self.startup != now.startup).then_some(commands.show_startup)
    }
}

/// Whether what was known is something else now.
fn differs(known: Option<&str>, now: Option<&str>) -> bool {
    known.is_some() && known != now
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

/// The same of a box: each part is written, and one that is not known as the empty text.
mod empty_texts {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::ix::Identity;

    #[derive(Serialize, Deserialize)]
    struct Written {
        model: String,
        serial_number: String,
        firmware: String,
    }

    pub fn serialize<S: Serializer>(identity: &Identity, serializer: S) -> Result<S::Ok, S::Error> {
        let [model, serial_number, firmware] =
            [identity.model(), identity.serial_number(), identity.firmware()].map(str::to_owned);
        Written { model, serial_number, firmware }.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Identity, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let known = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(Identity {
            model: known(written.model),
            serial_number: known(written.serial_number),
            firmware: known(written.firmware),
            host_name: None,
        })
    }
}

/// The part of a reading that is sealed in the journal: everything from which the rest can be derived again. Never
/// printed.
#[derive(Serialize, Deserialize)]
pub(super) struct Texts {
    #[serde(flatten)]
    identity: Identity,
    #[serde(default)]
    boot: Boot,
    running: String,
    startup: Option<String>,
    login_proven: bool,
    #[serde(default)]
    credential: Option<CredentialName>,
}

impl Texts {
    /// The running configuration alone.
    pub(super) fn into_running(self) -> ConfigText {
        ConfigText::new(self.running)
    }
}

impl From<Texts> for Observed {
    fn from(texts: Texts) -> Self {
        Self {
            running: Config::parse(model::dialect_of(texts.identity.model()), &texts.running),
            identity: texts.identity,
            boot: texts.boot,
            running_text: texts.running,
            startup_text: texts.startup,
            login_proven: texts.login_proven,
            credential: texts.credential,
            unsaved: None,
            masked: false,
        }
    }
}

impl Observed {
    /// A router known only by a backup: model and serial number come from the inventory, the firmware is not known.
    pub(super) fn of_backup(intent: &Intent, texts: BackupTexts) -> Self {
        Self {
            identity: Identity { host_name: None, ..intent.device.identity() },
            boot: Boot::default(),
            running_text: texts.running_text,
            startup_text: texts.startup_text,
            running: texts.running,
            login_proven: false,
            credential: None,
            unsaved: None,
            masked: texts.masked,
        }
    }

    /// What is sealed of it.
    pub(super) fn texts(&self) -> Texts {
        Texts {
            identity: self.identity.clone(),
            boot: self.boot.clone(),
            running: self.running_text.clone(),
            startup: self.startup_text.clone(),
            login_proven: self.login_proven,
            credential: self.credential.clone(),
        }
    }

    /// Another text of the same router, as it is read.
    pub fn parse(&self, text: impl AsRef<str>) -> Config {
        Config::parse(self.running.dialect(), text)
    }

    /// What it would start with; empty where the router shows none.
    pub(super) fn startup(&self) -> Config {
        self.startup_text.as_deref().map_or_else(|| Config::empty(self.running.dialect()), |text| self.parse(text))
    }

    /// What a plan for this router is bound to.
    pub fn fingerprint(&self) -> Fingerprint {
        let known = |config: &Config| (!self.masked).then(|| digest(config));
        Fingerprint {
            identity: self.identity.clone(),
            running: known(&self.running),
            startup: self.startup_text.as_deref().and_then(|text| known(&self.parse(text))),
        }
    }
}

/// SHA-256 of a canonical configuration without its secret values, so that another laptop can compare it.
pub(crate) fn digest(config: &Config) -> String {
    let canonical = plan::canonical(config, |line| line.masked().into()).join("\n");
    Sha256::digest(canonical.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
