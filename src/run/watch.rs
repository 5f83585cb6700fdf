//! `watch`: follows a run that another process carries out, by what it records. Nothing is changed, and no one is asked.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::env::RunEnv;
use super::error::RunError;
use super::named_run::named_run;
use super::order::progress;
use crate::control::ControlError;
use crate::journal::{Journal, RunSummary};
use crate::record::{Envelope, Kind, Scope, Stored, instant};

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
    let RunSummary { run, exit, .. } = named_run(journal, &request.run)?;
    let mut last = if request.from_start { 0 } else { newest(journal, &run)? };
    if !request.from_start && exit.is_none() {
        show_so_far(env, journal, &run, last)?;
    }
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

/// Shows over how many routers it is, the time for which it waits, and which routers have ended: how far it comes from now on counts from
/// there.
fn show_so_far(env: &RunEnv, journal: &Journal, run: &str, last: i64) -> Result<(), RunError> {
    let begins = |stored: &Stored| matches!(stored.record, Some(Kind::Begun { .. } | Kind::Continued { .. }));
    let mut own = journal.own_records(run)?;
    let Some(place) = own.iter().rposition(begins) else { return Ok(()) };
    let own = own.split_off(place);
    let waits = |stored: &Stored| match &stored.record {
        Some(Kind::Scheduled { at }) => at.parse().is_ok_and(|at: Timestamp| at > Timestamp::now()),
        _ => false,
    };
    let begun = own.iter().map(|stored| stored.number).next().unwrap_or_default();
    let ends = journal.ends_between(run, begun, last)?;
    let shown = own.into_iter().filter(|stored| begins(stored) || waits(stored));
    shown.chain(ends).for_each(|stored| show(env, stored));
    Ok(())
}

/// The number of the run's last record.
fn newest(journal: &Journal, run: &str) -> Result<i64, RunError> {
    Ok(journal.last_number(run)?)
}

fn show(env: &RunEnv, stored: Stored) {
    let Some(kind) = stored.record else { return };
    let at = instant(stored.at_ms);
    let scope = match stored.router.as_str() {
        "" => Scope::default(),
        router => Scope { router: Some(router.to_owned()), ..Scope::default() },
    };
    let scope = scope.in_run(crate::record::RunId::known(stored.run));
    env.readers.show(Envelope::new(&scope, at, kind));
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{WatchRequest, watch};
    use crate::cancel::Cancel;
    use crate::journal::RunLog;
    use crate::record::{Ending, Envelope, Kind, Outcome, Reader, Readers};
    use crate::run::env::RunEnv;
    use crate::run::operator::NoOperator;
    use crate::state::State;

    /// The names of the records that were shown.
    #[derive(Default)]
    struct Shown(Mutex<Vec<String>>);

    impl Reader for Shown {
        fn read(&self, envelope: &Envelope) {
            self.0.lock().unwrap().push(envelope.kind.name().to_owned());
        }
    }

    #[test]
    fn who_watches_from_now_on_is_told_over_how_many_routers_the_run_is_and_which_have_ended() {
        let dir = tempfile::tempdir().unwrap();
        let shown = Arc::new(Shown::default());
        let readers = Readers::new(vec![Box::new(Arc::clone(&shown))]);
        let env = RunEnv::new(dir.path().join("state"), Arc::new(NoOperator), readers, Cancel::default());
        let journal = env.journal().unwrap();
        let log = RunLog::of(Arc::clone(&journal), "20261129-010203-aaaa");
        let own = log.recorder(&Readers::default());
        let routers = vec!["r1".to_owned(), "r2".to_owned()];
        own.record(Kind::Continued { by: String::new(), machine: String::new(), routers, policy: None }).unwrap();
        let ledger = log.router_journal(&Readers::default(), "r1", "s", 1);
        ledger.record(Kind::Moved { state: State::Applying }).unwrap();
        ledger.record(Kind::Ended(Box::new(Ending::of(&Outcome::new("r1", "s", State::Saved))))).unwrap();
        // No one carries it out: the watch ends by itself.
        let request = WatchRequest { run: log.run().as_str().to_owned(), from_start: false };
        assert!(watch(&env, &journal, &request).unwrap().is_abandoned);
        assert_eq!(*shown.0.lock().unwrap(), ["continued", "ended"]);
    }
}
