//! `check`: everything that can be known to be wrong without a router, all of it at once.

use serde_json::json;

use super::args::Input;
use super::context::Context;
use super::error::{Exit, Failure};
use super::input;
use crate::message::Lang;

/// Validates; the result is that it came to its end.
///
/// # Errors
/// Every finding in inventory, playbook, roles and rendered lines.
pub fn run(context: &Context, args: &Input) -> Result<Exit, Vec<Failure>> {
    let loaded = input::load(context, args)?;
    let lines: usize = loaded.jobs.iter().map(|job| job.lines.len()).sum();
    let (routers, sites) = (loaded.jobs.len(), loaded.sites());
    context.say(&match context.lang {
        Lang::En => format!("ok: {routers} router(s) at {sites} site(s), {lines} lines rendered\n"),
        Lang::Ja => format!("問題なし: ルータ {routers} 台、拠点 {sites} か所、生成 {lines} 行\n"),
    });
    context.document("check", Exit::Done, &json!({ "routers": routers, "sites": sites, "lines": lines }));
    Ok(Exit::Done)
}
