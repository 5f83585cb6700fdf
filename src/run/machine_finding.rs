//! What `doctor` finds out about one part of this machine, as data.

use serde::Serialize;

use crate::message::Text;

/// What was found out about one part of this machine.
#[derive(Debug, Clone)]
pub struct MachineFinding {
    /// Which part: `ssh-algorithms`, `serial-ports`, `console-cables`, `state-folder`, `clock`.
    pub id: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What it is.
    pub text: Text,
    /// What helps; nothing where nothing is wrong.
    pub remedy: Option<Text>,
}

/// How bad a finding about this machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing is wrong.
    Good,
    /// Stops one way of reaching a router.
    Warning,
    /// Stops every deployment.
    Error,
}
