//! `fmt`: one configuration file in canonical form, the order in which the router would print it.

use super::args::FmtArgs;
use super::context::{Context, write_lines};
use super::error::{Exit, Failure};
use super::input::{note_doubts, note_unrecognised, read_configuration};
use crate::ix::Config;

/// Prints the file. It is the engineer's own file, so its secrets are left as they stand.
///
/// # Errors
/// When the file cannot be read.
pub fn run(context: &Context, args: &FmtArgs) -> Result<Exit, Failure> {
    let config = Config::parse(read_configuration(&args.file)?);
    // What is written here says where each line stands, whatever the file left open.
    note_doubts(context, &args.file.display().to_string(), &config);
    let config = config.sorted();
    note_unrecognised(context, config.unrecognised().len());
    write_lines(context, &config.print());
    let body = serde_json::json!({ "configuration": config.print(), "unrecognised": config.unrecognised().len() });
    context.document("fmt", Exit::Done, &body);
    Ok(Exit::Done)
}
