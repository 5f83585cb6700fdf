//! Reading: what a run did to each router, put together from its records.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::error::JournalError;
use super::store::Journal;
use crate::record::{CauseRecord, Kind, Stored};
use crate::state::State;

/// The records from which on the router may be another than before: lines are sent, a save is begun, or a restart is ordered.
const TOUCHED: &str =
    "(kind IN ('restarting', 'saving') OR (kind = 'moved' AND json_extract(body, '$.state') = 'applying'))";

/// A run.
#[derive(Debug, Clone, Default)]
pub struct RunSummary {
    /// Its name.
    pub run: String,
    /// What was asked for.
    pub action: String,
    /// Who asked.
    pub by: String,
    /// On which machine.
    pub machine: String,
    /// When, in milliseconds since 1970 by that machine's clock.
    pub begun_ms: i64,
    /// The inventory's path.
    pub inventory: String,
    /// The playbook, plan or backup.
    pub source: String,
    /// Each router that came as far as an intent.
    pub parts: Vec<RouterRun>,
    /// The exit status, where it ended.
    pub exit: Option<u8>,
}

/// One router's part in a run.
#[derive(Debug, Clone, Default)]
pub struct RouterRun {
    /// The run.
    pub run: String,
    /// The router.
    pub router: String,
    /// Its site.
    pub site: String,
    /// The plan as it is kept.
    pub kept: Value,
    /// The serial number it named.
    pub serial_number: String,
    /// When the router said that it had started.
    pub started_at: Option<String>,
    /// The last state written.
    pub state: Option<State>,
    /// Whether a line may have been sent.
    pub wrote: bool,
    /// The numbers of the plan's lines that were accepted.
    pub accepted: BTreeSet<usize>,
    /// The numbers of those that were about to be sent and have no answer: at most one window.
    pub in_doubt: BTreeSet<usize>,
    /// Whether lines of the way back were sent.
    pub undo_begun: bool,
    /// Whether the change was on its way back.
    pub on_way_back: bool,
    /// Whether a save was begun.
    pub save_begun: bool,
    /// Whether a save of it was answered, with yes or no: what followed was decided with the session at hand.
    pub save_answered: bool,
    /// Whether a save was begun of which nobody has seen, or been told, how it goes on.
    pub saving: bool,
    /// Whether the program ended in the middle of it, on a person's word.
    pub abandoned: bool,
    /// Whether lines take effect only after a restart.
    pub restart_pending: bool,
    /// It was saved although a required check failed: the person's reason.
    pub unverified: Option<String>,
    /// Whether a restart was ordered.
    pub restarting: bool,
    /// How often somebody came back to it.
    pub comebacks: u64,
    /// Who came back to it last, on which machine, and when.
    pub resumed: Option<(String, String, i64)>,
    /// What failed.
    pub causes: Vec<CauseRecord>,
    /// When the last record was written.
    pub last_ms: i64,
    /// The number of the last record: order in time, whatever the clock did.
    pub last_number: i64,
}

impl RouterRun {
    /// Whether nobody knows how the router stands: its part went as far as writing, or as a restart, and came to no proven end.
    pub fn is_unfinished(&self) -> bool {
        let ended = matches!(self.state, Some(State::Saved | State::Undone | State::UndoFailed | State::Mixed));
        (self.wrote || self.restarting) && !ended
    }

    /// Whether another look at the router makes sense: nobody knows its end, or it was left to a person, who may have worked on it.
    pub fn can_be_resumed(&self) -> bool {
        self.is_unfinished() || matches!(self.state, Some(State::UndoFailed | State::Mixed))
    }

    /// How many lines its plan has.
    pub fn planned(&self) -> usize {
        self.kept.get("commands").and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// The claim ([`Scope::fence`](crate::record::Scope::fence)) of one who comes back to it now.
    pub fn next_fence(&self) -> u64 {
        self.comebacks + 2
    }

    fn take(&mut self, stored: &Stored) {
        self.last_ms = stored.at_ms;
        self.last_number = stored.number;
        match &stored.record {
            Some(Kind::Intended { site, kept, .. }) => {
                self.site.clone_from(site);
                self.kept = kept.clone();
            }
            Some(Kind::BackedUp { serial_number, started_at, .. }) => {
                self.serial_number.clone_from(serial_number);
                self.started_at.clone_from(started_at);
            }
            Some(Kind::Moved { state }) => {
                self.save_answered |=
                    self.state == Some(State::Saving) && matches!(state, State::Saved | State::Undoing);
                self.state = Some(*state);
                self.saving &= self.abandoned;
                self.abandoned = false;
                self.wrote |= *state == State::Applying;
                self.on_way_back |= *state == State::Undoing;
            }
            Some(Kind::Sending { number, undo: false, .. }) => {
                self.in_doubt.insert(*number);
            }
            Some(Kind::Answered { number, undo: false, accepted, .. }) => {
                self.in_doubt.remove(number);
                if *accepted {
                    self.accepted.insert(*number);
                }
            }
            Some(Kind::Sending { undo: true, .. }) => self.undo_begun = true,
            Some(Kind::Saving) => {
                self.save_begun = true;
                self.saving = true;
                self.wrote = true;
            }
            Some(Kind::Abandoned) => self.abandoned = true,
            Some(Kind::Resumed { by, machine }) => {
                self.saving = false;
                self.comebacks += 1;
                self.resumed = Some((by.clone(), machine.clone(), stored.at_ms));
            }
            Some(Kind::Restarting) => self.restarting = true,
            Some(Kind::Restarted { .. }) => self.restart_pending = false,
            Some(Kind::Unverified { reason, .. }) => self.unverified = Some(reason.clone()),
            Some(Kind::Failed { cause, .. }) => self.causes.push(cause.clone()),
            Some(Kind::Ended(ending)) => self.restart_pending = ending.restart_pending,
            _ => {}
        }
    }
}

impl Journal {
    /// A run with all its parts.
    ///
    /// # Errors
    /// [`JournalError::NoRun`], or when the file cannot be read.
    pub fn run(&self, run: &str) -> Result<RunSummary, JournalError> {
        let records = self.select("run = ?1", &[run])?;
        if records.is_empty() {
            return Err(JournalError::NoRun { run: run.to_owned() });
        }
        Ok(summary(run, &records))
    }

