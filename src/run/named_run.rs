//! The run that a person names: by its name, or by `last` for the newest one. Where a journal has none yet, that is what is said: `last` is
//! the name of no run.

use std::path::PathBuf;

use crate::journal::{Journal, JournalError, LAST, RunSummary};
use crate::message::Explain;

/// Why no run is meant.
#[derive(Debug, Explain)]
pub enum NoRun {
    /// There is none at all.
    #[explain(
        code = "journal.no-run",
        en = "no run was made yet: the journal {journal} has none",
        ja = "実行の記録がまだありません(ジャーナル: {journal})",
        hint(
            when = *imported,
            en = "`last` is a run of this machine: an imported one is named by its name, which `ixdeploy runs` lists",
            ja = "`last` はこの PC で行った実行だけを指します。取り込んだ実行は、ixdeploy runs に表示される名前で指定してください"
        ),
        hint(
            en = "`ixdeploy apply` makes the first one; a run that was made in another state folder is found with `--state-dir DIR` there",
            ja = "最初の実行は `ixdeploy apply` で行います。別の状態フォルダで行った実行は `--state-dir フォルダ` で指定してください"
        )
    )]
    Yet {
        /// The journal's file.
        journal: PathBuf,
        /// Whether it has runs of other journals, which were imported.
        imported: bool,
    },
    /// There is none of that name, or the journal cannot be read.
    #[explain(transparent)]
    Journal(#[from] JournalError),
}

/// The run of this name, without its parts.
///
/// # Errors
/// [`NoRun`].
pub fn named_run(journal: &Journal, name: &str) -> Result<RunSummary, NoRun> {
    match journal.named(name) {
        Err(JournalError::NoRun { .. }) if name == LAST => {
            Err(NoRun::Yet { journal: journal.path().to_owned(), imported: !journal.imports()?.is_empty() })
        }
        named => Ok(named?),
    }
}
