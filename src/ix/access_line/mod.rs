//! The clinic's access line: what a configuration asks of it, what the router's displays say of it, and whether the two fit.
//!
//! Pure: displays that were read come in, a verdict comes out, each part of it with what it is known from. What is inferred and not
//! attested says so, and what cannot be known from the displays is called not known. Sends nothing and decides nothing about a change.

mod area;
mod finding;
mod misfit;
mod probes;
mod seen;
mod wish;

pub use area::Area;
pub use finding::{Certainty, Finding, Topic};
pub use misfit::{Misfit, misfits};
pub use probes::Probes;
pub use seen::{AccessLine, Internet, Link, Supply};
pub use wish::{LineWish, WantedSupply};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
