//! What is kept of a router's plan, in a plan file and in the journal, and how what any version has kept is read.

mod earlier;
mod error;
mod packed;
mod plan;
mod shared;

use serde::Deserialize;
use serde_json::Value;

pub use self::earlier::EarlierPlan;
pub use self::error::SavedPlanError;
pub use self::packed::{NamedClass, PackedPlan, Packer, Unpacker};
pub use self::plan::{GuessedLine, LineCaution, SavedPlan, masked};
pub use self::shared::of_json;
use crate::dialect::model::Model;

impl SavedPlan {
    /// Reads what any version has written into the journal. `model` is the inventory's, for the forms that do not name it.
    ///
    /// # Errors
    /// [`SavedPlanError`] when it cannot be understood, or is of a version that is not known.
    pub fn read(kept: &Value, model: &'static Model) -> Result<Self, SavedPlanError> {
        let router = kept.pointer("/intent/router").or_else(|| kept.get("router"));
        let router = router.and_then(Value::as_str).unwrap_or_default().to_owned();
        let invalid = |error: serde_json::Error| SavedPlanError { router, why: of_json(&error) };
        match kept.get("intent") {
            Some(_) => Self::deserialize(kept).map_err(invalid)?.checked(),
            None => EarlierPlan::deserialize(kept).map_err(invalid)?.into_plan(model),
        }
    }
}

#[cfg(test)]
mod tests;
