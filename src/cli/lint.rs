//! `lint`: one configuration file judged, with no device and no inventory.

use super::args::LintArgs;
use super::context::Context;
use super::error::{Exit, Failure};
use super::input::read_configuration;
use crate::ix::Config;
use crate::ix::lint::{Finding, Level, lint};
use crate::ix::model;
use crate::message::{Lang, Text};
use crate::report::Paint;

/// Judges; exits 2 when there is an error or a warning.
///
/// # Errors
/// When the file cannot be read or the model is not known.
pub fn run(context: &Context, args: &LintArgs) -> Result<Exit, Failure> {
    let model = match &args.model {
        Some(name) => Some(model::find(name).ok_or_else(|| unknown_model(name))?),
        None => None,
    };
    let config = Config::parse(read_configuration(&args.file)?);
    let findings = lint(&config, model, &[]);
    for finding in &findings {
        context.say(&line(context.lang, &args.file.display().to_string(), finding));
    }
    let serious = findings.iter().filter(|finding| finding.level != Level::Info).count();
    let exit = if serious == 0 { Exit::Done } else { Exit::Differs };
    if findings.is_empty() {
        context.say(context.lang.pick("no finding\n", "指摘はありません\n"));
    }
    context.document("lint", exit, &serde_json::json!({ "findings": findings }));
    Ok(exit)
}

fn line(lang: Lang, file: &str, finding: &Finding) -> String {
    let level = match finding.level {
        Level::Error => Paint::Bad.on(lang.pick("error", "エラー")),
        Level::Warning => Paint::Warn.on(lang.pick("warning", "警告")),
        Level::Info => Paint::Dim.on(lang.pick("info", "情報")),
    };
    let place = if finding.line == 0 { file.to_owned() } else { format!("{file}:{}", finding.line) };
    let first = match (finding.first, lang) {
        (0, _) => String::new(),
        (first, Lang::En) => format!(" (first in line {first})"),
        (first, Lang::Ja) => format!("(最初は {first} 行目)"),
    };
    format!("{place}: {level}[{}]: {}{first}\n", finding.id, finding.text.get(lang))
}

fn unknown_model(name: &str) -> Failure {
    let known = model::all().iter().map(|model| model.name).collect::<Vec<_>>().join(", ");
    Failure::usage(
        "lint.unknown-model",
        Text::new(format!("no model is called {name}"), format!("機種 {name} は登録されていません")),
        Text::new(format!("known models: {known}"), format!("登録済みの機種: {known}")),
    )
}
