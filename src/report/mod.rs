//! What a run leaves for people and programs: progress, log, event file, text and JSON.
//!
//! Readers of events and of results; nothing here decides anything, and nothing here sees an unmasked secret.

mod account_text;
mod advice_text;
mod brief;
mod check_text;
mod class_text;
mod counted;
mod coverage_text;
mod events_file;
mod failed_text;
mod failures_text;
mod in_flight;
mod last_word;
mod log;
mod markdown;
mod plan_page;
mod plan_text;
mod progress;
mod rollout_table;
mod rollout_text;
mod saved_plan_text;
mod sites_text;
mod span;
mod style;
mod terms_text;
mod waiting;
mod wrap;

pub use account_text::who;
pub use advice_text::{advice, advice_parts};
pub use check_text::check_words;
pub use class_text::{Without, class, class_rollback_notes, class_summary, own_words, saved_plans, without_plans};
pub use counted::{CountedEnds, counted};
pub use coverage_text::coverage;
pub use events_file::EventsFile;
pub use failed_text::{FailedRouter, failed_routers};
pub use failures_text::{failures, is_failed};
pub use in_flight::InFlight;
pub use last_word::LastWord;
pub use log::{Log, LogLines};
pub use plan_page::plan_page;
pub use plan_text::{Detail, Group, group, rollback_in_brief, shared_rollback_notes, show, show_as};
pub use progress::{Progress, state_words};
pub use rollout_table::{budget_words, rollout};
pub use rollout_text::rollout_words;
pub use sites_text::by_site;
pub use span::span;
pub use style::{Style, paint_diff};
pub use terms_text::terms;
pub use waiting::waiting_words;
pub use wrap::{COLUMNS, Wrap, for_screen, wrapped};
