//! Everything that happens, as one enum in one envelope.
//!
//! The screen, the log, the events file and the journal are readers of it, and the result of a run that changes routers is put together
//! from it. How durable something must be, and whether that comes before it is shown, is a property of its [`Kind`]: a
//! [`Recorder`] puts what is about to be done on disk before any reader sees it. A record holds no secret: lines come masked, and a refused line
//! with a secret comes by its number alone.
//!
//! Nothing here knows a file, a router or a screen.

mod attempts;
mod connection;
mod detail;
mod durability;
mod envelope;
mod failure;
#[cfg(test)]
pub(crate) mod fixtures;
mod kind;
mod line;
mod outcome;
mod portable;
mod reader;
mod recorder;
mod rollout;
mod router_result;
mod run_id;
mod run_result;
mod run_times;
mod tested;

pub use attempts::Attempts;
pub use connection::{ConnectionRecord, EnrolledRecord, FirstUseRecord, HostKeyProof, LoginRecord, ProvenHostKey};
pub use detail::{Account, Awaited, ComparedWith, Ending, Order, Place, Policy, ReplacedBox};
pub use durability::Durability;
pub use envelope::{Envelope, Scope, Stored};
pub use failure::{CauseMeaning, deciding_cause, failure_class, is_held, is_skipped, meaning_of};
pub use kind::Kind;
pub use line::LineRecord;
pub use outcome::{Advice, CauseRecord, CheckResult, FailedEnd, Outcome, OutcomeDocument, Unverified, settle_hints};
pub use portable::{EndCount, ExportRecord, ImportRecord};
pub use reader::{Reader, Readers, Sink};
pub use recorder::{Archive, Recorder};
pub use rollout::{HeldBecause, HeldRecord, NeededBy, ShortWindowRecord, SpentRecord, StepRecord};
pub use router_result::begins_attempt;
pub(crate) use run_id::milliseconds;
pub use run_id::{RunId, instant, rfc3339, rfc3339_ms, utc};
pub use run_result::{Journalled, RunFollower, RunResult};
pub use run_times::RunTimes;
pub use tested::{TestRecord, Tester};

pub use crate::state::FailureClass;
