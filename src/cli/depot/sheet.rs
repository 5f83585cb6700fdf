//! The labels of the day as pages in a folder: one for each box once it is saved, and one sheet of all. Each is made from the journal. A sheet
//! of before is never written over: its labels may not have been printed yet.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::cli::error::{Exit, Failure};
use crate::cli::labels::labels_of;
use crate::message::{Lang, Text};
use crate::private::{Access, create_new};
use crate::report::{self, Labels, Languages};
use crate::run::{self, EvidenceRequest, RunEnv};

/// The sheet of all, without what is behind the point; a later one is `labels-2`.
const ALL: &str = "labels";
/// Sheets in one folder: it is time for another folder.
const MOST_SHEETS: usize = 1000;

/// The labels of the day.
pub struct Sheet {
    /// Nothing where none are wanted.
    folder: Option<PathBuf>,
    contacts: bool,
    lang: Lang,
    /// The names of the day's routers, in small letters: so are their pages called.
    routers: BTreeSet<String>,
    all: Mutex<OfAll>,
}

/// The sheet of all, which has a name once there is something on it.
#[derive(Default)]
struct OfAll {
    labels: Labels,
    file: Option<PathBuf>,
}

/// Where a label was written.
pub struct Written {
    /// The page of the box; nothing where it has no label.
    label: Option<PathBuf>,
    /// The sheet of all.
    sheet: PathBuf,
}

impl Written {
    /// In words.
    pub fn words(&self) -> Text {
        let sheet = self.sheet.display();
        match self.label.as_ref().map(|file| file.display()) {
            Some(label) => {
                Text::new(format!("label: {label} (all: {sheet})"), format!("ラベル: {label}(全体: {sheet})"))
            }
            None => Text::new(format!("no label (all: {sheet})"), format!("ラベルなし(全体: {sheet})")),
        }
    }
}

impl Sheet {
    /// Labels of these routers in this folder, which is made; with the clinics' names where they are wanted.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn below<'r>(
        folder: Option<PathBuf>,
        contacts: bool,
        lang: Lang,
        routers: impl Iterator<Item = &'r str>,
    ) -> Result<Self, Failure> {
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).map_err(|cause| Failure::machine(folder.display().to_string(), cause))?;
        }
        let routers = routers.map(str::to_lowercase).collect();
        Ok(Self { folder, contacts, lang, routers, all: Mutex::default() })
    }

    /// Writes the labels of a run, and the sheet of all anew; where they are, or nothing where none are wanted.
    ///
    /// # Errors
    /// When the journal cannot be read or the folder not be written. What is written is whole.
    pub fn add(&self, env: &RunEnv, run: &str, inventory: &Path) -> Result<Option<Written>, Vec<Failure>> {
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
        let label = labels.labels.first().map(|one| folder.join(format!("{}.html", one.router)));
        if let Some(file) = &label {
            self.write(file, &labels)?;
        }
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let sheet = match &all.file {
            Some(file) => file.clone(),
            None => self.new_sheet(folder)?,
        };
        *all = OfAll { labels: std::mem::take(&mut all.labels).and(labels), file: Some(sheet.clone()) };
        self.write(&sheet, &all.labels)?;
        Ok(Some(Written { label, sheet }))
    }

    /// Makes a sheet whose name no earlier one and no page of a router has.
    fn new_sheet(&self, folder: &Path) -> Result<PathBuf, Failure> {
        let names =
            (1..=MOST_SHEETS).map(|number| if number == 1 { ALL.to_owned() } else { format!("{ALL}-{number}") });
        for name in names.filter(|name| !self.routers.contains(name)) {
            let file = folder.join(format!("{name}.html"));
            match create_new(&file, Access::Owner) {
                Ok(_) => return Ok(file),
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(Failure::machine(file.display().to_string(), cause)),
            }
        }
        Err(Failure::machine(folder.display().to_string(), io::ErrorKind::AlreadyExists.into()))
    }

    fn write(&self, file: &Path, labels: &Labels) -> Result<(), Failure> {
        let page = report::html(&report::labels_page(labels), Languages::One(self.lang));
        Ok(run::write_whole(file, page.as_bytes())?)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::Sheet;
    use crate::message::Lang;

    /// The name of a new sheet beside pages of these routers.
    fn sheet(folder: &std::path::Path, routers: &[&str]) -> String {
        let day = Sheet::below(Some(folder.to_owned()), false, Lang::En, routers.iter().copied()).unwrap();
        day.new_sheet(folder).unwrap().file_name().unwrap().to_string_lossy().into_owned()
    }

    #[test]
    fn a_sheet_takes_the_name_of_no_sheet_of_before_and_of_no_routers_page() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(sheet(folder.path(), &["r1"]), "labels.html");
        assert_eq!(sheet(folder.path(), &["r1"]), "labels-2.html", "the sheet of the morning stays");
        let other = tempfile::tempdir().unwrap();
        assert_eq!(sheet(other.path(), &["Labels", "labels-2"]), "labels-3.html", "their pages have these names");
    }
}
