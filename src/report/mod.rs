//! What a run leaves for people and programs: progress, log, event file, text and JSON, the work record that is filed, labels, and the security facts.
//!
//! Readers of events and of results; nothing here decides anything, and nothing here sees an unmasked secret.

mod account_text;
mod advice_text;
mod brief;
mod check_text;
mod class_text;
mod counted;
mod coverage_text;
mod csv;
mod events_file;
mod failed_text;
mod failures_text;
mod hand_over_text;
mod in_flight;
mod labels;
mod last_word;
mod line_text;
mod log;
mod markdown;
mod only_waits;
mod page;
mod page_words;
mod plan_page;
mod plan_text;
mod progress;
mod record_text;
mod rollout_table;
mod rollout_text;
mod saved_plan_text;
mod security;
mod shell;
mod sites_text;
mod span;
mod state_text;
mod style;
mod terms_text;
mod unverified_text;
mod waiting;
mod work;
mod work_csv;
mod work_junit;
mod work_page;
mod work_plan;
mod work_plan_csv;
mod work_plan_page;
mod wrap;

pub use account_text::who;
pub use advice_text::{advice, advice_parts};
pub use check_text::{check_words, enrolled_words, tested_words};
pub use class_text::{Without, class, class_rollback_notes, class_summary, own_words, saved_plans, without_plans};
pub use counted::{CountedEnds, counted};
pub use coverage_text::coverage;
pub use events_file::EventsFile;
pub use failed_text::{FailedRouter, failed_routers};
pub use failures_text::{failures, is_failed};
pub use hand_over_text::{hand_over, hand_over_part};
pub use in_flight::InFlight;
pub use labels::{Labels, labels_page};
pub use last_word::LastWord;
pub use line_text::{line_record_words, line_words, misfit_words};
pub use log::{Log, LogLines};
pub use only_waits::OnlyWaits;
pub use page::{Languages, html, markdown};
pub use plan_page::plan_page;
pub use plan_text::{Detail, Group, group, rollback_in_brief, shared_rollback_notes, show, show_as};
pub use progress::Progress;
pub use record_text::record_words;
pub use rollout_table::{budget_words, match_words, rollout};
pub use rollout_text::{rollout_words, step_name};
pub use security::{SecurityRecord, security_csv, security_page};
pub use sites_text::by_site;
pub use span::span;
pub use state_text::{end_words, state_in_brief, state_words};
pub use style::{Style, paint_diff};
pub use terms_text::terms;
pub use unverified_text::unverified;
pub use waiting::waiting_words;
pub use work::{Depth, WorkRecord};
pub use work_csv::work_csv;
pub use work_junit::work_junit;
pub use work_page::{SitePages, fleet_page, work_page};
pub use work_plan::WorkPlan;
pub use work_plan_csv::work_plan_csv;
pub use work_plan_page::work_plan_page;
pub use wrap::{COLUMNS, Wrap, finding_for_screen, for_screen, wrapped};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod work_plan_tests;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod work_tests;
