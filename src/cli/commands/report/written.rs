//! Where a report goes: stdout, a file, or a folder with a page for each site.

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::usage_error::UsageError;
use crate::message::Text;
use crate::report::{Languages, SitePages};
use crate::run::{self, RunError};
use crate::visible;

/// The languages that were asked for.
pub(super) fn languages(context: &Context) -> Languages {
    if context.both_languages { Languages::Both } else { Languages::One(context.screen.lang) }
}

/// Refuses a folder of pages in a form that is no page.
///
/// # Errors
/// When another form than HTML was asked for.
pub(super) fn pages_are_html(context: &Context) -> Result<(), Failure> {
    match context.asked_format.is_some_and(|format| format != Format::Html) {
        true => Err(UsageError::PagesAreHtml.into()),
        false => Ok(()),
    }
}

/// Gives a text to stdout, or to the file that was named, and says then what it is.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn to_file_or_stdout(
    context: &Context,
    file: Option<&Path>,
    text: &str,
    said: &Text,
) -> Result<Exit, Failure> {
    let screen = &context.screen;
    let Some(path) = file else {
        let _ = screen.out.write_exactly(text.as_bytes());
        return Ok(Exit::Done);
    };
    run::write_whole(path, text.as_bytes())?;
    tell(context, path, said);
    Ok(Exit::Done)
}

/// A record for programs.
pub(super) struct ForPrograms<'r, R> {
    /// The command that gives it.
    pub(super) command: &'static str,
    /// What it is called in that command's document.
    pub(super) name: &'static str,
    /// The record.
    pub(super) record: &'r R,
}

impl<R: Serialize> ForPrograms<'_, R> {
    /// Gives it in the command's document on stdout, or alone to the file that was named, and says then what it is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn give(&self, context: &Context, file: Option<&Path>, said: &Text) -> Result<Exit, Failure> {
        let Some(path) = file else {
            let body = serde_json::Map::from_iter([(self.name.to_owned(), json!(self.record))]);
            context.screen.document(self.command, Exit::Done, &body);
            return Ok(Exit::Done);
        };
        let text = serde_json::to_string_pretty(self.record)
            .map_err(|cause| Failure::machine(path.display().to_string(), cause.into()))?;
        to_file_or_stdout(context, file, &(visible::in_json(&text).into_owned() + "\n"), said)
    }
}

/// The page of a site.
pub(super) struct SitePage {
    /// Its path below the folder.
    pub(super) page: String,
    /// The page itself.
    pub(super) text: String,
}

/// Writes the pages of sites, then the page that leads to them.
///
/// # Errors
/// When a page cannot be made, or the folder cannot be written.
pub(super) fn in_folder(
    context: &Context,
    folder: &Path,
    sites: impl Iterator<Item = Result<SitePage, RunError>>,
    index: impl FnOnce() -> String,
    said: impl FnOnce(usize) -> Text,
) -> Result<Exit, Vec<Failure>> {
    std::fs::create_dir_all(folder.join(SitePages::FOLDER))
        .map_err(|cause| Failure::machine(folder.display().to_string(), cause))?;
    let mut count = 0;
    for site in sites {
        let SitePage { page, text } = site?;
        run::write_whole(&folder.join(page), text.as_bytes()).map_err(Failure::from)?;
        count += 1;
    }
    // Last: what it leads to is there.
    let file = folder.join("index.html");
    run::write_whole(&file, index().as_bytes()).map_err(Failure::from)?;
    tell(context, &file, &said(count));
    Ok(Exit::Done)
}

fn tell(context: &Context, file: &Path, said: &Text) {
    let file = file.display();
    let said = Text::new(format!("{file}: {}", said.en), format!("{file}: {}", said.ja));
    context.screen.note(&visible::line(said.get(context.screen.lang)));
}
