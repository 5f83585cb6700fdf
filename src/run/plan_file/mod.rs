//! A plan kept in a file: what was seen, what is wanted, under which terms, and the commands, masked, that follow from it.
//!
//! It holds no secret value. When it is applied, the router is read again and the plan made again; only if both the router and
//! every command are what the file says does anything go out. So the file can be read, sent and reviewed by anyone. What was
//! reviewed is named by the SHA-256 of the file's bytes, which any machine can compute without this program.
//!
//! One file holds the plan of a whole night: what routers share is in it once, and each router has one small entry, also one that has
//! no plan.

mod entries;
mod file;
mod hand_over;
mod kept;
mod read;
mod write;

pub use entries::Entries;
pub(super) use entries::Entry;
pub use file::{Made, PlanFile, Unplanned, demand, is_plan, sha256};
pub use hand_over::{HandOverPlan, TestsOf};
pub use kept::kept_path;
pub(super) use kept::{KeptPlan, keep};
pub use read::read;
pub use write::write;

#[cfg(test)]
mod tests;
