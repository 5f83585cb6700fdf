//! `show RUN`: a summary of a run, and everything that the journal says about it, record by record. `show PLAN.JSON`: a saved plan, as its reviewer reads it.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::status;
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::local_time::local_time;
use crate::cli::run_text;
use crate::cli::screen::Screen;
use crate::cli::show_saved_plan::{self, Choice};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::inventory::Pattern;
use crate::journal::{RouterRun, RunSummary};
use crate::message::Lang;
use crate::record::{Kind, OutcomeDocument, RunResult, Stored, utc};
use crate::report;
use crate::run::{RunRecord, Standing, run_record};
use crate::state::State;
use crate::visible;

/// More routers than these are shown one by one only if they are named.
const FEW: usize = 10;

/// Show how a run went and what was recorded of it, or a plan kept by `plan -o`
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// The run, `last` for the newest, or a plan kept by `plan -o`
    #[arg(value_name = "RUN|PLAN.JSON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub shown: String,
    /// Only the recorded inverse of each router's plan, secrets masked: what an engineer types where this program cannot
    #[arg(long)]
    pub undo: bool,
    /// A kept plan by sites: each router with its class of change and its own values
    #[arg(long, conflicts_with_all = ["undo", "router"])]
    pub by_site: bool,
    /// Of a kept plan this router alone, whole; of a run over many routers only these, record by record: a name, or a pattern as `c00*` or `*`
    #[arg(short = 'l', long, value_name = "NAME", conflicts_with = "undo")]
    pub router: Option<String>,
}

impl Subcommand for ShowArgs {
    const NAME: &'static str = "show";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "ある実行の概要と記録、または plan -o で保存した計画を表示します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("shown", "実行、last(最新)、または plan -o で保存した計画"),
        (
            "router",
            "計画では、このルータだけを全文表示します。多数のルータの実行では、このルータの記録だけを表示します(名前、または c00*、* などの型)",
        ),
        ("undo", "各ルータの取り消しコマンドの記録だけを表示します(秘密情報はマスク)。手作業で戻すとき用"),
        ("by_site", "保存した計画を拠点ごとに表示します(各ルータの変更クラスと固有の値)"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy show 20261122-114603-7k3f",
        "ixdeploy show last --router sato-r1",
        "ixdeploy show 20261122-114603-7k3f --undo",
        "ixdeploy show plan.json --by-site",
        "ixdeploy show plan.json --format md",
    ];
    const FORMATS: &'static [Format] = &[Format::Text, Format::Json, Format::Markdown];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        if show_saved_plan::is_file(&self.shown) {
            let choice = Choice { undo: self.undo, by_site: self.by_site, router: self.router.as_deref() };
            return Ok(show_saved_plan::show(&context.screen, Path::new(&self.shown), choice)?);
        }
        if self.by_site {
            return Err(vec![UsageError::NotOfAPlan.into()]);
        }
        if context.screen.format == Format::Markdown {
            return Err(vec![UsageError::NoMarkdown.into()]);
        }
        run(context, self)
    }
}

/// Shows it.
///
/// # Errors
/// When there is no such run, or the journal cannot be read.
fn run(context: &Context, args: &ShowArgs) -> Result<Exit, Vec<Failure>> {
    let journal = context.journal_to_read()?;
    let (screen, lang) = (&context.screen, context.screen.lang);
    let RunRecord { run, listing, mut records } = run_record(&journal, &args.shown)?;
    let name = run.run.clone();
    if args.undo {
        undo(context, &run);
        return Ok(Exit::Done);
    }
    let failure = |error| Failure::new(&error, Exit::Usage);
    let standing = Standing::of(&journal, &listing).map_err(failure)?;
    let head = records.iter().rfind(|stored| matches!(stored.record, Some(Kind::RunEnded { .. })));
    let head = head.map(|stored| stored.hash.clone());
    let result = RunResult::of(&records);
    screen.say_prose(&run_text::summary(&listing, standing.as_ref(), head.as_deref(), lang));
    let are_few = result.routers.len() <= FEW;
    match &args.router {
        Some(named) => {
            let pattern = Pattern::parse(named);
            let is_meant = |stored: &Stored| {
                !stored.router.is_empty() && pattern.as_ref().is_some_and(|pattern| pattern.matches(&stored.router))
            };
            records.retain(is_meant);
            if records.is_empty() {
                return Err(vec![UsageError::NotInRun { run: name, router: named.clone(), or_site: false }.into()]);
            }
            say_records(screen, &records);
        }
        None if are_few => say_records(screen, &records),
        None => {
            // What happened to the run itself; its beginning is in the summary.
            let is_own = |stored: &&Stored| {
                let is_told =
                    matches!(stored.record, Some(Kind::Begun { .. } | Kind::RunEnded { .. } | Kind::ComesBack { .. }));
                stored.router.is_empty() && !is_told
            };
            say_records(screen, records.iter().filter(is_own));
            screen.say_prose(&report::failures(&result.routers, lang));
            screen.say_prose(&match lang {
                Lang::En => format!("Each router's records: ixdeploy show {name} --router NAME\n"),
                Lang::Ja => format!("ルータごとの記録: ixdeploy show {name} --router ルータ名\n"),
            });
        }
    }
    let parts: Vec<Value> = run.parts.iter().map(status::document).collect();
    let body: Vec<Value> = records.iter().map(document).collect();
    let outcomes: Vec<OutcomeDocument<'_>> = result.routers.iter().map(OutcomeDocument::from).collect();
    context.screen.document(
        "show",
        Exit::Done,
        &json!({
            "run": run.run,
            "action": run.action,
            "exit_of_run": run.exit,
            "summary": run_text::document(&listing, standing.as_ref()),
            "routers": parts,
            "outcomes": outcomes,
            "records": body,
        }),
    );
    Ok(Exit::Done)
}

