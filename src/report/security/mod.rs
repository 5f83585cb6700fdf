//! The security facts of routers: one model (`record`), a page and rows made from it.
//!
//! What is asked and answered is the business of `ix::security` and `run::security`; here nothing is decided, and nothing is judged.

mod page;
mod record;
mod rows;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests;
mod words;

pub use page::security_page;
pub use record::SecurityRecord;
pub use rows::security_csv;
