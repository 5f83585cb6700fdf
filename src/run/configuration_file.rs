//! A configuration in a file, kept by this program, another one, or by hand: read, and not taken for what it is not.

use std::path::Path;

use super::input_error::InputError;
use super::operator::{Notice, Operator};
use super::other_form::OtherForm;
use crate::file::{self, LARGEST};
use crate::inventory::{FileFinding, not_read};
use crate::ix::backup::{Backup, NoConfiguration};
use crate::message::Text;

/// The mark with which some editors begin a file in UTF-8; it is no part of what they wrote.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a file, or standard input where it is `-`, of at most this many bytes.
///
/// # Errors
/// When it cannot be read, is no regular file, or is larger.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, InputError> {
    let read = if path.as_os_str() == "-" { file::read_stdin(limit) } else { file::read(path, limit) };
    Ok(without_mark(read.map_err(|error| InputError::file(path, error))?))
}

/// Reads what may be a playbook or a kept plan, or standard input where it is `-`.
///
/// # Errors
/// As [`read_bytes`], in the words that are said about any such file; or when it is UTF-16, as an editor may have kept it.
pub(super) fn read_source(path: &Path) -> Result<Vec<u8>, InputError> {
    if path.as_os_str() == "-" {
        return read_bytes(path, LARGEST);
    }
    let bytes = file::read(path, LARGEST).map_err(|error| Box::new(not_read(path, error).of_playbook()))?;
    if let Some(finding) = FileFinding::of_bytes(path, &bytes) {
        return Err(Box::new(finding).into());
    }
    Ok(without_mark(bytes))
}

fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    bytes
}

/// The largest configuration: some ten times what the largest router's memory for it holds.
const LARGEST_CONFIGURATION: u64 = 16 * 1024 * 1024;

/// Reads a configuration file that another program may have kept: with a header, with secrets taken out. The log of a terminal program
/// is refused: where a page ended or a prompt was, a section may have lost its header, and what is planned from it would land on
/// another interface.
///
/// # Errors
/// When the file cannot be read, is no text, or holds a page mark or a prompt.
pub fn read_backup(path: &Path) -> Result<Backup, InputError> {
    let bytes = read_bytes(path, LARGEST_CONFIGURATION)?;
    if let Some(other) = OtherForm::of(path, &bytes) {
        return Err(other.into());
    }
    Backup::read(&bytes).map_err(|wrong| match wrong {
        NoConfiguration::NotText => InputError::NotText { file: path.to_owned() },
        NoConfiguration::Terminal(line) => InputError::TerminalLog { file: path.to_owned(), line },
    })
}

/// Warns of what cannot be compared or read in a file: lines with masked secrets, and bytes in another encoding.
pub fn warn_of_masks(operator: &dyn Operator, name: &str, backup: &Backup) {
    let count = backup.masked.len();
    if let Some(first) = backup.masked.first().map(|masked| masked.line) {
        operator.tell(&Notice::Warning(&Text::new(
            format!(
                "{name}: {count} line(s) are masked (the first is line {first}): they are compared with nothing, and neither typed nor taken away"
            ),
            format!("{name}: マスクされた行が {count} 行あります(最初は {first} 行目)。比較せず、入力も削除もしません"),
        )));
    } else if backup.ours {
        operator.tell(&Notice::Warning(&Text::new(
            format!("{name} is a masked backup"),
            format!("{name} はマスク済みのバックアップです"),
        )));
    }
    if let Some(first) = backup.odd_bytes.first() {
        let count = backup.odd_bytes.len();
        operator.tell(&Notice::Warning(&Text::new(
            format!(
                "{name}: {count} line(s) are not UTF-8 (the first is line {first}): their bytes are kept as they are"
            ),
            format!("{name}: UTF-8 でない行が {count} 行あります(最初は {first} 行目)。バイト列のまま扱います"),
        )));
    }
}
