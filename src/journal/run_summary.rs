//! A run as a whole, by following its own records: who began what, when, and how it ended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::router_run::RouterRun;
use crate::record::{Account, Kind, RunTimes, Stored};

/// The run that the records of the journal itself name: none.
pub(super) const OWN: &str = "";

/// A run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunSummary {
    /// Its name.
    #[serde(skip)]
    pub run: String,
    /// The number of the record that it began with: order in time, whatever the clock did.
    pub begun: Option<i64>,
    /// What was asked for.
    pub action: String,
    /// Who asked.
    pub by: String,
    /// On which machine.
    pub machine: String,
    /// When it was asked for, in milliseconds since 1970 by that machine's clock.
    pub begun_ms: i64,
    /// The inventory's path.
    pub inventory: String,
    /// The playbook, plan or backup.
    pub source: String,
    /// How many routers were concerned.
    pub routers: usize,
    /// Each router that came as far as an intent; empty where only the run itself was read.
    #[serde(skip)]
    pub parts: Vec<RouterRun>,
    /// The exit status, where it ended.
    pub exit: Option<u8>,
    /// When it ended, likewise.
    pub ended_ms: Option<i64>,
    /// How often it went on after it had stopped.
    pub continued: u64,
    /// When it was ordered and when it began: one that was given a time waits for it.
    pub times: RunTimes,
}

impl RunSummary {
    /// A run about which nothing is known yet.
    pub(super) fn new(run: &str) -> Self {
        Self { run: run.to_owned(), ..Self::default() }
    }

    /// Who asked.
    pub fn account(&self) -> Account {
        Account { by: self.by.clone(), machine: self.machine.clone() }
    }

    /// Follows one more record of the run itself, in the order of their numbers.
    ///
    /// What this makes of records is stored: `projection::VERSION` counts its changes.
    pub(super) fn take(&mut self, number: i64, at_ms: i64, record: Option<&Kind>) {
        record.iter().for_each(|kind| self.times.take(at_ms, kind));
        match record {
            Some(Kind::Begun { action, by, machine, inventory, source, routers, .. }) => {
                self.begun = Some(number);
                self.begun_ms = at_ms;
                self.action.clone_from(action);
                self.by.clone_from(by);
                self.machine.clone_from(machine);
                self.inventory.clone_from(inventory);
                self.source.clone_from(source);
                self.routers = routers.len();
            }
            // It goes on: how it ends is open again.
            Some(Kind::Continued { .. }) => {
                (self.exit, self.ended_ms) = (None, None);
                self.continued += 1;
            }
            Some(Kind::RunEnded { exit }) => {
                self.exit = Some(*exit);
                self.ended_ms = Some(at_ms);
            }
            _ => {}
        }
    }
}

/// A run, and every router of which it has a record, in the order of their first ones.
pub(super) fn followed(run: &str, records: &[Stored]) -> (RunSummary, Vec<RouterRun>) {
    let mut summary = RunSummary::new(run);
    let mut parts: BTreeMap<&str, (i64, RouterRun)> = BTreeMap::new();
    for stored in records {
        let (number, at_ms, record) = (stored.number, stored.at_ms, stored.record.as_ref());
        if stored.router.is_empty() {
            summary.take(number, at_ms, record);
        } else {
            let new = || (number, RouterRun::new(run, &stored.router));
            parts.entry(&stored.router).or_insert_with(new).1.take(number, at_ms, record);
        }
    }
    let mut parts: Vec<(i64, RouterRun)> = parts.into_values().collect();
    parts.sort_by_key(|(first, _)| *first);
    (summary, parts.into_iter().map(|(_, part)| part).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::RunSummary;
    use crate::record::Kind;
    use crate::record::fixtures::begun;

    #[test]
    fn the_stored_form_is_the_one_that_the_projections_version_names() {
        let mut run = RunSummary::new("run");
        run.take(4, 7, Some(&begun(["r1", "r2"])));
        run.take(9, 8, Some(&Kind::RunEnded { exit: 3 }));
        let stored = serde_json::to_string(&run).unwrap();
        let expected = r#"{"begun":4,"action":"apply","by":"tanaka","machine":"laptop","begun_ms":7,"inventory":"clinics.yaml","source":"book.yaml","routers":2,"exit":3,"ended_ms":8,"continued":0,"times":{"ordered_ms":null,"begun_ms":7,"due_ms":null}}"#;
        assert_eq!(stored, expected, "another form is another version: add one to `projection::VERSION`");
        // It goes on, and has no end any more.
        run.take(
            10,
            9,
            Some(&Kind::Continued { by: String::new(), machine: String::new(), routers: Vec::new(), policy: None }),
        );
        assert_eq!((run.exit, run.ended_ms, run.continued), (None, None, 1));
    }
}
