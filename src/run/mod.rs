//! What the program does with routers: apply, recover, undo, restore, restart, plan, verify, look at lines, back up; and with this machine: `doctor`.
//!
//! Each use case is one function: a request (plain data) in, a result (plain data) out. It orchestrates the modules below and asks
//! the operator through one port, [`Operator`]. Nothing here prints, reads a terminal, or lays out a result: `cli` turns arguments
//! into requests and shows results.

mod apply;
mod aside;
mod asked_secrets;
mod awake;
mod backup;
mod backup_ages;
pub(crate) mod backup_files;
mod barred;
mod begin;
mod call;
mod candidates;
mod change;
mod choice;
mod choice_error;
mod chosen;
mod clear_text;
mod configuration_file;
mod continue_run;
mod controlled;
mod dead_run;
mod declared_boxes;
mod detach;
mod detached;
mod doctor;
mod doctor_console;
mod done_since;
mod drift;
mod end_stopped;
mod enrol;
mod env;
mod error;
mod evidence;
mod execute;
mod exit;
mod finish;
mod firmware;
mod hand_over;
mod hand_over_answer;
mod host_names;
mod identity;
mod input;
mod input_error;
mod kept_configurations;
mod kept_plan;
#[cfg(feature = "kit")]
mod kit;
mod known_logins;
mod known_states;
mod last_state;
mod late;
mod left_to_enrol;
mod line;
mod line_prefix;
mod look;
mod machine_finding;
mod missing_cables;
mod missing_passwords;
mod named_run;
mod needs_person;
mod new_boxes;
mod new_passwords;
mod no_plan;
mod not_done;
mod offline;
mod old_box;
mod old_keys;
mod open_run;
mod operator;
mod options;
mod order;
mod other_form;
mod owner;
mod partition;
mod plan;
mod plan_diff;
mod plan_file;
mod planned_work;
mod portable;
mod prepare;
mod probe;
mod probe_error;
mod question;
mod recorded;
mod recover;
mod rerun;
mod rerun_error;
mod rest;
mod restart;
mod restore;
mod resume;
mod review;
mod reviewed_router;
mod rollout;
mod run_record;
mod saves;
mod security;
mod standing;
mod start_time;
mod swap;
mod swap_asked;
mod swap_error;
mod swap_terms;
mod target;
mod unchanged;
mod undo;
mod undone_run;
mod unfinished;
mod verify;
mod watch;
mod whole_file;
mod windows;

use crate::message::CodeEntry;

