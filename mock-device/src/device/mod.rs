//! One router, as a pure state machine: its configuration, what a line does to it, how it is printed.
//!
//! No input, no output, no clock here; sessions and transports are built on it.

pub mod apply;
pub mod config;
pub mod hash;
pub mod mode;
pub mod model;
pub mod print;
pub mod refusal;

pub use apply::Device;
pub use mode::Mode;
pub use model::Model;
pub use refusal::Refusal;

#[cfg(test)]
mod tests;
