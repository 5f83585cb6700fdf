//! What the command line itself cannot understand: said in the language of the run, and as a document where that was asked for.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::Format;
use super::command_line;
use super::error::{Exit, Failure};
use super::help;
use super::misplaced::misplaced;
use crate::inventory::choices;
use crate::message::{Explain, Text};
use crate::visible;

/// What is wrong in a command line.
#[derive(Debug, Explain)]
pub enum Unreadable {
    /// An argument that there is not.
    #[explain(
        code = "usage.unknown-argument",
        en = "`{argument}` is no argument here",
        ja = "`{argument}` という引数はありません",
        note(en = "`--help` shows what there is.", ja = "`--help` で使い方を確認できます。")
    )]
    Argument { argument: String },
    /// A command that there is not.
    #[explain(
        code = "usage.unknown-command",
        en = "there is no command `{name}`",
        ja = "`{name}` というコマンドはありません",
        note(en = "`--help` shows what there is.", ja = "`--help` で使い方を確認できます。")
    )]
    Command { name: String },
    /// Arguments that are missing.
    #[explain(
        code = "usage.missing-argument",
        en = "missing: {names}",
        ja = "必須の引数がありません: {names}",
        with(names = names.join(", ")),
        note(en = "`--help` shows what there is.", ja = "`--help` で使い方を確認できます。")
    )]
    Missing { names: Vec<String> },
    /// No command.
    #[explain(code = "usage.missing-argument", en = "a command is missing", ja = "コマンドを指定してください")]
    NoCommand,
    /// An argument without its value.
    #[explain(code = "usage.missing-argument", en = "`{argument}` needs a value", ja = "`{argument}` には値が必要です")]
    NoValue { argument: String },
    /// A value that the argument does not take.
    #[explain(
        code = "usage.invalid-value",
        en = "`{value}` is no value for `{argument}`",
        ja = "`{argument}` に `{value}` は指定できません",
        note(en = "`--help` shows what there is.", ja = "`--help` で使い方を確認できます。")
    )]
    Value { argument: String, value: String },
    /// An argument given twice.
    #[explain(code = "usage.arguments", en = "`{argument}` is there twice", ja = "`{argument}` が重複しています")]
    Twice { argument: String },
    /// An argument beside one that it does not go with.
    #[explain(
        code = "usage.arguments",
        en = "`{argument}` and `{prior}` do not go together",
        ja = "`{argument}` と `{prior}` は同時に指定できません"
    )]
    Together { argument: String, prior: String },
    /// Whatever else clap finds.
    #[explain(
        code = "usage.arguments",
        en = "the arguments cannot be understood: {what}",
        ja = "引数を解釈できません: {what}",
        note(en = "`--help` shows what there is.", ja = "`--help` で使い方を確認できます。")
    )]
    Unclear { what: String },
}

impl Unreadable {
    fn of(error: &Error) -> Self {
        let of = |kind| listed(error.get(kind)).join(", ");
        let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
        match error.kind() {
            ErrorKind::UnknownArgument => Self::Argument { argument },
            ErrorKind::InvalidSubcommand => Self::Command { name: of(ContextKind::InvalidSubcommand) },
            ErrorKind::MissingRequiredArgument => {
                let mut names = listed(error.get(ContextKind::InvalidArg));
                // In the order in which they are typed.
                names.sort_by_key(|name| name.starts_with('-'));
                Self::Missing { names }
            }
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Self::NoCommand,
            ErrorKind::InvalidValue if value.is_empty() => Self::NoValue { argument },
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => Self::Value { argument, value },
            ErrorKind::ArgumentConflict => {
                let prior = of(ContextKind::PriorArg);
                if prior.is_empty() || prior == argument {
                    Self::Twice { argument }
                } else {
                    Self::Together { argument, prior }
                }
            }
            kind if argument.is_empty() => Self::Unclear { what: kind.to_string() },
            kind => Self::Unclear { what: format!("{argument}: {kind}") },
        }
    }

    fn lacks_something(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::NoCommand | Self::NoValue { .. })
    }
}

/// A failure that says what clap found in what was typed.
pub fn failure(error: &Error, command: &str, typed: &[OsString]) -> Failure {
    let unreadable = Unreadable::of(error);
    let misplaced = match &unreadable {
        Unreadable::Argument { argument } => misplaced(argument, typed),
        _ => None,
    };
    let command = misplaced.as_ref().map_or(command, |found| found.command.as_str());
    let help = Text::new(
        format!("`{command} --help` shows what there is"),
        format!("`{command} --help` で使い方を確認できます"),
    );
    let missing: &[String] = if let Unreadable::Missing { names } = &unreadable { names } else { &[] };
    let example = unreadable.lacks_something().then(|| help::example(command, missing)).flatten();
    let example = example.map(|line| Text::new(format!("for example: `{line}`"), format!("例: `{line}`")));
    let placed = misplaced.as_ref().map(|found| found.hint.clone());
    let hints = dry_run(error, command).or(placed).or_else(|| suggestion(error, command)).into_iter();
    let hints = hints.chain(bare_inventory(error)).chain(kept_plan(error, command, typed));
    let hints = hints.chain(example).chain(working_folder(error));
    let mut failure = Failure::new(&unreadable, Exit::Usage);
    failure.hints = hints.chain([help]).collect();
    failure
}

