//! Imported runs: the file of each in the state folder, taken for what was imported only if it still is that, byte for byte.

use std::path::{Path, PathBuf};

use super::error::ExportError;
use super::exported::ExportedRun;
use super::layout::is_run_name;
use super::read::{Found, read_with};
use crate::journal::Journal;
use crate::message::{Explain, Text};
use crate::record::ImportRecord;
use crate::run::error::RunError;

/// Where the files are, below the state folder.
pub(super) const FOLDER: &str = "imported";
/// What their names end in.
const END: &str = ".tar";

/// An imported run.
#[derive(Debug)]
pub struct ImportedRun {
    /// What this journal records of the import.
    pub record: ImportRecord,
    /// The run.
    pub exported: ExportedRun,
}

/// Where the file of an imported run is. The name is that of a run, and no path.
pub(super) fn path_of(state_dir: &Path, run: &str) -> PathBuf {
    state_dir.join(FOLDER).join(format!("{run}{END}"))
}

/// The imported run of this name; nothing where there is none.
///
/// # Errors
/// When the journal cannot be read, or the file is not what was imported.
pub fn imported_run(journal: &Journal, run: &str) -> Result<Option<ImportedRun>, RunError> {
    let record = journal.import_of(run)?;
    record.map(|record| ImportedRun::of(journal, record)).transpose()
}

impl ImportedRun {
    /// The run that this record is about.
    ///
    /// # Errors
    /// When the file is not what was imported.
    pub(super) fn of(journal: &Journal, record: ImportRecord) -> Result<Self, RunError> {
        let exported = found(journal, &record, None)?.exported;
        Ok(Self { record, exported })
    }
}

/// A recording of an imported run: the one of this name, with or without its ending, or the only one. Nothing where there is no such run.
///
/// # Errors
/// As [`imported_run`], or when there is no such recording.
pub fn imported_recording(journal: &Journal, run: &str, name: Option<&str>) -> Result<Option<Vec<u8>>, RunError> {
    let Some(imported) = imported_run(journal, run)? else { return Ok(None) };
    let known = imported.exported.recordings;
    let chosen = match (name, known.as_slice()) {
        (None, [only]) => Some(only),
        (None, _) => None,
        (Some(name), _) => known.iter().find(|known| *known == name || known.strip_suffix(".cast") == Some(name)),
    };
    let recording = match chosen {
        Some(chosen) => found(journal, &imported.record, Some(chosen))?.recording,
        None => None,
    };
    match recording {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(ExportError::WhichRecording { run: run.to_owned(), known }.into()),
    }
}

/// What is in the file of an import, with the recording of this name.
fn found(journal: &Journal, record: &ImportRecord, recording: Option<&str>) -> Result<Found, RunError> {
    let run = &record.imported;
    let changed = |why: Text| ExportError::Changed { run: run.clone(), why };
    if !is_run_name(run) {
        return Err(changed(Text::new("its name is no run's", "名前が実行のものではありません")).into());
    }
    let path = path_of(journal.state_dir(), run);
    let found = read_with(&path, recording).map_err(|error| match error {
        ExportError::Damaged { why, .. } => changed(why),
        error => changed(error.text()),
    })?;
    if found.exported.sha256 != record.file_sha256 || found.exported.run != *run {
        return Err(changed(Text::new("it is another export", "別の書き出しです")).into());
    }
    Ok(found)
}

/// The names of the imported runs of a state folder, at a glance: for a command line that is being typed. The last by their names first.
pub fn names_of_imported_runs(state_dir: &Path, most: usize) -> Vec<String> {
    let entries = std::fs::read_dir(state_dir.join(FOLDER)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(END).map(str::to_owned));
    let mut names: Vec<String> = names.filter(|name| is_run_name(name)).collect();
    names.sort_by(|one, other| other.cmp(one));
    names.truncate(most);
    names
}
