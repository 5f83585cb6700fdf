//! Many routers: how many at once, when to stop beginning more, and in which order they are reported.
//!
//! A `dispatcher` owns the state of the run and decides what begins; executors carry tasks out, each task on a thread of its own, and
//! share nothing with it but messages. What has begun is always awaited. Nothing here opens a session or types a line.

mod applying;
mod applying_late;
mod changing;
mod clock;
mod control;
mod dispatcher;
mod driver;
mod env;
mod executor;
mod facts;
mod inspecting;
mod messages;
mod needs;
mod notes;
mod reading;
mod recovering;
mod restarting;
mod rules;
mod sites;
mod task;
mod turn;

use crate::message::CodeEntry;

pub use applying::Applying;
pub use applying_late::ApplyingLate;
pub use clock::{Clock, Moment, WallClock};
pub use control::{Control, Inbox, Message};
pub use driver::Fleet;
pub use env::ExecutorEnv;
pub use executor::{Executor, Unfinished};
pub use facts::is_wrong_password;
pub use messages::{AwaitedApproval, EndFacts, Mode, Order, Proof, Report, Snapshot};
pub use needs::{Needs, Trait};
pub use reading::{BackingUp, Backup, Kept, LineLook, LookingAtLines, Reading, ReadingInto, Verifying};
pub use recovering::Recovering;
pub use restarting::Restarting;
pub use rules::{
    Bake, Budget, ComeBack, Earlier, Gathered, GroupRules, HoldRules, Limits, LoginRate, Needed, Rules, StepRules,
    Window, WindowRules, default_budgets,
};
pub use sites::{SiteMember, group_by_site, site_groups};
pub use task::{
    Action, Apply, ApplyLate, ApplyLateTask, ApplyTask, BackUp, BackUpTask, LineTask, LookAtLine, Read, ReadTask,
    Recover, RecoverTask, Restart, RestartTask, RouterTask, Task, Verify, VerifyTask,
};
pub use turn::Turn;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[Unfinished::CODES, inspecting::Unproven::CODES];

#[cfg(test)]
#[path = "fleet_tests.rs"]
mod tests;
