//! `kit return`: the records of a visit, as one file sealed to the office's key.
//!
//! Under the seal: a line of JSON that names the runs and their sizes, and their exports one after the other, as `export` writes them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::KitError;
use super::folder::{Folder, Opened};
use crate::file;
use crate::journal::Journal;
use crate::kit::{self, PublicKey};
use crate::run::error::RunError;
use crate::run::evidence::Evidence;
use crate::run::input_error::InputError;
use crate::run::named_run::named_run;
use crate::run::portable::{ExportRequest, export};
use crate::run::whole_file::write_whole;

pub(super) const SCHEMA: &str = "ixdeploy-visit/1";
/// Runs of one file.
pub(super) const MOST_RUNS: usize = 1_000;
/// Bytes of the first line under the seal: twice as many as so many runs need.
pub(super) const LONGEST_HEAD: usize = MOST_RUNS * 128;
const MIB: u64 = 1024 * 1024;
/// The most bytes of exports in one file: half of what is read of a sealed one.
const LARGEST: u64 = kit::LARGEST / 2;

/// What is sealed.
pub struct VisitRequest<'a> {
    /// The folder that the kit was opened into.
    pub folder: PathBuf,
    /// These runs; all since the kit was opened that touch its routers, where none is named.
    pub runs: Vec<String>,
    /// The new file.
    pub file: PathBuf,
    /// Makes the page that goes along with each run.
    pub page: &'a dyn Fn(&Evidence) -> String,
}

/// A visit that was sealed.
#[derive(Debug, Serialize)]
pub struct SealedVisit {
    /// The file.
    pub file: PathBuf,
    /// Its runs, the oldest first.
    pub runs: Vec<String>,
    /// The head of the journal after the last export.
    pub journal_head: String,
}

/// The first line under the seal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) schema: String,
    pub(super) runs: Vec<Part>,
}

/// One run's export.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) run: String,
    pub(super) bytes: usize,
}

/// Seals the records of a visit. What is exported has its secrets masked before it is sealed.
///
/// # Errors
/// When no kit was opened there, it has no office key, there is nothing to bring back, or something cannot be read or written.
pub fn seal_visit(journal: &Journal, request: &VisitRequest<'_>) -> Result<SealedVisit, RunError> {
    if request.file.symlink_metadata().is_ok() {
        return Err(KitError::Exists { path: request.file.clone() }.into());
    }
    let folder = Folder::read(&request.folder)?;
    let office = folder.about.office.as_deref().and_then(PublicKey::parse).ok_or(KitError::NoOfficeKey)?;
    let runs = match request.runs.as_slice() {
        [] => since_opened(journal, &folder)?,
        named => in_order(journal, named)?,
    };
    at_most(MOST_RUNS, &runs)?;
    let dir =
        tempfile::tempdir_in(journal.state_dir()).map_err(|cause| InputError::machine(journal.state_dir(), cause))?;
    let (mut parts, mut exports, mut head) = (Vec::new(), Vec::new(), String::new());
    for run in &runs {
        let file = dir.path().join(format!("{run}.tar"));
        let wanted = ExportRequest { run: run.clone(), file: file.clone(), recordings: None, page: request.page };
        head = export(journal, &wanted)?.journal_head;
        let bytes = file::read(&file, kit::LARGEST).map_err(|error| InputError::file(&file, error))?;
        parts.push(Part { run: run.clone(), bytes: bytes.len() });
        exports.extend(bytes);
        bounded(&exports, &request.file)?;
    }
    let line =
        serde_json::to_string(&Head { schema: SCHEMA.to_owned(), runs: parts }).map_err(|_| KitError::Machine)?;
    let mut plain = line.into_bytes();
    plain.push(b'\n');
    plain.append(&mut exports);
    let sealed = office.seal(&plain).map_err(|flaw| KitError::of_visit(&request.file, flaw))?;
    write_whole(&request.file, &sealed)?;
    Ok(SealedVisit { file: request.file.clone(), runs, journal_head: head })
}

fn at_most(most: usize, runs: &[String]) -> Result<(), KitError> {
    if runs.len() <= most { Ok(()) } else { Err(KitError::TooManyRuns { runs: runs.len(), most }) }
}

fn bounded(exports: &[u8], file: &Path) -> Result<(), KitError> {
    match exports.len() as u64 > LARGEST {
        true => Err(KitError::VisitTooLarge { file: file.to_owned(), most_mib: LARGEST / MIB }),
        false => Ok(()),
    }
}

/// These runs, each once, the oldest first.
fn in_order(journal: &Journal, named: &[String]) -> Result<Vec<String>, RunError> {
    let runs = named.iter().map(|run| named_run(journal, run).map(|run| (run.begun, run.run)));
    let runs: BTreeSet<_> = runs.collect::<Result<_, _>>()?;
    Ok(runs.into_iter().map(|(_, run)| run).collect())
}

/// The runs since the kit was opened here that touch its routers, the oldest first.
fn since_opened(journal: &Journal, folder: &Folder) -> Result<Vec<String>, RunError> {
    let runs = runs_since(journal, folder, &folder.opened)?;
    if runs.is_empty() { Err(KitError::NothingToReturn.into()) } else { Ok(runs) }
}

/// The runs since then that touch the routers of a folder's kit, the oldest first.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn runs_since(journal: &Journal, folder: &Folder, since: &Opened) -> Result<Vec<String>, RunError> {
    let routers = folder.routers();
    let mut runs = Vec::new();
    for run in since.runs_since(journal)? {
        if journal.router_runs(&run.run)?.iter().any(|part| routers.contains(part.router.as_str())) {
            runs.push(run.run);
        }
    }
    Ok(runs)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::path::Path;

    use super::{LARGEST, at_most, bounded};
    use crate::message::Explain as _;

    #[test]
    fn what_does_not_fit_into_one_file_is_refused_by_its_number_and_none_of_it_is_left_out() {
        let runs: Vec<String> = (0..3).map(|run| run.to_string()).collect();
        at_most(3, &runs).unwrap();
        let refused = at_most(2, &runs).unwrap_err();
        assert_eq!(refused.code(), "kit.too-many-runs");
        assert!(refused.text().en.contains("3 runs") && refused.text().en.contains("at most 2"), "{refused}");
        let exports = vec![0; usize::try_from(LARGEST).unwrap() + 1];
        let refused = bounded(&exports, Path::new("sato.visit")).unwrap_err();
        assert_eq!(refused.code(), "kit.visit-too-large");
        assert!(refused.text().en.contains("128 MiB"), "{refused}");
    }
}
