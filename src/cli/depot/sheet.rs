//! The labels of the day as pages in a folder: one for each box once it is saved, and one sheet of all. Each is made from the journal.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::cli::error::{Exit, Failure};
use crate::cli::labels::labels_of;
use crate::message::Lang;
use crate::report::{self, Labels, Languages};
use crate::run::{self, EvidenceRequest, RunEnv};

/// The sheet of all.
const ALL: &str = "labels.html";

/// The labels of the day.
pub struct Sheet {
    /// Nothing where none are wanted.
    folder: Option<PathBuf>,
    contacts: bool,
    lang: Lang,
    all: Mutex<Labels>,
}

impl Sheet {
    /// Labels in this folder, which is made; with the clinics' names where they are wanted.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn below(folder: Option<PathBuf>, contacts: bool, lang: Lang) -> Result<Self, Failure> {
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).map_err(|cause| Failure::machine(folder.display().to_string(), cause))?;
        }
        Ok(Self { folder, contacts, lang, all: Mutex::default() })
    }

    /// Writes the labels of a run, and the sheet of all anew; where they are, or nothing where none are wanted.
    ///
    /// # Errors
    /// When the journal cannot be read or the folder not be written. What is written is whole.
    pub fn add(&self, env: &RunEnv, run: &str, inventory: &Path) -> Result<Option<PathBuf>, Vec<Failure>> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let request = EvidenceRequest {
            run: run.to_owned(),
            limit: None,
            contacts: self.contacts,
            inventory: self.contacts.then(|| inventory.to_owned()),
            whole: false,
        };
        let journal = env.journal().map_err(|error| Failure::new(&error, Exit::Usage))?;
        let labels = labels_of(&journal, run::evidence(&journal, &request)?)?;
        let file = labels.labels.first().map(|one| folder.join(format!("{}.html", one.router)));
        if let Some(file) = &file {
            self.write(file, &labels)?;
        }
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        *all = std::mem::take(&mut *all).and(labels);
        self.write(&folder.join(ALL), &all)?;
        Ok(file)
    }

    fn write(&self, file: &Path, labels: &Labels) -> Result<(), Failure> {
        let page = report::html(&report::labels_page(labels), Languages::One(self.lang));
        Ok(run::write_whole(file, page.as_bytes())?)
    }
}
