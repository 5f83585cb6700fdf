//! Files that a person names: opened without waiting, as regular files alone, and up to a bound.
//!
//! A pipe would be waited for and a device has no end. The kind is judged on the open file, so that it cannot be exchanged between the
//! look and the reading. Nothing here knows what a file contains.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::message::{Explain, Text, system_words};

/// The largest file that is read whole, whatever it is for.
pub(crate) const LARGEST: u64 = 256 * 1024 * 1024;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", path.display(), why.reason().en)]
pub struct FileError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    System(io::Error),
    Pipe,
    NotRegular,
    TooLarge(u64),
}

impl Why {
    fn reason(&self) -> Text {
        match self {
            Self::System(cause) => system_words(cause),
            Self::Pipe => Text::new("it is a pipe, not a file", "ファイルではなくパイプです"),
            Self::NotRegular => {
                Text::new("it is a device or a socket, not a file", "ファイルではなくデバイスまたはソケットです")
            }
            Self::TooLarge(limit) => {
                let (number, unit) =
                    if *limit < 1024 * 1024 { (limit / 1024, "KiB") } else { (limit / (1024 * 1024), "MiB") };
                Text::new(format!("it is larger than {number} {unit}"), format!("{number} {unit} を超えています"))
            }
        }
    }
}

impl FileError {
    /// What the system said, where the system would not.
    pub(crate) fn system(&self) -> Option<&io::Error> {
        if let Why::System(cause) = &self.why { Some(cause) } else { None }
    }

    /// Why, without the path.
    pub(crate) fn reason(&self) -> Text {
        self.why.reason()
    }
}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        match error.why {
            Why::System(cause) => cause,
            why => Self::other(why.reason().en),
        }
    }
}

impl Explain for FileError {
    fn code(&self) -> &'static str {
        match self.why {
            Why::System(_) => "file.unreadable",
            Why::Pipe | Why::NotRegular => "file.not-regular",
            Why::TooLarge(_) => "file.too-large",
        }
    }

    fn text(&self) -> Text {
        let (path, reason) = (self.path.display(), self.why.reason());
        Text::new(format!("cannot read `{path}`: {}", reason.en), format!("`{path}` を読み込めません: {}", reason.ja))
    }

    fn hints(&self) -> Vec<Text> {
        vec![match self.why {
            Why::System(_) => Text::new("check that you may read it", "読み取り権限を確かめてください"),
            Why::Pipe => Text::new(
                "write what it gives to a file first: `<(COMMAND)` of a shell is a pipe, too",
                "先に内容をファイルに書き出してください。シェルの `<(コマンド)` もパイプです",
            ),
            Why::NotRegular => Text::new("name a file", "ファイルを指定してください"),
            Why::TooLarge(_) => Text::new(
                "check that it is the file you mean; nothing of this kind needs to be so large",
                "指定したファイルが正しいか確かめてください。この種のファイルがこれほど大きくなることはありません",
            ),
        }]
    }
}

/// Opens a regular file for reading.
///
/// # Errors
/// When there is no file, or it is not a regular file.
pub(crate) fn open(path: &Path) -> Result<File, FileError> {
    let refused = |why| FileError { path: path.to_owned(), why };
    let file = platform::open(path).map_err(|cause| refused(Why::System(cause)))?;
    let kind = file.metadata().map_err(|cause| refused(Why::System(cause)))?.file_type();
    if kind.is_file() {
        return Ok(file);
    }
    Err(refused(match kind {
        kind if kind.is_dir() => Why::System(io::ErrorKind::IsADirectory.into()),
        kind if platform::is_pipe(kind) => Why::Pipe,
        _ => Why::NotRegular,
    }))
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// As [`open`], or when it is larger.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let file = open(path)?;
    let mut bytes = Vec::new();
    let read = bounded(file, limit, &mut bytes);
    read.map(|()| bytes).map_err(|why| FileError { path: path.to_owned(), why })
}

/// Opens a file, or what else is there, for appending; it is made where it is missing. A pipe without a reader is an error at once, and one
/// that is full is one at the writing.
///
/// # Errors
/// When the system will not.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    platform::append(path)
}

/// Reads standard input to its end; it may be a pipe or a terminal, and is waited for.
///
/// # Errors
/// When it cannot be read, or holds more than `limit` bytes.
pub(crate) fn read_stdin(limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read = bounded(io::stdin().lock(), limit, &mut bytes);
    read.map(|()| bytes).map_err(|why| FileError { path: PathBuf::from("-"), why })
}

fn bounded(from: impl Read, limit: u64, bytes: &mut Vec<u8>) -> Result<(), Why> {
    from.take(limit.saturating_add(1)).read_to_end(bytes).map_err(Why::System)?;
    if bytes.len() as u64 > limit { Err(Why::TooLarge(limit)) } else { Ok(()) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::read;
    use crate::message::Explain;

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        let error = read(&path, 4).unwrap_err();
        assert_eq!((error.code(), error.system().is_none()), ("file.too-large", true));
    }

    #[test]
    fn a_folder_and_a_missing_file_keep_the_systems_own_words() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path(), 5).unwrap_err().system().unwrap().kind(), std::io::ErrorKind::IsADirectory);
        let missing = read(&dir.path().join("x"), 5).unwrap_err();
        assert_eq!(missing.system().unwrap().kind(), std::io::ErrorKind::NotFound);
    }
}
