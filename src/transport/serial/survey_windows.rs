//! Windows tells none of this without administrators' tools: the device manager shows it.

use super::survey::{Chip, Holder, PortGroup};

/// No group owns a port.
pub(super) fn group_of(_port: &str) -> Option<PortGroup> {
    None
}

/// Which program has a port open is not told.
pub(super) fn holder_of(_port: &str) -> Option<Holder> {
    None
}

/// A cable without a driver has no port, and is seen in the device manager alone.
pub(super) fn without_driver() -> Option<Vec<Chip>> {
    None
}
