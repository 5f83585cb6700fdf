//! `journal verify`: the chain of this journal, the file of every imported run, and what a head that was noted elsewhere proves of them.
//!
//! The head of an export covers its whole file. The head that a run printed at its end covers the records of the run before it, as far
//! back as no other run wrote in between.

use std::path::Path;

use serde::Serialize;

use super::error::ExportError;
use super::exported::ExportedRun;
use super::imported::ImportedRun;
use super::read::read;
use crate::journal::{ChainCheck, Fault, Journal};
use crate::message::Explain;
use crate::record::Account;
use crate::run::error::RunError;

/// What was found of the journal.
#[derive(Debug)]
pub struct VerifiedJournal {
    /// Its chain, and the first thing that is wrong with it or with an imported run.
    pub chain: ChainCheck,
    /// How many imported runs were read whole.
    pub imported: usize,
    /// What the head proves of an imported run, where it is one of that run's and not of this journal.
    pub proof: Option<HeadProof>,
}

/// What a head proves of a run that came from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadProof {
    /// The run.
    pub run: String,
    /// Who exported it, and where.
    pub exported_by: Account,
    /// How many of its records it proves.
    pub records: usize,
    /// How many it has.
    pub of: usize,
    /// It proves the whole file: configurations, plan, recordings and page, too.
    pub whole: bool,
}

impl HeadProof {
    /// What this head proves of a run; nothing where it is none of its own.
    fn of(exported: &ExportedRun, head: &str) -> Option<Self> {
        let whole = exported.head == head;
        let of = exported.records.len();
        let records = if whole { of } else { exported.proven_by(head)? };
        let exported_by = Account { by: exported.export.by.clone(), machine: exported.export.machine.clone() };
        Some(Self { run: exported.run.clone(), exported_by, records, of, whole })
    }
}

/// Verifies the journal with what was imported into it.
///
/// # Errors
/// When the journal cannot be read at all.
pub fn verify_journal(journal: &Journal, head: Option<&str>) -> Result<VerifiedJournal, RunError> {
    let mut chain = journal.verify(head)?;
    let unknown = head.filter(|_| matches!(chain.fault, Some(Fault::HeadUnknown { .. })));
    let (mut imported, mut proof) = (0, None);
    let mut fault = None;
    for (_, record) in journal.imports()? {
        let run = record.imported.clone();
        match ImportedRun::of(journal, record) {
            Ok(run) => {
                imported += 1;
                proof = proof.or_else(|| HeadProof::of(&run.exported, unknown?));
            }
            Err(error) => fault = fault.or(Some(Fault::Imported { run, why: Box::new(error.text()) })),
        }
    }
    if proof.is_some() {
        // Not of this journal, and not unknown: what is left to be looked at is looked at without it.
        chain = journal.verify(None)?;
    }
    if chain.fault.is_none() || matches!(chain.fault, Some(Fault::HeadUnknown { .. })) {
        chain.fault = fault.or(chain.fault);
    }
    Ok(VerifiedJournal { chain, imported, proof })
}

/// An exported run that was read whole.
#[derive(Debug)]
pub struct VerifiedExport {
    /// The run.
    pub exported: ExportedRun,
    /// What the head proves of it; nothing where none was given, or it is none of the run's.
    pub proof: Option<HeadProof>,
}

/// Verifies an exported run in its file.
///
/// # Errors
/// When it is not what was exported.
pub fn verify_export(path: &Path, head: Option<&str>) -> Result<VerifiedExport, ExportError> {
    let exported = read(path)?;
    let proof = head.and_then(|head| HeadProof::of(&exported, head));
    Ok(VerifiedExport { exported, proof })
}
