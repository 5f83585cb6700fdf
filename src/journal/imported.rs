//! Runs of other journals that were imported: what this journal recorded of each. They are evidence here: nothing is recovered, undone or
//! restored from them, so they are in no list of what is open, and no run is found by their names but where it is only looked at.
//!
//! The file of each is beside the journal; nothing here opens it.

use std::collections::HashSet;

use super::RunListing;
use super::error::JournalError;
use super::run_summary::{OWN, RunSummary};
use super::store::Journal;
use crate::record::{ImportRecord, Kind, Stored};

impl Journal {
    /// What was recorded of each imported run, the last import first, with the number of that record. Of one that was imported again
    /// the last counts.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn imports(&self) -> Result<Vec<(i64, ImportRecord)>, JournalError> {
        let mut known: HashSet<String> = HashSet::new();
        let stored = self.select("run = ?1 AND router = '' AND kind = 'imported'", &[OWN])?;
        let imports = stored.into_iter().rev().filter_map(import);
        Ok(imports.filter(|(_, record)| known.insert(record.imported.clone())).collect())
    }

    /// What was recorded of an imported run of this name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn import_of(&self, run: &str) -> Result<Option<ImportRecord>, JournalError> {
        // Its name is in the record as it is: of thousands of imports those of others are not read.
        let name = format!("\"{run}\"");
        let named = "run = ?1 AND router = '' AND kind = 'imported' AND instr(body, ?2) > 0";
        let stored = self.select(named, &[OWN, &name])?;
        let imports = stored.into_iter().rev().filter_map(import);
        Ok(imports.map(|(_, record)| record).find(|record| record.imported == run))
    }

    /// The last runs, own ones and imported ones, in the order in which they came into this journal, the last first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs_and_imports(&self, most: usize) -> Result<Vec<RunListing>, JournalError> {
        let own = self.runs(most)?.into_iter().map(|listing| (listing.run.begun.unwrap_or_default(), listing));
        let imported = self.imports()?.into_iter().map(|(number, record)| (number, RunListing::imported(record)));
        let mut all: Vec<(i64, RunListing)> = own.chain(imported).collect();
        all.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        Ok(all.into_iter().take(most).map(|(_, listing)| listing).collect())
    }

    /// Why there is no run of this name to go on with: it was imported, or is not there at all.
    pub(super) fn no_run(&self, run: &str) -> JournalError {
        match self.import_of(run) {
            Ok(None) => JournalError::NoRun { run: run.to_owned() },
            Ok(Some(record)) => JournalError::Imported { run: run.to_owned(), from: record.exported_by.machine },
            Err(error) => error,
        }
    }
}

/// What a record says of an import, with its number.
fn import(stored: Stored) -> Option<(i64, ImportRecord)> {
    match stored.record {
        Some(Kind::Imported(record)) => Some((stored.number, *record)),
        _ => None,
    }
}

impl RunListing {
    /// An imported run as a list has it.
    pub fn imported(record: ImportRecord) -> Self {
        let run = RunSummary {
            run: record.imported.clone(),
            action: record.action.clone(),
            by: record.carried_out_by.by.clone(),
            machine: record.carried_out_by.machine.clone(),
            begun_ms: record.begun_ms,
            inventory: record.inventory.clone(),
            source: record.source.clone(),
            routers: record.routers,
            exit: record.exit,
            ended_ms: record.ended_ms,
            ..RunSummary::default()
        };
        Self { run, ends: record.ends.clone(), imported: Some(Box::new(record)) }
    }

    /// What this journal records of an imported run that these are the records of; the file and the export are for the caller to name.
    pub fn into_import(self) -> ImportRecord {
        let Self { run, ends, .. } = self;
        let carried_out_by = run.account();
        let RunSummary { run, action, begun_ms, inventory, source, routers, exit, ended_ms, .. } = run;
        ImportRecord {
            imported: run,
            action,
            carried_out_by,
            inventory,
            source,
            begun_ms,
            ended_ms,
            exit,
            routers,
            ends,
            ..ImportRecord::default()
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{ImportRecord, Kind, RunListing};
    use crate::journal::JournalError;
    use crate::journal::tests::{half_a_run, open};
    use crate::record::Account;

    const RUN: &str = "20261122-114603-7k3f";

    fn import(file: &str) -> Kind {
        let exported_by = Account { by: "sato".to_owned(), machine: "field-laptop".to_owned() };
        let of = || ImportRecord {
            imported: RUN.to_owned(),
            file_sha256: file.to_owned(),
            exported_by,
            action: "apply".to_owned(),
            ..ImportRecord::default()
        };
        Kind::Imported(Box::new(of()))
    }

    #[test]
    fn an_imported_run_is_listed_where_it_came_in_and_is_the_last_run_of_no_one() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let first = half_a_run(&journal);
        journal.note(&import("a")).unwrap();
        let second = half_a_run(&journal);
        let names = |most| -> Vec<String> {
            journal.runs_and_imports(most).unwrap().into_iter().map(|listing| listing.run.run).collect()
        };
        assert_eq!(names(9), [second.as_str(), RUN, &first]);
        assert_eq!(names(1), [second.as_str()]);
        journal.note(&import("b")).unwrap();
        assert_eq!(names(9), [RUN, second.as_str(), &first]);
        assert_eq!(journal.import_of(RUN).unwrap().unwrap().file_sha256, "b", "the last import counts");
        assert_eq!(journal.named("last").unwrap().run, second);
        assert_eq!(journal.open_router_runs().unwrap().len(), 1, "nothing of it is open here");
    }

    #[test]
    fn one_import_is_found_and_another_one_noted_without_reading_those_of_others() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        journal
            .note(&Kind::Imported(Box::new(ImportRecord { imported: "other".to_owned(), ..ImportRecord::default() })))
            .unwrap();
        // One that cannot be read fails where it is read.
        let unreadable = "DROP TRIGGER record_is_final; UPDATE record SET body = CAST(x'ff' AS TEXT);";
        journal.connection().execute_batch(unreadable).unwrap();
        journal.note(&import("a")).unwrap();
        assert_eq!(journal.import_of(RUN).unwrap().unwrap().file_sha256, "a");
        assert!(journal.import_of("other").unwrap().is_none() && journal.imports().is_err());
    }

    #[test]
    fn an_imported_run_is_nothing_to_go_on_with() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        journal.note(&import("a")).unwrap();
        for refused in [journal.named(RUN).map(drop), journal.run(RUN).map(drop), journal.listing(RUN).map(drop)] {
            assert!(matches!(refused, Err(JournalError::Imported { .. })), "{refused:?}");
        }
        assert!(matches!(journal.named("20200101-000000-zzzz"), Err(JournalError::NoRun { .. })));
    }

    #[test]
    fn what_is_recorded_of_a_run_lists_it_as_its_records_do() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let run = half_a_run(&journal);
        let from_records = RunListing::of_records(&run, &journal.records(&run).unwrap());
        let listed = RunListing::imported(from_records.clone().into_import());
        assert_eq!((listed.run.begun_ms, listed.ends), (from_records.run.begun_ms, from_records.ends));
    }
}
