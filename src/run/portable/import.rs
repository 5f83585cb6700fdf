//! `journal import`: a run of another journal beside this one, as a record. Nothing of this journal is changed but for one record of the
//! import, and no file of an import is written over while it is what was imported.

use std::io::{self, BufReader, Read as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::error::ExportError;
use super::exported::ExportedRun;
use super::flaw::Flaw;
use super::imported::{FOLDER, path_of};
use super::layout::LARGEST_FILE;
use super::read::{parse, read};
use crate::file;
use crate::journal::{Journal, RunListing, RunLock};
use crate::message::Text;
use crate::private;
use crate::record::{Account, ImportRecord, Kind};
use crate::run::error::RunError;
use crate::run::owner::who;
use crate::visible;

/// The longest name of a person, a machine or a file in what is recorded of an import, in bytes: a path has at most half of it.
const LONGEST_NAME: usize = 8 * 1024;

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportEnd {
    /// The run was taken in.
    Taken,
    /// It was here already, with the same content: imported before.
    Known,
    /// It is a run of this journal itself, which has all of it.
    Own,
}

/// An import.
#[derive(Debug)]
pub struct Imported {
    /// How it ended.
    pub end: ImportEnd,
    /// What is, or would be, recorded of it.
    pub record: ImportRecord,
    /// Its records.
    pub records: usize,
    /// Its recordings.
    pub recordings: usize,
}

/// Imports a file.
///
/// # Errors
/// When the file is not what was exported, another run of its name is here, or something cannot be read or written. Nothing is imported
/// then.
pub fn import(journal: &Journal, path: &Path) -> Result<Imported, RunError> {
    let temporary = copied(journal, path)?;
    let exported = parse_copy(&temporary).map_err(|flaw| ExportError::of(path, flaw))?;
    expect_short_names(&exported).map_err(|flaw| ExportError::of(path, flaw))?;
    let run = exported.run.clone();
    let _alone = RunLock::take(journal.state_dir(), &run)?;
    let end = match known(journal, &exported, path)? {
        Some(end) => end,
        None => {
            let kept = path_of(journal.state_dir(), &run);
            temporary.as_file().sync_all().map_err(|cause| ExportError::machine(&kept, cause))?;
            temporary.persist(&kept).map_err(|error| ExportError::machine(&kept, error.error))?;
            ImportEnd::Taken
        }
    };
    let (records, recordings) = (exported.records.len(), exported.recordings.len());
    let record = recorded(exported);
    // The file first: what has no record was not imported, and is replaced.
    if end == ImportEnd::Taken {
        journal.note(&Kind::Imported(Box::new(record.clone())))?;
    }
    Ok(Imported { end, record, records, recordings })
}

/// A copy of the file beside those of earlier imports: what is read and judged is what stays.
fn copied(journal: &Journal, path: &Path) -> Result<NamedTempFile, RunError> {
    let folder = journal.state_dir().join(FOLDER);
    let made = (|| {
        let access = private::access_of(&std::fs::metadata(journal.state_dir())?);
        private::subfolder(&folder, access)?;
        let temporary = NamedTempFile::new_in(&folder)?;
        private::give(temporary.as_file(), access)?;
        Ok(temporary)
    })();
    let mut temporary = made.map_err(|cause: io::Error| ExportError::machine(&folder, cause))?;
    let from = file::open(path).map_err(|error| ExportError::machine(path, error.into()))?;
    let copied = io::copy(&mut from.take(LARGEST_FILE + 1), temporary.as_file_mut());
    if copied.map_err(|cause| ExportError::machine(path, cause))? > LARGEST_FILE {
        let what = Text::new("the file", "ファイル");
        return Err(ExportError::of(path, Flaw::TooLarge { what }).into());
    }
    Ok(temporary)
}

fn parse_copy(temporary: &NamedTempFile) -> Result<ExportedRun, Flaw> {
    Ok(parse(BufReader::new(temporary.reopen()?), None)?.exported)
}

/// What is recorded of an import stays in this journal for good, and each list of runs reads it.
fn expect_short_names(exported: &ExportedRun) -> Result<(), Flaw> {
    let begun = exported.records.iter().filter_map(|stored| match &stored.record {
        Some(Kind::Begun { action, by, machine, inventory, source, .. }) => {
            Some([action, by, machine, inventory, source])
        }
        _ => None,
    });
    let by = [&exported.export.by, &exported.export.machine];
    if begun.flatten().chain(by).all(|name| name.len() <= LONGEST_NAME) {
        return Ok(());
    }
    Err(Flaw::TooLarge { what: Text::new("a name in its first record", "最初の記録にある名前") })
}

/// Whether all of it is here already; nothing where it is not.
fn known(journal: &Journal, exported: &ExportedRun, path: &Path) -> Result<Option<ImportEnd>, RunError> {
    let conflict = |from: &str, differs: Text| {
        let from = visible::line(from).into_owned();
        ExportError::Conflict { run: exported.run.clone(), file: path.to_owned(), from, differs: Box::new(differs) }
    };
    let own = journal.chain_of(&exported.run)?;
    if !own.is_empty() {
        let same = own.iter().zip(&exported.records).take_while(|(own, other)| own.hash == other.hash).count();
        if same == exported.records.len() {
            return Ok(Some(ImportEnd::Own));
        }
        let (here, there) = (own.len(), exported.records.len());
        return Err(conflict(
            "",
            Text::new(
                format!("{same} records are the same, of {here} here and {there} in the file"),
                format!("共通の記録は {same} 件(ジャーナル {here} 件、ファイル {there} 件)"),
            ),
        )
        .into());
    }
    let Some(record) = journal.import_of(&exported.run)? else { return Ok(None) };
    let kept = read(&path_of(journal.state_dir(), &exported.run)).ok();
    let differs = match kept.filter(|kept| kept.sha256 == record.file_sha256) {
        Some(kept) => kept.differs_from(exported),
        // The file that was imported is gone or was changed: the same one takes its place.
        None if record.manifest_sha256 == exported.export.manifest_sha256 => return Ok(None),
        None => vec!["manifest.json".to_owned()],
    };
    if differs.is_empty() {
        return Ok(Some(ImportEnd::Known));
    }
    Err(conflict(&record.exported_by.machine, Text::untranslated(differs.join(", "))).into())
}

/// What is recorded of it.
fn recorded(exported: ExportedRun) -> ImportRecord {
    let Account { by, machine } = who();
    ImportRecord {
        file_sha256: exported.sha256,
        manifest_sha256: exported.export.manifest_sha256,
        head: exported.head,
        exported_by: Account { by: exported.export.by, machine: exported.export.machine },
        exported_ms: exported.exported_ms,
        by,
        machine,
        ..RunListing::of_records(&exported.run, &exported.records).into_import()
    }
}
