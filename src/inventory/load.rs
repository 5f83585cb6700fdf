//! Reads inventory files. The only code of this module's folder that touches the file system.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::facts::Facts;
use crate::file::{self, FileError, LARGEST};
use crate::message::{Explain, Text, system_words};

use super::book::Inventory;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::source::SourceFile;

/// The most files that one inventory has, and together they are no larger than one may be.
const MOST_FILES: usize = 10_000;

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
    let paths = if path.is_dir() { yaml_files(path) } else { Ok(vec![path.to_owned()]) };
    let mut files: Vec<Arc<SourceFile>> = Vec::new();
    let mut left = LARGEST;
    let paths = paths.unwrap_or_else(|diagnostic| {
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
    match Facts::beside(path) {
        Ok(facts) => inventory.facts = facts,
        Err(error) => found.push(Diagnostic::error(error.code(), error.text()).hints(error.hints())),
    }
    (inventory, found)
}

fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, &e))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml" || e == "yml") && path.is_file())
        .take(MOST_FILES + 1)
        .collect();
    paths.sort();
    if paths.len() > MOST_FILES {
        let reason = Text::new(
            format!("the folder holds more than {MOST_FILES} *.yaml files"),
            format!("フォルダに {MOST_FILES} 個を超える *.yaml ファイルがあります"),
        );
        return Err(refused(folder, &reason).hint(
            "name the folder of the inventory, not one above it",
            "上位のフォルダではなく、インベントリのフォルダを指定してください",
        ));
    }
    if paths.is_empty() {
        return Err(refused(
            folder,
            &Text::new("the folder holds no *.yaml file", "フォルダに *.yaml ファイルがありません"),
        ));
    }
    Ok(paths)
}

/// Reads one text file under the name the user gave.
pub(crate) fn read_file(path: &Path) -> Result<Arc<SourceFile>, Diagnostic> {
    read_within(path, LARGEST)
}

fn read_within(path: &Path, limit: u64) -> Result<Arc<SourceFile>, Diagnostic> {
    let bytes = file::read(path, limit).map_err(|error| not_read(path, &error))?;
    let name = path.display().to_string();
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(good).filter(|b| **b == b'\n').count() + 1;
            let text = Text::new(
                format!("`{name}` is not UTF-8: line {line} holds other bytes"),
                format!("`{name}` は UTF-8 ではありません: {line} 行目にほかの文字コードが含まれています"),
            );
            Err(Diagnostic::error("file.encoding", text).hint(
                "save it as UTF-8: in Notepad \"Save as\", encoding UTF-8; or `iconv -f CP932 -t UTF-8 OLD > NEW`",
                "UTF-8 で保存し直してください。メモ帳では「名前を付けて保存」の文字コードで UTF-8 を選びます。または `iconv -f CP932 -t UTF-8 元 > 新`",
            ))
        }
    }
}

/// The finding about a file that was not read.
fn not_read(path: &Path, error: &FileError) -> Diagnostic {
    match error.system() {
        Some(cause) => unreadable(path, cause),
        None => Diagnostic::error(error.code(), error.text()).hints(error.hints()),
    }
}

/// The finding about a file that the system does not let us read.
pub(crate) fn unreadable(path: &Path, cause: &std::io::Error) -> Diagnostic {
    let found = refused(path, &system_words(cause));
    match cause.kind() {
        ErrorKind::NotFound if path.is_relative() => {
            let here = std::env::current_dir().map(|here| here.display().to_string()).unwrap_or_default();
            found.hint(
                format!("check its spelling; a relative path counts from the folder you are in: {here}"),
                format!("綴りを確かめてください。相対パスは現在のフォルダから数えます: {here}"),
            )
        }
        ErrorKind::NotFound => found.hint("check its spelling", "綴りを確かめてください"),
        ErrorKind::IsADirectory => {
            found.hint("name a file in that folder", "そのフォルダの中のファイルを指定してください")
        }
        _ => found.hint("check that you may read it", "読み取り権限を確かめてください"),
    }
}

/// The finding about a file that we do not read.
pub(crate) fn refused(path: &Path, reason: &Text) -> Diagnostic {
    let text = Text::new(
        format!("cannot read `{}`: {}", path.display(), reason.en),
        format!("`{}` を読み込めません: {}", path.display(), reason.ja),
    );
    Diagnostic::error("file.unreadable", text)
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
