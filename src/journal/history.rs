//! Reading: which runs there were, what each did to each router, and which routers are left open.
//!
//! Lists come from the projection. A part that something rests on (recovery, undo, restore) is put together from its own records.

use std::collections::BTreeMap;

use rusqlite::{Params, params};
use serde_json::Value;

use super::error::JournalError;
use super::projection;
use super::router_run::RouterRun;
use super::run_summary::{OWN, RunSummary};
use super::store::Journal;
use crate::record::{Advice, EndCount, ImportRecord, Kind, Stored};
use crate::state::{FailureClass, State};

/// A run in a list.
#[derive(Debug, Clone)]
pub struct RunListing {
    /// The run, without its parts.
    pub run: RunSummary,
    /// How many of its routers are where.
    pub ends: Vec<EndCount>,
    /// Where it came from, if it was imported.
    pub imported: Option<Box<ImportRecord>>,
}

/// A row of the projection that counts them.
fn end_count(row: &rusqlite::Row<'_>) -> rusqlite::Result<EndCount> {
    let (state, class): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
    Ok(EndCount {
        state: state.and_then(|word| State::ALL.into_iter().find(|state| state.word() == word)),
        failure_class: class.and_then(|word| FailureClass::from_word(&word)),
        as_declared: row.get(2)?,
        is_open: row.get(3)?,
        routers: usize::try_from(row.get::<_, i64>(4)?).unwrap_or_default(),
    })
}

/// The word for the newest run.
pub const LAST: &str = "last";

impl Journal {
    /// A run with all its parts, from its records.
    ///
    /// # Errors
    /// [`JournalError::NoRun`], or when the file cannot be read.
    pub fn run(&self, run: &str) -> Result<RunSummary, JournalError> {
        match self.select("run = ?1", &[run])? {
            none if none.is_empty() || run == OWN => Err(self.no_run(run)),
            records => Ok(RunSummary::of_records(run, &records)),
        }
    }

