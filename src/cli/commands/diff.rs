//! `diff`: the commands that lead from one configuration file to exactly another, or from each file of a folder to the one that is
//! called alike in another. Needs nothing but the files.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::configurations::{Configuration, Pairs, pairs};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{note_doubts, note_masks, note_unrecognised};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::ix::Config;
use crate::ix::mask::mask_line;
use crate::message::Text;
use crate::plan::Options;
use crate::plan::offline::{self, Difference};
use crate::report;
use crate::transaction::masked;

/// Show the commands that lead from one configuration file to another
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// The configuration there is, or a folder of them
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The configuration there should be, or a folder of them
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Show the inverse too
    #[arg(long)]
    pub undo: bool,
    /// Print secrets in the commands
    #[arg(long)]
    pub reveal: bool,
}

impl Subcommand for DiffArgs {
    const NAME: &'static str = "diff";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str = "あるコンフィグから別のコンフィグへ移るコマンドを表示します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("old", "現在のコンフィグファイル(またはフォルダ)"),
        ("new", "あるべきコンフィグファイル(またはフォルダ)"),
        ("undo", "取り消しコマンドも表示します"),
        ("reveal", "コマンド中の秘密情報を表示します"),
    ];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy diff old.cfg new.cfg", "ixdeploy diff old.cfg new.cfg --format commands"];
    const FORMATS: &'static [Format] = &[Format::Text, Format::Json, Format::Commands];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// Compares; exits 0 when both are the same and 2 when they differ.
///
/// # Errors
/// When a file cannot be read, or no order of commands leads from one to the other.
fn run(context: &Context, args: &DiffArgs) -> Result<Exit, Failure> {
    let files = [&args.old, &args.new];
    if files.iter().all(|file| file.as_os_str() == "-") {
        return Err(UsageError::StdinTwice.into());
    }
    if files.iter().any(|file| file.is_dir()) {
        return of_folders(context, args);
    }
    let (old, new) = (Configuration::read(&args.old)?, Configuration::read(&args.new)?);
    let difference = compare(context, &old, &new)?;
    let exit = if difference.is_empty() { Exit::Done } else { Exit::Differs };
    match context.screen.format {
        Format::Commands => {
            let (hidden, suspected) = if args.reveal { (0, 0) } else { difference.hidden(args.undo) };
            if suspected > 0 {
                context.screen.warn(&Text::new(
                    format!("{suspected} unknown line(s) may hold a secret and are placeholders; --reveal prints them"),
                    format!("秘密情報を含む可能性のある未知の {suspected} 行は伏せてあります。--reveal で表示します"),
                ));
            }
            if hidden > 0 {
                context.screen.warn(&Text::new(
                    format!("{hidden} line(s) with a secret are comments; --reveal prints them"),
                    format!("秘密情報を含む {hidden} 行はコメントになっています。--reveal で表示します"),
                ));
            }
            context.screen.write_lines(&difference.commands(args.undo, args.reveal));
        }
        Format::Text if is_equal(&difference) => {
            context.screen.say(context.screen.lang.pick("the same\n", "差分はありません\n"));
        }
        Format::Json => context.screen.document("diff", exit, &document(&difference)),
        _ => show(context, args, &old.name, &new.name, &difference),
    }
    Ok(exit)
}

/// Every configuration of a folder with the one that is called alike in the other folder.
fn of_folders(context: &Context, args: &DiffArgs) -> Result<Exit, Failure> {
    if context.screen.format == Format::Commands || !(args.old.is_dir() && args.new.is_dir()) {
        return Err(UsageError::NotTwoFolders.into());
    }
    let Pairs { both, only_old, only_new } = pairs(context, &args.old, &args.new)?;
    let mut same = only_old.is_empty() && only_new.is_empty();
    let mut documents = Vec::new();
    for (old, new) in &both {
        let difference = compare(context, old, new)?;
        same &= difference.is_empty();
        if is_equal(&difference) {
            context.screen.say(&format!(
                "{} → {}: {}",
                old.name,
                new.name,
                context.screen.lang.pick("the same\n", "差分はありません\n")
            ));
        } else {
            show(context, args, &old.name, &new.name, &difference);
        }
        let mut document = document(&difference);
        if let Some(fields) = document.as_object_mut() {
            fields.insert("old".into(), old.name.as_str().into());
            fields.insert("new".into(), new.name.as_str().into());
        }
        documents.push(document);
    }
    for one in only_old.iter().chain(&only_new) {
        context.screen.say(&format!(
            "{}: {}\n",
            one.name,
            context.screen.lang.pick("only here", "一方にしかありません")
        ));
    }
    let exit = if same { Exit::Done } else { Exit::Differs };
    let names = |all: &[Configuration]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    let body = json!({
        "same": same,
        "pairs": documents,
        "only_old": names(&only_old),
        "only_new": names(&only_new),
    });
    context.screen.document("diff", exit, &body);
    Ok(exit)
}

/// Compares two configurations under their names, and says what is odd about either.
fn compare(context: &Context, old: &Configuration, new: &Configuration) -> Result<Difference, Failure> {
    let before = Config::parse(old.backup.dialect(), old.backup.to_compare());
    let after = Config::parse_reusing(&before, new.backup.to_compare());
    // Before anything is refused for one: here it has the name of its file.
    note_doubts(context, &old.name, &before);
    note_doubts(context, &new.name, &after);
    let mut difference = offline::difference(&before, &after, Options::default().max_line)
        .map_err(|error| Failure::new(&error, Exit::Usage))?;
    difference.plan = difference.plan.headed(&old.name, &new.name);
    note_unrecognised(context, difference.unrecognised);
    for one in [old, new] {
        note_masks(context, &one.name, &one.backup);
    }
    for (file, config) in [(&old.name, &before), (&new.name, &after)] {
        for twice in &config.repeated {
            let line = mask_line(&twice.after);
            let (first, again) = (twice.first, twice.again);
            context.screen.warn(&Text::new(
                format!("{file}:{again}: `{line}` contradicts line {first}; the last one wins"),
                format!("{file}:{again}: `{line}` は {first} 行目と矛盾します。後の方が有効になります"),
            ));
        }
    }
    Ok(difference)
}

/// Whether there is nothing to show: no command, and no line that could not be compared.
fn is_equal(difference: &Difference) -> bool {
    difference.is_empty() && difference.plan.notes.iter().all(|note| note.about.is_none())
}

fn show(context: &Context, args: &DiffArgs, old: &str, new: &str, difference: &Difference) {
    let heading = format!("{old} → {new}");
    context.screen.say(&report::show_as(&heading, &difference.plan, context.screen.lang, args.undo, args.reveal));
}

fn document(difference: &Difference) -> Value {
    let plan = &difference.plan;
    json!({
        "same": difference.is_empty(),
        "unrecognised": difference.unrecognised,
        "changes": plan.changes.iter().map(|change| &change.text).collect::<Vec<_>>(),
        "diff": plan.diff(),
        "commands": masked(&plan.commands),
        "undo": masked(&plan.undo(plan.commands.len())),
        "notes": plan.notes,
    })
}