pub use apply::{ApplyRequest, PlanHash, apply, apply_loaded, read_plan};
pub use asked_secrets::ask_secrets;
pub use awake::Awake;
pub use backup::{BackupFiles, BackupReport, BackupRequest, BackupResult, backup};
pub use backup_ages::{AgeSpan, BackupAges};
pub use begin::{Basis, Beginning};
pub use call::{Call, Times, call_for};
pub use candidates::{Candidate, candidates};
pub use change::ChangeRun;
pub use clear_text::warn_of_clear_text;
pub use configuration_file::{read_backup, read_bytes, warn_of_masks};
pub use continue_run::{ContinueRequest, Continued, continue_run};
pub use detach::{Detach, DetachRequest, DetachedRun, DetachedWork, detach, leave_terminal};
pub use detached::{AgreedBefore, Detached, take_over_run};
pub use doctor::{DoctorReport, doctor};
pub use doctor_console::{cable_finding, port_finding};
pub use drift::ApprovedPlan;
pub use env::{OpenedJournal, RunEnv};
pub use error::RunError;
pub use evidence::{Evidence, EvidenceRequest, PlanOfRun, by_site, evidence, records_of};
pub use exit::Exit;
pub use finish::FinishedRun;
pub use hand_over_answer::{HandOver, HandOverAnswer};
pub use identity::LearnedBox;
pub use input::{Loaded, Source, load};
pub use input_error::InputError;
pub use kept_configurations::{Configurations, KeptText};
#[cfg(feature = "kit")]
pub use kit::{
    BuiltKit, HostWithoutProof, KitError, KitRequest, OfficeKeyMade, OpenedKit, ReceivedVisit, RouterInKit,
    SealedVisit, ShownKit, VisitFromKit, VisitKit, VisitRequest, build_kit, is_visit_file, make_office_key,
    open_for_visit, open_kit, receive_visit, seal_visit, show_kit,
};
pub use line::{LineReport, LineRequest, LineResult, line};
pub use line_prefix::PrefixChange;
pub use look::{BoxSeen, LookError, LookRequest, look};
pub use machine_finding::{Level, MachineFinding};
pub use named_run::{NoRun, named_run};
pub use needs_person::{Clinic, LeftOpen, PersonNeeded, left_open, needs_person};
pub use no_plan::{NoPlan, without_plan};
pub use operator::{Approval, Asked, IdentityQuestion, NoOperator, Notice, Operator, UndoneInQuestion};
pub use options::{Reach, RunOptions};
pub use order::{OrderRequest, Ordered, order};
pub use owner::{OtherOwner, owned_by_another};
pub use plan::{PlanReport, PlanRequest, plan};
pub use plan_diff::{ClassSize, HeaderChange, Moved, PlanDiff};
pub use plan_file::{HandOverPlan, Made, PlanFile, TestsOf, Unplanned, kept_path, sha256};
pub use planned_work::{PlannedSite, PlannedWork, PlannedWorkRequest, planned_work, planned_work_of};
pub use portable::{
    ExportError, ExportRequest, Exported, ExportedRun, HeadProof, ImportEnd, Imported, ImportedRun, VerifiedExport,
    VerifiedJournal, export, import, imported_recording, imported_run, names_of_imported_runs, verify_export,
    verify_journal,
};
pub use prepare::totals;
pub use probe::{ProbeRequest, probe};
pub use rerun::{RerunRequest, rerun};
pub use rest::RestOfRun;
pub use restart::{RestartRequest, restart};
pub use restore::{RestoreRequest, restore};
pub use resume::{ResumeRequest, resume};
pub use reviewed_router::{ReviewedPlan, ReviewedRouter};
pub use rollout::{GroupPlan, Member, OverrideError, Overrides, RolloutPlan, RunRollout, StepPlan, StepSize};
pub use run_record::{RunRecord, run_record};
pub use security::{
    BackupSource, BackupUsed, Checklist, ChecklistItem, OtherSecret, PasswordAge, RouterSecurity, Security,
    SecurityRequest, User, security,
};
pub use standing::{RoutersLeft, Standing, WaitsFor, not_ended};
pub use start_time::{StartTimeError, shown as shown_time, start_time};
pub use swap::{SwapRequest, swap};
pub use target::FEW;
pub use undo::{ApprovedUndo, UndoRequest, undo};
pub use verify::{VerifyReport, VerifyRequest, verify};
pub use watch::{WatchRequest, Watched, watch};
pub use whole_file::write_whole;
pub use windows::{LookFrom, SiteTimes, next_windows};

pub use crate::transaction::{PlanResult, VerifyResult};

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[
    RunError::CODES,
    choice_error::ChoiceError::CODES,
    NoRun::CODES,
    rerun_error::RerunError::CODES,
    StartTimeError::CODES,
    swap_error::SwapRefused::CODES,
    InputError::CODES,
    ExportError::CODES,
    #[cfg(feature = "kit")]
    KitError::CODES,
    other_form::OtherForm::CODES,
    prepare::PrepareError::CODES,
    probe_error::ProbeRefused::CODES,
    not_done::NotDone::CODES,
    LookError::CODES,
    clear_text::CODES,
    OverrideError::CODES,
];

#[cfg(all(test, feature = "mock"))]
mod night_tests;
#[cfg(all(test, feature = "mock"))]
mod task_tests;
