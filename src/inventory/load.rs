//! Reads inventory files. The only code of this module's folder that touches the file system.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::facts::Facts;
use crate::file::{self, FileError, LARGEST};
use crate::message::system_words;
use crate::visible;
use crate::window::Holidays;

use super::book::Inventory;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::finding::FileFinding;
use super::holiday_files;
use super::names::Names;
use super::nearest::nearest;
use super::source::SourceFile;

/// The most files that one inventory has, and together they are no larger than one may be.
const MOST_FILES: usize = 10_000;
/// So many files are named beside one that is missing.
const FEW_FILES: usize = 8;

/// Reads an inventory from a file, or from every `*.yaml` and `*.yml` file of a folder, in the order of their names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path) -> Result<(Inventory, Diagnostics), Diagnostics> {
    let (inventory, found) = attempt(path);
    found.conclude(inventory)
}

/// Reads as much as can be read, and everything that is wrong.
pub(crate) fn attempt(path: &Path) -> (Inventory, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut files: Vec<Arc<SourceFile>> = Vec::new();
    let mut left = LARGEST;
    let paths = paths_of(path).unwrap_or_else(|diagnostic| {
        found.push(diagnostic);
        Vec::new()
    });
    for path in paths {
        match read_within(&path, left) {
            Ok(file) => {
                left = left.saturating_sub(file.text().len() as u64);
                files.push(file);
            }
            Err(diagnostic) => found.push(diagnostic),
        }
    }
    if !found.is_empty() {
        return (Inventory::default(), found);
    }
    let (mut inventory, mut found) = Inventory::attempt(&files);
    read_holidays(&mut inventory, &mut found);
    match Facts::beside(path) {
        Ok(facts) => inventory.facts = facts,
        Err(error) => found.push(Diagnostic::error(&error)),
    }
    (inventory, found)
}

/// The names that an inventory declares, as many as can be found: a file is read in full only where its layout does not show them.
pub(crate) fn names(path: &Path) -> Names {
    let mut names = Names::default();
    let mut left = LARGEST;
    for path in paths_of(path).unwrap_or_default() {
        let Ok(file) = read_within(&path, left) else { continue };
        left = left.saturating_sub(file.text().len() as u64);
        let in_full = || Names::of(&Inventory::attempt(&[Arc::clone(&file)]).0);
        names.extend(Names::by_layout(file.text()).unwrap_or_else(in_full));
    }
    names
}

/// Reads the files of holidays that the inventory names. One that is not read is an error: its days would be taken for working days.
fn read_holidays(inventory: &mut Inventory, found: &mut Diagnostics) {
    let mut holidays = Holidays::default();
    for named in &inventory.holiday_files {
        match read_file(&named.value) {
            Ok(file) => holidays.extend(holiday_files::parse(&file, found)),
            Err(diagnostic) => found.push(diagnostic.at(named.place.clone(), &*named.path)),
        }
    }
    inventory.keep_holidays(holidays);
}

/// The files of an inventory, in the order in which they are read.
pub(super) fn paths_of(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    if path.is_dir() { yaml_files(path) } else { Ok(vec![path.to_owned()]) }
}

fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let paths = files_of(folder, is_yaml).map_err(|e| unreadable(folder, &e))?;
    if paths.len() > MOST_FILES {
        let finding = FileFinding::TooManyFiles { path: folder.to_owned(), most: MOST_FILES };
        return Err(Diagnostic::error(&finding));
    }
    if paths.is_empty() {
        return Err(Diagnostic::error(&FileFinding::NoFiles { path: folder.to_owned() }));
    }
    Ok(paths)
}

/// The files of a kind in a folder, by name: one more than an inventory may have at most.
fn files_of(folder: &Path, is_meant: fn(&Path) -> bool) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| is_meant(path) && path.is_file()).take(MOST_FILES + 1).collect();
    paths.sort();
    Ok(paths)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

/// Reads one text file under the name the user gave.
pub(crate) fn read_file(path: &Path) -> Result<Arc<SourceFile>, Diagnostic> {
    read_within(path, LARGEST)
}

/// The same of a playbook.
pub(crate) fn read_playbook(path: &Path) -> Result<Arc<SourceFile>, Diagnostic> {
    read_text(path, LARGEST).map_err(|finding| Diagnostic::error(&finding.of_playbook()))
}

fn read_within(path: &Path, limit: u64) -> Result<Arc<SourceFile>, Diagnostic> {
    read_text(path, limit).map_err(|finding| Diagnostic::error(&finding))
}

fn read_text(path: &Path, limit: u64) -> Result<Arc<SourceFile>, FileFinding> {
    let bytes = file::read(path, limit).map_err(|error| not_read(path, error))?;
    if let Some(finding) = FileFinding::of_bytes(path, &bytes) {
        return Err(finding);
    }
    let name = path.display().to_string();
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(good).filter(|b| **b == b'\n').count() + 1;
            Err(FileFinding::Encoding { path: path.to_owned(), line })
        }
    }
}

/// The finding about a file that was not read.
pub(crate) fn not_read(path: &Path, error: FileError) -> FileFinding {
    match error.system() {
        Some(cause) => of_system(path, cause),
        None => error.into(),
    }
}

/// The finding about a file that the system does not let us read.
pub(crate) fn unreadable(path: &Path, cause: &std::io::Error) -> Diagnostic {
    Diagnostic::error(&of_system(path, cause))
}

fn of_system(path: &Path, cause: &std::io::Error) -> FileFinding {
    let (path, kind, cause) = (path.to_owned(), cause.kind(), system_words(cause));
    match kind {
        ErrorKind::NotFound => {
            let here = path.is_relative().then(|| std::env::current_dir().unwrap_or_default());
            let beside = beside(&path);
            let near = nearest(&path.to_string_lossy(), beside.iter().map(String::as_str)).map(str::to_owned);
            let others = if beside.len() <= FEW_FILES { beside } else { Vec::new() };
            FileFinding::Missing { path, cause: Box::new(cause), router: None, here, near, others }
        }
        ErrorKind::IsADirectory => FileFinding::Folder { path, cause },
        _ => FileFinding::System { path, cause },
    }
}

/// The files in the folder of a path that was meant to be one of them, YAML or JSON as it is, as they would be typed.
fn beside(path: &Path) -> Vec<String> {
    let is_alike = match path {
        path if is_yaml(path) => is_yaml,
        path if is_json(path) => is_json,
        _ => return Vec::new(),
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let found = files_of(here, is_alike).unwrap_or_default();
    let named = |file: &PathBuf| Some(folder.join(file.file_name()?).display().to_string());
    found.iter().filter_map(named).map(|name| visible::line(&name).into_owned()).collect()
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
