//! stub
use super::args::LintArgs; use super::context::Context; use super::error::{Exit,Failure};
/// x
pub fn run(_: &Context, _: &LintArgs) -> Result<Exit, Failure> { Ok(Exit::Done) }
