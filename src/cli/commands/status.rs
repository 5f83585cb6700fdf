//! `status`: which routers have no known end, or need a person. No router is touched. `--needs-person` is the list for the morning: whom to
//! call, and what to say.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::local_time::local_time;
use crate::cli::person_text;
use crate::cli::standing_text;
use crate::cli::subcommand::{Group, Subcommand};
use crate::journal::RouterRun;
use crate::message::Lang;
use crate::record::utc;
use crate::report::{Style, state_words};
use crate::run::{self, LeftOpen, OtherOwner, Standing, owned_by_another};
use crate::state::State;

/// List routers that an earlier run left unknown, or that need a person
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// For the person who calls the clinics: their names and telephone numbers, what to do, and the sentence to say
    #[arg(long)]
    pub needs_person: bool,
    /// The inventory with the clinics' names [default: that of each run]
    #[arg(short, long, value_name = "INVENTORY", requires = "needs_person")]
    pub inventory: Option<PathBuf>,
}

impl Subcommand for StatusArgs {
    const NAME: &'static str = "status";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "結果不明または担当者の対応が必要なルータを一覧します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("needs_person", "電話連絡用の一覧: 医院名・電話番号・対応・電話で伝える文"),
        ("inventory", "医院名を調べるインベントリ [既定: 各実行のもの]"),
    ];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy status", "ixdeploy status --needs-person"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(if self.needs_person { people(context, self.inventory.as_deref())? } else { run(context)? })
    }
}

/// Lists them.
///
/// # Errors
/// When the journal cannot be read.
fn run(context: &Context) -> Result<Exit, Failure> {
    let journal = context.journal_to_read()?;
    let failure = |error| Failure::new(&error, Exit::Usage);
    let LeftOpen { parts: open, in_progress } = run::left_open(&journal).map_err(failure)?;
    let standings = run::not_ended(&journal).map_err(failure)?;
    if in_progress > 0 {
        context.screen.say_prose(&match context.screen.lang {
            Lang::En => format!("{in_progress} router(s) are being changed now.\n"),
            Lang::Ja => format!("{in_progress} 台のルータは現在変更中です。\n"),
        });
    } else if open.is_empty() && standings.is_empty() {
        context.screen.say_prose(context.screen.lang.pick(
            "Every run has ended; no router needs a person.\n",
            "未終了の実行はなく、担当者の対応が必要なルータもありません。\n",
        ));
    }
    for part in &open {
        let others = match part.is_unfinished() {
            true => owned_by_another(&journal, part).map_err(failure)?,
            false => None,
        };
        context.screen.say_prose(&line(context.screen.lang, part, others.as_ref()));
    }
    let exit = exit_of(!open.is_empty(), &standings);
    let routers: Vec<Value> = open.iter().map(document).collect();
    context.screen.document("status", exit, &json!({ "routers": routers, "runs": say_runs(context, &standings) }));
    Ok(exit)
}

/// A router that needs a person comes before a run that waits for a person's word. One that goes on by itself needs neither.
fn exit_of(needs_person: bool, standings: &[Standing]) -> Exit {
    match (needs_person, standings.iter().any(Standing::needs_word)) {
        (true, _) => Exit::NeedsPerson,
        (false, true) => Exit::NotDone,
        (false, false) => Exit::Done,
    }
}

/// Says which runs have not ended, and what each waits for; the same for programs.
fn say_runs(context: &Context, standings: &[Standing]) -> Vec<Value> {
    let lang = context.screen.lang;
    standings.iter().for_each(|standing| context.screen.say_prose(&standing_text::line(standing, lang)));
    standings.iter().map(standing_text::document).collect()
}

/// The list for the morning.
///
/// # Errors
/// When the journal cannot be read.
fn people(context: &Context, inventory: Option<&Path>) -> Result<Exit, Vec<Failure>> {
    let (screen, lang) = (&context.screen, context.screen.lang);
    let journal = context.journal_to_read()?;
    let failure = |error| Failure::new(&error, Exit::Usage);
    let found = run::needs_person(&journal, inventory)?;
    let standings = run::not_ended(&journal).map_err(failure)?;
    if found.is_empty() {
        screen.say_prose(lang.pick("No router needs a person.\n", "担当者の対応が必要なルータはありません。\n"));
    }
    for (number, one) in (1..).zip(&found) {
        screen.say_prose(&person_text::person_needed(number, one, lang));
    }
    let exit = exit_of(!found.is_empty(), &standings);
    let people: Vec<Value> = found.iter().map(person_text::document).collect();
    screen.document("status", exit, &json!({ "needs_person": people, "runs": say_runs(context, &standings) }));
    Ok(exit)
}

fn line(lang: Lang, part: &RouterRun, others: Option<&OtherOwner>) -> String {
    let state = part.state.unwrap_or(State::Lost);
    let words = if part.is_unfinished() { state_words(State::Lost, lang) } else { state_words(state, lang) };
    let mut out = format!("{}\n", Style::Bad.on(&format!("{}: {words}", part.router)));
    let (run, when, lines) = (&part.run, local_time(part.last_ms), lines_words(part, lang));
    out.push_str(&match lang {
        Lang::En => format!("  run {run}, last record {when}, {}, {lines}\n", state.word()),
        Lang::Ja => format!("  実行 {run}、最終記録 {when}、{}、{lines}\n", state.word()),
    });
    if let Some(others) = others {
        let (name, words) = (others.name(lang), others.words(lang));
        out.push_str(&match lang {
            Lang::En => format!("  {words}; ask {name} first\n"),
            Lang::Ja => format!("  {words}。先に {name} に確認してください\n"),
        });
    }
    let next = if part.is_unfinished() { format!("ixdeploy resume {run}") } else { format!("ixdeploy show {run}") };
    out.push_str(&format!("  {} {next}\n", lang.pick("next:", "次の操作:")));
    out
}

/// What became of the lines that were sent, as far as it is known.
fn lines_words(part: &RouterRun, lang: Lang) -> String {
    let (accepted, in_doubt) = (part.accepted.len(), part.in_doubt.len());
    match (in_doubt, lang) {
        (0, Lang::En) => format!("{accepted} line(s) accepted"),
        (0, Lang::Ja) => format!("受理 {accepted} 行"),
        (_, Lang::En) => format!("{accepted} line(s) accepted, {in_doubt} sent without an answer"),
        (_, Lang::Ja) => format!("受理 {accepted} 行、応答なし {in_doubt} 行"),
    }
}

/// A part in the JSON document.
pub fn document(part: &RouterRun) -> Value {
    json!({
        "router": part.router,
        "site": part.site,
        "run": part.run,
        "state": part.state.map(State::word),
        "unfinished": part.is_unfinished(),
        "sent": part.accepted.len(),
        "in_doubt": part.in_doubt,
        "save_begun": part.save_begun,
        "restart_pending": part.restart_pending,
        "unverified": part.unverified,
        "serial_number": part.identity.serial_number(),
        "last_record": utc(part.last_ms),
        "causes": part.causes,
    })
}
