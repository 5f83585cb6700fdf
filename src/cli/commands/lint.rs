//! `lint`: configuration files judged, or counted (`--coverage`), with no device and no inventory.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::configurations::{Configuration, configurations};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::dialect::model::{self, Model};
use crate::ix::Config;
use crate::ix::coverage::Counter;
use crate::ix::lint::{Finding, Level, lint, with_masked};
use crate::message::Lang;
use crate::report::{self, Style};

/// A finding and the file it is about.
#[derive(Serialize)]
struct Found<'f> {
    file: &'f str,
    #[serde(flatten)]
    finding: &'f Finding,
}

/// Judge configuration files, or count what of them is known
#[derive(Debug, Clone, Args)]
pub struct LintArgs {
    /// The configuration files, or folders of them; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Count instead: lines and families by full row, by family and unknown, and which to add next
    #[arg(long)]
    pub coverage: bool,
    /// The router's model, for what depends on it
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
}

impl Subcommand for LintArgs {
    const NAME: &'static str = "lint";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str = "コンフィグファイルを検査、または既知の割合を集計します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("files", "コンフィグファイル、またはそのフォルダ(複数可)。- は標準入力"),
        (
            "coverage",
            "検査の代わりに、行とコマンド種別を既知・種別のみ・未知に分けて集計し、次に定義すべきものを示します",
        ),
        ("model", "ルータの機種(機種に依存する検査用)"),
    ];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy lint running.cfg --model IX2215", "ixdeploy lint --coverage r1.cfg r2.cfg"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// Judges; exits 2 when there is an error or a warning. A figure is no judgement and exits 0.
///
/// # Errors
/// When a file cannot be read or the model is not known.
fn run(context: &Context, args: &LintArgs) -> Result<Exit, Failure> {
    let model = match &args.model {
        Some(name) => Some(model::find(name).ok_or_else(|| UsageError::UnknownModel { model: name.clone() })?),
        None => None,
    };
    let files = configurations(context, &args.files)?;
    if args.coverage { Ok(count(context, &files, model)) } else { Ok(judge(context, &files, model)) }
}

fn judge(context: &Context, files: &[Configuration], model: Option<&Model>) -> Exit {
    let judged = |file: &Configuration| {
        let findings = lint(&read(file, model), model, &[]);
        with_masked(findings, &file.backup.masked)
    };
    let findings: Vec<(&Configuration, Vec<Finding>)> = files.iter().map(|file| (file, judged(file))).collect();
    let found: Vec<Found<'_>> = findings
        .iter()
        .flat_map(|(file, findings)| findings.iter().map(|finding| Found { file: &file.name, finding }))
        .collect();
    for Found { file, finding } in &found {
        context.screen.say_prose(&line(context.screen.lang, file, finding));
    }
    let serious = found.iter().filter(|found| found.finding.level != Level::Info).count();
    let exit = if serious == 0 { Exit::Done } else { Exit::Differs };
    if found.is_empty() {
        context.screen.say_prose(context.screen.lang.pick("no finding\n", "指摘はありません\n"));
    }
    context.screen.document("lint", exit, &serde_json::json!({ "findings": found }));
    exit
}

fn count(context: &Context, files: &[Configuration], model: Option<&Model>) -> Exit {
    let mut counter = Counter::new(model.map(|model| &**model.dialect()));
    for file in files {
        counter.add(&file.name, &read(file, model));
    }
    let coverage = counter.finish();
    context.screen.say_prose(&report::coverage(&coverage, context.screen.lang));
    context.screen.document("lint", Exit::Done, &coverage);
    Exit::Done
}

/// A configuration in the dialect of its model: the one that was named, or the one its own header names.
fn read(file: &Configuration, model: Option<&Model>) -> Config {
    let dialect = model.map_or_else(|| file.backup.dialect(), Model::dialect);
    Config::parse(dialect, file.backup.to_compare())
}

fn line(lang: Lang, file: &str, finding: &Finding) -> String {
    let level = match finding.level {
        Level::Error => Style::Bad.on(lang.pick("error", "エラー")),
        Level::Warning => Style::Warn.on(lang.pick("warning", "警告")),
        Level::Info => Style::Dim.on(lang.pick("info", "情報")),
    };
    let place = if finding.line == 0 { file.to_owned() } else { format!("{file}:{}", finding.line) };
    let first = match (finding.first, lang) {
        (0, _) => String::new(),
        (first, Lang::En) => format!(" (first in line {first})"),
        (first, Lang::Ja) => format!("(最初は {first} 行目)"),
    };
    format!("{place}: {level}[{}]: {}{first}\n", finding.id, finding.text.get(lang))
}
