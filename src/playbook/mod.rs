//! What a playbook makes of an inventory: for each router the configuration it should have, and how that is checked.
//!
//! Reads playbooks, roles and templates (`load` alone touches the file system), types the variables, renders, and proves
//! that no value turned one command into another. The result is a [`RenderedRouter`] per router; what is on the router is not known
//! here.

mod book;
mod bounds;
mod check;
mod condition;
mod expectation;
#[cfg(feature = "kit")]
mod files;
mod finding;
mod guard;
mod guards;
mod kind;
mod laptop;
mod laptop_kept;
mod line;
mod linted;
mod load;
mod origin;
mod own;
mod owned;
mod phase;
mod policy;
mod rendered;
mod role;
pub mod rollout;
mod shown_key;
mod sources;
mod template;
mod variable;

pub use book::{Play, Playbook};
pub use check::{Check, Level};
pub use condition::FieldTest;
pub use expectation::Expectation;
#[cfg(feature = "kit")]
pub(crate) use files::files;
pub(crate) use finding::CODES;
pub use kind::ValueType;
pub use laptop::{AddressKind, Attempt, LaptopCheck, LaptopTest};
pub use linted::Silenced;
pub use load::{Desired, desired, load};
pub use phase::Phase;
pub use policy::{Firmware, OnLoss, Policy, Silence};
pub use rendered::{RenderedLine, RenderedRouter};
pub use role::Role;
pub use rollout::Rollout;
pub use variable::{Declaration, Given};

#[cfg(test)]
mod diagnostics_tests;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod seed_tests;
