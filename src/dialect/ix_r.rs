//! The dialect of the IX-R and IX-V series, as data: what it does otherwise than that of the IX2000 and IX3000 series.
//!
//! Second hand, from both official manuals (fact sheet 12); no display of such a router was ever seen.

use super::Definition;
use super::ix::TABLE;

/// What the grammar's table says otherwise: commands that are missing, moved or new.
const DIFFERENCES: &str = include_str!("grammar/ix-r.ixg");

pub(super) const DEFINITION: Definition = Definition {
    name: "ix-r",
    series: "IX-R and IX-V",
    tables: &[TABLE, DIFFERENCES],
    // `show config` is gone (fact sheet 12).
    startup_otherwise: &[],
};
