//! What the command line itself cannot understand: said in the language of the run, and as a document where that was asked for.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::Format;
use super::error::Failure;
use super::help;
use crate::message::Text;

/// A failure that says what clap found.
pub fn failure(error: &Error, command: &str) -> Failure {
    let (code, text) = words(error);
    let help = Text::new(
        format!("`{command} --help` shows what there is"),
        format!("`{command} --help` で使い方を確認できます"),
    );
    let mut failure = Failure::usage(code, text, help);
    let example = (code == "usage.missing-argument").then(|| help::example(command)).flatten();
    let example = example.map(|line| Text::new(format!("for example: `{line}`"), format!("例: `{line}`")));
    let hints = suggestion(error).into_iter().chain(bare_inventory(error)).chain(example).chain(working_folder(error));
    failure.hints.splice(0..0, hints);
    failure
}

fn words(error: &Error) -> (&'static str, Text) {
    let of = |kind| listed(error.get(kind)).join(", ");
    let argument = of(ContextKind::InvalidArg);
    let value = of(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => said(
            "usage.unknown-argument",
            format!("`{argument}` is no argument here"),
            format!("`{argument}` という引数はありません"),
        ),
        ErrorKind::InvalidSubcommand => {
            let name = of(ContextKind::InvalidSubcommand);
            said(
                "usage.unknown-command",
                format!("there is no command `{name}`"),
                format!("`{name}` というコマンドはありません"),
            )
        }
        ErrorKind::MissingRequiredArgument => missing(listed(error.get(ContextKind::InvalidArg))),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            said("usage.missing-argument", "a command is missing", "コマンドを指定してください")
        }
        ErrorKind::InvalidValue if value.is_empty() => said(
            "usage.missing-argument",
            format!("`{argument}` needs a value"),
            format!("`{argument}` には値が必要です"),
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => said(
            "usage.invalid-value",
            format!("`{value}` is no value for `{argument}`"),
            format!("`{argument}` に `{value}` は指定できません"),
        ),
        ErrorKind::ArgumentConflict => conflict(&argument, &of(ContextKind::PriorArg)),
        kind => unclear(&argument, kind),
    }
}

fn said(code: &'static str, en: impl Into<String>, ja: impl Into<String>) -> (&'static str, Text) {
    (code, Text::new(en, ja))
}

fn missing(mut names: Vec<String>) -> (&'static str, Text) {
    // In the order in which they are typed.
    names.sort_by_key(|name| name.starts_with('-'));
    let names = names.join(", ");
    said("usage.missing-argument", format!("missing: {names}"), format!("必須の引数がありません: {names}"))
}

/// An argument beside one that it does not go with, which may be itself.
fn conflict(argument: &str, prior: &str) -> (&'static str, Text) {
    if prior.is_empty() || prior == argument {
        return said(
            "usage.arguments",
            format!("`{argument}` stands there twice"),
            format!("`{argument}` が重複しています"),
        );
    }
    said(
        "usage.arguments",
        format!("`{argument}` and `{prior}` do not go together"),
        format!("`{argument}` と `{prior}` は同時に指定できません"),
    )
}

fn unclear(argument: &str, kind: ErrorKind) -> (&'static str, Text) {
    let what = if argument.is_empty() { kind.to_string() } else { format!("{argument}: {kind}") };
    said(
        "usage.arguments",
        format!("the arguments cannot be understood: {what}"),
        format!("引数を解釈できません: {what}"),
    )
}

/// A second file without `-i` in front is an inventory in most cases.
fn bare_inventory(error: &Error) -> Option<Text> {
    let argument = listed(error.get(ContextKind::InvalidArg)).pop()?;
    let is_file = !argument.starts_with('-') && (argument.ends_with(".yaml") || argument.ends_with(".yml"));
    (error.kind() == ErrorKind::UnknownArgument && is_file).then(|| {
        Text::new(
            format!("an inventory stands behind `-i`: `-i {argument}`"),
            format!("インベントリは `-i` の後に指定してください: `-i {argument}`"),
        )
    })
}

/// Inventory and playbook need not be typed each time.
fn working_folder(error: &Error) -> Option<Text> {
    let lacks = error.kind() == ErrorKind::MissingRequiredArgument
        && listed(error.get(ContextKind::InvalidArg)).iter().any(|name| name.starts_with("--inventory"));
    lacks.then(|| {
        Text::new(
            "`ixdeploy init DIR` makes a folder in which inventory and playbook need not be named",
            "`ixdeploy init DIR` で作るフォルダの中では、インベントリとプレイブックを省略できます",
        )
    })
}

/// What was probably meant, or what may be given.
fn suggestion(error: &Error) -> Option<Text> {
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    // Of several the last one is the nearest.
    if let Some(near) = meant.iter().find_map(|kind| listed(error.get(*kind)).pop()) {
        return Some(Text::new(format!("did you mean `{near}`?"), format!("`{near}` の誤りではありませんか?")));
    }
    let values = listed(error.get(ContextKind::ValidValue));
    (!values.is_empty())
        .then(|| Text::new(format!("known: {}", values.join(", ")), format!("使えるもの: {}", values.join("、"))))
}

/// What clap says about one thing, as a list.
pub fn listed(value: Option<&ContextValue>) -> Vec<String> {
    match value {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(many)) => many.clone(),
        Some(ContextValue::StyledStr(one)) => vec![one.to_string()],
        Some(ContextValue::StyledStrs(many)) => many.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// What can be made out of arguments that are wrong somewhere: the form of the result, and the command that was
/// meant, word by word (`journal`, `prune`).
pub fn made_out(command: Command, arguments: &[OsString]) -> (Format, Vec<String>) {
    let Ok(found) = command.ignore_errors(true).try_get_matches_from(arguments) else {
        return (Format::Text, Vec::new());
    };
    let mut words = Vec::new();
    // A global option is at the level where it was typed.
    let mut format = found.get_one::<Format>("format").copied();
    let mut here = &found;
    while let Some((name, inner)) = here.subcommand() {
        words.push(name.to_owned());
        format = inner.get_one::<Format>("format").copied().or(format);
        here = inner;
    }
    (format.unwrap_or(Format::Text), words)
}
