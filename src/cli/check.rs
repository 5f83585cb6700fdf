//! `check`: everything that can be known to be wrong without a router, all of it at once.

use std::collections::BTreeSet;

use serde_json::json;

use super::args::Input;
use super::context::Context;
use super::error::{Exit, Failure};
use super::input::{self, Loaded};
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
    note_left_out(context, &loaded);
    context.document("check", Exit::Done, &json!({ "routers": routers, "sites": sites, "lines": lines }));
    Ok(Exit::Done)
}

/// Names the routers that the playbook or the limit leaves out: one whose role is misspelt is among them.
fn note_left_out(context: &Context, loaded: &Loaded) {
    /// More names than these hide the point.
    const NAMES: usize = 12;
    let concerned: BTreeSet<&str> = loaded.jobs.iter().map(|job| job.router.as_str()).collect();
    let left: Vec<String> = loaded
        .inventory
        .routers()
        .filter(|(_, router)| !concerned.contains(router.name.value.as_str()))
        .map(|(_, router)| {
            let roles: Vec<&str> = router.roles.iter().map(|role| role.value.as_str()).collect();
            format!("{} ({})", router.name.value, roles.join(", "))
        })
        .collect();
    if left.is_empty() {
        return;
    }
    let names = left.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if left.len() > NAMES { ", ..." } else { "" };
    context.say(&match context.lang {
        Lang::En => format!("not concerned, by role or limit: {} router(s): {names}{more}\n", left.len()),
        Lang::Ja => format!("ロールまたは対象の指定により対象外: {} 台: {names}{more}\n", left.len()),
    });
}
