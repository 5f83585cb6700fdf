//! One router, one transaction: it ends verified and saved, or undone and proven undone, or it says honestly that it is neither.
//!
//! The IX applies every line at once and knows no rollback, so the transaction is ours: lock, read, compare, push with a stop
//! at the first refused line, read again, check, save, read again; on any failure the inverse, and a proof that it worked.
//! Nothing here knows a transport or a command's text; the session and the plan do. Nothing here prints.

mod advice;
mod agreement;
mod also_changed;
mod apply;
mod approved;
mod boot;
mod bounds;
mod box_claims;
mod change_class;
mod classify;
mod decisions;
mod desired;
mod displays_before;
mod draft;
mod draft_note;
mod error;
mod excuse;
mod execute;
mod fact_note;
mod factory;
mod foreign;
mod forms;
mod inspect;
mod intent;
mod journalling;
mod known_state;
mod late;
mod line_reading;
mod line_seen;
mod logins;
mod machine;
#[cfg(feature = "mock")]
mod mock_rehearsal;
mod observe;
mod observed;
mod outcome;
mod phases;
mod plan_result;
mod probe;
mod read;
mod reconnect_wait;
mod recover;
mod rehearse;
mod restart;
mod resume;
mod rollback_notes;
mod save;
mod saved_plan;
mod sent;
mod shut_port;
mod site;
mod startup;
mod terms;
mod three_way;
mod undo;
mod unverified;
mod verify;
mod wait;
mod which_line;
mod who;

use crate::message::CodeEntry;

pub use crate::record::{Advice, CauseRecord, CheckResult, FailedEnd, Outcome, Unverified};
pub use advice::{Power, phone_meaning};
pub use agreement::Agreement;
pub use boot::Boot;
pub use bounds::{Bounds, Looks};
pub use box_claims::BoxClaims;
pub use change_class::{
    BoundChange, ChangeClass, ClassCheck, ClassDifference, ClassExpectation, ClassGroup, ClassGroups, ClassHash,
    ClassLine, ClassNamer, ClassPolicy, ClassRisks, ClassText, ClassValue, KnownLifeline, Piece, RiskNote,
};
pub use decisions::{Decisions, FailedChecks, LostRouter, RecoveryChoice};
pub use desired::{Desired, Withheld};
pub use draft::{draft, draft_offline, drift};
pub use error::{
    ChangeError, IdentityError, PreconditionError, RecoveryError, RehearsalError, SaveError, TransactionError,
};
pub use execute::execute;
pub use inspect::Inspection;
pub use intent::{AccessPath, ExpectedDevice, HostName, Intent};
pub use known_state::KnownState;
pub use late::{LateChange, LateEnv, LatePlan, LatePlans, drift_from_review, execute_late};
pub use line_reading::{LineReading, read_line};
pub use line_seen::SeenLine;
pub use observe::{Looked, Purpose, back_up, observe};
pub(crate) use observed::digest;
pub use observed::{BackupTexts, Fingerprint, Observed};
pub use outcome::{hint_unfinished_run, unfinished_cause};
pub use phases::TransactionEnv;
pub use plan_result::{BaseRecord, PlanResult, Planned, VerifyResult};
pub use rehearse::rehearse_on_mock;
pub use restart::restart;
pub use resume::{Interrupted, before_of, load_interrupted, observed_before, resume};
pub use saved_plan::{
    EarlierPlan, GuessedLine, LineCaution, NamedClass, PackedPlan, Packer, SavedPlan, SavedPlanError, Unpacker, masked,
    of_json,
};
pub use site::{BarrierMember, Partner, SiteBarrier};
pub use terms::Terms;
pub use three_way::{Reverse, revert_onto};

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[
    TransactionError::CODES,
    IdentityError::CODES,
    PreconditionError::CODES,
    RehearsalError::CODES,
    ChangeError::CODES,
    SaveError::CODES,
    RecoveryError::CODES,
    SavedPlanError::CODES,
    outcome::UnfinishedRun::CODES,
];

/// The notes that a draft adds to its plan.
pub(crate) const NOTES: &[CodeEntry] = draft_note::DraftNote::CODES;