    /// Every record of a run.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn records(&self, run: &str) -> Result<Vec<Stored>, JournalError> {
        self.select("run = ?1", &[run])
    }

    /// A router's parts in all runs, the oldest first; each run without its other parts.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, router: &str) -> Result<Vec<(RunSummary, RouterRun)>, JournalError> {
        let own = self.select("router = ?1 AND kind = 'intended'", &[router])?;
        let mut found = Vec::new();
        for stored in own {
            found.push((self.run_alone(&stored.run)?, self.part(&stored.run, router)?));
        }
        Ok(found)
    }

    /// A run without its parts: it may have concerned thousands of routers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn run_alone(&self, run: &str) -> Result<RunSummary, JournalError> {
        Ok(summary(run, &self.select("run = ?1 AND router = ''", &[run])?))
    }

    /// A router's parts that ended saved, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn saved_parts(&self, router: &str) -> Result<Vec<RouterRun>, JournalError> {
        let intended = self.select("router = ?1 AND kind = 'intended'", &[router])?;
        let mut parts = Vec::new();
        for stored in intended.iter().rev() {
            parts.push(self.part(&stored.run, router)?);
        }
        parts.retain(|part| part.state == Some(State::Saved));
        Ok(parts)
    }

    /// Every part that nobody knows the end of, and every one that ended with the need of a person, the oldest first. Of one
    /// router only the last counts: what came after a lost run has settled it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_parts(&self) -> Result<Vec<RouterRun>, JournalError> {
        let last =
            self.select(&format!("number IN (SELECT MAX(number) FROM record WHERE {TOUCHED} GROUP BY router)"), &[])?;
        let mut parts = Vec::new();
        for stored in last {
            let part = self.part(&stored.run, &stored.router)?;
            let needs_person = matches!(part.state, Some(State::UndoFailed | State::Mixed));
            if part.is_unfinished() || needs_person {
                parts.push(part);
            }
        }
        Ok(parts)
    }

    /// A router's last part, if nobody knows its end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unfinished(&self, router: &str) -> Result<Option<RouterRun>, JournalError> {
        let wrote = self
            .select(&format!("number = (SELECT MAX(number) FROM record WHERE router = ?1 AND {TOUCHED})"), &[router])?;
        let Some(stored) = wrote.first() else { return Ok(None) };
        Ok(Some(self.part(&stored.run, router)?).filter(RouterRun::is_unfinished))
    }

    /// The routers of a run whose end was recorded.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn ended_routers(&self, run: &str) -> Result<BTreeSet<String>, JournalError> {
        Ok(self.select("run = ?1 AND kind = 'ended'", &[run])?.into_iter().map(|stored| stored.router).collect())
    }

    /// One router's part in a run.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn part(&self, run: &str, router: &str) -> Result<RouterRun, JournalError> {
        let mut part = RouterRun { run: run.to_owned(), router: router.to_owned(), ..RouterRun::default() };
        for stored in self.select("run = ?1 AND router = ?2", &[run, router])? {
            part.take(&stored);
        }
        Ok(part)
    }

    /// The last runs, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs(&self, most: usize) -> Result<Vec<RunSummary>, JournalError> {
        let begun = self.select("kind = 'begun'", &[])?;
        begun.iter().rev().take(most).map(|stored| self.run(&stored.run)).collect()
    }
}

fn summary(run: &str, records: &[Stored]) -> RunSummary {
    let mut summary = RunSummary { run: run.to_owned(), ..RunSummary::default() };
    let mut parts: BTreeMap<&str, (i64, RouterRun)> = BTreeMap::new();
    for stored in records {
        match &stored.record {
            Some(Kind::Begun { action, by, machine, inventory, source, .. }) => {
                summary.begun_ms = stored.at_ms;
                summary.action.clone_from(action);
                summary.by.clone_from(by);
                summary.machine.clone_from(machine);
                summary.inventory.clone_from(inventory);
                summary.source.clone_from(source);
            }
            Some(Kind::RunEnded { exit }) => summary.exit = Some(*exit),
            _ if stored.router.is_empty() => {}
            _ => {
                let (_, part) = parts.entry(&stored.router).or_insert_with(|| {
                    let part = RouterRun { run: run.to_owned(), router: stored.router.clone(), ..RouterRun::default() };
                    (stored.number, part)
                });
                part.take(stored);
            }
        }
    }
    let mut parts: Vec<(i64, RouterRun)> = parts.into_values().collect();
    parts.sort_by_key(|(first, _)| *first);
    // Of a router that was never begun there is an end and no intent: the run has no part of it.
    summary.parts = parts.into_iter().map(|(_, part)| part).filter(|part| !part.kept.is_null()).collect();
    summary
}
