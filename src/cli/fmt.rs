//! stub
use super::args::FmtArgs; use super::context::Context; use super::error::{Exit,Failure};
/// x
pub fn run(_: &Context, _: &FmtArgs) -> Result<Exit, Failure> { Ok(Exit::Done) }
