//! What is known of routers from a kit, by router: with it, what a router has beyond that is told before it is taken away, and another box
//! can take its place.

use std::collections::HashMap;
use std::sync::Arc;

use crate::record::ReplacedBox;
use crate::transaction::KnownState;

/// What is known, by router; nothing of any where no kit was given.
#[derive(Debug, Clone, Default)]
pub struct KnownStates(HashMap<String, KnownRouter>);

/// What is known of one router.
#[derive(Debug, Clone)]
pub(super) struct KnownRouter {
    /// What it ran.
    pub(super) state: Arc<KnownState>,
    /// The box it was then.
    pub(super) was: ReplacedBox,
    /// Not all of that was proven.
    pub(super) is_unverified: bool,
    /// When it was saved, in milliseconds since 1970 by the office's clock.
    pub(super) saved_ms: i64,
}

impl KnownStates {
    /// These.
    #[cfg(feature = "kit")]
    pub(super) fn new(routers: impl IntoIterator<Item = KnownRouter>) -> Self {
        Self(routers.into_iter().map(|known| (known.was.router.clone(), known)).collect())
    }

    /// What is known that a router ran.
    pub(super) fn of(&self, router: &str) -> Option<Arc<KnownState>> {
        self.0.get(router).map(|known| Arc::clone(&known.state))
    }

    /// All that is known of a router.
    pub(super) fn router(&self, router: &str) -> Option<&KnownRouter> {
        self.0.get(router)
    }
}
