//! `diff`: the commands that lead from one configuration file to exactly another. Needs nothing but the two files.

use super::args::{DiffArgs, Format};
use super::context::{Context, write_lines};
use super::error::{Exit, Failure};
use super::input::{note_doubts, note_masks, note_unrecognised, read_backup};
use crate::ix::Config;
use crate::ix::mask::mask_line;
use crate::message::Text;
use crate::plan::{Options, offline};
use crate::report;
use crate::transaction::masked;

/// Compares; exits 0 when both are the same and 2 when they differ.
///
/// # Errors
/// When a file cannot be read, or no order of commands leads from one to the other.
pub fn run(context: &Context, args: &DiffArgs) -> Result<Exit, Failure> {
    if [&args.old, &args.new].iter().all(|file| file.as_os_str() == "-") {
        return Err(Failure::usage(
            "usage.arguments",
            Text::new("stdin can stand for one of the two files only", "標準入力を使えるのは 2 つのうち一方だけです"),
            Text::new("name a file for the other one", "もう一方にはファイルを指定してください"),
        ));
    }
    let (before, after) = (read_backup(&args.old)?, read_backup(&args.new)?);
    let old = Config::parse(before.to_compare());
    let new = Config::parse_beside(&old, after.to_compare());
    let mut difference = offline::difference(&old, &new, Options::default().max_line)
        .map_err(|error| Failure::new(&error, Exit::Usage))?;
    difference.plan = difference.plan.headed(&args.old.display().to_string(), &args.new.display().to_string());
    note_unrecognised(context, difference.unrecognised);
    for (path, backup) in [(&args.old, &before), (&args.new, &after)] {
        note_masks(context, &path.display().to_string(), backup);
    }
    for (path, config) in [(&args.old, &old), (&args.new, &new)] {
        for twice in &config.repeated {
            let (file, line) = (path.display(), mask_line(&twice.after));
            let (first, again) = (twice.first, twice.again);
            context.warn(&Text::new(
                format!("{file}:{again}: `{line}` contradicts line {first}; the last one wins"),
                format!("{file}:{again}: `{line}` は {first} 行目と矛盾します。後の方が有効になります"),
            ));
        }
        note_doubts(context, &path.display().to_string(), config);
    }
    let exit = if difference.is_empty() { Exit::Done } else { Exit::Differs };
    match context.format {
        Format::Commands => {
            let hidden = if args.reveal { 0 } else { difference.hidden(args.undo) };
            if hidden > 0 {
                context.warn(&Text::new(
                    format!("{hidden} line(s) with a secret are comments; --reveal prints them"),
                    format!("秘密情報を含む {hidden} 行はコメントになっています。--reveal で表示します"),
                ));
            }
            write_lines(context, &difference.commands(args.undo, args.reveal));
        }
        Format::Text if difference.is_empty() && difference.plan.notes.iter().all(|note| note.about.is_none()) => {
            context.say(context.lang.pick("the same\n", "差分はありません\n"));
        }
        Format::Text => {
            let heading = format!("{} → {}", args.old.display(), args.new.display());
            context.say(&report::show_as(&heading, &difference.plan, context.lang, args.undo, args.reveal));
        }
        Format::Json => {
            let plan = &difference.plan;
            let body = serde_json::json!({
                "same": difference.is_empty(),
                "unrecognised": difference.unrecognised,
                "changes": plan.changes.iter().map(|change| &change.text).collect::<Vec<_>>(),
                "diff": plan.diff(),
                "commands": masked(&plan.commands),
                "undo": masked(&plan.undo(plan.commands.len())),
                "notes": plan.notes,
            });
            context.document("diff", exit, &body);
        }
    }
    Ok(exit)
}
