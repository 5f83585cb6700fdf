//! What a run leaves for people and programs: progress, log, event file, text and JSON.
//!
//! Readers of events and of results; nothing here decides anything, and nothing here sees an unmasked secret.

mod coverage_text;
mod events_file;
mod log;
mod paint;
mod plan_text;
mod progress;
mod span;
mod terms_text;
mod under_way;
mod waiting;

pub use coverage_text::coverage;
pub use events_file::EventsFile;
pub use log::{Log, LogLines};
pub use paint::{Paint, paint_diff};
pub use plan_text::{Group, group, show, show_as, ways_back};
pub use progress::{Progress, check_words, state_words};
pub use span::span;
pub use terms_text::terms;
pub use under_way::UnderWay;
pub use waiting::waiting_words;
