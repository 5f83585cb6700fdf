//! The conversation with a router: against scripted routers byte by byte, against mock routers over real transports, against the
//! attested transcripts, and what a recording of it holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

mod algorithms;
mod faults;
mod mock_routers;
mod properties;
mod recordings;
mod samples;
mod script;
mod speed;
