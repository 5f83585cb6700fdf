//! stub
use super::args::DiffArgs; use super::context::Context; use super::error::{Exit,Failure};
/// x
pub fn run(_: &Context, _: &DiffArgs) -> Result<Exit, Failure> { Ok(Exit::Done) }
