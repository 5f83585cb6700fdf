//! Which routers of a kept plan a work plan is for.

use crate::run::Unplanned;
use crate::transaction::SavedPlan;

/// The routers that a work plan is for.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen<'p> {
    /// The site, where they are those of one.
    pub(super) site: Option<&'p str>,
    pub(super) plans: Vec<&'p SavedPlan>,
    pub(super) unplanned: Vec<&'p Unplanned>,
}
