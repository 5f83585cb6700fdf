//! The judgement over how a story ended: by the router's own files and log, and by the journal, which must agree.

use std::collections::BTreeMap;

use mock_device::{DeadLock, Mock, Outcome, What};
use serde_json::Value;

use crate::harness::Bench;
use crate::stage::{Stage, Story};

/// Both configurations, running and startup.
type Snapshot = (String, String);

/// How a story may end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// What the router is before the change; nothing where the story begins after it.
    pub before: Option<Snapshot>,
    /// What it is after the change; nothing where it cannot come so far.
    pub after: Option<Snapshot>,
}

impl Ends {
    /// From the story in which nothing is cut.
    pub fn observed(story: Story) -> Self {
        let stage = Stage::of(story, DeadLock::Freed, None);
        let before = stage.bench.snapshot("r3");
        let run = stage.bench.run(&stage.words());
        let after = stage.bench.snapshot("r3");
        assert_eq!(after.0, after.1, "running and startup\n{}\n{}", run.stdout, run.stderr);
        let undoes = story == Story::Undo;
        run.exits(if undoes { 3 } else { 0 });
        assert_eq!(before == after, matches!(story, Story::Undo | Story::Restart), "{story:?}");
        Self { before: (story != Story::Restart).then_some(before), after: (!undoes).then_some(after) }
    }

    /// The state that the journal must name: the router's own files say it.
    #[track_caller]
    pub fn judge(&self, bench: &Bench, point: &str) -> &'static str {
        let now = bench.snapshot("r3");
        let is = |one: &Option<Snapshot>| one.as_ref() == Some(&now);
        let restarted = bench.events("r3").iter().any(|event| matches!(event.what, What::Restarted { .. }));
        let end = if is(&self.before) {
            "undone"
        } else if is(&self.after) {
            // A restart that did not happen is undone, and changes no file.
            if self.before.is_some() || restarted { "saved" } else { "undone" }
        } else {
            let (running, startup) = &now;
            panic!("{point}: the router is neither before nor after:\n{running}\nstartup:\n{startup}")
        };
        let parts = parts(bench);
        // A restart that died before its first write left nothing: the last part is that of the change before it.
        let is_own = |part: &&Value| self.before.is_some() || part["action"] == "restart";
        let last = parts.last().filter(is_own).cloned().unwrap_or_default();
        // A run that died before its first line wrote nothing, and says so.
        let state = last["state"].as_str().unwrap_or("planned").to_owned();
        let silent = ["planned", "locked", "backed-up", "refused", "unreachable", "occupied", "drifted"];
        let agrees = state == end || (end == "undone" && silent.contains(&state.as_str()));
        assert!(agrees, "{point}: the router is {end}, the journal says {state}");
        assert!(!last["unfinished"].as_bool().unwrap_or(false), "{point}");
        agree_line_by_line(bench, &parts, point);
        bench.run(&["journal", "verify"]).exits(0);
        end
    }
}

/// The router's part in every run, the oldest first.
fn parts(bench: &Bench) -> Vec<Value> {
    let told = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
    told["runs"].as_array().cloned().unwrap_or_default()
}

/// Every line that the router carried out is in the journal, in that order, as about to be sent; and every line that the
/// journal calls accepted was carried out.
#[track_caller]
fn agree_line_by_line(bench: &Bench, parts: &[Value], point: &str) {
    let carried_out = carried_out(&bench.mock);
    let written = Written::of(bench, parts);
    let missing = first_missing(&carried_out, &written.sending);
    assert_eq!(
        missing, None,
        "{point}: carried out, and not in the journal:\n{carried_out:#?}\n{:#?}",
        written.sending
    );
    let missing = first_missing(&written.accepted, &carried_out);
    assert_eq!(
        missing, None,
        "{point}: called accepted, and not carried out:\n{carried_out:#?}\n{:#?}",
        written.accepted
    );
    let restarted = bench.events("r3").iter().any(|event| matches!(event.what, What::Restarted { .. }));
    assert!(!restarted || written.restarting, "{point}: restarted, and not in the journal");
    let saves = bench.events("r3").iter().filter(|event| matches!(event.what, What::Saved { .. })).count();
    assert!(saves <= written.saving, "{point}: {saves} saves, {} in the journal", written.saving);
}

/// The first text that does not follow in the other list, where both have the same order.
fn first_missing<'a>(some: &'a [String], all: &[String]) -> Option<&'a String> {
    let mut rest = all.iter();
    some.iter().find(|one| !rest.any(|other| other == *one))
}

/// Lines that change the configuration, as the router carried them out.
fn carried_out(mock: &Mock) -> Vec<String> {
    let events = mock.events("r3");
    let changes = events.iter().filter_map(|event| match &event.what {
        What::Line { mode, line, outcome: Outcome::Accepted } if mode.starts_with("config") && changes(line) => {
            Some(line.clone())
        }
        _ => None,
    });
    changes.collect()
}

/// Whether a line does more than show, move between modes or set up the terminal.
fn changes(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or_default();
    !["show", "exit", "configure", "terminal", "write", "copy", "interface", "reload", "svintr-config"].contains(&word)
}

/// What the journal says of a router's lines, over all its runs.
#[derive(Default)]
struct Written {
    sending: Vec<String>,
    accepted: Vec<String>,
    saving: usize,
    restarting: bool,
}

impl Written {
    fn of(bench: &Bench, parts: &[Value]) -> Self {
        let mut written = Self::default();
        for part in parts {
            let run = part["run"].as_str().unwrap();
            let told = bench.run(&["--format", "json", "show", run]).exits(0).json();
            // Which line has which number: numbers of the undo begin again.
            let mut lines = BTreeMap::new();
            for record in told["records"].as_array().unwrap().iter().map(|stored| &stored["record"]) {
                let number = || (record["undo"] == true, record["number"].as_u64().unwrap());
                match record["kind"].as_str().unwrap_or_default() {
                    "sending" => {
                        let line = record["line"].as_str().unwrap().to_owned();
                        lines.insert(number(), line.clone());
                        written.sending.push(line);
                    }
                    "answered" if record["accepted"] == true => {
                        written.accepted.push(lines.get(&number()).expect("an answer to a line that was sent").clone());
                    }
                    "saving" => written.saving += 1,
                    "restarting" => written.restarting = true,
                    _ => {}
                }
            }
        }
        written.sending.retain(|line| changes(line));
        written.accepted.retain(|line| changes(line));
        written
    }
}
