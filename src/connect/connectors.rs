//! The ways to the routers of a run, found by name. An executor looks here; the task itself holds only the name.

use std::collections::HashMap;
use std::sync::Arc;

use super::Connector;

/// Connectors by router.
#[derive(Clone, Default)]
pub struct Connectors(Arc<HashMap<String, Arc<Connector>>>);

impl Connectors {
    /// The connector of this router; `None` if it is not one of these.
    pub fn of(&self, router: &str) -> Option<&Connector> {
        self.0.get(router).map(|connector| &**connector)
    }
}

impl FromIterator<(String, Arc<Connector>)> for Connectors {
    fn from_iter<T: IntoIterator<Item = (String, Arc<Connector>)>>(connectors: T) -> Self {
        Self(Arc::new(connectors.into_iter().collect()))
    }
}
