//! How many of the sites that fit belong to a step.

use serde::{Deserialize, Serialize};

/// How many sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// All that fit and are in no earlier step.
    #[default]
    All,
    /// At most this number of them.
    Count(usize),
    /// At most this percentage of all that fit, in an earlier step or not; rounded up, so that a tenth of three sites is one.
    Percent(u8),
}

impl Amount {
    /// The number of sites, of so many that fit.
    pub fn of(self, fitting: usize) -> usize {
        match self {
            Self::All => fitting,
            Self::Count(count) => count,
            Self::Percent(percent) => fitting.saturating_mul(usize::from(percent)).div_ceil(100),
        }
    }
}