/// The dry run is a command of its own; other tools have an option for it.
fn dry_run(error: &Error, command: &str) -> Option<Text> {
    /// As other tools call it.
    const OPTIONS: [&str; 8] =
        ["--dry-run", "--dryrun", "--check", "--check-mode", "--diff", "--noop", "--what-if", "--plan"];
    let argument = listed(error.get(ContextKind::InvalidArg)).pop()?;
    let name = argument.split('=').next().unwrap_or(&argument);
    let is_dry = name == "-n" || name == "-C" || OPTIONS.contains(&name);
    let is_unknown = error.kind() == ErrorKind::UnknownArgument && is_dry;
    if is_unknown && command == "ixdeploy plan" {
        return Some(Text::new(
            format!("`plan` is the dry run already, and writes nothing: leave `{name}` out"),
            format!("`plan` はそれ自体がドライランで、書き込みはしません。`{name}` は不要です"),
        ));
    }
    (is_unknown && command == "ixdeploy apply").then(|| {
        Text::new(
            "the dry run is `ixdeploy plan`, with the same playbook, inventory and `-l`: it shows what `apply` would change, and writes nothing",
            "ドライランは `ixdeploy plan` です。プレイブック、インベントリ、`-l` は同じです。変更内容を表示し、書き込みはしません",
        )
    })
}

/// A second file without `-i` in front is an inventory in most cases.
fn bare_inventory(error: &Error) -> Option<Text> {
    let argument = listed(error.get(ContextKind::InvalidArg)).pop()?;
    let is_file = !argument.starts_with('-') && (argument.ends_with(".yaml") || argument.ends_with(".yml"));
    (error.kind() == ErrorKind::UnknownArgument && is_file).then(|| {
        Text::new(
            format!("an inventory comes after `-i`: `-i {argument}`"),
            format!("インベントリは `-i` の後に指定してください: `-i {argument}`"),
        )
    })
}

/// `plan` makes a plan; one that is kept is for other commands.
fn kept_plan(error: &Error, command: &str, typed: &[OsString]) -> Option<Text> {
    let mut words = typed.iter().filter_map(|word| word.to_str());
    let plan = words.find(|word| !word.starts_with('-') && word.ends_with(".json"))?;
    let plan = visible::line(plan);
    (command == "ixdeploy plan" && lacks(error, "--inventory")).then(|| {
        Text::new(
            format!("a kept plan is shown by `ixdeploy show {plan}`, and carried out by `ixdeploy apply {plan} -i INVENTORY`"),
            format!("保存した計画の確認は `ixdeploy show {plan}`、適用は `ixdeploy apply {plan} -i インベントリ` です"),
        )
    })
}

fn lacks(error: &Error, argument: &str) -> bool {
    error.kind() == ErrorKind::MissingRequiredArgument
        && listed(error.get(ContextKind::InvalidArg)).iter().any(|name| name.starts_with(argument))
}

/// Inventory and playbook need not be typed each time.
fn working_folder(error: &Error) -> Option<Text> {
    (lacks(error, "--inventory") || lacks(error, "<PLAYBOOK")).then(|| {
        Text::new(
            "`ixdeploy init DIR` makes a folder in which inventory and playbook need not be named",
            "`ixdeploy init DIR` で作るフォルダの中では、インベントリとプレイブックを省略できます",
        )
    })
}

/// What was probably meant, or what may be given.
fn suggestion(error: &Error, command: &str) -> Option<Text> {
    if let Some(own) = own_values(error, command) {
        let typed = listed(error.get(ContextKind::InvalidValue)).pop().unwrap_or_default();
        return choices(&typed, own);
    }
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    // Of several the last one is the nearest.
    if let Some(near) = meant.iter().find_map(|kind| listed(error.get(*kind)).pop()) {
        return Some(Text::new(format!("did you mean `{near}`?"), format!("`{near}` の誤りではありませんか?")));
    }
    let values = listed(error.get(ContextKind::ValidValue));
    (!values.is_empty())
        .then(|| Text::new(format!("known: {}", values.join(", ")), format!("使えるもの: {}", values.join("、"))))
}

/// The values that an option of every command has in this one; nothing where they are the same in all of them.
fn own_values(error: &Error, command: &str) -> Option<Vec<&'static str>> {
    let entry = command_line::find(command.split(' ').nth(1)?)?;
    let argument = listed(error.get(ContextKind::InvalidArg)).pop()?;
    match argument.split(' ').next()? {
        "--format" => Some(entry.formats.iter().map(|format| format.word()).collect()),
        "--lang" if !entry.speaks_both => Some(vec!["ja", "en"]),
        _ => None,
    }
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
