//! `export`: a run of this journal as one file. No router is met; the journal gets one record, which covers the file.
//!
//! The file is written beside its place, read back whole, and then renamed; what is there already is never written over.

use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tempfile::NamedTempFile;

use super::archive::Writer;
use super::error::ExportError;
use super::exported::ExportedRun;
use super::imported::{imported_run, path_of};
use super::layout::{
    CONFIGURATIONS, HEAD, Head, MANIFEST, OfRouter, PAGE, PLAN, PlanPart, RECORDINGS, RECORDS, SCHEMA, SEAL, manifest,
};
use super::read;
use super::recordings::{self, Recordings};
use crate::file;
use crate::journal::{Journal, JournalError, RunLock};
use crate::record::{ExportRecord, Kind};
use crate::run::error::RunError;
use crate::run::evidence::{Evidence, EvidenceRequest, evidence};
use crate::run::kept_configurations::{Configurations, backed_up};
use crate::run::kept_plan::kept_plan;
use crate::run::named_run::{NoRun, named_run};
use crate::run::owner::who;
use crate::run::plan_file::sha256;
use crate::visible;

/// What is exported, and to where.
pub struct ExportRequest<'r> {
    /// The run, or `last`.
    pub run: String,
    /// The file, which is new.
    pub file: PathBuf,
    /// The folder in which its recordings are, if they go along.
    pub recordings: Option<PathBuf>,
    /// Makes the page of its work record.
    pub page: &'r dyn Fn(&Evidence) -> String,
}

/// What was exported.
#[derive(Debug, Serialize)]
pub struct Exported {
    /// The run.
    pub run: String,
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of it.
    pub file_sha256: String,
    /// The head of the journal right after the export: it covers the whole file.
    pub journal_head: String,
    /// Its records.
    pub records: usize,
    /// Its recordings.
    pub recordings: usize,
    /// Recordings of the folder that are of other runs.
    pub other_recordings: usize,
    /// Files of the folder that are called like recordings and cannot be read as one: they were left out.
    pub unreadable_recordings: Vec<String>,
    /// It was imported before: the file is the one that came in.
    pub imported: bool,
}

/// Exports a run.
///
/// # Errors
/// When there is no such run, it is in progress or was edited, a recording holds a secret, or something cannot be read or written.
pub fn export(journal: &Journal, request: &ExportRequest<'_>) -> Result<Exported, RunError> {
    if request.file.symlink_metadata().is_ok() {
        return Err(ExportError::Exists { file: request.file.clone() }.into());
    }
    let run = match named_run(journal, &request.run) {
        Ok(summary) => summary.run,
        Err(NoRun::Journal(JournalError::Imported { run, .. })) => return once_more(journal, &run, &request.file),
        Err(error) => return Err(error.into()),
    };
    // One in progress would be another one when the file is there.
    let _alone = RunLock::take(journal.state_dir(), &run)?;
    journal.trust(&run)?;
    let evidence = evidence(journal, &EvidenceRequest { run: run.clone(), whole: true, ..EvidenceRequest::default() })?;
    let found = match &request.recordings {
        Some(folder) => recordings::of_run(folder, &evidence.records)?,
        None => Recordings::default(),
    };
    let work = Work { journal, run: &run, evidence: &evidence, page: (request.page)(&evidence), recordings: &found };
    let machine = |cause: io::Error| ExportError::machine(&request.file, cause);
    let temporary = NamedTempFile::new_in(folder_of(&request.file)).map_err(machine)?;
    work.write(temporary.as_file(), &request.file)?;
    let exported = finish(temporary, &request.file)?;
    Ok(Exported {
        other_recordings: found.others,
        unreadable_recordings: found.unreadable,
        ..told(exported, &request.file)
    })
}

fn told(exported: ExportedRun, file: &Path) -> Exported {
    Exported {
        run: exported.run,
        file: file.to_owned(),
        file_sha256: exported.sha256,
        journal_head: exported.head,
        records: exported.records.len(),
        recordings: exported.recordings.len(),
        other_recordings: 0,
        unreadable_recordings: Vec::new(),
        imported: false,
    }
}

