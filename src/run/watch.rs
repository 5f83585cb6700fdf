//! `watch`: follows a run that another process carries out, by what it records. Nothing is changed, and no one is asked.

use std::time::{Duration, Instant};

use super::env::RunEnv;
use super::error::RunError;
use super::order::progress;
use crate::control::ControlError;
use crate::journal::{Journal, RunSummary};
use crate::record::{Envelope, Kind, Scope, Stored};

/// How long the journal is left alone between two looks.
const INTERVAL: Duration = Duration::from_millis(500);
/// Looks without a new record after which it is asked whether anyone carries the run out.
const SILENT_LOOKS: u32 = 4;

/// Which run is followed.
#[derive(Debug, Clone)]
pub struct WatchRequest {
    /// The run, or `last`.
    pub run: String,
    /// From its first record; else from now on.
    pub from_start: bool,
}

/// What became of a run that was followed.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The run.
    pub run: RunSummary,
    /// No one carries it out, and it has not ended.
    pub is_abandoned: bool,
}

/// Follows a run to its end; every record goes to the readers, as if it happened here.
///
/// # Errors
/// When there is no such run, or the journal cannot be read.
pub fn watch(env: &RunEnv, journal: &Journal, request: &WatchRequest) -> Result<Watched, RunError> {
    let run = journal.named(&request.run)?.run;
    let mut last = if request.from_start { 0 } else { newest(journal, &run)? };
    let mut silent = 0;
    loop {
        let records = journal.records_after(&run, last)?;
        silent = if records.is_empty() { silent + 1 } else { 0 };
        for stored in records {
            last = stored.number;
            show(env, stored);
        }
        // The run's own row says whether it has ended, and not gone on since.
        let summary = journal.run_alone(&run)?;
        if summary.exit.is_some() && newest(journal, &run)? == last {
            return Ok(Watched { run: summary, is_abandoned: false });
        }
        if silent >= SILENT_LOOKS {
            silent = 0;
            let is_gone = matches!(progress(env, &run), Err(RunError::Control(ControlError::NotRunning { .. })));
            // It may have ended between the two looks.
            if is_gone && newest(journal, &run)? == last {
                return Ok(Watched { run: journal.run_alone(&run)?, is_abandoned: true });
            }
        }
        env.cancel.wait_until(Instant::now() + INTERVAL);
    }
}

/// The number of the run's last record.
fn newest(journal: &Journal, run: &str) -> Result<i64, RunError> {
    Ok(journal.last_number(run)?)
}

fn show(env: &RunEnv, stored: Stored) {
    let Some(kind) = stored.record else { return };
    let at = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(stored.at_ms).unwrap_or_default());
    let scope = match stored.router.as_str() {
        "" => Scope::default(),
        router => Scope { router: Some(router.to_owned()), ..Scope::default() },
    };
    let scope = scope.in_run(crate::record::RunId::known(stored.run));
    // What has begun a run is told by its listing.
    if !matches!(kind, Kind::Begun { .. }) {
        env.readers.show(Envelope::new(&scope, at, kind));
    }
}
