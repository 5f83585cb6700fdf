//! `check`: everything that can be known to be wrong without a router, all of it at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::args::Input;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure, PlaceRecord};
use crate::cli::input;
use crate::cli::rollout_args::{self, RolloutArgs};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::waits;
use crate::message::Lang;
use crate::playbook::{self, RenderedRouter, Silenced};
use crate::report::{self, span};
use crate::run::{Loaded, LookFrom, next_windows, totals, warn_of_clear_text};
use crate::transaction::Looks;

/// Validate inventory, playbook, roles and every rendered line, offline
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// What to check
    #[command(flatten)]
    pub input: Input,
    /// What holds otherwise than the playbook's rollout says
    #[command(flatten)]
    pub rollout: RolloutArgs,
}

impl Subcommand for CheckArgs {
    const NAME: &'static str = "check";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str = "インベントリ、プレイブック、ロール、生成される全行をオフラインで検証します";
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy check playbooks/online-eligibility.yaml -i inventories/sample-clinics.yaml"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Validates; the result is that it came to its end.
///
/// # Errors
/// Every finding in inventory, playbook, roles and rendered lines.
fn run(context: &Context, args: &CheckArgs) -> Result<Exit, Vec<Failure>> {
    let loaded = input::load(context, &args.input)?;
    if let Some(probe) = loaded.playbook.probe_beside(&args.input.playbook) {
        playbook::load(&probe).map_err(|found| input::failures(&found))?;
    }
    let rollout = loaded.rollout(&args.rollout.overrides())?.plan(&loaded.members());
    let lines: usize = loaded.rendered.iter().map(|wanted| wanted.lines.len()).sum();
    let (routers, sites) = (loaded.rendered.len(), loaded.sites());
    context.screen.say_prose(&match context.screen.lang {
        Lang::En => format!("ok: {routers} router(s) at {sites} site(s), {lines} lines rendered\n"),
        Lang::Ja => format!("問題なし: ルータ {routers} 台、拠点 {sites} か所、生成 {lines} 行\n"),
    });
    context.screen.say_prose(&report::rollout(&rollout, context.screen.lang));
    for text in next_windows(loaded.times(), LookFrom::new(Timestamp::now(), rollout.needed_time)) {
        context.screen.say_prose(&format!("{}\n", text.get(context.screen.lang)));
    }
    if context.is_verbose() {
        note_bounds(context, &loaded);
    }
    warn_of_clear_text(&*context.operator(), loaded.routers());
    note_left_out(context, &loaded);
    note_silenced(context, &loaded);
    if context.is_verbose() {
        waits::note(context, &loaded);
    }
    let silenced: Vec<Value> = silenced(&loaded).map(|(wanted, found)| document(wanted, found)).collect();
    let rollout = rollout_args::document(&rollout);
    let body = json!({ "routers": routers, "sites": sites, "lines": lines, "silenced": silenced, "rollout": rollout });
    context.screen.document("check", Exit::Done, &body);
    Ok(Exit::Done)
}

/// How long each site can take at most: the sum of its exchanges' bounds, where every declared line has to be typed.
fn note_bounds(context: &Context, loaded: &Loaded) {
    let mut sites: BTreeMap<&str, (usize, Duration)> = BTreeMap::new();
    for wanted in &loaded.rendered {
        let Some((_, router)) = loaded.inventory.router(&wanted.router) else { continue };
        let bound = totals(router).forward(wanted.lines.len(), Looks::of(&wanted.checks));
        let (routers, sum) = sites.entry(&wanted.site).or_default();
        *routers += 1;
        *sum = sum.saturating_add(bound);
    }
    for (site, (routers, bound)) in sites {
        let bound = span(bound, context.screen.lang);
        context.screen.say_prose(&match context.screen.lang {
            Lang::En => {
                format!("site {site}: at most {bound} for {routers} router(s), if every line has to be typed\n")
            }
            Lang::Ja => format!("拠点 {site}: ルータ {routers} 台で最長 {bound}(全行を入力する場合)\n"),
        });
    }
}

/// What was found in the routers' lines and is accepted.
fn silenced(loaded: &Loaded) -> impl Iterator<Item = (&RenderedRouter, &Silenced)> {
    loaded.rendered.iter().flat_map(|wanted| wanted.silenced.iter().map(move |found| (wanted, found)))
}

/// What is accepted is counted, and shown on demand: a reason that no longer holds should be met again.
fn note_silenced(context: &Context, loaded: &Loaded) {
    let mut said: BTreeSet<String> = BTreeSet::new();
    for (wanted, found) in silenced(loaded) {
        let place = found.place.as_ref().map_or_else(|| wanted.router.clone(), ToString::to_string);
        let word = context.screen.lang.pick("silenced", "抑止");
        said.insert(format!(
            "{place}: {word}[{}]: {} ({})",
            found.id,
            found.text.get(context.screen.lang),
            found.reason
        ));
    }
    if said.is_empty() {
        return;
    }
    if context.is_verbose() {
        said.iter().for_each(|line| context.screen.say_prose(&format!("{line}\n")));
    }
    context.screen.say_prose(&match context.screen.lang {
        Lang::En => format!("{} finding(s) silenced with a reason (-v shows them)\n", said.len()),
        Lang::Ja => format!("理由を付けて抑止した指摘: {} 件(-v で表示)\n", said.len()),
    });
}

fn document(wanted: &RenderedRouter, found: &Silenced) -> Value {
    let mut value = json!({ "router": wanted.router, "id": found.id, "text": found.text, "reason": found.reason });
    if let (Some(fields), Some(place)) = (value.as_object_mut(), &found.place) {
        let place = PlaceRecord { file: place.file.name().to_owned(), line: place.line, column: place.column };
        fields.insert("place".into(), json!(place));
    }
    value
}

/// Names the routers that the playbook or the limit leaves out: one whose role is misspelt is among them.
fn note_left_out(context: &Context, loaded: &Loaded) {
    /// More names than these hide the point.
    const NAMES: usize = 12;
    let concerned: BTreeSet<&str> = loaded.rendered.iter().map(|wanted| wanted.router.as_str()).collect();
    let left: Vec<String> = loaded
        .inventory
        .routers()
        .filter(|(_, router)| !concerned.contains(router.name.value.as_str()))
        .map(|(_, router)| {
            let roles: Vec<&str> = router.roles.iter().map(|role| role.value.as_str()).collect();
            let none = context.screen.lang.pick("no role", "ロールなし");
            let roles = if roles.is_empty() { none.to_owned() } else { roles.join(", ") };
            format!("{} ({roles})", router.name.value)
        })
        .collect();
    if left.is_empty() {
        return;
    }
    let names = left.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if left.len() > NAMES { ", ..." } else { "" };
    context.screen.say_prose(&match context.screen.lang {
        Lang::En => format!("not concerned, by role or limit: {} router(s): {names}{more}\n", left.len()),
        Lang::Ja => format!("ロールまたは対象の指定により対象外: {} 台: {names}{more}\n", left.len()),
    });
}
