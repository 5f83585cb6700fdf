//! `report --security`: the security facts of routers, from their newest backups and the record; no router is asked.

use std::path::Path;
use std::time::SystemTime;

use super::written::{ForPrograms, languages, to_file_or_stdout};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::usage_error::UsageError;
use crate::message::Text;
use crate::report::{self, SecurityRecord};
use crate::run::{self, SecurityRequest};

/// What was asked for.
pub(super) struct SecurityArgs<'a> {
    pub(super) inventory: &'a Path,
    pub(super) limit: Option<&'a str>,
    pub(super) from_backup: Option<&'a Path>,
    pub(super) checklist: Option<&'a Path>,
    pub(super) contacts: bool,
    pub(super) output: Option<&'a Path>,
}

impl SecurityArgs<'_> {
    /// Gives them, in the form that was asked for.
    ///
    /// # Errors
    /// When inventory, checklist, folder or journal cannot be read, or the result cannot be written.
    pub(super) fn give(&self, context: &Context, command: &'static str) -> Result<Exit, Vec<Failure>> {
        if context.asked_format == Some(Format::Junit) {
            let (format, known) = (Format::Junit.word(), "html, md, csv, json".to_owned());
            return Err(vec![UsageError::NoForm { command: "report --security", format, known }.into()]);
        }
        let journal = context.journal_to_read()?;
        let request = SecurityRequest {
            inventory: self.inventory.to_owned(),
            limit: self.limit.map(str::to_owned),
            from_backup: self.from_backup.map(Path::to_owned),
            checklist: self.checklist.map(Path::to_owned),
            contacts: self.contacts,
            now: SystemTime::now(),
        };
        let record = SecurityRecord::of(run::security(&context.run_env(), &journal, &request)?);
        Ok(self.write(context, command, &record)?)
    }

    fn write(&self, context: &Context, command: &'static str, record: &SecurityRecord) -> Result<Exit, Failure> {
        let languages = languages(context);
        let page = || report::security_page(record);
        let count = record.routers.len();
        let said = Text::new(
            format!("the security facts of {count} router(s)"),
            format!("ルータ {count} 台のセキュリティ状況"),
        );
        let text = match context.asked_format {
            Some(Format::Json) => {
                return ForPrograms { command, name: "security", record }.give(context, self.output, &said);
            }
            Some(Format::Markdown) => report::markdown(&page(), languages),
            Some(Format::Csv) => report::security_csv(record, languages),
            _ => report::html(&page(), languages),
        };
        to_file_or_stdout(context, self.output, &text, &said)
    }
}
