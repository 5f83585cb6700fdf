//! Which recordings of a folder belong to a run: those of its routers that began while it was carried out.
//!
//! A recording was masked when it was made; one in which this version would still mask something does not leave this machine. What is
//! written later is what was looked at here, byte for byte, or nothing. A file that is no recording is left out, and said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::error::ExportError;
use super::layout::{LARGEST_RECORDING, is_recording_name};
use crate::file;
use crate::message::Text;
use crate::record::Stored;
use crate::run::plan_file::sha256;
use crate::session::{Recording, unmasked_lines};

/// A recording.
pub(super) struct Chosen {
    /// The name of its file.
    pub(super) name: String,
    path: PathBuf,
    /// SHA-256 of what was looked at.
    sha256: String,
}

impl Chosen {
    /// Its bytes, which are those that were looked at.
    ///
    /// # Errors
    /// When it cannot be read any more, or was changed meanwhile.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, ExportError> {
        let bytes = file::read(&self.path, LARGEST_RECORDING)
            .map_err(|error| ExportError::machine(&self.path, error.into()))?;
        if sha256(&bytes) != self.sha256 {
            let why = Text::new("it was changed while it was exported", "書き出し中に変更されました");
            return Err(ExportError::Recording { file: self.path.clone(), why });
        }
        Ok(bytes)
    }
}

/// The recordings of a run, and how many others there are in the folder.
#[derive(Default)]
pub(super) struct Recordings {
    pub(super) chosen: Vec<Chosen>,
    pub(super) others: usize,
    /// Files that are called like recordings and cannot be read as one.
    pub(super) unreadable: Vec<String>,
}

/// Whether a recording began within a run.
struct OfRun<'r> {
    routers: BTreeSet<&'r str>,
    first_s: u64,
    last_s: u64,
}

impl<'r> OfRun<'r> {
    fn of(records: &'r [Stored]) -> Self {
        let routers = records.iter().map(|stored| stored.router.as_str()).filter(|router| !router.is_empty()).collect();
        let second = |stored: Option<&Stored>| {
            let at_ms = stored.map(|stored| stored.at_ms).unwrap_or_default();
            u64::try_from(at_ms).unwrap_or_default() / 1000
        };
        // A recording knows its second alone.
        Self { routers, first_s: second(records.first()), last_s: second(records.last()) }
    }

    fn has(&self, recording: &Recording) -> bool {
        self.routers.contains(recording.title.as_str()) && (self.first_s..=self.last_s).contains(&recording.timestamp)
    }
}

/// Looks through a folder, in the order of its names.
///
/// # Errors
/// When the folder cannot be read, or a recording of the run holds a secret.
pub(super) fn of_run(folder: &Path, records: &[Stored]) -> Result<Recordings, ExportError> {
    let of_run = OfRun::of(records);
    let mut found = Recordings::default();
    let listed = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let listed = listed.map_err(|cause| ExportError::machine(folder, cause))?;
    let mut names: Vec<String> = listed.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    for name in names.into_iter().filter(|name| is_recording_name(name)) {
        let path = folder.join(&name);
        let bytes = file::read(&path, LARGEST_RECORDING).ok();
        let parsed = bytes.and_then(|bytes| Some((Recording::parse(&String::from_utf8_lossy(&bytes)).ok()?, bytes)));
        let Some((recording, bytes)) = parsed else {
            found.unreadable.push(name);
            continue;
        };
        if !of_run.has(&recording) {
            found.others += 1;
            continue;
        }
        let unmasked = unmasked_lines(&recording.events);
        if unmasked > 0 {
            let why = Text::new(
                format!("{unmasked} line(s) hold a secret that this version masks"),
                format!("現在の版ならマスクされる秘密情報を含む行が {unmasked} 行あります"),
            );
            return Err(ExportError::Recording { file: path, why });
        }
        found.chosen.push(Chosen { name, path, sha256: sha256(&bytes) });
    }
    Ok(found)
}
