//! The dialect of the IX2000 and IX3000 series, as data.

use super::Definition;
use super::device_strings::SHOW_CONFIG;

/// The grammar's table.
pub(super) const TABLE: &str = include_str!("grammar/table.ixg");

pub(super) const DEFINITION: Definition = Definition {
    name: "ix",
    series: "IX2000 and IX3000",
    tables: &[TABLE],
    // A firmware may know one of them only (M).
    startup_otherwise: &[SHOW_CONFIG],
};
