//! Values that were found before, by one process for another or for a later vault of the same run: no source is read twice for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{CredentialName, Secret};

/// What was found so far, shared by those who look.
#[derive(Debug, Clone, Default)]
pub struct KnownSecrets(Arc<Mutex<BTreeMap<CredentialName, Known>>>);

/// One value.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) value: Arc<Secret>,
    /// It was typed twice, or did not come from the terminal.
    pub(super) is_certain: bool,
}

impl KnownSecrets {
    /// Values that are certain.
    pub fn certain(values: impl IntoIterator<Item = (CredentialName, Secret)>) -> Self {
        let known = |(name, value)| (name, Known { value: Arc::new(value), is_certain: true });
        Self(Arc::new(Mutex::new(values.into_iter().map(known).collect())))
    }

    /// The same values, apart from these: what is found from now on is known to one of them alone.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self(Arc::new(Mutex::new(self.values().clone())))
    }

    /// Every value by its credential's name. The caller is responsible for where it goes.
    pub fn all(&self) -> Vec<(CredentialName, Arc<Secret>)> {
        self.values().iter().map(|(name, known)| (name.clone(), Arc::clone(&known.value))).collect()
    }

    /// Takes values that are certain, where none was found before.
    pub fn learn(&self, values: impl IntoIterator<Item = (CredentialName, Secret)>) {
        let mut known = self.values();
        for (name, value) in values {
            known.entry(name).or_insert_with(|| Known { value: Arc::new(value), is_certain: true });
        }
    }

    /// Takes everything that was found by another, in the place of what was known.
    pub fn adopt(&self, found: &Self) {
        let found = found.values().clone();
        self.values().extend(found);
    }

    pub(super) fn get(&self, name: &CredentialName) -> Option<Known> {
        self.values().get(name).cloned()
    }

    pub(super) fn keep(&self, name: &CredentialName, known: Known) {
        self.values().insert(name.clone(), known);
    }

    fn values(&self) -> MutexGuard<'_, BTreeMap<CredentialName, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
