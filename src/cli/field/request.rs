//! What a visit is for, and how it is shown: as the command line says it.

use crate::message::Text;
use crate::run::{RunOptions, Source};

/// What a visit is for.
#[derive(Debug, Clone)]
pub struct VisitRequest {
    /// The playbook, the inventory and the routers that the visit may come to.
    pub source: Source,
    /// What was warned of already: once screens take the terminal's place it stands behind them.
    pub warned: Vec<Text>,
    /// The port, where it is no USB cable.
    pub port: Option<String>,
    /// What the operator chose.
    pub options: RunOptions,
    /// New boxes take the place of those that were there before.
    pub swaps: bool,
    /// Which interface of an old box is which of the new one, `OLD=NEW`.
    pub map: Vec<String>,
    /// How it is shown.
    pub look: FaceChoice,
}

/// How a visit is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct FaceChoice {
    /// Line by line.
    pub plain: bool,
    /// Signs of our own are written in ASCII.
    pub ascii: bool,
}
