//! A depot: one person, one machine, several consoles, and a list of routers for the day. Boxes come, are set up, and go.
//!
//! One pure state machine, as a visit is: it takes what happened and says what is to be done. It opens nothing, types nothing and reads no
//! clock. `cli/depot` carries its orders out.

mod answers;
mod bay;
mod board;
mod event;
mod list;
mod machine;
mod scan;
mod words;

pub use event::{BoxEnd, DeployOrder, DepotEvent, DepotOrder, LookOrder};
pub use list::Counter;
pub use machine::{Depot, MOST_CONSOLES};

#[cfg(test)]
mod depot_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod time_left_tests;
