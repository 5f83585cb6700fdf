//! A sealed visit that comes back to the office: opened with the office's key, and each of its runs imported as any other exported run is,
//! with its chain proven and a conflict shown.

use std::io::{Read as _, Write as _};
use std::path::Path;

use super::error::KitError;
use super::office;
use super::visit::{Head, LONGEST_HEAD, MOST_RUNS, SCHEMA};
use crate::file;
use crate::journal::Journal;
use crate::kit::{self, Flaw};
use crate::run::error::RunError;
use crate::run::input_error::InputError;
use crate::run::portable::{Imported, import};

/// What came of a visit.
#[derive(Debug)]
pub struct ReceivedVisit {
    /// Its runs that are here now, in the order in which they were carried out.
    pub imported: Vec<Imported>,
    /// Why others are not.
    pub refused: Vec<RunError>,
}

/// Whether a file is a sealed visit; a file that cannot be read is none.
pub fn is_visit_file(path: &Path) -> bool {
    let mut start = [0; 32];
    let read = file::open(path).ok().and_then(|mut file| file.read(&mut start).ok());
    read.and_then(|length| start.get(..length)).is_some_and(kit::is_visit)
}

/// Opens a visit and imports its runs. One that conflicts does not keep the others back.
///
/// # Errors
/// When it is no visit, was sealed for another office, or the office's key is not here. Nothing was imported then.
pub fn receive_visit(journal: &Journal, path: &Path) -> Result<ReceivedVisit, RunError> {
    let state_dir = journal.state_dir();
    let missing = || KitError::NoKeyHere { file: path.to_owned(), folder: state_dir.to_owned() };
    let key = office::read(state_dir)?.ok_or_else(missing)?;
    let bytes = file::read(path, kit::LARGEST).map_err(|error| InputError::file(path, error))?;
    let of = |flaw| RunError::from(KitError::of_visit(path, flaw));
    let plain = key.open(&bytes).map_err(of)?;
    let exports = parts(&plain).map_err(of)?;
    let machine = |cause| RunError::from(InputError::machine(state_dir, cause));
    let mut received = ReceivedVisit { imported: Vec::new(), refused: Vec::new() };
    for bytes in exports {
        let mut export = tempfile::NamedTempFile::new_in(state_dir).map_err(machine)?;
        export.write_all(bytes).map_err(machine)?;
        match import(journal, export.path()) {
            Ok(imported) => received.imported.push(imported),
            Err(error) => received.refused.push(error),
        }
    }
    Ok(received)
}

/// The exports of a visit.
fn parts(plain: &[u8]) -> Result<Vec<&[u8]>, Flaw> {
    // Anyone with a kit has the office's public key: the line is hostile, and bounded before it is parsed.
    let end = plain.iter().take(LONGEST_HEAD + 1).position(|byte| *byte == b'\n').ok_or(Flaw::Changed)?;
    let (line, rest) = plain.split_at(end);
    let head: Head = serde_json::from_slice(line).map_err(|_| Flaw::Changed)?;
    if head.schema != SCHEMA {
        return Err(Flaw::Newer { schema: head.schema });
    }
    if head.runs.len() > MOST_RUNS {
        return Err(Flaw::TooLarge);
    }
    let mut rest = rest.get(1..).unwrap_or_default();
    let mut exports = Vec::new();
    for part in head.runs {
        let (export, after) = rest.split_at_checked(part.bytes).ok_or(Flaw::Changed)?;
        exports.push(export);
        rest = after;
    }
    if rest.is_empty() { Ok(exports) } else { Err(Flaw::Changed) }
}
