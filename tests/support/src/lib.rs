//! What the tests share: mock routers with an inventory for them, and the built program run on both.
//!
//! It knows the program only as a user does, by its command line and files; tests of the library do not need it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

pub mod harness;
pub mod name_server;
pub mod program;
pub mod ran;
#[cfg(unix)]
pub mod shown_key;