    /// Every record of a run.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn records(&self, run: &str) -> Result<Vec<Stored>, JournalError> {
        self.select("run = ?1", &[run])
    }

    /// The records of a run that follow this number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn records_after(&self, run: &str, number: i64) -> Result<Vec<Stored>, JournalError> {
        self.select("run = ?1 AND number > CAST(?2 AS INTEGER)", &[run, &number.to_string()])
    }

    /// The ends of routers of a run among the records after the first and up to the last of these numbers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn ends_between(&self, run: &str, after: i64, until: i64) -> Result<Vec<Stored>, JournalError> {
        let condition =
            "run = ?1 AND kind = 'ended' AND number > CAST(?2 AS INTEGER) AND number <= CAST(?3 AS INTEGER)";
        self.select(condition, &[run, &after.to_string(), &until.to_string()])
    }

    /// The checks that a run made on its routers before their first lines.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn checks_before(&self, run: &str) -> Result<Vec<Stored>, JournalError> {
        self.select("run = ?1 AND kind = 'checked-before'", &[run])
    }

    /// The records of a run itself, without those of its routers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn own_records(&self, run: &str) -> Result<Vec<Stored>, JournalError> {
        self.select("run = ?1 AND router = ''", &[run])
    }

    /// Every router's part in a run, each without its plan.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn router_runs(&self, run: &str) -> Result<Vec<RouterRun>, JournalError> {
        self.follow_records()?;
        self.projected("run = ?1", params![run])
    }

    /// The number of a run's last record; 0 where it has none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_number(&self, run: &str) -> Result<i64, JournalError> {
        let found = self.rows("SELECT MAX(number) FROM record WHERE run = ?1", params![run], |row| row.get(0))?;
        Ok(found.into_iter().next().flatten().unwrap_or_default())
    }

    /// The run that a person means: its name, or `last` for the newest.
    ///
    /// # Errors
    /// [`JournalError::NoRun`], or when the file cannot be read.
    pub fn named(&self, run: &str) -> Result<RunSummary, JournalError> {
        match run {
            LAST => {
                let newest = self.runs(1)?.into_iter().next();
                newest.map(|listing| listing.run).ok_or_else(|| JournalError::NoRun { run: run.to_owned() })
            }
            run => self.run_alone(run),
        }
    }

    /// One router's part in a run, from its records.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn router_run(&self, run: &str, router: &str) -> Result<RouterRun, JournalError> {
        let mut part = RouterRun::new(run, router);
        for stored in self.select("run = ?1 AND router = ?2", &[run, router])? {
            part.take(stored.number, stored.at_ms, stored.record.as_ref());
        }
        Ok(part)
    }

    /// A router's parts in all runs, the oldest first; each run without its other parts, each part without its plan.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, router: &str) -> Result<Vec<(RunSummary, RouterRun)>, JournalError> {
        self.projected("router = ?1 AND intended IS NOT NULL ORDER BY intended", params![router])?
            .into_iter()
            .map(|part| match self.run_alone(&part.run) {
                // A part is listed whatever is missing of its run.
                Err(JournalError::NoRun { run }) => Ok((RunSummary::new(&run), part)),
                run => Ok((run?, part)),
            })
            .collect()
    }

    /// A run without its parts: it may have concerned thousands of routers.
    ///
    /// # Errors
    /// [`JournalError::NoRun`], or when the file cannot be read.
    pub fn run_alone(&self, run: &str) -> Result<RunSummary, JournalError> {
        let found = self.listed("SELECT body FROM run_state WHERE run = ?1", params![run], |row| row.get(0))?;
        let known = found.first().and_then(|body: &String| projection::read_run(run, body).ok());
        if let Some(known) = known.filter(|_| run != OWN) {
            return Ok(known);
        }
        // What cannot be read here is still in the records.
        match self.select("run = ?1 AND router = ''", &[run])? {
            none if none.is_empty() || run == OWN => Err(self.no_run(run)),
            own => Ok(RunSummary::of_records(run, &own)),
        }
    }

    /// A router's parts that ended saved, the newest first, each without its plan ([`Journal::plan_of`]).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn saved_router_runs(&self, router: &str) -> Result<Vec<RouterRun>, JournalError> {
        let saved = State::Saved.word();
        self.projected(
            "router = ?1 AND state = ?2 AND intended IS NOT NULL ORDER BY intended DESC",
            params![router, saved],
        )
    }

    /// A router's last part that was saved after lines were sent, without its plan: nothing else tells which box it is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_saved(&self, router: &str) -> Result<Option<RouterRun>, JournalError> {
        let saved = self.saved_router_runs(router)?;
        Ok(saved.into_iter().find(|part| part.wrote))
    }

    /// A router's last part that tells which login it takes ([`RouterRun::login`]), without its plan.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_login(&self, router: &str) -> Result<Option<RouterRun>, JournalError> {
        let last = self.projected(
            "router = ?1 AND tells_login = 1 AND intended IS NOT NULL ORDER BY intended DESC LIMIT 1",
            params![router],
        )?;
        Ok(last.into_iter().next())
    }

    /// The firmware that a router had when it was last backed up before a change.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_firmware(&self, router: &str) -> Result<Option<String>, JournalError> {
        let last = self.listed(
            "SELECT json_extract(body, '$.firmware') FROM router_state
             WHERE router = ?1 AND intended IS NOT NULL AND json_extract(body, '$.firmware') IS NOT NULL
             ORDER BY intended DESC LIMIT 1",
            params![router],
            |row| row.get(0),
        )?;
        Ok(last.into_iter().next())
    }

    /// A router's last part that has seen its access line delegate a prefix ([`RouterRun::line_prefix`]), without its plan.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_line_prefix(&self, router: &str) -> Result<Option<RouterRun>, JournalError> {
        let last = self.projected(
            "router = ?1 AND intended IS NOT NULL AND json_extract(body, '$.line_prefix.prefix') IS NOT NULL
             ORDER BY intended DESC LIMIT 1",
            params![router],
        )?;
        Ok(last.into_iter().next())
    }

    /// The runs that have sealed this beside themselves, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs_that_sealed(&self, name: &str) -> Result<Vec<String>, JournalError> {
        self.listed(
            "SELECT run FROM run_state AS one WHERE begun IS NOT NULL AND EXISTS
               (SELECT 1 FROM sealed WHERE run = one.run AND router = '' AND name = ?1) ORDER BY begun DESC",
            params![name],
            |row| row.get(0),
        )
    }

    /// Before anything relies on the list of open runs: if another process wrote records after the projection, it is
    /// rebuilt.
    fn follow_records(&self) -> Result<(), JournalError> {
        projection::refresh(&mut self.connection()).map_err(|error| JournalError::write(&error))
    }

    /// Every part without a known end, and every one that ended needing a person, the oldest first, each from its records. Of one
    /// router only the last counts: what came after a lost run has decided it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_router_runs(&self) -> Result<Vec<RouterRun>, JournalError> {
        self.follow_records()?;
        let open = self.places(
            "SELECT run, router FROM router_state AS one WHERE is_open = 1 AND touched IS NOT NULL AND touched =
               (SELECT MAX(touched) FROM router_state WHERE router = one.router) ORDER BY touched",
            params![],
        )?;
        let parts = open.iter().map(|(run, router)| self.router_run(run, router));
        Ok(parts.collect::<Result<Vec<_>, _>>()?.into_iter().filter(RouterRun::can_be_resumed).collect())
    }

    /// A router's last part, if its end is not known, from its records.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unfinished(&self, router: &str) -> Result<Option<RouterRun>, JournalError> {
        self.follow_records()?;
        let last = self.places(
            "SELECT run, router FROM router_state WHERE router = ?1 AND touched IS NOT NULL ORDER BY touched DESC LIMIT 1",
            params![router],
        )?;
        let Some((run, router)) = last.first() else { return Ok(None) };
        Ok(Some(self.router_run(run, router)?).filter(RouterRun::is_unfinished))
    }

    /// The routers of a run whose end was recorded, and their states.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn ended_routers(&self, run: &str) -> Result<BTreeMap<String, State>, JournalError> {
        let sql = "SELECT router, state FROM router_state WHERE run = ?1 AND ended = 1";
        let ended = self.listed(sql, params![run], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        let state = |word: &str| State::ALL.into_iter().find(|state| state.word() == word);
        Ok(ended.into_iter().filter_map(|(router, word)| Some((router, state(&word)?))).collect())
    }

    /// The last runs, the newest first, with how many of their routers are in which state.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs(&self, most: usize) -> Result<Vec<RunListing>, JournalError> {
        let last = self.listed(
            "SELECT run FROM run_state WHERE begun IS NOT NULL ORDER BY begun DESC LIMIT ?1",
            params![i64::try_from(most).unwrap_or(i64::MAX)],
            |row| row.get::<_, String>(0),
        )?;
        last.iter().map(|run| self.listing(run)).collect()
    }

    /// One run as a list has it.
    ///
    /// # Errors
    /// [`JournalError::NoRun`], or when the file cannot be read.
    pub fn listing(&self, run: &str) -> Result<RunListing, JournalError> {
        let ends = self.listed(
            "SELECT state, class, state IS 'saved' AND planned = 0, is_open, count(*) FROM router_state WHERE run = ?1
             GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            params![run],
            end_count,
        )?;
        Ok(RunListing { run: self.run_alone(run)?, ends, imported: None })
    }

    /// What was said last about a router that a run left to a person.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_advice(&self, part: &RouterRun) -> Result<Option<Advice>, JournalError> {
        let ends = self.select("run = ?1 AND router = ?2 AND kind = 'ended'", &[&part.run, &part.router])?;
        Ok(match ends.into_iter().next_back().and_then(|stored| stored.record) {
            Some(Kind::Ended(ending)) => ending.advice,
            _ => None,
        })
    }

    /// The plan as it was kept for a part; nothing where it came to none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn plan_of(&self, part: &RouterRun) -> Result<Value, JournalError> {
        let number = part.intended.unwrap_or_default().to_string();
        let found = self.select("number = CAST(?1 AS INTEGER)", &[&number])?;
        Ok(match found.into_iter().next().and_then(|stored| stored.record) {
            Some(Kind::Intended { kept, .. }) => kept,
            _ => Value::Null,
        })
    }

    /// Parts as the projection has them.
    fn projected(&self, condition: &str, values: impl Params + Copy) -> Result<Vec<RouterRun>, JournalError> {
        let sql = format!("SELECT run, router, body FROM router_state WHERE {condition}");
        let found = self.listed(&sql, values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let part = |(run, router, body): (String, String, String)| {
            // What cannot be read here is still in the records.
            projection::read_router_run(&run, &router, &body).or_else(|_| self.router_run(&run, &router))
        };
        found.into_iter().map(part).collect()
    }

    fn places(&self, sql: &str, values: impl Params + Copy) -> Result<Vec<(String, String)>, JournalError> {
        self.listed(sql, values, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Rows of the projection. Damaged tables are rebuilt from the records first.
    pub(super) fn listed<T>(
        &self,
        sql: &str,
        values: impl Params + Copy,
        mut read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        match self.try_rows(sql, values, &mut read) {
            Err(error) if projection::is_damage(&error) => {
                projection::rebuild_now(&mut self.connection()).map_err(|error| JournalError::write(&error))?;
                self.rows(sql, values, read)
            }
            found => found.map_err(|error| JournalError::read(&error)),
        }
    }
}
