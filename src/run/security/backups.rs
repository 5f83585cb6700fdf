//! The newest backup of a router: of those that runs have sealed in the journal, or the file that was named instead.
//!
//! Asks no router. What cannot be opened is said, and the one before it is not taken for the newest in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::dialect::model;
use crate::inventory::{Inventory, Router};
use crate::ix::security::{Answer, Fact, Finding};
use crate::ix::{Config, Identity};
use crate::journal::{Journal, JournalError, SealedBackup};
use crate::message::{Explain, Text};
use crate::run::configuration_file::read_backup;
use crate::run::error::RunError;
use crate::run::offline::Files;
use crate::transaction::before_of;

/// Where a backup is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupSource {
    /// A run has sealed it.
    Run {
        /// The run.
        run: String,
        /// It is what ran after the change was saved; else what ran before it.
        is_after: bool,
    },
    /// A file.
    File(PathBuf),
}

/// A backup that was found. It has no debug form: it holds secrets.
pub(super) struct FoundBackup {
    pub(super) source: BackupSource,
    /// When it was read, or its file was written, in milliseconds since 1970.
    pub(super) at_ms: Option<i64>,
    /// When the router showed it, in its own words: a file may have been copied since.
    pub(super) shown: Option<String>,
    /// Which box it is of, as far as it says.
    pub(super) identity: Identity,
    /// The configuration.
    pub(super) config: Config,
    /// Lines were taken out of it, and not even their command is known.
    pub(super) has_gaps: bool,
    /// Whether it is proven to be what that router ran.
    pub(super) proof: Finding,
    /// What its reader must know.
    pub(super) caveats: Vec<Text>,
}

/// The backups of the routers of an inventory.
pub(super) struct Backups<'b> {
    journal: &'b Journal,
    files: Option<Files<'b>>,
    /// Whether each run is what was written.
    trusted: BTreeMap<String, Option<Text>>,
    /// Routers that a run has left open.
    open: BTreeSet<String>,
}

impl<'b> Backups<'b> {
    /// Those of the journal, or, where a folder is named, its files.
    ///
    /// # Errors
    /// When the journal or the folder cannot be read.
    pub(super) fn of(
        journal: &'b Journal,
        inventory: &'b Inventory,
        folder: Option<&'b Path>,
    ) -> Result<Self, RunError> {
        let open = journal.open_router_runs()?.into_iter().map(|part| part.router).collect();
        let files = folder.map(|folder| Files::of(inventory, folder)).transpose()?;
        Ok(Self { journal, files, trusted: BTreeMap::new(), open })
    }

    /// The newest of a router.
    ///
    /// # Errors
    /// Why there is none that can be used.
    pub(super) fn newest(&mut self, router: &Router, sealed: &[SealedBackup]) -> Result<FoundBackup, Text> {
        match &mut self.files {
            Some(files) => {
                let path = files.running(&router.name.value).map_err(|error| error.text())?;
                of_file(router, &path)
            }
            None => self.of_journal(router, sealed),
        }
    }

    fn of_journal(&mut self, router: &Router, sealed: &[SealedBackup]) -> Result<FoundBackup, Text> {
        let Some(newest) = sealed.first() else {
            return Err(Text::new(
                "no run of this journal has backed it up",
                "このジャーナルにバックアップがありません",
            ));
        };
        let text = text_of(self.journal, &router.name.value, newest);
        text.and_then(|text| self.opened(router, newest, &text)).map_err(|error| error.text())
    }

    fn opened(&mut self, router: &Router, one: &SealedBackup, text: &str) -> Result<FoundBackup, JournalError> {
        let name = &router.name.value;
        let identity = self.journal.router_run(&one.run, name)?.identity;
        let mut caveats = Vec::new();
        if self.open.contains(name) {
            caveats.push(Text::new(
                "a run has left this router open: what it runs now may be another configuration",
                "未完了の実行があるため、現在のコンフィグはこれと異なる可能性があります",
            ));
        }
        let model = identity.model.clone().unwrap_or_else(|| router.model.value.clone());
        Ok(FoundBackup {
            source: BackupSource::Run { run: one.run.clone(), is_after: one.is_after },
            at_ms: Some(one.at_ms),
            shown: None,
            config: Config::parse(model::dialect_of(&model), text),
            has_gaps: false,
            proof: self.proof(router, &one.run, &identity),
            identity,
            caveats,
        })
    }

    /// Whether a sealed backup is what its router ran: the chain of the journal says that it was not edited, the serial number that it is the
    /// declared box.
    fn proof(&mut self, router: &Router, run: &str, identity: &Identity) -> Finding {
        let fault = match self.trusted.get(run) {
            Some(known) => known.clone(),
            None => {
                let fault = self.journal.trust(run).err().map(|error| error.text());
                self.trusted.insert(run.to_owned(), fault.clone());
                fault
            }
        };
        let declared = router.identity.serial_number.as_ref().map(|number| number.value.as_str());
        let (answer, why) = match (fault, declared, identity.serial_number.as_deref()) {
            (Some(fault), ..) => (Answer::No, fault),
            (None, Some(declared), Some(seen)) if declared != seen => (
                Answer::No,
                Text::new(
                    format!("it is of the box with serial number {seen}; the inventory says {declared}"),
                    format!("製造番号 {seen} の機器のものですが、インベントリでは {declared} です"),
                ),
            ),
            (None, _, None) => {
                (Answer::NotKnown, Text::new("the serial number was not read", "製造番号が読み取られていません"))
            }
            (None, _, Some(seen)) => (
                Answer::Yes,
                Text::new(
                    format!("read by run {run} from the box with serial number {seen}, sealed since"),
                    format!("実行 {run} が製造番号 {seen} の機器から読み出し、封印して保管"),
                ),
            ),
        };
        Finding { fact: Fact::VerifiedBackup, answer, lines: Vec::new(), reasons: vec![why] }
    }
}

/// The text of a sealed backup.
///
/// # Errors
/// When it was pruned, or cannot be opened.
pub(super) fn text_of(journal: &Journal, router: &str, one: &SealedBackup) -> Result<String, JournalError> {
    if one.is_after {
        let bytes = journal.unseal(&one.run, router, "after")?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(before_of(journal, &one.run, router)?.as_str().to_owned())
}

fn of_file(router: &Router, path: &Path) -> Result<FoundBackup, Text> {
    let backup = read_backup(path).map_err(|error| error.text())?;
    let written = std::fs::metadata(path).and_then(|about| about.modified()).ok();
    let mut caveats = Vec::new();
    if backup.is_masked() {
        caveats.push(Text::new(
            "it is masked: what was taken out of it is not known",
            "マスク済みのため、取り除かれた部分は分かりません",
        ));
    }
    let why = Text::new(
        "it is a file: nothing proves from which box it is, and that it is as it was read",
        "ファイルのため、どの機器のものか、読み出したままかを確認できません",
    );
    let header = backup.header.clone();
    Ok(FoundBackup {
        source: BackupSource::File(path.to_owned()),
        at_ms: written.and_then(milliseconds),
        shown: header.time,
        identity: Identity { firmware: header.firmware, ..Identity::default() },
        config: Config::parse(model::dialect_of(&router.model.value), backup.to_compare()),
        has_gaps: backup.masked.iter().any(|line| line.text.starts_with('!')),
        proof: Finding { fact: Fact::VerifiedBackup, answer: Answer::NotKnown, lines: Vec::new(), reasons: vec![why] },
        caveats,
    })
}

/// A time in milliseconds since 1970.
pub(super) fn milliseconds(at: SystemTime) -> Option<i64> {
    i64::try_from(at.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}