/// Records, each on a line.
fn say_records<'a>(screen: &Screen, records: impl IntoIterator<Item = &'a Stored>) {
    for stored in records {
        let router = if stored.router.is_empty() { String::new() } else { format!("{}: ", stored.router) };
        let record = format!("{router}{}", report::record_words(stored, screen.lang));
        screen.say_prose(&format!("{} {}\n", local_time(stored.at_ms), visible::line(&record)));
    }
}

/// The inverse of each router's plan as it was recorded: what an engineer types who has a console cable and not this
/// program.
fn undo(context: &Context, run: &RunSummary) {
    let mut routers = Vec::new();
    let mut parts: Vec<&RouterRun> = run.parts.iter().collect();
    parts.sort_by(|one, other| one.router.cmp(&other.router));
    for part in parts {
        let lines = |what: &str| -> Vec<&str> {
            part.kept.get(what).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let (undo, planned) = (lines("undo"), lines("commands").len());
        context.screen.note(&heading(context.screen.lang, part, planned));
        let to_type = if is_undone(part) { &[] } else { &*undo };
        // A comment of the router's own language, in ASCII: stdout holds nothing that could not be pasted.
        let note = if is_undone(part) { ": undone, and read again; nothing is to be typed" } else { "" };
        context.screen.write_lines(&format!("! {}{note}\n", visible::line(&part.router)));
        for line in to_type {
            context.screen.write_lines(&format!("{line}\n"));
        }
        let mut value = status::document(part);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("undo".into(), json!(undo));
        }
        routers.push(value);
    }
    if routers.is_empty() {
        context.screen.say_prose(
            context.screen.lang.pick("The run came to no plan.\n", "この実行には計画の記録がありません。\n"),
        );
    }
    context.screen.document(
        "show",
        Exit::Done,
        &json!({ "run": run.run, "action": run.action, "exit_of_run": run.exit, "routers": routers }),
    );
}

/// Whether it is as it was before, and was read to prove it.
fn is_undone(part: &RouterRun) -> bool {
    part.ended && part.state == Some(State::Undone)
}

fn heading(lang: Lang, part: &RouterRun, planned: usize) -> String {
    let (router, accepted) = (&part.router, part.accepted.len());
    if is_undone(part) {
        return match lang {
            Lang::En => format!("{router}: it is undone and was read again: nothing is to be typed"),
            Lang::Ja => format!("{router}: 取り消し済みで、元の状態を確認しています。入力は不要です"),
        };
    }
    let mut out = match lang {
        Lang::En => format!(
            "{router}: from global config mode, undoes all {planned} line(s) of the plan, of which {accepted} were accepted"
        ),
        Lang::Ja => {
            format!(
                "{router}: グローバルコンフィグモードから、計画の全 {planned} 行を取り消します(受理された行: {accepted})"
            )
        }
    };
    if !part.in_doubt.is_empty() {
        let numbers = part.in_doubt.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        out.push_str(&match lang {
            Lang::En => format!(", without an answer: line {numbers}"),
            Lang::Ja => format!("、応答のない行: {numbers} 行目"),
        });
    }
    out
}

fn document(stored: &Stored) -> Value {
    json!({
        "number": stored.number,
        "at": utc(stored.at_ms),
        "router": stored.router,
        "record": stored.record,
        "hash": stored.hash,
    })
}
