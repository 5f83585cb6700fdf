//! Where checks and tests make sense.

use serde::{Deserialize, Serialize};

/// Where a check makes sense. In JSON it is whether that is the clinic alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "bool", into = "bool")]
pub enum Phase {
    /// Everywhere, also on a bench without lines and neighbours.
    Bench,
    /// Only in the clinic.
    Clinic,
}

impl From<bool> for Phase {
    fn from(clinic: bool) -> Self {
        if clinic { Self::Clinic } else { Self::Bench }
    }
}

impl From<Phase> for bool {
    fn from(phase: Phase) -> Self {
        phase == Phase::Clinic
    }
}