/// The folder of a file that is to be.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Reads back what was written, and gives it its name.
fn finish(temporary: NamedTempFile, file: &Path) -> Result<ExportedRun, ExportError> {
    let machine = |cause: io::Error| ExportError::machine(file, cause);
    temporary.as_file().sync_all().map_err(machine)?;
    let exported = read::read(temporary.path())?;
    temporary.persist_noclobber(file).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => ExportError::Exists { file: file.to_owned() },
        _ => machine(error.error),
    })?;
    Ok(exported)
}

/// A run that was imported goes on as the file that came in.
fn once_more(journal: &Journal, run: &str, file: &Path) -> Result<Exported, RunError> {
    // What is in its place is what was imported, or nothing leaves.
    imported_run(journal, run)?;
    let machine = |cause: io::Error| ExportError::machine(file, cause);
    let mut temporary = NamedTempFile::new_in(folder_of(file)).map_err(machine)?;
    let kept = file::open(&path_of(journal.state_dir(), run)).map_err(|error| machine(error.into()));
    io::copy(&mut kept?, temporary.as_file_mut()).map_err(machine)?;
    let exported = finish(temporary, file)?;
    Ok(Exported { imported: true, ..told(exported, file) })
}

/// What is written.
struct Work<'w> {
    journal: &'w Journal,
    run: &'w str,
    evidence: &'w Evidence,
    page: String,
    recordings: &'w Recordings,
}

impl Work<'_> {
    fn write(&self, to: impl Write + Seek, file: &Path) -> Result<(), RunError> {
        let machine = |cause: io::Error| ExportError::machine(file, cause);
        let (plan, plan_bytes) = self.plan();
        let mut archive = Writer::new(BufWriter::new(to));
        let head = Head { schema: SCHEMA.to_owned(), run: self.run.to_owned(), plan };
        archive.part(HEAD, |to| line(to, &head)).map_err(machine)?;
        let records = self.journal.chain_of(self.run)?;
        archive.part(RECORDS, |to| records.iter().try_for_each(|record| line(to, record))).map_err(machine)?;
        drop(records);
        archive.part(CONFIGURATIONS, |to| self.configurations(to)).map_err(machine)?;
        if let Some(bytes) = &plan_bytes {
            archive.part(PLAN, |to| to.write_all(bytes)).map_err(machine)?;
        }
        archive.part(PAGE, |to| to.write_all(self.page.as_bytes())).map_err(machine)?;
        for recording in &self.recordings.chosen {
            let (name, bytes) = (format!("{RECORDINGS}{}", recording.name), recording.bytes()?);
            archive.part(&name, |to| to.write_all(&bytes)).map_err(machine)?;
        }
        let manifest = manifest(self.run, archive.parts()).map_err(|error| machine(error.into()))?;
        archive.part(MANIFEST, |to| to.write_all(manifest.as_bytes())).map_err(machine)?;
        let by = who();
        let seal = self.journal.note(&Kind::Exported(ExportRecord {
            exported: self.run.to_owned(),
            manifest_sha256: sha256(manifest.as_bytes()),
            by: by.by,
            machine: by.machine,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }))?;
        archive.part(SEAL, |to| line(to, &seal)).map_err(machine)?;
        archive.finish().map_err(machine)?;
        Ok(())
    }

    fn plan(&self) -> (PlanPart, Option<Arc<[u8]>>) {
        match kept_plan(self.journal, self.run, &self.evidence.records) {
            Ok(None) => (PlanPart::None, None),
            Ok(Some(plan)) => (PlanPart::Kept, Some(plan.bytes)),
            Err(why) => (PlanPart::Missing(why), None),
        }
    }

    fn configurations(&self, to: &mut dyn Write) -> io::Result<()> {
        backed_up(&self.evidence.records).into_iter().try_for_each(|(router, model)| {
            let configurations = Configurations::of(self.journal, self.run, router, model);
            line(to, &OfRouter { router: router.to_owned(), configurations })
        })
    }
}

/// A value as one line of JSON.
fn line(to: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string(value)?;
    writeln!(to, "{}", visible::in_json(&text))
}
