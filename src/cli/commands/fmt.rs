//! `fmt`: one configuration file in canonical form, the order in which the router would print it.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{note_doubts, note_masks, note_unrecognised, read_backup};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::ix::Config;
use crate::ix::backup::masked_by_us;

/// Print one configuration file canonically, its secrets in clear
#[derive(Debug, Clone, Args)]
pub struct FmtArgs {
    /// The configuration file; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

impl Subcommand for FmtArgs {
    const NAME: &'static str = "fmt";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str = "コンフィグファイルを正規化して表示します(秘密情報もそのまま表示)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[("file", "対象のファイル。- は標準入力")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy fmt running.cfg"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// Prints the file. It is the engineer's own file, so its secrets are left as they are; one that is masked says so in its first line.
///
/// # Errors
/// When the file cannot be read.
fn run(context: &Context, args: &FmtArgs) -> Result<Exit, Failure> {
    if args.file.is_dir() {
        return Err(UsageError::FolderToPrint { folder: args.file.clone() }.into());
    }
    let backup = read_backup(&args.file)?;
    let config = Config::parse(backup.dialect(), backup.unedited());
    let name = args.file.display().to_string();
    note_masks(context, &name, &backup);
    // What is written here shows the place of each line, even where the file was ambiguous.
    note_doubts(context, &name, &config);
    let config = config.sorted();
    note_unrecognised(context, config.unrecognised().len());
    // A comment that replaced a line is gone, and the output must not pass for the whole configuration.
    let text = if backup.is_masked() { masked_by_us(&config.print()) } else { config.print() };
    context.screen.write_lines(&text);
    let body = serde_json::json!({ "configuration": text, "unrecognised": config.unrecognised().len() });
    context.screen.document("fmt", Exit::Done, &body);
    Ok(Exit::Done)
}
