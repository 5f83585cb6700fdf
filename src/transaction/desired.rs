//! What a router should run: as roles render it, a whole configuration, or what it runs today without what one run changed.
//!
//! Serialised it holds no secret value: a rendering has placeholders, and a whole configuration, such as a backup with its secrets, is
//! left out except for its masked text. The reader gets that part from where it is sealed. Plans nothing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Reverse;
use crate::ix::ConfigText;
use crate::ix::mask::mask_text;

/// What a router should run when the transaction is done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub enum Desired {
    /// What it runs: it is read, restarted or backed up, and not changed.
    Unchanged,
    /// What the roles render, where the playbook owns it; secrets are placeholders.
    Rendered(ConfigText),
    /// This configuration: every line and every order, whatever is owned; secrets included.
    Whole(ConfigText),
    /// What it runs today without what one run changed.
    Reverted {
        /// The run.
        run: String,
        /// What it found and what it left.
        reverse: Arc<Reverse>,
    },
    /// One of the last two as it was serialised, without its secrets.
    Withheld(Withheld),
}

/// What is left of a configuration with secrets once it was serialised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Withheld {
    /// A whole configuration, masked: enough to be shown, too little to be typed.
    Whole(String),
    /// The run that is undone; its journal has both configurations.
    Reverted(String),
}

/// The serialised form.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stored {
    Unchanged,
    Rendered(ConfigText),
    #[serde(untagged)]
    Withheld(Withheld),
}

impl From<Stored> for Desired {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Unchanged => Self::Unchanged,
            Stored::Rendered(text) => Self::Rendered(text),
            Stored::Withheld(withheld) => Self::Withheld(withheld),
        }
    }
}

impl From<Desired> for Stored {
    fn from(desired: Desired) -> Self {
        match desired {
            Desired::Unchanged => Self::Unchanged,
            Desired::Rendered(text) => Self::Rendered(text),
            Desired::Whole(text) => Self::Withheld(Withheld::Whole(mask_text(text.as_str()))),
            Desired::Reverted { run, .. } => Self::Withheld(Withheld::Reverted(run)),
            Desired::Withheld(withheld) => Self::Withheld(withheld),
        }
    }
}

impl Desired {
    /// Whether every line and every order is wanted, whatever is owned.
    pub fn is_whole(&self) -> bool {
        !matches!(self, Self::Unchanged | Self::Rendered(_))
    }

    /// The same, its configuration as text alone.
    #[must_use]
    pub(super) fn unread(&self) -> Self {
        match self {
            Self::Rendered(text) => Self::Rendered(text.unread()),
            Self::Whole(text) => Self::Whole(text.unread()),
            Self::Reverted { run, reverse } => Self::Reverted { run: run.clone(), reverse: Arc::new(reverse.unread()) },
            other => other.clone(),
        }
    }

    /// The configuration's text, where it is known before the router is read.
    pub fn text(&self) -> Option<&ConfigText> {
        match self {
            Self::Rendered(text) | Self::Whole(text) => Some(text),
            Self::Unchanged | Self::Reverted { .. } | Self::Withheld(_) => None,
        }
    }

    /// The configurations between which the change lies that is to be undone; none where nothing is.
    pub(super) fn changed_between(&self) -> Vec<&ConfigText> {
        match self {
            Self::Reverted { reverse, .. } => vec![&reverse.before, &reverse.after],
            Self::Unchanged | Self::Rendered(_) | Self::Whole(_) | Self::Withheld(_) => Vec::new(),
        }
    }

    /// What may be shown and kept of it: its text, masked where it holds secrets.
    pub fn shown(&self) -> String {
        match self {
            Self::Rendered(text) => text.as_str().to_owned(),
            Self::Whole(text) => mask_text(text.as_str()),
            Self::Withheld(Withheld::Whole(masked)) => masked.clone(),
            Self::Unchanged | Self::Reverted { .. } | Self::Withheld(Withheld::Reverted(_)) => String::new(),
        }
    }
}
