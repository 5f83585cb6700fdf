//! What tasks of a run have in common with each other, as data.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a task shares with others of its run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Tasks of one group are in flight together and count as one against the limit: the routers of a site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The console that it goes over: one task at a time uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
    /// What its router has in common with others: where failures gather among them, the others are held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<Trait>,
    /// The longest that it can take, where that is known: a clock that was set or a machine that slept does not make it longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<Duration>,
}

/// Something that routers have in common, by which they are held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "name")]
pub enum Trait {
    /// Model and firmware together: the same unexplained line on two of a kind holds it.
    Kind(String),
    /// The model.
    Model(String),
    /// The firmware.
    Firmware(String),
    /// The first host that the connection goes through.
    JumpHost(String),
    /// The credential that logs in.
    Credential(String),
    /// A named group of the rules.
    Group(String),
}

impl Trait {
    /// Those of a router of this model and firmware, where that is known.
    pub fn of_router(model: &str, firmware: &str) -> Vec<Self> {
        let kind = format!("{model} {firmware}").trim_end().to_owned();
        let known = [Self::Kind(kind), Self::Model(model.to_owned()), Self::Firmware(firmware.to_owned())];
        known.into_iter().filter(|one| !one.name().is_empty()).collect()
    }

    /// The word for what it is.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Kind(_) => "kind",
            Self::Model(_) => "model",
            Self::Firmware(_) => "firmware",
            Self::JumpHost(_) => "jump-host",
            Self::Credential(_) => "credential",
            Self::Group(_) => "group",
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        let (Self::Kind(name)
        | Self::Model(name)
        | Self::Firmware(name)
        | Self::JumpHost(name)
        | Self::Credential(name)
        | Self::Group(name)) = self;
        name
    }
}
