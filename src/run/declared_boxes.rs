//! Which router of the inventory a box is declared to be, by its serial number. A run on a few routers knows the boxes of all: a box that is
//! declared for one router is changed under no other name.

use std::collections::HashMap;
use std::sync::Arc;

use crate::inventory::Inventory;

/// The routers of the inventory by the serial numbers that it has for them.
#[derive(Debug, Clone, Default)]
pub struct DeclaredBoxes(Arc<HashMap<String, String>>);

impl DeclaredBoxes {
    /// Those of an inventory. Where two routers are declared with one number, the first one holds.
    pub fn of(inventory: &Inventory) -> Self {
        let declared = inventory.routers().filter_map(|(_, router)| {
            let number = router.expected_identity().serial_number?;
            Some((number, router.name.value.clone()))
        });
        declared.collect()
    }

    /// The router that this box is declared to be.
    pub fn router_of(&self, serial_number: &str) -> Option<&str> {
        self.0.get(serial_number).map(String::as_str)
    }

    /// Each serial number with its router.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(number, router)| (number.as_str(), router.as_str()))
    }
}

impl<N: Into<String>, R: Into<String>> FromIterator<(N, R)> for DeclaredBoxes {
    fn from_iter<T: IntoIterator<Item = (N, R)>>(declared: T) -> Self {
        let mut boxes = HashMap::new();
        for (number, router) in declared {
            boxes.entry(number.into()).or_insert_with(|| router.into());
        }
        Self(Arc::new(boxes))
    }
}
