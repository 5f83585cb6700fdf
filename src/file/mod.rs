//! Files that the user names: opened without waiting, only if regular, and read up to a bound.
//!
//! A pipe would be waited for and a device has no end. The kind is judged on the open file, so that it cannot be exchanged between the
//! look and the reading. Nothing here knows what a file contains.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::message::{CodeEntry, Explain, Text, system_words};

/// The largest file that is read whole, whatever it is for.
pub(crate) const LARGEST: u64 = 256 * 1024 * 1024;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[FileError::CODES];

/// Why a file was not read.
#[derive(Debug, Explain)]
pub enum FileError {
    /// The system does not open or read it.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: {cause}",
        ja = "`{path}` を読み込めません: {cause}",
        hint(en = "check the path and the permissions", ja = "パスと読み取り権限を確認してください")
    )]
    System {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// A pipe would be waited for.
    #[explain(
        code = "file.not-regular",
        en = "cannot read `{path}`: it is a pipe, not a file",
        ja = "`{path}` を読み込めません: ファイルではなくパイプです",
        hint(
            en = "write what it gives to a file first: `<(COMMAND)` of a shell is a pipe, too",
            ja = "先に内容をファイルに書き出してください。シェルの `<(コマンド)` もパイプです"
        )
    )]
    Pipe { path: PathBuf },
    /// A device has no end.
    #[explain(
        code = "file.not-regular",
        en = "cannot read `{path}`: it is a device or a socket, not a file",
        ja = "`{path}` を読み込めません: ファイルではなくデバイスまたはソケットです",
        hint(en = "name a file", ja = "ファイルを指定してください")
    )]
    NotRegular { path: PathBuf },
    /// More bytes than a file of its kind may have.
    #[explain(
        code = "file.too-large",
        en = "cannot read `{path}`: it is larger than {most}",
        ja = "`{path}` を読み込めません: {most} を超えています",
        with(most = size(*limit)),
        hint(
            en = "check that it is the file you mean; no file of this kind needs to be so large",
            ja = "指定したファイルが正しいか確認してください。この種のファイルがこれほど大きくなることはありません"
        ),
        note(
            en = "The limit is 256 MiB, for a configuration 16 MiB, for a template 1 MiB.",
            ja = "上限は 256 MiB、コンフィグは 16 MiB、テンプレートは 1 MiB です。"
        )
    )]
    TooLarge { path: PathBuf, limit: u64 },
}

/// A number of bytes in the unit in which limits are thought of.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if bytes < MIB { format!("{} KiB", bytes / 1024) } else { format!("{} MiB", bytes / MIB) }
}

impl FileError {
    /// What the system said, where the system would not.
    pub(crate) fn system(&self) -> Option<&io::Error> {
        if let Self::System { cause, .. } = self { Some(cause) } else { None }
    }

    /// Why, for a sentence that names the path already.
    pub(crate) fn reason(&self) -> Text {
        match self {
            Self::System { cause, .. } => system_words(cause),
            Self::Pipe { .. } => Text::new("it is a pipe, not a file", "ファイルではなくパイプです"),
            Self::NotRegular { .. } => {
                Text::new("it is a device or a socket, not a file", "ファイルではなくデバイスまたはソケットです")
            }
            Self::TooLarge { limit, .. } => {
                let most = size(*limit);
                Text::new(format!("it is larger than {most}"), format!("{most} を超えています"))
            }
        }
    }
}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        match error {
            FileError::System { cause, .. } => cause,
            refused => Self::other(refused.to_string()),
        }
    }
}

/// Opens a regular file for reading.
///
/// # Errors
/// When there is no file, or it is not a regular file.
pub(crate) fn open(path: &Path) -> Result<File, FileError> {
    let path = path.to_owned();
    let kind = platform::open(&path).and_then(|file| file.metadata().map(|metadata| (file, metadata.file_type())));
    match kind {
        Ok((file, kind)) if kind.is_file() => Ok(file),
        Ok((_, kind)) if kind.is_dir() => Err(FileError::System { path, cause: io::ErrorKind::IsADirectory.into() }),
        Ok((_, kind)) if platform::is_pipe(kind) => Err(FileError::Pipe { path }),
        Ok(_) => Err(FileError::NotRegular { path }),
        Err(cause) => Err(FileError::System { path, cause }),
    }
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// As [`open`], or when it is larger.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    bounded(path, open(path)?, limit)
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
    bounded(Path::new("-"), io::stdin().lock(), limit)
}

fn bounded(path: &Path, from: impl Read, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    match from.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > limit => Err(FileError::TooLarge { path: path.to_owned(), limit }),
        Ok(_) => Ok(bytes),
        Err(cause) => Err(FileError::System { path: path.to_owned(), cause }),
    }
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
