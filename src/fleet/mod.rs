//! Many routers: how many at once, when to stop beginning more, and in which order they are reported.
//!
//! A `dispatcher` owns the state of the run and decides what begins; executors carry tasks out, each task on a thread of its own, and
//! share nothing with it but messages. What has begun is always awaited. Nothing here opens a session or types a line.

mod applying;
mod control;
mod dispatcher;
mod driver;
mod env;
mod executor;
mod messages;
mod reading;
mod recovering;
mod sites;
mod suspects;
mod task;

use crate::message::CodeEntry;

pub use applying::{Applying, Restarting};
pub use control::Control;
pub use dispatcher::{Limits, Needs};
pub use driver::{Fleet, run};
pub use env::ExecutorEnv;
pub use executor::{Executor, Unfinished};
pub use messages::{Mode, Order, Report, Snapshot};
pub use reading::{BackingUp, Backup, Reading, Verifying};
pub use recovering::Recovering;
pub use sites::{SiteMember, group_by_site, site_groups};
pub use task::{
    Action, Apply, ApplyTask, BackUp, BackUpTask, Read, ReadTask, Recover, RecoverTask, Restart, RestartTask,
    RouterTask, Task, Verify, VerifyTask,
};

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[Unfinished::CODES];

#[cfg(test)]
#[path = "fleet_tests.rs"]
mod tests;
